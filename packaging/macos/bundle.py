"""What the application says of itself to macOS: the keys of its ``Info.plist``.

The keys are explained in Apple's documentation of "Information Property List".
"""

from __future__ import annotations

import re
from typing import Any

from file_types import FILE_TYPES, SESSION, FileType
from product import IDENTIFIER, LICENCE, NAME, PUBLISHER, VERSION, WORDING

LEAST_SYSTEM = "15.0"
"""What PySide6 6.11.3 is compiled for, by its own headers; its wheel's name says 13.

torch 2.13 wants 14. `code_files.newer_than` reads what all code inside an application wants.
"""

ARCHITECTURE = "arm64"
"""There is no torch of this age for Intel's Macs."""

SYSTEM_TYPES = {
    "application/dicom": "org.nema.dicom",
    "application/json": "public.json",
    "application/xml": "public.xml",
    "text/csv": "public.comma-separated-values-text",
    "text/plain": "public.plain-text",
    "text/tab-separated-values": "public.tab-separated-values-text",
}
"""Names that macOS itself has for MIME types."""

TEXTS = {"application/x-ecgview-session": "public.json", "application/x-wfdb-header": "public.text"}
"""What those of our types are which people can read; the others are data."""


def type_name(file_type: FileType) -> str:
    """Give the name macOS knows a type by; one of our own where it has none."""
    return SYSTEM_TYPES.get(file_type.mime, file_type.identifier)


def _document_type(file_type: FileType) -> dict[str, Any]:
    own = file_type is SESSION
    rank = "Owner" if own else "Default" if file_type.proposed else "Alternate"
    return {
        "CFBundleTypeName": file_type.name,
        "CFBundleTypeRole": "Editor" if own else "Viewer",
        "LSHandlerRank": rank,
        "LSItemContentTypes": [type_name(file_type)],
    }


# So that a folder of recordings can be dropped on the icon in the Dock.
FOLDERS = {
    "CFBundleTypeName": "Folder of recordings",
    "CFBundleTypeRole": "Viewer",
    "LSHandlerRank": "Alternate",
    "LSItemContentTypes": ["public.folder"],
}


def _declaration(file_type: FileType) -> dict[str, Any]:
    return {
        "UTTypeIdentifier": type_name(file_type),
        "UTTypeDescription": file_type.name,
        "UTTypeConformsTo": [TEXTS.get(file_type.mime, "public.data")],
        "UTTypeTagSpecification": {
            "public.filename-extension": [end.removeprefix(".") for end in file_type.endings],
            "public.mime-type": [file_type.mime],
        },
    }


def plain_version(version: str) -> str:
    """Give the numbers of a version: macOS compares up to three, and takes nothing else."""
    numbers = re.match(r"\d+(\.\d+){0,2}", version)
    assert numbers is not None, version
    return numbers[0]


def info_plist() -> dict[str, Any]:
    """Give the keys that PyInstaller's ``BUNDLE`` does not know by itself."""
    unknown = [each for each in FILE_TYPES if each.mime not in SYSTEM_TYPES and each is not SESSION]
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleShortVersionString": plain_version(VERSION),
        "CFBundleVersion": plain_version(VERSION),
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDocumentTypes": [*map(_document_type, FILE_TYPES), FOLDERS],
        "UTExportedTypeDeclarations": [_declaration(SESSION)],
        "UTImportedTypeDeclarations": [_declaration(each) for each in unknown],
        # Not "medical": it is no medical device.
        "LSApplicationCategoryType": "public.app-category.education",
        "LSAppNapIsDisabled": True,  # a training goes on behind other windows
        "LSArchitecturePriority": [ARCHITECTURE],
        "LSBackgroundOnly": False,  # as PyInstaller has it for programs with a console
        "LSMinimumSystemVersion": LEAST_SYSTEM,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{PUBLISHER}. {LICENCE} licence.\n{WORDING}",
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,  # follows the system into dark mode
    }

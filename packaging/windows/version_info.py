"""What Windows shows of the two programs under *Properties*, as the text that PyInstaller takes."""

from __future__ import annotations

import re
from pathlib import Path

from product import LICENCE, NAME, PUBLISHER, SUMMARY, VERSION, WORDING

ROLES = {"ecgview": "command line", "ecgview-gui": "window"}
"""The two programs; what tells them apart."""
ENGLISH_UNICODE = "040904B0"

_TEXT = """\
VSVersionInfo(
    ffi=FixedFileInfo(
        filevers={numbers}, prodvers={numbers},
        mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0),
    ),
    kids=[
        StringFileInfo([StringTable({language!r}, [
{strings}
        ])]),
        VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])]),
    ],
)
"""


def version_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """Give the four numbers that Windows compares; what follows the release is left out."""
    release = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in release[0].split(".")] if release else []
    major, minor, patch, build = [*numbers, 0, 0, 0, 0][:4]
    return major, minor, patch, build


def version_strings(program: str) -> dict[str, str]:
    """Give what is shown of a program, by Windows' names."""
    return {
        "CompanyName": PUBLISHER,
        "FileDescription": NAME if program == "ecgview-gui" else f"{NAME} ({ROLES[program]})",
        "FileVersion": VERSION,
        "InternalName": program,
        "LegalCopyright": f"{PUBLISHER}, {LICENCE} licence",
        "OriginalFilename": f"{program}.exe",
        "ProductName": NAME,
        "ProductVersion": VERSION,
        "Comments": f"{SUMMARY}. {WORDING}",
    }


def write_version_info(program: str, path: Path) -> Path:
    """Write the version resource of a program, for ``EXE(version=...)``.

    Parameters
    ----------
    program : str
        ``ecgview`` or ``ecgview-gui``.
    path : Path
        A text file; its folder is made if need be.

    Returns
    -------
    Path
        The file.
    """
    strings = version_strings(program).items()
    text = _TEXT.format(
        numbers=version_numbers(),
        language=ENGLISH_UNICODE,
        strings="\n".join(
            f"            StringStruct({name!r}, {text!r})," for name, text in strings
        ),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path

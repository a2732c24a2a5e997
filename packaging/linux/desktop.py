"""The entry in the menus of desktops, and the page about ecgview in their software centres."""

from __future__ import annotations

from xml.etree import ElementTree

from linux.mime_types import opened
from product import DESCRIPTION, IDENTIFIER, LICENCE, NAME, PUBLISHER, SUMMARY, VERSION, WORDING
from source_date import source_date

PROGRAM = "ecgview-gui"
"""The window's program; on Linux another name of the same file."""
GENERIC_NAME = "ECG Viewer"
CATEGORIES = ("Science", "DataVisualization")
"""`MedicalSoftware` is left out with care: ecgview is no medical device."""
KEYWORDS = (
    *("ECG", "EKG", "electrocardiogram", "twelve-lead", "12-lead", "leads", "reconstruction"),
    *("cardiology", "WFDB", "EDF", "SCP-ECG", "DICOM", "Holter", "PTB-XL"),
)


def desktop_entry() -> str:
    """Write the entry; what opens which file by default is left to the user.

    The window names itself IDENTIFIER to Wayland and X11, so that docks find icon and name here.
    """
    return f"""[Desktop Entry]
Type=Application
Version=1.1
Name={NAME}
GenericName={GENERIC_NAME}
Comment={SUMMARY}
Icon={IDENTIFIER}
Exec={PROGRAM} %F
Terminal=false
StartupNotify=true
StartupWMClass={NAME}
Categories={_list(CATEGORIES)}
Keywords={_list(KEYWORDS)}
MimeType={_list(opened())}
Actions=demo;

[Desktop Action demo]
Name=Open a Simulated ECG
Exec={NAME} demo
"""


def _list(words: tuple[str, ...] | list[str]) -> str:
    return "".join(f"{word};" for word in words)


def metainfo_xml(needs: str) -> bytes:
    """Write the page of software centres, in AppStream's form.

    Parameters
    ----------
    needs : str
        What the build needs of the system, in a sentence.
    """
    root = ElementTree.Element("component", type="desktop-application")
    texts = {
        "id": IDENTIFIER,
        "name": NAME,
        "summary": SUMMARY,
        "metadata_license": "MIT",
        "project_license": LICENCE,
    }
    for tag, text in texts.items():
        ElementTree.SubElement(root, tag).text = text
    developer = ElementTree.SubElement(root, "developer", id=IDENTIFIER.rpartition(".")[0])
    ElementTree.SubElement(developer, "name").text = PUBLISHER
    _add_all(ElementTree.SubElement(root, "description"), "p", (DESCRIPTION, WORDING, needs))
    launchable = ElementTree.SubElement(root, "launchable", type="desktop-id")
    launchable.text = f"{IDENTIFIER}.desktop"
    _add_all(ElementTree.SubElement(root, "categories"), "category", CATEGORIES)
    _add_all(ElementTree.SubElement(root, "keywords"), "keyword", KEYWORDS)
    provides = ElementTree.SubElement(root, "provides")
    _add_all(provides, "binary", (NAME, PROGRAM))
    _add_all(provides, "mediatype", opened())
    releases = ElementTree.SubElement(root, "releases")
    date = f"{source_date():%Y-%m-%d}"
    ElementTree.SubElement(releases, "release", version=VERSION, date=date)
    ElementTree.SubElement(root, "content_rating", type="oars-1.1")
    ElementTree.indent(root)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"


def _add_all(parent: ElementTree.Element, tag: str, texts: tuple[str, ...] | list[str]) -> None:
    for text in texts:
        ElementTree.SubElement(parent, tag).text = text

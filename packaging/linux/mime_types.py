"""What the desktop is told of our files' types, as shared-mime-info wants it.

The endings and names come from ``file_types.py``; here are the marks by which a file is known
whatever it is called.

Desktops have no *only listed*: where the user has not chosen a program for a type, they take one
that names it in its menu entry, one in the user's home before those of the system. So only the
types that ecgview proposes itself for are named; for others, such as CSV, it is under *Open with*
among all programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from file_types import FILE_TYPES, SESSION, FileType
from product import IDENTIFIER

NAMESPACE = "http://www.freedesktop.org/standards/shared-mime-info"
PARENTS = {
    SESSION.mime: "application/json",
    "application/x-wfdb-header": "text/plain",
}
"""What a file also is, so that its programs are offered too."""


@dataclass(frozen=True)
class Mark:
    """Bytes at a place of a file, or within a range of places; further ones that must follow."""

    value: str
    offset: str = "0"
    also: Mark | None = None


_EDF_DATE = Mark(".", "170", Mark(".", "173", Mark(".", "178", Mark(".", "181"))))
MARKS = {
    SESSION.mime: [Mark('"format": "ecgview session"', "0:64")],
    "application/x-edf": [Mark("0       ", "0", _EDF_DATE), Mark(r"\xffBIOSEMI")],
    "application/x-scp-ecg": [Mark("SCPECG", "16")],
    "application/x-ecg": [Mark("ISHNE1.0")],
    "application/x-mfer": [Mark("@", "0", Mark("MFR ", "2"))],
}
"""The same that the readers look for, as far as it is fixed bytes."""


def opened() -> list[str]:
    """List the types that ecgview opens on a double-click, unless the user chose otherwise."""
    return [each.mime for each in FILE_TYPES if each.proposed]


def mime_xml() -> bytes:
    """Write the description of all our types."""
    root = ElementTree.Element("mime-info", xmlns=NAMESPACE)
    for each in FILE_TYPES:
        if each.proposed:
            _add_type(root, each)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"


def _add_type(root: ElementTree.Element, file_type: FileType) -> None:
    """Add a type; the order of its parts is that of shared-mime-info's own file."""
    element = ElementTree.SubElement(root, "mime-type", type=file_type.mime)
    ElementTree.SubElement(element, "comment").text = file_type.name
    if file_type.mime in PARENTS:
        ElementTree.SubElement(element, "sub-class-of", type=PARENTS[file_type.mime])
    ElementTree.SubElement(element, "icon", name=IDENTIFIER)
    if marks := MARKS.get(file_type.mime):
        magic = ElementTree.SubElement(element, "magic", priority="60")
        for mark in marks:
            _add_mark(magic, mark)
    for ending in file_type.endings:
        ElementTree.SubElement(element, "glob", pattern=f"*{ending}")


def _add_mark(parent: ElementTree.Element, mark: Mark) -> None:
    where = {"type": "string", "value": mark.value, "offset": mark.offset}
    match = ElementTree.SubElement(parent, "match", where)
    if mark.also is not None:
        _add_mark(match, mark.also)

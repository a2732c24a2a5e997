"""What a file is that ecgview does not read, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ecgview.formats.clinical.recognising import what_else, xml_root
from ecgview.formats.head import Head


@dataclass(frozen=True)
class Foreign:
    """A kind of files that hold no recording as they are.

    Attributes
    ----------
    recognises : callable
        Tells one from its `Head`.
    what : str
        What it is, for the sentence that refuses it.
    hint : str
        What to do.
    """

    recognises: Callable[[Head], bool]
    what: str
    hint: str


def _starts(*marks: bytes, at: int = 0) -> Callable[[Head], bool]:
    return lambda head: head.start.startswith(marks, at)


def _is_workbook(head: Head) -> bool:
    is_archive = head.start.startswith(b"PK\3\4")
    return (is_archive and head.suffix == ".xlsx") or head.start.startswith(b"\xd0\xcf\x11\xe0")


_ZIP, _GZIP, _BZIP2, _XZ = b"PK\3\4", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_SEVEN_ZIP, _RAR, _ZSTANDARD = b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd"
_PACKED = (_ZIP, _GZIP, _BZIP2, _XZ, _SEVEN_ZIP, _RAR, _ZSTANDARD)
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")

_FOREIGN = (
    Foreign(
        _is_workbook, "an Excel workbook", "Save the sheet with the samples as CSV, and open that."
    ),
    Foreign(_starts(*_PACKED), "a compressed archive", "Unpack it, and open what is in it."),
    Foreign(_starts(b"ustar", at=257), "a tar archive", "Unpack it, and open what is in it."),
    Foreign(
        _starts(*_PICTURES),
        "a picture or a PDF",
        "It has no samples; export the signal itself from the recorder or its archive.",
    ),
    Foreign(
        _starts(b"version https://git-lfs"),
        "a placeholder of Git LFS",
        "Fetch the file itself: git lfs pull.",
    ),
    Foreign(
        lambda head: xml_root(head).lower() == "html",
        "a web page",
        "A download that failed leaves such a file; download the recording again.",
    ),
    Foreign(
        lambda head: head.is_text and head.path.name in ("RECORDS", "RECORDS.txt"),
        "a list of WFDB records",
        "Open the headers (.hea) that it names, or the folder.",
    ),
    Foreign(
        _starts(b"Brain Vision"),
        "a header of BrainVision",
        "Export the recording as EDF+ or as text.",
    ),
    Foreign(_starts(b"GDF "), "a GDF file", "Export the recording as EDF+."),
    Foreign(
        _starts(b"ARROW1", b"FEA1"), "a Feather (Arrow) file", "Save the table as Parquet or CSV."
    ),
    Foreign(
        _starts(b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),
        "a pickle of Python",
        "ecgview never unpacks one: it could run anything. Save the array with numpy.save.",
    ),
    Foreign(
        lambda head: head.is_text and '"ecgview session"' in head.text,
        "a session of ecgview's window",
        "Open it there: ecgview FILE. It names recordings and holds none.",
    ),
    Foreign(
        lambda head: head.is_text and head.text.lstrip().startswith(("{", "[{")),
        "JSON, but not AliveCor's",
        "Save the samples as CSV: one row a sample and one column a lead.",
    ),
)


def why_not(head: Head) -> tuple[str, str] | None:
    """Say what a file is that no reader is for; None where it cannot be told.

    Parameters
    ----------
    head : Head
        Its beginning.

    Returns
    -------
    (str, str) or None
        The end of a sentence on the file (``: it is ...``), and what to do.
    """
    for foreign in _FOREIGN:
        if foreign.recognises(head):
            return f": it is {foreign.what}", foreign.hint
    what = what_else(head)
    return (what, "") if what else None

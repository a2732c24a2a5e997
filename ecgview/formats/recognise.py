"""How each format is told from the first bytes of a file; nothing here opens or imports much."""

from __future__ import annotations

import re

from ecgview.formats.head import Head

_RECORD_LINE = re.compile(
    r"(?:\s*#[^\n]*\n|\s*\n)*\s*[-\w.]+(?:/\d+)?[ \t]+\d+(?:[ \t]+[\d.eE+()/-]+[^\n]*)?\s*(?:\n|$)"
)
_DICOM_ELEMENT = re.compile(
    rb"\x02\0\0\0UL\x04\0"  # length of the meta information
    rb"|\x08\0[\0\x01\x05\x08\x12\x13\x14\x16]\0(?:UL|CS|DA|TM|UI|[\0-\xff]\0\0\0)"
    rb"|\0\x08\0[\0\x01\x05\x08\x12\x13\x14\x16](?:UL|CS|DA|TM|UI)"  # big endian
)
"""The first element of a DICOM file without preamble."""


def is_wfdb(head: Head) -> bool:
    """Tell a WFDB header: its record line, in a file that is called .hea."""
    return head.suffix == ".hea" or (
        head.is_text and ".dat " in head.text and bool(_RECORD_LINE.match(head.text))
    )


def is_dicom(head: Head) -> bool:
    """Tell a DICOM file: its mark after the preamble, or a first element where there is none."""
    return head.start[128:132] == b"DICM" or bool(_DICOM_ELEMENT.match(head.start))


def is_dicom_waveform(head: Head) -> bool:
    """Tell a DICOM file of a waveform class (PS3.4 B.5); the class stands near the start."""
    return is_dicom(head) and b"1.2.840.10008.5.1.4.1.1.9." in head.start


def is_text(head: Head) -> bool:
    """Tell a text file, which may be a table of samples."""
    return head.is_text

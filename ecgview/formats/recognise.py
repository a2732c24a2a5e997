"""How each format is told from the first bytes of a file; nothing here opens or imports much."""

from __future__ import annotations

import re

from ecgview.formats.head import Head

_RECORD_LINE = re.compile(
    r"(?:\s*#[^\n]*\n|\s*\n)*\s*[-\w.]+(?:/\d+)?[ \t]+\d+(?:[ \t]+[\d.eE+()/-]+[^\n]*)?\s*(?:\n|$)"
)


def is_wfdb(head: Head) -> bool:
    """Tell a WFDB header: its record line, in a file that is called .hea."""
    return head.suffix == ".hea" or (
        head.is_text and ".dat " in head.text and bool(_RECORD_LINE.match(head.text))
    )


def is_text(head: Head) -> bool:
    """Tell a text file, which may be a table of samples."""
    return head.is_text

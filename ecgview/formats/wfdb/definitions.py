"""Definitions at the start of an annotation file, some of which the library reads for ever."""

from __future__ import annotations

import re

_HEAD_BYTES = 4096
# After the byte that says that a text follows.
_DEFINITION = re.compile(
    rb"\xfc## (time resolution: \d|annotation type definitions|end of definitions)?"
)


def would_hang(content: bytes) -> bool:
    """Tell whether the library would not come back from reading an annotation file.

    It steps over the definitions that it knows (annot(5) of the WFDB Applications Guide) and waits
    in a loop at any other, and at a second sampling rate.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    bool
        Also true for some files with a harmless note of that look near their start.
    """
    found = _DEFINITION.findall(content[:_HEAD_BYTES])
    rates = [one for one in found if one.startswith(b"time")]
    return b"" in found or len(rates) > 1

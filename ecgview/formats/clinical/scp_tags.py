"""The tags of SCP-ECG's section 1: patient, recorder and recording."""

from __future__ import annotations

_END_OF_TAGS = bytes([255, 0, 0])
_LAST_TAG = 35
_FIRST_MAKERS_TAG = 200
_LONGEST_OVERRUN = 256


def _walk_tags(section_1: bytes, at: int) -> list[int] | None:
    """Tell where tags start from here to the one that ends them; None if they do not lead there."""
    starts: list[int] = []
    while at + 3 <= len(section_1):
        tag, size = section_1[at], int.from_bytes(section_1[at + 1 : at + 3], "little")
        if tag == 255:
            return starts
        if not (tag <= _LAST_TAG or tag >= _FIRST_MAKERS_TAG):
            return None
        starts.append(at)
        at += 3 + size
    return None


def whole_tags(section_1: bytes) -> bytes:
    """Keep the tags of section 1 that can be walked, past a value that overran its length.

    Parameters
    ----------
    section_1 : bytes
        What the section holds behind its header: tags of one byte, with two bytes of length.

    Returns
    -------
    bytes
        The tags that are whole, and the one that ends them.
    """
    kept: list[bytes] = []
    at = 0
    while at + 3 <= len(section_1) and section_1[at] != 255:
        stop = at + 3 + int.from_bytes(section_1[at + 1 : at + 3], "little")
        known = section_1[at] <= _LAST_TAG or section_1[at] >= _FIRST_MAKERS_TAG
        if known and stop <= len(section_1):
            kept.append(section_1[at:stop])
            at = stop
            continue
        ahead = range(at + 1, min(at + _LONGEST_OVERRUN, len(section_1)))
        at = next((start for start in ahead if _walk_tags(section_1, start)), len(section_1))
    return b"".join(kept) + _END_OF_TAGS

"""How much Philips' XLI compression unpacks to, told without unpacking it.

Each code of 10 bits stands for a string of bytes; a code for a new string, one byte longer than
the last, is added with each code that is read (Lempel, Ziv and Welch). A file of a few kilobytes
can so stand for gigabytes.
"""

from __future__ import annotations

import base64
import binascii
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np

from ecgview.errors import RecordingError

MAX_BYTES = 8_000_000
"""Twelve leads of 11 s at 1000 Hz take 264,000."""

HEAD_BYTES = 8
SMALLEST_CHUNK = 10_000
"""What a chunk counts at least, so that not even a million empty ones pass."""

_LARGEST_CODE = 1022
_FIRST_FREE = 256


def unpacked_bytes(chunk: bytes, limit: int) -> int:
    """Count the bytes that a compressed chunk stands for, up to a limit.

    Parameters
    ----------
    chunk : bytes
        Codes of 10 bits, the first bit the highest.
    limit : int
        Where to stop counting.

    Returns
    -------
    int
        Not less than `limit` where it is reached; at least `SMALLEST_CHUNK`.
    """
    bits = np.unpackbits(np.frombuffer(chunk, np.uint8))
    codes = bits[: bits.size // 10 * 10].reshape(-1, 10) @ (1 << np.arange(9, -1, -1))
    lengths, last, total = [1] * _FIRST_FREE, 0, 0
    for code in codes.tolist():
        if code > _LARGEST_CODE:
            break
        length = lengths[code] if code < len(lengths) else last + 1
        if last and len(lengths) <= _LARGEST_CODE:
            lengths.append(last + 1)
        last = length
        total += length
        if total >= limit:
            break
    return max(total, SMALLEST_CHUNK)


def _is_xli(waveforms: ET.Element) -> bool:
    is_plain = waveforms.get("compressflag", "").strip().lower() in ("false", "0", "no")
    methods = (waveforms.get("compressmethod", ""), waveforms.get("compression", ""))
    return not is_plain and "XLI" in "".join(methods).upper()


def _chunks(content: bytes) -> Iterator[bytes]:
    """Give the chunks, one a lead: four bytes of size, four of other things, the codes."""
    place = 0
    while place + HEAD_BYTES < len(content):
        size = struct.unpack_from("<i", content, place)[0]
        if size <= 0:
            return
        yield content[place + HEAD_BYTES : place + HEAD_BYTES + size]
        place += HEAD_BYTES + size


def check_xli(root: ET.Element, name: str) -> None:
    """Refuse waveforms that unpack to far more than any electrocardiograph writes.

    Raises
    ------
    RecordingError
        If they take more than `MAX_BYTES`; whatever else is wrong with them is left to the parser.
    """
    total = 0
    for waveforms in filter(_is_xli, root.iter("parsedwaveforms")):
        try:
            content = base64.b64decode("".join((waveforms.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        for chunk in _chunks(content):
            total += unpacked_bytes(chunk, MAX_BYTES - total)
            if total >= MAX_BYTES:
                break
    if total >= MAX_BYTES:
        raise RecordingError(
            f"{name} unpacks to more than {MAX_BYTES / 1e6:.0f} MB of samples.",
            "No electrocardiograph writes such a file; it is damaged.",
        )

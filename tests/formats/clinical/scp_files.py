"""Writes SCP-ECG files for tests, byte by byte, straight and bent."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

EIGHT = {"I": 1, "II": 2, "V1": 3, "V2": 4, "V3": 5, "V4": 6, "V5": 7, "V6": 8}
DEFAULT_CODE = struct.pack("<H", 19999)


def crc(content: bytes) -> int:
    """CRC-CCITT bit by bit, from 0xFFFF."""
    value = 0xFFFF
    for byte in content:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def section(number: int, content: bytes, version: int = 20) -> bytes:
    content += bytes(len(content) % 2)
    rest = struct.pack("<HIBB6x", number, 16 + len(content), version, version) + content
    return struct.pack("<H", crc(rest)) + rest


def file_of(sections: dict[int, bytes], unlisted: Sequence[int] = (), shift: int = 0) -> bytes:
    """Write a file of whole sections; `shift` is added to the positions in section 0."""
    place, pointers = 7 + 136, struct.pack("<HII", 0, 136, 7)
    for number in range(1, 12):
        length = len(sections.get(number, b""))
        listed = length and number not in unlisted
        pointers += struct.pack(
            "<HII", number, length if listed else 0, place + shift * (number > 1) if listed else 0
        )
        place += length
    head = struct.pack("<HIBB6s", 0, 136, 20, 20, b"SCPECG") + pointers
    body = struct.pack("<H", crc(head)) + head + b"".join(sections[n] for n in sorted(sections))
    body = struct.pack("<I", 6 + len(body)) + body
    return struct.pack("<H", crc(body)) + body


def tags(*values: tuple[int, bytes]) -> bytes:
    whole = [*values, (255, b"")]
    return b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in whole)


def differences(steps: np.ndarray, order: int) -> np.ndarray:
    steps = np.asarray(steps, dtype=np.int64)
    if order == 0:
        return steps
    if order == 1:
        return np.concatenate((steps[:1], np.diff(steps)))
    return np.concatenate((steps[:2], steps[2:] - 2 * steps[1:-1] + steps[:-2]))


def huffman(values: np.ndarray) -> bytes:
    """Code numbers with the table of the standard's annex."""
    words = []
    for value in map(int, values):
        if value == 0:
            words.append("0")
        elif abs(value) <= 8:
            words.append("1" * abs(value) + "0" + "01"[value < 0])
        elif -128 <= value < 128:
            words.append("1111111110" + f"{value & 0xFF:08b}")
        else:
            words.append("1111111111" + f"{value & 0xFFFF:016b}")
    bits = "".join(words)
    bits += "0" * (-len(bits) % 16)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def packed(
    rows: Sequence[np.ndarray],
    *,
    order: int = 0,
    coded: bool = False,
    nv: int = 1000,
    interval_us: int = 2000,
    flag: int = 0,
) -> bytes:
    """Content of section 5 or 6."""
    chunks = [
        huffman(differences(row, order))
        if coded
        else differences(row, order).astype("<i2").tobytes()
        for row in rows
    ]
    head = struct.pack("<HHBB", nv, interval_us, order, flag)
    return head + struct.pack(f"<{len(chunks)}H", *map(len, chunks)) + b"".join(chunks)


def definitions(
    n_samples: int, codes: Sequence[int] = tuple(EIGHT.values()), start: int = 1, flags: int = 4
) -> bytes:
    """Content of section 3."""
    rows = [struct.pack("<IIB", start, start + n_samples - 1, code) for code in codes]
    return bytes([len(codes), flags | len(codes) << 3]) + b"".join(rows)


def leads_uv(n_samples: int = 1000, seed: int = 0) -> np.ndarray:
    """Eight leads of rounded noise upon waves, shape (8, samples), in uV."""
    random = np.random.default_rng(seed)
    time = np.arange(n_samples) / 500
    waves = [700 * np.sin((3 + lead) * time + lead) for lead in range(8)]
    return np.rint(np.array(waves) + random.normal(0, 20, (8, n_samples))).astype(np.int64)


def plain_sections(rows: np.ndarray) -> dict[int, bytes]:
    """Patient, leads and uncoded rhythm, each with its header."""
    patient = tags((0, b"Example\0"), (2, b"P-1\0"), (8, b"\2"))
    return {
        1: section(1, patient),
        3: section(3, definitions(rows.shape[1])),
        6: section(6, packed(rows)),
    }

"""How SCP-ECG (EN 1064) packs samples: Huffman codes, differences, decimation between beats.

Used only where a file must be unpacked before ecgdatakit can read it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEFAULT_TABLE = 19999
"""Section 2 holds this number where the code of the standard's annex is used."""
_LONGEST_PREFIX = 32


class CodingError(Exception):
    """The packed samples contradict themselves."""


@dataclass(frozen=True)
class Code:
    """One Huffman code: a prefix and what it stands for.

    Attributes
    ----------
    n_extra : int
        Bits behind the prefix that hold a signed number to be added.
    is_sample : bool
        False where `value` is the table to go on with.
    value : int
        A difference or sample.
    """

    n_extra: int
    is_sample: bool
    value: int


Table = dict[tuple[int, int], Code]
"""Codes by length and bits of their prefix."""


def default_table() -> Table:
    """Give the code of the standard: 0, then pairs of +n and -n, then 8 and 16 bits verbatim."""
    table = {(1, 0): Code(0, True, 0)}
    for size in range(1, 9):
        ones = ((1 << size) - 1) << 2
        table[size + 2, ones] = Code(0, True, size)
        table[size + 2, ones | 1] = Code(0, True, -size)
    table[10, 0b1111111110] = Code(8, True, 0)
    table[10, 0b1111111111] = Code(16, True, 0)
    return table


def _reversed_bits(code: int, n_bits: int) -> int:
    return int(f"{code & ((1 << n_bits) - 1):0{n_bits}b}"[::-1], 2)


def read_tables(section_2: bytes) -> list[Table]:
    """Read the Huffman tables; none where the samples are not coded.

    Raises
    ------
    CodingError
        If they are cut short or hold an impossible code.
    """
    if len(section_2) < 2:
        return []
    n_tables = int.from_bytes(section_2[:2], "little")
    if n_tables == DEFAULT_TABLE:
        return [default_table()]
    tables, at = [], 2
    try:
        for _ in range(n_tables):
            (n_codes,) = struct.unpack_from("<H", section_2, at)
            rows = [struct.unpack_from("<BBBhI", section_2, at + 2 + 9 * i) for i in range(n_codes)]
            tables.append(_table(rows))
            at += 2 + 9 * n_codes
    except struct.error as error:
        raise CodingError("the Huffman tables are cut short") from error
    return tables


def _table(rows: list[tuple[int, int, int, int, int]]) -> Table:
    table = {}
    for first, second, mode, value, bits in rows:
        n_prefix, n_total = sorted((first, second))
        if not 1 <= n_prefix <= _LONGEST_PREFIX:
            raise CodingError("the Huffman tables hold an impossible code")
        key = (n_prefix, _reversed_bits(bits, n_prefix))
        table[key] = Code(n_total - n_prefix, mode != 0, value)
    return table


def unpack_huffman(packed: bytes, n_samples: int, tables: list[Table]) -> NDArray[np.int64]:
    """Unpack Huffman-coded numbers.

    Raises
    ------
    CodingError
        If the bits end too early or are none of the codes.
    """
    bits = "".join(f"{byte:08b}" for byte in packed)
    table, at = tables[0], 0
    samples: list[int] = []
    while len(samples) < n_samples:
        code, at = _next_code(bits, at, table)
        if not code.is_sample:
            if not 1 <= code.value <= len(tables):
                raise CodingError("the samples name a Huffman table that is not there")
            table = tables[code.value - 1]
            continue
        extra = bits[at : at + code.n_extra]
        if len(extra) < code.n_extra:
            raise CodingError("the samples are cut short")
        at += code.n_extra
        number = int(extra, 2) - (int(extra[0]) << code.n_extra) if extra else 0
        samples.append(code.value + number)
    return np.array(samples, dtype=np.int64)


def _next_code(bits: str, at: int, table: Table) -> tuple[Code, int]:
    prefix = 0
    for n_bits in range(1, _LONGEST_PREFIX + 1):
        if at + n_bits > len(bits):
            raise CodingError("the samples are cut short")
        prefix = prefix << 1 | (bits[at + n_bits - 1] == "1")
        code = table.get((n_bits, prefix))
        if code is not None:
            return code, at + n_bits
    raise CodingError("the samples hold an unknown Huffman code")


def undo_differences(samples: NDArray[np.int64], order: int) -> NDArray[np.int64]:
    """Add first or second differences up again; the first one or two numbers are samples."""
    if order == 1:
        return np.cumsum(samples)
    if order == 2 and len(samples) > 2:
        slopes = np.cumsum(np.concatenate(([samples[1] - samples[0]], samples[2:])))
        return np.concatenate((samples[:1], samples[0] + np.cumsum(slopes)))
    return samples


def spread_decimated(
    stored: NDArray[np.int64],
    first: int,
    last: int,
    protected: list[tuple[int, int]],
    factor: int,
) -> NDArray[np.float64]:
    """Bring back to full rate what bimodal compression thins out between the QRS complexes.

    Parameters
    ----------
    stored : ndarray, shape (stored samples,)
        As decoded.
    first, last : int
        Sample numbers of the lead.
    protected : list of (int, int)
        First and last sample number of each zone that is stored at full rate, by time.
    factor : int
        How many samples one stored sample outside of them stands for.

    Returns
    -------
    ndarray, shape (last - first + 1,)
        Straight lines between the middles of the thinned samples.

    Raises
    ------
    CodingError
        If there are fewer stored samples than the zones need.
    """
    pieces, taken, at = [], 0, first
    for begin, end in [*protected, (last + 1, last)]:
        gap = min(begin, last + 1) - at
        n_whole, n_left = divmod(max(gap, 0), factor)
        thin = stored[taken : taken + n_whole]
        taken += n_whole
        if n_whole:
            middles = np.arange(len(thin)) * factor + (factor - 1) / 2
            if len(thin) == n_whole:
                pieces.append(np.interp(np.arange(n_whole * factor), middles, thin))
        at = max(at, min(begin, last + 1))
        n_full = n_left + max(min(end, last) - at + 1, 0)
        pieces.append(stored[taken : taken + n_full].astype(np.float64))
        taken += n_full
        at = max(at, min(end, last) + 1)
    samples = np.concatenate(pieces)
    if len(samples) != last - first + 1:
        raise CodingError("the samples between the beats are cut short")
    return samples


def n_decimated(first: int, last: int, protected: list[tuple[int, int]], factor: int) -> int:
    """Tell how many samples bimodal compression stores of a lead."""
    n_stored, at = 0, first
    for begin, end in [*protected, (last + 1, last)]:
        n_whole, n_left = divmod(max(min(begin, last + 1) - at, 0), factor)
        at = max(at, min(begin, last + 1))
        n_full = max(min(end, last) - at + 1, 0)
        at = max(at, min(end, last) + 1)
        n_stored += n_whole + n_left + n_full
    return n_stored

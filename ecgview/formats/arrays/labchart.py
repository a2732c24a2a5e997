"""MATLAB files of LabChart: one long row that holds all channels, block after block.

Layout: ADInstruments, "How does MATLAB open exported data?" (knowledge base). Rows of ``datastart``
and ``dataend`` stand for channels, columns for blocks; they count samples from 1 and are -1 where
a channel is empty. ``samplerate``, ``unittextmap``, ``scaleunits`` and ``scaleoffset`` have the
same shape; ``titles`` and ``unittext`` are lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import ArrayFile, Fact, Values

MOST_CHANNELS, MOST_BLOCKS = 64, 1000
_TABLES = ("datastart", "dataend", "samplerate", "unittextmap", "scaleunits", "scaleoffset")


@dataclass(frozen=True, eq=False)
class _Stretch:
    """A channel in a block: samples ``[start, stop)`` of the long row."""

    title: str
    unit: str
    rate_hz: float
    start: int
    stop: int
    gain: float
    baseline: float


def untangle(file: ArrayFile) -> None:
    """Give each channel of each block an array of its own, if LabChart wrote the file.

    Parameters
    ----------
    file : ArrayFile
        Its contents; changed in place.

    Raises
    ------
    RecordingError
        If places of samples lie outside the long row.
    """
    data = file.arrays.get("data")
    tables = {name: found for name in _TABLES if (found := _matrix(file, name)) is not None}
    starts, ends = tables.get("datastart"), tables.get("dataend")
    if data is None or starts is None or ends is None or starts.shape != ends.shape:
        return
    n_channels, n_blocks = starts.shape
    if n_channels > MOST_CHANNELS or n_blocks > MOST_BLOCKS:
        return
    values: Any = np.asarray(data[tuple(slice(None) for _ in data.shape)]).ravel()
    blocks = [
        [
            stretch
            for channel in range(n_channels)
            if (stretch := _stretch(file, tables, channel, block)) is not None
        ]
        for block in range(n_blocks)
    ]
    if any(stretch.stop > values.size for block in blocks for stretch in block):
        raise RecordingError(
            f"{file.path.name} ends before the last sample that it announces.",
            "Export it from LabChart again.",
        )
    file.arrays.clear()
    file.facts.clear()
    for number, block in enumerate(blocks, start=1):
        for rate_hz in sorted({stretch.rate_hz for stretch in block}, reverse=True):
            same = [stretch for stretch in block if stretch.rate_hz == rate_hz]
            _add(file, f"block {number} at {rate_hz:g} Hz", same, values)


def _matrix(file: ArrayFile, name: str) -> np.ndarray | None:
    """Give a matrix with a row for each channel, however small."""
    found: Values | Fact | None = file.arrays.get(name)
    if found is None:
        found = file.facts.get(name)
        if isinstance(found, float | tuple) and not any(isinstance(x, str) for x in _row(found)):
            numbers = np.array(_row(found), dtype=np.float64)
            # A single row or column has lost its direction; the titles tell the channels.
            n_channels = len(_row(file.facts.get("titles", "")))
            return numbers[np.newaxis] if n_channels == 1 else numbers[:, np.newaxis]
        return None
    if isinstance(found, float | str | tuple) or len(found.shape) != 2:
        return None
    return np.asarray(found[tuple(slice(None) for _ in found.shape)], dtype=np.float64)


def _row(fact: Fact) -> tuple[Any, ...]:
    return fact if isinstance(fact, tuple) else (fact,)


def _at(
    tables: Mapping[str, np.ndarray], name: str, channel: int, block: int, default: float
) -> float:
    matrix = tables.get(name)
    if matrix is None or channel >= len(matrix) or not matrix.shape[1]:
        return default
    return float(matrix[channel, min(block, matrix.shape[1] - 1)])


def _text(file: ArrayFile, name: str, place: int) -> str:
    texts = _row(file.facts.get(name, ""))
    return str(texts[place]).strip() if 0 <= place < len(texts) else ""


def _stretch(
    file: ArrayFile, tables: Mapping[str, np.ndarray], channel: int, block: int
) -> _Stretch | None:
    start, stop = tables["datastart"][channel, block], tables["dataend"][channel, block]
    rate_hz = _at(tables, "samplerate", channel, block, 0.0)
    if not 1 <= start <= stop < 2**53 or not rate_hz > 0:
        return None
    unit_number = _at(tables, "unittextmap", channel, block, 1.0)
    size = _at(tables, "scaleunits", channel, block, 0.0)
    return _Stretch(
        _text(file, "titles", channel).replace("/", "-") or f"channel {channel + 1}",
        _text(file, "unittext", int(unit_number) - 1 if np.isfinite(unit_number) else -1),
        rate_hz,
        int(start) - 1,
        int(stop),
        1 / size if size > 0 else 0.0,
        -_at(tables, "scaleoffset", channel, block, 0.0),
    )


def _add(file: ArrayFile, folder: str, stretches: list[_Stretch], values: np.ndarray) -> None:
    names: list[str] = []
    for stretch in stretches:
        name, number = stretch.title, 1
        while name in names:
            number += 1
            name = f"{stretch.title} ({number})"
        names.append(name)
        file.arrays[f"{folder}/{name}"] = values[stretch.start : stretch.stop]
        file.facts[f"{folder}/{name}/unit"] = stretch.unit
    file.facts[f"{folder}/fs"] = stretches[0].rate_hz
    if values.dtype.kind in "iu" and all(stretch.gain for stretch in stretches):
        file.facts[f"{folder}/gain"] = tuple(stretch.gain for stretch in stretches)
        file.facts[f"{folder}/baseline"] = tuple(stretch.baseline for stretch in stretches)

"""The last steps for every file of arrays: choose the part, ask what is missing, assemble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import ArrayFile
from ecgview.formats.arrays.layout import MOST_PARTS, Block, BlockSource, blocks
from ecgview.formats.arrays.stated import (
    plain_word,
    stated_baselines,
    stated_gains,
    stated_leads,
    stated_patient,
    stated_rate,
    stated_resolution,
    stated_text,
    stated_units,
)
from ecgview.formats.asking import ROWS_SHOWN
from ecgview.formats.assemble import assemble
from ecgview.formats.facts import SignalFacts
from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview, NeedsOptions
from ecgview.formats.steps import limb_order_fits, smallest_step, unit_that_fits
from ecgview.formats.text.names import column_of
from ecgview.formats.text.times import rate_of_times
from ecgview.formats.units import mv_per_unit
from ecgview.leads import LEADS
from ecgview.recording import Mark, Recording

LOOKED_AT = 5000
"""Samples from the start that are looked at to describe an array."""
LARGEST_WHOLE_MV = 20
"""Whole numbers beyond this are converter steps or microvolts, whatever unit is stated."""


@dataclass(frozen=True, eq=False)
class _Described:
    """A block, what is stated of it, and its first samples."""

    preview: ImportPreview
    block: Block
    first: NDArray[np.float64]
    baselines: tuple[float, ...]


def open_arrays(file: ArrayFile, options: ImportOptions) -> Recording:
    """Make a recording of the contents of a file.

    Parameters
    ----------
    file : ArrayFile
        Its contents.
    options : ImportOptions
        What the user says.

    Returns
    -------
    Recording
        Of the likeliest part, or the one asked for.

    Raises
    ------
    NeedsOptions
        If leads, rate or unit are neither stated nor given.
    RecordingError
        If nothing in the file can be signals, or the part is not there.
    """
    found = blocks(file)
    if not found:
        raise _nothing_found(file)
    block = _chosen(found, file, options.part)
    parts = tuple(block.name for block in found[:MOST_PARTS]) if len(found) > 1 else ()
    described = _describe(file, block, parts)
    preview = _with_options(described.preview, options)
    if preview.missing:
        raise NeedsOptions(preview)
    return _recording(file, replace(described, preview=preview), options)


def _chosen(found: Sequence[Block], file: ArrayFile, part: str | None) -> Block:
    if part is None:
        return found[0]
    for block in found:
        if block.name == part:
            return block
    names = ", ".join(block.name for block in found[:12])
    more = f" and {len(found) - 12} more" if len(found) > 12 else ""
    raise RecordingError(
        f"{file.path.name} has no part “{part}” that holds signals.", f"It has {names}{more}."
    )


def _nothing_found(file: ArrayFile) -> RecordingError:
    if file.passed_over:
        return RecordingError(
            f"{file.path.name} holds no signals that ecgview may read: {file.passed_over[0]}.",
            "Save the signals themselves as plain numbers in the file.",
        )
    sizes = [f"{path} {' x '.join(map(str, values.shape))}" for path, values in file.arrays.items()]
    held = f"; it holds {', '.join(sizes[:6])}" if sizes else ""
    return RecordingError(
        f"{file.path.name} holds no array that can be signals{held}.",
        "An array of signals has one axis of up to 64 leads and one of at least 100 samples.",
    )


# What is stated


def _describe(file: ArrayFile, block: Block, parts: tuple[str, ...]) -> _Described:
    n_leads, facts = block.n_channels, file.facts
    first = np.array(
        [row.astype(np.float64) for row in block.raw(0, LOOKED_AT, range(n_leads))],
    )
    names = _names(file, block)
    columns = tuple(_column(file, block, place, name) for place, name in enumerate(names))
    units = [column.unit for column in columns]
    baselines = (0.0,) * n_leads
    if _is_whole(block, first):
        gains = stated_gains(facts, block.about, n_leads)
        baselines = stated_baselines(facts, block.about, n_leads) or baselines
        units = [_unit_of_steps(unit, gains[i] if gains else None) for i, unit in enumerate(units)]
    columns = tuple(replace(c, unit=unit) for c, unit in zip(columns, units, strict=True))
    rate_hz, rate_from = _rate(file, block)
    preview = ImportPreview(
        path=file.path,
        format_name=file.format_name,
        found=_sentence(block, columns, first),
        columns=columns,
        first_rows=tuple(tuple(f"{x:.6g}" for x in row) for row in first.T[:ROWS_SHOWN]),
        rate_hz=rate_hz,
        rate_from=rate_from,
        parts=parts,
        part=block.name if parts else "",
        kind=_kind(file, block, columns),
    )
    return _Described(preview, block, first, baselines)


def _names(file: ArrayFile, block: Block) -> tuple[str, ...]:
    """Give the names of the signals: of their arrays, unless that is one array called ``data``."""
    n_leads = block.n_channels
    is_named = bool(block.names) and (n_leads > 1 or column_of(block.names[0]).names_a_lead)
    stated = () if is_named else stated_leads(file.facts, block.about, n_leads)
    return stated or block.names or ("",) * n_leads


def _column(file: ArrayFile, block: Block, place: int, name: str) -> ImportColumn:
    about = f"{block.about}/{name}".strip("/") if block.names else block.about
    units = stated_units(file.facts, about, 1 if block.names else block.n_channels)
    own = column_of(name)
    array_unit = column_of(block.about.rpartition("/")[2]).unit
    stated = units[0 if block.names else place] if units else array_unit
    # What stands in brackets behind a name may be a filter's range as well: I (.5 - 35 Hz).
    unit = own.unit if mv_per_unit(own.unit) is not None else stated or own.unit
    return ImportColumn(own.name, "signal", unit)


def _is_whole(block: Block, first: NDArray[np.float64]) -> bool:
    """Tell converter steps (or microvolts), be they stored as integers or not."""
    if block.dtype.kind in "iu":
        return True
    finite = first[np.isfinite(first)]
    beyond = finite.size and np.abs(finite).max() > LARGEST_WHOLE_MV
    return bool(beyond and np.all(finite == np.rint(finite)))


def _unit_of_steps(unit: str, gain: float | None) -> str:
    """Give the unit of whole numbers: a gain, microvolts, or nothing that can be relied on."""
    if gain is not None and mv_per_unit(unit) is not None:
        return f"{gain:.10g}/{unit}"
    size_mv = mv_per_unit(unit)
    # Nobody stores whole millivolts: a stated mV is then the unit after a gain not stated.
    return "" if size_mv is not None and size_mv > 0.1 else unit


def _rate(file: ArrayFile, block: Block) -> tuple[float | None, str]:
    rate_hz = stated_rate(file.facts, block.about)
    if rate_hz is not None:
        return rate_hz, "stated in the file"
    for path, values in file.arrays.items():
        column = column_of(path.rpartition("/")[2])
        is_row = max(values.shape) == int(np.prod(values.shape)) == block.n_samples
        if column.role == "time" and is_row:
            index = tuple(slice(None) if length > 1 else 0 for length in values.shape)
            rate_hz = rate_of_times(np.asarray(values[index], dtype=np.float64), column)
            return rate_hz, f"the times in “{path}”" if rate_hz else ""
    return None, ""


def _sentence(block: Block, columns: Sequence[ImportColumn], first: NDArray[np.float64]) -> str:
    numbers = "whole numbers" if _is_whole(block, first) else "numbers"
    signals = "1 signal" if len(columns) == 1 else f"{len(columns)} signals"
    text = f"“{block.name}”: {signals} of {block.n_samples} samples, {numbers}."
    if len(columns) == len(LEADS) and not any(column.name for column in columns):
        text += limb_order_fits(first)
    if all(mv_per_unit(column.unit) is None for column in columns):
        text += unit_that_fits(first)
    return text


def _kind(file: ArrayFile, block: Block, columns: Sequence[ImportColumn]) -> str:
    named = ", ".join(f"{column.name} {column.unit}".strip() for column in columns)
    layout = named if any(column.name for column in columns) else f"{len(columns)} signals"
    array = f"{plain_word(block.about)} {block.dtype.name}".strip()
    return f"{file.format_name}; {array}; {layout}"


# What the user says, and the recording


def _with_options(preview: ImportPreview, options: ImportOptions) -> ImportPreview:
    columns = preview.columns
    if options.leads is not None:
        if len(options.leads) != len(columns):
            raise RecordingError(
                f"{len(options.leads)} lead names were given, but {preview.path.name} has "
                f"{len(columns)} signals.",
                "Name every signal in the order of the file.",
            )
        columns = tuple(
            replace(column, name=name) for column, name in zip(columns, options.leads, strict=True)
        )
    if options.unit is not None:
        columns = tuple(
            replace(column, unit=options.unit) if column.names_a_lead else column
            for column in columns
        )
    preview = replace(preview, columns=columns)
    if options.rate_hz is not None:
        preview = replace(preview, rate_hz=options.rate_hz, rate_from="given")
    return preview


def _recording(file: ArrayFile, described: _Described, options: ImportOptions) -> Recording:
    preview, block = described.preview, described.block
    assert preview.rate_hz is not None
    sizes = tuple(mv_per_unit(column.unit) or 1.0 for column in preview.columns)
    stated_mv = stated_resolution(file.facts, block.about)
    facts = [
        SignalFacts(
            column.name or f"signal {place + 1}",
            column.unit,
            stated_mv / size if stated_mv else _resolution(block, described.first[place], size),
        )
        for place, (column, size) in enumerate(zip(preview.columns, sizes, strict=True))
    ]
    return assemble(
        file.path,
        file.format_name,
        preview.rate_hz,
        facts,
        BlockSource(block, sizes, described.baselines),
        options=options,
        patient=stated_patient(file.facts, block.about),
        comments=(
            *stated_text(file.facts, block.about, "comments"),
            f"Sampling rate {preview.rate_hz:g} Hz: {preview.rate_from}.",
        ),
        started="".join(stated_text(file.facts, block.about, "started")[:1]),
        parts=preview.parts,
        part=preview.part,
        kind=preview.kind,
        mark_reader=lambda: _marks(file),
    )


def _resolution(block: Block, first: NDArray[np.float64], size: float) -> float | None:
    """Give one unit of the last digit in the unit of the file."""
    if block.dtype.kind in "iu":
        return 1.0
    if block.dtype.itemsize == 2:
        finite = np.abs(first[np.isfinite(first)])
        return float(np.spacing(np.float16(finite.max(initial=0.0))))
    step_mv = smallest_step(first * size)
    return None if step_mv is None else step_mv / size


def _marks(file: ArrayFile) -> tuple[Mark, ...]:
    """Give the annotations that ecgview's own files of arrays hold."""
    marks = []
    for line in stated_text(file.facts, "", "marks"):
        start, duration, channel, text = line.split("\t", 3)
        marks.append(Mark(float(start), text, float(duration), channel))
    return tuple(marks)

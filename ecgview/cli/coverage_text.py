"""Coverage of intervals as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ecgview.engine.folds import fold_phrase
from ecgview.errors import ModelError
from ecgview.interval import DEFAULT_LEVEL

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.intervals.coverage import Cell
    from ecgview.engine.metrics import Agreement, LeadAgreement


def coverage_text(cells: Sequence[Cell]) -> str:
    """Lay out how often intervals hold what was recorded, model by model."""
    models = dict.fromkeys(cell.model for cell in cells)
    return "\n".join(
        line for model in models for line in _lines([c for c in cells if c.model == model])
    )


def interval_lines(card: ModelCard) -> list[str]:
    """Say in a line how often the intervals of a model are right; none for a model without."""
    from ecgview.engine.intervals.cards import find_interval

    try:
        found = find_interval(card)
    except ModelError as error:
        return [f"  {error.message}"]
    facts = found.coverage.get("calibration") if found else None
    if not found or not facts:
        return []
    folds = fold_phrase(found.calibration["folds"])
    return [
        f"  {DEFAULT_LEVEL:.0%} intervals: {facts['mean']:.1%} inside on {folds}, "
        f"cross-fitted; from {facts['low']:.1%} to {facts['high']:.1%} over sets, leads, segments "
        "and groups"
    ]


def told_level(figures: Agreement, level: float) -> float:
    """Give the level that columns are of: the one asked for, 0 where no lead has an interval."""
    return level if any(row.intervals for row in figures.rows) else 0.0


def interval_heads(level: float) -> str:
    """Name the columns of `interval_cells`; nothing for level 0."""
    return f"{f'{100 * level:.0f} % width uV':>16}{'inside':>8}" if level else ""


def interval_cells(row: LeadAgreement, level: float) -> str:
    """Write width and coverage of a lead's interval; nothing where it has none of that level."""
    fit = row.interval_at(level)
    if fit is None:
        return ""
    inside = "n/a" if fit.coverage is None else f"{100 * fit.coverage:.0f} %"
    return f"{fit.width_uv:>16.0f}{inside:>8}"


def _lines(cells: Sequence[Cell]) -> Iterator[str]:
    from ecgview.engine.intervals.coverage import GROUPS, SEGMENTS, summed_up

    summary = summed_up(cells, DEFAULT_LEVEL)
    assert summary is not None
    worst = summary.worst
    yield ""
    yield (
        f"{cells[0].model}: {DEFAULT_LEVEL:.0%} intervals of clean signals; share of samples "
        "inside, mean over recordings"
    )
    head = "".join(f"{name:>10}{'width uV':>10}" for name in SEGMENTS)
    yield f"{'available':<13}{'recordings':<14}{head}"
    for available in dict.fromkeys(cell.available for cell in cells):
        for group in GROUPS:
            row = [c for c in cells if c.available == available and c.group == group]
            if row:
                yield f"{available:<13}{group:<14}{''.join(_means(row, SEGMENTS))}"
    yield (
        f"{summary.cells} cells of set, lead, segment and group: mean {summary.mean:.1%}, from "
        f"{summary.low:.1%} to {summary.high:.1%}, raw {summary.raw_mean:.1%}; the worst: "
        f"{worst.available} -> {worst.lead}, {worst.segment}, {worst.group} {worst.coverage:.1%}"
    )


def _means(cells: Sequence[Cell], segments: Sequence[str]) -> Iterator[str]:
    """Coverage and width of each segment, over the leads."""
    for segment in segments:
        its = [cell for cell in cells if cell.segment == segment]
        if not its:
            yield f"{'n/a':>10}{'n/a':>10}"
            continue
        covered = sum(cell.coverage for cell in its) / len(its)
        width_uv = sum(cell.width_uv for cell in its) / len(its)
        yield f"{covered:>10.3f}{width_uv:>10.0f}"

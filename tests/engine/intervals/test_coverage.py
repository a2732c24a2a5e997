"""Shares of samples inside an interval: counted in segments, averaged over recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ecgview.cli.coverage_text import coverage_text
from ecgview.engine.intervals.cards import IntervalCard
from ecgview.engine.intervals.coverage import (
    EVERYONE,
    NORMAL,
    PATHOLOGICAL,
    SEGMENTS,
    Cell,
    cells_of,
    groups_of,
    summed_up,
)
from ecgview.engine.intervals.parts import N_PARTS, part_of, parts_left_out
from ecgview.engine.layouts import Entry


@pytest.fixture
def cells() -> list[Cell]:
    """Three recordings of ten samples: QRS of two, ST-T of three, baseline of five."""
    segments = np.zeros((3, 3, 10), dtype=bool)
    segments[:, 0, :2] = segments[:, 1, 2:5] = segments[:, 2, 5:] = True
    segments[2, 0], segments[2, 2, :2] = False, True  # no beat found in the last one
    error_mv = np.zeros((3, 1, 10), dtype=np.float32)
    error_mv[0, 0, 0] = error_mv[1, 0, 2:5] = 1.0
    half_mv = np.full((3, 1, 10), 0.1, dtype=np.float32)
    both = (error_mv, error_mv), (half_mv, 20 * half_mv)
    groups = [NORMAL, PATHOLOGICAL, ""]
    return list(cells_of("m", ("I",), ("V1",), *both, segments, groups))


def cell(cells: list[Cell], segment: str, group: str) -> Cell:
    (found,) = (one for one in cells if (one.segment, one.group) == (segment, group))
    return found


def test_each_recording_counts_alike_in_the_segments_that_it_has(cells: list[Cell]) -> None:
    assert cell(cells, "QRS", EVERYONE).coverage == pytest.approx((0.5 + 1) / 2)
    assert cell(cells, "QRS", EVERYONE).recordings == 2
    assert cell(cells, "ST-T", EVERYONE).coverage == pytest.approx((1 + 0 + 1) / 3)
    assert cell(cells, "baseline", EVERYONE).coverage == 1


def test_groups_raw_signals_and_widths_stand_apart(cells: list[Cell]) -> None:
    assert cell(cells, "QRS", NORMAL).coverage == pytest.approx(0.5)
    assert cell(cells, "ST-T", PATHOLOGICAL).coverage == 0
    assert cell(cells, "ST-T", PATHOLOGICAL).raw_coverage == 1
    assert cell(cells, "QRS", NORMAL).width_uv == pytest.approx(200)
    assert cell(cells, "QRS", NORMAL).raw_width_uv == pytest.approx(4000)


def test_the_worst_cell_of_the_groups_is_told(cells: list[Cell]) -> None:
    summary = summed_up(cells, 0.9)
    assert summary is not None
    assert summary.cells == 6
    assert (summary.worst.segment, summary.worst.group) == ("ST-T", PATHOLOGICAL)
    assert (summary.low, summary.high) == (0, 1)
    text = coverage_text(cells)
    assert "the worst: I -> V1, ST-T, pathological 0.0%" in text
    assert all(segment in text for segment in SEGMENTS)


def test_without_statements_the_cells_of_everyone_count(cells: list[Cell]) -> None:
    summary = summed_up([one for one in cells if one.group == EVERYONE], 0.9)
    assert summary is not None
    assert summary.cells == len(SEGMENTS)
    assert summed_up([], 0.9) is None


def test_groups_follow_what_is_stated() -> None:
    normal = {"a": True, "b": False}
    assert groups_of(["a", "b", "c"], normal) == [NORMAL, PATHOLOGICAL, ""]


def test_recordings_calibrated_on_are_scored_without_their_patients() -> None:
    def entry(source: str, patient: str, fold: int) -> Entry:
        return Entry(source, f"{patient}/{fold}", Path(patient), patient, fold)

    card = IntervalCard("", "", 4, calibration={"source": "ours", "folds": [9]})
    entries = [entry("ours", "p", 9), entry("ours", "p", 8), entry("theirs", "p", 9)]
    parts = parts_left_out(card, entries)
    assert parts.tolist() == [part_of(entries[0]), 0, 0]
    assert 1 <= parts[0] <= N_PARTS
    numbers = {part_of(entry("ours", str(patient), 9)) for patient in range(60)}
    assert numbers == set(range(1, N_PARTS + 1))

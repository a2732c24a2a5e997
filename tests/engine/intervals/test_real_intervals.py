"""The bundled interval on real recordings: as often right as its card says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ecgview.engine.cards import find_model
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Finished
from ecgview.engine.intervals.cards import find_interval
from ecgview.engine.intervals.coverage import Cell, summed_up
from ecgview.engine.layouts import Entry
from ecgview.engine.reconstruct import reconstruct
from ecgview.formats import open_recording
from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.signals.filters import clean

pytestmark = pytest.mark.real_data


def cells_over(entries: tuple[Entry, ...]) -> tuple[Cell, ...]:
    sets = [("I",), ("I", "II", "V2")]
    *_, last = evaluate_models([find_model("anylead")], entries, sets, "cpu", cache=False)
    assert isinstance(last, Finished)
    return tuple(last.result.coverage)


def test_coverage_is_what_the_card_says(data_dir: Path) -> None:
    card = find_interval(find_model("anylead"))
    assert card is not None
    promised = card.coverage["calibration"]["mean"]
    assert 0.89 <= promised <= 0.91
    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)[::4]
    summary = summed_up(cells_over(entries), DEFAULT_LEVEL)
    assert summary is not None
    assert summary.mean == pytest.approx(promised, abs=0.03)


def test_another_device_is_covered_nearly_as_well(data_dir: Path) -> None:
    names = find_model("anylead").path.with_name("held-out-challenge-2011.txt")
    entries = choose_entries([data_dir / "challenge-2011"], (), names)[::3]
    summary = summed_up(cells_over(entries), DEFAULT_LEVEL)
    assert summary is not None
    assert 0.85 <= summary.mean <= 0.95


def test_levels_hold_their_shares_of_real_samples(data_dir: Path) -> None:
    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)[::12]
    inside: dict[float, list[float]] = {level: [] for level in LEVELS}
    for entry in entries:
        recording = open_recording(entry.path)
        result = reconstruct(recording, ("I", "II"))
        assert result.interval is not None
        leads = result.reconstructed_leads
        truth_mv = clean(recording.read(leads, 0, recording.n_samples), recording.fs_hz)
        error_mv = np.abs(truth_mv - clean(result.read(leads), recording.fs_hz))
        for level in LEVELS:
            half_mv = result.interval.half_width(leads, level=level, clean=True)
            inside[level].append(float((error_mv <= half_mv).mean()))
    for level in LEVELS:
        assert np.mean(inside[level]) == pytest.approx(level, abs=0.06)

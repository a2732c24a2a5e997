"""Delineation: waves come in order, where they are, and edges that cannot be are taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hearts import FS_HZ, heart, recording_of, regular

from ecgview.errors import RecordingError
from ecgview.formats import find_recordings, open_recording
from ecgview.measurements.rhythm_search import rhythm_of
from ecgview.measurements.waves import Waves, find_waves, in_order
from ecgview.simulate import simulate


def assert_in_order(waves: Waves) -> int:
    """Every wave begins, peaks and ends; P before QRS before T before the next beat."""
    edges = np.concatenate([waves.p, waves.qrs, waves.t], axis=1).ravel()
    known = edges[np.isfinite(edges)]
    assert (np.diff(known) >= 0).all()
    return int(np.isfinite(waves.p[:, 0]).sum())


def test_known_waves_come_back() -> None:
    peaks = regular(0.8, 10.0)
    recording = recording_of(heart(peaks, 5000))
    waves = find_waves(recording, rhythm_of(recording, ("II",)), 0, 5000)
    assert waves.qrs[:, 1].tolist() == pytest.approx(peaks, abs=1)
    inner = slice(1, -1)
    p_ms, t_ms = ((wave[inner, 1] - np.array(peaks)[inner]) * 2.0 for wave in (waves.p, waves.t))
    assert p_ms == pytest.approx(-160, abs=12)
    assert t_ms == pytest.approx(240, abs=12)
    t_edges_ms = (waves.t[inner][:, [0, 2]] - np.array(peaks)[inner, None]) * 2.0
    assert (t_edges_ms[:, 0] < 230).all() and (t_edges_ms[:, 1] > 250).all()
    assert assert_in_order(waves) >= len(peaks) - 2


@pytest.mark.parametrize("seed", range(5))
def test_waves_of_the_simulator_are_in_order(seed: int) -> None:
    recording = simulate("normal", seed=seed)
    rhythm = rhythm_of(recording, recording.leads)
    waves = find_waves(recording, rhythm, 0, recording.n_samples)
    assert len(waves.qrs) == len(rhythm.peaks) > 5
    assert assert_in_order(waves) >= len(rhythm.peaks) - 3


def test_a_gap_has_no_waves() -> None:
    lead_mv = heart(regular(0.8, 20.0), 10_000)
    lead_mv[4000:6000] = np.nan
    recording = recording_of(lead_mv)
    waves = find_waves(recording, rhythm_of(recording, ("II",)), 0, 10_000)
    for edges in (waves.p, waves.qrs, waves.t):
        known = edges[np.isfinite(edges)]
        assert known.size > 20
        assert not ((known > 4000) & (known < 6000)).any()


def test_waves_that_cannot_be_are_taken_out() -> None:
    nan = np.nan
    beats = np.array(
        [
            [[10, 20, 30], [40, 50, 60], [70, 90, 80]],  # T ends before it peaks
            [[105, 120, 145], [140, 150, 160], [170, 180, 190]],  # P runs into QRS
            [[185, 220, 230], [240, 250, 260], [270, 280, nan]],  # P begins in the T before
            [[310, 320, 330], [340, 350, 360], [370, 380, 455]],  # T runs into the next QRS
            [[nan, nan, nan], [440, 450, 460], [470, 480, 490]],
        ],
        dtype=float,
    )
    kept = np.isfinite(in_order(beats)).all(axis=2)
    assert kept.tolist() == [
        [True, True, False],
        [False, True, True],
        [False, True, False],
        [True, True, False],
        [False, True, True],
    ]


def test_too_long_a_stretch_is_refused() -> None:
    recording = recording_of(heart(regular(0.8, 130.0), 65_000), ("II",))
    rhythm = rhythm_of(recording, ("II",))
    with pytest.raises(RecordingError, match="over 120 s at most, not over 130 s"):
        find_waves(recording, rhythm, 0, 65_000)
    with pytest.raises(RecordingError, match="No waves were found in lead II"):
        find_waves(recording, rhythm, 0, 100)


@pytest.mark.real_data
def test_edges_are_near_those_of_ludb(data_dir: Path) -> None:
    import wfdb

    base = data_dir / "formats" / "wfdb" / "ludb_1"
    recording = open_recording(base.with_suffix(".hea"))
    far_ms: dict[str, list[float]] = {"p": [], "N": [], "t": []}
    for lead in ("I", "II", "aVF", "V5", "V6"):
        marks = wfdb.rdann(str(base), lead.lower())
        waves = find_waves(recording, rhythm_of(recording, (lead,)), 0, recording.n_samples)
        for symbol, found in (("p", waves.p), ("N", waves.qrs), ("t", waves.t)):
            for at in np.flatnonzero(np.array(marks.symbol) == symbol):
                edges = np.array(marks.sample[at - 1 : at + 2])
                nearest = found[np.nanargmin(np.abs(found[:, 1] - edges[1]))]
                far_ms[symbol] += list((nearest - edges) * 1000 / FS_HZ)
    for symbol, limit_ms in (("p", 20), ("N", 25), ("t", 45)):
        assert len(far_ms[symbol]) >= 60
        assert np.percentile(np.abs(far_ms[symbol]), 75) <= limit_ms, symbol


@pytest.mark.real_data
def test_waves_of_real_recordings_are_in_order(data_dir: Path) -> None:
    files = find_recordings([data_dir / "ptb-xl" / "records500"])[::150]
    with_t = []
    for file in files:
        recording = open_recording(file)
        waves = find_waves(recording, rhythm_of(recording, recording.leads), 0, recording.n_samples)
        assert_in_order(waves)
        with_t.append(np.isfinite(waves.t[:, 1]).mean())
    assert len(files) > 10 and np.mean(with_t) > 0.8

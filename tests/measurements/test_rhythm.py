"""R peaks, rate and RR intervals: known ones come back, and none is made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hearts import FS_HZ, Watched, heart, recording_of, regular

from ecgview.errors import LeadError, RecordingError
from ecgview.formats import find_recordings, open_recording
from ecgview.measurements import library, pieces, rhythm_search
from ecgview.measurements.rhythm import Rhythm
from ecgview.measurements.rhythm_search import find_rhythm, rhythm_of
from ecgview.recording import recording_from_array
from ecgview.signals.beats import find_beats
from ecgview.simulate import simulate


def irregular(count: int, fs_hz: float, seed: int = 1) -> list[int]:
    """R peaks at unequal distances of 0.65 to 1.1 s."""
    steps_s = np.random.default_rng(seed).uniform(0.65, 1.1, count)
    return [round(second * fs_hz) for second in 0.5 + np.cumsum(steps_s)]


def test_known_peaks_and_intervals_come_back() -> None:
    peaks = [300, 700, 1120, 1500, 1980, 2400, 2850, 3300, 3700, 4200, 4600]
    rhythm = rhythm_of(recording_of(heart(peaks, 5000)), ("II",))
    np.testing.assert_allclose(rhythm.peaks, peaks, atol=1)
    figures = rhythm.figures()
    intervals_ms = np.diff(peaks) * 2.0
    assert (figures.beats, figures.intervals, figures.lead) == (11, 10, "II")
    assert figures.rr_mean_ms == pytest.approx(intervals_ms.mean(), abs=0.5)
    assert figures.rate_bpm == pytest.approx(60_000 / intervals_ms.mean(), abs=0.05)
    assert figures.rr_sd_ms == pytest.approx(intervals_ms.std(ddof=1), abs=2)
    assert figures.rr_min_ms == pytest.approx(intervals_ms.min(), abs=4)
    assert figures.rr_max_ms == pytest.approx(intervals_ms.max(), abs=4)
    assert figures.left_out_s == 0


@pytest.mark.parametrize("rate_bpm", [40, 75, 120, 180])
@pytest.mark.parametrize("fs_hz", [100.0, 257.0, 500.0, 1000.0])
def test_the_rate_is_right_at_any_sampling_rate(rate_bpm: int, fs_hz: float) -> None:
    rr_s = round(60 / rate_bpm * fs_hz) / fs_hz
    lead_mv = heart(regular(rr_s, 20.0, fs_hz), round(20 * fs_hz), fs_hz)
    figures = rhythm_of(recording_of(lead_mv, fs_hz=fs_hz), ("II",)).figures()
    assert figures.rate_bpm == pytest.approx(60 / rr_s, rel=0.005)


@pytest.mark.parametrize("seed", range(4))
def test_every_beat_of_the_simulator_is_found(seed: int) -> None:
    recording = simulate("normal", seed=seed, duration_s=30.0)
    rhythm = rhythm_of(recording, recording.leads)
    own = find_beats(recording.read(["II"]).astype(float), FS_HZ)[0]
    inner = (own.onsets > 150) & (own.offsets < recording.n_samples - 150)
    found = [
        bool(((rhythm.peaks >= onset - 10) & (rhythm.peaks <= offset + 10)).any())
        for onset, offset in zip(own.onsets[inner], own.offsets[inner], strict=True)
    ]
    assert len(found) > 25 and all(found)


# Blocks


def test_no_beat_is_lost_or_doubled_at_the_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    fs_hz = 200.0
    peaks = irregular(200, fs_hz)
    recording = recording_of(heart(peaks, peaks[-1] + 100, fs_hz), ("II",), fs_hz)
    whole = rhythm_of(recording, ("II",)).peaks
    monkeypatch.setattr(rhythm_search, "BLOCK_S", 20.0)
    monkeypatch.setattr(rhythm_search, "MARGIN_S", 5.0)
    steps = list(find_rhythm(recording, ("II",)))
    assert len(steps) >= 8 and steps[-1] == (recording.n_samples, recording.n_samples)
    in_blocks = rhythm_of(recording, ("II",)).peaks
    assert len(in_blocks) == len(whole) == 200
    np.testing.assert_allclose(in_blocks, whole, atol=1)
    np.testing.assert_allclose(in_blocks, peaks, atol=1)


@pytest.mark.parametrize("shift", [-30, -3, -1, 0, 1, 3, 30])
def test_a_beat_on_the_seam_counts_once(shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rhythm_search, "BLOCK_S", 20.0)
    fs_hz = 200.0
    peaks = [round(0.5 * fs_hz) + 160 * number for number in range(74)]
    nearest = min(range(74), key=lambda number: abs(peaks[number] - 4000))
    peaks[nearest] = 4000 + shift
    rhythm = rhythm_of(recording_of(heart(peaks, 12_000, fs_hz), ("II",), fs_hz), ("II",))
    assert len(rhythm.peaks) == 74
    np.testing.assert_allclose(rhythm.peaks, peaks, atol=1)


def test_a_long_recording_is_read_in_blocks() -> None:
    fs_hz = 100.0
    peaks = irregular(1700, fs_hz)
    recording = recording_of(heart(peaks, peaks[-1] + 50, fs_hz), ("II",), fs_hz)
    watched = Watched(recording.source)
    recording = replace(recording, source=watched)
    assert recording.duration_s > 1200
    assert len(rhythm_of(recording, ("II",)).peaks) == 1700
    longest = max(stop - start for start, stop in watched.read_of)
    assert longest <= (rhythm_search.BLOCK_S + 3 * rhythm_search.MARGIN_S) * fs_hz


def test_a_search_that_is_given_up_reads_no_further() -> None:
    fs_hz = 100.0
    recording = recording_of(heart(regular(0.8, 1000, fs_hz), 100_000, fs_hz), ("II",), fs_hz)
    watched = Watched(recording.source)
    steps = find_rhythm(replace(recording, source=watched), ("II",))
    assert next(steps) == (30_000, 100_000)
    steps.close()
    assert max(stop for _, stop in watched.read_of) <= 32_000


# Gaps, flat and noisy leads


def test_a_gap_holds_no_beat_and_no_interval() -> None:
    peaks = regular(0.8, 40.0)
    lead_mv = heart(peaks, 20_000)
    lead_mv[6000:8000] = np.nan
    rhythm = rhythm_of(recording_of(lead_mv), ("II",))
    expected = [peak for peak in peaks if not 5990 <= peak < 8010]
    np.testing.assert_allclose(rhythm.peaks, expected, atol=1)
    figures = rhythm.figures()
    assert figures.intervals == len(expected) - 2
    assert figures.rr_max_ms == pytest.approx(800, abs=4)
    assert figures.left_out_s == pytest.approx(4.0)


def test_a_gap_too_short_to_hide_a_beat_breaks_nothing() -> None:
    peaks = regular(0.8, 10.0)
    lead_mv = heart(peaks, 5000)
    lead_mv[peaks[3] + 200 : peaks[3] + 220] = np.nan
    figures = rhythm_of(recording_of(lead_mv), ("II",)).figures()
    assert figures.intervals == len(peaks) - 1


def test_noise_in_the_middle_is_left_out_and_said() -> None:
    lead_mv = heart(regular(0.8, 60.0), 30_000)
    lead_mv[10_000:15_000] = np.random.default_rng(0).normal(scale=0.4, size=5000)
    figures = rhythm_of(recording_of(lead_mv), ("II",)).figures()
    assert 10.0 <= figures.left_out_s <= 30.0
    assert figures.rr_max_ms == pytest.approx(800, abs=20)
    assert figures.rate_bpm == pytest.approx(75, abs=0.5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["white", "walk", "mains"])
def test_noise_has_no_rate(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise_mv = {
        "white": rng.normal(scale=0.2, size=5000),
        "walk": rng.normal(scale=0.02, size=5000).cumsum(),
        "mains": np.sin(2 * np.pi * 50 * np.arange(5000) / FS_HZ + seed),
    }[kind]
    with pytest.raises(RecordingError, match="Lead II of made is too noisy"):
        rhythm_of(recording_from_array("made", {"II": noise_mv}, FS_HZ), ("II",))


def test_a_flat_lead_says_so_and_another_is_taken() -> None:
    lead_mv = heart(regular(0.8, 10.0), 5000)
    leads = {"I": lead_mv, "II": np.zeros(5000), "V1": np.full(5000, np.nan), "V5": lead_mv}
    recording = recording_from_array("made", leads, FS_HZ)
    with pytest.raises(RecordingError, match=r"Lead II of made is flat from 0\.0 to 10\.0 s"):
        rhythm_of(recording, ("II",))
    with pytest.raises(RecordingError, match="Lead V1 of made has no samples"):
        rhythm_of(recording, ("V1",))
    assert rhythm_of(recording, recording.leads).lead == "V5"
    assert rhythm_of(recording, ("I", "II")).lead == "I"
    with pytest.raises(LeadError, match="no measured lead"):
        rhythm_of(recording, ())


def test_too_low_a_rate_is_refused_in_a_sentence() -> None:
    recording = recording_of(heart(regular(0.8, 10.0, 50.0), 500, 50.0), fs_hz=50.0)
    with pytest.raises(RecordingError, match="below 75 samples a second; made has 50"):
        rhythm_of(recording, ("II",))


def test_a_failure_of_the_library_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*anything: object) -> None:
        raise ValueError("kernel too small")

    monkeypatch.setattr(library, "r_peaks", fail)
    recording = recording_of(heart(regular(0.8, 10.0), 5000))
    with pytest.raises(RecordingError, match="could not find R peaks in lead II: kernel too small"):
        rhythm_of(recording, ("II",))


# Figures


def test_a_part_of_a_rhythm_has_its_own_figures() -> None:
    peaks = np.array([100, 500, 900, 1700, 2100, 2500])
    rhythm = Rhythm("II", FS_HZ, 0, 3000, peaks, np.array([[1000, 1600]]))
    assert rhythm.joined().tolist() == [True, True, False, True, True]
    assert np.isnan(rhythm.rr_ms()[2])
    part = rhythm.within(400, 1650).figures()
    assert (part.beats, part.intervals, part.rr_sd_ms) == (2, 1, None)
    assert part.left_out_s == pytest.approx(1.2)
    assert (part.from_s, part.to_s) == (0.8, 3.3)
    nothing = rhythm.within(1000, 1500).figures()
    assert (nothing.beats, nothing.rate_bpm, nothing.rr_mean_ms) == (0, None, None)


def test_runs_and_agreement() -> None:
    signal = np.zeros(1000)
    signal[:30] = np.nan
    signal[500:505] = np.nan
    signal[700:900] = np.nan
    assert pieces.whole_runs(signal, 100.0).tolist() == [[30, 700], [900, 1000]]
    beats = np.arange(50, 1000, 80)
    assert pieces.agreement(beats, beats + 10, 0, 1000, 100.0) == 1.0
    assert pieces.agreement(beats, beats + 40, 0, 1000, 100.0) == 0.0
    assert pieces.agreement(beats, beats[::2], 0, 1000, 100.0) == pytest.approx(2 / 3, abs=0.1)
    none = np.empty(0, dtype=np.int64)
    assert pieces.agreement(none, none, 0, 1000, 100.0) == 1.0
    assert pieces.agreement(beats, none, 0, 1000, 100.0) == 0.0


# Real recordings


@pytest.mark.real_data
def test_r_peaks_are_where_the_annotators_of_ludb_put_them(data_dir: Path) -> None:
    import wfdb

    base = data_dir / "formats" / "wfdb" / "ludb_1"
    marks = wfdb.rdann(str(base), "ii")
    annotated = np.array(marks.sample)[np.array(marks.symbol) == "N"]
    rhythm = rhythm_of(open_recording(base.with_suffix(".hea")), ("II",))
    nearest = np.abs(rhythm.peaks[:, None] - annotated).min(axis=0)
    assert len(annotated) == 6 and nearest.max() <= 3


@pytest.mark.real_data
def test_two_finders_agree_on_ptb_xl(data_dir: Path) -> None:
    files = find_recordings([data_dir / "ptb-xl" / "records500"])[::60]
    ours = theirs = both = 0
    for file in files:
        recording = open_recording(file)
        rhythm = rhythm_of(recording, recording.leads)
        own = find_beats(recording.read([rhythm.lead]).astype(float), recording.fs_hz)[0]
        middles = (own.onsets + own.offsets) // 2
        edge = round(0.3 * recording.fs_hz)
        inner = [x[(x > edge) & (x < recording.n_samples - edge)] for x in (rhythm.peaks, middles)]
        ours, theirs = ours + len(inner[1]), theirs + len(inner[0])
        near = np.abs(inner[0][:, None] - middles).min(axis=1)
        both += int((near <= 0.15 * recording.fs_hz).sum())
    assert len(files) >= 30
    assert both / theirs > 0.98 and both / ours > 0.97


@pytest.mark.parametrize(
    ("peaks", "seam"), [([600, 1002, 1400], 801), ([600, 998], 1000), ([1400], 1000), ([], 1000)]
)
def test_a_seam_runs_between_two_beats(peaks: list[int], seam: int) -> None:
    assert rhythm_search._seam(np.array(peaks, dtype=np.int64), 1000) == seam

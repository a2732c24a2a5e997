"""Filters of display and model input: what passes, what is refused, and that pieces join."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, filtfilt, iirnotch

from ecgview.filtered import filtered_recording
from ecgview.formats import open_recording
from ecgview.recording import ArraySource, recording_from_array
from ecgview.signals.filtering import (
    HIGH_PASSES_HZ,
    LOW_PASSES_HZ,
    MAINS_HZ,
    FilterError,
    Filters,
    carried,
    parse_filters,
    refusal,
)
from ecgview.signals.zero_phase import FilteredSource, apply

FS_HZ = 500.0
CHOICES = [
    Filters(high_pass, low_pass, mains, baseline)
    for high_pass, low_pass, mains, baseline in product(
        (None, 0.05, 0.67), (None, 40.0), (None, 50.0), (False, True)
    )
][1:]


def gain_at(filters: Filters, frequency_hz: float, fs_hz: float = FS_HZ) -> float:
    """Amplitude of a sine behind the filters, and that it has not moved."""
    duration_s = max(20.0, 40 / frequency_hz)
    time_s = np.arange(round(duration_s * fs_hz)) / fs_hz
    sine = np.sin(2 * np.pi * frequency_hz * time_s)
    middle = slice(len(time_s) // 4, 3 * len(time_s) // 4)
    done = apply(filters, sine[None], fs_hz)[0][middle]
    cosine = np.cos(2 * np.pi * frequency_hz * time_s[middle])
    assert abs(done @ cosine) / len(done) < 1e-3, "the wave has moved"
    return float(2 * (done @ sine[middle]) / len(done))


@pytest.mark.parametrize("corner_hz", HIGH_PASSES_HZ)
def test_a_high_pass_is_3_db_down_at_its_corner(corner_hz: float) -> None:
    filters = Filters(high_pass_hz=corner_hz)
    assert gain_at(filters, corner_hz) == pytest.approx(np.sqrt(0.5), abs=0.005)
    assert gain_at(filters, corner_hz * 10) == pytest.approx(1, abs=0.005)
    assert gain_at(filters, corner_hz / 5) < 0.01


@pytest.mark.parametrize("corner_hz", LOW_PASSES_HZ)
@pytest.mark.parametrize("fs_hz", [360.0, 500.0, 1000.0])
def test_a_low_pass_is_3_db_down_at_its_corner(corner_hz: float, fs_hz: float) -> None:
    filters = Filters(low_pass_hz=corner_hz)
    assert gain_at(filters, corner_hz, fs_hz) == pytest.approx(np.sqrt(0.5), abs=0.005)
    assert gain_at(filters, 5.0, fs_hz) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("mains_hz", MAINS_HZ)
def test_the_mains_filter_takes_out_the_mains_alone(mains_hz: float) -> None:
    filters = Filters(mains_hz=mains_hz)
    assert gain_at(filters, mains_hz) < 0.01
    assert gain_at(filters, mains_hz - 5) == pytest.approx(1, abs=0.05)
    assert gain_at(filters, 10.0) == pytest.approx(1, abs=0.001)


def test_baseline_removal_takes_off_wander_and_leaves_the_beat() -> None:
    time_s = np.arange(5000) / FS_HZ
    beat = np.exp(-(((time_s - 5.0) / 0.02) ** 2))
    wander = np.sin(2 * np.pi * 0.2 * time_s)
    done = apply(Filters(baseline=True), (beat + wander)[None], FS_HZ)[0]
    assert abs(done - beat)[250:-250].max() < 0.12


def real(data_dir: Path) -> NDArray[np.float32]:
    return open_recording(real_files(data_dir)[0]).read_twelve()


def real_files(data_dir: Path) -> list[Path]:
    return sorted((data_dir / "ptb-xl/records500/00000").glob("*.hea"))[:5]


@pytest.mark.real_data
@pytest.mark.parametrize("corner_hz", HIGH_PASSES_HZ)
def test_high_passes_agree_with_scipy_on_a_real_recording(data_dir: Path, corner_hz: float) -> None:
    signals_mv = real(data_dir).astype(np.float64)
    # The corner of one run, by the formula for analogue filters: close enough far below 250 Hz.
    one_run = butter(2, corner_hz * (2**0.5 - 1) ** 0.25, "highpass", fs=FS_HZ)
    mirrored = np.pad(signals_mv, ((0, 0), (40_000, 40_000)), mode="symmetric")
    expected = filtfilt(*one_run, mirrored, axis=1)[:, 40_000:-40_000]
    done = apply(Filters(high_pass_hz=corner_hz), signals_mv, FS_HZ)
    np.testing.assert_allclose(done, expected, atol=1e-3)


@pytest.mark.real_data
def test_mains_and_baseline_agree_with_scipy_on_a_real_recording(data_dir: Path) -> None:
    signals_mv = real(data_dir).astype(np.float64)
    expected = filtfilt(*iirnotch(50.0, 30.0, fs=FS_HZ), signals_mv, axis=1)
    done = apply(Filters(mains_hz=50.0), signals_mv, FS_HZ)
    np.testing.assert_allclose(done[:, 500:-500], expected[:, 500:-500], atol=1e-3)
    baseline = [median_filter(median_filter(lead, 101), 301) for lead in signals_mv]
    done = apply(Filters(baseline=True), signals_mv, FS_HZ)
    np.testing.assert_array_equal(done, signals_mv - np.array(baseline))


# Pieces


def long_signals() -> NDArray[np.float32]:
    """Two leads of 400 s with wander, hum, offsets of some mV and gaps, short and long."""
    rng = np.random.default_rng(7)
    time_s = np.arange(round(400 * FS_HZ)) / FS_HZ
    beats = np.exp(-((((time_s % 0.8) - 0.4) / 0.02) ** 2))
    wander = np.sin(2 * np.pi * 0.03 * time_s) + 0.1 * np.sin(2 * np.pi * 50 * time_s)
    walk = rng.normal(scale=0.002, size=time_s.size).cumsum()
    signals_mv = np.stack([beats + wander + 4.0, walk - 3.0]).astype(np.float32)
    signals_mv[0, 100_000:100_200] = np.nan
    signals_mv[1, 60_000:75_000] = np.nan
    return signals_mv


@pytest.mark.parametrize("filters", CHOICES, ids=lambda filters: filters.option)
def test_pieces_equal_the_whole_to_microvolts(filters: Filters) -> None:
    signals_mv = long_signals()
    whole = apply(filters, signals_mv, FS_HZ)
    source = FilteredSource(ArraySource(signals_mv), filters, FS_HZ)
    pieces = [(0, 5000), (58_000, 63_000), (74_000, 79_000), (98_000, 103_000), (195_000, 200_000)]
    for start, stop in pieces:
        np.testing.assert_allclose(
            source.read(start, stop, [0, 1]), whole[:, start:stop], atol=1e-3, rtol=0
        )


@pytest.mark.real_data
def test_a_page_of_a_long_real_recording_equals_the_whole(data_dir: Path) -> None:
    parts = [open_recording(path).read(("II", "V2")) for path in real_files(data_dir)]
    signals_mv = np.tile(np.hstack(parts), 4)
    recording = recording_from_array(
        "joined", dict(zip(("II", "V2"), signals_mv, strict=True)), FS_HZ
    )
    filters = Filters(0.5, 40.0, 50.0, baseline=True)
    page = filtered_recording(recording, filters).read(("V2",), 42_000, 47_000)
    whole = apply(filters, signals_mv, FS_HZ)
    np.testing.assert_allclose(page[0], whole[1, 42_000:47_000], atol=1e-3, rtol=0)


def test_gaps_stay_gaps_and_nothing_runs_across_long_ones() -> None:
    signals_mv = long_signals()
    done = apply(Filters(high_pass_hz=0.5), signals_mv, FS_HZ)
    np.testing.assert_array_equal(np.isnan(done), np.isnan(signals_mv))
    signals_mv[1, 75_000:] += 5.0
    later = apply(Filters(high_pass_hz=0.5), signals_mv, FS_HZ)
    np.testing.assert_array_equal(later[1, :60_000], done[1, :60_000])


def test_a_beat_cut_in_half_at_the_edge_leaves_the_line_level() -> None:
    signal_mv = np.zeros((1, 5000))
    signal_mv[0, :10] = 2.0
    done = apply(Filters(high_pass_hz=0.05), signal_mv, FS_HZ)
    assert np.abs(done[0, 50:]).max() < 0.05


@pytest.mark.parametrize("filters", [Filters(), *CHOICES[:4]])
@pytest.mark.parametrize("n_samples", [0, 1, 2, 40])
def test_a_handful_of_samples(filters: Filters, n_samples: int) -> None:
    done = apply(filters, np.ones((2, n_samples), dtype=np.float32), FS_HZ)
    assert done.shape == (2, n_samples)
    assert done.dtype == np.float32
    assert np.isfinite(done).all()


class Growing(ArraySource):
    """A source of which a part is there."""

    done = ((10_000, 40_000), (70_000, 70_500), (80_000, 200_000))


def test_of_what_grows_only_settled_samples_are_there() -> None:
    filters = Filters(high_pass_hz=0.5)
    signals_mv = np.nan_to_num(long_signals()).astype(np.float32)
    n_samples = signals_mv.shape[1]
    assert n_samples == 200_000
    so_far = np.full_like(signals_mv, np.nan)
    for start, stop in Growing.done:
        so_far[:, start:stop] = signals_mv[:, start:stop]
    filtered = FilteredSource(Growing(so_far), filters, FS_HZ)
    margin = round(8 * FS_HZ)
    assert filtered.done == ((10_000 + margin, 40_000 - margin), (80_000 + margin, 200_000))
    whole = FilteredSource(ArraySource(signals_mv), filters, FS_HZ)
    assert whole.done == ((0, n_samples),)
    for start, stop in filtered.done:
        np.testing.assert_allclose(
            filtered.read(start, stop, [0, 1]), whole.read(start, stop, [0, 1]), atol=1e-3, rtol=0
        )


def test_no_filter_reads_what_is_there() -> None:
    recording = recording_from_array("r", {"I": np.ones(10)}, FS_HZ)
    assert filtered_recording(recording, Filters()) is recording


# Words


def test_filters_are_off_by_default_and_say_so() -> None:
    assert not Filters()
    assert Filters().words == "filters off"
    assert Filters(0.5, 40, 50, True).words == (
        "high-pass 0.5 Hz, low-pass 40 Hz, mains 50 Hz, baseline removed"
    )


@pytest.mark.parametrize("filters", [Filters(), *CHOICES], ids=lambda filters: filters.option)
def test_the_option_reads_back(filters: Filters) -> None:
    assert parse_filters(filters.option) == filters


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("high=3", "high=3 is no filter"),
        ("high-pass=fast", "names no frequency"),
        ("low-pass=-4", "names no frequency"),
        ("mains=nan", "names no frequency"),
        ("high-pass=40,low-pass=40", "must lie below"),
    ],
)
def test_what_is_no_filter_is_refused_with_a_hint(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence) as refused:
        parse_filters(text)
    assert "high-pass=0.5" in refused.value.hint


def test_what_the_rate_cannot_carry_is_refused() -> None:
    filters = Filters(0.5, 150.0, 60.0)
    assert refusal(filters, 500.0) == ""
    assert refusal(filters, 250.0) == (
        "Low-pass at 150 Hz needs more than 300 samples a second; this recording has 250."
    )
    assert carried(filters, 250.0) == Filters(0.5, None, 60.0)
    assert carried(filters, 120.0) == Filters(0.5)
    with pytest.raises(FilterError, match="Low-pass at 150 Hz"):
        apply(filters, np.zeros((1, 100)), 250.0)
    with pytest.raises(FilterError, match="Low-pass at 150 Hz"):
        FilteredSource(ArraySource(np.zeros((1, 100))), filters, 250.0)

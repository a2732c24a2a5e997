"""The average beat and its markers: known amplitudes come back to the microvolt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hearts import FS_HZ, GAINS, P_MV, R_MV, S_MV, ST_MV, T_MV, beat, heart, recording_of, regular

from ecgview.errors import LeadError, RecordingError
from ecgview.formats import find_recordings, open_recording
from ecgview.leads import LEADS, Origin, lead_origins
from ecgview.measurements.alike import alike
from ecgview.measurements.average import AverageBeat, average_beat
from ecgview.measurements.markers import MARKERS, markers_of
from ecgview.measurements.windows import Windows
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array

KNOWN_UV = 1000 * np.array([P_MV, R_MV, S_MV, ST_MV, T_MV])
AVAILABLE = ("I", "II", "V2")
INDEPENDENT = (*LEADS[:2], *LEADS[6:])


def rebuilt(recording: Recording, change: float = 1.0) -> Reconstruction:
    """A reconstruction that is the recording times a factor in all leads not given."""
    twelve_mv = recording.read_twelve()
    origins = lead_origins(AVAILABLE)
    for row, lead in enumerate(LEADS):
        if origins[lead] is Origin.RECONSTRUCTED:
            twelve_mv[row] *= change
    return Reconstruction(AVAILABLE, origins, ArraySource(twelve_mv), "test", 62.5, "cpu", 0.0)


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Twelve leads of the same beats, each at its gain."""
    return recording_of(heart(regular(0.8, 10.0), 5000))


@pytest.fixture(scope="module")
def average(recording: Recording) -> AverageBeat:
    return average_beat(recording, rebuilt(recording, 0.5), AVAILABLE)


def test_markers_come_back_to_the_microvolt(average: AverageBeat) -> None:
    assert average.beats >= 10 and average.unlike == average.gaps == 0
    for row, lead in enumerate(LEADS):
        found_uv = 1000 * average.original.values_mv[row]
        np.testing.assert_allclose(found_uv, GAINS[lead] * KNOWN_UV, atol=1.0, err_msg=lead)


def test_differences_are_those_of_the_reconstruction(average: AverageBeat) -> None:
    reconstructed = [row for row, lead in enumerate(LEADS) if lead in LEADS[6:] and lead != "V2"]
    for row in reconstructed:
        gain = GAINS[LEADS[row]]
        np.testing.assert_allclose(average.differences_uv[row], -0.5 * gain * KNOWN_UV, atol=1.5)
        assert average.pcc[row] == pytest.approx(1.0, abs=1e-6)
    others = [row for row in range(12) if row not in reconstructed]
    assert np.isnan(average.differences_uv[others]).all()
    assert np.isnan(average.rebuilt_mv[others]).all() and np.isnan(average.pcc[others]).all()


def test_markers_of_an_equal_reconstruction_are_equal(recording: Recording) -> None:
    average = average_beat(recording, rebuilt(recording), AVAILABLE)
    rows = [LEADS.index(lead) for lead in ("V1", "V3", "V4", "V5", "V6")]
    assert (average.differences_uv[rows] == 0).all()
    np.testing.assert_array_equal(average.original.at[rows], average.rebuilt.at[rows])
    np.testing.assert_array_equal(average.original_mv[rows], average.rebuilt_mv[rows])


def test_markers_lie_in_the_parts_of_the_beat(average: AverageBeat) -> None:
    windows = average.windows
    p, r, s, st, t = average.original.at[LEADS.index("II")]
    assert p < windows.onset < r < s <= windows.j < st < t
    assert windows.p is not None and windows.p.start <= p < windows.p.stop <= windows.qrs.start
    assert (r - p) / FS_HZ == pytest.approx(0.16, abs=0.004)
    assert st - windows.j == 30
    assert (t - r) / FS_HZ == pytest.approx(0.24, abs=0.004)
    assert (s - r) / FS_HZ == pytest.approx(0.024, abs=0.004)
    assert windows.t.start <= t < windows.t.stop and windows.t_delineated


def test_a_wave_that_is_later_in_another_lead_is_found_in_the_shared_window() -> None:
    lead_mv = heart(regular(0.8, 10.0), 5000)
    leads = dict.fromkeys(LEADS, lead_mv) | {"V3": np.roll(lead_mv, 6)}
    average = average_beat(recording_from_array("late", leads, FS_HZ), None, ("II",))
    ii, v3 = (average.original.at[LEADS.index(lead), 1] for lead in ("II", "V3"))
    assert v3 - ii == 6
    assert average.original.values_mv[LEADS.index("V3"), 1] == pytest.approx(R_MV, abs=1e-3)


def test_odd_beats_are_left_out_and_counted() -> None:
    peaks = regular(0.8, 20.0)
    lead_mv = heart(peaks, 10_000)
    for peak in peaks[4::8]:
        # Wide, turned round and without a P wave, as a ventricular beat is.
        time_s = (np.arange(10_000) - peak) / FS_HZ
        lead_mv[peak - 125 : peak + 190] = 0
        lead_mv += -1.6 * np.exp(-0.5 * (time_s / 0.035) ** 2)
        lead_mv += 0.5 * np.exp(-0.5 * ((time_s - 0.22) / 0.05) ** 2)
    average = average_beat(recording_of(lead_mv), None, AVAILABLE)
    assert average.unlike == len(peaks[4::8]) > 1
    found_uv = 1000 * average.original.values_mv[LEADS.index("I")]
    np.testing.assert_allclose(found_uv, KNOWN_UV, atol=15)


def test_s_is_looked_for_after_r() -> None:
    beats_mv = np.zeros((1, 1, 60))
    beats_mv[0, 0, [12, 15, 18]] = -2.0, 1.0, -0.5
    windows = Windows(10, slice(8, 23), 22, 40, slice(40, 60), False, FS_HZ)
    markers = markers_of(beats_mv, windows)
    assert markers.values_mv[0, 1:3].tolist() == [1.0, -0.5]
    assert markers.at[0, 1:3].tolist() == [15, 18]


@pytest.mark.parametrize(
    ("complex_mv", "r_mv", "s_mv"),
    [
        ([0, 0.2, -0.6, -1.2, -0.5, 0.3], 0.2, -1.2),  # rS that ends in a raised J
        ([0, 0.2, -0.6, -1.2, -0.5, 0.3, 0.28], 0.2, -1.2),  # with a little noise at J
        ([0, -0.5, 0.1, 0.4, 0.1, 0.05], 0.4, 0.05),  # Qr: r after the nadir falls again
        ([0, 0.3, -0.6, 0.8, 0.2, 0.1], 0.8, 0.1),  # rSR'
        ([0, -0.3, -1.0, -0.2, 0.02, 0.03], 0.0, -1.0),  # QS
        ([0, 0.5, 1.2, 0.6, 0.3, 0.4], 1.2, 0.3),  # R on a raised ST segment
    ],
)
def test_the_way_to_j_is_no_r_wave(complex_mv: list[float], r_mv: float, s_mv: float) -> None:
    beat_mv = np.array([*complex_mv, *[0.1] * 10])
    windows = Windows(0, slice(0, len(complex_mv)), len(complex_mv) - 1, 8, slice(9, 14), True, 100)
    markers = markers_of(beat_mv[None, None], windows)
    assert markers.values_mv[0, 1:3].tolist() == [r_mv, s_mv]


def test_the_largest_family_is_averaged_even_where_it_is_no_majority() -> None:
    peaks = regular(0.8, 30.0)
    lead_mv = heart(peaks, 15_000)
    for number, peak in enumerate(peaks):
        kind = (None, "wide", None, "late", None, "wide", "late")[number % 7]
        if kind is not None:
            time_s = (np.arange(15_000) - peak) / FS_HZ
            lead_mv[peak - 125 : peak + 190] = 0
            lead_mv += -1.6 * np.exp(-0.5 * (time_s / (0.035 if kind == "wide" else 0.015)) ** 2)
            lead_mv += (0.5 if kind == "wide" else -0.9) * np.exp(
                -0.5 * ((time_s - 0.22) / 0.05) ** 2
            )
    average = average_beat(recording_of(lead_mv), None, AVAILABLE)
    assert 0 < average.beats < average.unlike
    found_uv = 1000 * average.original.values_mv[LEADS.index("I")]
    np.testing.assert_allclose(found_uv, KNOWN_UV, atol=15)


def test_beats_with_gaps_are_left_out_and_counted() -> None:
    peaks = regular(0.8, 10.0)
    lead_mv = heart(peaks, 5000)
    leads_mv = {lead: lead_mv.copy() for lead in LEADS}
    leads_mv["V2"][peaks[5] + 100] = np.nan
    average = average_beat(recording_from_array("gap", leads_mv, FS_HZ), None, AVAILABLE)
    assert (average.gaps, average.unlike) == (1, 0)
    assert np.isfinite(average.original_mv).all()


def test_a_lead_that_is_all_gap_stays_empty(recording: Recording) -> None:
    leads_mv = dict(zip(LEADS, recording.read(LEADS).astype(float), strict=True))
    leads_mv["V4"] = np.full(5000, np.nan)
    average = average_beat(recording_from_array("v4", leads_mv, FS_HZ), None, AVAILABLE)
    row = LEADS.index("V4")
    assert np.isnan(average.original_mv[row]).all()
    assert np.isnan(average.original.values_mv[row]).all()
    assert np.isfinite(average.original_mv[row + 1]).all()


@pytest.mark.parametrize("before_s", [0.15, 0.3, 0.5])
def test_a_recording_that_is_one_beat(before_s: float) -> None:
    wave, _ = beat()
    lead_mv = np.concatenate([np.zeros(round((before_s - 0.15) * FS_HZ)), wave, np.zeros(120)])
    average = average_beat(recording_of(lead_mv), None, LEADS)
    assert (average.beats, average.unlike, average.gaps) == (1, 0, 0)
    assert average.original_mv.shape[1] == len(lead_mv)
    values_uv = 1000 * average.original.values_mv[0]
    np.testing.assert_allclose(values_uv[1:], KNOWN_UV[1:], atol=1.0)
    assert np.isnan(values_uv[0])  # one beat alone is not delineated


def test_limb_leads_that_a_file_lacks_are_completed(recording: Recording) -> None:
    leads_mv = dict(zip(INDEPENDENT, recording.read(INDEPENDENT).astype(float), strict=True))
    average = average_beat(recording_from_array("eight", leads_mv, FS_HZ), None, ("II",))
    three = average.original_mv[LEADS.index("III")]
    two_less_one = average.original_mv[1] - average.original_mv[0]
    np.testing.assert_allclose(three, two_less_one, atol=2e-6)


def test_without_beats_there_is_a_sentence(recording: Recording) -> None:
    flat = recording_from_array("flat", {lead: np.zeros(5000) for lead in LEADS}, FS_HZ)
    with pytest.raises(RecordingError, match="is flat from"):
        average_beat(flat, None, AVAILABLE)
    with pytest.raises(RecordingError):
        average_beat(recording, None, AVAILABLE, 0, 60)
    with pytest.raises(LeadError, match="no measured lead"):
        average_beat(recording, None, ())


@pytest.mark.parametrize("n_samples", [1, 5, 60])
def test_a_few_samples_are_no_beat(n_samples: int) -> None:
    few = recording_of(heart(regular(0.8, 10.0), 5000)[..., 200 : 200 + n_samples])
    with pytest.raises(RecordingError):
        average_beat(few, None, AVAILABLE)


def test_a_stretch_counts_from_the_start_of_the_recording(recording: Recording) -> None:
    average = average_beat(recording, None, AVAILABLE, 2000, 4500)
    assert (average.from_s, average.to_s) == (4.0, 9.0)
    assert 4 <= average.beats <= 6
    assert average.windows.t_delineated


def test_the_chosen_lead_gives_the_windows(recording: Recording) -> None:
    assert average_beat(recording, None, AVAILABLE).lead == "II"
    assert average_beat(recording, None, AVAILABLE, lead="V2").lead == "V2"


def test_the_largest_family_is_kept() -> None:
    rng = np.random.default_rng(0)
    common = np.sin(np.linspace(0, 9, 80))
    rows = [common + rng.normal(scale=0.05, size=80) for _ in range(12)]
    rows += [-common, np.cos(np.linspace(0, 30, 80)), np.full(80, np.nan)]
    kept = alike(np.array(rows)[:, None])
    assert kept.tolist() == [True] * 12 + [False] * 3
    assert not alike(np.full((3, 1, 5), np.nan)).any()


def test_markers_by_hand() -> None:
    beat_mv = np.array([0, 0, -0.2, 0.8, 0.1, -0.5, 0.05, 0.1, 0.1, -0.3, 0.2, 0.0])
    windows = Windows(2, slice(2, 6), 5, 7, slice(8, 12), True, 100.0)
    markers = markers_of(np.stack([beat_mv, 2 * beat_mv, 3 * beat_mv])[:, None], windows)
    np.testing.assert_allclose(markers.values_mv[0, 1:], [1.6, -1.0, 0.2, -0.6])
    assert markers.at[0, 1:].tolist() == [3, 5, 7, 9]
    assert np.isnan([markers.values_mv[0, 0], markers.at[0, 0]]).all() and len(MARKERS) == 5
    outside = markers_of(beat_mv[None, None], replace(windows, st=20))
    assert np.isnan(outside.values_mv[0, [0, 3]]).all()
    assert np.isfinite(outside.values_mv[0, [1, 2, 4]]).all()


@pytest.mark.real_data
def test_real_recordings_have_an_average_beat(data_dir: Path) -> None:
    files = find_recordings([data_dir / "ptb-xl" / "records500"])[::120]
    left_out = []
    for file in files:
        average = average_beat(open_recording(file), None, AVAILABLE)
        left_out.append(average.unlike / (average.unlike + average.beats))
        assert np.isfinite(average.original.values_mv).all()
        assert (average.original.values_mv[:, 1] >= average.original.values_mv[:, 2]).all()
    assert len(files) > 15 and np.median(left_out) < 0.1


@pytest.mark.real_data
def test_the_median_beat_of_a_muse_file(data_dir: Path) -> None:
    from ecgview.formats import ImportOptions

    path = data_dir / "formats" / "muse.xml"
    one = open_recording(path, options=ImportOptions(part="median beat"))
    rhythm = open_recording(path, options=ImportOptions(part="rhythm"))
    assert one.duration_s < 2
    of_one, of_rhythm = (average_beat(r, None, LEADS) for r in (one, rhythm))
    assert of_one.beats == 1 < of_rhythm.beats
    # The device's own median of the same beats: its amplitudes are ours but for what it filters.
    ours, device = of_rhythm.original.values_mv[:, 1], of_one.original.values_mv[:, 1]
    np.testing.assert_allclose(ours, device, atol=0.12)

"""Foreign files as reconstructions: shifted, cut, resampled, of other leads, of other people."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ecgview.engine.comparison import Estimate, estimate_from
from ecgview.engine.exported import origin_comments
from ecgview.engine.metrics import agreement
from ecgview.errors import LeadError, RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.gui.exporting.jobs import origin_comments as comments_of_window
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS, Origin, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Channel, Recording, recording_from_array
from ecgview.signals.resampling import RateRatio, resample
from ecgview.simulate import simulate

FS_HZ = 500.0
GIVEN = ("I", "II", "V2")


@pytest.fixture(scope="module")
def recording() -> Recording:
    return simulate("normal", seed=3)


@pytest.fixture(scope="module")
def estimated_mv(recording: Recording) -> NDArray[np.float32]:
    """Twelve leads: I, II and V2 as recorded, limb leads by algebra, chest leads four fifths."""
    twelve_mv = recording.read_twelve()
    for lead in CHEST_LEADS:
        if lead != "V2":
            twelve_mv[LEAD_INDEX[lead]] *= 0.8
    return twelve_mv


def foreign(
    signals_mv: NDArray[np.floating],
    fs_hz: float = FS_HZ,
    leads: tuple[str, ...] = LEADS,
    comments: tuple[str, ...] = (),
) -> Recording:
    return recording_from_array(
        "theirs", dict(zip(leads, signals_mv, strict=True)), fs_hz, comments=comments
    )


def read(estimate: Estimate, *leads: str) -> NDArray[np.float32]:
    return estimate.reconstruction.read(leads)


def test_same_samples_are_measured_and_the_rest_is_compared(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    estimate = estimate_from(recording, foreign(estimated_mv))
    assert estimate.lag_ms == 0
    assert not estimate.resampled
    assert estimate.remarks == ()
    assert {"I", "II", "V2"} <= set(estimate.reconstruction.available)
    assert estimate.reconstruction.reconstructed_leads == ("V1", "V3", "V4", "V5", "V6")
    figures = agreement(recording, estimate.reconstruction, clean=False)
    assert figures.n_chest == 5
    row = figures.rows[LEAD_INDEX["V4"]]
    assert row.pcc == pytest.approx(1.0, abs=1e-4)
    # The error is a fifth of the truth, so its variance is a twenty-fifth.
    assert row.r2 == pytest.approx(1 - 0.04, abs=0.005)


def test_limb_leads_by_algebra_are_derived_and_others_reconstructed(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    apart_mv = recording.read_twelve()
    # A recording whose III is no longer II - I: the estimate's still is.
    apart_mv[LEAD_INDEX["III"]] += 0.05 * np.sin(np.arange(apart_mv.shape[1]) / 40)
    own = foreign(apart_mv)
    origins = estimate_from(own, foreign(estimated_mv)).reconstruction.origins
    assert origins["III"] is Origin.DERIVED
    worse_mv = estimated_mv.copy()
    worse_mv[LEAD_INDEX["III"]] *= 0.9
    origins = estimate_from(own, foreign(worse_mv)).reconstruction.origins
    assert origins["III"] is Origin.RECONSTRUCTED


@pytest.mark.parametrize("late", [60, 1, -37])
def test_a_shift_is_found_to_the_sample_and_taken_back(
    recording: Recording, estimated_mv: NDArray[np.float32], late: int
) -> None:
    moved_mv = (
        np.hstack([np.repeat(estimated_mv[:, :1], late, axis=1), estimated_mv[:, :-late]])
        if late > 0
        else estimated_mv[:, -late:]
    )
    estimate = estimate_from(recording, foreign(moved_mv))
    assert estimate.lag_ms == pytest.approx(late * 2)
    shared = slice(0, 5000 - late) if late > 0 else slice(-late, 5000)
    np.testing.assert_array_equal(
        read(estimate, "V4")[0, shared], estimated_mv[LEAD_INDEX["V4"], shared]
    )
    outside = np.delete(read(estimate, "V4")[0], np.arange(5000)[shared])
    assert outside.size == abs(late)
    assert np.isnan(outside).all()
    assert "I" in estimate.reconstruction.available


def test_offsets_and_wander_do_not_hide_a_shift(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    time_s = np.arange(5000) / FS_HZ
    wandering_mv = np.roll(estimated_mv, 50, axis=1) + 3 + 1.5 * np.sin(1.2 * time_s)
    assert estimate_from(recording, foreign(wandering_mv)).lag_ms == 100


def test_without_alignment_nothing_moves(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    moved_mv = np.roll(estimated_mv, 60, axis=1)
    estimate = estimate_from(recording, foreign(moved_mv), align=False)
    assert estimate.lag_ms == 0
    np.testing.assert_array_equal(read(estimate, "V4")[0], moved_mv[LEAD_INDEX["V4"]])


def test_a_poor_estimate_is_not_moved_by_a_hair(recording: Recording) -> None:
    rng = np.random.default_rng(5)
    noisy_mv = recording.read_twelve() + rng.normal(0, 0.15, (12, 5000))
    assert estimate_from(recording, foreign(noisy_mv)).lag_ms == 0


def test_a_cut_out_piece_is_put_back_where_it_was(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    piece_mv = resample(estimated_mv[:, 1500:3500], RateRatio.between(FS_HZ, 250.0))
    estimate = estimate_from(recording, foreign(piece_mv, 250.0))
    assert estimate.lag_ms == -3000
    assert estimate.resampled
    assert estimate.overlap_s == 4
    v4_mv = read(estimate, "V4")[0]
    assert np.isnan(v4_mv[:1500]).all()
    assert np.isnan(v4_mv[3500:]).all()
    figures = agreement(recording, estimate.reconstruction, clean=False)
    assert figures.rows[LEAD_INDEX["V4"]].pcc == pytest.approx(1.0, abs=1e-3)


def test_gaps_stay_gaps_at_another_rate(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    half_mv = resample(estimated_mv, RateRatio.between(FS_HZ, 250.0))
    half_mv[LEAD_INDEX["V4"], 1000:1100] = np.nan
    v4_mv = read(estimate_from(recording, foreign(half_mv, 250.0)), "V4")[0]
    assert np.flatnonzero(np.isnan(v4_mv)).tolist() == list(range(1999, 2200))


def test_leads_known_to_be_measured_can_be_told(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    half = foreign(resample(estimated_mv, RateRatio.between(FS_HZ, 250.0)), 250.0)
    assert "V2" not in estimate_from(recording, half).reconstruction.available
    told = estimate_from(recording, half, measured=GIVEN)
    assert told.reconstruction.available == GIVEN


def test_leads_of_the_estimate_alone_are_kept_and_missing_ones_absent(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    limbs = foreign(recording.read(LEADS[:6]), leads=LEADS[:6])
    theirs = foreign(estimated_mv[:10], leads=LEADS[:10])
    estimate = estimate_from(limbs, theirs)
    assert estimate.compared == LEADS[:6]
    assert estimate.reconstruction.absent == ("V5", "V6")
    np.testing.assert_array_equal(read(estimate, "V4")[0], estimated_mv[LEAD_INDEX["V4"]])
    assert np.isnan(read(estimate, "V5", "V6")).all()
    whole = agreement(recording, estimate_from(recording, theirs).reconstruction, clean=False)
    assert whole.n_chest == 3
    assert whole.rows[LEAD_INDEX["V5"]].rmse_uv is None


def test_frank_leads_are_compared_too(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    frank = ("VX", "VY", "VZ")
    frank_mv = recording.read(["V6", "aVF", "V2"])
    own = foreign(np.vstack([recording.read_twelve(), frank_mv]), leads=(*LEADS, *frank))
    estimated_frank_mv = frank_mv * np.array([[1.0], [0.5], [-0.5]], dtype=np.float32)
    both_mv = np.vstack([estimated_mv, estimated_frank_mv])[:, 40:]
    channels = (*(Channel(lead, lead) for lead in LEADS), *(Channel(x, None) for x in frank))
    own = replace(own, channels=channels)
    theirs = foreign(both_mv, leads=(*LEADS, *frank))
    theirs = replace(theirs, channels=channels)
    estimate = estimate_from(own, theirs)
    assert estimate.lag_ms == -80
    # VX is the recording's own.
    assert set(estimate.reconstruction.others) == {"VY", "VZ"}
    rows = {row.lead: row for row in agreement(own, estimate.reconstruction, clean=False).others}
    assert rows["VY"].pcc == pytest.approx(1.0)
    assert rows["VZ"].pcc == pytest.approx(-1.0)


@pytest.mark.parametrize("file_format", ["wfdb", "csv"])
@pytest.mark.parametrize("writer", ["batch", "window"])
def test_a_file_that_ecgview_wrote_says_where_its_leads_come_from(
    recording: Recording,
    estimated_mv: NDArray[np.float32],
    tmp_path: Path,
    file_format: str,
    writer: str,
) -> None:
    made = Reconstruction(
        GIVEN, lead_origins(GIVEN), ArraySource(estimated_mv), "a model", 62.5, "cpu", 0.1
    )
    comments = origin_comments(made) if writer == "batch" else comments_of_window(recording, made)
    path = save_recording(
        "made", estimated_mv, FS_HZ, tmp_path, format=file_format, comments=comments
    )
    estimate = estimate_from(recording, open_recording(path))
    assert estimate.stated
    assert estimate.reconstruction.available == GIVEN
    assert estimate.reconstruction.origins == made.origins
    assert estimate.reconstruction.bandwidth_hz == 62.5


def test_another_person_is_told_and_a_wrong_unit_too(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    other = simulate("atrial-fibrillation", seed=9)
    codes = [remark.code for remark in estimate_from(recording, other).remarks]
    assert codes == ["other-recording"]
    large = estimate_from(recording, foreign(1000 * estimated_mv))
    assert [remark.code for remark in large.remarks] == ["other-gain"]
    assert "1000 times" in large.remarks[0].message
    assert large.gain == pytest.approx(1000, rel=0.01)


def test_a_copy_is_told(recording: Recording) -> None:
    remarks = estimate_from(recording, recording).remarks
    assert [remark.code for remark in remarks] == ["nothing-estimated"]


def test_nothing_in_common_is_refused(
    recording: Recording, estimated_mv: NDArray[np.float32]
) -> None:
    limbs = foreign(recording.read(LEADS[:6]), leads=LEADS[:6])
    with pytest.raises(LeadError, match="no lead in common"):
        estimate_from(limbs, foreign(estimated_mv[6:], leads=CHEST_LEADS))
    with pytest.raises(RecordingError, match=r"share only 0\.4 s"):
        estimate_from(recording, foreign(estimated_mv[:, :200]))


def test_flat_leads_do_not_break_it(recording: Recording) -> None:
    estimate = estimate_from(recording, foreign(np.zeros((12, 5000))))
    assert [remark.code for remark in estimate.remarks] == ["other-recording", "other-gain"]
    assert estimate.lag_ms == 0


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["00000/00551_hr", "00000/00034_hr"])
def test_shifts_of_real_recordings_are_found(data_dir: Path, name: str) -> None:
    recording = open_recording(data_dir / "ptb-xl" / "records500" / f"{name}.hea")
    noisy_mv = recording.read_twelve()
    noisy_mv[6:] = 0.7 * noisy_mv[6:] + 0.1 * noisy_mv[:6]
    late = estimate_from(recording, foreign(np.roll(noisy_mv, 60, axis=1)))
    assert late.lag_ms == 120
    assert late.correlation > 0.95
    piece = foreign(resample(noisy_mv[:, 2000:4000], RateRatio.between(500, 360)), 360.0)
    assert estimate_from(recording, piece).lag_ms == pytest.approx(-4000, abs=2)


@pytest.mark.real_data
def test_no_two_people_are_taken_for_the_same(data_dir: Path) -> None:
    folder = data_dir / "ptb-xl" / "records500"
    recordings = [open_recording(file) for file in sorted(folder.glob("*/*.hea"))[::150][:12]]
    for one, other in pairwise(recordings):
        remarks = estimate_from(one, other).remarks
        assert [r.code for r in remarks if r.code == "other-recording"], (one.name, other.name)

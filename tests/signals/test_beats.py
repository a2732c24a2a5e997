from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from simulated_beats import beat_centres, twelve

from ecgview.formats import open_recording
from ecgview.leads import LEAD_INDEX
from ecgview.signals.beats import find_beats
from ecgview.signals.filters import clean
from ecgview.signals.resampling import RateRatio, resample


@pytest.mark.parametrize("case", ["normal", "lbbb", "atrial-fibrillation"])
def test_beats_of_simulated_people_are_found_by_lead_ii(case: str) -> None:
    for seed in range(3):
        leads_mv = twelve(case, seed)
        at_125_hz = resample(leads_mv[[LEAD_INDEX["II"]]], RateRatio(1, 4))
        (beats,) = find_beats(at_125_hz, 125.0)
        middle_s = (beats.onsets + beats.offsets) / 2 / 125
        expected_s = beat_centres(leads_mv) / 500
        expected_s = expected_s[(expected_s > 0.3) & (expected_s < 9.7)]
        nearest_s = np.abs(expected_s[:, None] - middle_s).min(axis=1)
        assert nearest_s.max() < 0.08
        assert abs(len(middle_s) - len(expected_s)) <= 2


def test_windows_hold_the_waves_they_are_named_for() -> None:
    time_s = np.arange(1250) / 125
    phase_s = time_s % 1.0 - 0.5
    r_mv = np.exp(-((phase_s / 0.015) ** 2))
    t_mv = 0.3 * np.exp(-(((phase_s - 0.24) / 0.04) ** 2))
    (beats,) = find_beats((r_mv + t_mv)[None], 125.0)
    assert len(beats.onsets) == 10
    width_s = (beats.offsets - beats.onsets) / 125
    assert width_s.min() > 0.04
    assert width_s.max() < 0.11
    qrs, st_t = beats.qrs_mask(), beats.st_t_mask()
    assert (r_mv[qrs] ** 2).sum() > 0.99 * (r_mv**2).sum()
    assert (t_mv[st_t] ** 2).sum() > 0.98 * (t_mv**2).sum()
    assert not (qrs & st_t).any()
    assert st_t.mean() == pytest.approx(0.40, abs=0.03)


def test_a_flat_lead_has_no_beats() -> None:
    (beats,) = find_beats(np.zeros((1, 1250)), 125.0)
    assert len(beats.onsets) == 0
    assert not beats.qrs_mask().any()
    assert not beats.st_t_mask().any()


@pytest.mark.real_data
def test_beats_of_real_recordings_agree_with_neurokit(data_dir: Path) -> None:
    neurokit2 = pytest.importorskip("neurokit2")
    paths = sorted((data_dir / "ptb-xl" / "records500" / "01000").glob("*.hea"))[:30]
    found = same = 0
    for path in paths:
        lead_mv = open_recording(path).read(["II"], 0, 5000)
        cleaned_mv = clean(resample(lead_mv, RateRatio(1, 4)), 125.0)
        (beats,) = find_beats(cleaned_mv, 125.0)
        _, peaks = neurokit2.ecg_peaks(neurokit2.ecg_clean(lead_mv[0], 500), 500)
        theirs = np.asarray(peaks["ECG_R_Peaks"]) / 4
        found += len(theirs)
        inside = (theirs[:, None] > beats.onsets - 5) & (theirs[:, None] < beats.offsets + 5)
        same += int(inside.any(axis=1).sum())
    assert found > 250
    assert same > 0.95 * found

"""The simulator, judged by what its recordings show: waves are measured on the leads."""

from __future__ import annotations

import csv
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from simulated_beats import FS_HZ, INDEPENDENT, Array, beat, beat_centres, twelve, without_line

from ecgview.errors import EcgviewError
from ecgview.formats.checks.identities import disagreements
from ecgview.leads import LEAD_INDEX, LEADS, LIMB_LEADS
from ecgview.simulate import CASES, simulate

SEEDS = range(6)


@pytest.mark.parametrize("case", CASES)
def test_recording_is_complete_labelled_and_consistent(case: str) -> None:
    recording = simulate(case, seed=1)
    assert recording.leads == LEADS
    assert recording.simulated and "imulated" in recording.comments[0]
    assert (recording.n_samples, recording.fs_hz) == (5000, 500.0)
    leads_mv = recording.read_twelve()
    units = leads_mv / recording.resolution_mv
    assert np.abs(units - np.round(units)).max() < 0.01
    assert disagreements(LIMB_LEADS, leads_mv[:6], recording.resolution_mv / 1.5) == ()


def test_seed_decides_everything() -> None:
    again = simulate("lbbb", seed=3).read_twelve()
    assert np.array_equal(again, twelve("lbbb", 3).astype(np.float32))
    other = simulate("lbbb", seed=4).read_twelve()
    assert np.abs(other - again).max() > 0.1


def test_rate_and_length() -> None:
    recording = simulate("normal", seed=2, duration_s=23.5, fs_hz=250)
    assert recording.n_samples == 5875
    rr_s = np.diff(beat_centres(np.repeat(recording.read_twelve(), 2, axis=1))) / FS_HZ
    assert rr_s.sum() > 20 and 0.6 < rr_s.mean() < 1.15


def test_unknown_case_names_the_known_ones() -> None:
    with pytest.raises(EcgviewError, match="anterior-infarction"):
        simulate("healthy")


def test_no_scipy_or_pandas_before_first_paint() -> None:
    code = (
        "import sys; from ecgview.simulate import simulate; simulate();"
        "print([m for m in ('scipy', 'pandas', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", SEEDS)
def test_normal_intervals_and_amplitudes(seed: int) -> None:
    normal = beat("normal", seed)
    assert 80 <= normal.qrs_ms <= 110
    assert 0.8 <= normal.r_mv("V5") <= 2.5
    assert all(0.3 <= max(normal.r_mv(lead), normal.s_mv(lead)) <= 1.8 for lead in ("I", "II"))
    assert all(0.05 < normal.t_mv(lead) < 1 for lead in ("I", "II", "V3", "V4", "V5", "V6"))


@pytest.mark.parametrize("seed", SEEDS)
def test_normal_r_wave_progression(seed: int) -> None:
    normal = beat("normal", seed)
    r_mv = [normal.r_mv(f"V{n}") for n in range(1, 6)]
    r_share = [r / (r + normal.s_mv(f"V{n}")) for n, r in enumerate(r_mv, start=1)]
    assert r_mv[0] < r_mv[1] < r_mv[2] and r_mv[4] > 2 * r_mv[0]
    assert np.all(np.diff(r_share) > -0.12)
    assert 0 < r_share[0] < 0.4 and r_share[4] > 0.6  # rS in V1, R in V5
    assert normal.s_mv("V6") < 0.35 * normal.r_mv("V6")


@pytest.mark.parametrize("seed", SEEDS)
def test_normal_pr_interval_by_an_independent_delineator(seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2 as nk

        lead_ii = nk.ecg_clean(twelve("normal", seed)[1], sampling_rate=FS_HZ)
        _, peaks = nk.ecg_peaks(lead_ii, sampling_rate=FS_HZ)
        _, waves = nk.ecg_delineate(
            lead_ii, peaks["ECG_R_Peaks"], sampling_rate=FS_HZ, method="dwt"
        )
    before_r = peaks["ECG_R_Peaks"] - np.array(waves["ECG_P_Onsets"], float)
    qrs_before_r = int(beat("normal", seed).qrs("II").argmax())
    pr_ms = (np.nanmedian(before_r) - qrs_before_r) * 1000 / FS_HZ
    assert 120 <= pr_ms <= 200
    rr = np.diff(peaks["ECG_R_Peaks"])
    assert 0.01 < rr.std() / rr.mean() < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_left_bundle_branch_block(seed: int) -> None:
    block = beat("lbbb", seed)
    assert block.qrs_ms >= 120
    early_v1 = block.qrs("V1")[: int(block.qrs("V1").argmin()) + 1]
    assert early_v1.max() < 0.25 * block.s_mv("V1")  # QS or rS
    assert block.q("V6")[0] < 0.06 and block.r_mv("V6") > 3 * block.s_mv("V6")
    assert (block.qrs("V6") > 0.5 * block.r_mv("V6")).sum() > 0.05 * FS_HZ  # broad
    assert block.t_mv("V6") < 0 < block.t_mv("V1")


@pytest.mark.parametrize("seed", SEEDS)
def test_right_bundle_branch_block(seed: int) -> None:
    block = beat("rbbb", seed)
    assert block.qrs_ms >= 120
    v1 = block.qrs("V1")
    early, late = int(v1[: int(0.05 * FS_HZ)].argmax()), int(0.06 * FS_HZ + v1[30:].argmax())
    assert v1[early] > 0.1 and v1[late] > 0.3  # r ... R'
    assert v1[early:late].min() < 0.7 * v1[early]  # the notch between
    assert block.t_mv("V1") < 0
    deep = block.qrs("V6") < -0.3 * block.s_mv("V6")
    assert block.s_mv("V6") > 0.1 and deep.sum() > 0.04 * FS_HZ  # a wide S


@pytest.mark.parametrize("seed", SEEDS)
def test_left_ventricular_hypertrophy(seed: int) -> None:
    heart = beat("lvh", seed)
    assert heart.s_mv("V1") + max(heart.r_mv("V5"), heart.r_mv("V6")) > 3.5  # Sokolow and Lyon
    assert all(heart.t_mv(lead) < -0.08 for lead in ("I", "aVL", "V6"))  # strain
    st = heart.offset + 10
    assert heart.leads_mv[LEAD_INDEX["V6"], st] < -0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_anterior_infarction_loses_r_waves(seed: int) -> None:
    scarred, normal = beat("anterior-infarction", seed), beat("normal", seed)
    for lead in ("V2", "V3"):
        initial = scarred.qrs(lead)[: int(scarred.qrs(lead).argmin()) + 1]
        assert initial.max() < 0.25 < scarred.s_mv(lead)
        assert initial.max() < 0.6 * normal.r_mv(lead)
    assert scarred.r_mv("V4") < normal.r_mv("V4")
    st = scarred.offset + 10
    assert scarred.leads_mv[LEAD_INDEX["V2"], st] > 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_inferior_infarction_has_q_waves(seed: int) -> None:
    scarred = beat("inferior-infarction", seed)
    assert scarred.q("II")[0] > 0.04
    depth_mv, width_ms = scarred.q("aVF")
    assert depth_mv > 0.08 and width_ms >= 20
    depth_mv, width_ms = scarred.q("III")
    assert depth_mv > 0.15 and width_ms >= 30
    assert beat("normal", seed).q("aVF")[0] < depth_mv


@pytest.mark.parametrize("seed", SEEDS)
def test_atrial_fibrillation_is_irregular_without_p(seed: int) -> None:
    leads_mv = twelve("atrial-fibrillation", seed)
    rr = np.diff(beat_centres(leads_mv))
    assert rr.std() / rr.mean() > 0.15

    assert _p_consistency("normal", seed) > 0.7
    assert _p_consistency("atrial-fibrillation", seed) < 0.55
    assert _pause_power(leads_mv, 4, 10) > 5 * _pause_power(twelve("normal", seed), 4, 10)


def _p_consistency(case: str, seed: int) -> float:
    """Size of what beats have in common before QRS in lead II, relative to what each one has."""
    lead_ii, centres = twelve(case, seed)[1], beat_centres(twelve(case, seed))
    rows = [lead_ii[c - 125 : c - 30] for c in centres if c > 125]
    stretches = without_line(np.array(rows))
    return float(stretches.mean(axis=0).std() / stretches.std(axis=1).mean())


def _pause_power(leads_mv: Array, low_hz: float, high_hz: float) -> float:
    """Median power of V1 between T and P, where sinus rhythm is silent."""
    centres = beat_centres(leads_mv)
    ends = [b for a, b in pairwise(centres) if b - a > 340]
    pauses = without_line(np.array([leads_mv[LEAD_INDEX["V1"], b - 190 : b - 90] for b in ends]))
    spectrum = np.abs(np.fft.rfft(pauses * np.hanning(100))) ** 2
    frequency_hz = np.fft.rfftfreq(100, 1 / FS_HZ)
    band = (frequency_hz >= low_hz) & (frequency_hz <= high_hz)
    return float(np.median(spectrum[:, band].sum(axis=1)))


def test_no_linear_map_from_three_leads_explains_the_chest() -> None:
    """Nor one fixed dipole: its rank is three and any three leads would give the rest."""
    pooled = np.concatenate(
        [twelve(case, seed) for seed in range(100, 107) for case in CASES]
        + [twelve("normal", 107)],
        axis=1,
    )
    assert pooled.shape[1] == 50 * 5000
    for people in (pooled, np.concatenate([twelve("normal", s) for s in range(50)], axis=1)):
        people = people - people.mean(axis=1, keepdims=True)
        known = people[[LEAD_INDEX[lead] for lead in ("I", "II", "V2")]]
        chest = people[[LEAD_INDEX[lead] for lead in ("V1", "V3", "V4", "V5", "V6")]]
        weights = np.linalg.lstsq(known.T, chest.T, rcond=None)[0]
        left = chest - weights.T @ known
        assert (left**2).sum() > 0.05 * (chest**2).sum()


def test_each_heart_has_more_than_three_sources() -> None:
    for case in CASES:
        leads_mv = twelve(case, 0)[INDEPENDENT]
        size = np.linalg.svd(leads_mv - leads_mv.mean(axis=1, keepdims=True), compute_uv=False)
        assert (size[3:] ** 2).sum() > 0.005 * (size**2).sum()


@pytest.fixture(scope="module")
def real_people(data_dir: Path) -> tuple[Array, Array]:
    """I, II, V1..V6 of real recordings at 125 Hz: some of all kinds, and some normal ones."""
    from ecgview.formats import open_recording
    from ecgview.signals.filters import clean
    from ecgview.signals.resampling import RateRatio, resample

    with (data_dir / "ptb-xl" / "ptbxl_database.csv").open(encoding="utf8") as file:
        rows = [row for row in csv.DictReader(file) if row["strat_fold"] != "9"]
    signals, normal = [], []
    for row in rows[::5]:
        leads_mv = open_recording(data_dir / "ptb-xl" / f"{row['filename_hr']}.hea").read_twelve()
        independent_mv = resample(leads_mv[INDEPENDENT], RateRatio.between(500, 125))
        independent_mv = clean(independent_mv.astype(np.float64), 125)
        if np.abs(independent_mv).max() > 4:  # a loose electrode would rule the fit
            continue
        signals.append(independent_mv)
        normal.append("'NORM': 100" in row["scp_codes"])
    return np.array(signals), np.array(normal)


@pytest.mark.real_data
@pytest.mark.parametrize("case", CASES)
def test_leads_relate_as_in_real_recordings(case: str, real_people: tuple[Array, Array]) -> None:
    """A linear map fitted to real people from I, II, V2 rebuilds the simulated chest leads."""
    from ecgview.signals.filters import clean
    from ecgview.signals.resampling import RateRatio, resample

    known, chest = [0, 1, 3], [2, 4, 5, 6, 7]
    real = np.concatenate(list(real_people[0]), axis=1)
    weights = np.linalg.lstsq(real[known].T, real[chest].T, rcond=None)[0]
    pcc = []
    for seed in SEEDS:
        independent_mv = resample(twelve(case, seed)[INDEPENDENT], RateRatio.between(500, 125))
        simulated = clean(independent_mv, 125)
        rebuilt = weights.T @ simulated[known]
        pcc += [np.corrcoef(a, b)[0, 1] for a, b in zip(rebuilt, simulated[chest], strict=True)]
    assert np.mean(pcc) > 0.8


@pytest.mark.real_data
def test_normal_amplitudes_are_those_of_real_people(real_people: tuple[Array, Array]) -> None:
    """Medians over people of each lead's highest and lowest sample."""
    from ecgview.signals.filters import clean

    real = real_people[0][real_people[1]]
    assert len(real) > 60
    simulated = np.array([clean(twelve("normal", s)[INDEPENDENT], 500) for s in range(50)])
    for low_high in (np.percentile, lambda x, q, axis: np.percentile(x, 100 - q, axis=axis)):
        ours = np.median(low_high(simulated, 99.5, axis=2), axis=0)
        theirs = np.median(low_high(real, 99.5, axis=2), axis=0)
        assert np.abs(ours - theirs).max() < 0.25


@pytest.mark.parametrize("case", CASES)
def test_bundled_model_rebuilds_simulated_leads(case: str) -> None:
    from ecgview.engine.cards import list_models

    if not list_models():
        pytest.skip("no bundled model is installed")
    from ecgview.engine.metrics import agreement
    from ecgview.engine.reconstruct import reconstruct

    pcc = []
    for seed in (0, 1, 2):
        recording = simulate(case, seed=seed)
        rebuilt = reconstruct(recording, ("I", "II", "V2"))
        pcc.append(agreement(recording, rebuilt, clean=True).mean_pcc_chest)
    assert np.mean(pcc) > 0.8

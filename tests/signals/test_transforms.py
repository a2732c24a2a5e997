"""Published transforms: they agree with each other, with the algebra and with a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecgview.formats import open_recording
from ecgview.leads import FRANK_LEADS, INDEPENDENT_LEADS, LIMB_FROM_I_II
from ecgview.signals.filters import clean
from ecgview.signals.transforms import DOWER, EASI, INVERSE_DOWER, KORS, TRANSFORMS
from ecgview.simulate.cases import average_patient
from ecgview.simulate.waves import ventricular_wave


def test_inverse_dower_is_the_pseudo_inverse_of_dower_to_the_last_printed_digit() -> None:
    assert np.abs(np.linalg.pinv(DOWER) - INVERSE_DOWER).max() < 0.00051
    assert np.abs(INVERSE_DOWER @ DOWER - np.eye(3)).max() < 0.002


def test_kors_after_dower_keeps_the_axes() -> None:
    kept = KORS @ DOWER
    assert np.all(np.abs(np.diag(kept) - 1) < 0.12)
    assert np.abs(kept - np.diag(np.diag(kept))).max() < 0.4


@pytest.mark.parametrize(
    ("weights", "printed"),
    [
        # III, aVR, aVL, aVF as the papers print them, of Dower and of EASI (Feild 2002).
        (
            DOWER,
            [[-0.397, 1.301, -0.191], [-0.434, -0.415, 0.037], [0.515, -0.768, 0.125],
             [-0.081, 1.184, -0.162]],
        ),
        (
            EASI,
            [[-0.028, 1.272, -1.464], [-0.012, -0.462, 0.031], [0.027, -0.723, 1.082],
             [-0.015, 1.185, -1.114]],
        ),
    ],
)  # fmt: skip
def test_algebra_gives_the_other_limb_leads_that_the_papers_print(
    weights: np.ndarray, printed: list[list[float]]
) -> None:
    assert np.abs(LIMB_FROM_I_II[2:] @ weights[:2] - printed).max() < 0.0016


def test_every_matrix_fits_its_leads_and_names_its_paper() -> None:
    for transform in TRANSFORMS.values():
        assert transform.weights.shape == (len(transform.outputs), len(transform.inputs))
        assert transform.source.split(";")[0][-4:].isdigit()


def test_a_gap_stays_a_gap() -> None:
    frank_mv = np.ones((3, 4), dtype=np.float32)
    frank_mv[1, 2] = np.nan
    eight_mv = TRANSFORMS["dower"].apply(frank_mv)
    assert eight_mv.dtype == np.float32
    assert np.isnan(eight_mv[:, 2]).all()
    assert np.allclose(eight_mv[:, 0], DOWER.sum(axis=1), atol=1e-6)


def on_the_torso(*places_cm: tuple[float, float, float]) -> np.ndarray:
    """One simulated beat at other places of the average torso, against Wilson's terminal."""
    person = average_patient("normal")
    electrodes_cm = person.torso.electrodes_cm.copy()
    gain = person.torso.electrode_gain.copy()
    electrodes_cm[3 : 3 + len(places_cm)], gain[3 : 3 + len(places_cm)] = places_cm, 1.0
    torso = replace(person.torso, electrodes_cm=electrodes_cm, electrode_gain=gain)
    return ventricular_wave(replace(person, torso=torso)).leads_mv[2 : 2 + len(places_cm)]


E_CM, A_CM, I_CM = (0, 11.2, -4.6), (16, 0, -4.6), (-16, 0, -4.6)


def correlations(truth_mv: np.ndarray, estimate_mv: np.ndarray) -> np.ndarray:
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(truth_mv, estimate_mv, strict=True)])


def test_signs_and_columns_fit_a_torso_that_knows_none_of_the_matrices() -> None:
    """Frank's and the EASI electrodes laid on the simulator's torso; Frank's own weights."""
    eight_mv = ventricular_wave(average_patient("normal")).leads_mv[:8]
    e, a, s, i = on_the_torso(E_CM, A_CM, (0, 9.5, 8.0), I_CM)
    chest_and_i = [0, 2, 3, 4, 5, 6, 7]
    derived_mv = TRANSFORMS["easi"].apply(np.stack([e - s, a - s, a - i]))
    assert np.all(correlations(eight_mv, derived_mv)[chest_and_i] > 0.85)

    c, m, h = on_the_torso((11.3, 8.5, -4.6), (0, -10.5, -4.6), (2, -7, 22))
    (f,) = on_the_torso((7.0, 0.0, -24.2))
    x = 0.610 * a + 0.171 * c - 0.781 * i
    y = 0.655 * f + 0.345 * m - 1.000 * h
    z = 0.133 * a + 0.736 * m - 0.264 * i - 0.374 * e - 0.231 * c
    frank_mv = np.stack([x, y, z])
    assert np.all(correlations(eight_mv, TRANSFORMS["dower"].apply(frank_mv)) > 0.85)
    for name in ("kors", "inverse-dower"):
        assert np.all(correlations(frank_mv, TRANSFORMS[name].apply(eight_mv)) > 0.8)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "least"),
    [("kors", (0.97, 0.94, 0.70)), ("inverse-dower", (0.95, 0.97, 0.35))],
)
def test_estimated_frank_leads_resemble_the_measured_ones_of_ptb(
    data_dir: Path, name: str, least: tuple[float, ...]
) -> None:
    recording = open_recording(data_dir / "formats" / "wfdb" / "s0010_re.hea")
    assert recording.other_leads == FRANK_LEADS
    measured = clean(recording.read(FRANK_LEADS), recording.fs_hz)
    eight_mv = clean(recording.read(INDEPENDENT_LEADS), recording.fs_hz)
    estimated = TRANSFORMS[name].apply(eight_mv)
    # An infarct: the inverse Dower matrix gives Z poorly, Kors's regression better.
    assert np.all(correlations(measured, estimated) > least)

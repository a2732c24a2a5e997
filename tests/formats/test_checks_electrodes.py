"""Signs of exchanged electrodes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from ecgview.formats import open_recording
from ecgview.leads import LEADS, LIMB_LEADS

N_RECORDINGS = 40


def fold_9(data_dir: Path) -> list[np.ndarray]:
    """Forty recordings in uV that no threshold was chosen on."""
    with (data_dir / "ptb-xl/ptbxl_database.csv").open(encoding="utf-8") as file:
        names = [row["filename_hr"] for row in csv.DictReader(file) if row["strat_fold"] == "9"]
    paths = [data_dir / f"ptb-xl/{name}.hea" for name in sorted(names)[:N_RECORDINGS]]
    return [np.rint(1000 * open_recording(path).read_twelve()) for path in paths]


def found(write_record, recordings_uv, names=LEADS) -> list:
    codes = ("limb-reversal", "chest-order")
    told = []
    for steps in recordings_uv:
        path = write_record(steps, names=names)
        told += [(path, w) for w in open_recording(path).warnings if w.code in codes]
    return told


@pytest.mark.real_data
def test_recordings_as_they_are_are_seldom_suspected(data_dir, write_record) -> None:
    recordings = fold_9(data_dir)
    assert len(recordings) == N_RECORDINGS
    assert len(found(write_record, recordings)) <= 1


def arms(x: np.ndarray) -> np.ndarray:
    """What is recorded with the electrodes of the arms exchanged."""
    return np.vstack([-x[0], x[2], x[1], x[4], x[3], x[5:]])


def arm_and_leg(x: np.ndarray) -> np.ndarray:
    """What is recorded with the electrodes of right arm and left leg exchanged."""
    return np.vstack([-x[2], -x[1], -x[0], x[5], x[4], x[3], x[6:]])


def v2_and_v5(x: np.ndarray) -> np.ndarray:
    return x[[0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 7, 11]]


def right_leg(x: np.ndarray) -> np.ndarray:
    """The right arm's electrode on the right leg, where the voltage is that of the left leg."""
    two = np.vstack([-x[2], np.rint(0.02 * x[1])])
    limb = np.vstack([two, two[1] - two[0], -(two[0] + two[1]) / 2, two[0] - two[1] / 2,
                      two[1] - two[0] / 2])  # fmt: skip
    return np.vstack([np.rint(limb), x[6:]])


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        (arms, "left and right arm"),
        (arm_and_leg, "right arm and left leg"),
        (v2_and_v5, "V2 and V5"),
    ],
)
def test_most_exchanges_are_found_and_undone(data_dir, write_record, exchange, words: str) -> None:
    n_right = 0
    for sound in fold_9(data_dir):
        for path, warning in found(write_record, [exchange(sound)]):
            mended = open_recording(path, options=warning.suggestion)
            away_uv = np.abs(1000 * mended.read_twelve() - sound).max()
            n_right += words in warning.message and away_uv < 2
    assert n_right >= 0.8 * N_RECORDINGS


@pytest.mark.real_data
def test_gaps_are_passed_over(data_dir, write_record) -> None:
    steps = v2_and_v5(fold_9(data_dir)[0])
    assert len(found(write_record, [steps])) == 1
    steps[8, 1000:1500] = steps[3, 4000:] = -32768
    ((_, warning),) = found(write_record, [steps])
    assert "V2 and V5" in warning.message


@pytest.mark.real_data
def test_a_lead_between_the_legs_is_told(data_dir, write_record) -> None:
    (_, warning), *_ = found(write_record, [right_leg(fold_9(data_dir)[0])])
    assert "right arm and right leg" in warning.message
    assert warning.suggestion is None


@pytest.mark.real_data
def test_nothing_is_said_without_all_eight_independent_leads(data_dir, write_record) -> None:
    without_v6 = [arms(x)[:11] for x in fold_9(data_dir)]
    assert found(write_record, without_v6, LEADS[:11]) == []


def test_waves_that_are_no_heart_s_are_not_judged(write_record) -> None:
    time_s = np.arange(5000) / 500
    two = np.rint([800 * np.sin(9 * time_s), 600 * np.sin(11 * time_s + 1)])
    chest = [np.rint(700 * np.sin((13 + 5 * k) * time_s + k)) for k in range(6)]
    i, ii = two
    steps = np.vstack([i, ii, ii - i, -(i + ii) / 2, i - ii / 2, ii - i / 2, *chest])
    assert found(write_record, [np.rint(steps)]) == []
    assert len(LIMB_LEADS) + len(chest) == len(steps)

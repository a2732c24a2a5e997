from __future__ import annotations

import numpy as np
import pytest

from ecgview.formats import open_recording
from ecgview.leads import LEADS, LIMB_FROM_I_II, LIMB_LEADS

TIME_S = np.arange(2000) / 500


def limb_steps() -> np.ndarray:
    """Six limb leads in uV that obey the identities to a rounding, shape (6, 2000)."""
    two = np.stack([800 * np.sin(9 * TIME_S), 600 * np.sin(11 * TIME_S + 1)])
    return np.rint(LIMB_FROM_I_II @ np.rint(two))


def opened(write_record, steps, names=LIMB_LEADS, **facts):
    return open_recording(write_record(steps, names=names, **facts))


def test_a_good_recording_has_no_warning(write_record) -> None:
    steps = np.vstack([limb_steps(), limb_steps()[::-1] * 2])
    assert opened(write_record, steps, LEADS).warnings == ()


def test_swapped_leads_are_told_with_their_size(write_record) -> None:
    steps = limb_steps()[[1, 0, 2, 3, 4, 5]]
    (warning,) = opened(write_record, steps).warnings
    assert warning.code == "limb-identity"
    # With I and II exchanged, III is off by twice itself.
    largest_uv = 2 * np.abs(steps[0] - steps[1]).max()
    assert f"III differs from II - I by up to {largest_uv:.0f} uV" in warning.message
    assert "aVR" not in warning.message
    assert "swapped" in warning.hint


def test_a_lead_filtered_by_itself_is_told(write_record) -> None:
    steps = limb_steps()
    steps[5] -= np.rint(40 * np.cos(2 * TIME_S))
    (warning,) = opened(write_record, steps).warnings
    assert "aVF differs from II - I/2 by up to 41 uV" in warning.message
    assert "III" not in warning.message


def test_rounding_is_no_contradiction_and_a_little_more_is_a_small_one(write_record) -> None:
    steps = limb_steps()
    steps[2, 50] += 3
    assert opened(write_record, steps).warnings == ()
    steps[2, 50] += 1
    (warning,) = opened(write_record, steps).warnings
    assert "by up to 4 uV" in warning.message
    assert "rounding" in warning.hint


def test_gains_of_their_own_are_recognised(write_record) -> None:
    gains = [1716, 1206, 1229, 1368, 1368, 698]
    (warning,) = opened(write_record, limb_steps(), gains=gains).warnings
    assert warning.code == "limb-identity"
    assert "wrong gain" in warning.hint


def test_the_pair_is_named_where_i_or_ii_is_missing(write_record) -> None:
    steps = limb_steps()[1:]
    steps[4] += 100
    (warning,) = opened(write_record, steps, LIMB_LEADS[1:]).warnings
    assert "from what" in warning.message
    assert "aVF" in warning.message


def test_flat_leads_are_listed(write_record, wave) -> None:
    steps = np.vstack([wave, np.zeros(1000), np.full(1000, 77)])
    (warning,) = opened(write_record, steps, ("I", "II", "V3", "V4")).warnings
    assert (warning.code, warning.message) == ("flat-lead", "Flat from start to end: V3, V4.")


def test_a_lead_that_is_one_gap_is_a_gap_and_not_flat(write_record, wave) -> None:
    steps = np.vstack([wave, np.full(1000, -32768)])
    (warning,) = opened(write_record, steps, ("I", "II", "V3")).warnings
    assert warning.code == "gap"
    assert "V3 100.0%" in warning.message
    assert "II" not in warning.message


@pytest.mark.parametrize(
    ("factor", "message"),
    [(40, "I 36.6 mV"), (0.02, "more than 32 uV")],
)
def test_implausible_amplitudes(write_record, wave, factor: float, message: str) -> None:
    (warning,) = opened(write_record, np.rint(wave * factor), ("I", "V1")).warnings
    assert warning.code == "implausible-amplitude"
    assert message in warning.message


def test_an_offset_is_not_an_amplitude(write_record, wave) -> None:
    assert opened(write_record, wave + 20_000, ("I", "V1")).warnings == ()


def test_low_rate(write_record, wave) -> None:
    (warning,) = opened(write_record, wave, ("I", "V1"), fs="75").warnings
    assert warning.code == "low-rate"
    assert "37.5 Hz" in warning.hint


def test_only_the_first_minute_is_checked(write_record) -> None:
    steps = np.tile(limb_steps(), (1, 16))
    steps[2, 31_000:] += 500
    (warning,) = opened(write_record, steps).warnings
    assert warning.code == "checked-part"
    assert "first 60 s of 64 s" in warning.message


@pytest.mark.real_data
def test_ptb_xl_obeys_the_identities(data_dir) -> None:
    headers = sorted((data_dir / "ptb-xl/records500").rglob("*.hea"))[::76]
    codes = [w.code for header in headers for w in open_recording(header).warnings]
    assert len(headers) >= 29
    assert "limb-identity" not in codes

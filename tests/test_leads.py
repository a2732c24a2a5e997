from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ecgview.errors import LeadError
from ecgview.formats.checks.identities import disagreements
from ecgview.leads import (
    CHEST_LEADS,
    LEADS,
    LIMB_LEADS,
    Origin,
    best_limb_pair,
    complete_limb_leads,
    lead_origins,
    limb_weights,
    normalise_lead_name,
    normalise_other_lead,
    parse_leads,
)


def twelve(seed: int = 0, n_samples: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    i, ii = rng.normal(size=(2, n_samples))
    limb = [i, ii, ii - i, -(i + ii) / 2, i - ii / 2, ii - i / 2]
    return np.vstack([limb, rng.normal(size=(6, n_samples))])


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("AVR", "aVR"),
        ("avr", "aVR"),
        ("MLII", "II"),
        ("Lead I", "I"),
        ("i", "I"),
        ("ECG V3", "V3"),
        ("MDC_ECG_LEAD_AVL", "aVL"),
        ("v-4", "V4"),
        ("D2", "II"),
        ("C6", "V6"),
        ("aVF (raw)", "aVF"),
    ],
)
def test_names_of_files_are_normalised(name: str, lead: str) -> None:
    assert normalise_lead_name(name) == lead


@pytest.mark.parametrize("name", ["vx", "V3R", "V7", "1", "channel 1", "PLETH", "", "Iabp"])
def test_names_that_are_not_one_of_the_twelve_are_not_guessed(name: str) -> None:
    assert normalise_lead_name(name) is None


def test_every_pair_of_limb_leads_gives_all_six() -> None:
    signals = twelve()
    for pair in combinations(LIMB_LEADS, 2):
        completed = complete_limb_leads(np.where(_rows(pair)[:, None], signals, 9.0), pair)
        np.testing.assert_allclose(completed[:6], signals[:6], atol=1e-12)


def _rows(leads: tuple[str, ...]) -> np.ndarray:
    return np.isin(LEADS, leads)


def test_measured_limb_leads_are_kept_bit_for_bit_even_where_they_disagree() -> None:
    signals = twelve()
    signals[3] += 0.25
    completed = complete_limb_leads(signals, ("I", "II", "aVR"))
    assert np.array_equal(completed[[0, 1, 3]], signals[[0, 1, 3]])
    np.testing.assert_allclose(completed[2], signals[1] - signals[0])


def test_i_and_ii_are_preferred_and_else_the_least_error_gain() -> None:
    assert best_limb_pair(LIMB_LEADS) == ("I", "II")
    assert best_limb_pair(("V1", "aVL")) is None
    assert np.abs(limb_weights(("I", "aVL"))).sum(axis=1).max() == pytest.approx(4)
    assert np.abs(limb_weights(("II", "aVF"))).sum(axis=1).max() == pytest.approx(4)
    # I and aVL multiply an error by four, I and III by two.
    assert best_limb_pair(("I", "III", "aVL")) == ("I", "III")


def test_origins() -> None:
    origins = lead_origins(("I", "aVF", "V2"))
    assert origins["I"] is origins["aVF"] is origins["V2"] is Origin.MEASURED
    assert origins["II"] is origins["aVR"] is Origin.DERIVED
    assert origins["V1"] is Origin.RECONSTRUCTED
    assert lead_origins(("II", "V1"))["III"] is Origin.RECONSTRUCTED


def test_disagreement_names_the_lead_and_by_how_much() -> None:
    signals = twelve()[:6]
    assert disagreements(LIMB_LEADS, signals, 0.001) == ()
    signals[4] += 0.05
    (found,) = disagreements(LIMB_LEADS, signals, 0.001)
    assert (found.lead, found.pair) == ("aVL", ("I", "II"))
    assert found.largest_mv == pytest.approx(0.05)
    signals[4] += -0.05 + 0.003
    assert disagreements(LIMB_LEADS, signals, 0.001) == ()


def test_lists_of_leads() -> None:
    assert parse_leads("v2, ii,I I") == ("I", "II", "V2")
    assert parse_leads("limb") == LIMB_LEADS
    assert parse_leads("I+chest") == ("I", *CHEST_LEADS)
    with pytest.raises(LeadError, match="V9"):
        parse_leads("I,V9")
    with pytest.raises(LeadError, match="No lead"):
        parse_leads(" ,")


@pytest.mark.parametrize(
    ("name", "lead"),
    [("vx", "VX"), ("X", "VX"), ("Frank Z", "VZ"), ("MDC_ECG_LEAD_VY", "VY"), ("A-S", "AS"),
     ("ES", "ES"), ("V1", None), ("I", None), ("XYZ", None), ("resp", None)],
)  # fmt: skip
def test_leads_of_other_systems_are_known_by_name(name: str, lead: str | None) -> None:
    assert normalise_other_lead(name) == lead

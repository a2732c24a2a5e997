"""Published transforms in the place of a model: what is reconstructed, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.engine.cards import find_model, list_models
from ecgview.engine.metrics import agreement
from ecgview.engine.reconstruct import reconstruct
from ecgview.errors import LeadError
from ecgview.leads import FRANK_LEADS, INDEPENDENT_LEADS, LEADS, LIMB_LEADS, Origin
from ecgview.recording import ArraySource, Channel, Recording
from ecgview.signals.transforms import DOWER, INVERSE_DOWER, KORS

FS_HZ = 250.0


def recording(*names: str, duration_s: float = 70.0) -> Recording:
    """Twelve leads and their Frank leads by Kors, with offsets; those that are named."""
    twelve_mv = twelve_lead_array(FS_HZ, duration_s)
    eight_mv = twelve_mv[[LEADS.index(lead) for lead in INDEPENDENT_LEADS]]
    signals = dict(zip(LEADS, twelve_mv, strict=True))
    offsets_mv = np.array([[1.0], [-2.0], [3.0]])
    signals.update(zip(("vx", "vy", "vz"), KORS @ eight_mv + offsets_mv, strict=True))
    chosen = names or tuple(signals)
    return Recording(
        name="r",
        fs_hz=FS_HZ,
        channels=tuple(Channel(name, name if name in LEADS else None) for name in chosen),
        source=ArraySource(np.stack([signals[name] for name in chosen]).astype(np.float32)),
        resolution_mv=0.001,
    )


def levelled(signals_mv: np.ndarray) -> np.ndarray:
    return signals_mv - np.median(signals_mv[:, : round(60 * FS_HZ)], axis=1, keepdims=True)


def test_dower_reconstructs_all_twelve_without_the_offsets_of_its_inputs() -> None:
    ptb = recording()
    result = reconstruct(ptb, ("I",), "dower")
    assert set(result.origins.values()) == {Origin.RECONSTRUCTED}
    assert result.available == FRANK_LEADS
    expected = DOWER @ levelled(ptb.read(FRANK_LEADS))
    np.testing.assert_allclose(result.read(INDEPENDENT_LEADS), expected, atol=2e-5)
    i, ii, iii, avr, avl, avf = result.read(LIMB_LEADS)
    np.testing.assert_allclose(iii, ii - i, atol=1e-5)
    np.testing.assert_allclose(avr + avl + avf, 0, atol=1e-5)
    assert agreement(ptb, result, clean=False).n_all == 12


@pytest.mark.parametrize(("name", "weights"), [("kors", KORS), ("inverse-dower", INVERSE_DOWER)])
def test_kors_and_inverse_dower_estimate_the_frank_leads(name: str, weights: np.ndarray) -> None:
    ptb = recording()
    result = reconstruct(ptb, INDEPENDENT_LEADS, name)
    expected = weights @ levelled(ptb.read(INDEPENDENT_LEADS))
    np.testing.assert_allclose(np.stack([*result.others.values()]), expected, atol=2e-5)
    np.testing.assert_array_equal(result.read(LEADS), ptb.read(LEADS))
    rows = agreement(ptb, result, clean=False).others
    assert [row.lead for row in rows] == list(FRANK_LEADS)
    if name == "kors":
        assert min(row.pcc or 0 for row in rows) > 0.99999


def test_any_two_limb_leads_serve() -> None:
    without = [lead for lead in LEADS if lead not in ("I", "II", "III", "aVR")]
    part, whole = recording(*without), recording()
    kors = [reconstruct(one, (), "kors").others["VY"] for one in (part, whole)]
    np.testing.assert_allclose(*kors, atol=2e-5)


@pytest.mark.parametrize(
    ("names", "model", "missing"),
    [
        (LEADS, "dower", "no lead VX, VY, VZ"),
        ((*LEADS, "vx", "vz"), "dower", "no lead VY"),
        (("I", "V1"), "kors", "no lead II, V2, V3, V4, V5, V6"),
        (LEADS, "easi", "no lead ES, AS, AI"),
    ],
)
def test_what_is_missing_is_named(names: tuple[str, ...], model: str, missing: str) -> None:
    with pytest.raises(LeadError, match=missing):
        reconstruct(recording(*names), (), model)


def test_a_gap_of_one_input_is_a_gap_of_all_outputs() -> None:
    ptb = recording()
    signals_mv = ptb.source.read(0, ptb.n_samples, range(15))
    signals_mv[13, 100:120] = np.nan
    gapped = Recording(ptb.name, FS_HZ, ptb.channels, ArraySource(signals_mv), 0.001)
    twelve_mv = reconstruct(gapped, (), "dower").read()
    assert np.isnan(twelve_mv[:, 100:120]).all()
    assert np.isfinite(np.delete(twelve_mv, slice(100, 120), axis=1)).all()


def test_transforms_are_listed_last_and_never_the_default() -> None:
    names = [card.name for card in list_models()]
    assert names[-4:] == ["dower", "easi", "kors", "inverse-dower"]
    assert find_model("dower").needs_other_leads
    assert not find_model("dower").takes(LEADS)
    assert find_model("kors").takes(LEADS)
    assert not find_model("kors").takes(("I", "II", "V2"))
    assert find_model().name == "anylead"

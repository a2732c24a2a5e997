"""Intervals of reconstructions: where they are, where they are not, and that they cost nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from beats import twelve_lead_array

from ecgview.engine import spans
from ecgview.engine.cards import ModelCard, list_models
from ecgview.engine.events import Grown
from ecgview.engine.intervals.cards import IntervalCard, find_interval, interval_path
from ecgview.engine.intervals.network import SpreadNetwork, set_index
from ecgview.engine.intervals.spread import load_spread, save_spread
from ecgview.engine.reconstruct import reconstruction_events
from ecgview.engine.reconstructor import Reconstructor
from ecgview.engine.wrapping import finished
from ecgview.errors import ModelError
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording, recording_from_array


@pytest.fixture(scope="module")
def card(tiny_card: ModelCard, tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    """The tiny model with an interval beside it."""
    folder = tmp_path_factory.mktemp("with-interval")
    for suffix in (".safetensors", ".json"):
        source = tiny_card.path.with_suffix(suffix)
        (folder / source.name).write_bytes(source.read_bytes())
    model = replace(tiny_card, path=folder / tiny_card.path.name)
    torch.manual_seed(5)
    network = SpreadNetwork(4, np.eye(8) / 100)
    network.wander_mv.fill_(0.05)
    save_spread(network, IntervalCard("", model.sha256, 4, path=interval_path(model)))
    return model


@pytest.fixture(scope="module")
def reconstructor(card: ModelCard) -> Reconstructor:
    return Reconstructor(card, "cpu")


def recording(duration_s: float = 10.0, gap: slice | None = None) -> Recording:
    signals_mv = twelve_lead_array(500.0, duration_s, seed=4)
    if gap is not None:
        signals_mv[LEADS.index("II"), gap] = np.nan
    return recording_from_array("made", dict(zip(LEADS, signals_mv, strict=True)), 500.0)


def run(
    reconstructor: Reconstructor,
    its: Recording,
    available: tuple[str, ...],
    interval: bool = True,
) -> Reconstruction:
    job = reconstructor.windows(its, available, interval=interval)
    for _ in reconstructor.run([job]):
        pass
    return finished(job, reconstructor, 0.0)


def test_reconstructed_leads_have_a_width_and_no_others(reconstructor: Reconstructor) -> None:
    result = run(reconstructor, recording(), ("I", "II", "V2"))
    assert result.interval is not None
    half_mv = result.interval.half_width(clean=True)
    assert half_mv.shape == (12, 5000)
    for row, lead in enumerate(LEADS):
        if lead in result.reconstructed_leads:
            assert half_mv[row].min() > 0
        else:
            assert not half_mv[row].any()


def test_one_measured_limb_lead_leaves_the_other_limb_leads_a_width(
    reconstructor: Reconstructor,
) -> None:
    result = run(reconstructor, recording(), ("aVL",))
    assert result.interval is not None
    half_mv = result.interval.half_width(clean=True)
    assert not half_mv[LEADS.index("aVL")].any()
    assert (np.delete(half_mv, LEADS.index("aVL"), axis=0) > 0).all()


def test_lower_levels_are_narrower_and_raw_signals_need_more(reconstructor: Reconstructor) -> None:
    interval = run(reconstructor, recording(), ("II",)).interval
    assert interval is not None
    clean_mv = interval.half_width(("V3",), clean=True)
    assert (interval.half_width(("V3",), clean=True, level=0.5) < clean_mv).all()
    raw_mv = interval.half_width(("V3",))
    assert raw_mv == pytest.approx(np.hypot(clean_mv, 0.05), rel=1e-3)


def test_a_gap_is_a_gap(reconstructor: Reconstructor) -> None:
    result = run(reconstructor, recording(gap=slice(1000, 1500)), ("I", "II"))
    assert result.interval is not None
    half_mv = result.interval.half_width(clean=True)
    row = LEADS.index("V4")
    assert np.array_equal(np.isnan(half_mv[row]), np.isnan(result.read(("V4",))[0]))
    assert np.isnan(half_mv[row, 1000:1500]).all()
    assert np.isfinite(half_mv[LEADS.index("I")]).all()


def test_the_estimate_is_the_same_bit_for_bit(reconstructor: Reconstructor) -> None:
    its = recording(60.0)
    without = run(reconstructor, its, ("I", "II", "V2"), interval=False)
    assert without.interval is None
    assert np.array_equal(run(reconstructor, its, ("I", "II", "V2")).read(), without.read())


def test_pieces_give_what_one_piece_gives(
    reconstructor: Reconstructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = recording(90.0)
    in_pieces = run(reconstructor, its, ("II", "V5"))
    monkeypatch.setattr(spans, "_CORE_SAMPLES", 1 << 16)
    whole = run(reconstructor, its, ("II", "V5"))
    assert in_pieces.interval is not None
    assert whole.interval is not None
    assert len(reconstructor.windows(its, ("II", "V5")).spans) == 1
    assert in_pieces.interval.half_width(clean=True) == pytest.approx(
        whole.interval.half_width(clean=True), rel=3e-3
    )


def test_it_grows_with_the_estimate_from_wherever_one_starts(card: ModelCard) -> None:
    its = recording(120.0)
    events = reconstruction_events(its, ("I",), str(card.path), "cpu", first=(50_000, 50_500))
    grown = next(event for event in events if isinstance(event, Grown))
    interval = grown.reconstruction.interval
    assert interval is not None
    part_mv = interval.half_width(("V1",), grown.start, grown.stop, clean=True)
    assert np.isfinite(part_mv).all()
    assert np.isnan(interval.half_width(("V1",), 0, 500, clean=True)).all()
    for _ in events:
        pass
    whole = run(Reconstructor(card, "cpu"), its, ("I",)).interval
    assert whole is not None
    assert np.array_equal(
        interval.half_width(("V1",), clean=True), whole.half_width(("V1",), clean=True)
    )


def test_an_interval_of_other_weights_is_none(card: ModelCard) -> None:
    assert find_interval(card) is not None
    assert find_interval(replace(card, sha256="0" * 64)) is None
    assert load_spread(replace(card, sha256="0" * 64)) is None


def test_damaged_files_are_refused(card: ModelCard, tmp_path: Path) -> None:
    model = replace(card, path=tmp_path / card.path.name)
    weights = interval_path(model)
    weights.write_bytes(interval_path(card).read_bytes() + b"x")
    content = json.loads(interval_path(card).with_suffix(".json").read_text())
    weights.with_suffix(".json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match="do not match"):
        load_spread(model)
    weights.with_suffix(".json").write_text("{}")
    with pytest.raises(ModelError, match="not the card of an interval"):
        load_spread(model)


def test_it_is_no_model_of_its_own() -> None:
    names = [one.name for one in list_models()]
    assert "anylead" in names
    assert not [name for name in names if "intervals" in name]


def test_sets_are_told_apart_by_what_is_known() -> None:
    known = torch.zeros(4, 12, dtype=torch.bool)
    known[1, 2] = True
    known[2, :6] = True
    known[2:, 7] = True
    limb, chest = set_index(known)
    assert limb.tolist() == [0, 3, 7, 0]
    assert chest.tolist() == [0, 0, 2, 2]


def test_a_part_left_out_has_a_calibration_of_its_own() -> None:
    network = SpreadNetwork(4).eval()
    network.log_factors[3] = 1.0
    known = torch.zeros(2, 12, dtype=torch.bool)
    known[:, :6] = True
    signals, estimate = torch.randn(2, 12, 64), torch.randn(2, 8, 64)
    half = network(signals * known[:, :, None], known, estimate, torch.tensor([0, 3]))
    plain = network(signals * known[:, :, None], known, estimate)
    assert torch.allclose(half[0], plain[0])
    assert torch.allclose(half[1, 6:], torch.e * plain[1, 6:], rtol=1e-4)

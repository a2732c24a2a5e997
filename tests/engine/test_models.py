from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.input_sets import (
    PAPER_SETS,
    QUALITY_SETS,
    distinct_sets,
    draw_known,
    known_mask,
    parse_input_sets,
)
from ecgview.engine.models import layers
from ecgview.engine.models.anylead import AnyLeadUNet
from ecgview.engine.models.linear import LeastSquares
from ecgview.engine.models.unet import UNet
from ecgview.errors import LeadError
from ecgview.leads import LEAD_INDEX, LEADS, LIMB_FROM_I_II


def test_unet_of_the_paper_has_its_size() -> None:
    n_weights = sum(tensor.numel() for tensor in UNet(2, 6, 64).parameters())
    assert n_weights == pytest.approx(10.8e6, rel=0.005)


@pytest.mark.parametrize(("n_in", "n_out", "width"), [(1, 11, 4), (32, 8, 6)])
def test_unet_takes_any_counts_and_width(n_in: int, n_out: int, width: int) -> None:
    assert UNet(n_in, n_out, width)(torch.zeros(2, n_in, 64)).shape == (2, n_out, 64)


def test_unet_reaches_no_farther_than_it_says() -> None:
    torch.manual_seed(0)
    unet = UNet(1, 1, 4).eval()
    signal = torch.randn(1, 1, 512)
    with torch.inference_mode():
        before = unet(signal)
        reached = []
        for position in range(240, 256):
            changed = signal.clone()
            changed[..., position] += 10
            moved = (unet(changed) - before).abs()[0, 0].nonzero()
            reached.append(int((moved - position).abs().max()))
    assert 64 < max(reached) <= UNet.REACH


@pytest.mark.parametrize("n_in", [1, 2, 12])
def test_batches_are_computed_as_single_windows_are(
    n_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    unet = UNet(n_in, 8, 4).double()
    signals = torch.randn(9, n_in, 128, dtype=torch.float64, requires_grad=True)
    results = []
    for fewest in (1, 100):
        monkeypatch.setattr(layers, "_FEWEST", fewest)
        assert layers.lift(signals).ndim == (4 if fewest == 1 else 3)
        trained = copy.deepcopy(unet)
        estimate = trained(signals)
        gradients = torch.autograd.grad(estimate.square().sum(), [signals, *trained.parameters()])
        results.append([estimate, trained.eval()(signals), *gradients, *trained.buffers()])
    for batch, single in zip(*results, strict=True):
        torch.testing.assert_close(batch, single, rtol=1e-9, atol=1e-9)


def test_channels_lie_side_by_side_even_after_a_single_one() -> None:
    features = UNet(1, 8, 4).encoder[0](layers.lift(torch.randn(16, 1, 64)))
    assert features.is_contiguous(memory_format=torch.channels_last)


def independent_signals(seed: int = 0) -> tuple[torch.Tensor, np.ndarray]:
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(8, 3)) @ rng.normal(size=(3, 8)) + 0.3 * rng.normal(size=(8, 8))
    signals = mixing @ rng.normal(size=(8, 4096))
    return torch.from_numpy(signals[None].astype(np.float32)), signals @ signals.T / 4096


@pytest.mark.parametrize("available", [("I", "II", "V2"), ("aVR", "V5"), ("V3",), ("II",)])
def test_least_squares_is_least_squares(available: tuple[str, ...]) -> None:
    signals, moments = independent_signals()
    known = torch.from_numpy(known_mask(available))[None]
    twelve = twelve_leads(signals)
    estimate = LeastSquares(moments).predict(twelve * known[..., None], known)[0].numpy()
    features = twelve[0, [LEAD_INDEX[lead] for lead in available]].numpy().astype(float)
    weights, *_ = np.linalg.lstsq(features.T, signals[0].numpy().T.astype(float), rcond=None)
    np.testing.assert_allclose(estimate, weights.T @ features, atol=0.01)


@pytest.mark.parametrize("available", [("aVL", "V1"), ("I",), ("V6",), ("I", "II", "V3")])
def test_estimates_agree_with_what_is_known(available: tuple[str, ...]) -> None:
    signals, moments = independent_signals()
    torch.manual_seed(0)
    model = AnyLeadUNet(4, members=2, moments=moments).eval()
    for member in model.members:
        torch.nn.init.normal_(member.head.weight)
    known = torch.from_numpy(known_mask(available))[None]
    truth = twelve_leads(signals[..., :256])
    with torch.inference_mode():
        rebuilt = twelve_leads(model(truth * known[..., None], known))[0]
    rows = [LEAD_INDEX[lead] for lead in available]
    np.testing.assert_allclose(rebuilt[rows], truth[0, rows], atol=2e-5)
    np.testing.assert_allclose(rebuilt[:6], LIMB_FROM_I_II @ rebuilt[:2].numpy(), atol=1e-5)


def test_members_are_averaged() -> None:
    torch.manual_seed(0)
    model = AnyLeadUNet(4, members=2).eval()
    for member in model.members:
        torch.nn.init.normal_(member.head.weight)
    known = torch.from_numpy(known_mask(("I", "II")))[None]
    signals = torch.randn(1, 12, 64) * known[..., None]
    with torch.inference_mode():
        first, second = model.each(signals, known)
        np.testing.assert_allclose(model(signals, known), (first + second) / 2, atol=1e-6)
    assert (first - second).abs().max() > 0.001


def test_there_are_510_distinct_sets() -> None:
    sets = distinct_sets()
    assert len({known_mask(leads).tobytes() for leads in sets}) == len(sets) == 510
    assert len(PAPER_SETS) == 25
    assert set(QUALITY_SETS) <= set(sets) | set(PAPER_SETS)


def test_training_draws_always_know_and_always_hide_something() -> None:
    masks = draw_known(2000, np.random.default_rng(0))
    assert masks.any(axis=1).all()
    assert (~masks[:, 6:]).any(axis=1).all()
    n_limb = masks[:, :6].sum(axis=1)
    assert set(n_limb) == {0, 1, 6}
    assert len({mask.tobytes() for mask in masks}) > 150


def test_lists_of_sets() -> None:
    assert parse_input_sets("I;I,II,V2") == [("I",), ("I", "II", "V2")]
    assert len(parse_input_sets("paper")) == 25
    with pytest.raises(LeadError, match="leaves no lead"):
        parse_input_sets(",".join(LEADS))

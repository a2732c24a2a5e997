from __future__ import annotations

import numpy as np
import pytest
import torch

from ecgview.engine.learners.anylead import AnyLeadLearner
from ecgview.engine.learners.lead_set import LeadSetLearner
from ecgview.engine.models.lead_set import LeadSetUNet
from ecgview.engine.precision import autocast
from ecgview.engine.recipes import RECIPES

LEADS = ("I", "II", "V2")


def learner(precision: str = "fp32", n_samples: int = 1250, window: int = 1024) -> LeadSetLearner:
    parameters = RECIPES["gradowski2025"].parameters(
        leads=LEADS, base_width=4, batch_size=4, precision=precision, window=window
    )
    signals_mv = np.random.default_rng(0).normal(size=(6, 8, n_samples)).astype(np.float32)
    return LeadSetLearner(signals_mv, np.eye(8), parameters, 0, "cpu")


def test_the_papers_loss_is_the_mean_squared_error_of_the_chest_leads_not_given() -> None:
    its = learner()
    batch = torch.from_numpy(its.draw(np.arange(4)))
    assert torch.equal(batch, torch.from_numpy(its.signals_mv[:4, :, :1024]))
    with torch.no_grad():
        loss = its.loss(batch)
        # I, II and V2 are rows 0, 1 and 3 of the independent leads.
        rebuilt = its.model.network(batch[:, [0, 1, 3]])
    expected = (rebuilt - batch[:, [2, 4, 5, 6, 7]]).square().mean()
    assert float(loss) == pytest.approx(float(expected), rel=1e-5)


def test_the_papers_network_has_the_papers_size() -> None:
    weights = sum(tensor.numel() for tensor in LeadSetUNet(("I", "II"), 64).parameters())
    assert weights == pytest.approx(10.8e6, rel=0.01)


def test_long_recordings_give_several_windows() -> None:
    its = learner(n_samples=1250, window=512)
    assert its.n_windows == 12
    windows = its.draw(np.array([0, 1, 3]))
    np.testing.assert_array_equal(windows[1], its.signals_mv[0, :, 512:1024])
    np.testing.assert_array_equal(windows[2], its.signals_mv[1, :, 512:1024])


def test_an_epoch_sees_every_window_once() -> None:
    its = learner()
    its.shuffle()
    assert sorted(its.order.tolist()) == list(range(6))
    assert len(its.train_on(range(its.n_batches))) == 2


def test_a_lead_set_model_gives_what_it_can_and_nan_elsewhere() -> None:
    model = LeadSetUNet(("I", "V2"), 2).eval()
    signals = torch.randn(1, 12, 64)
    known = torch.zeros(1, 12, dtype=torch.bool)
    known[:, [0, 7]] = True
    with torch.no_grad():
        estimate = model(signals, known)[0]
    assert torch.equal(estimate[[0, 3]], signals[0, [0, 7]])
    assert estimate[1].isnan().all()
    assert estimate[[2, 4, 5, 6, 7]].isfinite().all()


def test_bf16_is_used_where_it_is_asked_for() -> None:
    matrix = torch.randn(4, 4)
    with autocast(torch.device("cpu"), "bf16"):
        assert (matrix @ matrix).dtype is torch.bfloat16
    with autocast(torch.device("cpu"), "fp32"):
        assert (matrix @ matrix).dtype is torch.float32
    losses = {
        precision: float(its.loss(torch.from_numpy(its.draw(np.arange(4)))).detach())
        for precision in ("fp32", "bf16")
        for its in [learner(precision)]
    }
    assert losses["bf16"] != losses["fp32"]
    assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.05)


def test_gradients_are_clipped_where_asked() -> None:
    parameters = RECIPES["anylead"].parameters(base_width=2, clip=1e-3, members=1, window=256)
    signals_mv = np.random.default_rng(0).normal(size=(4, 8, 1250)).astype(np.float32)
    its = AnyLeadLearner(signals_mv, np.eye(8), parameters, 0, "cpu")
    its.shuffle()
    its.train_on(range(1))
    norm = torch.stack([p.grad.norm() for p in its.model.parameters() if p.grad is not None]).norm()
    assert float(norm) == pytest.approx(1e-3, rel=0.01)


def test_validation_does_not_depend_on_chance() -> None:
    parameters = RECIPES["anylead"].parameters(base_width=2, members=1, window=256)
    model = AnyLeadLearner.build(parameters, np.eye(8)).eval()
    truth = torch.randn(8, 8, 256)
    with torch.no_grad():
        losses = [
            AnyLeadLearner.validate(model, truth, parameters, batch)[0] for batch in (0, 0, 1)
        ]
    assert losses[0] == losses[1] != losses[2]

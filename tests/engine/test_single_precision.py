"""Apple's GPUs: no numbers of double precision, and not everything can be calculated on them."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from ecgview.engine.cards import list_models
from ecgview.engine.gpu import is_gpu_failure
from ecgview.engine.intervals.spread import load_spread
from ecgview.engine.signs.leave_one_out import leave_one_out
from ecgview.leads import LEADS


class WithoutDoubles(TorchDispatchMode):
    """Refuses every tensor of double precision, as such a GPU does; here on the CPU too.

    Numbers that come from outside torch may be such: they are converted before the transfer.
    """

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        from_outside = function is torch.ops.aten.lift_fresh.default
        is_double = isinstance(made, torch.Tensor) and made.dtype is torch.float64
        if is_double and not from_outside:
            raise TypeError(f"{function} makes a tensor of double precision")
        return made


@pytest.fixture(scope="module")
def card():
    return next(one for one in list_models() if one.name == "anylead")


def test_the_watch_sees_a_double():
    with WithoutDoubles(), pytest.raises(TypeError, match="double"):
        torch.zeros(3).double()


def test_leads_are_left_out_in_single_precision():
    class Model(torch.nn.Module):
        STRIDE = 16

        def forward(self, signals, known):
            independent = [LEADS.index(lead) for lead in ("I", "II", *LEADS[6:])]
            return signals[:, independent] * 0.5

    signals_mv = np.random.default_rng(1).normal(size=(2, 12, 64)).astype(np.float32)
    with WithoutDoubles():
        fits = leave_one_out(Model(), signals_mv, ("I", "II", "V2", "V4"))
    assert fits.own.dtype == np.float64
    assert np.isfinite(fits.own).all()


def test_the_interval_looks_up_its_tables_in_single_precision(card):
    spread = load_spread(card)
    with WithoutDoubles():
        shares = spread.shares(("I", "II", "V2"))
        wander_mv = spread.wander_mv(("I", "II", "V2"))
    assert wander_mv.dtype == np.float64
    assert shares[0.5].shape == (12,)


def test_what_apples_gpu_cannot_calculate_is_left_to_the_cpu():
    words = "The operator 'aten::roll' is not currently implemented for the MPS device. If you want"
    assert is_gpu_failure(NotImplementedError(words))
    assert not is_gpu_failure(RuntimeError("The size of tensor a (8) must match"))

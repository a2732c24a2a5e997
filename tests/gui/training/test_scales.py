import math

import pytest

from ecgview.gui.training.scales import epoch_ticks, loss_scale, nice_step


def test_losses_of_several_orders_lie_on_a_logarithmic_axis():
    scale = loss_scale([0.5, 0.02, 0.004])
    assert scale.is_log
    assert all(0.004 <= tick <= 0.5 for tick in scale.ticks)
    ratio = scale.place(0.04) - scale.place(0.02)
    assert scale.place(0.4) - scale.place(0.2) == pytest.approx(ratio)


def test_similar_losses_lie_on_a_linear_axis_that_holds_them():
    scale = loss_scale([0.31, 0.29, 0.22])
    assert not scale.is_log
    assert scale.low <= 0.22
    assert scale.high >= 0.31
    assert scale.place(scale.low) == 0
    assert scale.place(scale.high) == 1
    assert scale.ticks[0] == pytest.approx(scale.low)
    assert scale.ticks[-1] == pytest.approx(scale.high)


@pytest.mark.parametrize("values", [[], [0.5], [-1.0, 2.0], [0.0, 1.0], [math.nan, 0.3, 0.4]])
def test_odd_values_have_an_axis_too(values):
    scale = loss_scale(values)
    places = [scale.place(value) for value in values if math.isfinite(value)]
    assert all(0 <= place <= 1 for place in places)
    assert not scale.is_log


def test_few_ticks_even_over_many_decades():
    assert len(loss_scale([1e-6, 10.0]).ticks) <= 9


@pytest.mark.parametrize(("rough", "step"), [(0.11, 0.2), (3, 5), (6, 10), (1, 1), (0.02, 0.02)])
def test_steps_are_round(rough, step):
    assert nice_step(rough) == pytest.approx(step)


@pytest.mark.parametrize(
    ("epochs", "ticks"),
    [(0, ()), (1, (1,)), (3, (1, 2, 3)), (30, (1, 5, 10, 15, 20, 25, 30))],
)
def test_epochs_named_are_the_first_and_round_ones(epochs, ticks):
    assert epoch_ticks(epochs) == ticks

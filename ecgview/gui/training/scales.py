"""Axes of the training curves: where values lie, and which of them are named. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_LOG_FROM_RATIO = 8.0
_LOG_STEPS = (1, 2, 5)
_MOST_TICKS = 6


@dataclass(frozen=True)
class Scale:
    """A map from values to the unit interval.

    Attributes
    ----------
    low, high : float
        The values at 0 and 1.
    is_log : bool
        Whether equal ratios are equally long.
    ticks : tuple of float
        Values to name.
    """

    low: float
    high: float
    is_log: bool
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Give the place of a value, 0 at `low` and 1 at `high`, kept within."""
        if self.is_log:
            part = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return min(max(part, 0.0), 1.0)


def loss_scale(values: Iterable[float]) -> Scale:
    """Choose the axis of losses: logarithmic where they differ by a factor of eight.

    Parameters
    ----------
    values : iterable of float
        All that is drawn; may be empty.

    Returns
    -------
    Scale
        Holds all values that are numbers.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return Scale(0.0, 1.0, False, ())
    low, high = min(finite), max(finite)
    if low > 0 and high / low >= _LOG_FROM_RATIO:
        return _logarithmic(low, high)
    step = nice_step((high - low or abs(high) or 1.0) / 4)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    if high == low:
        high = low + step
    count = round((high - low) / step)
    return Scale(low, high, False, tuple(low + number * step for number in range(count + 1)))


def _logarithmic(low: float, high: float) -> Scale:
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    for steps in (_LOG_STEPS, (1,)):
        ticks = tuple(
            step * 10.0**decade for decade in decades for step in steps
            if low <= step * 10.0**decade <= high
        )  # fmt: skip
        if len(ticks) <= _MOST_TICKS:
            break
    margin = (high / low) ** 0.04
    return Scale(low / margin, high * margin, True, ticks)


def nice_step(rough: float) -> float:
    """Round a step up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def epoch_ticks(epochs: int, most: int = 6) -> tuple[int, ...]:
    """Choose the epochs to name: the first, then round numbers."""
    if epochs < 1:
        return ()
    step = max(1, round(nice_step(epochs / most))) if epochs > 1 else 1
    return (1, *(epoch for epoch in range(step, epochs + 1, step) if epoch > 1))


def tick_text(value: float) -> str:
    """Write a value beside an axis."""
    return f"{value:.3g}"

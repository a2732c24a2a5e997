"""Where the windows of a recording lie: on one absolute grid, whatever is run first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from ecgview.signals.resampling import RateRatio

_CORE_SAMPLES = 2048

Stretch = tuple[int, int]
"""Samples ``[start, stop)`` of a recording."""


@dataclass(frozen=True)
class Span:
    """A window on the model's grid.

    Attributes
    ----------
    start, stop : int
        Model samples that the model sees.
    keep_start, keep_stop : int
        Samples of the recording that are kept of it.
    """

    start: int
    stop: int
    keep_start: int
    keep_stop: int


def plan_spans(n_samples: int, ratio: RateRatio, stride: int, reach: int) -> list[Span]:
    """Cut a recording into windows.

    Parameters
    ----------
    n_samples : int
        Length of the recording.
    ratio : RateRatio
        Model's rate over recording's rate.
    stride : int
        The model pools by this: windows start at its multiples.
    reach : int
        Model samples on either side that an output sample depends on.

    Returns
    -------
    list of Span
        In order; what they keep covers the recording once.
    """
    unit = math.lcm(ratio.up, stride)
    margin = unit * math.ceil((reach + ratio.inverse.reach) / unit)
    core = unit * math.ceil(max(_CORE_SAMPLES, 2 * margin) / unit)
    length = ratio.length(n_samples)
    starts = list(range(0, max(length - 2 * margin, 1), core))
    spans = []
    for core_start, core_stop in pairwise([*starts, length]):
        last = core_stop == length
        spans.append(
            Span(
                start=max(0, core_start - margin),
                stop=length if last else min(length, core_stop + margin),
                keep_start=core_start * ratio.down // ratio.up,
                keep_stop=n_samples if last else core_stop * ratio.down // ratio.up,
            )
        )
    return spans

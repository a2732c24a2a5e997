"""The traces of one lead on the page: which lines it has, and their segments.

Up to two samples a device pixel, samples are joined by lines. Beyond that each pixel column has one
upright bar over all it holds: columns are counted from the start of the recording, so that panning
never changes what a column shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.columns import (
    Bars,
    Scale,
    bars_between,
    bars_of,
    dashed_bars,
    dashed_edges,
    envelope_bars,
    wider,
)
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.lines import NO_SEGMENTS, OVERLAP_PX, Segments
from ecgview.gui.viewer.made_of import NO_TRACES, Lines, Traces
from ecgview.gui.viewer.near_traces import BEYOND_PX, joined
from ecgview.gui.viewer.overlays import DASHES_PX
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEAD_INDEX
from ecgview.signals.pyramid import Extremes

_T = TypeVar("_T")
MOST_SAMPLES_JOINED = 2.0
"""A device pixel with more samples than this is drawn as a bar."""
DENSE_S = 0.1
"""Where a column holds more time, bars are pale bands, and dashes run along their ends."""
_LONGEST_MEAN_S = 0.02
# Columns with more samples than this are no longer made of single samples.
_MOST_MEANT = 16


def lead_traces(
    view: ViewState, page: Page, signals: Signals, cell: Cell, width: float, dpr: float
) -> Traces:
    """Give solid line, dashed line, shading, other estimates and band of one lead in the window.

    Parameters
    ----------
    view : ViewState
        What to show.
    page : Page
        Where.
    signals : Signals
        The samples.
    cell : Cell
        Lead, row and time.
    width, dpr : float
        Width of the window in logical pixels, and device pixels per logical pixel.

    Returns
    -------
    Traces
        In the window, and a few pixels beyond.
    """
    if signals.reconstruction is None and page.is_second_half(cell):
        return NO_TRACES
    return traces_of(view, page, signals, (cell,), width, dpr)


def traces_of(
    view: ViewState, page: Page, signals: Signals, cells: Sequence[Cell], width: float, dpr: float
) -> Traces:
    """Give the traces of leads that show the same time, all together; see `lead_traces`."""
    made_of = [Lines.of(cell, signals) for cell in cells]
    share = signals.share_of(view.interval)
    if are_bars(page, signals, dpr):
        return _Columns(page, cells, signals, width, dpr).draw(made_of, view.shading, share)
    found = [
        joined(page, cell, signals, (width, dpr), one, view.shading, share)
        for cell, one in zip(cells, made_of, strict=True)
    ]
    return Traces(
        _flat([one.original for one in found]),
        _flat([one.reconstruction for one in found]),
        _flat([one.shading for one in found]),
        tuple(other for one in found for other in one.others),
        _flat([one.band for one in found]),
    )


def is_dense(page: Page, dpr: float) -> bool:
    """Tell whether a pixel column holds so much time that most bars are as tall as a beat."""
    return page.px_per_s * dpr * DENSE_S < 1


def are_bars(page: Page, signals: Signals, dpr: float) -> bool:
    """Tell whether samples lie so close that each pixel column is a bar."""
    return signals.recording.fs_hz / (page.px_per_s * dpr) > MOST_SAMPLES_JOINED


class _Columns:
    """The device's pixel columns of a stretch that the window shows, for leads below each other.

    Column k is centred on sample ``k * per_column``, wherever the page begins.
    """

    def __init__(
        self, page: Page, cells: Sequence[Cell], signals: Signals, width: float, dpr: float
    ) -> None:
        fs_hz, cell = signals.recording.fs_hz, cells[0]
        self._dpr, self._fs_hz = dpr, fs_hz
        self._is_dense = is_dense(page, dpr)
        self._per_column = fs_hz / (page.px_per_s * dpr)
        self._rows = [LEAD_INDEX[cell.lead] for cell in cells]
        self._scale = Scale(
            np.array([[page.px_per_mv_in(cell)] for cell in cells]),
            np.array([[page.baselines[cell.row]] for cell in cells]),
        )
        # The centre of the device pixel that sample 0 lies in.
        zero = floor(page.x_in(cell, 0.0) * dpr) + 0.5
        left = max(page.x_of(cell.from_s), -BEYOND_PX) * dpr
        right = min(page.x_of(cell.to_s), width + BEYOND_PX) * dpr
        numbers = np.arange(ceil(left - zero), ceil(right - zero) + 1)
        edges = np.ceil((numbers - 0.5) * self._per_column).astype(np.int64)
        edges = np.clip(edges, 0, signals.recorded.n_samples)
        there = edges[1:] > edges[:-1]
        self._numbers = numbers[:-1][there]
        self._edges = np.append(edges[:-1][there], edges[1:][there][-1:])
        self._x = (zero + self._numbers) / dpr
        self._found: dict[LevelledLeads, Extremes] = {}

    def draw(
        self, made_of: Sequence[Lines], shading: bool, share: NDArray[np.float64] | None
    ) -> Traces:
        """Draw the lines of the leads; `share` scales the widths of bands, None for no bands."""
        if not len(self._numbers):
            return NO_TRACES
        solid = [
            self._bars(leads, chosen).segments()
            for leads, chosen in _sharing([one.solids for one in made_of])
        ]
        dashed = [
            self._dashed(leads, chosen, style)
            for (style, leads), chosen in _sharing([one.dasheds for one in made_of])
        ]
        pairs = _sharing([one.pairs for one in made_of]) if shading else []
        shaded = [self._shading(pair, chosen) for pair, chosen in pairs]
        others = tuple(
            (style, self._dashed(leads, chosen, style))
            for (style, leads), chosen in _sharing([one.others for one in made_of])
        )
        bands = []
        if share is not None:
            its = share[self._rows][:, None]
            pairs = _sharing([one.bands for one in made_of])
            bands = [self._band(pair, its[chosen], chosen) for pair, chosen in pairs]
        return Traces(_flat(solid), _flat(dashed), _flat(shaded), others, _flat(bands))

    def _band(
        self,
        pair: tuple[LevelledLeads, LevelledLeads],
        share: NDArray[np.float64],
        chosen: list[int],
    ) -> Segments:
        """Make the bars of a line longer by the widest half of the interval in each column."""
        line, half = (self._spans(leads, chosen) for leads in pair)
        band = wider(line, share * half.highest)
        return bars_of(band, self._x, self._scale_of(chosen), self._dpr).segments()

    def _bars(self, leads: LevelledLeads, chosen: list[int]) -> Bars:
        """Give the bars of some of the leads."""
        return bars_of(self._spans(leads, chosen), self._x, self._scale_of(chosen), self._dpr)

    def _dashed(self, leads: LevelledLeads, chosen: list[int], style: int) -> Segments:
        bars = self._bars(leads, chosen).longer(OVERLAP_PX / self._dpr)
        draw = dashed_edges if self._is_dense else dashed_bars
        return draw(bars, self._numbers / self._dpr, *DASHES_PX[style])

    def _shading(self, pair: tuple[LevelledLeads, LevelledLeads], chosen: list[int]) -> Segments:
        """Fill between the means of short columns, and between the ends of long ones."""
        per_column, scale = self._per_column, self._scale_of(chosen)
        if per_column < _MOST_MEANT and per_column / self._fs_hz <= _LONGEST_MEAN_S:
            rows = [self._rows[index] for index in chosen]
            one_mv, other_mv = (leads.means(rows, self._edges) for leads in pair)
            return bars_between(one_mv, other_mv, self._x, scale)
        one, other = (self._spans(leads, chosen) for leads in pair)
        return envelope_bars(one, other, self._x, scale)

    def _spans(self, leads: LevelledLeads, chosen: list[int]) -> Extremes:
        """Tell what each column spans; a line and its shading ask for the same."""
        if leads not in self._found:
            self._found[leads] = leads.columns(self._rows, self._edges)
        return self._found[leads].of(chosen)

    def _scale_of(self, chosen: list[int]) -> Scale:
        return Scale(*(values[chosen] for values in self._scale))


def _sharing(things: Sequence[Sequence[_T]]) -> list[tuple[_T, list[int]]]:
    """Tell for each thing which leads have it."""
    together: dict[_T, list[int]] = {}
    for index, of_lead in enumerate(things):
        for thing in of_lead:
            together.setdefault(thing, []).append(index)
    return list(together.items())


def _flat(parts: Sequence[Segments]) -> Segments:
    return np.vstack(parts) if parts else NO_SEGMENTS

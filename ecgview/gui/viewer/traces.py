"""The traces of one lead on the page: which lines it has, and their segments.

Up to two samples a device pixel, samples are joined by lines. Beyond that each pixel column has one
upright bar over all it holds: columns are counted from the start of the recording, so that panning
never changes what a column shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.columns import (
    Bars,
    Scale,
    bars_between,
    bars_of,
    dashed_bars,
    dashed_edges,
    envelope_bars,
)
from ecgview.gui.viewer.labels import is_hidden
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.lines import NO_SEGMENTS, OVERLAP_PX, Segments
from ecgview.gui.viewer.overlays import DASHES_PX
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEAD_INDEX, Origin
from ecgview.signals.pyramid import Extremes

_T = TypeVar("_T")
StyledSegments = tuple[tuple[int, Segments], ...]
"""Lines of other estimates, each with its style."""

MOST_SAMPLES_JOINED = 2.0
"""A device pixel with more samples than this is drawn as a bar."""
DENSE_S = 0.1
"""Where a column holds more time, bars are pale bands, and dashes run along their ends."""
_BEYOND_PX = 3.0
_LONGEST_MEAN_S = 0.02
# Columns with more samples than this are no longer made of single samples.
_MOST_MEANT = 16


class Traces(NamedTuple):
    """What is drawn of a lead, in logical pixels; each of shape (n, 4)."""

    original: Segments
    reconstruction: Segments
    shading: Segments
    others: StyledSegments


NO_TRACES = Traces(NO_SEGMENTS, NO_SEGMENTS, NO_SEGMENTS, ())


def lead_traces(
    view: ViewState, page: Page, signals: Signals, cell: Cell, width: float, dpr: float
) -> Traces:
    """Give solid line, dashed line, shading and other estimates of one lead in the window.

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
    made_of = [_Lines.of(cell, signals) for cell in cells]
    if are_bars(page, signals, dpr):
        return _Columns(page, cells, signals, width, dpr).draw(made_of, view.shading)
    found = [
        _joined(page, cell, signals, (width, dpr), one, view.shading)
        for cell, one in zip(cells, made_of, strict=True)
    ]
    return Traces(
        _flat([one.original for one in found]),
        _flat([one.reconstruction for one in found]),
        _flat([one.shading for one in found]),
        tuple(other for one in found for other in one.others),
    )


def is_dense(page: Page, dpr: float) -> bool:
    """Tell whether a pixel column holds so much time that most bars are as tall as a beat."""
    return page.px_per_s * dpr * DENSE_S < 1


def are_bars(page: Page, signals: Signals, dpr: float) -> bool:
    """Tell whether samples lie so close that each pixel column is a bar."""
    return signals.recording.fs_hz / (page.px_per_s * dpr) > MOST_SAMPLES_JOINED


@dataclass(frozen=True, eq=False)
class _Lines:
    """Which samples the lines of a lead are made of; None for no line."""

    row: int
    solid: LevelledLeads | None
    dashed: LevelledLeads | None
    style: int
    others: tuple[tuple[int, LevelledLeads], ...]

    @classmethod
    def of(cls, cell: Cell, signals: Signals) -> _Lines:
        """Choose for a lead."""
        solid, dashed = _solid_and_dashed(cell, signals)
        others = tuple(_others_of(cell, signals))
        return cls(LEAD_INDEX[cell.lead], solid, dashed, signals.overlays.style, others)

    @property
    def solids(self) -> list[LevelledLeads]:
        """The solid line, if there is one."""
        return [] if self.solid is None else [self.solid]

    @property
    def dasheds(self) -> list[tuple[int, LevelledLeads]]:
        """Style and samples of the dashed line, if there is one."""
        return [] if self.dashed is None else [(self.style, self.dashed)]

    @property
    def pairs(self) -> list[tuple[LevelledLeads, LevelledLeads]]:
        """The lines that are shaded between."""
        return [(self.solid, self.dashed)] if self.solid and self.dashed else []


def _solid_and_dashed(
    cell: Cell, signals: Signals
) -> tuple[LevelledLeads | None, LevelledLeads | None]:
    lead, overlaid, reconstruction = cell.lead, cell.shows == "overlay", signals.reconstruction
    if cell.shows == "available" and is_hidden(lead, reconstruction):
        return None, None
    recorded = signals.recorded if lead in signals.recording.leads else None
    if cell.shows == "original" or reconstruction is None:
        return recorded, None
    if lead in reconstruction.absent:
        return (recorded if overlaid else None), None
    if reconstruction.origins[lead] is Origin.RECONSTRUCTED:
        return (recorded if overlaid else None), signals.rebuilt
    given = recorded is None or cell.shows == "reconstruction"
    return (signals.rebuilt if given else recorded), None


def _others_of(cell: Cell, signals: Signals) -> Iterator[tuple[int, LevelledLeads]]:
    """Style and samples of the other estimates that hold an estimate of the lead."""
    if cell.shows in ("original", "available"):
        return
    for one, leads in zip(signals.overlays.others, signals.overlaid, strict=True):
        if cell.lead in one.reconstruction.reconstructed_leads:
            yield one.style, leads


# Far views: bars


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
        left = max(page.x_of(cell.from_s), -_BEYOND_PX) * dpr
        right = min(page.x_of(cell.to_s), width + _BEYOND_PX) * dpr
        numbers = np.arange(ceil(left - zero), ceil(right - zero) + 1)
        edges = np.ceil((numbers - 0.5) * self._per_column).astype(np.int64)
        edges = np.clip(edges, 0, signals.recorded.n_samples)
        there = edges[1:] > edges[:-1]
        self._numbers = numbers[:-1][there]
        self._edges = np.append(edges[:-1][there], edges[1:][there][-1:])
        self._x = (zero + self._numbers) / dpr
        self._found: dict[LevelledLeads, Extremes] = {}

    def draw(self, made_of: Sequence[_Lines], shading: bool) -> Traces:
        """Draw the lines of the leads."""
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
        return Traces(_flat(solid), _flat(dashed), _flat(shaded), others)

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


# Near views: lines from sample to sample


def _joined(
    page: Page,
    cell: Cell,
    signals: Signals,
    window: tuple[float, float],
    made_of: _Lines,
    shading: bool,
) -> Traces:
    """Draw the lines of a lead; `window` is its width and device pixels per logical pixel."""
    fs_hz, (width, dpr), row = signals.recording.fs_hz, window, made_of.row
    first, stop = _visible_samples(page, cell, fs_hz, signals.recorded.n_samples, width)
    if stop <= first:
        return NO_TRACES
    px_per_mv = page.px_per_mv_in(cell)
    shift = np.array([page.x_of(cell.delay_s), page.baselines[cell.row]] * 2)

    def drawn(leads: LevelledLeads) -> Segments:
        thinned = lines.thin(leads.window(first, stop)[row], first, 1)
        return lines.segments(thinned, fs_hz, page.px_per_s, px_per_mv)

    def dashed_in(style: int, leads: LevelledLeads) -> Segments:
        # They overlap before they are cut, so that the dashes keep their length.
        return lines.dashed(lines.overlapping(drawn(leads), dpr), *DASHES_PX[style]) + shift

    others = tuple((style, dashed_in(style, leads)) for style, leads in made_of.others)
    solid = NO_SEGMENTS if made_of.solid is None else drawn(made_of.solid) + shift
    dashes = NO_SEGMENTS
    if made_of.dashed is not None:
        dashes = dashed_in(made_of.style, made_of.dashed)
    shaded = NO_SEGMENTS
    if shading and made_of.solid is not None and made_of.dashed is not None:
        x, at_samples = _pixel_columns(page, cell.delay_s, (first, stop), fs_hz, dpr)
        upper, lower = (
            lines.column_means(leads.window(first, stop)[row], first, 1, at_samples)
            for leads in (made_of.solid, made_of.dashed)
        )
        shaded = lines.difference_bars(upper, lower, x, px_per_mv)
        shaded = shaded + np.array([0.0, page.baselines[cell.row]] * 2)
    return Traces(solid, dashes, shaded, others)


def _pixel_columns(
    page: Page, delay_s: float, samples: tuple[int, int], fs_hz: float, dpr: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the device's pixel columns over some samples: in x and as sample numbers."""
    first, stop = samples
    left, right = (page.x_of(sample / fs_hz + delay_s) * dpr for sample in (first, stop - 1))
    x = np.arange(ceil(left - 0.5), ceil(right - 0.5), dtype=np.float64)
    x = (x + 0.5) / dpr
    return x, (page.start_s + (x - page.left) / page.px_per_s - delay_s) * fs_hz


def _visible_samples(
    page: Page, cell: Cell, fs_hz: float, n_samples: int, width: float
) -> tuple[int, int]:
    """First and last + 1 sample of a cell that the window shows."""
    # One sample and a line's width beyond the window, so that lines run out of it.
    from_s = max(cell.from_s, page.time_of(-_BEYOND_PX) - 1 / fs_hz)
    to_s = min(cell.to_s, page.time_of(width + _BEYOND_PX) + 1 / fs_hz)
    # A start that is a sample's time up to rounding belongs to that sample.
    first, stop = (ceil((time_s - cell.delay_s) * fs_hz - 1e-6) for time_s in (from_s, to_s))
    return max(first, 0), min(stop, n_samples)

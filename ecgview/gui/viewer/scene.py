"""What to draw: a pure function from the view and the signals to lines, bars and words.

Nothing here knows Qt. Coordinates are logical pixels of the window, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from ecgview.gui.viewer import labels
from ecgview.gui.viewer.layout import PULSE_MV, PULSE_S, Cell, Page, Window, lay_out, restarted
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.traces import StyledSegments, lead_traces
from ecgview.leads import Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement

_LABEL_INDENT = 4.0
_LABEL_CLEARANCE = 6.0
_LABEL_HEIGHT = 9.0
_LEAST_LABEL_RISE_MM = 12.0
_MOST_LABEL_RISE_IN_ROW = 0.5
_LEAST_LABEL_ROOM = 24.0


@dataclass(frozen=True)
class Label:
    """A lead's name and the words on its origin.

    Attributes
    ----------
    lead : str
        Written bold at the left.
    texts : tuple of str
        The words that follow it, from the fullest to the shortest; the first that fits.
    origin : Origin or None
        Decides their colour; None for a lead that is not there.
    x, y : float
        Left end of the text's base line.
    room : float
        Width that name and words may take.
    """

    lead: str
    texts: tuple[str, ...]
    origin: Origin | None
    x: float
    y: float
    room: float


@dataclass(frozen=True, eq=False)
class Panel:
    """One lead's traces on the page.

    Attributes
    ----------
    cell : Cell
        Lead, place and time.
    x, width, baseline : float
        Where it lies.
    label : Label or None
        None where its start is scrolled out and too little of it is left.
    original : ndarray, shape (segments, 4)
        The solid line.
    reconstruction : ndarray, shape (segments, 4)
        The dashed line, already cut into dashes.
    shading : ndarray, shape (bars, 4)
        The difference, one upright bar a device pixel wide for each column.
    others : tuple of (int, ndarray)
        Style and dashed line of each other estimate.
    """

    cell: Cell
    x: float
    width: float
    baseline: float
    label: Label | None
    original: Segments
    reconstruction: Segments
    shading: Segments
    others: StyledSegments = ()


@dataclass(frozen=True, eq=False)
class Scene:
    """All that is drawn in the trace area.

    Attributes
    ----------
    width, height, dpr : float
        The window, and device pixels per logical pixel.
    page : Page
        The layout; a heavy line of the grid runs through ``page.left`` and one through the
        first base line.
    panels : tuple of Panel
        The leads; empty without a recording.
    pulses : ndarray, shape (segments, 4)
        Calibration pulses of 1 mV and 0.2 s.
    breaks : ndarray, shape (segments, 4)
        Short upright lines where a row goes on with another lead.
    band : tuple of float or None
        Left and right edge of the marked stretch.
    footer : str
        The scale in words.
    stretch : str
        The time on the page, where the recording is longer than a page.
    notice : str
        ``SIMULATED``, or nothing.
    style : int
        Of the reconstruction; see `overlays`.
    """

    width: float
    height: float
    dpr: float
    page: Page
    panels: tuple[Panel, ...]
    pulses: Segments
    breaks: Segments
    band: tuple[float, float] | None
    footer: str
    stretch: str
    notice: str
    style: int = 0


def build_scene(
    view: ViewState,
    recording: Recording | None,
    reconstruction: Reconstruction | None,
    agreement: Agreement | None,
    width: float,
    height: float,
    dpr: float = 1.0,
    *,
    signals: Signals | None = None,
    overlays: Overlays = NO_OVERLAYS,
    page: Page | None = None,
) -> Scene:
    """Work out what the trace area shows.

    Parameters
    ----------
    view : ViewState
        Layout, scale and position.
    recording : Recording or None
        None gives empty paper.
    reconstruction : Reconstruction or None
        Its reconstructed leads are drawn dashed.
    agreement : Agreement or None
        The correlations that the labels quote.
    width, height : float
        Size of the window in logical pixels.
    dpr : float
        Device pixels per logical pixel.
    signals : Signals, optional
        Readers of `recording`, `reconstruction` and `overlays` that keep what they have read;
        made anew by default.
    overlays : Overlays
        Other estimates of the recording; those of `signals` where these are given.
    page : Page, optional
        Another layout than that of the view.

    Returns
    -------
    Scene
        In logical pixels.
    """
    page = page or lay_out(view, Window(width, height, dpr))
    panels: tuple[Panel, ...] = ()
    if recording is not None:
        page = restarted(page, recording.duration_s)
        signals = signals or Signals.of(recording, reconstruction, overlays)
        panels = _panels(view, page, signals, agreement, width, dpr)
    return Scene(
        width=width,
        height=height,
        dpr=dpr,
        page=page,
        panels=panels,
        pulses=_pulses(page) if panels else NO_SEGMENTS,
        breaks=_breaks(page) if panels else NO_SEGMENTS,
        band=band_of(view, page),
        footer=labels.footer(view, recording.fs_hz if recording else None),
        stretch=labels.stretch(view, recording.duration_s) if recording else "",
        notice=labels.SIMULATED if recording and recording.simulated else "",
        style=signals.overlays.style if signals else 0,
    )


def band_of(view: ViewState, page: Page) -> tuple[float, float] | None:
    """Left and right edge of the marked stretch on the page."""
    if view.mark_s is None:
        return None
    return page.x_of(view.mark_s[0]), page.x_of(view.mark_s[1])


def _panels(
    view: ViewState,
    page: Page,
    signals: Signals,
    agreement: Agreement | None,
    width: float,
    dpr: float,
) -> tuple[Panel, ...]:
    figures = labels.correlations(agreement, signals.recording.leads)
    rise = _label_rise(page, signals)
    # All of the page at once; the panels then find it read.
    signals.read_ahead(view.start_s, view.start_s + view.page_s)
    panels = []
    for cell in page.cells:
        x, right = page.x_of(cell.from_s), page.x_of(cell.to_s)
        if right < 0 or x > width:
            continue
        origin = labels.lead_origin(cell.lead, signals.recording, signals.reconstruction, view.show)
        texts = labels.origin_texts(origin, figures.get(cell.lead, ""))
        baseline = page.baselines[cell.row]
        traces = lead_traces(view, page, signals, cell, width, dpr)
        label = _label(page, cell, texts, origin, rise, min(right, width))
        panels.append(Panel(cell, x, right - x, baseline, label, *traces))
    return tuple(panels)


def _label_rise(page: Page, signals: Signals) -> float:
    """How far above the zero line the lead names stand: clear of most R waves, one for all."""
    peak = float(signals.recorded.peaks_mv().max())
    wanted = max(peak * page.px_per_mv + _LABEL_CLEARANCE, _LEAST_LABEL_RISE_MM * page.px_per_mm)
    return min(wanted, _MOST_LABEL_RISE_IN_ROW * page.pitch)


def _label(
    page: Page,
    cell: Cell,
    texts: tuple[str, ...],
    origin: Origin | None,
    rise: float,
    right: float,
) -> Label | None:
    # Scrolled out to the left, the name stays in sight as long as its trace does.
    x = max(page.x_of(cell.from_s), 0.0) + _LABEL_INDENT
    room = right - x - _LABEL_INDENT
    y = _between_heavy_lines(page, page.baselines[cell.row] - rise)
    return Label(cell.lead, texts, origin, x, y, room) if room >= _LEAST_LABEL_ROOM else None


def _between_heavy_lines(page: Page, y: float) -> float:
    """Move a line of text into a large square, so that no heavy line strikes it through."""
    square = 5 * page.px_per_mm
    inset = (square - _LABEL_HEIGHT) / 2
    # Up where rows stand far apart, so as to stay clear of the trace; else to the nearest.
    to_whole = floor if page.pitch > 6 * square else round
    return page.baselines[0] + square * to_whole((y + inset - page.baselines[0]) / square) - inset


def _pulses(page: Page) -> Segments:
    """Calibration pulse left of each row: 1 mV high, 0.2 s wide, with short feet."""
    width, height = PULSE_S * page.px_per_s, PULSE_MV * page.px_per_mv
    foot = page.px_per_mm
    # Half a large square before the trace, so on lines of the grid or halfway between them.
    x = page.left - 2.5 * foot - width
    across = np.array([x - foot, x, x, x + width, x + width, x + width + foot])
    up = np.array([0, 0, -height, -height, 0, 0])
    one = np.stack([across[:-1], up[:-1], across[1:], up[1:]], axis=1)
    # Pulses taller than a row would run into each other: then one stands for all.
    rows = page.baselines if height < page.pitch else page.baselines[-1:]
    return np.vstack([one + np.array([0, baseline, 0, baseline]) for baseline in rows])


def _breaks(page: Page) -> Segments:
    half = 3 * page.px_per_mm
    found = [
        (page.x_of(cell.from_s), page.baselines[cell.row] - half)
        for cell in page.cells
        if cell.column
    ]
    return np.array([[x, y, x, y + 2 * half] for x, y in found]).reshape(-1, 4)

"""What to draw: a pure function from the view and the signals to lines, bars and words.

Nothing here knows Qt. Coordinates are logical pixels of the window, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ecgview.gui.viewer import labels
from ecgview.gui.viewer.filtered_signals import Unfiltered
from ecgview.gui.viewer.furniture import (
    Heading,
    Label,
    breaks,
    headings,
    label_rise,
    place_label,
    pulses,
)
from ecgview.gui.viewer.layout import Cell, Page, Window, lay_out, restarted
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.made_of import StyledSegments
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.time_grid import TimeLabel, time_labels
from ecgview.gui.viewer.traces import lead_traces
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement


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
    band : ndarray, shape (bars, 4)
        The interval around the reconstruction, one upright bar for each column.
    """

    cell: Cell
    x: float
    width: float
    baseline: float
    label: Label | None
    original: Segments = field(default_factory=NO_SEGMENTS.copy)
    reconstruction: Segments = field(default_factory=NO_SEGMENTS.copy)
    shading: Segments = field(default_factory=NO_SEGMENTS.copy)
    others: StyledSegments = ()
    band: Segments = field(default_factory=NO_SEGMENTS.copy)


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
    bands : tuple of (float, float)
        Left and right edge of the marked stretch, once for each time the page shows it.
    footer : str
        The scale in words.
    stretch : str
        The time on the page, where the recording is longer than a page.
    notice : str
        ``SIMULATED``, or nothing.
    style : int
        Of the reconstruction; see `overlays`.
    filters : str
        The filters that are on, or nothing.
    headings : tuple of Heading
        Words over the halves of the page.
    times : tuple of TimeLabel
        Times of the heavy lines, where these stand for times.
    """

    width: float
    height: float
    dpr: float
    page: Page
    panels: tuple[Panel, ...]
    pulses: Segments
    breaks: Segments
    bands: tuple[tuple[float, float], ...]
    footer: str
    stretch: str
    notice: str
    style: int = 0
    filters: str = ""
    headings: tuple[Heading, ...] = ()
    times: tuple[TimeLabel, ...] = ()


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
    traces: bool = True,
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
        Readers of `recording`, `reconstruction` and `overlays` that keep what they have read,
        filtered as `view` says; made anew by default.
    overlays : Overlays
        Other estimates of the recording; those of `signals` where these are given.
    page : Page, optional
        Another layout than that of the view.
    traces : bool
        False to leave the traces out: the window keeps them in tiles.

    Returns
    -------
    Scene
        In logical pixels.
    """
    page = page or lay_out(view, Window(width, height, dpr))
    panels: tuple[Panel, ...] = ()
    if recording is not None:
        page = restarted(page, recording.duration_s)
        if signals is None:
            signals = Unfiltered(recording, reconstruction, overlays).signals(view.filters)
        panels = _panels(view, page, signals, agreement, width)
        if traces:
            panels = tuple(
                replace(panel, **lead_traces(view, page, signals, panel.cell, width, dpr)._asdict())
                for panel in panels
            )
    return Scene(
        width=width,
        height=height,
        dpr=dpr,
        page=page,
        panels=panels,
        pulses=pulses(page) if panels else NO_SEGMENTS,
        breaks=breaks(page) if panels else NO_SEGMENTS,
        bands=bands_of(view, page),
        footer=labels.footer(
            view,
            recording.fs_hz if recording else None,
            labels.band_words(view, reconstruction),
        ),
        stretch=labels.stretch(view, recording.duration_s) if recording else "",
        notice=labels.SIMULATED if recording and recording.simulated else "",
        style=signals.overlays.style if signals else 0,
        filters=labels.filter_notice(view.filters) if panels else "",
        headings=headings(page) if panels else (),
        times=time_labels(page, width) if panels else (),
    )


def bands_of(view: ViewState, page: Page) -> tuple[tuple[float, float], ...]:
    """Left and right edge of the marked stretch, once for each time the page shows it."""
    return page.spans(*view.mark_s) if view.mark_s is not None else ()


def _panels(
    view: ViewState,
    page: Page,
    signals: Signals,
    agreement: Agreement | None,
    width: float,
) -> tuple[Panel, ...]:
    """Name the leads in sight."""
    figures = labels.correlations(agreement, signals.recording.leads)
    rise = label_rise(page, signals)
    panels = []
    for cell in page.cells:
        x, right = page.x_of(cell.from_s), page.x_of(cell.to_s)
        if right < 0 or x > width:
            continue
        origin = labels.lead_origin(
            cell.lead, signals.recording, signals.reconstruction, cell.shows
        )
        texts = labels.origin_texts(origin, figures.get(cell.lead, ""))
        if signals.reconstruction is None and page.is_second_half(cell):
            origin, texts = None, labels.AWAITED
        if cell.shows == "available" and labels.is_hidden(cell.lead, signals.reconstruction):
            texts = labels.HIDDEN
        baseline = page.baselines[cell.row]
        label = place_label(page, cell, texts, origin, rise, min(right, width))
        panels.append(Panel(cell, x, right - x, baseline, label))
    return tuple(panels)

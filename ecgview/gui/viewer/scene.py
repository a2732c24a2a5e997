"""What to draw: a pure function from the view and the signals to lines, bars and words.

Nothing here knows Qt. Coordinates are logical pixels of the window, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer import labels, lines
from ecgview.gui.viewer.layout import PULSE_MV, PULSE_S, Cell, Page, lay_out
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.signals import LevelledLeads
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEAD_INDEX, Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement

_LABEL_INDENT = 4.0
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
    """

    cell: Cell
    x: float
    width: float
    baseline: float
    label: Label | None
    original: Segments
    reconstruction: Segments
    shading: Segments


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


@dataclass(frozen=True, eq=False)
class Signals:
    """A recording and, where there is one, its reconstruction, ready to be drawn.

    Attributes
    ----------
    recording : Recording
        Facts about it.
    recorded : LevelledLeads
        Its samples.
    reconstruction : Reconstruction or None
        Facts about it.
    rebuilt : LevelledLeads or None
        Its samples.
    """

    recording: Recording
    recorded: LevelledLeads
    reconstruction: Reconstruction | None = None
    rebuilt: LevelledLeads | None = None

    @classmethod
    def of(cls, recording: Recording, reconstruction: Reconstruction | None = None) -> Signals:
        """Make the readers."""
        recorded = LevelledLeads.of_recording(recording)
        return cls(recording, recorded).with_reconstruction(reconstruction)

    def with_reconstruction(self, reconstruction: Reconstruction | None) -> Signals:
        """Put another reconstruction beside the same recording."""
        rebuilt = None
        if reconstruction is not None:
            rebuilt = LevelledLeads.of_reconstruction(reconstruction, self.recording.fs_hz)
        return Signals(self.recording, self.recorded, reconstruction, rebuilt)


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
        Readers of `recording` and `reconstruction` that keep what they have read; made anew
        by default.

    Returns
    -------
    Scene
        In logical pixels.
    """
    page = lay_out(view, width, height, dpr)
    panels: tuple[Panel, ...] = ()
    if recording is not None:
        signals = signals or Signals.of(recording, reconstruction)
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
    panels = []
    for cell in page.cells:
        x, right = page.x_of(cell.from_s), page.x_of(cell.to_s)
        if right < 0 or x > width:
            continue
        origin = labels.lead_origin(cell.lead, signals.recording, signals.reconstruction, view.show)
        texts = labels.origin_texts(origin, figures.get(cell.lead, ""))
        baseline = page.baselines[cell.row]
        traces = _traces(view, page, signals, cell, width, dpr)
        label = _label(page, cell, texts, origin, min(right, width))
        panels.append(Panel(cell, x, right - x, baseline, label, *traces))
    return tuple(panels)


def _label(
    page: Page, cell: Cell, texts: tuple[str, ...], origin: Origin | None, right: float
) -> Label | None:
    # Scrolled out to the left, the name stays in sight as long as its trace does.
    x = max(page.x_of(cell.from_s), 0.0) + _LABEL_INDENT
    room = right - x - _LABEL_INDENT
    y = page.baselines[cell.row] - page.label_rise
    return Label(cell.lead, texts, origin, x, y, room) if room >= _LEAST_LABEL_ROOM else None


def _traces(
    view: ViewState, page: Page, signals: Signals, cell: Cell, width: float, dpr: float
) -> tuple[Segments, Segments, Segments]:
    """Solid line, dashed line and shading of one lead."""
    fs_hz = signals.recording.fs_hz
    first, stop = _visible_samples(page, cell, fs_hz, signals.recorded.n_samples, width)
    if stop <= first:
        return NO_SEGMENTS, NO_SEGMENTS, NO_SEGMENTS
    solid_mv, dashed_mv = _lines_of(view, signals, cell.lead, first, stop)
    per_bin = lines.samples_per_bin(fs_hz / (page.px_per_s * dpr))
    shift = np.array([page.x_of(0.0), page.baselines[cell.row]] * 2)

    def drawn(signal_mv: NDArray[np.float32]) -> Segments:
        thinned = lines.thin(signal_mv, first, per_bin)
        return lines.segments(thinned, fs_hz, page.px_per_s, page.px_per_mv)

    solid = NO_SEGMENTS if solid_mv is None else drawn(solid_mv) + shift
    dashes = NO_SEGMENTS if dashed_mv is None else lines.dashed(drawn(dashed_mv)) + shift
    shading = NO_SEGMENTS
    if view.shading and solid_mv is not None and dashed_mv is not None:
        # Centres of the device's pixel columns between the first and the last sample.
        edges = page.x_of(first / fs_hz) * dpr, page.x_of((stop - 1) / fs_hz) * dpr
        x = (np.arange(ceil(edges[0] - 0.5), ceil(edges[1] - 0.5)) + 0.5) / dpr
        at = (page.start_s + (x - page.left) / page.px_per_s) * fs_hz
        means = [lines.column_means(lead, first, per_bin, at) for lead in (solid_mv, dashed_mv)]
        bars = lines.difference_bars(means[0], means[1], x, page.px_per_mv)
        shading = bars + np.array([0.0, page.baselines[cell.row]] * 2)
    return solid, dashes, shading


def _visible_samples(
    page: Page, cell: Cell, fs_hz: float, n_samples: int, width: float
) -> tuple[int, int]:
    """First and last + 1 sample of a cell that the window shows."""
    # One sample beyond the window, so that lines run out of it.
    from_s = max(cell.from_s, page.time_of(0.0) - 1 / fs_hz)
    to_s = min(cell.to_s, page.time_of(width) + 1 / fs_hz)
    # A start that is a sample's time up to rounding belongs to that sample.
    first, stop = (ceil(time_s * fs_hz - 1e-6) for time_s in (from_s, to_s))
    return max(first, 0), min(stop, n_samples)


def _lines_of(
    view: ViewState, signals: Signals, lead: str, first: int, stop: int
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]:
    """Which signals to draw solid and dashed, in mV; None for no line."""
    row = LEAD_INDEX[lead]
    recorded = None
    if lead in signals.recording.leads:
        recorded = signals.recorded.window(first, stop)[row]
    if view.show == "original" or signals.reconstruction is None or signals.rebuilt is None:
        return recorded, None
    rebuilt = signals.rebuilt.window(first, stop)[row]
    if signals.reconstruction.origins[lead] is Origin.RECONSTRUCTED:
        return (recorded if view.show == "overlay" else None), rebuilt
    return (rebuilt if recorded is None or view.show == "reconstruction" else recorded), None


def _pulses(page: Page) -> Segments:
    """Calibration pulse left of each row: 1 mV high, 0.2 s wide, with short feet."""
    width, height = PULSE_S * page.px_per_s, PULSE_MV * page.px_per_mv
    foot = page.px_per_mm
    x = page.left - 1.5 * foot - width
    corners = [(0, 0), (foot, 0), (foot, -height), (foot + width, -height), (foot + width, 0)]
    outline = np.array([*corners, (2 * foot + width, 0)]) + (x - foot, 0)
    one = np.hstack([outline[:-1], outline[1:]])
    # Pulses taller than a row would run into each other: then one stands for all.
    rows = page.baselines if height < page.pitch else page.baselines[-1:]
    return np.vstack([one + np.array([0, baseline, 0, baseline]) for baseline in rows])


def _breaks(page: Page) -> Segments:
    half = 2.5 * page.px_per_mm
    found = [
        (page.x_of(cell.from_s), page.baselines[cell.row] - half)
        for cell in page.cells
        if cell.column
    ]
    return np.array([[x, y, x, y + 2 * half] for x, y in found]).reshape(-1, 4)

"""Work out the page of the average beat: twelve panels on ECG paper, to one scale.

A scene as the painters of the traces know it, and a drawing of the markers over it. Nothing here
knows Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.beats.page_layout import (
    GAIN_MM_MV,
    SPEED_MM_S,
    DrawnBeat,
    lay_out,
    reach_mm,
)
from ecgview.gui.viewer import lines
from ecgview.gui.viewer.drawing import Drawing, Strokes, Words
from ecgview.gui.viewer.furniture import Label
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.overlays import DASHES_PX, STYLE_COLOURS
from ecgview.gui.viewer.page import Cell, Page
from ecgview.gui.viewer.scene import Panel, Scene
from ecgview.leads import LEAD_INDEX, Origin
from ecgview.measurements.average import AverageBeat
from ecgview.measurements.markers import MARKERS

FOOTER = (
    f"Average beat · {SPEED_MM_S:g} mm/s · {GAIN_MM_MV:g} mm/mV · filters off · "
    "fitted, not to scale"
)
_LABEL_PX = 17.0
_MARK_PX = 5.0
_WORD_PX = 10
_WORD_GAP_PX = 4.0
_NAMED_PX_PER_MM = 2.4
"""Markers are named where a millimetre has so many pixels."""


@dataclass(frozen=True, eq=False)
class AveragePage:
    """Everything that is painted: paper and traces, and the markers over them."""

    scene: Scene
    markers: Drawing = field(default_factory=Drawing)


def average_page(
    average: AverageBeat,
    width: float,
    height: float,
    dpr: float = 1.0,
    *,
    style: int = 0,
    notice: str = "",
    hidden: tuple[str, ...] = (),
    largest: float | None = None,
    text_scale: float = 1.0,
) -> AveragePage:
    """Work out what the view of the average beat shows.

    Parameters
    ----------
    average : AverageBeat
        What to draw.
    width, height : float
        Room in logical pixels.
    dpr : float
        Device pixels per logical pixel.
    style : int
        Dashes and colour of the reconstruction; see `overlays`.
    notice : str
        ``SIMULATED``, or nothing.
    hidden : tuple of str
        Leads that are to be guessed: neither line is drawn.
    largest : float, optional
        Pixels of a millimetre where there is room for them: those of true size, on paper.
    text_scale : float
        How much larger words are than usual.

    Returns
    -------
    AveragePage
        In logical pixels.
    """
    drawn = DrawnBeat(average, hidden, text_scale)
    page = lay_out(drawn, width, height, dpr, largest)
    panels = tuple(_panel(drawn, page, cell, dpr, style) for cell in page.cells)
    scene = Scene(
        width=width,
        height=height,
        dpr=dpr,
        page=page,
        panels=panels,
        pulses=NO_SEGMENTS,
        breaks=NO_SEGMENTS,
        bands=(),
        footer=FOOTER,
        stretch="",
        notice=notice,
        style=style,
    )
    return AveragePage(scene, _markers(drawn, page, style))


def _panel(drawn: DrawnBeat, page: Page, cell: Cell, dpr: float, style: int) -> Panel:
    solid_mv, dashed_mv = drawn.lines_mv(cell.lead)
    baseline = page.baselines[cell.row]
    shift = np.array([page.x_of(cell.delay_s), baseline] * 2)

    def segments(line_mv: NDArray[np.float64]) -> Segments:
        thinned = lines.thin(line_mv, 0, 1)
        return lines.segments(thinned, drawn.fs_hz, page.px_per_s, page.px_per_mv)

    dashed = lines.dashed(lines.overlapping(segments(dashed_mv), dpr), *DASHES_PX[style])
    x = page.x_of(cell.from_s)
    return Panel(
        cell,
        x,
        page.x_of(cell.to_s) - x,
        baseline,
        _label(drawn, page, cell),
        segments(solid_mv) + shift,
        dashed + shift,
        _shading(drawn, page, cell, dpr),
    )


def _shading(drawn: DrawnBeat, page: Page, cell: Cell, dpr: float) -> Segments:
    """One upright bar from line to line for each pixel column."""
    solid_mv, dashed_mv = drawn.lines_mv(cell.lead)
    first, last = (page.x_in(cell, second) * dpr for second in (0.0, drawn.length_s))
    x = (np.arange(ceil(first), floor(last)) + 0.5) / dpr
    sample = (x - page.x_in(cell, 0.0)) / page.px_per_s * drawn.fs_hz
    every = np.arange(solid_mv.size)
    upper, lower = (np.interp(sample, every, line) for line in (solid_mv, dashed_mv))
    bars = lines.difference_bars(upper, lower, x, page.px_per_mv)
    return bars + np.array([0.0, page.baselines[cell.row]] * 2)


def _label(drawn: DrawnBeat, page: Page, cell: Cell) -> Label:
    origin, texts = _origin(drawn, cell.lead)
    x = page.x_of(cell.from_s) + 6.0
    row = tuple(other.lead for other in page.cells if other.row == cell.row)
    y = (
        page.baselines[cell.row]
        - reach_mm(drawn, row)[0] * page.px_per_mm
        - _LABEL_PX * drawn.text_scale
    )
    return Label(cell.lead, texts, origin, x, max(y, 14.0), page.x_of(cell.to_s) - x - 4.0)


def _origin(drawn: DrawnBeat, lead: str) -> tuple[Origin | None, tuple[str, ...]]:
    """Where a lead comes from, and the words for it; the correlation of the average beats."""
    row = LEAD_INDEX[lead]
    if lead in drawn.hidden:
        return None, ("?",)
    if np.isfinite(drawn.average.rebuilt_mv[row]).any():
        pcc = drawn.average.pcc[row]
        figure = f"{pcc:.2f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(pcc) else ""
        tail = f" · {figure}" if figure else ""
        texts = (f"≈ reconstructed{tail}", f"≈ {figure}".strip(), "≈")
        return Origin.RECONSTRUCTED, texts
    if not np.isfinite(drawn.average.original_mv[row]).any():
        return None, ("not in file", "absent")
    if drawn.average.origins.get(lead) is Origin.DERIVED:
        return Origin.DERIVED, ("= derived", "=")
    return Origin.MEASURED, ("measured",)


def _markers(drawn: DrawnBeat, page: Page, style: int) -> Drawing:
    """Level ticks where the markers were measured, on both lines; names at the original's."""
    strokes: list[Strokes] = []
    for measured, colour in (
        (drawn.average.original, "original"),
        (drawn.average.rebuilt, STYLE_COLOURS[style]),
    ):
        ticks = [
            (x - _MARK_PX, y, x + _MARK_PX, y)
            for cell in page.cells
            for _, x, y in _places(drawn, page, cell, measured.values_mv, measured.at)
        ]
        if ticks:
            strokes.append(Strokes(np.array(ticks), colour, 1.6))
    words = (
        tuple(_names(drawn, page)) if page.px_per_mm >= _NAMED_PX_PER_MM * drawn.text_scale else ()
    )
    return Drawing(strokes=tuple(strokes), words=words)


def _places(
    drawn: DrawnBeat,
    page: Page,
    cell: Cell,
    values_mv: NDArray[np.float64],
    at: NDArray[np.float64],
) -> Iterator[tuple[int, float, float]]:
    """Give number and place of each marker of a lead that was measured."""
    row = LEAD_INDEX[cell.lead]
    if cell.lead in drawn.hidden:
        return
    for number, (value_mv, sample) in enumerate(zip(values_mv[row], at[row], strict=True)):
        if np.isfinite(value_mv):
            yield number, page.x_in(cell, sample / drawn.fs_hz), page.y_in(cell, value_mv)


def _names(drawn: DrawnBeat, page: Page) -> Iterator[Words]:
    """Name the markers of the original, clear of the ticks of both."""
    original, rebuilt = drawn.average.original, drawn.average.rebuilt
    size_px = round(_WORD_PX * drawn.text_scale)
    for cell in page.cells:
        others = {
            number: y for number, _, y in _places(drawn, page, cell, rebuilt.values_mv, rebuilt.at)
        }
        for number, x, y in _places(drawn, page, cell, original.values_mv, original.at):
            name, other = MARKERS[number], others.get(number, y)
            if name == "S" or (name in "PT" and y > page.baselines[cell.row]):
                at = max(y, other) + _WORD_GAP_PX + 0.9 * size_px
            else:
                at = min(y, other) - _WORD_GAP_PX
            yield Words(x, at, name, "secondary", size_px, align=0.5)

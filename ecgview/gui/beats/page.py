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

from ecgview.gui.viewer import lines
from ecgview.gui.viewer.drawing import Drawing, Strokes, Words
from ecgview.gui.viewer.furniture import Label
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.overlays import DASHES_PX, STYLE_COLOURS
from ecgview.gui.viewer.page import Cell, Page
from ecgview.gui.viewer.scene import Panel, Scene
from ecgview.leads import LEAD_INDEX, LEADS, Origin
from ecgview.measurements.average import AverageBeat
from ecgview.measurements.markers import MARKERS

_Rows = tuple[tuple[str, ...], ...]
ARRANGEMENTS: tuple[_Rows, ...] = (
    (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6")),
    (LEADS[:6], LEADS[6:]),
)
"""The one in which beats come out largest is taken."""
SPEED_MM_S = 50.0
GAIN_MM_MV = 10.0
FOOTER = f"Average beat · {SPEED_MM_S:g} mm/s · {GAIN_MM_MV:g} mm/mV · fitted, not to scale"
_HEAD_PX = 32.0
_FOOT_PX = 19.0
_LABEL_PX = 17.0
_EDGE_MM = 2.0
_LEAST_MV = 0.4
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

    Returns
    -------
    AveragePage
        In logical pixels.
    """
    drawn = _Drawn(average, hidden)
    page = _lay_out(drawn, width, height, dpr)
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


class _Drawn:
    """The lines that are drawn of an average beat, and where the beat has which sample."""

    def __init__(self, average: AverageBeat, hidden: tuple[str, ...]) -> None:
        self.average = average
        self.hidden = hidden
        self.fs_hz = average.windows.fs_hz
        self.length_s = average.original_mv.shape[1] / self.fs_hz

    def lines_mv(self, lead: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Original and reconstruction of a lead; NaN for no line."""
        row = LEAD_INDEX[lead]
        pair = self.average.original_mv[row], self.average.rebuilt_mv[row]
        if lead in self.hidden:
            return np.full_like(pair[0], np.nan), np.full_like(pair[1], np.nan)
        return pair

    def extent_mv(self, row: tuple[str, ...]) -> tuple[float, float]:
        """How far the lines of a row reach above and below the baseline."""
        every = np.concatenate([line for lead in row for line in self.lines_mv(lead)] + [[0.0]])
        return max(float(np.nanmax(every)), _LEAST_MV), max(-float(np.nanmin(every)), _LEAST_MV)


def _lay_out(drawn: _Drawn, width: float, height: float, dpr: float) -> Page:
    """Fit the panels: whole large squares of the grid, whole millimetres between base lines."""
    rows = max(ARRANGEMENTS, key=lambda rows: _fitting(drawn, rows, width, height))
    fitting = _fitting(drawn, rows, width, height)
    px_per_mm = max(1, floor(5 * fitting * dpr + 1e-6)) / (5 * dpr)
    columns = len(rows[0])
    column_mm = max(floor(width / px_per_mm / columns), 1)
    left = _snapped((width - columns * column_mm * px_per_mm) / 2, dpr)
    base_mm = _base_lines_mm(drawn, rows, height / px_per_mm, px_per_mm)
    first = _snapped(base_mm[0] * px_per_mm, dpr)
    inset_mm = _EDGE_MM + max(0, floor((column_mm - _beat_mm(drawn)) / 2))
    column_s = column_mm / SPEED_MM_S
    cells = tuple(
        Cell(
            lead,
            row,
            column,
            column * column_s,
            (column + 1) * column_s,
            column * column_s + inset_mm / SPEED_MM_S,
        )
        for row, leads in enumerate(rows)
        for column, lead in enumerate(leads)
    )
    return Page(
        px_per_mm=px_per_mm,
        left=left,
        baselines=tuple(first + (base - base_mm[0]) * px_per_mm for base in base_mm),
        pitch=height / len(rows),
        px_per_s=SPEED_MM_S * px_per_mm,
        px_per_mv=GAIN_MM_MV * px_per_mm,
        start_s=0.0,
        cells=cells,
        width_mm=columns * column_mm,
        height_mm=height / px_per_mm,
    )


def _beat_mm(drawn: _Drawn) -> float:
    return drawn.length_s * SPEED_MM_S + 2 * _EDGE_MM


def _reach_mm(drawn: _Drawn, leads: tuple[str, ...]) -> tuple[int, int]:
    """How far the lines of a row reach above and below the baseline, in whole millimetres."""
    top_mv, bottom_mv = drawn.extent_mv(leads)
    return ceil(top_mv * GAIN_MM_MV), ceil(bottom_mv * GAIN_MM_MV)


def _fitting(drawn: _Drawn, rows: _Rows, width: float, height: float) -> float:
    """Pixels of a millimetre at which an arrangement fits."""
    room = max(height - len(rows) * (_HEAD_PX + _FOOT_PX), 1.0)
    reach_mm = sum(sum(_reach_mm(drawn, leads)) for leads in rows)
    return min(width / (len(rows[0]) * _beat_mm(drawn)), room / reach_mm)


def _base_lines_mm(
    drawn: _Drawn, rows: _Rows, height_mm: float, px_per_mm: float
) -> tuple[float, ...]:
    """Where the base lines are, in whole millimetres from the top; spare room is shared."""
    head_mm, foot_mm = (ceil(px / px_per_mm) for px in (_HEAD_PX, _FOOT_PX))
    reaches = [_reach_mm(drawn, leads) for leads in rows]
    taken = sum(up + down + head_mm + foot_mm for up, down in reaches)
    spare = max(0, floor(height_mm - taken)) // (2 * len(rows))
    base_mm, top = [], 0.0
    for up, down in reaches:
        base_mm.append(top + spare + head_mm + up)
        top = base_mm[-1] + down + foot_mm + spare
    return tuple(base_mm)


def _snapped(px: float, dpr: float) -> float:
    """Move to the centre of a device pixel, where a thin line is sharp."""
    return (floor(px * dpr) + 0.5) / dpr


def _panel(drawn: _Drawn, page: Page, cell: Cell, dpr: float, style: int) -> Panel:
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


def _shading(drawn: _Drawn, page: Page, cell: Cell, dpr: float) -> Segments:
    """One upright bar from line to line for each pixel column."""
    solid_mv, dashed_mv = drawn.lines_mv(cell.lead)
    first, last = (page.x_in(cell, second) * dpr for second in (0.0, drawn.length_s))
    x = (np.arange(ceil(first), floor(last)) + 0.5) / dpr
    sample = (x - page.x_in(cell, 0.0)) / page.px_per_s * drawn.fs_hz
    every = np.arange(solid_mv.size)
    upper, lower = (np.interp(sample, every, line) for line in (solid_mv, dashed_mv))
    bars = lines.difference_bars(upper, lower, x, page.px_per_mv)
    return bars + np.array([0.0, page.baselines[cell.row]] * 2)


def _label(drawn: _Drawn, page: Page, cell: Cell) -> Label:
    origin, texts = _origin(drawn, cell.lead)
    x = page.x_of(cell.from_s) + 6.0
    row = tuple(other.lead for other in page.cells if other.row == cell.row)
    y = page.baselines[cell.row] - _reach_mm(drawn, row)[0] * page.px_per_mm - _LABEL_PX
    return Label(cell.lead, texts, origin, x, max(y, 14.0), page.x_of(cell.to_s) - x - 4.0)


def _origin(drawn: _Drawn, lead: str) -> tuple[Origin | None, tuple[str, ...]]:
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


def _markers(drawn: _Drawn, page: Page, style: int) -> Drawing:
    """Level ticks where R, S, ST and T were measured, on both lines; names at the original's."""
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
    words = tuple(_names(drawn, page)) if page.px_per_mm >= _NAMED_PX_PER_MM else ()
    return Drawing(strokes=tuple(strokes), words=words)


def _places(
    drawn: _Drawn,
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


def _names(drawn: _Drawn, page: Page) -> Iterator[Words]:
    """Name the markers of the original, clear of the ticks of both."""
    original, rebuilt = drawn.average.original, drawn.average.rebuilt
    for cell in page.cells:
        others = {
            number: y for number, _, y in _places(drawn, page, cell, rebuilt.values_mv, rebuilt.at)
        }
        for number, x, y in _places(drawn, page, cell, original.values_mv, original.at):
            name, other = MARKERS[number], others.get(number, y)
            if name == "S" or (name == "T" and y > page.baselines[cell.row]):
                at = max(y, other) + _WORD_GAP_PX + 9
            else:
                at = min(y, other) - _WORD_GAP_PX
            yield Words(x, at, name, "secondary", _WORD_PX, align=0.5)

"""Where the panels of the average beat lie: fitted to the room, on one scale."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.page import Cell, Page
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.measurements.average import AverageBeat

_Rows = tuple[tuple[str, ...], ...]
ARRANGEMENTS: tuple[_Rows, ...] = (
    (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6")),
    (LEADS[:6], LEADS[6:]),
)
"""The one in which beats come out largest is taken."""
SPEED_MM_S = 50.0
GAIN_MM_MV = 10.0
_HEAD_PX = 32.0
_FOOT_PX = 19.0
_MOST_FOR_WORDS = 0.42
_EDGE_MM = 2.0
_LEAST_MV = 0.4


class DrawnBeat:
    """The lines that are drawn of an average beat, and where the beat has which sample."""

    def __init__(
        self, average: AverageBeat, hidden: tuple[str, ...], text_scale: float = 1.0
    ) -> None:
        self.average = average
        self.text_scale = text_scale
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
        """Tell how far the lines of a row reach above and below the baseline."""
        every = np.concatenate([line for lead in row for line in self.lines_mv(lead)] + [[0.0]])
        return max(float(np.nanmax(every)), _LEAST_MV), max(-float(np.nanmin(every)), _LEAST_MV)


def lay_out(
    drawn: DrawnBeat, width: float, height: float, dpr: float, largest: float | None = None
) -> Page:
    """Fit the panels: whole large squares of the grid, whole millimetres between base lines.

    Parameters
    ----------
    drawn : DrawnBeat
        What is drawn.
    width, height : float
        Room in logical pixels.
    dpr : float
        Device pixels per logical pixel.
    largest : float, optional
        Pixels of a millimetre where there is room for them: those of true size, on paper.

    Returns
    -------
    Page
        Twelve cells, in each of which time is counted from where the beat's cut begins.
    """
    rows = max(ARRANGEMENTS, key=lambda rows: _fitting(drawn, rows, width, height))
    fitting = _fitting(drawn, rows, width, height)
    px_per_mm = max(1, floor(5 * fitting * dpr + 1e-6)) / (5 * dpr)
    if largest is not None:
        px_per_mm = min(fitting, largest)
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


def _beat_mm(drawn: DrawnBeat) -> float:
    return drawn.length_s * SPEED_MM_S + 2 * _EDGE_MM


def reach_mm(drawn: DrawnBeat, leads: tuple[str, ...]) -> tuple[int, int]:
    """Tell how far the lines of a row reach above and below the baseline, in whole millimetres."""
    top_mv, bottom_mv = drawn.extent_mv(leads)
    return ceil(top_mv * GAIN_MM_MV), ceil(bottom_mv * GAIN_MM_MV)


def _words_px(drawn: DrawnBeat, row_px: float) -> float:
    """Give the height of a row that is left to its words; the beats come first."""
    return min((_HEAD_PX + _FOOT_PX) * drawn.text_scale, _MOST_FOR_WORDS * row_px)


def _fitting(drawn: DrawnBeat, rows: _Rows, width: float, height: float) -> float:
    """Pixels of a millimetre at which an arrangement fits."""
    room = max(height - len(rows) * _words_px(drawn, height / len(rows)), 1.0)
    height_mm = sum(sum(reach_mm(drawn, leads)) for leads in rows)
    return min(width / (len(rows[0]) * _beat_mm(drawn)), room / height_mm)


def _base_lines_mm(
    drawn: DrawnBeat, rows: _Rows, height_mm: float, px_per_mm: float
) -> tuple[float, ...]:
    """Where the base lines are, in whole millimetres from the top; spare room is shared."""
    reaches = [reach_mm(drawn, leads) for leads in rows]
    bare = floor(height_mm) - sum(up + down for up, down in reaches)
    words_px = _words_px(drawn, height_mm * px_per_mm / len(rows))
    # Of what a row has for its words the foot is the smaller part, in whole millimetres too.
    words = max(0, min(bare // len(rows), ceil(words_px / px_per_mm)))
    foot_mm = floor(words * _FOOT_PX / (_HEAD_PX + _FOOT_PX))
    head_mm = words - foot_mm
    spare = max(0, bare - words * len(rows)) // (2 * len(rows))
    base_mm, top = [], 0.0
    for up, down in reaches:
        base_mm.append(top + spare + head_mm + up)
        top = base_mm[-1] + down + foot_mm + spare
    return tuple(base_mm)


def _snapped(px: float, dpr: float) -> float:
    """Move to the centre of a device pixel, where a thin line is sharp."""
    return (floor(px * dpr) + 0.5) / dpr

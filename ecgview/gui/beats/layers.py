"""R peaks, RR intervals and waves over the page: from what was found to a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.beats.state import BeatsState
from ecgview.gui.viewer.drawing import Bar, Drawing, Strokes, Words
from ecgview.gui.viewer.layout import Cell, Page

if TYPE_CHECKING:
    from ecgview.measurements.rhythm import Rhythm

_TICK_PX = 7.0
_RR_ROOM_PX = 34.0
_LETTER_ROOM_PX = 6.0
_LEAST_PITCH_PX = 80.0
"""Rows closer than this have no room for letters."""
_WORD_PX, _LEGEND_PX = 10, 11
_ALPHA = {"P": 0.10, "QRS": 0.20, "T": 0.13}
_COLOUR = {"P": "accent", "QRS": "secondary", "T": "accent"}
_MOST_TICKS = 2000
# Mean width of a character, as a share of its size.
_CHARACTER = 0.58
_FOOT_PX, _LINE_PX = 29.0, 12.0
_LINE_IN_ROW = 0.39
"""Ticks stand so far under the base line, in distances between rows."""
_BAND_IN_ROW = (0.5, 0.27)
"""Bands reach so far above and below the base line."""


def beats_drawing(
    beats: BeatsState, page: Page, width: float, height: float, text_scale: float = 1.0
) -> Drawing:
    """Draw what is to be seen of the beats on a page.

    Parameters
    ----------
    beats : BeatsState
        What is shown, and what was found.
    page : Page
        Where.
    width, height : float
        The window, in logical pixels.
    text_scale : float
        How much larger words are than usual.

    Returns
    -------
    Drawing
        Pale bands for the waves with their letters, ticks for the R peaks with the RR intervals in
        ms, and a line that says what they are.
    """
    bars: list[Bar] = []
    words: list[Words] = []
    ticks: list[NDArray[np.float64]] = []
    legend: list[str] = []
    # The page has words of its own at its foot.
    lowest = height - _FOOT_PX * text_scale
    if beats.waves != "off" and beats.found_waves is not None:
        for bar, letter in _waves(beats, page, (width, lowest - _LINE_PX * text_scale), text_scale):
            bars.append(bar)
            words += letter
        legend.append(f"P, QRS, T delineated in {beats.found_waves.lead}")
    if beats.peaks and beats.rhythm is not None:
        for cell in _cells_for_ticks(page, beats.rhythm.lead):
            y = min(page.baselines[cell.row] + _LINE_IN_ROW * page.pitch, lowest)
            found, intervals = _peaks(beats.rhythm, page, cell, (width, y), text_scale)
            if len(found):
                ticks.append(found)
            words += intervals
        if ticks:
            legend.insert(0, f"R peaks in {beats.rhythm.lead}, RR in ms")
    if legend:
        text = " · ".join(legend)
        most_px = max((width - 24) / len(text) / _CHARACTER, _LEGEND_PX)
        size_px = int(min(round(_LEGEND_PX * text_scale), most_px))
        words.append(Words(width - 12, height - 5, text, "secondary", size_px, align=1.0))
    strokes = (Strokes(np.concatenate(ticks), "accent", 1.4),) if ticks else ()
    return Drawing(tuple(bars), strokes, tuple(words))


def _cells(page: Page, lead: str) -> Iterator[Cell]:
    return (cell for cell in page.cells if cell.lead == lead)


def _cells_for_ticks(page: Page, lead: str) -> tuple[Cell, ...]:
    """Give the cells of a lead, and the rhythm strip where none of them is as long as the page."""
    own = tuple(_cells(page, lead))
    length_s = max((cell.to_s - cell.from_s for cell in page.cells), default=0.0)
    if any(cell.to_s - cell.from_s >= length_s - 1e-6 for cell in own):
        return own
    strips = [cell for cell in page.cells if cell.to_s - cell.from_s >= length_s - 1e-6]
    return (*own, *strips[-1:])


def _on_page(page: Page, cell: Cell, fs_hz: float, width: float) -> tuple[float, float]:
    """First and last sample of a cell that the window shows."""
    first_s = max(cell.from_s, page.time_of(0.0)) - cell.delay_s
    last_s = min(cell.to_s, page.time_of(width)) - cell.delay_s
    return first_s * fs_hz, last_s * fs_hz


def _peaks(
    rhythm: Rhythm, page: Page, cell: Cell, room: tuple[float, float], text_scale: float
) -> tuple[NDArray[np.float64], list[Words]]:
    """Ticks of the peaks in a cell, and the RR intervals between them where there is room."""
    width, y = room
    first, last = _on_page(page, cell, rhythm.fs_hz, width)
    start, stop = (int(at) for at in np.searchsorted(rhythm.peaks, (first, last)))
    if not start < stop <= start + _MOST_TICKS:
        return np.empty((0, 4)), []
    x = np.array([page.x_in(cell, peak / rhythm.fs_hz) for peak in rhythm.peaks[start:stop]])
    ticks = np.stack([x, np.full_like(x, y - _TICK_PX), x, np.full_like(x, y)], axis=1)
    around = rhythm.within(int(rhythm.peaks[start]), int(rhythm.peaks[stop - 1]) + 1)
    size_px = round(_WORD_PX * text_scale)
    words = [
        Words((left + right) / 2, y, f"{rr_ms:.0f}", "secondary", size_px, align=0.5)
        for left, right, rr_ms in zip(x[:-1], x[1:], around.rr_ms(), strict=True)
        if np.isfinite(rr_ms) and right - left >= _RR_ROOM_PX * text_scale
    ]
    return ticks, words


def _waves(
    beats: BeatsState, page: Page, room: tuple[float, float], text_scale: float
) -> Iterator[tuple[Bar, list[Words]]]:
    """Bands of the waves in the cells of the lead, or of all leads, with letters over them."""
    waves, (width, lowest) = beats.found_waves, room
    assert waves is not None
    cells = page.cells if beats.waves == "all" else tuple(_cells(page, waves.lead))
    for cell in cells:
        first, last = _on_page(page, cell, waves.fs_hz, width)
        top = page.baselines[cell.row] - _BAND_IN_ROW[0] * page.pitch
        bottom = min(page.baselines[cell.row] + _BAND_IN_ROW[1] * page.pitch, lowest)
        bottom = max(bottom, top)
        for name, found in (("P", waves.p), ("QRS", waves.qrs), ("T", waves.t)):
            inside = (found[:, 0] >= first) & (found[:, 2] <= last)
            for onset, _, offset in found[inside]:
                left, right = (page.x_in(cell, at / waves.fs_hz) for at in (onset, offset))
                bar = Bar(left, top, right - left, bottom - top, _COLOUR[name], _ALPHA[name])
                named = cell.lead == waves.lead and page.pitch >= _LEAST_PITCH_PX * text_scale
                yield bar, _letter(name, left, right, bottom, text_scale) if named else []


def _letter(name: str, left: float, right: float, bottom: float, text_scale: float) -> list[Words]:
    """Name a wave at the foot of its band where there is room."""
    if right - left < _LETTER_ROOM_PX * len(name) * text_scale:
        return []
    middle = (left + right) / 2
    size_px = round(_WORD_PX * text_scale)
    return [Words(middle, bottom - 3, name, "secondary", size_px, align=0.5)]

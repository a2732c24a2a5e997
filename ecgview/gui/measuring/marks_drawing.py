"""Annotations and notes over the page: thin ticks with their text at the top of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.measuring.drawing import ROOMY_PITCH_PX, row_span
from ecgview.gui.viewer.drawing import Bar, Drawing, Strokes, Words
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.recording import Mark, Recording

_SIZE_PX = 10
_CHARACTER_PX = 6.0
_GAP_PX = 5.0
_TICK_PX = 6.0
_LEAST_TICK_STEP_PX = 3.0
_LONGEST = 28
_LABEL_ROOM_PX = 160.0
"""Width of a lead's name and the words after it, which only roomy rows have under the marks."""


@dataclass(frozen=True, eq=False)
class MarkTrack:
    """Marks of one lead, or of all, by time.

    Attributes
    ----------
    times_s : ndarray, shape (n,)
        When they begin, rising.
    marks : tuple of Mark
        The marks.
    """

    times_s: NDArray[np.float64]
    marks: tuple[Mark, ...]


Tracks = Mapping[str, MarkTrack]
"""By standard lead; those of all leads, or of no lead that is drawn, under the empty name."""


def tracks_of(marks: Sequence[Mark], recording: Recording) -> Tracks:
    """Sort marks by the lead that they are drawn at.

    Parameters
    ----------
    marks : sequence of Mark
        By time.
    recording : Recording
        Whose channels they name.

    Returns
    -------
    dict of str to MarkTrack
        See `Tracks`.
    """
    lead_of = {channel.name: channel.lead or "" for channel in recording.channels}
    lead_of |= {lead: lead for lead in recording.leads}
    by_lead: dict[str, list[Mark]] = {}
    for mark in marks:
        by_lead.setdefault(lead_of.get(mark.channel, ""), []).append(mark)
    return {
        lead: MarkTrack(np.array([mark.start_s for mark in found]), tuple(found))
        for lead, found in by_lead.items()
    }


def marks_drawing(page: Page, tracks: Tracks, current_s: float | None = None) -> Drawing:
    """Draw the annotations of a file.

    Parameters
    ----------
    page : Page
        The page.
    tracks : Tracks
        Of `tracks_of`.
    current_s : float, optional
        Time of the mark that was jumped to; a line runs down the page there.

    Returns
    -------
    Drawing
        As many texts as there is room for, always the same ones while the page moves; where ticks
        would run into each other one stands for several.
    """
    ticks: list[NDArray[np.float64]] = []
    words: list[Words] = []
    for cell, track in _placed(page, tracks):
        top = max(row_span(page, cell.row)[0], 0.0) + _SIZE_PX
        first, last = _in_sight(cell, track)
        xs = page.x_in(cell, 0.0) + track.times_s[first:last] * page.px_per_s
        shown = xs[_first_of_bins(track.times_s[first:last], _LEAST_TICK_STEP_PX / page.px_per_s)]
        # Beside the name of a lead a tick stands higher, where there is no text.
        is_beside = shown < _free_from(page, cell)
        up = np.where(is_beside, top - _SIZE_PX, top + 2)
        ticks.append(np.stack([shown, up, shown, up + _TICK_PX], axis=1))
        words += _texts(page, cell, track, (first, last), top)
    strokes = [Strokes(np.vstack(ticks), "secondary", alpha=0.9)] if ticks else []
    if current_s is not None:
        strokes.append(_line_at(page, current_s))
    return Drawing(strokes=tuple(strokes), words=tuple(words))


def notes_drawing(page: Page, tracks: Tracks) -> Drawing:
    """Draw the user's notes: a dashed line, a pale band for those that last, and their text."""
    bars: list[Bar] = []
    lines: list[tuple[float, float, float, float]] = []
    words: list[Words] = []
    for cell, track in _placed(page, tracks, whole_page=True):
        top, bottom = row_span(page, cell.row)
        left, right = page.x_of(cell.from_s), page.x_of(cell.to_s)
        for mark in track.marks:
            x = page.x_in(cell, mark.start_s)
            to_x = page.x_in(cell, mark.start_s + mark.duration_s)
            if mark.duration_s and to_x > left and x < right:
                band = max(x, left), min(to_x, right)
                bars.append(Bar(band[0], top, band[1] - band[0], page.pitch, "accent", 0.1))
            if left <= x < right:
                lines.append((x, top, x, bottom))
    for cell, track in _placed(page, tracks):
        top = max(row_span(page, cell.row)[0], 0.0) + 2 * _SIZE_PX + 3
        words += _note_texts(page, cell, track, top)
    upright = np.array(lines, dtype=np.float64).reshape(-1, 4)
    strokes = (Strokes(upright, "accent", alpha=0.8, dashes=(3.0, 3.0)),)
    return Drawing(tuple(bars), strokes, tuple(words))


def _placed(
    page: Page, tracks: Tracks, *, whole_page: bool = False
) -> Iterator[tuple[Cell, MarkTrack]]:
    """Give each stretch its marks; those of all leads stand over the first row alone."""
    for cell in page.cells:
        if cell.lead in tracks:
            yield cell, tracks[cell.lead]
        if "" in tracks and (cell.row == 0 or whole_page):
            yield cell, tracks[""]


def _in_sight(cell: Cell, track: MarkTrack) -> tuple[int, int]:
    first, last = np.searchsorted(
        track.times_s, [cell.from_s - cell.delay_s, cell.to_s - cell.delay_s]
    )
    return int(first), int(last)


def _first_of_bins(times_s: NDArray[np.float64], width_s: float) -> NDArray[np.intp]:
    """Give the first of the marks in each bin of time: the same ones wherever the page begins."""
    return np.unique(np.floor(times_s / width_s), return_index=True)[1]


def _texts(
    page: Page, cell: Cell, track: MarkTrack, sight: tuple[int, int], y: float
) -> Iterator[Words]:
    """Give the texts that there is room for, from left to right."""
    marks = track.marks[slice(*sight)]
    times_s = track.times_s[slice(*sight)]
    free_from = _free_from(page, cell)
    right = page.x_of(cell.to_s)
    # Bins of the width of a code: which of many codes are shown does not change on moving.
    for at in _first_of_bins(times_s, 2 * _CHARACTER_PX / page.px_per_s):
        x = page.x_in(cell, float(times_s[at]))
        text = _short(marks[at].text)
        half = len(text) * _CHARACTER_PX / 2
        if x - half < free_from or x > right:
            continue
        free_from = x + half + _GAP_PX
        yield Words(x, y, text, "secondary", _SIZE_PX, align=0.5)


def _free_from(page: Page, cell: Cell) -> float:
    """Tell where a lead's name ends, if it stands as high as the marks do."""
    left = page.x_of(cell.from_s)
    return left if page.pitch >= ROOMY_PITCH_PX else max(left, 0.0) + _LABEL_ROOM_PX


def _note_texts(page: Page, cell: Cell, track: MarkTrack, y: float) -> Iterator[Words]:
    """Each note's text, cut where the next one begins."""
    first, last = _in_sight(cell, track)
    right = page.x_of(cell.to_s)
    starts = [page.x_in(cell, float(time_s)) for time_s in track.times_s[first:last]]
    for mark, x, next_x in zip(
        track.marks[first:last], starts, [*starts, right + 60.0][1:], strict=True
    ):
        room = int((next_x - x - _GAP_PX) / _CHARACTER_PX)
        if room >= min(len(mark.text), 3):
            yield Words(x + 3, y, _short(mark.text, room), "accent", _SIZE_PX)


def _short(text: str, room: int = _LONGEST) -> str:
    room = min(room, _LONGEST)
    return text if len(text) <= room else f"{text[: room - 1]}\N{HORIZONTAL ELLIPSIS}"


def _line_at(page: Page, time_s: float) -> Strokes:
    found = [
        (x, top, x, bottom)
        for cell in page.cells
        if cell.from_s <= time_s + cell.delay_s <= cell.to_s
        for x in (page.x_in(cell, time_s),)
        for top, bottom in (row_span(page, cell.row),)
    ]
    return Strokes(np.array(found).reshape(-1, 4), "accent", alpha=0.7)

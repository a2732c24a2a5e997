"""Annotations and notes over the page: thin ticks with their text at the top of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.measuring.drawing import row_span
from ecgview.gui.viewer.drawing import Bar, Drawing, Strokes, Words
from ecgview.gui.viewer.furniture import place_label
from ecgview.gui.viewer.layout import Cell, Page
from ecgview.recording import Mark, Recording

_SIZE_PX = 10
_CHARACTER_IN_SIZE = 0.6
_GAP_PX = 5.0
_TICK_PX = 6.0
_LEAST_TICK_STEP_PX = 3.0
_LONGEST = 28
_NAME_ROOM_PX = 160.0
"""Width of a lead's name and the words after it."""


@dataclass(frozen=True)
class Names:
    """The names of the leads on the page, which texts keep clear of.

    Attributes
    ----------
    rise_px : float
        How far above the zero lines they stand; see `furniture.label_rise`.
    text_scale : float
        How much larger than usual words are.
    """

    rise_px: float
    text_scale: float = 1.0

    @property
    def size_px(self) -> int:
        """Size of the words of marks."""
        return round(_SIZE_PX * self.text_scale)

    def line(self, page: Page, cell: Cell) -> float:
        """Give the base line of the words of marks: just over the row, in the window."""
        return max(row_span(page, cell.row)[0] - 1, float(self.size_px))

    def end(self, page: Page, cell: Cell, top: float, bottom: float) -> float:
        """Tell where what stands between two heights of a stretch can begin."""
        left = page.x_of(cell.from_s)
        name = place_label(page, cell, (), None, self.rise_px, inf)
        if name is None or bottom < name.y - 12 * self.text_scale or top > name.y + 3:
            return left
        return name.x + _NAME_ROOM_PX * self.text_scale


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


def marks_drawing(
    page: Page, tracks: Tracks, names: Names, current_s: float | None = None
) -> Drawing:
    """Draw the annotations of a file.

    Parameters
    ----------
    page : Page
        The page.
    tracks : Tracks
        Of `tracks_of`.
    names : Names
        Where no text may stand.
    current_s : float, optional
        Time of the mark that was jumped to; a line runs down the page there.

    Returns
    -------
    Drawing
        As many texts as there is room for, always the same ones while the page moves; where ticks
        would run into each other one stands for several.
    """
    size_px = names.size_px
    ticks: list[NDArray[np.float64]] = []
    words: list[Words] = []
    for cell, track in _placed(page, tracks):
        top = names.line(page, cell)
        first, last = _in_sight(cell, track)
        xs = page.x_in(cell, 0.0) + track.times_s[first:last] * page.px_per_s
        shown = xs[_first_of_bins(track.times_s[first:last], _LEAST_TICK_STEP_PX / page.px_per_s)]
        # Beside the name of a lead a tick stands higher, where there is no text.
        free_from = names.end(page, cell, top - size_px, top + _TICK_PX + 2)
        is_beside = shown < free_from
        up = np.where(is_beside, top - size_px, top + 2)
        ticks.append(np.stack([shown, up, shown, up + _TICK_PX], axis=1))
        words += _texts(page, cell, track, (first, last), (free_from, top), size_px)
    strokes = [Strokes(np.vstack(ticks), "secondary", alpha=0.9)] if ticks else []
    if current_s is not None:
        strokes.append(_line_at(page, current_s))
    return Drawing(strokes=tuple(strokes), words=tuple(words))


def notes_drawing(page: Page, tracks: Tracks, names: Names) -> Drawing:
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
        words += _note_texts(page, cell, track, names)
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
    page: Page,
    cell: Cell,
    track: MarkTrack,
    sight: tuple[int, int],
    place: tuple[float, float],
    size_px: int,
) -> Iterator[Words]:
    """Give the texts that there is room for, from left to right."""
    marks = track.marks[slice(*sight)]
    times_s = track.times_s[slice(*sight)]
    free_from, y = place
    right, character_px = page.x_of(cell.to_s), _CHARACTER_IN_SIZE * size_px
    # Bins of the width of a code: which of many codes are shown does not change on moving.
    for at in _first_of_bins(times_s, 2 * character_px / page.px_per_s):
        x = page.x_in(cell, float(times_s[at]))
        text = _short(marks[at].text)
        half = len(text) * character_px / 2
        if x - half < free_from or x > right:
            continue
        free_from = x + half + _GAP_PX
        yield Words(x, y, text, "secondary", size_px, align=0.5)


def _note_texts(page: Page, cell: Cell, track: MarkTrack, names: Names) -> Iterator[Words]:
    """Give each note's text, cut where the next one begins.

    It stands a line under the texts of the file's annotations, or at the bottom of the row where a
    lead's name is in its way.
    """
    first, last = _in_sight(cell, track)
    bottom = row_span(page, cell.row)[1]
    usual_y = names.line(page, cell) + names.size_px + 3
    free_from = names.end(page, cell, usual_y - names.size_px, usual_y)
    right = page.x_of(cell.to_s)
    starts = [page.x_in(cell, float(time_s)) for time_s in track.times_s[first:last]]
    for mark, x, next_x in zip(
        track.marks[first:last], starts, [*starts, right + 60.0][1:], strict=True
    ):
        room = int((next_x - x - _GAP_PX) / (_CHARACTER_IN_SIZE * names.size_px))
        if room >= min(len(mark.text), 3):
            y = usual_y if x >= free_from else bottom - 4
            yield Words(x + 3, y, _short(mark.text, room), "accent", names.size_px)


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

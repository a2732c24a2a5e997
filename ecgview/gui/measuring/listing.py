"""The file's annotations and the user's notes in one list: by time, searched, told in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.measuring.state import Kind
from ecgview.gui.viewer.labels import clock
from ecgview.leads import normalise_lead_name
from ecgview.recording import Mark


def lead_of(mark: Mark) -> str:
    """Give the lead that a mark belongs to as it is usually written, or the channel's name."""
    return normalise_lead_name(mark.channel) or mark.channel


@dataclass(frozen=True, eq=False)
class MarkIndex:
    """Marks with what searching and sorting need, worked out once.

    Attributes
    ----------
    marks : tuple of Mark
        By time.
    times_s : ndarray, shape (n,)
        When they begin.
    texts : tuple of str
        What they say, in small letters.
    """

    marks: tuple[Mark, ...]
    times_s: NDArray[np.float64]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, marks: tuple[Mark, ...]) -> MarkIndex:
        """Work it out."""
        times_s = np.fromiter((mark.start_s for mark in marks), np.float64, len(marks))
        return cls(marks, times_s, tuple(mark.text.casefold() for mark in marks))

    def matching(self, search: str) -> NDArray[np.intp]:
        """Give the places of those whose text holds, or whose lead is, what is searched."""
        needle = search.strip().casefold()
        if not needle:
            return np.arange(len(self.marks), dtype=np.intp)
        lead = normalise_lead_name(needle)
        found = [
            at
            for at, text in enumerate(self.texts)
            if needle in text or (lead is not None and lead_of(self.marks[at]) == lead)
        ]
        return np.array(found, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Listing:
    """Which marks are listed, in order; a row is put into words when it is asked for.

    Attributes
    ----------
    marks, notes : tuple of Mark
        Of the file and of the user, by time.
    places : ndarray of int, shape (rows,)
        Where each row is in both, the notes counted after the marks.
    times_s : ndarray, shape (rows,)
        When each begins, rising.
    """

    marks: tuple[Mark, ...]
    notes: tuple[Mark, ...]
    places: NDArray[np.intp]
    times_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.places)

    def is_note(self, row: int) -> bool:
        """Tell whether a row is the user's own."""
        return int(self.places[row]) >= len(self.marks)

    def mark(self, row: int) -> Mark:
        """Give the mark of a row."""
        place = int(self.places[row])
        if place < len(self.marks):
            return self.marks[place]
        return self.notes[place - len(self.marks)]

    def cells(self, row: int) -> tuple[str, str, str]:
        """Word a row: time, text and lead."""
        mark = self.mark(row)
        lasts = f" ({mark.duration_s:g} s)" if mark.duration_s else ""
        return clock(mark.start_s), mark.text + lasts, lead_of(mark)

    def sentence(self, row: int) -> str:
        """Word a row for screen readers and tooltips."""
        mark = self.mark(row)
        kind = "Own note" if self.is_note(row) else "Annotation of the file"
        where = f" in {lead_of(mark)}" if mark.channel else ""
        lasts = f", lasting {mark.duration_s:g} s" if mark.duration_s else ""
        return f"{kind} at {mark.start_s:.3f} s{where}{lasts}: {mark.text}"

    def row_of(self, time_s: float | None) -> int:
        """Give the first row at a time; -1 for none."""
        if time_s is None:
            return -1
        row = int(np.searchsorted(self.times_s, time_s))
        return row if row < len(self) and self.times_s[row] == time_s else -1

    def step(self, from_s: float, by: int) -> int:
        """Give the row after a time, or with -1 that before it; -1 for none."""
        if by > 0:
            row = int(np.searchsorted(self.times_s, from_s, side="right"))
            return row if row < len(self) else -1
        return int(np.searchsorted(self.times_s, from_s, side="left")) - 1

    def tsv(self) -> str:
        """Write all rows as a table with tabs."""
        lines = ["time_s\tduration_s\tlead\tkind\ttext"]
        for row in range(len(self)):
            mark = self.mark(row)
            kind = "note" if self.is_note(row) else "file"
            figures = f"{mark.start_s:.6g}\t{mark.duration_s:g}"
            lines.append(f"{figures}\t{lead_of(mark)}\t{kind}\t{mark.text}")
        return "\n".join(lines) + "\n"


def make_listing(
    marks: MarkIndex, notes: MarkIndex, search: str = "", kind: Kind = "all"
) -> Listing:
    """List marks and notes.

    Parameters
    ----------
    marks, notes : MarkIndex
        Of the file and of the user.
    search : str
        What their text or lead must hold, in any case.
    kind : {"all", "file", "notes"}
        Which to list.

    Returns
    -------
    Listing
        By time.
    """
    none = np.empty(0, dtype=np.intp)
    files = none if kind == "notes" else marks.matching(search)
    own = none if kind == "file" else notes.matching(search)
    places = np.concatenate([files, own + len(marks.marks)])
    times_s = np.concatenate([marks.times_s[files], notes.times_s[own]])
    order = np.argsort(times_s, kind="stable")
    return Listing(marks.marks, notes.marks, places[order], times_s[order])


def worth_a_tick(marks: Sequence[Mark], most: int = 2000) -> tuple[float, ...]:
    """Choose the marks that the overview of a whole recording shows.

    Parameters
    ----------
    marks : sequence of Mark
        By time.
    most : int
        More would run into each other.

    Returns
    -------
    tuple of float
        Seconds: of few marks all; of many none that says what a fifth of them say, as the codes of
        normal beats do.
    """
    counts = Counter(mark.text for mark in marks)
    usual = {text for text, count in counts.items() if count > max(50, len(marks) / 5)}
    times_s = [mark.start_s for mark in marks if mark.text not in usual]
    if len(times_s) <= most:
        return tuple(times_s)
    bins = np.floor(np.array(times_s) / (times_s[-1] / most))
    return tuple(times_s[at] for at in np.unique(bins, return_index=True)[1])

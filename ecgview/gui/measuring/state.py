"""Calipers and what is shown of marks, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

ToolName = Literal["", "lead", "all"]
Kind = Literal["all", "file", "notes"]
End = Literal["start", "stop"]


@dataclass(frozen=True)
class Caliper:
    """A measured stretch.

    Attributes
    ----------
    start_s, stop_s : float
        Its ends, on samples of the recording, in the order in which they were set.
    lead : str
        Whose amplitude it measures too; empty for one over all leads, which measures time alone.
    start_mv, stop_mv : float
        Height of its ends; only of one lead's.
    marches : bool
        Whether its interval is repeated to both ends of the page.
    """

    start_s: float
    stop_s: float
    lead: str = ""
    start_mv: float = 0.0
    stop_mv: float = 0.0
    marches: bool = False

    @property
    def interval_s(self) -> float:
        """Time between its ends."""
        return abs(self.stop_s - self.start_s)

    def with_end(self, end: End, time_s: float, value_mv: float) -> Caliper:
        """Put one of its ends elsewhere."""
        if end == "start":
            return replace(self, start_s=time_s, start_mv=value_mv)
        return replace(self, stop_s=time_s, stop_mv=value_mv)

    def end(self, end: End) -> tuple[float, float]:
        """Give time and height of one of its ends."""
        if end == "start":
            return self.start_s, self.start_mv
        return self.stop_s, self.stop_mv

    def moved(self, by_s: float, by_mv: float) -> Caliper:
        """Move the whole."""
        return replace(
            self,
            start_s=self.start_s + by_s,
            stop_s=self.stop_s + by_s,
            start_mv=self.start_mv + by_mv,
            stop_mv=self.stop_mv + by_mv,
        )


@dataclass(frozen=True)
class MeasuringState:
    """How one measures.

    Attributes
    ----------
    tool : {"", "lead", "all"}
        What dragging makes: nothing, a caliper in a lead, one over all leads.
    selected : int
        Place of the chosen caliper; -1 for none.
    end : {"start", "stop"}
        Which of its ends the arrow keys move.
    draft : Caliper or None
        What the mouse is making, or the chosen caliper while it is moved.
    crosshair : bool
        Whether lines follow the pointer.
    shows_marks, shows_notes : bool
        Whether the file's annotations and the user's notes are drawn.
    snaps : bool
        Whether ends of calipers jump to the peak of the trace near the pointer.
    current_s : float or None
        Time of the mark that was jumped to.
    search : str
        What listed marks must say, in any case; empty for anything.
    kind : {"all", "file", "notes"}
        Which of them are listed.
    reads_notes, reads_marks : bool
        Whether they are still being read.
    """

    tool: ToolName = ""
    selected: int = -1
    end: End = "stop"
    draft: Caliper | None = None
    crosshair: bool = False
    shows_marks: bool = True
    shows_notes: bool = True
    snaps: bool = False
    current_s: float | None = None
    search: str = ""
    kind: Kind = "all"
    reads_notes: bool = False
    reads_marks: bool = False

    def for_next(self) -> MeasuringState:
        """Give what stays when another recording is shown: the ways to measure."""
        return replace(self, selected=-1, end="stop", draft=None, current_s=None, search="")


def shown_calipers(calipers: tuple[Caliper, ...], measuring: MeasuringState) -> tuple[Caliper, ...]:
    """Give the calipers with the one that the mouse is making or moving."""
    draft, at = measuring.draft, measuring.selected
    if draft is None:
        return calipers
    if 0 <= at < len(calipers):
        return (*calipers[:at], draft, *calipers[at + 1 :])
    return (*calipers, draft)


def selected_caliper(calipers: tuple[Caliper, ...], measuring: MeasuringState) -> Caliper | None:
    """Give the chosen caliper, as it is while it is moved."""
    if measuring.draft is not None:
        return measuring.draft
    return calipers[measuring.selected] if 0 <= measuring.selected < len(calipers) else None


def next_end(n_calipers: int, selected: int, end: End, step: int) -> tuple[int, End] | None:
    """Go to the next end of a caliper, or with -1 to the one before; None past the last.

    Parameters
    ----------
    n_calipers : int
        How many there are.
    selected : int
        The one chosen; -1 for none.
    end : {"start", "stop"}
        Its chosen end.
    step : int
        1 or -1.

    Returns
    -------
    tuple or None
        Caliper and end.
    """
    if selected < 0:
        place = 0 if step > 0 else 2 * n_calipers - 1
    else:
        place = 2 * selected + (end == "stop") + step
    if not 0 <= place < 2 * n_calipers:
        return None
    return place // 2, "stop" if place % 2 else "start"

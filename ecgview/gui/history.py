"""Undo and redo: the choices made on one recording, step by step.

A step holds the values of a few fields of the frozen state before and after it. Moving over the
recording is one step however long it goes on; a burst of zooming too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import ViewState

STEPS_KEPT = 200
BURST_S = 1.5
"""Changes of one kind that follow each other faster than this are one step."""

RECORDED = {
    "available": "lead choice",
    "wanted": "",
    "model": "model",
    "clean": "clean signals",
    "filter_input": "filtered model input",
    "personal": "calibration",
    "notes": "note",
    "calipers": "caliper",
    "view": "",
    "loops": "vectorcardiogram",
}
"""Fields of the state that a step holds, and what a change of them is called."""

_LASTING = {"px_per_mm", "calibrated"}
"""Fields of the view that belong to the screen, not to what is done on the recording."""
_PLACE = {"start_s", "scroll_mm"}
_VIEW_WORDS = {
    "zoom": "zoom",
    "layout": "layout",
    "scale": "scale",
    "speed_mm_s": "speed",
    "gain_mm_mv": "gain",
    "show": "what is shown",
    "shading": "shading",
    "interval": "interval",
    "mark_s": "marked stretch",
    "filters": "filter",
    "order": "order of leads",
    "rhythm": "rhythm strips",
    "half_chest": "half gain",
    "page_s": "time scale",
}
MOVING = "moving"


@dataclass(frozen=True)
class Step:
    """One thing that can be undone.

    Attributes
    ----------
    words : str
        What it is called, such as ``lead choice``.
    before, after : dict
        Values of the recorded fields that it changed; of the view a dict of its fields alone.
    at_s : float
        When it was last added to.
    """

    words: str
    before: dict[str, Any]
    after: dict[str, Any]
    at_s: float


def step_between(before: SessionState, after: SessionState, at_s: float) -> Step | None:
    """Give what changed from one state to the next.

    Parameters
    ----------
    before, after : SessionState
        Of one recording.
    at_s : float
        The time.

    Returns
    -------
    Step or None
        None where no recorded field changed.
    """
    changed = {
        name: words
        for name, words in RECORDED.items()
        if hasattr(before, name) and getattr(before, name) != getattr(after, name)
    }
    of_view = _changed_in_view(before, after)
    if of_view:
        changed["view"] = _view_words(of_view)
    else:
        changed.pop("view", None)
    if not any(changed.values()):
        return None
    return Step(
        next(words for words in changed.values() if words),
        _values(before, changed, of_view),
        _values(after, changed, of_view),
        at_s,
    )


def _changed_in_view(before: SessionState, after: SessionState) -> set[str]:
    """List the fields of the view that the user has changed on this recording.

    In a lesson, what is shown is a step of the lesson.
    """
    others = {"show"} if after.teaching.is_on else set()
    return {
        field.name
        for field in fields(ViewState)
        if getattr(before.view, field.name) != getattr(after.view, field.name)
    } - (_LASTING | others)


def _values(state: SessionState, names: Iterable[str], of_view: set[str]) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in names}
    if of_view:
        values["view"] = {name: getattr(state.view, name) for name in of_view}
    return values


def _view_words(changed: set[str]) -> str:
    """Name a change of the view."""
    if changed <= _PLACE:
        return MOVING
    # A change of layout or zoom moves the page too; that is not what it is called after.
    named = [words for name, words in _VIEW_WORDS.items() if name in changed]
    return named[0] if named else "view"


class History:
    """The steps of one recording.

    Parameters
    ----------
    clock : callable
        Gives the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._is_sealed = False

    @property
    def words(self) -> tuple[str, str]:
        """What would be undone and redone; empty for nothing."""
        return (
            self._done[-1].words if self._done else "",
            self._undone[-1].words if self._undone else "",
        )

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()

    def record(self, before: SessionState, after: SessionState) -> None:
        """Take note of a change of the state; another recording begins an empty history.

        Parameters
        ----------
        before, after : SessionState
            The state until now, and from now on.
        """
        if before.recording is not after.recording:
            self.clear()
            return
        if after.recording is None:
            return
        step = step_between(before, after, self._clock())
        if step is None:
            return
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and not self._is_sealed and _belong_together(last, step):
            self._done[-1] = _joined(last, step)
        else:
            self._done = [*self._done[1 - STEPS_KEPT :], step]
        self._is_sealed = False

    def take_back(self) -> dict[str, Any]:
        """Give the values that undo the last step, which can then be done again."""
        return self._move(self._done, self._undone).before

    def do_again(self) -> dict[str, Any]:
        """Give the values that redo the step undone last."""
        return self._move(self._undone, self._done).after

    def _move(self, source: list[Step], target: list[Step]) -> Step:
        self._is_sealed = True  # what is done next is a step of its own
        target.append(source.pop())
        return target[-1]


def put_back(state: SessionState, values: dict[str, Any]) -> SessionState:
    """Give a state with the values of a step; all that the step did not change stays.

    Parameters
    ----------
    state : SessionState
        As it is.
    values : dict
        Of `History.take_back` or `History.do_again`.
    """
    if "view" in values:
        values = {**values, "view": replace(state.view, **values["view"])}
    return replace(state, **values)


def _belong_together(last: Step, step: Step) -> bool:
    soon = step.at_s - last.at_s <= BURST_S
    if last.words == step.words:
        nudged = step.words == RECORDED["calipers"] and _is_nudge(last) and _is_nudge(step)
        return step.words == MOVING or (soon and (step.words == "zoom" or nudged))
    # A model that takes one set of leads only is given that set.
    return soon and last.words == RECORDED["model"] and step.words == RECORDED["available"]


def _is_nudge(step: Step) -> bool:
    """Tell whether calipers were moved, and none was made or taken away."""
    return len(step.before["calipers"]) == len(step.after["calipers"])


def _joined(last: Step, step: Step) -> Step:
    before, after = {**step.before, **last.before}, {**last.after, **step.after}
    if "view" in before:
        before["view"] = {**step.before.get("view", {}), **last.before.get("view", {})}
        after["view"] = {**last.after.get("view", {}), **step.after.get("view", {})}
    return Step(last.words, before, after, step.at_s)

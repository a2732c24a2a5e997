"""What the window says of long reconstructions: how far they are, and where they fail."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from numpy import isnan

from ecgview.gui.state import SessionState
from ecgview.gui.viewer.time_grid import clock_words

if TYPE_CHECKING:
    from ecgview.engine.worst import WorstRun

WORST_COLUMNS = ("From", "Length", "Lead", "PCC")
_DASH = "\N{EN DASH}"
_MINUTE_S, _HOUR_S = 60, 3600


def clock(time_s: float) -> str:
    """Write a time of a recording: ``3:20``, ``14:03:20``."""
    return clock_words(int(time_s + 1e-9))


def length(duration_s: float) -> str:
    """Write a duration in one unit or two: ``50 s``, ``3 min``, ``3 min 20 s``, ``24 h``."""
    whole = round(duration_s)
    for unit_s, name, below_s, below in (
        (_HOUR_S, "h", _MINUTE_S, "min"),
        (_MINUTE_S, "min", 1, "s"),
    ):
        if whole >= unit_s:
            rest = whole % unit_s // below_s
            return f"{whole // unit_s} {name}" + (f" {rest} {below}" if rest else "")
    return f"{whole} s"


def stretches_text(stretches: Sequence[tuple[int, int]], fs_hz: float) -> str:
    """Write which samples are meant: one stretch by its ends, several by their length."""
    if len(stretches) == 1:
        start, stop = stretches[0]
        return f"{clock(start / fs_hz)}{_DASH}{clock(stop / fs_hz)}"
    samples = sum(stop - start for start, stop in stretches)
    return f"{length(samples / fs_hz)} in {len(stretches)} stretches"


def growth_text(state: SessionState) -> str:
    """Say how much of a long recording is reconstructed, and how long the rest will take.

    Parameters
    ----------
    state : SessionState
        With or without a reconstruction.

    Returns
    -------
    str
        Empty where all of it is.
    """
    recording, reconstruction = state.recording, state.reconstruction
    if recording is None or reconstruction is None or reconstruction.is_whole:
        return ""
    done = stretches_text(reconstruction.done, recording.fs_hz)
    text = f"Computed {done} of {length(recording.duration_s)}"
    if not state.busy:
        return f"{text}, then stopped"
    return f"{text} · {_about(state.left_s)} left" if state.left_s else text


def _about(left_s: float) -> str:
    """Write how long something will take: no seconds where it is minutes."""
    return length(left_s if left_s < _MINUTE_S else _MINUTE_S * ceil(left_s / _MINUTE_S))


def is_growing(state: SessionState) -> bool:
    """Tell whether a reconstruction is shown that is still being made."""
    growing = state.reconstruction is not None and not state.reconstruction.is_whole
    return growing and bool(state.busy)


def can_go_on(state: SessionState) -> bool:
    """Tell whether a reconstruction is shown that was stopped."""
    stopped = state.reconstruction is not None and not state.reconstruction.is_whole
    return stopped and not state.busy and not state.failure


def worst_runs_of(state: SessionState) -> tuple[WorstRun, ...]:
    """List where the reconstruction shown fails, the worst first."""
    if state.windows is None:
        return ()
    from ecgview.engine.worst import worst_runs

    return worst_runs(state.windows, state.threshold)


def worst_cells(run: WorstRun) -> tuple[str, ...]:
    """Write a run in the order of `WORST_COLUMNS`."""
    pcc = f"{run.pcc:.2f}".replace("-", "\N{MINUS SIGN}")
    return clock(run.start_s), clock(run.stop_s - run.start_s), run.lead, pcc


def worst_heading(state: SessionState, runs: Sequence[WorstRun]) -> str:
    """Say what the list of worst windows holds, or why it is empty."""
    if state.windows is None:
        return ""
    if not state.windows.leads:
        return "Nothing to compare, so no window is listed"
    found = sum(run.windows for run in runs)
    compared = int((~isnan(state.windows.pcc)).any(axis=0).sum())
    of = f"of {compared} windows of 10 s"
    return f"{found} {of}, worst first" if found else f"None {of}"

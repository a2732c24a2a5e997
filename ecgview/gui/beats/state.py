"""What of the beats is shown, and what was found: one frozen value, and questions to the state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ecgview.leads import LEADS, Origin

if TYPE_CHECKING:
    from ecgview.gui.state import SessionState
    from ecgview.measurements.average import AverageBeat
    from ecgview.measurements.rhythm import Rhythm
    from ecgview.measurements.waves import Waves
    from ecgview.recording import Recording

WavesShown = Literal["off", "lead", "all"]

AT_ONCE_S = 600.0
"""Longer recordings are searched as a whole only when asked to."""
AVERAGED_AT_ONCE_S = 120.0
"""Of longer recordings the beats on the page are averaged, unless a stretch is marked."""
_LEAST_AVERAGED_S = 10.0
LONGEST_WAVES_S = 60.0
"""On pages longer than this waves are narrower than what could be seen."""


@dataclass(frozen=True, eq=False)
class BeatsState:
    """What is shown, and what was found in the recording shown.

    Attributes
    ----------
    shown : bool
        The average beat stands in the place of the traces.
    peaks : bool
        Whether R peaks and RR intervals are marked on the page.
    waves : {"off", "lead", "all"}
        Whether P, QRS and T are marked on the page: in the lead they were found in, or in all.
    lead : str
        The lead to find beats in; empty for the clearest.
    whole : bool
        Whether all of a long recording is to be searched.
    rhythm, found_waves, average : Rhythm, Waves, AverageBeat or None
        What was found; None while it is not known.
    rhythm_problem, waves_problem, average_problem : str
        Why there is none, in a sentence; empty where nothing failed.
    searching : str
        What is being looked for, empty when nothing is.
    progress : tuple of int or None
        How much of how much is searched, in samples.
    """

    shown: bool = False
    peaks: bool = False
    waves: WavesShown = "off"
    lead: str = ""
    whole: bool = False
    rhythm: Rhythm | None = None
    found_waves: Waves | None = None
    average: AverageBeat | None = None
    rhythm_problem: str = ""
    waves_problem: str = ""
    average_problem: str = ""
    searching: str = ""
    progress: tuple[int, int] | None = None

    def for_next(self) -> BeatsState:
        """Give the state for another recording: the same is shown, and nothing is known."""
        return BeatsState(shown=self.shown, peaks=self.peaks, waves=self.waves)

    def with_lead(self, lead: str) -> BeatsState:
        """Give the state with another lead, in which nothing was found yet."""
        return replace(self.for_next(), lead=lead, whole=self.whole)


@dataclass(frozen=True)
class Stretch:
    """Samples ``[start, stop)`` of a recording, and what they are: ``Whole recording``."""

    start: int
    stop: int
    what: str

    def words(self, fs_hz: float) -> str:
        """Say which stretch it is."""
        if self.what == "Whole recording":
            return f"{self.what}, {_length(self.stop / fs_hz)}"
        return f"{self.what}, {clock(self.start / fs_hz)} to {clock(self.stop / fs_hz)}"


def measured_leads(state: SessionState) -> tuple[str, ...]:
    """List the leads of the recording that are measured or derived, never a reconstructed one.

    A model that takes leads of another system makes all twelve of them estimates; those of the
    recording are measured all the same.
    """
    if state.card is not None and state.card.needs_other_leads:
        return state.leads
    origins = state.origins
    return tuple(
        lead for lead in LEADS if lead in state.leads and origins[lead] is not Origin.RECONSTRUCTED
    )


def chosen_lead(state: SessionState) -> str:
    """Give the lead that was chosen to find beats in; empty where it is no measured one."""
    return state.beats.lead if state.beats.lead in measured_leads(state) else ""


def figures_stretch(state: SessionState) -> Stretch | None:
    """Tell what the figures are over: the mark, the whole recording, or the page of a long one."""
    recording = state.recording
    if recording is None:
        return None
    if state.view.mark_s is not None:
        return _marked(state, recording)
    if state.beats.whole or recording.duration_s <= AT_ONCE_S:
        return Stretch(0, recording.n_samples, "Whole recording")
    return page_stretch(state)


def averaged_stretch(state: SessionState) -> Stretch | None:
    """Tell which beats are averaged: those marked, all, or those on the page of a long recording.

    A page is taken as ten seconds at least. Where a stretch of the recording taught a calibration,
    the original is compared with what that made of the rest.
    """
    recording = state.recording
    if recording is None:
        return None
    if state.view.mark_s is not None:
        return _marked(state, recording)
    if recording.duration_s <= AVERAGED_AT_ONCE_S:
        start, stop = state.not_learnt_from
        is_whole = stop - start == recording.n_samples
        return Stretch(
            start, stop, "Whole recording" if is_whole else "Beside what was learnt from"
        )
    length_s = min(max(state.view.page_s, _LEAST_AVERAGED_S), AVERAGED_AT_ONCE_S)
    start_s = max(0.0, min(state.view.start_s, recording.duration_s - length_s))
    return _of_seconds(recording, start_s, start_s + length_s, "Around the page")


def page_stretch(state: SessionState) -> Stretch | None:
    """Tell what is on the page."""
    recording = state.recording
    if recording is None:
        return None
    start_s = state.view.start_s
    return _of_seconds(recording, start_s, start_s + state.view.page_s, "Page")


def searched_stretch(state: SessionState) -> Stretch | None:
    """Tell where to look for R peaks; None where a page is too long to be searched unasked."""
    wanted = figures_stretch(state)
    if wanted is None or state.recording is None or wanted.what != "Page":
        return wanted
    fs_hz = state.recording.fs_hz
    length = wanted.stop - wanted.start
    if length > AT_ONCE_S * fs_hz:
        return None
    # A page to either side, so that moving about seldom searches again.
    start, stop = max(0, wanted.start - length), wanted.stop + length
    return Stretch(start, min(stop, state.recording.n_samples), "Page")


def waves_stretch(state: SessionState) -> Stretch | None:
    """Tell where to delineate: all of a short recording, or the page and its sides."""
    recording, page = state.recording, page_stretch(state)
    if recording is None or page is None or state.view.page_s > LONGEST_WAVES_S:
        return None
    if recording.duration_s <= LONGEST_WAVES_S:
        return Stretch(0, recording.n_samples, "Whole recording")
    # In steps, so that moving about seldom delineates again.
    step = max(1, round((LONGEST_WAVES_S - state.view.page_s) / 2 * recording.fs_hz))
    start = max(0, page.start // step - 1) * step
    stop = min(start + round(LONGEST_WAVES_S * recording.fs_hz) + step, recording.n_samples)
    return Stretch(start, stop, "Page")


def _marked(state: SessionState, recording: Recording) -> Stretch:
    start_s, stop_s = state.view.mark_s or (0.0, 0.0)
    return _of_seconds(recording, start_s, stop_s, "Marked stretch")


def _of_seconds(recording: Recording, start_s: float, stop_s: float, what: str) -> Stretch:
    start, stop = (
        min(max(round(second * recording.fs_hz), 0), recording.n_samples)
        for second in (start_s, stop_s)
    )
    return Stretch(start, stop, what)


def clock(second: float) -> str:
    """Word a time of the recording: ``4.25 s``, or ``1:02:03.4`` from a minute on."""
    if second < 60:
        return f"{second:.2f} s"
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:.0f}:{minutes:02.0f}:{seconds:04.1f}"


def _length(second: float) -> str:
    return f"{second:.1f} s" if second < 600 else clock(second)

"""A sign: one plain sentence about a recording, what it may mean, and how often it is right."""

from __future__ import annotations

from dataclasses import dataclass

MISTAKE, MISFIT, GAIN, DEAD, NOISY, WANDER, JUMPS, RATE, PACED, OPENING = (
    "mistake",
    "misfit",
    "gain",
    "dead",
    "noisy",
    "wander",
    "jumps",
    "rate",
    "paced",
    "opening",
)
CODES = {
    MISTAKE: "leads exchanged or turned round",
    MISFIT: "a lead does not fit the others",
    GAIN: "a lead is too large or too small for the others",
    DEAD: "flat lead",
    NOISY: "noise",
    WANDER: "baseline wander",
    JUMPS: "jumps",
    RATE: "heart rate",
    PACED: "pacing spikes",
    OPENING: "found on opening",
}
"""Kinds of signs, for tables."""


@dataclass(frozen=True)
class Rate:
    """How often a sign is right, from recordings where the answer is known.

    Attributes
    ----------
    found : float
        Share of the recordings with the fault in which the sign is raised.
    n_found_in : int
        How many of them there were.
    false_alarms : float
        Share of untouched recordings in which it is raised.
    n_false_in : int
        How many of them there were.
    """

    found: float
    n_found_in: int
    false_alarms: float
    n_false_in: int

    @property
    def words(self) -> str:
        """The four figures in a sentence."""
        said = f"false alarm in {self.false_alarms:.1%} of {self.n_false_in} recordings as they are"
        if not self.n_found_in:
            return f"In tests: {said}."
        return f"In tests: found {self.found:.0%} of {self.n_found_in} such faults, {said}."


@dataclass(frozen=True)
class Sign:
    """One sign.

    Attributes
    ----------
    code : str
        A key of `CODES`.
    leads : tuple of str
        What it is about; empty for the whole recording.
    message : str
        One sentence.
    hint : str
        What it may mean, or what to do.
    mistake : str
        The mistake that would explain it, as `ecgview.engine.signs.mistakes` names it.
    at_s : float or None
        Where to look; None for anywhere.
    rate : Rate or None
        How often it is right; None where that was not measured.
    """

    code: str
    leads: tuple[str, ...]
    message: str
    hint: str = ""
    mistake: str = ""
    at_s: float | None = None
    rate: Rate | None = None

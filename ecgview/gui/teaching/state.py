"""Where a lesson stands, and what follows: pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ecgview.gui.viewer.state import Show
from ecgview.leads import LEADS, PRESETS, Origin, in_order

if TYPE_CHECKING:
    from ecgview.gui.state import SessionState

Stage = Literal["guess", "estimate", "truth"]
STAGES: tuple[Stage, ...] = ("guess", "estimate", "truth")
SHOW_OF_STAGE: dict[Stage, Show] = {
    "guess": "available",
    "estimate": "reconstruction",
    "truth": "overlay",
}
"""What the paper shows: the available leads; the others as rebuilt; as recorded too."""


@dataclass(frozen=True)
class TeachingState:
    """A lesson.

    Attributes
    ----------
    is_on : bool
        Whether there is one.
    stage : {"guess", "estimate", "truth"}
        How much has been revealed.
    tour : int or None
        Step of the guided tour; None outside it.
    """

    is_on: bool = False
    stage: Stage = "guess"
    tour: int | None = None

    @property
    def is_guessing(self) -> bool:
        """Whether the recording of the leads in question is still hidden."""
        return self.is_on and self.stage != "truth"


def hidden_leads(state: SessionState) -> tuple[str, ...]:
    """List the leads whose recording is kept back as a lesson stands; none outside lessons."""
    if not state.teaching.is_guessing and state.view.show != "available":
        return ()
    return _guessed_leads(state)


def _guessed_leads(state: SessionState) -> tuple[str, ...]:
    return tuple(lead for lead in LEADS if state.origins[lead] is Origin.RECONSTRUCTED)


def next_stage(stage: Stage) -> Stage | None:
    """Give what is revealed next; None after the truth."""
    following = STAGES.index(stage) + 1
    return STAGES[following] if following < len(STAGES) else None


def steps(leads: tuple[str, ...]) -> list[tuple[str, ...]]:
    """List the sets of leads that a lesson goes through: those presets that leave one to guess.

    Parameters
    ----------
    leads : tuple of str
        Leads of the recording.
    """
    sets = (in_order(preset) for preset in PRESETS.values())
    return [one for one in sets if set(one) < set(leads)]


def next_leads(available: tuple[str, ...], leads: tuple[str, ...], by: int = 1) -> tuple[str, ...]:
    """Give the set of leads after (or before) the one that is available, round and round."""
    sets = steps(leads)
    if not sets:
        return available
    if available not in sets:
        return sets[0] if by > 0 else sets[-1]
    return sets[(sets.index(available) + by) % len(sets)]


def question(state: SessionState) -> str:
    """Word what the class is asked, or shown, at this stage."""
    hidden = _guessed_leads(state)
    given = ", ".join(state.available)
    if state.recording is None or not hidden:
        return "All twelve leads are given or follow exactly. Choose fewer."
    them = _listed(hidden)
    if state.teaching.stage == "guess":
        return f"Given: {given}. What will {them} look like?"
    if state.teaching.stage == "estimate":
        return f"{them} as a model guesses from {given}. How close is that?"
    return f"{them}: recorded (solid) and rebuilt (dashed). {_verdict(state)}".strip()


def _listed(leads: tuple[str, ...]) -> str:
    """Write V1, V2, V3, V4, V5, V6 as ``V1 to V6``."""
    chest = LEADS[6:]
    first = next((at for at, lead in enumerate(leads) if lead in chest), len(leads))
    tail = leads[first:]
    if len(tail) > 2 and LEADS.index(tail[-1]) - LEADS.index(tail[0]) == len(tail) - 1:
        return ", ".join((*leads[:first], f"{tail[0]} to {tail[-1]}"))
    return ", ".join(leads)


def _verdict(state: SessionState) -> str:
    """Name the best and the worst lead, where there is something to compare with."""
    rows = state.agreement.rows if state.agreement is not None else ()
    scored = [
        (row.pcc, row.lead)
        for row in rows
        if row.pcc is not None
        and row.lead in state.leads
        and state.origins[row.lead] is Origin.RECONSTRUCTED
    ]
    if not scored:
        return ""
    (low, worst), (high, best) = min(scored), max(scored)
    if worst == best:
        return f"Correlation {low:.2f}."
    return f"Closest: {best} ({high:.2f}). Furthest: {worst} ({low:.2f})."

"""Models that take one set of leads only: what to give them, and what to say where it cannot be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.leads import CHEST_LEADS, best_limb_pair, in_order

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.gui.state import SessionState
    from ecgview.recording import Recording


@dataclass(frozen=True)
class Misfit:
    """Why the chosen model cannot run, and two ways on.

    Attributes
    ----------
    sentence : str
        What is wrong.
    leads : tuple of str
        Available leads that it would take; empty where the file lacks one.
    model : str
        Name of a model that takes any leads; empty where none is installed.
    model_title : str
        Its title.
    """

    sentence: str
    leads: tuple[str, ...] = ()
    model: str = ""
    model_title: str = ""


def leads_for(card: ModelCard | None, present: Collection[str]) -> tuple[str, ...]:
    """Choose the available leads that a model with a set of its own takes.

    Parameters
    ----------
    card : ModelCard or None
        The model.
    present : collection of str
        Leads of the recording.

    Returns
    -------
    tuple of str
        Empty where it takes any set, leads of another system, or a lead that is not there; any
        two limb leads stand for all six.
    """
    if card is None or not card.leads or card.needs_other_leads:
        return ()
    chest = [lead for lead in card.leads if lead in CHEST_LEADS]
    for candidate in (card.leads, (*(best_limb_pair(present) or ()), *chest)):
        chosen = in_order(lead for lead in candidate if lead in present)
        if chosen and card.takes(chosen):
            return chosen
    return ()


def misfit_of(state: SessionState) -> Misfit | None:
    """Tell whether the chosen model can be given what is available.

    Returns
    -------
    Misfit or None
        None where it can run.
    """
    card, recording = state.card, state.recording
    if card is None or recording is None:
        return None
    if card.needs_other_leads:
        missing = [lead for lead in card.leads if lead not in recording.other_leads]
        if not missing:
            return None
    elif not recording.leads:
        return _other_system(state, recording)
    elif card.takes(state.available):
        return None
    else:
        missing = [lead for lead in card.leads if lead not in recording.leads]
    leads = leads_for(card, recording.leads)
    takes = f"{card.title} takes {', '.join(card.leads)} only"
    other = next((any_lead for any_lead in state.models if not any_lead.leads), None)
    return Misfit(
        f"{takes}." if leads else f"{takes}; this file has no {', '.join(missing)}.",
        leads,
        other.name if other else "",
        other.title if other else "",
    )


def _other_system(state: SessionState, recording: Recording) -> Misfit:
    """Point to the transform that makes the twelve leads of a file that has none of them."""
    has = recording.other_leads
    fitting = (card for card in state.models if card.leads and set(card.leads) <= set(has))
    card = next((card for card in fitting if card.needs_other_leads), None)
    return Misfit(
        f"This file has none of the twelve leads, but {', '.join(has)}.",
        model=card.name if card else "",
        model_title=card.title if card else "",
    )

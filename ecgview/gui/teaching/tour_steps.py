"""The guided tour "Why V3 and not V6?", as plain steps; every figure in it comes from the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.engine.cards import Expected, ModelCard
from ecgview.errors import ModelError
from ecgview.gui.teaching.state import Stage
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS
from ecgview.studies.additions.choices import rank_electrodes, rank_leads
from ecgview.studies.additions.electrodes import LIMB_ELECTRODES

if TYPE_CHECKING:
    from ecgview.gui.state import SessionState
    from ecgview.studies.additions.set_errors import SetErrors

TITLE = "Why V3 and not V6?"
LIMB, WITH_V6, WITH_V3 = ("I", "II"), ("I", "II", "V6"), ("I", "II", "V3")

_Figures = Mapping[str, Expected]


@dataclass(frozen=True)
class TourStep:
    """One step of the tour.

    Attributes
    ----------
    leads : tuple of str
        What the model is given.
    page : str
        Page of the window.
    stage : {"guess", "estimate", "truth"}
        How much is shown, as in a lesson.
    points : tuple of str
        Leads to look at.
    sentence : str
        What is said.
    """

    leads: tuple[str, ...]
    page: str
    stage: Stage
    points: tuple[str, ...]
    sentence: str


def tour_steps(card: ModelCard, errors: SetErrors | None) -> tuple[TourStep, ...]:
    """Make the steps from what is expected of a model.

    Parameters
    ----------
    card : ModelCard
        The model's.
    errors : SetErrors or None
        As `read_errors` gives them.

    Returns
    -------
    tuple of TourStep
        Seven.

    Raises
    ------
    ModelError
        If the card has no figures for the sets that the tour goes through.
    """
    limb, v6, v3 = (_expected(card, leads) for leads in (LIMB, WITH_V6, WITH_V3))
    if errors is None or not all(errors.has(leads) for leads in (LIMB, WITH_V6, WITH_V3)):
        raise _no_figures(card)
    pair = rank_electrodes(errors, len(LIMB_ELECTRODES) + 2, LIMB_ELECTRODES)
    both = _expected(card, pair.choices[0].available)
    rest = tuple(lead for lead in CHEST_LEADS if lead in both)
    first, second = _gainers(limb, v3, "V3")
    return (
        TourStep(LIMB, "viewer", "guess", ("V3", "V6"), _what_is_expected(limb)),
        TourStep(
            LIMB, "viewer", "truth", ("V3", "V6"),
            "Here are V3 and V6 of this recording: solid as recorded, dashed as rebuilt from I "
            "and II, the difference shaded.",
        ),
        TourStep(WITH_V6, "viewer", "truth", _gainers(limb, v6, "V6"), _what_v6_brings(limb, v6)),
        TourStep(
            WITH_V3, "viewer", "truth", (first, second),
            _what_v3_brings(limb, v3, first, second),
        ),
        TourStep(LIMB, "leadmap", "truth", ("V3", "V6"), _what_is_left(errors)),
        TourStep(
            pair.choices[0].available, "viewer", "truth", rest, _what_a_pair_brings(errors, both)
        ),
        TourStep(
            WITH_V3, "viewer", "truth", ("V2", "V3", "V4"),
            "So record next what the leads you have tell least of, and what tells most of its "
            "neighbours; not what they tell already.",
        ),
    )  # fmt: skip


def _expected(card: ModelCard, leads: tuple[str, ...]) -> _Figures:
    found = card.expected(leads) if card.takes(leads) else None
    if not found:
        raise _no_figures(card)
    return found


def _no_figures(card: ModelCard) -> ModelError:
    return ModelError(
        f"The card of {card.title} does not say what to expect of I, II and one chest lead.",
        "Choose another model, such as the one that comes with ecgview.",
    )


def _gainers(before: _Figures, after: _Figures, added: str) -> tuple[str, ...]:
    """Name the two chest leads whose error falls most."""
    others = [lead for lead in CHEST_LEADS if lead != added]
    return tuple(sorted(others, key=lambda lead: after[lead].rmse_uv - before[lead].rmse_uv)[:2])


def _fell(before: _Figures, after: _Figures, lead: str) -> str:
    return f"{before[lead].rmse_uv:.0f} to {after[lead].rmse_uv:.0f} µV"


def _went(before: _Figures, after: _Figures, lead: str) -> str:
    """Say where an error goes that need not fall."""
    stays = f"{before[lead].rmse_uv:.0f}" == f"{after[lead].rmse_uv:.0f}"
    if stays:
        return f"stays at {after[lead].rmse_uv:.0f} µV"
    return f"goes from {_fell(before, after, lead)}"


def _as_neighbours(*leads: str) -> str:
    return ", its two neighbours," if set(leads) == {"V2", "V4"} else ""


def _what_is_expected(limb: _Figures) -> str:
    return (
        "From I and II alone, V6 should come back with a correlation (PCC) of "
        f"{limb['V6'].pcc:.2f}, V3 with only {limb['V3'].pcc:.2f}: what will they look like?"
    )


def _what_v6_brings(limb: _Figures, v6: _Figures) -> str:
    first = _gainers(limb, v6, "V6")[0]
    return (
        f"Record V6 too, and {first} gains most, its error falling from {_fell(limb, v6, first)}; "
        f"that of V3 {_went(limb, v6, 'V3')}."
    )


def _what_v3_brings(limb: _Figures, v3: _Figures, first: str, second: str) -> str:
    neighbours = _as_neighbours(first, second)
    return (
        f"Record V3 instead, and {first} and {second}{neighbours} gain most: their errors fall "
        f"from {_fell(limb, v3, first)} and from {_fell(limb, v3, second)}."
    )


def _what_is_left(errors: SetErrors) -> str:
    ranking = rank_leads(errors, LIMB)
    left = {choice.adds[0]: choice.error_uv for choice in ranking.choices}
    alike = [choice.adds[0] for choice in ranking.alike[1:]]
    also = f" ({' and '.join(alike)} cannot be told apart from it)" if alike else ""
    best = ranking.choices[0].adds[0]
    return (
        f"One figure for it, the error over all {len(INDEPENDENT_LEADS)} independent leads: "
        f"{ranking.error_uv:.0f} µV from I and II, {left['V3']:.0f} with V3, {left['V6']:.0f} with "
        f"V6; {best} is the best to add{also}."
    )


def _what_a_pair_brings(errors: SetErrors, both: _Figures) -> str:
    pair = rank_electrodes(errors, len(LIMB_ELECTRODES) + 2, LIMB_ELECTRODES)
    best = pair.choices[0]
    alike = [" + ".join(choice.adds) for choice in pair.alike[1:]]
    also = f"; {', '.join(alike)} cannot be told apart from it" if alike else ""
    others = [both[lead].pcc for lead in CHEST_LEADS if lead in both]
    return (
        f"Of all pairs of chest leads {' and '.join(best.adds)} leave the least, "
        f"{best.error_uv:.0f} µV: the other four come back with a PCC of {min(others):.2f} to "
        f"{max(others):.2f}{also}."
    )


def live_words(state: SessionState, step: TourStep) -> str:
    """Say how the leads to look at come back in this recording; empty where that is hidden."""
    if state.agreement is None or step.stage != "truth" or state.available != step.leads:
        return ""
    figures = {row.lead: row.pcc for row in state.agreement.rows if row.pcc is not None}
    said = [f"{lead} {figures[lead]:.2f}" for lead in step.points if lead in figures]
    return f"PCC in this recording: {', '.join(said)}." if said else ""

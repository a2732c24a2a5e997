"""What to record next, as the window shows it: a frozen state, and rows that follow from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ecgview.errors import LeadError
from ecgview.studies.additions.choices import (
    Choice,
    Ranking,
    best_by_budget,
    greedy_path,
    rank_electrodes,
    rank_leads,
)
from ecgview.studies.additions.electrodes import BUDGETS, electrodes_for, leads_of
from ecgview.studies.additions.set_errors import SetErrors
from ecgview.studies.additions.words import adds_words

By = Literal["leads", "electrodes"]
_ARROW = "\N{RIGHTWARDS ARROW}"
_PLUS_MINUS = "\N{PLUS-MINUS SIGN}"


@dataclass(frozen=True)
class NextState:
    """What is asked, and what is known.

    Attributes
    ----------
    by : {"leads", "electrodes"}
        What is counted.
    available : tuple of str
        Leads that one has.
    placed : tuple of str
        Electrodes that one has.
    budget : int
        How many electrodes there can be.
    chosen : int
        Row that is looked at.
    expected : SetErrors or None
        Of the model; None where its card says nothing.
    measured : SetErrors or None
        Of the recording shown; None where there is none, or not yet.
    remark : str
        Why there are no figures of the recording, or that they are on their way.
    """

    by: By = "leads"
    available: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    budget: int = 4
    chosen: int = 0
    expected: SetErrors | None = None
    measured: SetErrors | None = None
    remark: str = ""


@dataclass(frozen=True)
class NextRow:
    """A choice, in words and as bars.

    Attributes
    ----------
    choice : Choice
        What it is.
    title, expected, measured, tip : str
        Cells, and the whole in a sentence; `measured` is empty where it is not known.
    expected_share, measured_share : float
        Lengths of the bars, 0 to 1, on one scale.
    is_alike : bool
        Whether it is among those that cannot be told apart from the best.
    """

    choice: Choice
    title: str
    expected: str
    measured: str
    tip: str
    expected_share: float
    measured_share: float
    is_alike: bool


def begun(available: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Give the electrodes that leads need, and a budget of one more."""
    placed = electrodes_for(available)
    return placed, min(max(len(placed) + 1, BUDGETS[0]), BUDGETS[-1])


def ranking_of(state: NextState, errors: SetErrors | None = None) -> Ranking:
    """Rank the choices.

    Parameters
    ----------
    state : NextState
        What is asked.
    errors : SetErrors, optional
        Those of the recording; the expected ones by default.

    Raises
    ------
    LeadError
        If there is no choice of this kind, or nothing is known of it.
    """
    errors = errors or state.expected
    if errors is None:
        raise LeadError("The card of this model has no figures to choose by.", "Choose another.")
    if state.by == "leads":
        return rank_leads(errors, state.available)
    return rank_electrodes(errors, state.budget, state.placed)


def rows_of(state: NextState, ranking: Ranking) -> tuple[NextRow, ...]:
    """Put a ranking into words and bars."""
    before = _measured_uv(state, ranking.available) if ranking.available else None
    values = [
        (_fall(ranking.error_uv, choice.error_uv), _fall(before, _measured_of(state, choice)))
        for choice in ranking.choices
    ]
    longest = max((value for pair in values for value in pair if value is not None), default=1.0)
    alike = ranking.alike if len(ranking.alike) > 1 else ()
    return tuple(
        NextRow(
            choice,
            adds_words(choice),
            _figure(expected),
            _figure(measured),
            _tip(state, ranking, choice),
            _share(expected, longest),
            _share(measured, longest),
            choice in alike,
        )
        for choice, (expected, measured) in zip(ranking.choices, values, strict=True)
    )


def is_gain(ranking: Ranking) -> bool:
    """Tell whether rows say how far the error falls; from nothing they say what is left."""
    return not math.isnan(ranking.error_uv)


def _measured_uv(state: NextState, leads: tuple[str, ...]) -> float | None:
    measured = state.measured
    return measured.error_uv(leads) if measured is not None and measured.has(leads) else None


def _measured_of(state: NextState, choice: Choice) -> float | None:
    return _measured_uv(state, choice.available)


def _fall(before: float | None, after: float | None) -> float | None:
    """Give how far an error falls; the error itself where there was nothing before."""
    if after is None:
        return None
    return after if before is None or math.isnan(before) else before - after


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _share(value: float | None, longest: float) -> float:
    return 0.0 if value is None or longest <= 0 else max(0.0, value / longest)


def _tip(state: NextState, ranking: Ranking, choice: Choice) -> str:
    """Say a choice in sentences."""
    now = f"{ranking.error_uv:.1f} {_ARROW} " if is_gain(ranking) else ""
    said = [f"{adds_words(choice)}: expected error {now}{choice.error_uv:.1f} µV"]
    if choice.pcc is not None:
        said[0] += f", mean PCC {choice.pcc:.3f} over what remains"
    if choice.behind_uv:
        half = choice.half_width_uv
        doubt = f" {_PLUS_MINUS} {half:.1f}" if half is not None else ""
        said.append(f"{choice.behind_uv:.1f}{doubt} µV more than the best")
    measured = _measured_of(state, choice)
    if measured is not None:
        said.append(f"on this recording {measured:.1f} µV")
    return "; ".join(said) + "."


def path_lines(state: NextState) -> tuple[str, ...]:
    """Say where the best choices lead, for the model and for the recording; errors in uV."""
    lines: list[str] = []
    for errors, whose in ((state.expected, "On average"), (state.measured, "This recording")):
        if errors is None:
            continue
        if state.by == "electrodes":
            best = _budgets(errors, state)
            lines += [f"{whose}:", *best] if best else []
        elif words := _lead_path(errors, state):
            lines.append(f"{whose}: {words}")
    return tuple(lines)


def _lead_path(errors: SetErrors, state: NextState) -> str:
    if not state.available or not errors.has(state.available):
        return ""
    path = greedy_path(errors, state.available)
    return ", ".join(f"{step.adds[0]} ({step.error_uv:.0f} µV)" for step in path)


def _budgets(errors: SetErrors, state: NextState) -> list[str]:
    return [
        f"{budget}: {' + '.join(choice.adds)} ({choice.error_uv:.0f} µV)"
        for budget, choice in best_by_budget(errors, state.placed).items()
        if choice.adds
    ]


def electrodes_shown(state: NextState, choice: Choice | None) -> tuple[set[str], set[str]]:
    """Give the electrodes that are placed, and those that a choice adds."""
    have = set(electrodes_for(state.available) if state.by == "leads" else state.placed)
    if choice is None:
        return have, set()
    needs = electrodes_for(choice.adds) if state.by == "leads" else choice.adds
    return have, set(needs) - have


def placed_leads(state: NextState) -> tuple[str, ...]:
    """Give the leads that the placed electrodes measure; none where they are too few."""
    try:
        return leads_of(state.placed)
    except LeadError:
        return ()

"""What signs say: a sentence each, and what it may mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from ecgview.engine.cards import set_key
from ecgview.engine.signs.figures import LeadFigures, heart_rate_bpm, spikes_mv
from ecgview.engine.signs.judging import Judgement
from ecgview.engine.signs.mistakes import LIMB, ORDER, TURNED, Mistake
from ecgview.engine.signs.sign import (
    DEAD,
    GAIN,
    JUMPS,
    MISFIT,
    MISTAKE,
    NOISY,
    OPENING,
    PACED,
    RATE,
    WANDER,
    Sign,
)
from ecgview.engine.signs.standards import Standards
from ecgview.engine.signs.stretches import Stretch
from ecgview.leads import LEADS, in_order
from ecgview.recording import Recording

_OF_OPENING = ("limb-identity", "limb-reversal", "chest-order", "copied-lead", "saturated")
_MOST_NAMED = 3


def opening_signs(recording: Recording) -> tuple[Sign, ...]:
    """Repeat what the checks on opening found of how leads fit each other; of all its leads."""
    return tuple(
        Sign(OPENING, (), warning.message, warning.hint)
        for warning in recording.warnings
        if warning.code in _OF_OPENING
    )


def judgement_signs(
    judgement: Judgement,
    standards: Standards,
    available: Sequence[str],
    dead: Collection[str] = (),
) -> Iterator[Sign]:
    """Say which leads do not fit, and what would explain it.

    Parameters
    ----------
    judgement : Judgement
        What leaving one lead out said.
    standards : Standards
        Knows how often it is right.
    available : sequence of str
        The leads looked at.
    dead : collection of str
        Leads of which something worse is told already.
    """
    key = set_key(available)
    odd = [lead for lead in judgement.odd if lead not in dead]
    mistake = judgement.mistake
    if mistake is not None and not set(touched(mistake)) & set(dead):
        yield Sign(
            MISTAKE,
            in_order(lead for lead in touched(mistake) if lead in available),
            mistake_words(mistake, odd),
            "The other leads, from which each is predicted, fit better that way. It may be the "
            "heart itself: look before you change anything.",
            mistake.key,
            rate=standards.rate_of(MISTAKE, mistake.key, key),
        )
        return
    for lead, factor in judgement.factors.items():
        if lead in dead:
            continue
        size = f"{factor:.2g} times as large as" if factor > 1 else f"only {factor:.0%} of what"
        yield Sign(
            GAIN,
            (lead,),
            f"{lead} is {size} the other leads predict: a wrong gain?",
            "It may also be the heart itself, or an electrode in another place.",
            rate=standards.rate_of(GAIN, "", key),
        )
        odd = [other for other in odd if other != lead]
    if odd:
        yield Sign(
            MISFIT,
            in_order(odd),
            f"{_listed(odd)} {'does' if len(odd) == 1 else 'do'} not fit the other leads.",
            "Predicted from them, it looks otherwise: the heart may be unusual, or an electrode, "
            "a column or a gain wrong. No single exchange explains it.",
            rate=standards.rate_of(MISFIT, "", key),
        )


def touched(mistake: Mistake) -> tuple[str, ...]:
    """Leads that a mistake changes."""
    return in_order({*mistake.names, *mistake.factors})


def mistake_words(mistake: Mistake, odd: Sequence[str]) -> str:
    """Say what does not fit, and ask whether it is that mistake."""
    if mistake.kind == TURNED:
        (lead,) = mistake.factors
        return f"{lead} does not fit the other leads: turned round?"
    if mistake.kind == LIMB:
        what = mistake.key if "moved" in mistake.key else f"{mistake.key} exchanged"
        return f"The limb leads do not fit: electrodes of {what}?"
    if mistake.kind == ORDER:
        return f"The chest leads do not fit each other: {mistake.key}?"
    one, other = mistake.names
    first, second = (other, one) if odd and odd[0] == other else (one, other)
    return f"{first} does not fit the other leads: swapped with {second}?"


def lead_signs(
    figures: Sequence[Sequence[LeadFigures]], starts_s: Sequence[float], standards: Standards
) -> list[Sign]:
    """Say which leads are flat, noisy, wander or jump, by their figures in some stretches."""
    limits = standards.signals
    found = []
    taken: set[str] = set()
    for code, value_of, limit, words, hint in _single_checks():
        leads, at_s = [], None
        for of_lead in figures:
            values = [value_of(one) for one in of_lead]
            worst = int(np.argmin(values) if code == DEAD else np.argmax(values))
            value = values[worst] if code in (DEAD, JUMPS) else float(np.median(values))
            is_beyond = value < limits[limit] if code == DEAD else value > limits[limit]
            if is_beyond and of_lead[0].lead not in taken:
                leads.append(of_lead[0].lead)
                at_s = starts_s[worst] if at_s is None else at_s
        if leads:
            taken.update(leads)
            verbs = ("is", "shows") if len(leads) == 1 else ("are", "show")
            said = words.format(_listed(leads), *verbs)
            found.append(
                Sign(code, tuple(leads), said, hint, at_s=at_s, rate=standards.rate_of(code))
            )
    return found


_Check = tuple[str, Callable[[LeadFigures], float], str, str, str]


def _single_checks() -> tuple[_Check, ...]:
    return (
        (
            DEAD,
            lambda one: one.spread_mv,
            "least_spread_mv",
            "{0} {2} hardly any signal, at least for a time.",
            "An electrode may have been off, or the voltage is low. Switch the lead off to have it "
            "rebuilt instead.",
        ),
        (
            JUMPS,
            lambda one: one.largest_mv,
            "largest_mv",
            "{0} {1} far beyond what a heart gives.",
            "A loose electrode, or a wrong gain; what is rebuilt there means nothing.",
        ),
        (
            NOISY,
            lambda one: one.noise_mv,
            "noise_mv",
            "{0} {1} noisier than nearly all recordings that the model knows.",
            "Muscles or the mains; what is rebuilt carries a part of it.",
        ),
        (
            WANDER,
            lambda one: one.wander_mv,
            "wander_mv",
            "The baseline of {0} wanders more than in nearly all recordings that the model knows.",
            "Raw figures suffer most; compare clean.",
        ),
    )


def rate_signs(
    stretches: Sequence[Stretch], lead: str, dead: Collection[str], standards: Standards
) -> Iterator[Sign]:
    """Say that the heart beats slower or faster than in nearly all recordings the model knows."""
    if lead in dead:
        return
    found = [rate for one in stretches if (rate := heart_rate_bpm(one, lead)) is not None]
    if not found:
        return
    rate_bpm = float(np.median(found))
    limits = standards.signals
    slow, fast = limits["slowest_bpm"], limits["fastest_bpm"]
    if slow <= rate_bpm <= fast:
        return
    how, beyond, limit = ("slowly", "below", slow) if rate_bpm < slow else ("fast", "above", fast)
    yield Sign(
        RATE,
        (),
        f"The heart beats {how}: about {rate_bpm:.0f} a minute.",
        f"Few of the recordings that the model knows lie {beyond} {limit:.0f} a minute.",
        rate=standards.rate_of(RATE),
    )


def paced_signs(stretches: Sequence[Stretch], standards: Standards) -> Iterator[Sign]:
    """Say that there are spikes as a pacemaker makes them."""
    found = [(spikes_mv(one.recorded_mv, one.fs_hz), one.start_s) for one in stretches]
    heights = [(*spikes, start_s) for spikes, start_s in found if spikes is not None]
    if not heights or np.median([one[0] for one in heights]) <= standards.signals["spikes_mv"]:
        return
    _, at_s, start_s = max(heights)
    yield Sign(
        PACED,
        (),
        "There are spikes as a pacemaker makes them.",
        "Hardly any recording that the model knows is paced; spikes are too narrow for its rate.",
        at_s=start_s + at_s,
        rate=standards.rate_of(PACED),
    )


def _listed(leads: Sequence[str]) -> str:
    """Name a few leads; of many, how many."""
    named = [lead for lead in LEADS if lead in leads]
    if len(named) > _MOST_NAMED:
        return f"{', '.join(named[:_MOST_NAMED])} and {len(named) - _MOST_NAMED} more"
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)

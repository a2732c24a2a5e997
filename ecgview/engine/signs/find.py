"""Look for signs that a recording is not like those a model was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.events import Event, Finished, Progress, result_of
from ecgview.engine.published import PUBLISHED
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.engine.signs.figures import lead_figures
from ecgview.engine.signs.judging import Array, Judgement, judge
from ecgview.engine.signs.leave_one_out import LIMB_PAIR, LeadFits, basis, leave_one_out
from ecgview.engine.signs.sign import Sign
from ecgview.engine.signs.standards import Standards, standards_of
from ecgview.engine.signs.stretches import Stretch, cut, starts_s
from ecgview.engine.signs.words import (
    judgement_signs,
    lead_signs,
    opening_signs,
    paced_signs,
    rate_signs,
)
from ecgview.errors import LeadError
from ecgview.leads import LIMB_LEADS, in_order
from ecgview.recording import Recording

Network = nn.Module
"""For rooms that name no torch."""
SAMPLES = 512
"""Samples of a stretch, at the model's rate, that the network looks at: some beats are enough."""


def find_signs(
    recording: Recording, available: Sequence[str], model: str | None = None
) -> tuple[Sign, ...]:
    """Find signs as `sign_events` does, without telling how far it is."""
    found: tuple[Sign, ...] = result_of(sign_events(recording, available, model))
    return found


def sign_events(
    recording: Recording, available: Sequence[str], model: str | None = None
) -> Iterator[Event]:
    """Look for signs in a recording, of a long one in a few stretches of ten seconds.

    Parameters
    ----------
    recording : Recording
        Any length, any rate.
    available : sequence of str
        The leads to look at, all in the recording.
    model : str, optional
        Name or file; the default model if not given. Of one without standards only what was found
        on opening is told.

    Yields
    ------
    Event
        `Progress`, then `Finished` with a tuple of `Sign`, the gravest first.

    Raises
    ------
    LeadError
        If no lead is available, or one is not in the recording.
    ModelError
        If there is no such model.
    """
    available = in_order(available)
    if not available or set(available) - set(recording.leads):
        has = ", ".join(recording.leads) or "none of the twelve leads"
        raise LeadError(
            f"{recording.name} lacks a lead that signs are to be looked for in.", f"It has {has}."
        )
    yield Progress(0, 0, "Looking for signs")
    card = find_model(model)
    standards = standards_of(card)
    if standards is None:
        yield Finished(opening_signs(recording))
        return
    stretches: list[Stretch] = []
    places = starts_s(recording.duration_s)
    for done, start_s in enumerate(places):
        stretch = cut(recording, available, start_s, card.fs_hz)
        stretches += [stretch] if stretch is not None else []
        yield Progress(done + 1, len(places) + 1, "Looking for signs")
    yield Finished(signs_of(recording, available, stretches, card, standards))


def signs_of(
    recording: Recording,
    available: tuple[str, ...],
    stretches: Sequence[Stretch],
    card: ModelCard,
    standards: Standards,
    model: nn.Module | None = None,
) -> tuple[Sign, ...]:
    """Put all signs together; see `sign_events`."""
    found = list(opening_signs(recording))
    if not stretches:
        return tuple(found)
    looked_at = own_leads(available)
    figures = [[lead_figures(one, available, lead) for one in stretches] for lead in looked_at]
    single = lead_signs(figures, [one.start_s for one in stretches], standards)
    dead = {lead for sign in single for lead in sign.leads}
    paced = list(paced_signs(stretches, standards))
    if can_judge(card, available):
        model = model or load_reconstructor(str(card.path), "cpu").model
        judgement = judged(model, stretches, available, standards)
        if paced:  # beats that few recordings have: whatever explains them is chance
            judgement = replace(judgement, mistake=None)
        found += judgement_signs(judgement, standards, available, dead)
    found += single
    found += rate_signs(stretches, "II" if "II" in looked_at else looked_at[0], dead, standards)
    found += paced
    return tuple(found)


def own_leads(available: Sequence[str]) -> tuple[str, ...]:
    """Leave out limb leads that follow from two others, the first of the available ones."""
    pair = LIMB_PAIR if set(LIMB_PAIR) <= set(available) else None
    limb = pair or tuple(lead for lead in available if lead in LIMB_LEADS)[:2]
    return tuple(lead for lead in available if lead in limb or lead not in LIMB_LEADS)


def can_judge(card: ModelCard, available: Sequence[str]) -> bool:
    """Tell whether a model can predict each lead from the others."""
    return card.architecture != PUBLISHED and not card.leads and len(basis(available)) > 1


def judged(
    model: nn.Module,
    stretches: Sequence[Stretch],
    available: Sequence[str],
    standards: Standards,
) -> Judgement:
    """Leave out one lead after another in all stretches, and judge them together."""
    signals_mv = np.stack([_of_length(one.clean_mv) for one in stretches])
    products = np.einsum("sit,sjt->ij", signals_mv, signals_mv) / signals_mv[:, 0].size
    fit = partial(fits_of, model, signals_mv, available)
    return judge(fit, products.astype(np.float64), available, standards)


def _of_length(signals_mv: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut to the length that the network looks at; a shorter one is followed by nothing."""
    cut_mv = signals_mv[:, :SAMPLES]
    return np.pad(cut_mv, ((0, 0), (0, SAMPLES - cut_mv.shape[1])))


def fits_of(
    model: nn.Module,
    signals_mv: NDArray[np.float32],
    available: Sequence[str],
    changes: Sequence[NDArray[np.float32]],
) -> list[LeadFits]:
    """Leave out one lead after another of leads changed in some ways, the stretches as one.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    signals_mv : ndarray, shape (stretches, 12, samples)
        Clean leads.
    available : sequence of str
        What is known.
    changes : sequence of ndarray, shape (12, 12)
        What they are multiplied by.

    Returns
    -------
    list of LeadFits
        One a change, of one recording each.
    """
    changed = np.einsum("cij,sjt->csit", np.stack(changes), signals_mv)
    fits = leave_one_out(model, changed.reshape(-1, *signals_mv.shape[1:]), available)

    def means(values: Array) -> Array:
        return values.reshape(len(changes), len(signals_mv), -1).mean(axis=1)

    parts = zip(means(fits.own), means(fits.predicted), means(fits.both), strict=True)
    return [LeadFits(fits.leads, *(part[None] for part in three)) for three in parts]

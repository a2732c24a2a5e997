"""From trials to the rows of tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.folds import fold_words
from ecgview.engine.input_sets import known_leads
from ecgview.engine.layouts import Entry
from ecgview.engine.personal.chosen import INTERVAL_FACTORS
from ecgview.engine.personal.lesson import wanted_rows
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.studies.personal.choosing import Chosen, Trials
from ecgview.studies.personal.jobs import HELD_OUT_FOLD, Collected
from ecgview.studies.personal.narrowing import narrowings
from ecgview.studies.personal.people import Pair
from ecgview.studies.personal.resemblance import Noticing, notice
from ecgview.studies.personal.results import (
    PairRow,
    SetRows,
    SituationReport,
    WayRow,
    chest_mean,
    lead_row,
)
from ecgview.studies.personal.trials import SHRINKAGES, WAYS


def situation_report(
    situation: str, model: str, collected: Sequence[Collected], chosen: Chosen
) -> SituationReport:
    """Sum up the trials of a situation.

    Parameters
    ----------
    situation : str
        A key of `ecgview.studies.personal.results.WORDS`.
    model : str
        Which networks.
    collected : sequence of Collected
        The trials, set by set.
    chosen : Chosen
        How much to shrink: for each group by the others, for fold 9 by folds 1-8.
    """
    sets = [one.as_trials() for one in collected]
    some = collected[0].trials
    folds = sorted({trial.second.fold for trial in some})
    entries = {trial.first.name for trial in some} | {trial.second.name for trial in some}
    choosing = [fold for fold in folds if fold != HELD_OUT_FOLD]
    in_force = INTERVAL_FACTORS[collected[0].situation]
    return SituationReport(
        situation,
        model,
        fold_words(folds),
        len(set(collected[0].people)),
        len(entries),
        len(some),
        tuple(_set_rows(one, its, chosen) for one, its in zip(collected, sets, strict=True)),
        tuple(
            row
            for one, its in zip(collected, sets, strict=True)
            for row in _pair_rows(one, its, chosen)
        ),
        tuple(_ways(sets, chosen)),
        chosen,
        collected[0].interval,
        fold_words(choosing or folds),
        narrowings([one.inside() for one in collected], in_force),
    )


def _set_rows(collected: Collected, trials: Trials, chosen: Chosen) -> SetRows:
    after = trials.nested(chosen)
    rows = [lead_row("chest", trials.people, chest_mean(trials.before), chest_mean(after))]
    for row in wanted_rows(collected.available):
        lead = INDEPENDENT_LEADS[row]
        rows.append(lead_row(lead, trials.people, trials.before[..., row], after[..., row]))
    return SetRows(collected.available, tuple(rows))


def _pair_rows(collected: Collected, trials: Trials, chosen: Chosen) -> list[PairRow]:
    figures = np.column_stack([chest_mean(trials.before), chest_mean(trials.nested(chosen))])
    return [
        PairRow(
            collected.available,
            trial.first.name,
            trial.second.name,
            trial.second.fold,
            trial.days,
            float(pcc_before),
            float(pcc_after),
            float(rmse_before),
            float(rmse_after),
        )
        for trial, (pcc_before, rmse_before, pcc_after, rmse_after) in zip(
            collected.trials, figures, strict=True
        )
    ]


def _ways(sets: Sequence[Trials], chosen: Chosen) -> list[WayRow]:
    rows = [_way_row("not calibrated", "", sets, [trials.before for trials in sets])]
    for way, name in enumerate(WAYS):
        after = [trials.nested(chosen, way) for trials in sets]
        rows.append(_way_row(name, f"{SHRINKAGES[chosen.places[way][-1]]:g}", sets, after))
    after = [trials.nested(chosen, per_lead=True) for trials in sets]
    by_lead = ", ".join(f"{SHRINKAGES[place]:g}" for place in chosen.lead_places[-1])
    rows.append(_way_row(f"{WAYS[0]}, a shrinkage for each lead", by_lead, sets, after))
    return rows


def _way_row(
    way: str, shrinkage: str, sets: Sequence[Trials], figures: Sequence[NDArray[np.float64]]
) -> WayRow:
    rows = [
        lead_row("chest", trials.people, chest_mean(its), chest_mean(its))
        for trials, its in zip(sets, figures, strict=True)
    ]
    pcc = float(np.mean([row.pcc_before for row in rows]))
    return WayRow(way, shrinkage, pcc, float(np.mean([row.rmse_before_uv for row in rows])))


def noticing_of(
    signals_mv: NDArray[np.float32],
    entries: Sequence[Entry],
    pairs: Sequence[Pair],
    input_sets: Sequence[tuple[str, ...]],
    fs_hz: float,
) -> tuple[Noticing, ...]:
    """Ask for each set how often a mismatch is noticed; sets are looked at by independent leads."""
    people = [entry.person for entry in entries]
    learnable = np.array([entry.fold != HELD_OUT_FOLD for entry in entries])
    looked_at = [
        tuple(lead for lead in INDEPENDENT_LEADS if lead in known_leads(available))
        for available in input_sets
    ]
    return tuple(
        notice(signals_mv, people, learnable, pairs, available, fs_hz)
        for available in dict.fromkeys(looked_at)
        if available
    )

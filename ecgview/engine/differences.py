"""Which rows of a table differ: paired over patients, so that small differences count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import numpy as np

from ecgview.engine.bootstrap import interval
from ecgview.engine.scores import Difference, LeadScore, SetScore, Summary
from ecgview.engine.scoring import ScoredSet
from ecgview.leads import CHEST_LEADS

COMPARED = ("raw_pcc", "raw_rmse_uv", "clean_pcc", "clean_rmse_uv", "clean_qrs_rmse_uv")
_RANKED_BY = "clean_rmse_uv"


def as_plain(scored: ScoredSet) -> dict[str, Any]:
    """Give a row with the draws that `differences` needs as JSON values."""
    return {**asdict(scored.score), "draws": {m: scored.draws[m].tolist() for m in COMPARED}}


def from_plain(plain: Mapping[str, Any]) -> ScoredSet:
    """Undo `as_plain`, bit for bit."""
    leads = tuple(LeadScore(_summaries(lead), lead["lead"]) for lead in plain["leads"])
    score = SetScore(
        _summaries(plain), plain["model"], tuple(plain["available"]), plain["recordings"], leads
    )
    return ScoredSet(score, {m: np.array(draws) for m, draws in plain["draws"].items()})


def _summaries(plain: Mapping[str, Any]) -> dict[str, Summary]:
    return {measure: Summary(**its) for measure, its in plain["summaries"].items()}


def differences(scored: Sequence[ScoredSet], linear: Mapping[str, str]) -> tuple[Difference, ...]:
    """Subtract rows of a table from each other.

    Parameters
    ----------
    scored : sequence of ScoredSet
        Rows over the same recordings.
    linear : mapping of str to str
        For each network the linear model to compare it with.

    Returns
    -------
    tuple of Difference
        Each network against its linear model from the same leads; then each set against the one
        of its size with the least clean RMSE, same model. (Sets of one size leave different leads
        to rebuild: their means are over other leads.)
    """
    return (*_against_linear(scored, linear), *_against_best(scored))


def _against_linear(scored: Sequence[ScoredSet], linear: Mapping[str, str]) -> Iterator[Difference]:
    rows = {(row.score.model, row.score.available): row for row in scored}
    for row in scored:
        other = rows.get((linear.get(row.score.model, ""), row.score.available))
        # A model of chest leads alone has other means than one of all leads.
        if other is not None and _leads(row.score) == _leads(other.score):
            yield _difference(row, other)


def _leads(score: SetScore) -> list[str]:
    return [lead.lead for lead in score.leads if lead.lead in CHEST_LEADS]


def _against_best(scored: Sequence[ScoredSet]) -> Iterator[Difference]:
    def group(row: ScoredSet) -> tuple[str, int, int]:
        chest = sum(lead in CHEST_LEADS for lead in row.score.available)
        return row.score.model, chest, len(row.score.available) - chest

    for _, rows in groupby(sorted(scored, key=group), group):
        of_size = list(rows)
        best = min(of_size, key=lambda row: row.score.summaries[_RANKED_BY].mean)
        yield from (_difference(row, best) for row in of_size if row is not best)


def _difference(row: ScoredSet, other: ScoredSet) -> Difference:
    means = {
        measure: (
            row.score.summaries[measure].mean - other.score.summaries[measure].mean,
            *interval(row.draws[measure] - other.draws[measure]),
        )
        for measure in COMPARED
    }
    return Difference(
        row.score.model,
        row.score.available,
        other.score.model,
        other.score.available,
        means,
    )

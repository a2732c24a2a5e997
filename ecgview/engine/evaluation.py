"""Tables over a data set, computed one way, always.

PCC, R2 and RMSE per recording and lead at 125 Hz over the first 1024 samples; mean over recordings,
then over leads; median over all (recording, lead) pairs. *Raw*: medians removed. *Clean*: the
0.5 Hz zero-phase high-pass on the whole ten seconds first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import load_model
from ecgview.engine.companions import LINEAR
from ecgview.engine.dataset import Entry, data_sources
from ecgview.engine.device import choose_device
from ecgview.engine.differences import as_plain, differences, from_plain
from ecgview.engine.distributed import after_first_on_machine, gather, is_first, shard
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import known_mask
from ecgview.engine.intervals.coverage import Cell, groups_of
from ecgview.engine.intervals.parts import parts_left_out
from ecgview.engine.intervals.scoring import coverage_cells
from ecgview.engine.intervals.spread import Spread, load_spread
from ecgview.engine.models import estimate
from ecgview.engine.preparation import prepare
from ecgview.engine.published import PUBLISHED
from ecgview.engine.scores import LeadScore, Report, SetScore
from ecgview.engine.scoring import TABLE_FS_HZ, Truth
from ecgview.engine.signal_set import SignalSet
from ecgview.engine.transform_scores import score_transform
from ecgview.errors import ModelError

__all__ = ["LeadScore", "Report", "SetScore", "estimate_set", "evaluate_models"]

_BATCH = 32


def estimate_set(
    model: nn.Module, signals_mv: NDArray[np.float32], available: tuple[str, ...]
) -> NDArray[np.float32]:
    """Rebuild all leads of many recordings from the same available leads.

    Parameters
    ----------
    model : torch.nn.Module
        A lead model, in evaluation mode.
    signals_mv : ndarray, shape (recordings, 8, samples)
        Independent leads at the model's rate, medians removed.
    available : tuple of str
        What the model is given.

    Returns
    -------
    ndarray, shape (recordings, 12, samples)
        All leads, measured ones as they came; NaN where the model does not give a lead.
    """
    known = torch.from_numpy(known_mask(available))
    estimates = []
    for first in range(0, len(signals_mv), _BATCH):
        batch = twelve_leads(torch.from_numpy(np.array(signals_mv[first : first + _BATCH])))
        independent = estimate(model, batch * known[:, None], known.expand(len(batch), -1))
        estimates.append(twelve_leads(independent).numpy())
    return np.concatenate(estimates)


def evaluate_models(
    cards: Sequence[ModelCard],
    entries: Sequence[Entry],
    input_sets: Sequence[tuple[str, ...]],
    device: str = "auto",
    *,
    cache: bool = True,
    interval: bool = True,
    normal: Mapping[str, bool] | None = None,
) -> Iterator[Event]:
    """Score models on recordings; a generator of events.

    Parameters
    ----------
    cards : sequence of ModelCard
        The models; one that takes a single set of leads has rows for that set alone.
    entries : sequence of Entry
        The recordings.
    input_sets : sequence of tuple of str
        Sets of available leads.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.
    cache : bool
        Whether prepared recordings are kept for the next time.
    interval : bool
        Whether to tell how often the intervals of models that have them hold what was recorded.
        Recordings that one was calibrated on are scored by a calibration without their patients.
    normal : mapping of str to bool, optional
        By name of the recording, whether it is normal: both groups then have cells of their own.

    Yields
    ------
    Event
        `Progress`, `Failed` for unreadable recordings, `Finished` with a `Report`. Under
        ``torchrun`` each process scores its share of the rows, and the first one finishes.

    Raises
    ------
    ModelError
        If a model takes none of the sets, or gives nothing for one.
    DatasetError
        If none of the recordings can be used.
    """
    work = [(card, available) for card in cards for available in _sets_for(card, input_sets)]
    prepared: dict[float, tuple[SignalSet, Truth]] = {}
    with after_first_on_machine():
        for fs_hz in dict.fromkeys(_rate_hz(card) for card in cards):
            data = yield from prepare(entries, fs_hz, cache=cache)
            prepared[fs_hz] = data, truth_of(data)
    mine = shard(work)
    rows: list[dict[str, object]] = []
    model: nn.Module | None = None
    spread: Spread | None = None
    for done, (card, available) in enumerate(mine, start=1):
        data, truth = prepared[_rate_hz(card)]
        if card.architecture == PUBLISHED:
            rows.append(as_plain(score_transform(card, data)))
        else:
            if model is None or card is not mine[done - 2][0]:
                model = load_model(card, choose_device(device))
                spread = load_spread(card, choose_device(device)) if interval else None
            estimate_mv = estimate_set(model, data.signals_mv, available)
            row = as_plain(truth.score(card.name, available, estimate_mv))
            if spread is not None:
                cells = _cells(card.name, spread, data, truth, estimate_mv, available, normal or {})
                row["coverage"] = [asdict(cell) for cell in cells]
            rows.append(row)
        yield Progress(done, len(mine), f"{card.name}: {', '.join(available)}")
    rows = gather(rows)
    if is_first():
        yield Finished(_report(cards, entries, prepared[_rate_hz(cards[0])][0], rows))


def _report(
    cards: Sequence[ModelCard],
    entries: Sequence[Entry],
    data: SignalSet,
    rows: Sequence[dict[str, Any]],
) -> Report:
    scored = [from_plain(row) for row in rows]
    return Report(
        sources=data_sources(entries),
        folds=tuple(sorted({entry.fold for entry in entries})),
        found=len({entry.path for entry in entries}),
        recordings=len({entry.path for entry in data.entries}),
        patients=len({entry.person for entry in data.entries}),
        segments=len(data.entries),
        left_out=data.reasons(),
        scores=tuple(row.score for row in scored),
        differences=differences(scored, _linear_for(cards)),
        coverage=tuple(Cell(**cell) for row in rows for cell in row.get("coverage", ())),
    )


def _rate_hz(card: ModelCard) -> float:
    """Rate at which recordings are prepared for a model."""
    return card.fs_hz or TABLE_FS_HZ


def _sets_for(card: ModelCard, input_sets: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keep the sets that a model takes; a published transform always has its own."""
    if card.architecture == PUBLISHED:
        return [card.leads]
    taken = [available for available in input_sets if card.takes(available)]
    if not taken:
        raise ModelError(
            f"{card.name} takes only {', '.join(card.leads)}, which is not among the sets asked "
            "for.",
            f'Add it: --inputs "{",".join(card.leads)}".',
        )
    return taken


def truth_of(data: SignalSet) -> Truth:
    """Prepare what was recorded for scoring estimates of it."""
    twelve_mv = twelve_leads(torch.from_numpy(np.array(data.signals_mv))).numpy()
    return Truth(twelve_mv, data.fs_hz, [entry.person for entry in data.entries])


def _cells(
    name: str,
    spread: Spread,
    data: SignalSet,
    truth: Truth,
    estimate_mv: NDArray[np.float32],
    available: tuple[str, ...],
    normal: Mapping[str, bool],
) -> Iterator[Cell]:
    groups = groups_of([entry.name for entry in data.entries], normal)
    parts = parts_left_out(spread.card, data.entries)
    return coverage_cells(
        name, spread, data.signals_mv, truth, estimate_mv, available, parts, groups
    )


def _linear_for(cards: Sequence[ModelCard]) -> dict[str, str]:
    """For each network the linear model of its own name, else the first one."""
    linear = [card.name for card in cards if card.architecture == LINEAR]
    return {
        card.name: f"{card.name}-linear" if f"{card.name}-linear" in linear else linear[0]
        for card in cards
        if linear and card.architecture != LINEAR
    }

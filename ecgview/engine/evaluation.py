"""Tables over a data set, computed one way, always.

PCC and RMSE per recording and lead at 125 Hz over the first 1024 samples; mean over recordings,
then over leads; median over all (recording, lead) pairs. *Raw*: medians removed. *Clean*: the
0.5 Hz zero-phase high-pass on the whole ten seconds first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ecgview.engine.augmentation import twelve_leads
from ecgview.engine.cards import ModelCard
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import Entry, data_sources
from ecgview.engine.device import choose_device
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import known_mask
from ecgview.engine.metrics import correlation, rmse
from ecgview.engine.models import estimate
from ecgview.engine.signal_set import SignalSet, load_events
from ecgview.leads import CHEST_LEADS, LEADS
from ecgview.signals.filters import clean
from ecgview.signals.resampling import RateRatio, resample

TABLE_FS_HZ = 125.0
TABLE_SAMPLES = 1024
_BATCH = 32


@dataclass(frozen=True)
class LeadScore:
    """Means over recordings of one reconstructed lead."""

    lead: str
    raw_pcc: float
    raw_rmse_uv: float
    clean_pcc: float
    clean_rmse_uv: float


@dataclass(frozen=True)
class SetScore:
    """One row of the table: a model with one set of available leads.

    Attributes
    ----------
    model : str
        Name of the model.
    available : tuple of str
        What it was given.
    recordings : int
        How many recordings the figures are over.
    raw_pcc, raw_rmse_uv, clean_pcc, clean_median, clean_rmse_uv : float
        Over the reconstructed chest leads, as the module says.
    leads : tuple of LeadScore
        Every reconstructed lead, limb leads too.
    """

    model: str
    available: tuple[str, ...]
    recordings: int
    raw_pcc: float
    raw_rmse_uv: float
    clean_pcc: float
    clean_median: float
    clean_rmse_uv: float
    leads: tuple[LeadScore, ...]

    def as_dict(self) -> dict[str, object]:
        """Give the row as plain JSON values."""
        return asdict(self)


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
        All leads, measured ones as they came.
    """
    known = torch.from_numpy(known_mask(available))
    estimates = []
    for first in range(0, len(signals_mv), _BATCH):
        batch = twelve_leads(torch.from_numpy(signals_mv[first : first + _BATCH]))
        independent = estimate(model, batch * known[:, None], known.expand(len(batch), -1))
        estimates.append(twelve_leads(independent).numpy())
    return np.concatenate(estimates)


def evaluate(
    name: str, model: nn.Module, data: SignalSet, input_sets: Sequence[tuple[str, ...]]
) -> Iterator[Event]:
    """Score a model on recordings it has not seen; a generator of events.

    Parameters
    ----------
    name : str
        Name for the rows.
    model : torch.nn.Module
        A lead model, in evaluation mode.
    data : SignalSet
        Recordings at the model's rate.
    input_sets : sequence of tuple of str
        Sets of available leads, each leaving a lead to reconstruct.

    Yields
    ------
    Event
        `Progress` after each set, `Finished` with a list of `SetScore`.
    """
    truth = _Versions.of(_twelve(data.signals_mv), data.fs_hz)
    rows = []
    for done, available in enumerate(input_sets, start=1):
        rebuilt_mv = estimate_set(model, data.signals_mv, available)
        rows.append(_score(name, available, truth, rebuilt_mv, data.fs_hz))
        yield Progress(done, len(input_sets), f"{name}: {', '.join(available)}")
    yield Finished(rows)


@dataclass(frozen=True, eq=False)
class Report:
    """Scores of some models over the same recordings.

    Attributes
    ----------
    sources : dict of str to int
        Data sets, with the number of recordings found in each.
    folds : tuple of int
        Folds the recordings are from.
    found, recordings, patients : int
        How many there were, how many were scored, and of how many patients.
    left_out : dict of str to int
        Recordings left out, by reason.
    scores : tuple of SetScore
        A row for each model and set.
    """

    sources: dict[str, int]
    folds: tuple[int, ...]
    found: int
    recordings: int
    patients: int
    left_out: dict[str, int]
    scores: tuple[SetScore, ...]

    def as_dict(self) -> dict[str, object]:
        """Give the report as plain JSON values."""
        return asdict(self)


def evaluate_models(
    cards: Sequence[ModelCard],
    entries: Sequence[Entry],
    input_sets: Sequence[tuple[str, ...]],
    device: str = "auto",
) -> Iterator[Event]:
    """Score models on recordings; a generator of events.

    Parameters
    ----------
    cards : sequence of ModelCard
        The models.
    entries : sequence of Entry
        The recordings.
    input_sets : sequence of tuple of str
        Sets of available leads.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Yields
    ------
    Event
        `Progress`, `Failed` for unreadable recordings, `Finished` with a `Report`.
    """
    sets_by_rate: dict[float, SignalSet] = {}
    scores: list[SetScore] = []
    for card in cards:
        if card.fs_hz not in sets_by_rate:
            for event in load_events(entries, card.fs_hz):
                if isinstance(event, Finished):
                    sets_by_rate[card.fs_hz] = event.result
                else:
                    yield event
        model = load_model(card, choose_device(device))
        for event in evaluate(card.name, model, sets_by_rate[card.fs_hz], input_sets):
            if isinstance(event, Finished):
                scores += event.result
            else:
                yield event
    data = next(iter(sets_by_rate.values()))
    patients = len({entry.patient for entry in data.entries})
    yield Finished(
        Report(
            data_sources(entries),
            tuple(sorted({entry.fold for entry in entries if entry.fold is not None})),
            len(entries),
            len(data.entries),
            patients,
            data.reasons(),
            tuple(scores),
        )
    )


@dataclass(frozen=True, eq=False)
class _Versions:
    """Raw and clean versions of the same leads, cut for the table."""

    raw: NDArray[np.floating]
    clean: NDArray[np.floating]

    @classmethod
    def of(cls, signals_mv: NDArray[np.floating], fs_hz: float) -> _Versions:
        signals_mv = resample(signals_mv, RateRatio.between(fs_hz, TABLE_FS_HZ))
        cleaned = clean(signals_mv, TABLE_FS_HZ)[..., :TABLE_SAMPLES]
        raw = signals_mv[..., :TABLE_SAMPLES]
        return cls(raw - np.median(raw, axis=-1, keepdims=True), cleaned)


def _twelve(independent_mv: NDArray[np.float32]) -> NDArray[np.float32]:
    return twelve_leads(torch.from_numpy(independent_mv)).numpy()


def _score(
    name: str,
    available: tuple[str, ...],
    truth: _Versions,
    estimate_mv: NDArray[np.floating],
    fs_hz: float,
) -> SetScore:
    rows = np.flatnonzero(~known_mask(available))
    estimate = _Versions.of(estimate_mv[:, rows], fs_hz)
    raw_pcc = correlation(truth.raw[:, rows], estimate.raw)
    clean_pcc = correlation(truth.clean[:, rows], estimate.clean)
    raw_rmse_uv = 1000 * rmse(truth.raw[:, rows], estimate.raw)
    clean_rmse_uv = 1000 * rmse(truth.clean[:, rows], estimate.clean)
    chest = np.array([LEADS[row] in CHEST_LEADS for row in rows])
    figures = (raw_pcc, raw_rmse_uv, clean_pcc, clean_rmse_uv)
    by_lead = [np.nanmean(figure, axis=0) for figure in figures]
    # With all chest leads given only limb leads remain: the row is then about those.
    headline = chest if chest.any() else ~chest
    means = [float(lead_means[headline].mean()) for lead_means in by_lead]
    return SetScore(
        model=name,
        available=available,
        recordings=len(estimate_mv),
        raw_pcc=means[0],
        raw_rmse_uv=means[1],
        clean_pcc=means[2],
        clean_median=float(np.nanmedian(clean_pcc[:, headline])),
        clean_rmse_uv=means[3],
        leads=tuple(
            LeadScore(LEADS[row], *(float(lead_means[column]) for lead_means in by_lead))
            for column, row in enumerate(rows)
        ),
    )

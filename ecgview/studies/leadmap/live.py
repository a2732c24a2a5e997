"""The map of one recording, made on the spot: many sets of leads in one go through the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import known_leads
from ecgview.engine.metrics import compared_leads, figures_of
from ecgview.engine.reconstructor import Reconstructor, load_reconstructor
from ecgview.engine.spans import Span
from ecgview.engine.windows import LeadWindows
from ecgview.engine.wrapping import finished
from ecgview.errors import LeadError, ModelError, RecordingError
from ecgview.leads import LEADS, in_order
from ecgview.recording import Recording
from ecgview.signals.filters import clean as clean_filter
from ecgview.studies.leadmap.stretches import over_words, usual_stretch
from ecgview.studies.leadmap.table import (
    USUAL_SETS,
    CellFigures,
    LeadMap,
    MapRow,
    RowDone,
    refused_row,
)

_WINDOWS_AT_ONCE = 16
_BYTES_AT_ONCE = 128 << 20
"""What the reconstructions that are under way may take together, where they are kept whole."""

_Truth = dict[bool, NDArray[np.float32]]
"""The recorded leads in the stretch, raw (False) and clean (True): shape (leads, samples)."""


def leadmap_events(
    recording: Recording,
    model: str | None = None,
    device: str = "auto",
    *,
    sets: Sequence[tuple[str, ...]] = USUAL_SETS,
    stretch: tuple[int, int] | None = None,
) -> Iterator[Event]:
    """Tell how well each lead of a recording comes back from each of many sets of its leads.

    The figures are those that `ecgview.agreement` gives for each set over the same stretch.

    Parameters
    ----------
    recording : Recording
        Any length, any rate.
    model : str, optional
        Name or file; the default model if not given.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.
    sets : sequence of tuple of str
        Available leads; a model that takes one set of leads only has that one row.
    stretch : tuple of int, optional
        Samples ``[start, stop)`` to compare over; by default all of a short recording and the
        beginning of a long one, see `stretches.usual_stretch`.

    Yields
    ------
    Event
        `Progress`, a `RowDone` for each set, and `Finished` with the `LeadMap`, its rows in the
        order of `sets`. Sets that the recording or the model does not allow have rows that say so.

    Raises
    ------
    ModelError
        If there is no such model, or it is given leads of another system than the twelve.
    LeadError
        If the recording holds none of the twelve leads.
    RecordingError
        If there is nothing in the stretch.
    """
    yield Progress(0, 0, "Loading the model")
    reconstructor = load_reconstructor(model, device)
    sets = sets_for(reconstructor.card, sets)
    if not recording.leads:
        raise LeadError(
            f"{recording.name} holds none of the twelve leads.", "Take a recording that has some."
        )
    start, stop = stretch or usual_stretch(recording)
    if not 0 <= start < stop <= recording.n_samples:
        raise RecordingError(f"There is nothing of {recording.name} there.", "Take another part.")
    rows: dict[tuple[str, ...], MapRow] = {}
    for row in _rows(reconstructor, recording, sets, (start, stop)):
        rows[row.available] = row
        yield RowDone(row, len(rows), len(sets))
    title, name = recording.name, reconstructor.card.name
    over = over_words(recording, start, stop)
    yield Finished(LeadMap(title, name, over, tuple(rows[leads] for leads in sets)))


def sets_for(card: ModelCard, sets: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Choose the sets that a model has rows for: those asked for, or the only one that it takes.

    Raises
    ------
    ModelError
        If it takes leads of another system, or all that the twelve leads tell.
    """
    if not card.leads:
        return tuple(dict.fromkeys(in_order(leads) for leads in sets))
    if card.needs_other_leads or len(known_leads(card.leads)) == len(LEADS):
        raise ModelError(
            f"{card.name} takes {', '.join(card.leads)}: there is nothing to map.",
            "Take a model that rebuilds leads from any of the twelve.",
        )
    return (in_order(card.leads),)


def refusal(recording: Recording, available: Sequence[str]) -> str:
    """Say why a recording has no row for a set; empty where it has one."""
    missing = [lead for lead in available if lead not in recording.leads]
    return f"This recording has no {' and no '.join(missing)}." if missing else ""


def _rows(
    reconstructor: Reconstructor,
    recording: Recording,
    sets: Sequence[tuple[str, ...]],
    stretch: tuple[int, int],
) -> Iterator[MapRow]:
    refused = {leads: why for leads in sets if (why := refusal(recording, leads))}
    for leads, why in refused.items():
        yield refused_row(leads, why, recording.derived_leads)
    possible = [leads for leads in sets if leads not in refused]
    truth = _truth(recording, stretch)
    step = _sets_at_once(reconstructor, recording, possible, stretch)
    for first in range(0, len(possible), step):
        part = possible[first : first + step]
        jobs = [reconstructor.windows(recording, leads, interval=False) for leads in part]
        _rebuild(reconstructor, jobs, stretch)
        for job in jobs:
            yield _row(reconstructor, job, truth, stretch)


def _truth(recording: Recording, stretch: tuple[int, int]) -> _Truth:
    raw = recording.read(recording.leads, *stretch)
    return {False: raw, True: clean_filter(raw, recording.fs_hz)}


def _sets_at_once(
    reconstructor: Reconstructor,
    recording: Recording,
    sets: Sequence[tuple[str, ...]],
    stretch: tuple[int, int],
) -> int:
    """Choose how many sets go through the model together: a batch of windows, within memory."""
    if not sets:
        return 1
    job = reconstructor.windows(recording, sets[0], interval=False)
    n_windows = max(1, len(_spans_in(job, stretch)))
    n_bytes = 4 * len(LEADS) * recording.n_samples if job.is_materialised else 1
    return max(1, min(_WINDOWS_AT_ONCE // n_windows, _BYTES_AT_ONCE // n_bytes))


def _spans_in(job: LeadWindows, stretch: tuple[int, int]) -> list[Span]:
    start, stop = stretch
    return [span for span in job.spans if span.keep_start < stop and span.keep_stop > start]


def _rebuild(
    reconstructor: Reconstructor, jobs: Sequence[LeadWindows], stretch: tuple[int, int]
) -> None:
    """Rebuild a stretch of a recording from several sets; windows of one length go together."""
    windows = [(job, span) for job in jobs for span in _spans_in(job, stretch)]
    windows.sort(key=lambda window: window[1].stop - window[1].start)
    for _, alike in groupby(windows, key=lambda window: window[1].stop - window[1].start):
        batch = list(alike)
        for first in range(0, len(batch), _WINDOWS_AT_ONCE):
            reconstructor.run_batch(batch[first : first + _WINDOWS_AT_ONCE])


def _row(
    reconstructor: Reconstructor, job: LeadWindows, truth: _Truth, stretch: tuple[int, int]
) -> MapRow:
    recording, result = job.recording, finished(job, reconstructor, 0.0)
    rebuilt = result.reconstructed_leads
    leads = [lead for lead in compared_leads(recording, result) if lead in rebuilt]
    places = [recording.leads.index(lead) for lead in leads]
    estimate = result.read(leads, *stretch)
    estimates = {False: estimate, True: clean_filter(estimate, recording.fs_hz)}
    figures = {
        clean: {
            lead: CellFigures(pcc, rmse_uv)
            for lead, (pcc, rmse_uv, *_) in zip(
                leads,
                # Both are filtered already where they are to be.
                figures_of(truth[clean][places], estimates[clean], recording.fs_hz, clean=False),
                strict=True,
            )
        }
        for clean in (False, True)
    }
    return MapRow(job.available, job.origins, figures)

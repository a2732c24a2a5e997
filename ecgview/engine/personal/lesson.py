"""What a calibration is learnt from: what the model gave beside what was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from ecgview.engine.input_sets import known_leads, known_mask
from ecgview.engine.reconstructor import Reconstructor
from ecgview.engine.spans import Span
from ecgview.errors import LeadError, RecordingError
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX, complete_limb_leads, in_order
from ecgview.personal import lag_samples
from ecgview.recording import ArraySource, Recording
from ecgview.signals.filters import clean, fill_gaps, median
from ecgview.signals.resampling import resample

LEAST_S = 5.0
"""Less than so many seconds without gaps teach nothing that would hold."""
MOST_S = 60.0
"""No more than so many seconds are learnt from."""
_FLAT_MV = 0.02
_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is learnt from: what the model gave, and what was recorded.

    Attributes
    ----------
    given_mv : ndarray, shape (8, samples)
        The independent leads as the model gave them, high-passed, at its rate.
    truth_mv : ndarray, shape (8, samples)
        As they were recorded, the same way.
    usable : ndarray of bool, shape (samples,)
        False in gaps and beside them.
    fs_hz : float
        The model's rate.
    """

    given_mv: NDArray[np.floating]
    truth_mv: NDArray[np.floating]
    usable: NDArray[np.bool_]
    fs_hz: float


def cut(recording: Recording, start: int = 0, stop: int | None = None) -> Recording:
    """Give a stretch of a recording, in memory, no longer than `MOST_S`.

    Raises
    ------
    RecordingError
        If it is too short, or has too many gaps.
    """
    stop = recording.n_samples if stop is None else min(stop, recording.n_samples)
    stop = min(stop, start + round(MOST_S * recording.fs_hz))
    rows = range(len(recording.channels))
    signals_mv = recording.source.read(start, max(start, stop), rows)
    part = replace(recording, source=ArraySource(signals_mv), mark_reader=None)
    leads_mv = part.read(part.leads)
    whole_s = int(np.isfinite(leads_mv).all(axis=0).sum()) / recording.fs_hz
    if whole_s < LEAST_S:
        raise RecordingError(
            f"{recording.name} has {whole_s:.1f} s of all leads there; a calibration takes "
            f"{LEAST_S:g} s or more.",
            "Take a longer stretch, or another recording.",
        )
    return part


def check_leads(recording: Recording, available: tuple[str, ...]) -> None:
    """Refuse a recording that lacks leads, or a choice that leaves nothing to rebuild.

    Raises
    ------
    LeadError
        With what to do instead.
    """
    present = known_leads(recording.leads) if recording.leads else ()
    missing = [lead for lead in (*INDEPENDENT_LEADS, *available) if lead not in present]
    if missing:
        raise LeadError(
            f"{recording.name} lacks {', '.join(in_order(missing))}: it cannot calibrate.",
            "Take an ECG with all twelve leads.",
        )
    if not wanted_rows(available):
        raise LeadError("All leads are given: there is nothing to calibrate.", "Switch some off.")


def wanted_rows(available: tuple[str, ...]) -> list[int]:
    """Give the rows of the independent leads that a model estimates from these."""
    known = known_leads(available)
    return [row for row, lead in enumerate(INDEPENDENT_LEADS) if lead not in known]


def lesson_of(
    recording: Recording, available: tuple[str, ...], reconstructor: Reconstructor
) -> Lesson:
    """Run the model over a short recording and put its leads beside those recorded.

    Raises
    ------
    LeadError
        If a lead is flat.
    """
    job = reconstructor.windows(recording, available, interval=False)
    length = job.ratio.length(recording.n_samples)
    signals = torch.from_numpy(job.read(Span(0, length, 0, recording.n_samples))[None])
    known = torch.from_numpy(known_mask(available)[None])
    given_mv = reconstructor.estimate(signals, known)[0]
    twelve_mv = complete_limb_leads(recording.read_twelve(), recording.leads)[_ROWS]
    usable = _usable(np.isfinite(twelve_mv).all(axis=0), length, reconstructor.card.fs_hz)
    truth_mv = resample(fill_gaps(twelve_mv - median(twelve_mv)[:, None]), job.ratio)[:, :length]
    fs_hz = reconstructor.card.fs_hz
    lesson = Lesson(clean(given_mv, fs_hz), clean(truth_mv, fs_hz), usable, fs_hz)
    _check_alive(lesson, recording)
    return lesson


def _check_alive(lesson: Lesson, recording: Recording) -> None:
    spread = np.ptp(lesson.truth_mv[:, lesson.usable], axis=1)
    flat = [lead for lead, its in zip(INDEPENDENT_LEADS, spread, strict=True) if its < _FLAT_MV]
    if flat:
        raise LeadError(
            f"{', '.join(flat)} of {recording.name} is flat: it cannot calibrate.",
            "Take another stretch, or another recording.",
        )


def _usable(finite: NDArray[np.bool_], length: int, fs_hz: float) -> NDArray[np.bool_]:
    """Flag samples at the model's rate that lie in no gap and see none by `lagged`."""
    positions = np.linspace(0, len(finite) - 1, length).round().astype(int)
    gaps = ~finite[positions]
    reach = lag_samples(fs_hz) + 1
    wide = np.convolve(gaps, np.ones(2 * reach + 1), mode="same") > 0
    return np.asarray(~wide)

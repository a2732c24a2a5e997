"""Learn a calibration from a full twelve-lead ECG of the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import known_leads, known_mask
from ecgview.engine.metrics import correlation, rmse
from ecgview.engine.personal.beat import reference_beat
from ecgview.engine.personal.chosen import INTERVAL_FACTORS, SHRINKAGES
from ecgview.engine.personal.least_squares import Products, shrunken
from ecgview.engine.reconstruct import Reconstructor, load_reconstructor
from ecgview.engine.windows import Span
from ecgview.errors import LeadError, ModelError, RecordingError
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX, complete_limb_leads, in_order
from ecgview.personal import LeadCheck, PersonalCalibration, Situation, lag_samples, lagged
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


def calibration_events(
    recording: Recording,
    available: Sequence[str],
    model: str | None = None,
    device: str = "auto",
    *,
    situation: Situation = "earlier",
    start: int = 0,
    stop: int | None = None,
) -> Iterator[Event]:
    """Learn from a recording of the same person, telling how far it got.

    Parameters
    ----------
    recording : Recording
        All twelve leads, or what they follow from; any rate.
    available : sequence of str
        What the model will be given of other recordings.
    model, device
        See `ecgview.engine.reconstruct.reconstruct`.
    situation : {"earlier", "same"}
        Whether it will be applied to another recording or to the rest of this one.
    start, stop : int
        Samples ``[start, stop)`` to learn from; all by default, but no more than `MOST_S`.

    Yields
    ------
    Event
        `Progress`, then `Finished` with a `PersonalCalibration`.

    Raises
    ------
    LeadError
        If leads are missing, flat, or there is nothing left to rebuild.
    RecordingError
        If there are less than `LEAST_S` without gaps.
    ModelError
        If the model cannot be calibrated.
    """
    yield Progress(0, 2, "Reading the calibration ECG")
    available = in_order(available)
    reconstructor = load_reconstructor(model, device)
    check_model(reconstructor.card)
    part = cut(recording, start, stop)
    _check_leads(part, available)
    lesson = lesson_of(part, available, reconstructor)
    yield Progress(1, 2, "Calibrating")
    learnt = learn(lesson, available, reconstructor.card, situation)
    yield Progress(2, 2, "Calibrated")
    yield Finished(
        replace(
            learnt,
            beat_mv=reference_beat(part, available, learnt.fs_hz),
            seconds=round(part.duration_s, 1),
            start_s=round(start / recording.fs_hz, 3),
            date=recording.started,
            patient=recording.patient,
        )
    )


def calibrate(
    recording: Recording,
    available: Sequence[str],
    model: str | None = None,
    device: str = "auto",
    *,
    situation: Situation = "earlier",
    start: int = 0,
    stop: int | None = None,
) -> PersonalCalibration:
    """Learn as `calibration_events` does, without telling."""
    *_, last = calibration_events(
        recording, available, model, device, situation=situation, start=start, stop=stop
    )
    assert isinstance(last, Finished)
    assert isinstance(last.result, PersonalCalibration)
    return last.result


def check_model(card: ModelCard) -> None:
    """Refuse a model that gives other than all twelve leads of the twelve.

    Raises
    ------
    ModelError
        With what to do instead.
    """
    if card.needs_other_leads or card.rebuilds or not card.fs_hz:
        raise ModelError(
            f"{card.name} cannot be calibrated.",
            "Take a model that rebuilds all twelve leads from some of them, such as anylead.",
        )


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


def _check_leads(recording: Recording, available: tuple[str, ...]) -> None:
    present = known_leads(recording.leads) if recording.leads else ()
    missing = [lead for lead in (*INDEPENDENT_LEADS, *available) if lead not in present]
    if missing:
        raise LeadError(
            f"{recording.name} lacks {', '.join(in_order(missing))}: it cannot calibrate.",
            "Take an ECG with all twelve leads.",
        )
    if not _wanted(available):
        raise LeadError("All leads are given: there is nothing to calibrate.", "Switch some off.")


def _wanted(available: tuple[str, ...]) -> list[int]:
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
    job = reconstructor.windows(recording, available)
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


def learn(
    lesson: Lesson,
    available: tuple[str, ...],
    card: ModelCard,
    situation: Situation,
    shrinkage: float | None = None,
) -> PersonalCalibration:
    """Solve for the calibration, and check it by halves.

    Parameters
    ----------
    lesson : Lesson
        What is learnt from.
    available : tuple of str
        Leads that the model was given.
    card : ModelCard
        Of the model.
    situation : {"earlier", "same"}
        Where it will be applied.
    shrinkage : float, optional
        That of the situation by default.
    """
    wanted = _wanted(available)
    shrinkage = SHRINKAGES[situation] if shrinkage is None else shrinkage
    return PersonalCalibration(
        available=available,
        leads=tuple(INDEPENDENT_LEADS[row] for row in wanted),
        model_name=card.name,
        model_sha256=card.sha256,
        fs_hz=card.fs_hz,
        matrix=matrix_of(lesson, wanted, shrinkage),
        situation=situation,
        shrinkage=shrinkage,
        seconds=lesson.truth_mv.shape[1] / card.fs_hz,
        start_s=0.0,
        interval_factor=INTERVAL_FACTORS[situation],
        checks=tuple(_checks(lesson, wanted)),
        beat_mv=np.empty((0, 0)),
    )


def matrix_of(
    lesson: Lesson, wanted: Sequence[int], shrinkage: float, part: slice = slice(None)
) -> NDArray[np.float64]:
    """Solve for the matrix of a calibration.

    Parameters
    ----------
    lesson : Lesson
        What is learnt from.
    wanted : sequence of int
        Rows of the leads that the model estimates.
    shrinkage : float
        See `shrunken`.
    part : slice
        Samples to learn from.

    Returns
    -------
    ndarray, shape (wanted, 24)
        For `lagged` leads.
    """
    usable = lesson.usable[part]
    features = lagged(lesson.given_mv[:, part], lesson.fs_hz)[:, usable]
    targets = lesson.truth_mv[wanted, part][:, usable]
    start = np.eye(len(INDEPENDENT_LEADS), len(features))[wanted]
    return shrunken(Products.of(features, targets), start, shrinkage)


def _checks(lesson: Lesson, wanted: list[int]) -> Iterator[LeadCheck]:
    """Rebuild each half by what the other half teaches."""
    middle = lesson.truth_mv.shape[1] // 2
    halves = slice(0, middle), slice(middle, None)
    after = np.empty((len(wanted), lesson.truth_mv.shape[1]))
    for learnt, tried in (halves, halves[::-1]):
        matrix = matrix_of(lesson, wanted, SHRINKAGES["same"], learnt)
        after[:, tried] = matrix @ lagged(lesson.given_mv[:, tried], lesson.fs_hz)
    truth, before = (part[wanted][:, lesson.usable] for part in (lesson.truth_mv, lesson.given_mv))
    after = after[:, lesson.usable]
    pccs = zip(correlation(truth, before), correlation(truth, after), strict=True)
    errors = zip(1000 * rmse(truth, before), 1000 * rmse(truth, after), strict=True)
    for row, pcc, error_uv in zip(wanted, pccs, errors, strict=True):
        before_pcc, after_pcc = (None if np.isnan(its) else float(its) for its in pcc)
        before_uv, after_uv = map(float, error_uv)
        yield LeadCheck(INDEPENDENT_LEADS[row], before_pcc, after_pcc, before_uv, after_uv)

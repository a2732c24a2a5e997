"""Learn a calibration from a full twelve-lead ECG of the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event, Finished, Progress, result_of
from ecgview.engine.metrics import correlation, rmse
from ecgview.engine.personal.beat import reference_beat
from ecgview.engine.personal.chosen import INTERVAL_FACTORS, NARROWED_S, SHRINKAGES
from ecgview.engine.personal.least_squares import Products, shrunken
from ecgview.engine.personal.lesson import Lesson, check_leads, cut, lesson_of, wanted_rows
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.errors import ModelError
from ecgview.leads import INDEPENDENT_LEADS, in_order
from ecgview.personal import LeadCheck, PersonalCalibration, Situation, lagged
from ecgview.recording import Recording


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
        Samples ``[start, stop)`` to learn from; all by default, but no more than a minute.

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
    check_leads(part, available)
    lesson = lesson_of(part, available, reconstructor)
    yield Progress(1, 2, "Calibrating")
    learnt = learn(lesson, available, reconstructor.card, situation)
    yield Progress(2, 2, "Calibrated")
    yield Finished(
        replace(
            learnt,
            interval_factor=_interval_factor(recording, situation),
            beat_mv=reference_beat(part, available, learnt.fs_hz),
            seconds=part.duration_s,
            start_s=start / recording.fs_hz,
            date=recording.started,
            patient=recording.patient,
        )
    )


def _interval_factor(recording: Recording, situation: Situation) -> float:
    too_long = situation == "same" and recording.duration_s > NARROWED_S
    return 1.0 if too_long else INTERVAL_FACTORS[situation]


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
    learnt = result_of(
        calibration_events(
            recording, available, model, device, situation=situation, start=start, stop=stop
        )
    )
    assert isinstance(learnt, PersonalCalibration)
    return learnt


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
    wanted = wanted_rows(available)
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

"""What the window asks of the engine for a calibration; imported when first used, in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ecgview.gui.personal.state import PersonalResult, PersonalSource
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters


def _read(path: Path) -> Recording:
    from ecgview.formats import open_recording, user_corrections

    return open_recording(path, corrections=user_corrections())


def _calibrate(
    recording: Recording,
    source: PersonalSource,
    available: tuple[str, ...],
    model: str | None,
    device: str,
    filters: Filters,
) -> PersonalResult:
    from ecgview.engine.personal.calibrate import calibrate
    from ecgview.engine.personal.mismatch import mismatches
    from ecgview.errors import EcgviewError
    from ecgview.filtered import filtered_recording
    from ecgview.signals.filtering import carried

    # What is shown is filtered already.
    taught = recording
    if source.situation == "earlier":
        its = source.recording
        taught = filtered_recording(its, carried(filters, its.fs_hz))
    try:
        personal = calibrate(
            taught,
            available,
            model,
            device,
            situation=source.situation,
            start=source.start,
            stop=source.stop,
        )
    except EcgviewError as error:
        return PersonalResult(refused=str(error))
    signs = tuple(one.sentence for one in mismatches(recording, personal))
    return PersonalResult(personal, signs=signs)


def _is_verified(recording: Recording, result: PersonalResult, stretch: tuple[int, int]) -> bool:
    from ecgview.engine.personal.card import can_verify

    return result.personal is not None and can_verify(recording, result.personal, stretch)


@dataclass(frozen=True)
class PersonalBackend:
    """The engine's functions for a calibration; all are called in a worker.

    Attributes
    ----------
    read : callable
        ``(path)`` -> the recording in a file.
    calibrate : callable
        ``(recording, source, available, model, device, filters)`` -> a `PersonalResult` without
        figures; what cannot teach is refused in words.
    is_verified : callable
        ``(recording, result, (start, stop))`` -> whether a comparison there says anything.
    """

    read: Callable[[Path], Recording] = _read
    calibrate: Callable[..., PersonalResult] = _calibrate
    is_verified: Callable[[Recording, PersonalResult, tuple[int, int]], bool] = _is_verified

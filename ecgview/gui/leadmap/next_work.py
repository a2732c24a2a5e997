"""What the window asks on what to record next; imported when first used, long work in a worker.

Tests hand in a `NextBackend` of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.engine.events import Event
from ecgview.filtered import filtered_recording
from ecgview.gui.leadmap.work import MapQuestion
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.signal_processing import load as load_signal_processing
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.studies.additions.set_errors import SetErrors

Events = Generator[Event, None, None]


def _expected(card: ModelCard) -> SetErrors | None:
    from ecgview.studies.additions.set_errors import read_errors

    return read_errors(card)


def _load() -> None:
    if "ecgview.studies.leadmap.live" not in sys.modules:
        with loading_quietly():
            load_signal_processing()
            import ecgview.studies.leadmap.live  # noqa: F401


def _lead_events(
    recording: Recording, available: tuple[str, ...], question: MapQuestion, device: str
) -> Events:
    _load()
    from ecgview.studies.additions.one_recording import lead_errors

    filtered, stretch = _asked_of(recording, question)
    yield from lead_errors(filtered, available, question.model, device, stretch=stretch)


def _electrode_events(recording: Recording, question: MapQuestion, device: str) -> Events:
    _load()
    from ecgview.studies.additions.one_recording import electrode_errors

    filtered, stretch = _asked_of(recording, question)
    yield from electrode_errors(filtered, question.model, device, stretch=stretch)


def _asked_of(recording: Recording, question: MapQuestion) -> tuple[Recording, tuple[int, int]]:
    return filtered_recording(recording, question.filters), (question.start, question.stop)


@dataclass(frozen=True)
class NextBackend:
    """The functions behind *What to record next*.

    Attributes
    ----------
    expected : callable
        ``(card)`` -> `SetErrors` or None; quick, called in the window's thread.
    lead_events : callable
        ``(recording, available, question, device)`` -> events, `Measured` and `Finished` with
        `SetErrors`; called in a worker.
    electrode_events : callable
        ``(recording, question, device)`` -> events, the last `Finished` with `SetErrors`; called
        in a worker.
    """

    expected: Callable[[ModelCard], SetErrors | None] = _expected
    lead_events: Callable[..., Events] = _lead_events
    electrode_events: Callable[..., Events] = _electrode_events

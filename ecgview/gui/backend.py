"""What the window asks of the engine; everything is imported when first used, in a worker.

The window itself never imports the engine's network code. Tests hand in a `Backend` of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecgview.engine.events import Event
from ecgview.errors import EcgviewError
from ecgview.gui.agreement_study.work import StudyBackend
from ecgview.gui.leadmap.next_work import NextBackend
from ecgview.gui.leadmap.work import LeadMapBackend
from ecgview.gui.library.work import LibraryBackend
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.personal.work import PersonalBackend
from ecgview.gui.signal_processing import load as load_signal_processing
from ecgview.gui.signs.work import SignsBackend
from ecgview.gui.training.work import TrainingBackend
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.metrics import Agreement
    from ecgview.engine.tally import AgreementTally
    from ecgview.personal import PersonalCalibration

Reconstructing = Callable[..., Generator[Event, None, None]]


@dataclass(frozen=True)
class Comparison:
    """What a reconstruction is compared over, and how.

    Attributes
    ----------
    clean : bool
        Whether both are high-passed at 0.5 Hz.
    start, stop : int
        Samples ``[start, stop)`` of the recording.
    """

    clean: bool
    start: int
    stop: int


def _list_models() -> Sequence[ModelCard]:
    from ecgview.engine.cards import list_models

    return list_models()


def _load_engine() -> None:
    """Import all that a reconstruction needs, once, with the window running on."""
    if "ecgview.engine.reconstruct" not in sys.modules:
        with loading_quietly():
            load_signal_processing()  # resampling and filters would load it later
            import ecgview.engine.reconstruct  # noqa: F401


def _reconstruct_events(
    recording: Recording,
    available: tuple[str, ...],
    model: str | None,
    device: str,
    first: tuple[int, int] | None = None,
    wanted: Callable[[], tuple[int, int] | None] | None = None,
    begun: Reconstruction | None = None,
    personal: PersonalCalibration | None = None,
    interval: bool = True,
) -> Generator[Event, None, None]:
    _load_engine()
    from ecgview.engine.reconstruct import reconstruction_events

    yield from reconstruction_events(
        recording, available, model, device,
        first=first, wanted=wanted, begun=begun, personal=personal, interval=interval,
    )  # fmt: skip


def _compare(
    recording: Recording, reconstruction: Reconstruction, comparison: Comparison
) -> Agreement:
    from ecgview.engine.metrics import agreement

    return agreement(
        recording,
        reconstruction,
        clean=comparison.clean,
        start=comparison.start,
        stop=comparison.stop,
    )


def _tally(
    recording: Recording, reconstruction: Reconstruction, comparison: Comparison
) -> AgreementTally:
    if comparison.clean:
        load_signal_processing()
    from ecgview.engine.tally import AgreementTally

    return AgreementTally(
        recording,
        reconstruction,
        clean=comparison.clean,
        start=comparison.start,
        stop=comparison.stop,
    )


def _warm_up(model: str | None, device: str) -> Sequence[str]:
    _load_engine()
    from ecgview.engine.device import device_names
    from ecgview.engine.reconstructor import load_reconstructor

    # A model that does not load is told of when it is wanted.
    with suppress(EcgviewError):
        load_reconstructor(model, device)
    return device_names()


def _device_reason(wish: str) -> str:
    from ecgview.engine.device import device_reason

    try:
        return device_reason(wish)
    except EcgviewError as error:
        return error.message


@dataclass(frozen=True)
class Backend:
    """The engine's functions that the window uses.

    Attributes
    ----------
    list_models : callable
        The installed models' cards, default first; quick, called in the window's thread.
    reconstruct_events : callable
        ``(recording, available, model, device)`` -> events, the last a `Finished` with a
        `Reconstruction`; called in a worker. Of a long recording it is also given ``first``, what
        is visible, ``wanted``, which tells what is visible now, and ``begun``, what is there of it
        already or None, and yields `Grown` events; where there is a calibration, ``personal`` too.
    compare : callable
        ``(recording, reconstruction, comparison)`` -> `Agreement`; called in a worker.
    tally : callable
        ``(recording, reconstruction, comparison)`` -> `AgreementTally`, which counts as much as is
        rebuilt; called in a worker.
    warm_up : callable
        ``(model, device)`` -> the devices of this computer, best first. Loads the engine and the
        model, so that the first reconstruction is quick; called in a worker.
    device_reason : callable
        ``(device)`` -> in a sentence, what models run on and why; called in a worker, after
        `warm_up`.
    training : TrainingBackend
        What the training page asks.
    library : LibraryBackend
        What the library page asks.
    signs : SignsBackend
        What looking for signs asks.
    study : StudyBackend
        What the agreement page asks.
    leadmap : LeadMapBackend
        What the lead map asks.
    additions : NextBackend
        What is asked on what to record next.
    personal : PersonalBackend
        What is asked for a calibration to the person.
    """

    list_models: Callable[[], Sequence[ModelCard]] = _list_models
    reconstruct_events: Reconstructing = _reconstruct_events
    compare: Callable[[Recording, Reconstruction, Comparison], Agreement] = _compare
    warm_up: Callable[[str | None, str], Sequence[str]] = _warm_up
    device_reason: Callable[[str], str] = _device_reason
    tally: Callable[[Recording, Reconstruction, Comparison], AgreementTally] = _tally
    training: TrainingBackend = field(default_factory=TrainingBackend)
    library: LibraryBackend = field(default_factory=LibraryBackend)
    signs: SignsBackend = field(default_factory=SignsBackend)
    study: StudyBackend = field(default_factory=StudyBackend)
    leadmap: LeadMapBackend = field(default_factory=LeadMapBackend)
    additions: NextBackend = field(default_factory=NextBackend)
    personal: PersonalBackend = field(default_factory=PersonalBackend)

"""Stand-ins for the engine, and a window to try things on."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from ecg import rebuilt
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from waiting import wait_until

from ecgview.engine.cards import Expected
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.metrics import Agreement, agreement
from ecgview.gui.app import dress, make_window
from ecgview.gui.backend import Backend, Comparison
from ecgview.gui.main_window import MainWindow
from ecgview.gui.problems import Problems
from ecgview.gui.settings import Settings
from ecgview.gui.state import OpenFile
from ecgview.gui.theme import LIGHT
from ecgview.leads import LEADS, Origin, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording, recording_from_array


@dataclass
class Card:
    """A model card with figures for every set of leads."""

    name: str = "first"
    title: str = "First model"
    description: str = "A stand-in"
    headline: str = "fold 9, I+II+V2: PCC 0.90"
    leads: tuple[str, ...] = ()
    rebuilds: tuple[str, ...] = ()
    sha256: str = "ab" * 32
    fs_hz: float = 125.0
    metrics: dict[str, Any] = field(default_factory=lambda: {"folds": [9]})
    training: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    path: Path = Path("/nowhere/first.safetensors")
    edition: str = "version 1, weights abababab"

    @property
    def needs_other_leads(self) -> bool:
        return not set(self.leads) <= set(LEADS)

    def takes(self, available: tuple[str, ...]) -> bool:
        return not self.leads or set(available) == set(self.leads)

    def expected(self, available: tuple[str, ...]) -> dict[str, Expected]:
        origins = lead_origins(available)
        return {
            lead: Expected(0.75, 120.0) for lead in LEADS if origins[lead] is Origin.RECONSTRUCTED
        }


@dataclass
class FakeEngine:
    """An engine whose jobs can be held, broken and counted."""

    steps: int = 1
    error: BaseException | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    models: list[str | None] = field(default_factory=list)
    closed: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def backend(self) -> Backend:
        cards = [Card(), Card("second", "Second model")]
        return Backend(
            list_models=lambda: cards,
            reconstruct_events=self.events,
            compare=compare,
            warm_up=lambda model, device: ["cpu"],
            device_reason=lambda wish: "CPU: no GPU was found.",
        )

    def events(
        self,
        recording: Recording,
        available: tuple[str, ...],
        model: str | None,
        device: str,
        **of_long_ones: object,
    ) -> Generator[Event, None, None]:
        self.asked.append(available)
        self.models.append(model)
        self.begun.release()
        try:
            for step in range(self.steps):
                self.gate.wait(20)
                yield Progress(step, self.steps, "Reconstructing")
            if self.error is not None:
                raise self.error
            yield Finished(rebuilt(recording, available, offset_mv=0.1))
        finally:
            self.closed += 1
            self.ended.release()


def compare(
    recording: Recording, reconstruction: Reconstruction, comparison: Comparison
) -> Agreement:
    return agreement(
        recording,
        reconstruction,
        clean=comparison.clean,
        start=comparison.start,
        stop=comparison.stop,
    )


def ecg(name: str = "ecg", leads: tuple[str, ...] = LEADS, duration_s: float = 10.0) -> Recording:
    """A recording with a different slow wave in each lead; a model's estimate can equal it."""
    time_s = np.arange(round(duration_s * 100)) / 100
    waves = {
        lead: np.sin(2 * np.pi * (1 + LEADS.index(lead) / 12) * time_s) * 0.5 for lead in leads
    }
    return recording_from_array(name, waves, 100.0)


def show(window: MainWindow, *recordings: Recording) -> None:
    """Open recordings in memory and wait until the first is reconstructed."""
    entries = [OpenFile(r.name, lambda r=r: r) for r in recordings]
    window.session.files.add(entries)
    settle(window)


def settle(window: MainWindow) -> None:
    """Wait until nothing is opened or reconstructed any more."""
    session = window.session
    wait_until(lambda: not session.state.opening and not session.state.busy)


@contextmanager
def main_window(folder: Path, engine: FakeEngine | None = None) -> Iterator[MainWindow]:
    """A window on screen with its engine started; nothing of it may be left behind."""
    before = set(QApplication.topLevelWidgets())
    settings = Settings.in_file(folder / "settings.ini")
    problems = Problems(folder / "ecgview.log")
    window = make_window(settings, (engine or FakeEngine()).backend, problems)
    dress(window, LIGHT)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    wait_until(window.isActiveWindow)  # shortcuts reach an active window only
    window.session.start_engine()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
        assert not left

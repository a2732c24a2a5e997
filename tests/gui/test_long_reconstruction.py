"""A long recording in the window: shown while it is rebuilt, what is visible first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from stand_ins import Card, compare, ecg, main_window
from waiting import wait_until

from ecgview.engine.events import Event, Finished, Grown, Progress
from ecgview.gui import requests
from ecgview.gui.backend import Backend
from ecgview.gui.session import Session
from ecgview.gui.state import OpenFile
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording

PARTS = 12
SECONDS = 60 * PARTS


class GrowingArray(ArraySource):
    """Samples of which some are done."""

    done: tuple[tuple[int, int], ...] = ()


@dataclass
class SlowEngine:
    """Rebuilds a minute at each step that it is allowed."""

    steps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    asked: list[tuple[str, ...]] = field(default_factory=list)
    firsts: list[tuple[int, int] | None] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    closed: int = 0

    @property
    def backend(self) -> Backend:
        return Backend(
            list_models=lambda: [Card()],
            reconstruct_events=self.events,
            compare=compare,
            warm_up=lambda model, device: ["cpu"],
        )

    def events(
        self,
        recording: Recording,
        available: tuple[str, ...],
        model: str | None,
        device: str,
        first: tuple[int, int] | None = None,
        wanted: Callable[[], tuple[int, int] | None] = lambda: None,
        begun: Reconstruction | None = None,
    ) -> Generator[Event, None, None]:
        self.asked.append(available)
        self.firsts.append(first)
        result = begun or estimate_of(recording, available)
        assert isinstance(result.source, GrowingArray)
        length = recording.n_samples // PARTS
        there = [n for a, b in result.done for n in range(a // length, b // length)]
        left = [number for number in range(PARTS) if number not in there]
        try:
            while left:
                while not self.steps.acquire(timeout=0.01):
                    yield Progress(PARTS - len(left), PARTS, "Reconstructing")
                place = (wanted() or first or (0, 0))[0] // length
                number = min(left, key=lambda one: (one < place, abs(one - place)))
                left.remove(number)
                self.made.append(number)
                done = {*range(PARTS)} - {*left}
                stretches = tuple((n * length, (n + 1) * length) for n in sorted(done))
                object.__setattr__(result.source, "done", joined(stretches))
                yield Progress(len(done), PARTS, "Reconstructing")
                yield Grown(result, number * length, (number + 1) * length)
            yield Finished(result)
        finally:
            self.closed += 1


def joined(stretches: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    whole: list[tuple[int, int]] = []
    for start, stop in stretches:
        if whole and whole[-1][1] == start:
            whole[-1] = whole[-1][0], stop
        else:
            whole.append((start, stop))
    return tuple(whole)


def estimate_of(recording: Recording, available: tuple[str, ...]) -> Reconstruction:
    """The recording itself, with noise in V4 from 200 s to 230 s."""
    twelve = recording.read_twelve()
    rng = np.random.default_rng(0)
    fs_hz = round(recording.fs_hz)
    bad = slice(200 * fs_hz, 230 * fs_hz)
    twelve[LEAD_INDEX["V4"], bad] = rng.normal(size=30 * fs_hz)
    for lead in CHEST_LEADS:
        if lead not in available:
            twelve[LEAD_INDEX[lead]] += 0.1
    source = GrowingArray(twelve)
    origins = lead_origins(available)
    return Reconstruction(available, origins, source, "first", 40.0, "cpu", 0.0)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SlowEngine:
    monkeypatch.setattr(requests, "LONG_SAMPLES", 5000)
    monkeypatch.setattr("ecgview.gui.reconstructions.LONG_SAMPLES", 5000)
    monkeypatch.setattr(requests, "_SHOW_EVERY_S", 0.0)
    monkeypatch.setattr(requests, "_PATIENCE", 0.0)
    return SlowEngine()


@pytest.fixture
def session(qapp: QApplication, engine: SlowEngine) -> Generator[Session, None, None]:
    session = Session(engine.backend)
    session.load_models()
    session.start_engine()
    session.show_recording(ecg(duration_s=SECONDS))
    yield session
    session.close()
    session.deleteLater()


def grown(session: Session, parts: int) -> bool:
    reconstruction = session.state.reconstruction
    whole = ecg(duration_s=SECONDS).n_samples
    done = sum(b - a for a, b in reconstruction.done) if reconstruction is not None else 0
    return reconstruction is not None and done >= parts * whole // PARTS


def test_it_is_shown_before_it_is_whole(session: Session, engine: SlowEngine) -> None:
    engine.steps.release()
    wait_until(lambda: session.state.reconstruction is not None)
    state = session.state
    assert state.busy == "Reconstructing"
    assert not state.reconstruction.is_whole
    assert engine.firsts == [(0, 1000)]
    engine.steps.release(2)
    wait_until(
        lambda: session.state.agreement is not None and bool(session.state.agreement.covered)
    )
    assert session.state.agreement.rows[LEAD_INDEX["V3"]].pcc == pytest.approx(1.0)
    engine.steps.release(PARTS)
    wait_until(lambda: not session.state.busy)
    state = session.state
    assert state.reconstruction.is_whole
    assert state.agreement.covered == ()
    assert state.left_s is None
    assert state.agreement.rows[LEAD_INDEX["V4"]].pcc < 0.98
    assert state.windows.leads == ("V1", "V3", "V4", "V5", "V6")
    assert engine.closed == 1


def test_what_is_panned_to_comes_next(session: Session, engine: SlowEngine) -> None:
    engine.steps.release()
    wait_until(lambda: grown(session, 1))
    session.change_view(start_s=425.0)
    engine.steps.release()
    wait_until(lambda: grown(session, 2))
    assert engine.made == [0, 7]
    assert engine.asked == [("I", "II", "V2")]
    session.change_view(start_s=125.0)
    engine.steps.release(2)
    wait_until(lambda: grown(session, 4))
    assert engine.made == [0, 7, 2, 3]


def test_other_leads_end_it_at_once(session: Session, engine: SlowEngine) -> None:
    engine.steps.release(2)
    wait_until(lambda: grown(session, 2))
    session.set_available(("I", "II"))
    wait_until(lambda: len(engine.asked) == 2)
    assert engine.closed == 1
    assert len(engine.made) == 2
    engine.steps.release(PARTS)
    wait_until(lambda: not session.state.busy)
    assert session.state.reconstruction.available == ("I", "II")
    assert session.state.reconstruction.is_whole


def test_stopping_keeps_what_is_there(session: Session, engine: SlowEngine) -> None:
    settled: list[bool] = []
    session.settled.connect(lambda: settled.append(True))
    engine.steps.release(3)
    wait_until(lambda: grown(session, 3))
    session.reconstructions.stop()
    engine.steps.release()
    wait_until(lambda: not session.state.busy)
    state = session.state
    assert engine.closed == 1
    assert state.failure == ""
    assert state.reconstruction.done == ((0, 4 * 6000),)
    assert state.agreement.covered == ((0, 4 * 6000),)
    assert state.left_s is None
    assert settled


def test_it_goes_on_where_it_stopped(session: Session, engine: SlowEngine) -> None:
    engine.steps.release(3)
    wait_until(lambda: grown(session, 3))
    session.reconstructions.stop_or_go_on()
    engine.steps.release()
    wait_until(lambda: not session.state.busy)
    source = session.state.reconstruction.source
    engine.made.clear()
    session.reconstructions.stop_or_go_on()
    assert session.state.busy
    engine.steps.release(PARTS)
    wait_until(lambda: not session.state.busy)
    assert engine.made == [*range(4, PARTS)]
    assert session.state.reconstruction.is_whole
    assert session.state.reconstruction.source is source
    assert session.state.agreement.covered == ()


def test_another_comparison_takes_over_while_it_grows(session: Session, engine: SlowEngine) -> None:
    engine.steps.release(5)
    wait_until(lambda: grown(session, 5))
    session.set_clean(True)
    engine.steps.release(2)
    wait_until(lambda: session.state.windows is not None and session.state.windows.clean)
    assert session.state.busy == "Reconstructing"
    engine.steps.release(PARTS)
    wait_until(lambda: not session.state.busy)
    assert session.state.agreement.clean
    assert engine.asked == [("I", "II", "V2")]
    session.set_clean(False)
    wait_until(lambda: not session.state.busy)
    assert not session.state.agreement.clean
    assert not session.state.windows.clean


def test_closing_ends_the_worker(qapp: QApplication, engine: SlowEngine) -> None:
    session = Session(engine.backend)
    session.load_models()
    session.start_engine()
    session.show_recording(ecg(duration_s=SECONDS))
    engine.steps.release()
    wait_until(lambda: grown(session, 1))
    session.close()
    assert engine.closed == 1
    session.deleteLater()


def test_the_window_says_how_far_it_is_and_stops_by_key_and_button(
    qapp: QApplication, engine: SlowEngine, tmp_path: Path
) -> None:
    with main_window(tmp_path, engine) as window:
        long = ecg(duration_s=SECONDS)
        window.session.files.add([OpenFile("long", lambda: long)])
        session = window.session
        engine.steps.release(2)
        wait_until(lambda: grown(session, 2))
        growth = window.side_panel.agreement.findChild(QLabel, "growth")
        button = window.side_panel.agreement.findChild(QPushButton, "stop-reconstructing")
        wait_until(lambda: growth.text().startswith("Computed 0:00\N{EN DASH}2:00 of 12 min"))
        assert button.text() == "Stop"
        QTest.keyClick(window.trace_area, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
        engine.steps.release()
        wait_until(lambda: not session.state.busy)
        assert growth.text() == "Computed 0:00\N{EN DASH}3:00 of 12 min, then stopped"
        assert button.text() == "Go on"
        action = window.actions_table["reconstruction.stop"]
        assert action.text() == "Go on reconstructing"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert session.state.busy
        engine.steps.release(PARTS)
        wait_until(lambda: not session.state.busy)
        assert not growth.isVisible()
        assert not button.isVisible()
        assert not action.isEnabled()


def test_another_recording_starts_anew(session: Session, engine: SlowEngine) -> None:
    engine.steps.release(2)
    wait_until(lambda: grown(session, 2))
    session.show_recording(replace(ecg(duration_s=SECONDS), name="other"))
    assert session.state.reconstruction is None
    assert session.state.windows is None
    wait_until(lambda: len(engine.asked) == 2)
    assert engine.closed == 1


@pytest.mark.real_data
def test_the_real_engine_grows_in_the_window(qapp: QApplication, data_dir: Path) -> None:
    from ecgview.formats import open_recording
    from ecgview.leads import LEADS
    from ecgview.recording import recording_from_array

    files = sorted((data_dir / "ptb-xl" / "records500").rglob("*.hea"))[:70]
    assert len(files) == 70
    signals_mv = np.concatenate([open_recording(path).read_twelve() for path in files], axis=1)
    joined_mv = dict(zip(LEADS, signals_mv, strict=True))
    session = Session()
    session.load_models()
    session.change_view(start_s=300.0)
    seen: list[float] = []

    def note() -> None:
        reconstruction = session.state.reconstruction
        if reconstruction is not None:
            seen.append(sum(stop - start for start, stop in reconstruction.done) / 500.0)

    session.result_changed.connect(note)
    session.start_engine()
    session.show_recording(recording_from_array("joined", joined_mv, 500.0))
    wait_until(lambda: session.state.agreement is not None and not session.state.busy, 60_000)
    assert seen == sorted(seen)
    assert seen[0] < 700 == seen[-1]
    assert session.state.agreement.mean_pcc_chest > 0.6
    assert np.isfinite(session.state.windows.pcc).all()
    session.close()
    session.deleteLater()

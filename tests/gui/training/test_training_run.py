"""Real, short runs in the window's worker, on simulated recordings."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from scripted import session_of, training_window, with_data
from stand_ins import FakeEngine, settle, show
from waiting import wait_until

from ecgview import paths
from ecgview.engine.demonstration import simulated_data_set
from ecgview.engine.runs import list_runs
from ecgview.gui.backend import Backend
from ecgview.gui.training import draft as drafts
from ecgview.gui.training import work
from ecgview.simulate import simulate

SMALL = {"base_width": "2", "batch_size": "4", "epochs": "2", "window": "256"}


class RealEngine(FakeEngine):
    """The installed engine."""

    @property
    def backend(self):
        return Backend()


@pytest.fixture
def window(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "user_models_dir", lambda: tmp_path / "models")
    with training_window(tmp_path, RealEngine()) as made:
        settle(made)
        yield made


def press(window, name):
    button = window.findChild(QPushButton, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def fill_in(session, **entered):
    draft = replace(session.state.draft, recipe="gradowski2025")
    for name, text in entered.items():
        draft = drafts.enter(draft, name, text)
    session.set_draft(draft)


def ended(session):
    wait_until(lambda: not session.state.is_training, 60_000)


def test_from_a_click_to_the_viewer(window, small_data_set, runs_dir):
    session = with_data(window, small_data_set)
    assert session.state.summary.recordings == 12
    assert session.state.draft.validation_folds == (4,)
    fill_in(session, **SMALL, leads="I,II,V2")
    press(window, "start-training")
    ended(session)
    course = session.state.course
    assert course.phase == "ended", course.failure
    assert [record.epoch for record in course.history] == [1, 2]
    assert set(course.history[0].pcc) == {"V1", "V3", "V4", "V5", "V6"}
    assert course.left_out == {"flat lead": 1}
    assert np.isfinite(course.examples[2].truth_mv).all()
    run = list_runs(runs_dir)[0]
    assert (run.state, run.name) == ("finished", "gradowski2025-I-II-V2")
    show(window, simulate("normal", seed=1))
    window.session.update(page="training")
    press(window, "use-in-viewer")
    settle(window)
    state = window.session.state
    assert state.reconstruction.model_name == run.name
    assert state.available == ("I", "II", "V2")
    assert state.agreement.n_chest == 5


def test_tables_and_heat_maps_of_a_trained_model(window, small_data_set, tmp_path):
    session = with_data(window, small_data_set)
    fill_in(session, **SMALL)
    press(window, "start-training")
    ended(session)
    target = tmp_path / "tables"
    window.training.page.shelf.score(session.state.course, (4,), target)
    wait_until(lambda: session.state.scoring is None, 60_000)
    with (target / "sets.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["model"] for row in rows} == {"gradowski2025-I-II", "anylead-linear"}
    assert {row["available"] for row in rows} == {"I,II"}
    assert {row["recordings"] for row in rows} == {"3"}
    assert list(target.glob("*.png"))
    assert list(target.glob("*.svg"))


def test_stopped_in_the_middle_the_model_loads(window, small_data_set):
    session = with_data(window, small_data_set)
    fill_in(session, **{**SMALL, "epochs": "5000"})
    press(window, "start-training")
    wait_until(lambda: len(session.state.course.history) >= 1, 60_000)
    press(window, "stop-and-keep")
    ended(session)
    assert session.state.course.ending == "stopped by hand, kept"
    show(window, simulate("normal", seed=1))
    window.session.update(page="training")
    press(window, "use-in-viewer")
    settle(window)
    assert window.session.state.reconstruction.model_name == "gradowski2025-I-II"
    assert window.session.state.failure == ""


def test_stopped_in_the_middle_it_goes_on_to_the_end(window, small_data_set, runs_dir):
    session = with_data(window, small_data_set)
    fill_in(session, **{**SMALL, "epochs": "40"})

    def stop_after_two() -> None:
        course = session.state.course
        if course.phase == "training" and len(course.history) >= 2:
            session.stop_and_keep()

    session.course_changed.connect(stop_after_two)
    press(window, "start-training")
    ended(session)
    session.course_changed.disconnect(stop_after_two)
    begun = session.state.course
    assert 2 <= len(begun.history) < 40
    assert f"{len(begun.history)} of 40 epochs" in window.findChild(QLabel, "run-status").text()
    press(window, "go-on")
    ended(session)
    course = session.state.course
    assert (course.phase, course.ending) == ("ended", "finished"), course.failure
    assert [record.epoch for record in course.history] == list(range(1, 41))
    assert course.history[: len(begun.history)] == begun.history
    assert len(list_runs(runs_dir)) == 1
    assert not window.findChild(QPushButton, "go-on").isVisible()


def test_a_run_goes_on_with_its_own_recordings_only(window, small_data_set, tmp_path, runs_dir):
    session = with_data(window, small_data_set)
    fill_in(session, **{**SMALL, "epochs": "5000"})
    press(window, "start-training")
    wait_until(lambda: len(session.state.course.history) >= 1, 60_000)
    session.stop_and_keep()
    ended(session)
    begun = session.state.course
    others = tmp_path / "others"
    *_, last = simulated_data_set(others, 8)
    window.training.page.shelf.go_on(begun, (last.result,))
    ended(session)
    banner = window.findChild(QWidget, "problem-banner")
    assert any("began with" in label.text() for label in banner.findChildren(QLabel))
    (shown,) = session.state.shown
    assert shown.history == begun.history
    assert [len(run.history) for run in list_runs(runs_dir)] == [len(begun.history)]


def test_cancelled_in_the_middle_nothing_is_left(window, small_data_set, runs_dir):
    session = with_data(window, small_data_set)
    fill_in(session, **{**SMALL, "epochs": "5000"})
    press(window, "start-training")
    wait_until(lambda: len(session.state.course.history) >= 1, 60_000)
    session.cancel_and_discard()
    ended(session)
    assert list(runs_dir.iterdir()) == []
    assert "gradowski2025-I-II" not in [card.name for card in window.session.state.models]


def test_a_demonstration_on_simulated_recordings(window, tmp_path, monkeypatch):
    few = tmp_path / "simulated"
    monkeypatch.setattr(work, "demonstration_folder", lambda: simulated_data_set(few, 8))
    small = {**work.DEMONSTRATION, "epochs": 2, "base_width": 2}
    monkeypatch.setattr(work, "DEMONSTRATION", small)
    press(window, "demonstration")
    session = session_of(window)
    ended(session)
    course = session.state.course
    assert course.phase == "ended", course.failure
    assert len(course.history) == 2
    assert course.examples[1].name.startswith("simulated_")

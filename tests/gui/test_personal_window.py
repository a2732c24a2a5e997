"""Calibrating to the person in the window: asked for, said, compared, undone, dropped, kept."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QTableView
from stand_ins import settle
from waiting import wait_until

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.formats import save_recording
from ecgview.gui.agreement_table import BEFORE
from ecgview.gui.app import dress, make_window
from ecgview.gui.backend import Backend
from ecgview.gui.beats.state import Stretch, averaged_stretch
from ecgview.gui.main_window import MainWindow
from ecgview.gui.problems import Problems
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT
from ecgview.gui.viewer.labels import lead_details
from ecgview.leads import LEADS, LIMB_FROM_I_II
from ecgview.recording import Patient, Recording

pytestmark = pytest.mark.skipif(not list_models(), reason="no model is bundled")
MODEL = "anylead-linear"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Two ECGs of one person, one with the arms exchanged, and one that lacks V3."""
    earlier, later = (twelve_lead_array(500.0, 20.0, seed) for seed in (1, 1))
    arms = later.copy()
    arms[:6] = LIMB_FROM_I_II @ np.stack([-later[0], later[1] - later[0]])
    kinds = {"earlier": earlier, "later": later, "arms": arms}
    for name, signals_mv in kinds.items():
        patient = Patient(identifier="PX77")
        save_recording(name, signals_mv, 500.0, tmp_path / "in", patient=patient)
    kept = [row for row, lead in enumerate(LEADS) if lead != "V3"]
    save_recording("lacks", later[kept], 500.0, tmp_path / "in", leads=[LEADS[row] for row in kept])
    return {name: tmp_path / "in" / f"{name}.hea" for name in (*kinds, "lacks")}


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, files: dict[str, Path]) -> Iterator[MainWindow]:
    settings = Settings.in_file(tmp_path / "settings.ini")
    window = make_window(settings, Backend(), Problems(tmp_path / "ecgview.log"))
    dress(window, LIGHT)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.session.set_model(MODEL)
    window.session.start_engine()
    open_file(window, files["later"])
    window.session.set_available(("I", "II"))
    settle(window)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_file(window: MainWindow, path: Path) -> None:
    window.commands.open_paths([path])
    state = lambda: window.session.state  # noqa: E731
    wait_until(lambda: state().recording is not None and state().recording.path == path, 60_000)
    settle(window)


def calibrate_from(window: MainWindow, path: Path) -> None:
    window.commands.personal.calibrate_from(path)
    wait_until(lambda: window.session.state.personal is not None)
    settle(window)


def line(window: MainWindow) -> str:
    return window.findChild(QLabel, "personal-line").text()


def v2_mv(window: MainWindow) -> np.ndarray:
    return window.session.state.reconstruction.read(["V2"])[0]


def cells(window: MainWindow, lead: str) -> list[str]:
    model = window.side_panel.agreement.findChild(QTableView).model()
    row = next(row for row in model.rows if row.lead == lead)
    return list(row.cells)


def test_an_earlier_ecg_is_asked_for_applied_said_and_undone(
    window: MainWindow, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before_mv, before = v2_mv(window), cells(window, "V2")
    chosen = (str(files["earlier"]), "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: chosen)
    window.actions_table["personal.earlier"].trigger()
    wait_until(lambda: window.session.state.personal is not None)
    settle(window)
    assert line(window) == ("Calibrated from another ECG, 20 s; compared with recorded leads here.")
    after_mv, after = v2_mv(window), cells(window, "V2")
    assert np.abs(after_mv - before_mv).max() > 0.05
    assert after[4] == f"{before[2]} · {before[3]}"
    assert float(after[2]) > float(before[2])
    assert float(after[3]) < float(before[3])
    assert cells(window, "III")[4] == ""
    assert window.session.state.undo == "calibration"
    window.session.undo()
    assert window.session.state.calibrated is None
    settle(window)
    assert np.array_equal(v2_mv(window), before_mv)
    assert not window.findChild(QLabel, "personal-line").isVisible()
    assert cells(window, "V2") == before
    window.session.redo()
    settle(window)
    assert np.array_equal(v2_mv(window), after_mv)


def test_other_leads_and_clean_figures_are_calibrated_and_compared_afresh(
    window: MainWindow, files: dict[str, Path]
) -> None:
    calibrate_from(window, files["earlier"])
    first = window.session.state.calibrated
    assert first is not None and first.personal is not None and first.before is not None
    window.session.set_clean(True)
    settle(window)
    again = window.session.state.calibrated
    assert again is not None and again.personal is first.personal
    assert again.before is not None and again.before.clean
    window.session.set_available(("I", "II", "V2"))
    settle(window)
    other = window.session.state.calibrated
    assert other is not None and other.personal is not None
    assert other.personal.available == ("I", "II", "V2")
    window.session.set_available(LEADS)
    settle(window)
    assert line(window).startswith("Not calibrated. All leads are given")
    assert window.session.state.reconstruction is not None


def test_the_marked_stretch_teaches_and_the_rest_is_compared(window: MainWindow) -> None:
    action = window.actions_table["personal.mark"]
    assert not action.isEnabled()
    window.session.change_view(mark_s=(2.0, 8.0))
    settle(window)
    action.trigger()
    settle(window)
    state = window.session.state
    assert state.view.mark_s is None
    assert (state.comparison.start, state.comparison.stop) == (4000, 10_000)
    assert "2 to 8 s of this recording; compared with recorded leads here" in line(window)
    said = window.findChild(QLabel, "agreement-stretch").text()
    assert said.startswith("Beside what was learnt from, 8.00 to 20.00 s")
    stretch = averaged_stretch(state)
    assert stretch == Stretch(4000, 10_000, "Beside what was learnt from")
    # Marked again, what was learnt from says nothing of how well it does elsewhere.
    window.session.change_view(mark_s=(3.0, 9.0))
    settle(window)
    assert "; not verified." in line(window)


def test_the_file_shown_is_not_its_own_earlier_ecg(
    window: MainWindow, files: dict[str, Path]
) -> None:
    calibrate_from(window, files["later"])
    assert window.session.state.personal.situation == "same"
    assert "0 to 20 s of this recording; not verified" in line(window)
    assert window.session.state.last_personal is None


def test_what_is_copied_and_pointed_at_says_so_and_names_nobody(
    window: MainWindow, files: dict[str, Path]
) -> None:
    calibrate_from(window, files["earlier"])
    words = "calibrated from another ECG, 20 s"
    window.side_panel.agreement.copy()
    table = QGuiApplication.clipboard().text()
    assert words in table
    assert f"\t{BEFORE}\t" in table
    state = window.session.state
    assert words in lead_details("V2", state.recording, state.reconstruction, state.agreement)
    window.commands.scripting.copy_methods()
    methods = QGuiApplication.clipboard().text()
    assert "calibrated to the person from another ECG, 20 s" in methods
    assert "24 ms before and after" in methods
    assert "PX77" not in table + methods


def test_it_is_removed_by_its_link(window: MainWindow, files: dict[str, Path]) -> None:
    before_mv = v2_mv(window)
    calibrate_from(window, files["earlier"])
    QTest.mouseClick(window.findChild(QPushButton, "personal-remove"), Qt.MouseButton.LeftButton)
    settle(window)
    assert window.session.state.personal is None
    assert np.array_equal(v2_mv(window), before_mv)
    assert not window.actions_table["personal.remove"].isEnabled()


def test_the_next_recording_is_not_calibrated_but_may_be_again(
    window: MainWindow, files: dict[str, Path]
) -> None:
    calibrate_from(window, files["earlier"])
    open_file(window, files["arms"])
    assert window.session.state.personal is None
    assert line(window) == ""
    again = window.actions_table["personal.again"]
    assert again.isEnabled()
    assert again.text() == "Calibrate again from earlier"
    again.trigger()
    settle(window)
    assert window.session.state.personal is not None
    # The arms were exchanged since: it is said, and nothing is blocked.
    assert "QRS complexes differ" in window.problem_banner.text
    assert line(window).endswith("It may not fit: see the notice.")
    assert window.session.state.agreement is not None


def test_what_speaks_against_it_is_said_of_each_recording_anew(
    window: MainWindow, files: dict[str, Path]
) -> None:
    open_file(window, files["arms"])
    for _ in range(2):
        calibrate_from(window, files["earlier"])
        assert window.problem_banner.isVisible()
        assert "QRS complexes differ" in window.problem_banner.text
        open_file(window, files["later"])
        assert not window.problem_banner.isVisible()
        open_file(window, files["arms"])


def test_a_file_still_being_read_does_not_undo_what_was_chosen_since(
    window: MainWindow, files: dict[str, Path]
) -> None:
    read, may_go_on = window.session.backend.personal.read, threading.Event()
    asked: list[str] = []

    def slow_read(path: Path) -> Recording:
        asked.append(path.stem)
        may_go_on.wait(30)
        return read(path)

    personal = replace(window.session.backend.personal, read=slow_read)
    window.session.backend = replace(window.session.backend, personal=personal)
    commands = window.commands.personal
    commands.calibrate_from(files["lacks"])
    wait_until(lambda: asked == ["lacks"])
    commands.calibrate_from(files["earlier"])
    may_go_on.set()
    wait_until(lambda: window.session.state.personal is not None)
    assert window.session.state.personal.recording.name == "earlier"
    settle(window)
    may_go_on.clear()
    commands.calibrate_from(files["lacks"])
    wait_until(lambda: asked == ["lacks", "earlier", "lacks"])
    QTest.mouseClick(window.findChild(QPushButton, "personal-remove"), Qt.MouseButton.LeftButton)
    may_go_on.set()
    commands.calibrate_from(files["earlier"])
    wait_until(lambda: window.session.state.personal is not None)
    assert window.session.state.personal.recording.name == "earlier"


def test_estimates_are_compared_beside_what_was_learnt_from_too(
    window: MainWindow, files: dict[str, Path]
) -> None:
    session = window.session
    session.comparisons.add([files["arms"]])
    wait_until(lambda: bool(session.state.estimates) and not session.state.comparing)
    before = session.state.estimates[0].agreement
    window.commands.personal.calibrate_from_stretch(0.0, 5.0)
    settle(window)
    wait_until(lambda: not session.state.comparing)
    state, (shown,) = session.state, session.state.estimates
    assert (state.comparison.start, state.comparison.stop) == (2500, 10_000)
    made = shown.estimate.reconstruction
    assert shown.agreement == session.backend.compare(state.recording, made, state.comparison)
    assert shown.agreement != before


def test_an_answer_for_a_recording_that_is_gone_is_dropped(
    window: MainWindow, files: dict[str, Path]
) -> None:
    window.commands.personal.calibrate_from(files["earlier"])
    window.session.files.close_shown()
    wait_until(lambda: window.session.state.recording is None)
    open_file(window, files["arms"])
    assert window.session.state.personal is None


def test_an_ecg_that_cannot_teach_is_refused_and_the_model_goes_on(
    window: MainWindow, files: dict[str, Path]
) -> None:
    before_mv = v2_mv(window)
    calibrate_from(window, files["lacks"])
    assert line(window).startswith("Not calibrated. lacks lacks V3")
    assert np.array_equal(v2_mv(window), before_mv)
    assert "Not calibrated" in window.problem_banner.text


def test_a_session_file_keeps_it_by_path(
    window: MainWindow, files: dict[str, Path], tmp_path: Path
) -> None:
    calibrate_from(window, files["earlier"])
    after_mv = v2_mv(window)
    path = tmp_path / "one.ecgview"
    window.commands.keeping.save_to(path)
    wait_until(path.is_file)
    assert "PX77" not in path.read_text()
    window.session.set_personal(None)
    settle(window)
    window.commands.keeping.open(path)
    wait_until(lambda: window.session.state.personal is not None, 60_000)
    settle(window)
    assert np.array_equal(v2_mv(window), after_mv)


@pytest.mark.parametrize("same", [False, True])
def test_the_copied_command_gives_the_same_table(
    window: MainWindow, files: dict[str, Path], capsys: pytest.CaptureFixture[str], same: bool
) -> None:
    if same:
        window.session.change_view(mark_s=(0.0, 6.0))
        window.actions_table["personal.mark"].trigger()
        settle(window)
    else:
        calibrate_from(window, files["earlier"])
    window.commands.scripting.copy("agreement", "command")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert ("--calibrate-from" in words) is not same
    assert main(words[1:]) == 0
    printed = capsys.readouterr().out
    row = next(line.split() for line in printed.splitlines() if line.startswith("V2 "))
    pcc, rmse = cells(window, "V2")[2:4]
    assert float(row[2]) == pytest.approx(float(pcc), abs=0.006)
    assert float(row[4]) == pytest.approx(float(rmse), abs=1)
    window.commands.scripting.copy("agreement", "python")
    program = QGuiApplication.clipboard().text()
    assert "personal=personal" in program
    names: dict[str, object] = {}
    exec(program, names)  # what is copied runs
    figures = names["figures"]
    state = window.session.state
    assert figures.mean_pcc_chest == pytest.approx(state.agreement.mean_pcc_chest, abs=1e-6)


def test_the_whole_recording_teaches_and_says_that_nothing_is_verified(window: MainWindow) -> None:
    window.session.change_view(mark_s=(0.0, 20.0))
    window.actions_table["personal.mark"].trigger()
    settle(window)
    assert line(window).endswith("; not verified.")
    assert cells(window, "V2")[2:5] == ["n/a", "n/a", "n/a"]
    assert window.session.state.failure == ""
    window.commands.beats.toggle_average()
    wait_until(lambda: not window.session.beats.is_busy)
    assert "no samples" in window.session.state.beats.average_problem
    assert not window.problem_banner.isVisible()

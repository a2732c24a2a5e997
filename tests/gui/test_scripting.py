"""Copied from the window, run outside it: the same numbers as on screen."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.cli import main, make_parser
from ecgview.cli.page_options import subject_of
from ecgview.engine.cards import find_model
from ecgview.formats import open_recording, save_recording
from ecgview.gui.app import dress, make_window
from ecgview.gui.backend import Backend
from ecgview.gui.main_window import MainWindow
from ecgview.gui.problems import Problems
from ecgview.gui.scripting.descriptions import TITLES, page_words, shown_name
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS
from ecgview.signals.filtering import Filters
from ecgview.simulate import simulate

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def real_window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """A window with the real engine behind it."""
    settings = Settings.in_file(tmp_path / "settings.ini")
    window = make_window(settings, Backend(), Problems(tmp_path / "ecgview.log"))
    dress(window, LIGHT)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.session.start_engine()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    with main_window(tmp_path, FakeEngine()) as shown:
        yield shown


def open_file(window: MainWindow, path: Path) -> None:
    window.commands.open_paths([path])
    wait_until(lambda: window.session.state.agreement is not None, 60_000)
    settle(window)


def clipboard() -> str:
    return QApplication.clipboard().text()


def said(window: MainWindow) -> str:
    """What the banner says."""
    assert window.problem_banner.isVisible()
    return " ".join(one.text() for one in window.problem_banner.findChildren(QLabel))


def run_line(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    words = shlex.split(clipboard())
    assert words[0] == "ecgview"
    capsys.readouterr()
    assert main([*words[1:], *more]) == 0
    return capsys.readouterr().out


def run_program() -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(clipboard(), "copied", "exec"), {"__name__": "copied"})
    return out.getvalue().splitlines()


@pytest.mark.real_data
@pytest.mark.parametrize("clean", [False, True])
def test_the_table_on_screen_comes_back(
    real_window: MainWindow, data_dir: Path, capsys: pytest.CaptureFixture[str], clean: bool
) -> None:
    path = sorted((data_dir / "ptb-xl" / "records500").rglob("*.hea"))[8]
    open_file(real_window, path)
    session = real_window.session
    session.set_available(("I", "II", "V3"))
    settle(real_window)
    session.set_clean(clean)
    session.change_view(mark_s=(1.25, 6.502))
    settle(real_window)
    shown = session.state.agreement
    assert shown.clean is clean
    QTest.keyClick(real_window.trace_area, Qt.Key.Key_X, CONTROL_SHIFT)
    assert clipboard().startswith(f"ecgview score {path} --leads I,II,V3 --model anylead")
    found = json.loads(run_line(capsys, "--json"))
    assert len(shown.rows) == 12
    for row in shown.rows:
        its = found["leads"][row.lead]
        assert (its["pcc"], its["rmse_uv"], its["max_uv"]) == (row.pcc, row.rmse_uv, row.max_uv)
    QTest.keyClick(real_window.trace_area, Qt.Key.Key_Y, CONTROL_SHIFT)
    assert float(run_program()[-1].split()[-1]) == shown.mean_pcc_chest


def test_filters_and_corrections_are_said(
    real_window: MainWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signals_mv = simulate("normal", seed=6).read_twelve()
    signals_mv[LEADS.index("V5")] *= -1
    path = save_recording("turned round", signals_mv, 500.0, tmp_path / "a folder")
    from ecgview.formats import ImportOptions

    options = ImportOptions(gains=(1.0,) * 10 + (-1.0, 1.0))
    real_window.session.files.open([path], options)
    wait_until(lambda: real_window.session.state.agreement is not None, 60_000)
    settle(real_window)
    session = real_window.session
    session.change_view(filters=Filters(high_pass_hz=0.5, mains_hz=50.0))
    session.update(filter_input=True)
    wait_until(lambda: bool(session.state.model_filters))
    settle(real_window)
    real_window.commands.scripting.copy("agreement", "command")
    words = shlex.split(clipboard())
    assert words[words.index("--filter-input") + 1] == "high-pass=0.5,mains=50"
    found = json.loads(run_line(capsys, "--json"))
    assert found["mean_pcc_chest"] == session.state.agreement.mean_pcc_chest
    real_window.commands.scripting.copy("agreement", "python")
    assert float(run_program()[-1].split()[-1]) == session.state.agreement.mean_pcc_chest


def test_average_beat_and_page_of_filtered_input_come_back(
    real_window: MainWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signals_mv = simulate("normal", seed=6).read_twelve()
    signals_mv += np.linspace(0, 2, signals_mv.shape[1], dtype=np.float32)
    open_file(real_window, save_recording("drifting", signals_mv, 500.0, tmp_path))
    session = real_window.session
    session.change_view(filters=Filters(high_pass_hz=0.67))
    session.update(filter_input=True)
    settle(real_window)
    real_window.actions_table["beats.average"].trigger()
    wait_until(lambda: session.state.beats.average is not None)
    shown = session.state.beats.average
    real_window.actions_table["command.average"].trigger()
    found = json.loads(run_line(capsys, "--json"))["average_beat"]["leads"]
    for row in range(LEADS.index("V3"), len(LEADS)):
        its = found[LEADS[row]]
        for marker, at in (("r", 1), ("t", 4)):
            original_uv = 1000 * shown.original.values_mv[row, at]
            assert its[f"{marker}_original_uv"] == round(original_uv, 3)
            rebuilt_uv = 1000 * shown.rebuilt.values_mv[row, at]
            assert its[f"{marker}_reconstruction_uv"] == round(rebuilt_uv, 3)
    real_window.actions_table["python.average"].trigger()
    assert float(run_program()[-1].split()[-1]) == shown.pcc[-1]
    real_window.actions_table["command.page"].trigger()
    words = shlex.split(clipboard())
    options = make_parser().parse_args(words[1:])
    assert options.filter_input == options.filter == Filters(high_pass_hz=0.67)
    card = find_model("anylead")
    subject = subject_of(open_recording(options.path), options, card)
    assert subject.agreement == session.state.agreement


def test_the_worst_windows_on_screen_come_back(
    real_window: MainWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signals_mv = np.tile(simulate("normal", seed=3).read_twelve(), 6)
    signals_mv[LEADS.index("V4"), 20_000:25_000] *= -1
    open_file(real_window, save_recording("minute", signals_mv, 500.0, tmp_path))
    panel = real_window.side_panel.agreement.worst
    panel.threshold.setValue(0.3)
    model = panel.table.model()
    on_screen = [
        [model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())
    ]
    assert on_screen
    assert on_screen[0][0] == "0:40"
    real_window.commands.scripting.copy("worst", "command")
    lines = [json.loads(line) for line in run_line(capsys, "--json").splitlines()]
    assert len(lines) == len(on_screen)
    assert (lines[0]["start_s"], lines[0]["lead"]) == (40.0, on_screen[0][2])
    assert f"{lines[0]['pcc']:.2f}".replace("-", "\N{MINUS SIGN}") == on_screen[0][3]


def test_a_simulated_ecg_says_that_it_has_no_file(real_window: MainWindow) -> None:
    real_window.commands.open_demo("normal")
    wait_until(lambda: real_window.session.state.agreement is not None, 60_000)
    settle(real_window)
    QApplication.clipboard().setText("before")
    real_window.commands.scripting.copy("agreement", "command")
    assert clipboard() == "before"
    assert "A simulated ECG has no file" in said(real_window)
    real_window.commands.scripting.copy("agreement", "python")
    shown = real_window.session.state.agreement
    assert float(run_program()[-1].split()[-1]) == shown.mean_pcc_chest


def test_the_methods_paragraph_is_of_what_is_chosen(real_window: MainWindow) -> None:
    real_window.commands.open_demo("normal")
    wait_until(lambda: real_window.session.state.agreement is not None, 60_000)
    settle(real_window)
    real_window.session.set_available(("I", "II"))
    settle(real_window)
    QTest.keyClick(real_window.trace_area, Qt.Key.Key_A, CONTROL_SHIFT)
    text = clipboard()
    assert text.startswith("From the measured leads I, II, ecgview")
    assert "0.869" in text  # the README's figure for I + II
    assert "compared at 500 samples a second" in text
    assert real_window.status_bar.findChild(object, "scale-note") is not None


def test_actions_are_there_when_there_is_something_to_copy(window: MainWindow) -> None:
    actions = window.actions_table
    names = [f"{form}.{name}" for form in ("command", "python") for name in (*TITLES, "shown")]
    window._refresh_actions()
    assert not any(actions[name].isEnabled() for name in names if "figures" not in name)
    show(window, ecg())  # in memory: nothing could open it again
    assert not actions["command.agreement"].isEnabled()
    assert actions["copy.methods"].isEnabled()


def test_what_is_in_front_is_meant(real_window: MainWindow, tmp_path: Path) -> None:
    open_file(real_window, save_recording("x", simulate("normal").read_twelve(), 500.0, tmp_path))
    session = real_window.session
    assert shown_name(session.state) == "agreement"
    session.update(side="beats")
    assert shown_name(session.state) == "beats"
    real_window.commands.scripting.copy("shown", "command")
    assert clipboard().startswith("ecgview beats ")
    assert not real_window.actions_table["command.average"].isEnabled()
    real_window.commands.beats.toggle_average()
    wait_until(lambda: session.state.beats.average is not None)
    assert shown_name(session.state) == "average"
    real_window.commands.scripting.copy("shown", "command")
    assert clipboard().startswith("ecgview beats ") and "--leads" in clipboard()
    real_window.commands.beats.toggle_average()
    session.update(side="agreement")
    assert not real_window.actions_table["command.worst"].isEnabled()
    assert not real_window.actions_table["command.comparison"].isEnabled()


def test_the_page_is_said_in_the_words_of_the_command() -> None:
    assert page_words(ViewState()) == ("--fit",)
    view = ViewState(
        layout="6x2", order="cabrera", half_chest=True, speed_mm_s=12.5, gain_mm_mv=5.0,
        show="side", shading=False, filters=Filters(low_pass_hz=40.0, baseline=True),
    )  # fmt: skip
    words = page_words(view)
    question = ["picture", "a.hea", "--output", "b.pdf", "--leads", "I", *words]
    options = make_parser().parse_args(question)
    assert (options.layout, options.order, options.half_chest) == ("6x2", "cabrera", True)
    assert (options.speed, options.gain_mm, options.show) == (12.5, 5.0, "side")
    assert options.no_shading
    from ecgview.cli.page_options import page_view

    assert page_view(options).filters == view.filters
    assert "--show" not in page_words(view, with_model=False)


def test_a_training_run_is_the_line_that_the_form_says(
    real_window: MainWindow, small_data_set: Path
) -> None:
    real_window.session.update(page="training")
    training = real_window.training.training
    assert training is not None
    real_window.commands.scripting.copy("shown", "command")
    assert "nothing to make a script of" in said(real_window)
    training.choose_data([small_data_set])
    wait_until(lambda: training.state.summary is not None)
    training.change_draft(folds=(1, 2), validation_folds=(3,))
    real_window.commands.scripting.copy("shown", "command")
    options = make_parser().parse_args(shlex.split(clipboard())[1:])
    assert options.data == [small_data_set.absolute()]
    assert options.folds == (1, 2)
    assert options.validation_folds == (3,)
    real_window.commands.scripting.copy("shown", "python")
    assert "'train'" in clipboard()


@pytest.mark.real_data
def test_a_library_query_lists_what_is_on_screen(
    real_window: MainWindow, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real_window.session.update(page="library")
    library = real_window.library.library
    assert library is not None
    library.choose(data_dir / "ptb-xl")
    wait_until(lambda: library.state.shelf is not None, 60_000)
    library.change_query(superclasses=frozenset({"MI"}), folds=frozenset({9}))
    library.sort_by("age")
    wait_until(lambda: 0 < len(library.state.rows) < 100)
    on_screen = [str(library.state.catalogue.entries[row].path) for row in library.state.rows]
    QTest.keyClick(real_window, Qt.Key.Key_X, CONTROL_SHIFT)
    assert run_line(capsys, "--paths").splitlines() == on_screen


def test_a_run_that_is_done_says_its_own_command() -> None:
    from types import SimpleNamespace

    from ecgview.engine.cards import find_model
    from ecgview.gui.scripting.pages import training_script_of

    card = find_model("anylead")
    course = SimpleNamespace(name="anylead", file=card.path.with_name("anylead.run.json"))
    training = SimpleNamespace(state=SimpleNamespace(shown=(course,)))
    script = training_script_of(training)
    assert shlex.join(script.command) == card.training["command"]
    make_parser().parse_args(list(script.command[1:]))

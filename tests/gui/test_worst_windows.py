"""The list of worst windows: what it says, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from stand_ins import FakeEngine, ecg, main_window, settle, show

from ecgview.engine.tally import WindowFigures
from ecgview.gui.agreement_table import stretch_text
from ecgview.gui.long_words import clock, growth_text, length, worst_cells, worst_heading
from ecgview.gui.main_window import MainWindow
from ecgview.gui.state import SessionState
from ecgview.leads import lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource

SECONDS = 200.0


class Growing(ArraySource):
    """An array of which only a part is done."""

    done: tuple[tuple[int, int], ...] = ()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    with main_window(tmp_path, FakeEngine()) as shown:
        yield shown


def with_figures(window: MainWindow) -> None:
    """Show a recording whose windows 3, 4 and 12 fail."""
    show(window, ecg(duration_s=SECONDS))
    state = window.session.state
    pcc = np.full((2, 20), 0.95)
    pcc[0, 3], pcc[1, 4], pcc[1, 12], pcc[0, 15] = 0.4, 0.7, -0.25, np.nan
    edges = np.arange(21) * 1000
    figures = WindowFigures(("V1", "V4"), state.recording.fs_hz, edges, pcc, False)
    window.session.update(windows=figures)


def rows(window: MainWindow) -> list[tuple[str, ...]]:
    model = window.side_panel.agreement.worst.table.model()
    return [
        tuple(model.index(row, column).data() for column in range(4))
        for row in range(model.rowCount())
    ]


def test_the_list_holds_runs_the_worst_first(window: MainWindow) -> None:
    with_figures(window)
    panel = window.side_panel.agreement.worst
    assert panel.isVisible()
    assert rows(window) == [
        ("2:00", "0:10", "V4", "\N{MINUS SIGN}0.25"),
        ("0:30", "0:20", "V1", "0.40"),
    ]
    heading = panel.findChild(QLabel, "worst-heading").text()
    assert heading == "3 of 20 windows of 10 s, worst first"
    assert window.overview.strip.ticks("worst") == (120.0, 30.0)
    panel.threshold.setValue(0.5)
    assert [row[0] for row in rows(window)] == ["2:00", "0:30"]
    assert rows(window)[1] == ("0:30", "0:10", "V1", "0.40")
    panel.threshold.setValue(-0.5)
    assert rows(window) == []
    assert window.overview.strip.ticks("worst") == ()
    assert not panel.table.isVisible()
    assert "None of 20 windows" in panel.findChild(QLabel, "worst-heading").text()


def test_keys_and_clicks_go_there(window: MainWindow) -> None:
    with_figures(window)
    session, table = window.session, window.side_panel.agreement.worst.table
    QTest.keyClick(window.trace_area, Qt.Key.Key_J)
    assert session.state.view.start_s == pytest.approx(120.0)
    assert table.currentIndex().row() == 0
    QTest.keyClick(window.trace_area, Qt.Key.Key_J)
    assert session.state.view.start_s == pytest.approx(30.0)
    assert table.selectedIndexes()[0].row() == 1
    QTest.keyClick(window.trace_area, Qt.Key.Key_J)
    assert session.state.view.start_s == pytest.approx(120.0)
    QTest.keyClick(window.trace_area, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert session.state.view.start_s == pytest.approx(30.0)
    where = table.visualRect(table.model().index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert session.state.view.start_s == pytest.approx(120.0)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert session.state.view.start_s == pytest.approx(30.0)


def test_the_place_in_the_list_is_kept_while_it_grows(window: MainWindow) -> None:
    with_figures(window)
    table, session = window.side_panel.agreement.worst.table, window.session
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1
    pcc = session.state.windows.pcc.copy()
    pcc[0, 18] = 0.0
    session.update(windows=replace(session.state.windows, pcc=pcc))
    assert [row[0] for row in rows(window)] == ["2:00", "3:00", "0:30"]
    assert table.currentIndex().row() == 2
    window.commands.worst.step(1)
    assert table.currentIndex().row() == 0


def test_it_is_hidden_beside_an_estimate_from_elsewhere(window: MainWindow) -> None:
    with_figures(window)
    window.session.update(chosen="other")
    assert not window.side_panel.agreement.worst.isVisible()
    window.session.update(chosen="")
    assert window.side_panel.agreement.worst.isVisible()


def test_the_page_stays_within_the_recording(window: MainWindow) -> None:
    with_figures(window)
    figures = window.session.state.windows
    pcc = np.full_like(figures.pcc, 0.9)
    pcc[0, 0] = pcc[1, 19] = 0.1
    window.session.update(windows=replace(figures, pcc=pcc))
    window.session.change_view(speed_mm_s=12.5)
    window.commands.worst.step(1)
    assert window.session.state.view.start_s == 0.0
    window.commands.worst.step(1)
    assert window.session.state.view.start_s == pytest.approx(SECONDS - 20.0)


def test_nothing_of_it_is_left_for_the_next_recording(window: MainWindow) -> None:
    with_figures(window)
    window.commands.worst.step(1)
    show(window, ecg(duration_s=10.0))
    window.session.files.step(1)
    settle(window)
    state = window.session.state
    assert state.recording.duration_s == 10.0
    assert state.windows is None
    assert state.worst_at_s is None
    assert not window.side_panel.agreement.worst.isVisible()
    assert not window.actions_table["worst.next"].isEnabled()


def test_a_recording_longer_than_a_page_is_listed_by_itself(window: MainWindow) -> None:
    show(window, ecg(duration_s=30.0))
    assert window.session.state.windows.pcc.shape == (5, 3)
    assert window.side_panel.agreement.worst.isVisible()
    assert rows(window) == []  # the stand-in's estimates equal the recording


@pytest.mark.parametrize(
    ("time_s", "written"), [(0, "0:00"), (59.999, "0:59"), (200, "3:20"), (50_600, "14:03:20")]
)
def test_times_are_written_as_clocks_show_them(time_s: float, written: str) -> None:
    assert clock(time_s) == written


@pytest.mark.parametrize(
    ("duration_s", "written"),
    [(10, "10 s"), (60, "1 min"), (80, "1 min 20 s"), (86_400, "24 h"), (5_430, "1 h 30 min")],
)
def test_durations_are_written_in_their_units(duration_s: float, written: str) -> None:
    assert length(duration_s) == written


def growing(done: tuple[tuple[int, int], ...], busy: str, left_s: float | None) -> SessionState:
    recording = ecg(duration_s=3600.0)
    source = Growing(recording.read_twelve())
    object.__setattr__(source, "done", done)
    made = Reconstruction(("I",), lead_origins(("I",)), source, "m", 40.0, "cpu", 0.0)
    return SessionState(recording=recording, reconstruction=made, busy=busy, left_s=left_s)


def test_growth_is_said_in_words() -> None:
    busy = growing(((0, 20_000),), "Reconstructing", 58.4)
    assert growth_text(busy) == "Computed 0:00\N{EN DASH}3:20 of 1 h · 58 s left"
    assert "2 min left" in growth_text(replace(busy, left_s=61.0))
    stopped = growing(((0, 20_000), (30_000, 34_000)), "", None)
    assert growth_text(stopped) == "Computed 4 min in 2 stretches of 1 h, then stopped"
    assert growth_text(growing(((0, 360_000),), "", None)) == ""


def test_figures_of_a_part_say_so() -> None:
    from ecgview.engine.metrics import agreement

    state = growing(((0, 72_000),), "Reconstructing", None)
    figures = agreement(state.recording, state.reconstruction, clean=False)
    text = stretch_text(replace(state, agreement=figures))
    assert text == "So far: 0:00\N{EN DASH}12:00 · median removed"
    assert stretch_text(state).startswith("Whole recording, 1 h")


def test_a_heading_says_when_nothing_can_be_compared() -> None:
    nothing = WindowFigures((), 100.0, np.arange(4), np.empty((0, 3)), False)
    heading = worst_heading(SessionState(windows=nothing), ())
    assert heading.startswith("Nothing to compare")
    assert worst_heading(SessionState(), ()) == ""


def test_cells_are_as_wide_as_they_say() -> None:
    from ecgview.engine.worst import WorstRun

    run = WorstRun(50_600.0, 50_680.0, 50_610.0, "V3", 0.123, 8)
    assert worst_cells(run) == ("14:03:20", "1:20", "V3", "0.12")

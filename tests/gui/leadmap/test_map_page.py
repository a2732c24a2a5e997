"""The lead map in the window: computed when looked at, gone over by mouse and keys."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shlex
from pathlib import Path

import pytest
from map_engine import MapEngine, pcc_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolTip
from stand_ins import Card, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.cli import main, make_parser
from ecgview.errors import ModelError
from ecgview.gui.app import make_window
from ecgview.gui.leadmap.drawing import COLUMNS, row_cells, value_of
from ecgview.gui.problems import Problems
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT
from ecgview.leads import CHEST_LEADS
from ecgview.studies.leadmap.table import USUAL_SETS


def look(window):
    """Turn to the map and wait for it."""
    window.session.update(page="leadmap")
    done(window)
    return window.leadmap


def done(window):
    leadmap = window.leadmap.map
    wait_until(lambda: not leadmap.state.total)
    QApplication.processEvents()


def place_of(window, *leads):
    rows = window.leadmap.map.shown.rows
    return next(n for n, one in enumerate(rows) if one.row.available == leads)


def value(window, leads, column):
    return value_of(window.leadmap.map.shown, place_of(window, *leads), COLUMNS.index(column))


def point(window, place, column):
    view = window.leadmap.page.map
    left, top, width, height = view.layout_of_cells.cell(place, column)
    across, down = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
    return QPoint(round(left + width / 2) - across, round(top + height / 2) - down)


def click(window, place, column):
    viewport = window.leadmap.page.map.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=point(window, place, column))


def press(window, name):
    button = window.findChild(QPushButton, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def words(window, name):
    found = window.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


# When it is computed


def test_nothing_is_computed_before_the_page_is_looked_at(window, engine):
    show(window, ecg("a"))
    assert window.leadmap.page is None
    assert engine.asked_maps == []
    look(window)
    (asked,) = engine.asked_maps
    assert asked[:2] == ("a", USUAL_SETS)
    assert len(window.leadmap.map.state.rows) == 34
    assert value(window, ("I", "II"), "V3") == pcc_of("a", ("I", "II"), "V3", clean=False)
    window.session.update(page="viewer")
    look(window)
    assert len(engine.asked_maps) == 1


def test_rows_appear_while_others_are_still_computed(window, engine):
    engine.free.clear()
    engine.hold_after = 5
    show(window, ecg("a"))
    window.session.update(page="leadmap")
    wait_until(lambda: window.leadmap.map.state.done == 5)
    shown = window.leadmap.map.shown
    assert [one.is_waiting for one in shown.rows] == [False] * 5 + [True] * 29
    assert "5 of 34 sets" in window.leadmap.page._over.text()
    engine.free.set()
    done(window)
    assert not any(one.is_waiting for one in window.leadmap.map.shown.rows)


def test_another_recording_in_the_middle_drops_what_is_stale(window, engine):
    engine.free.clear()
    engine.hold_after = 3
    show(window, ecg("a"), ecg("b"))
    window.session.update(page="leadmap")
    wait_until(lambda: window.leadmap.map.state.done == 3)
    window.session.files.go_to(1)
    settle(window)
    window.session.update(page="leadmap")
    assert window.leadmap.map.state.rows == {}
    engine.free.set()
    done(window)
    assert [name for name, *_ in engine.asked_maps] == ["a", "b"]
    assert engine.maps_closed == 2
    rows = window.leadmap.map.state.rows
    assert len(rows) == 34
    for leads, row in rows.items():
        for lead in row.reconstructed:
            expected = pcc_of("b", leads, lead, clean=False)
            assert row.value(lead, "pcc", clean=False) == expected


def test_the_map_of_the_last_recording_is_forgotten(window, engine):
    show(window, ecg("a"), ecg("b"))
    look(window)
    window.session.update(page="viewer")
    window.session.files.go_to(1)
    settle(window)
    assert window.leadmap.map.state.rows == {}
    assert len(engine.asked_maps) == 1
    look(window)
    assert words(window, "map-title") == "b"
    window.session.files.go_to(0)
    settle(window)
    look(window)
    assert [name for name, *_ in engine.asked_maps] == ["a", "b", "a"]


def test_maps_of_other_models_and_stretches_are_kept(window, engine):
    show(window, ecg("a"))
    look(window)
    window.session.set_model("second")
    done(window)
    window.session.change_view(mark_s=(1.0, 4.0))
    done(window)
    assert [question.model for _, _, question in engine.asked_maps] == ["first", "second", "second"]
    assert [question.start for _, _, question in engine.asked_maps] == [0, 0, 100]
    assert "1 to 4 s of 10 s" in window.leadmap.page._over.text()
    window.session.change_view(mark_s=None)
    window.session.set_model("first")
    done(window)
    settle(window)
    assert len(engine.asked_maps) == 3
    assert len(window.leadmap.map.state.rows) == 34


def test_a_set_of_ones_own_is_one_row_more_and_no_other_is_computed_again(window, engine):
    show(window, ecg("a"))
    look(window)
    window.session.set_available(("II", "V1", "V5"))
    settle(window)
    done(window)
    assert [len(sets) for _, sets, _ in engine.asked_maps] == [34, 1]
    first = window.leadmap.map.shown.rows[0]
    assert first.is_current
    assert first.row.available == ("II", "V1", "V5")


def test_closing_in_the_middle_ends_the_worker(qapp, tmp_path):
    engine = MapEngine(hold_after=2)
    engine.free.clear()
    with main_window(tmp_path, engine) as window:
        show(window, ecg("a"))
        window.session.update(page="leadmap")
        wait_until(lambda: window.leadmap.map.state.done == 2)
        engine.free.set()
    assert engine.maps_closed == 1


def test_a_lesson_is_not_given_away(window, engine):
    show(window, ecg("a"))
    window.actions_table["teach"].trigger()
    assert window.session.state.teaching.is_guessing
    look(window)
    assert engine.asked_maps == []
    assert window.leadmap.map.shown.source == "population"
    assert "lesson" in words(window, "map-remark")
    assert not window.findChild(QPushButton, "map-recording").isEnabled()
    assert not window.findChild(QPushButton, "map-difference").isEnabled()


# What goes wrong


def test_what_is_foreseen_stands_in_the_place_of_the_map(window, engine):
    engine.map_error = ModelError("The model does not load.", "Take another one.")
    show(window, ecg("a"))
    look(window)
    assert words(window, "map-nothing") == "There is no map of this recording"
    assert words(window, "map-nothing-words") == "The model does not load. Take another one."
    window.session.change_view(zoom=2.0)
    assert len(engine.asked_maps) == 1  # not tried again and again
    press(window, "map-population")
    assert window.leadmap.page.map.isVisible()
    engine.map_error = None
    press(window, "map-recording")
    window.session.set_model("second")
    done(window)
    assert len(window.leadmap.map.state.rows) == 34


def test_what_is_not_foreseen_is_told_as_everywhere(window, engine):
    engine.map_error = RuntimeError("boom")
    told = []
    window.session.problem.connect(lambda error, details: told.append(error))
    show(window, ecg("a"))
    look(window)
    assert told == [engine.map_error]
    assert words(window, "map-nothing-words") == "The map could not be computed."


def test_a_published_transform_has_no_map_and_the_page_says_so(window, engine):
    show(window, ecg("a"))
    card = Card("dower", "Dower (1980)", leads=("VX", "VY", "VZ"), path=Path())
    window.session.update(models=(card, Card()), model="dower")
    look(window)
    assert engine.asked_maps == []
    assert words(window, "map-nothing") == "There is no map of this recording"
    assert "does not rebuild" in words(window, "map-nothing-words")
    assert window.findChild(QPushButton, "map-other-model").text() == "Use First model"
    press(window, "map-other-model")
    done(window)
    settle(window)
    assert len(window.leadmap.map.state.rows) == 34


def test_without_figures_and_without_a_recording_the_page_invites(qapp, tmp_path):
    with main_window(tmp_path, MapEngine(card_fails=True)) as window:
        window.session.update(page="leadmap")
        assert words(window, "map-nothing") == "What is each lead worth?"
        assert not window.leadmap.page.map.isVisible()
        show(window, ecg("a"))
        look(window)
        assert window.leadmap.page.map.isVisible()
        assert not window.findChild(QPushButton, "map-population").isEnabled()
        assert not window.findChild(QPushButton, "map-difference").isEnabled()


def test_without_a_recording_the_population_is_shown(window, engine):
    window.session.update(page="leadmap")
    shown = window.leadmap.map.shown
    assert shown.source == "population"
    assert words(window, "map-remark") == "Open a recording to see its own map."
    said = []
    window.leadmap.said.connect(said.append)
    click(window, 3, 3)
    assert said == ["Open a recording first."]
    assert window.session.state.page == "leadmap"


# What is chosen


def test_a_click_shows_the_set_in_the_viewer_and_can_be_undone(window):
    show(window, ecg("a"))
    look(window)
    before = window.session.state.available
    click(window, place_of(window, "I", "II", "V4"), COLUMNS.index("V3"))
    settle(window)
    state = window.session.state
    assert (state.page, state.available) == ("viewer", ("I", "II", "V4"))
    window.session.undo()
    settle(window)
    assert window.session.state.available == before
    look(window)
    assert window.leadmap.map.shown.rows[place_of(window, *before)].is_current


def test_arrows_go_from_cell_to_cell_and_enter_shows_the_set(window):
    show(window, ecg("a"))
    look(window)
    view = window.leadmap.page.map
    view.setFocus()
    assert view.chosen == (place_of(window, "I", "II", "V2"), 0)
    QTest.keyClick(view, Qt.Key.Key_Home)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert view.chosen == (1, 1)
    QTest.keyClick(view, Qt.Key.Key_Right)
    expected = pcc_of("a", ("II",), "III", clean=False)
    sentence = f"III from II: PCC {expected:.3f} (raw)"
    assert view.accessibleDescription() == sentence
    assert words(window, "map-readout") == sentence
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.chosen[0] == 33
    top = view.layout_of_cells.tops[33] - view.verticalScrollBar().value()
    assert top + view.layout_of_cells.row_px <= view.viewport().height() + 1
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert 0 < view.chosen[0] < 33
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Return)
    settle(window)
    assert window.session.state.available == ("I",)
    assert window.session.state.page == "viewer"


def test_sets_that_the_file_lacks_are_grey_with_the_reason_and_not_chosen(window):
    show(window, ecg("a", ("I", "II", "V2", "V5")))
    look(window)
    place = place_of(window, "I", "II", "V3")
    assert window.leadmap.map.shown.rows[place].row.reason == "This recording has no V3."
    before = window.session.state.available
    said = []
    window.leadmap.said.connect(said.append)
    click(window, place, 4)
    assert said == ["This recording has no V3."]
    assert window.session.state.available == before
    assert window.session.state.page == "leadmap"
    assert value(window, ("I", "II", "V2"), "V4") is None  # nothing to compare with
    assert value(window, ("I", "II", "V2"), "V5") is not None


def test_the_pointer_is_told_what_a_cell_shows(window):
    show(window, ecg("a"))
    look(window)
    view = window.leadmap.page.map
    place = place_of(window, "V2")
    at = point(window, place, COLUMNS.index("V4"))
    QTest.mouseMove(view.viewport(), at)
    expected = pcc_of("a", ("V2",), "V4", clean=False)
    sentence = f"V4 from V2: PCC {expected:.3f} (raw)"
    wait_until(lambda: words(window, "map-readout") == sentence)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    assert QToolTip.text() == f"{sentence}\nClick to see this set in the viewer"
    QToolTip.hideText()


def test_raw_clean_rmse_and_the_order_change_what_is_shown(window):
    show(window, ecg("a"))
    look(window)
    press(window, "map-clean")
    settle(window)
    assert window.session.state.clean
    assert value(window, ("I",), "V1") == pcc_of("a", ("I",), "V1", clean=True)
    press(window, "map-rmse_uv")
    assert value(window, ("I",), "V1") == 100.0
    press(window, "map-pcc")
    press(window, "map-mean")
    shown = window.leadmap.map.shown
    means = [value_of(shown, n, COLUMNS.index("chest")) for n in range(len(shown.rows))]
    assert means == sorted(means, reverse=True)
    press(window, "map-paper")
    assert window.leadmap.map.shown.rows[0].row.available == ("I",)


def test_the_difference_is_this_recording_less_what_was_expected(window):
    show(window, ecg("a"))
    look(window)
    press(window, "map-difference")
    shown = window.leadmap.map.shown
    assert (shown.source, shown.clean) == ("difference", True)
    expected = pcc_of("a", ("I",), "V6", clean=True) - 0.75  # as the stand-in's card has it
    assert value(window, ("I",), "V6") == pytest.approx(expected)
    assert not window.findChild(QPushButton, "map-raw").isEnabled()


def test_every_set_of_the_population(window):
    look(window)
    press(window, "map-every")
    shown = window.leadmap.map.shown
    assert len(shown.rows) == 510
    assert all(one.row.figures for one in shown.rows)
    view = window.leadmap.page.map
    assert view.verticalScrollBar().maximum() > 5000
    assert not view.grab().isNull()


# Drawn, and taken along


def test_the_page_draws_its_figures_in_their_colours(window):
    show(window, ecg("a"))
    look(window)
    view = window.leadmap.page.map
    window.leadmap.map.update(measure="pcc")
    shown, layout = window.leadmap.map.shown, view.layout_of_cells
    picture = view.viewport().grab().toImage()
    checked = 0
    for place in (0, 7, 12):
        for cell in row_cells(shown, layout, place, LIGHT):
            left, top, _, height = cell.rect
            at = picture.pixelColor(round(left) + 3, round(top + height / 2))
            if cell.ground:
                assert at.name().upper() == cell.ground
                checked += 1
    assert checked > 20


def test_figures_are_saved_as_csv_and_as_a_picture(window, tmp_path, monkeypatch):
    show(window, ecg("a"))
    look(window)
    target = tmp_path / "map.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.actions_table["leadmap.csv"].trigger()
    wait_until(target.exists)
    with target.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 34 * 12
    (cell,) = [row for row in rows if (row["available"], row["lead"]) == ("I", "V1")]
    assert float(cell["raw_pcc"]) == pcc_of("a", ("I",), "V1", clean=False)
    picture = tmp_path / "map.svg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(picture), ""))
    window.actions_table["leadmap.picture"].trigger()
    wait_until(picture.exists)
    assert f">{pcc_of('a', ('I',), 'V1', clean=False):.3f}<" in picture.read_text()


def test_what_is_shown_is_copied_as_a_command(window, tmp_path):
    look(window)
    window.actions_table["command.shown"].trigger()
    line = QApplication.clipboard().text()
    assert line == "ecgview leadmap --model first"
    window.leadmap.map.update(measure="rmse_uv", by_mean=True, every_set=True)
    window.actions_table["command.shown"].trigger()
    options = make_parser().parse_args(shlex.split(QApplication.clipboard().text())[1:])
    assert (options.measure, options.sort, options.inputs) == ("rmse", "mean", "all")


def test_the_page_has_a_key_and_the_keyboard_goes_round(window):
    show(window, ecg("a"))
    QTest.keyClick(
        window.trace_area, Qt.Key.Key_H,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )  # fmt: skip
    assert window.session.state.page == "leadmap"
    done(window)
    assert window.actions_table["leadmap.csv"].isEnabled()
    window.session.update(page="viewer")
    assert not window.actions_table["leadmap.csv"].isEnabled()


@pytest.fixture
def real_window(qapp, tmp_path):
    """A window with the real engine behind it."""
    window = make_window(
        Settings.in_file(tmp_path / "settings.ini"), None, Problems(tmp_path / "ecgview.log")
    )
    window.show()
    window.session.start_engine()
    yield window
    window.close()
    window.deleteLater()


@pytest.mark.real_data
def test_the_real_engine_gives_the_figures_of_the_table_and_of_the_copied_scripts(
    real_window, data_dir, capsys
):
    window, session = real_window, real_window.session
    header = sorted((data_dir / "ptb-xl").glob("records500/*/*_hr.hea"))[3]
    window.commands.open_paths([header])
    wait_until(lambda: session.state.agreement is not None, 60_000)
    session.set_available(("I", "II", "V3"))
    session.change_view(mark_s=(1.0, 7.5))
    wait_until(lambda: not session.state.busy, 60_000)
    session.update(page="leadmap")
    wait_until(lambda: not window.leadmap.map.state.total, 60_000)
    compared = 0
    for row in session.state.agreement.rows:
        if row.lead in CHEST_LEADS and row.pcc is not None:
            found = value(window, ("I", "II", "V3"), row.lead)
            assert found == pytest.approx(row.pcc, abs=2e-5)
            compared += 1
    assert compared == 5
    chest = session.state.agreement.mean_pcc_chest
    assert value(window, ("I", "II", "V3"), "chest") == pytest.approx(chest, abs=2e-5)
    window.actions_table["command.shown"].trigger()
    line = shlex.split(QApplication.clipboard().text())
    assert line[:3] == ["ecgview", "leadmap", str(header)]
    capsys.readouterr()
    assert main([*line[1:], "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    (same,) = [row for row in rows if row["available"] == ["I", "II", "V3"]]
    assert same["mean_raw_pcc_chest"] == pytest.approx(chest, abs=2e-5)
    window.actions_table["python.shown"].trigger()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(QApplication.clipboard().text(), "copied", "exec"), {"__name__": "copied"})
    (mean,) = [row for row in out.getvalue().splitlines() if row.startswith("I,II,V3 ")]
    assert float(mean.split()[1]) == pytest.approx(chest, abs=2e-5)

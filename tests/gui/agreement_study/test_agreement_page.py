import csv
import json
from dataclasses import replace

import numpy as np
from agreement_example import AVAILABLE, example_report
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
)
from stand_ins import settle
from test_accessible import nameless, stops
from waiting import wait_until

from ecgview.errors import DatasetError
from ecgview.export import agreement_report
from ecgview.formats import save_recording
from ecgview.gui.agreement_study.state import StudyState, parsed_sets, problem_of_sets, usual_folds
from ecgview.gui.agreement_study.table import COLUMNS, cell_text, cell_tip
from ecgview.gui.app import dress
from ecgview.gui.text_size import enlarged
from ecgview.gui.theme import DARK, LIGHT


def child(window, kind, name):
    found = window.study.findChild(kind, name)
    assert found is not None, name
    return found


def press(window, name):
    QTest.mouseClick(child(window, QPushButton, name), Qt.MouseButton.LeftButton)


def text(window, name):
    return child(window, QLabel, name).text()


def choose(window, folder):
    study = window.study.study
    study.choose_data([folder])
    wait_until(lambda: not study.state.looking)
    return study


def studied(window, folder):
    study = choose(window, folder)
    press(window, "study-start")
    wait_until(lambda: not study.state.running and study.state.report is not None)
    return study


def table(window):
    return window.study.page.results.table


def column(window, name):
    model = table(window).model()
    return [model.index(row, COLUMNS.index(name)).data() for row in range(model.rowCount())]


def click_head(window, name):
    header = table(window).horizontalHeader()
    middle = header.sectionViewportPosition(COLUMNS.index(name)) + 12
    at = QPoint(middle, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_row(window, lead, marker):
    rows = list(zip(column(window, "lead"), column(window, "marker"), strict=True))
    index = table(window).model().index(rows.index((lead, marker)), 0)
    table(window).scrollTo(index)
    at = table(window).visualRect(index).center()
    QTest.mouseClick(table(window).viewport(), Qt.MouseButton.LeftButton, pos=at)


# Before a study


def test_nothing_of_the_page_is_made_before_it_is_looked_at(qapp, tmp_path, engine):
    from stand_ins import main_window

    with main_window(tmp_path, engine) as window:
        assert window.study.study is None
        window.session.update(page="agreement")
        assert window.study.page.isVisible()


def test_without_a_folder_the_page_says_what_it_is_for(window):
    assert text(window, "study-heading") == "How far to trust each lead"
    assert child(window, QPushButton, "study-choose").isVisible()
    assert not child(window, QPushButton, "study-start").isEnabled()
    assert not child(window, QPushButton, "study-cancel").isVisible()
    assert not window.study.page.results.isVisible()


def test_a_folder_from_the_dialog_shows_its_folds_and_is_remembered(window, mini, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mini))
    press(window, "study-choose")
    wait_until(lambda: window.study.study.state.summary is not None)
    assert "recordings of" in text(window, "study-found")
    assert window.settings.recent_data() == (mini,)
    assert text(window, "study-heading") == "Ready to compare"
    assert child(window, QPushButton, "study-start").isEnabled()


def test_a_folder_that_is_dropped_is_taken(window, mini):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(mini))])
    drop = QDropEvent(
        QPointF(500, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(drop)
    wait_until(lambda: window.study.study.state.summary is not None)
    assert window.study.study.state.folders == (mini,)
    assert window.session.state.page == "agreement"


def test_a_folder_without_recordings_is_said(window, tmp_path):
    (tmp_path / "empty").mkdir()
    choose(window, tmp_path / "empty")
    assert "No recording" in text(window, "study-problem")
    assert not child(window, QPushButton, "study-start").isEnabled()


def test_the_viewers_leads_and_model_are_asked_for_first(window):
    state = window.study.study.state
    assert state.input_sets == (("I", "II", "V2"),)
    assert state.models == ("first",)
    assert child(window, QPushButton, "study-set-I-II-V2").isChecked()
    assert child(window, QCheckBox, "study-model-first").isChecked()


def test_sets_models_and_folds_are_switched(window, mini):
    study = choose(window, mini)
    press(window, "study-set-I")
    press(window, "study-set-I-II-V2")
    QTest.mouseClick(
        child(window, QCheckBox, "study-model-second"), Qt.MouseButton.LeftButton, pos=QPoint(8, 8)
    )
    assert study.state.input_sets == (("I",),)
    assert study.state.models == ("first", "second")
    folds = study.state.folds
    other = next(fold for fold in study.state.summary.folds if fold not in folds)
    press(window, f"study-fold-{other}")
    assert study.state.folds == tuple(sorted((*folds, other)))
    press(window, f"study-fold-{folds[0]}")
    assert study.state.folds == (other,)
    press(window, "study-set-I")
    assert not child(window, QPushButton, "study-start").isEnabled()
    assert "set of available leads" in text(window, "study-line")


def test_other_sets_are_typed(window):
    field = child(window, QLineEdit, "study-sets")
    field.setFocus()
    QTest.keyClicks(field, "I,V2; nonsense")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text()
    assert field.property("wrong") == "true"
    field.clear()
    QTest.keyClicks(field, "V2,I; II,V5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == ""
    assert window.study.study.state.input_sets[1:] == (("I", "V2"), ("II", "V5"))
    assert child(window, QPushButton, "study-set-I-V2").isChecked()


def test_sets_are_parsed_and_folds_chosen():
    assert parsed_sets("I; I,II ;I") == (("I",), ("I", "II"))
    assert problem_of_sets("I; V9")
    assert problem_of_sets("") == ""
    assert usual_folds({1: 5, 9: 2}) == (9,)
    assert usual_folds({2: 1, 1: 4}) == (1, 2)
    assert StudyState().why_not == "Choose a folder of recordings first."


# A study under way


def test_a_study_is_asked_as_chosen_and_told_as_it_goes(window, engine, mini):
    study = choose(window, mini)
    engine.free.clear()
    press(window, "study-start")
    wait_until(engine.holding.is_set)
    wait_until(lambda: bool(study.state.failed))
    (task,) = engine.tasks
    assert task.data_dirs == (mini,)
    assert task.input_sets == (("I", "II", "V2"),)
    assert (task.models, task.folds) == (("first",), study.state.folds)
    assert child(window, QProgressBar, "").isVisible()
    assert child(window, QPushButton, "study-cancel").isVisible()
    assert not child(window, QPushButton, "study-start").isVisible()
    assert text(window, "study-left-out") == "1 recording was left out"
    assert "records/00999: flat lead" in child(window, QLabel, "study-left-out").toolTip()
    assert "Agreement ·" in window.top_bar.pages._segments["agreement"].text()
    engine.free.set()
    wait_until(lambda: not study.state.running)
    assert window.study.page.results.isVisible()
    assert window.top_bar.pages._segments["agreement"].text() == "Agreement"


def test_a_study_cancelled_in_the_middle_closes_and_leaves_no_result(window, engine, mini):
    study = choose(window, mini)
    engine.free.clear()
    press(window, "study-start")
    wait_until(engine.holding.is_set)
    press(window, "study-cancel")
    engine.free.set()
    wait_until(lambda: not study.state.running)
    assert engine.generators_closed == 1
    assert engine.steps_done < 4
    assert study.state.report is None
    assert text(window, "study-heading") == "Ready to compare"
    press(window, "study-start")
    wait_until(lambda: study.state.report is not None)


def answer(window, name):
    """Press an answer of the question that is open; give whether it was the one proposed."""
    (question,) = [one for one in window.findChildren(QDialog) if one.isVisible()]
    button = question.findChild(QPushButton, f"answer-{name}")
    proposed = button.isDefault()
    button.click()
    return proposed


def test_closing_the_window_asks_before_a_study_is_given_up(window, engine, mini):
    study = choose(window, mini)
    engine.free.clear()
    press(window, "study-start")
    wait_until(engine.holding.is_set)
    stayed = not window.close()
    proposed = answer(window, "stay")
    assert (stayed, proposed, study.state.running) == (True, True, True)
    window.close()
    engine.free.set()  # the window waits for its workers
    answer(window, "leave")
    assert not window.isVisible()
    assert engine.generators_closed == 1


def test_an_earlier_result_stays_while_another_study_is_cancelled(window, engine, mini):
    study = studied(window, mini)
    report = study.state.report
    engine.free.clear()
    engine.holding.clear()
    press(window, "study-start")
    wait_until(engine.holding.is_set)
    assert window.study.page.results.isVisible()
    press(window, "study-cancel")
    engine.free.set()
    wait_until(lambda: not study.state.running)
    assert study.state.report is report


def test_what_fails_is_said_and_can_be_tried_again(window, engine, mini):
    study = choose(window, mini)
    engine.study_error = DatasetError("No beats were found.", "Take others.")
    press(window, "study-start")
    wait_until(lambda: not study.state.running)
    assert text(window, "study-heading") == "The study could not be made"
    assert "No beats were found." in text(window, "study-lead")
    engine.study_error = None
    press(window, "study-start")
    wait_until(lambda: study.state.report is not None)
    assert window.study.page.results.isVisible()


# A result


def test_the_table_shows_the_figures_of_each_lead_and_marker(window, mini):
    study = studied(window, mini)
    assert column(window, "lead")[:6] == ["II"] * 5 + ["III"]
    assert column(window, "marker")[:5] == ["P", "R", "S", "ST", "T"]
    row = study.state.report.row("network", AVAILABLE, "all", "V3", "R")
    at = study.state.rows.index(row)
    assert column(window, "variance_ratio")[at] == f"{row.variance_ratio:.2f}"
    assert column(window, "reading")[at] == row.reading
    assert text(window, "study-says").startswith("Of 55 amplitudes in 11 reconstructed leads")
    assert row.marker in text(window, "study-reading")


def test_heads_sort_and_what_is_undefined_comes_last(window, mini):
    study = studied(window, mini)
    click_head(window, "r2")
    values = [float(one) for one in column(window, "r2")]
    assert values == sorted(values)
    click_head(window, "r2")
    falling = [float(one) for one in column(window, "r2")]
    assert falling == sorted(values, reverse=True)
    click_head(window, "marker")
    assert column(window, "marker")[:12] == ["P"] * 11 + ["R"]
    report = study.state.report
    broken = replace(report.rows[3], slope=float("nan"))
    rows = (*report.rows[:3], broken, *report.rows[4:])
    study.update(report=replace(report, rows=rows))
    study.update(sort="slope", descending=True)
    assert column(window, "slope")[-1] == "n/a"


def test_subsets_models_and_small_subsets_are_switched(window, mini):
    study = studied(window, mini)
    press(window, "study-subset-normal")
    assert study.state.subset == "normal"
    assert set(column(window, "patients")) <= {"60", "59"}
    assert not child(window, QPushButton, "study-subset-HYP").isEnabled()
    assert "5 patients" in child(window, QPushButton, "study-subset-HYP").toolTip()
    box = child(window, QComboBox, "study-shown-model")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert study.state.model == "network-linear"
    assert "invented variance" in column(window, "reading")
    assert not child(window, QComboBox, "study-shown-set").isVisible()


def test_a_click_on_a_row_shows_its_points(window, mini):
    study = studied(window, mini)
    click_row(window, "V5", "T")
    assert study.state.chosen == ("V5", "T")
    row = study.state.report.row("network", AVAILABLE, "all", "V5", "T")
    plot = window.study.page.results.plot
    points = study.state.report.points(row)
    assert np.array_equal(plot._across, points.estimated_uv - points.real_uv)
    assert np.array_equal(plot._along, points.real_uv)
    press(window, "study-against-mean")
    assert np.array_equal(plot._along, (points.real_uv + points.estimated_uv) / 2)
    QTest.keyClick(table(window), Qt.Key.Key_Up)
    assert study.state.chosen == ("V5", "ST")


def test_a_click_on_a_point_opens_its_recording_with_these_leads(window, mini):
    study = studied(window, mini)
    click_row(window, "V3", "R")
    plot = window.study.page.results.plot
    points = study.state.report.points(study.state.row)
    point = 17
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.place_of(point).toPoint())
    settle(window)
    state = window.session.state
    expected = study.state.report.recordings[int(points.rows[plot.nearest(plot.place_of(point))])]
    assert state.page == "viewer"
    assert str(state.recording.path) == expected.path
    assert state.available == AVAILABLE
    assert len(state.files) == len(points.rows)


def test_a_piece_of_a_long_recording_is_opened_where_it_begins(window, mini, tmp_path):
    study = studied(window, mini)
    signals_mv = np.zeros((12, 60 * 500), dtype=np.float32)
    signals_mv[:, ::500] = 1.0
    save_recording("long", signals_mv, 500.0, tmp_path)
    report = study.state.report
    first = replace(report.recordings[0], path=str(tmp_path / "long.hea"), start_s=30.0)
    study.update(report=replace(report, recordings=(first, *report.recordings[1:])))
    study.open(study.state.row, 0)
    settle(window)
    assert window.session.state.recording.duration_s == 60.0
    assert window.session.state.view.start_s == 30.0
    window.session.files.step(1)
    settle(window)
    assert window.session.state.view.start_s == 0.0


def test_points_can_be_gone_through_and_opened_by_keys(window, mini):
    studied(window, mini)
    plot = window.study.page.results.plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot._along[plot._at] == plot._along.min()
    assert "µV" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot._along[plot._at] == plot._along.max()
    QTest.keyClick(plot, Qt.Key.Key_Return)
    settle(window)
    assert window.session.state.page == "viewer"
    assert window.session.state.recording is not None


def test_a_click_on_the_map_looks_at_that_row(window, mini):
    study = studied(window, mini)
    press(window, "study-view-map")
    shown = window.study.page.results.map
    assert shown.isVisible()
    assert not child(window, QPushButton, "study-against-real").isVisible()
    row = study.state.report.row("network", AVAILABLE, "all", "aVL", "ST")
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=shown.place_of(row).toPoint())
    assert study.state.chosen == ("aVL", "ST")
    assert table(window).currentIndex().row() == study.state.rows.index(row)


def test_matrices_are_of_the_marker_looked_at(window, mini):
    study = studied(window, mini)
    press(window, "study-view-matrices")
    click_row(window, "V2", "T")
    shown = window.study.page.results.matrices
    matrix = study.state.report.matrix("network", AVAILABLE, "all", "T")
    (_, real, area), (_, made, _), (_, difference, _) = shown.parts()
    assert np.array_equal(real, matrix.real_r2)
    assert np.array_equal(made, matrix.reconstructed_r2)
    assert np.allclose(difference, made - real, equal_nan=True)
    assert area.right() <= shown.width() and area.bottom() <= shown.height()


def test_pictures_are_drawn_in_the_colours_of_the_theme(window, mini):
    studied(window, mini)
    results = window.study.page.results
    window.study.set_theme(DARK)
    for name in ("plot", "map", "matrices"):
        press(window, f"study-view-{name}")
        picture = getattr(results, name)
        image = QImage(picture.size(), QImage.Format.Format_RGB32)
        image.fill(0)
        picture.render(image)
        colours = {
            image.pixelColor(x, y).name()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        }
        assert len(colours) > 8, name
    assert DARK.accent.lower() in colours


def test_the_table_is_copied_with_all_its_figures(window, mini):
    studied(window, mini)
    table(window).setFocus()
    QTest.keyClick(table(window), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 56
    head = lines[0].split("\t")
    first = dict(zip(head, lines[1].split("\t"), strict=True))
    assert (first["lead"], first["marker"], first["available"]) == ("II", "P", "I")
    assert float(first["variance_ratio"]) > 0


def test_cells_tell_their_intervals_and_tests():
    report = example_report()
    row = report.row("network", AVAILABLE, "all", "V3", "R")
    assert "F-test" in cell_tip(row, "variance_ratio")
    assert "Limits of agreement" in cell_tip(row, "bias_uv")
    assert "95 %" in cell_tip(row, "r2")
    assert cell_tip(row, "best_r2").startswith("Of ")
    small = report.row("network", AVAILABLE, "HYP", "V3", "R")
    assert cell_text(small, "reading") == "too few"
    assert cell_text(small, "bias_uv") == "n/a"
    assert "5 patients" in cell_tip(small, "reading")


def test_everything_beside_a_result_has_a_name_and_is_reached_by_tab(window, mini):
    studied(window, mini)
    for view in ("plot", "map", "matrices"):
        press(window, f"study-view-{view}")
        assert not nameless(window)
    QApplication.processEvents()  # what is put into a layout is shown by an event
    names = {one.objectName() for one in stops(window.study)}
    assert {"study-save", "agreement-rows", "study-shown-model", "study-subset-all"} <= names
    press(window, "study-view-plot")
    assert "agreement-plot" in {one.objectName() for one in stops(window.study)}


def test_at_200_per_cent_the_pictures_keep_their_room(window, mini):
    studied(window, mini)
    results = window.study.page.results
    assert child(window, QLabel, "study-reading").isVisible()
    dress(window, enlarged(LIGHT, 200))
    QApplication.processEvents()
    assert not child(window, QLabel, "study-reading").isVisible()
    assert child(window, QLabel, "study-says").toolTip()
    assert results.plot.height() > 160 and results.plot.width() > 400
    assert table(window).columnWidth(0) > 90
    dress(window, LIGHT)
    assert table(window).columnWidth(0) < 60


# Results as files


def wait_saved(window):
    wait_until(lambda: not window.study.study.state.saving)


def test_the_tables_of_the_result_are_saved(window, mini, tmp_path):
    studied(window, mini)
    window.study.page.save_tables(tmp_path / "tables")
    wait_saved(window)
    with (tmp_path / "tables" / "markers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 4 * 55
    told = json.loads((tmp_path / "tables" / "agreement.json").read_text(encoding="utf-8"))
    assert told["folds"] == [9]


def test_report_and_plot_are_saved_where_the_dialog_says(window, mini, tmp_path, monkeypatch):
    studied(window, mini)
    monkeypatch.setattr(agreement_report, "_results", lambda *_: iter(()))  # pictures take long
    target = tmp_path / "r.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.actions_table["study.report"].trigger()
    wait_until(target.exists)
    wait_saved(window)
    assert "Of 55 amplitudes" in target.read_text(encoding="utf-8")
    window.study.page.save_plot(tmp_path / "plot.png")
    wait_saved(window)
    assert QImage(str(tmp_path / "plot.png")).width() > 1000


def test_what_cannot_be_saved_is_said(window, mini, tmp_path):
    studied(window, mini)
    (tmp_path / "file").write_text("x")
    window.study.page.save_report(tmp_path / "file" / "r.html")
    wait_saved(window)
    wait_until(window.problem_banner.isVisible)


# Scripts and keys


def test_the_command_of_the_study_is_copied(window, mini):
    study = choose(window, mini)
    study.toggle_set(("I",))
    window.actions_table["command.shown"].trigger()
    words = QGuiApplication.clipboard().text().split()
    assert words[:2] == ["ecgview", "agreement"]
    assert words[words.index("--data") + 1] == str(mini)
    assert [words[at + 1] for at, word in enumerate(words) if word == "--leads"] == [
        "I,II,V2", "I",
    ]  # fmt: skip
    assert words[words.index("--model") + 1] == "first"
    press(window, "study-start")
    wait_until(lambda: study.state.report is not None)
    window.actions_table["command.shown"].trigger()
    assert QGuiApplication.clipboard().text() == study.state.report.command


def test_the_command_line_takes_the_copied_words(window, mini):
    import argparse

    from ecgview.cli import agreement
    from ecgview.gui.agreement_study.work import command_of

    study = choose(window, mini)
    study.toggle_set(("I",))
    parser = argparse.ArgumentParser()
    agreement.add_options(parser)
    options = parser.parse_args(command_of(study.task)[2:])
    assert options.leads == ["I,II,V2", "I"]
    assert tuple(options.folds) == study.state.folds
    assert [str(folder) for folder in options.data] == [str(mini)]


def test_keys_go_to_the_page_and_start(window, mini, engine):
    window.session.update(page="viewer")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_G, keys)
    assert window.session.state.page == "agreement"
    said = []
    window.study.said.connect(said.append)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.actions_table["study.report"].trigger()
    assert said == ["Choose a folder of recordings first.", "There is nothing to save yet."]
    study = choose(window, mini)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: study.state.report is not None)
    assert len(engine.tasks) == 1

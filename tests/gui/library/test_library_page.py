import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from stand_ins import ecg, settle, show
from waiting import wait_until

from ecgview.catalogue.query import Query
from ecgview.errors import ModelError
from ecgview.gui.jobs import Lane
from ecgview.gui.library.cells import COLUMNS
from ecgview.gui.library.thumbnails import Thumbnails
from ecgview.gui.library.work import LibraryBackend, draw_picture, reduced
from ecgview.gui.theme import DARK


def child(window, kind, name):
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def text(window, name):
    return child(window, QLabel, name).text()


def press(window, name):
    QTest.mouseClick(child(window, QPushButton, name), Qt.MouseButton.LeftButton)


def browse(window, folder):
    library = window.library.library
    library.choose(folder)
    wait_until(lambda: not library.state.looking)
    return library


def table(window):
    return window.library.page.table


def shown(window):
    """Names of the rows as the table shows them."""
    model = table(window).model()
    column = COLUMNS.index("name")
    return [model.index(place, column).data() for place in range(model.rowCount())]


def cell(window, place, column):
    return table(window).model().index(place, COLUMNS.index(column)).data()


def place_of(window, place, column="name"):
    index = table(window).model().index(place, COLUMNS.index(column))
    return table(window).visualRect(index).center()


def click_head(window, column):
    header = table(window).horizontalHeader()
    middle = header.sectionViewportPosition(COLUMNS.index(column)) + 12
    at = QPointF(middle, header.height() / 2).toPoint()
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def scored(library):
    wait_until(lambda: not library.state.scoring)


ALL = [f"{number:05d}_hr" for number in range(5)]


# The folder


def test_without_a_folder_the_page_invites(window):
    assert text(window, "library-heading") == "Browse a data set"
    assert child(window, QPushButton, "library-choose").isVisible()
    assert not table(window).isVisible()


def test_a_folder_chosen_in_the_dialog_is_listed_and_remembered(window, mini, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mini))
    press(window, "library-choose")
    wait_until(lambda: window.library.library.state.shelf is not None)
    assert shown(window) == ALL
    assert text(window, "library-about") == "PTB-XL · 5 recordings · 1 listed but not there"
    assert text(window, "library-found") == "5 recordings"
    assert window.settings.recent_libraries() == (mini,)
    assert cell(window, 1, "age") == "over 89"
    assert cell(window, 1, "quality") == "static"
    assert cell(window, 1, "worst") == ""


def test_the_folder_of_last_time_is_there_again(qapp, tmp_path, engine, mini):
    from stand_ins import main_window

    with main_window(tmp_path, engine) as window:
        window.settings.remember_library(mini)
        window.session.update(page="library")
        wait_until(lambda: window.library.library.state.shelf is not None)
        assert shown(window) == ALL


def test_a_folder_that_holds_nothing_is_said_in_place(window, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    browse(window, empty)
    assert text(window, "library-heading") == "This folder cannot be browsed"
    assert "holds no recording" in text(window, "library-lead")
    assert window.settings.recent_libraries() == ()


def test_a_dropped_folder_is_browsed_and_a_dropped_file_is_opened(window, mini):
    def drop(path):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = QDropEvent(
            QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        window.dropEvent(event)

    drop(mini)
    wait_until(lambda: window.library.library.state.shelf is not None)
    assert window.session.state.page == "library"
    drop(mini / "records500/00000/00002_hr.hea")
    settle(window)
    assert window.session.state.page == "viewer"
    assert window.session.state.recording.name == "00002_hr"


def test_another_folder_begins_anew(window, mini, tmp_path, data_dir):
    library = browse(window, mini)
    library.change_query(text="infarct")
    library.select(3)
    browse(window, data_dir / "formats/wfdb")
    assert library.state.query == Query()
    assert library.state.selected == -1
    assert len(shown(window)) == 4
    hidden = [name for name in COLUMNS if table(window).isColumnHidden(COLUMNS.index(name))]
    assert hidden == ["fold", "quality"]


@pytest.mark.real_data
def test_another_folder_while_headers_are_read_is_the_one_shown(window, mini, data_dir):
    library = window.library.library
    library.choose(data_dir / "challenge-2011")
    wait_until(lambda: library.state.shelf is not None)
    assert library.state.looking
    assert len(shown(window)) == 1000
    browse(window, mini)
    assert shown(window) == ALL
    assert library.state.catalogue.n_unread == 0


# Asking


def test_typing_finds_recordings(window, mini):
    browse(window, mini)
    field = child(window, QLineEdit, "library-search")
    QTest.keyClicks(field, "anterior infarct")
    wait_until(lambda: shown(window) == ["00001_hr", "00004_hr"])
    assert text(window, "library-found") == "2 of 5 recordings"
    assert table(window).model().words(0).startswith("anteroseptal myocardial infarction, left")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert table(window).hasFocus()
    assert window.library.library.state.entry.short_name == "00001_hr"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert shown(window) == ALL


def test_enter_takes_what_is_typed_at_once(window, mini):
    browse(window, mini)
    field = child(window, QLineEdit, "library-search")
    QTest.keyClicks(field, "hinterwand")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert shown(window) == ["00003_hr"]


def test_letters_typed_here_are_no_shortcuts_of_the_viewer(window, mini):
    show(window, ecg())
    window.session.update(page="library")
    browse(window, mini)
    before = window.session.state.view
    field = child(window, QLineEdit, "library-search")
    field.setFocus()
    QTest.keyClicks(field, "1 2 s t f")
    assert field.text() == "1 2 s t f"
    assert window.session.state.view == before


def test_facets_are_chosen_by_clicking_and_count_what_they_leave(window, mini):
    library = browse(window, mini)
    assert child(window, QPushButton, "superclasses-MI").text() == "MI  3"
    press(window, "superclasses-MI")
    assert shown(window) == ["00001_hr", "00003_hr", "00004_hr"]
    assert child(window, QPushButton, "sexes-female").text() == "female  2"
    assert child(window, QPushButton, "sexes-male").text() == "male  1"
    press(window, "sexes-female")
    press(window, "folds-9")
    press(window, "qualities-static")
    assert shown(window) == ["00001_hr"]
    press(window, "likelihood-100")
    assert shown(window) == []
    press(window, "library-clear")
    assert shown(window) == ALL
    assert library.state.query == Query()
    assert not child(window, QPushButton, "superclasses-MI").isChecked()
    assert child(window, QPushButton, "likelihood-0").isChecked()


def test_ages_are_typed_and_marked_while_they_make_no_sense(window, mini):
    browse(window, mini)
    field = child(window, QLineEdit, "ages")
    QTest.keyClicks(field, "80-")
    assert shown(window) == ["00001_hr", "00003_hr"]
    QTest.keyClicks(field, "70")
    assert field.property("wrong") == "true"
    assert "80 is above 70" in field.toolTip()
    assert shown(window) == ["00001_hr", "00003_hr"]
    field.clear()
    assert field.property("wrong") == ""
    assert shown(window) == ALL


def test_statements_are_found_and_chosen(window, mini):
    browse(window, mini)
    statements = window.library.page.filters.statements.list
    find = child(window, QLineEdit, "find-statement")
    QTest.keyClicks(find, "anterior infarct")
    visible = [
        statements.item(row)
        for row in range(statements.count())
        if not statements.item(row).isHidden()
    ]
    assert sorted(item.text() for item in visible) == [
        "anterior myocardial infarction", "anteroseptal myocardial infarction",
    ]  # fmt: skip
    at = statements.visualItemRect(visible[0]).center()
    QTest.mouseClick(statements.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(shown(window)) == 1
    statements.setCurrentItem(visible[1])
    QTest.keyClick(statements, Qt.Key.Key_Space)
    assert shown(window) == ["00001_hr", "00004_hr"]
    assert visible[0].checkState() == visible[1].checkState() == Qt.CheckState.Checked


def test_nothing_found_offers_a_way_back(window, mini):
    library = browse(window, mini)
    library.change_query(text="unicorn")
    assert window.library.page.nothing.isVisible()
    assert not child(window, QPushButton, "library-save").isEnabled()
    press(window, "library-show-all")
    assert shown(window) == ALL
    assert table(window).isVisible()


# Sorting and selecting


def test_heads_sort_and_turn_round(window, mini):
    browse(window, mini)
    click_head(window, "age")
    assert shown(window) == ["00004_hr", "00000_hr", "00003_hr", "00001_hr", "00002_hr"]
    click_head(window, "age")
    assert shown(window) == ["00001_hr", "00003_hr", "00000_hr", "00004_hr", "00002_hr"]
    header = table(window).horizontalHeader()
    assert header.sortIndicatorSection() == COLUMNS.index("age")
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_what_is_selected_stays_so_while_it_is_shown(window, mini):
    library = browse(window, mini)
    QTest.mouseClick(table(window).viewport(), Qt.MouseButton.LeftButton, pos=place_of(window, 3))
    assert library.state.selected == 3
    click_head(window, "fold")
    assert table(window).currentIndex().row() == shown(window).index("00003_hr")
    library.change_query(folds=frozenset({1}))
    assert not table(window).currentIndex().isValid()


def test_the_details_tell_of_what_is_selected(window, mini):
    window.resize(1500, 900)
    library = browse(window, mini)
    wait_until(lambda: window.library.page.details.isVisible())
    library.select(1)
    assert text(window.library, "record-title") == "00001_hr"
    assert text(window.library, "record-report") == "vorhofflimmern, linksschenkelblock möglich"
    window.resize(1200, 800)
    wait_until(lambda: not window.library.page.details.isVisible())


# Opening


def test_a_double_click_opens_with_the_list_to_step_through(window, mini):
    library = browse(window, mini)
    library.change_query(superclasses=frozenset({"MI"}))
    library.sort_by("age")
    assert shown(window) == ["00004_hr", "00003_hr", "00001_hr"]
    view, at = table(window).viewport(), place_of(window, 1)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    settle(window)
    state = window.session.state
    assert (state.page, state.recording.name) == ("viewer", "00003_hr")
    assert [entry.name for entry in state.files] == ["00004_hr", "00003_hr", "00001_hr"]
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    settle(window)
    assert window.session.state.recording.name == "00001_hr"
    assert window.settings.recent_files() == (mini / "records500/00000/00003_hr.hea",)


def test_coming_back_finds_what_was_looked_at_last(window, mini):
    library = browse(window, mini)
    library.sort_by("age")
    table(window).setFocus()
    table(window).selectRow(0)
    QTest.keyClick(table(window), Qt.Key.Key_Return)
    settle(window)
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    settle(window)
    window.session.update(page="library")
    assert table(window).currentIndex().row() == 1
    assert library.state.entry.short_name == window.session.state.recording.name


def test_enter_opens_and_copying_takes_the_path(window, mini):
    browse(window, mini)
    table(window).setFocus()
    table(window).selectRow(2)
    QTest.keyClick(table(window), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    path = mini / "records500/00000/00002_hr.hea"
    assert QGuiApplication.clipboard().text() == str(path)
    QTest.keyClick(table(window), Qt.Key.Key_Return)
    settle(window)
    assert window.session.state.recording.path == path


def test_the_menu_of_a_row_opens_and_copies(window, mini):
    browse(window, mini)
    table(window).selectRow(0)
    menu = table(window).make_menu(table(window).currentIndex())
    words = [action.text() for action in menu.actions()]
    assert words == ["Open in the viewer", "Copy path"]
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().text().endswith("00000_hr.hea")
    menu.deleteLater()


# Figures


def test_rebuilding_fills_the_columns_and_the_worst_come_first(window, mini, engine):
    library = browse(window, mini)
    press(window, "score")
    scored(library)
    assert cell(window, 1, "worst") == "\N{MINUS SIGN}0.20 V4"
    assert cell(window, 3, "worst") == "n/a"
    click_head(window, "worst")
    assert shown(window) == ["00001_hr", "00004_hr", "00002_hr", "00000_hr", "00003_hr"]
    assert text(window, "scoring-line") == "5 of 5 rebuilt"
    assert not child(window, QPushButton, "score").isEnabled()
    tip = table(window).model().index(4, COLUMNS.index("worst")).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "No correlation for V3: flat or not in the file"
    assert engine.tasks[0].leads == ("I", "II", "V2")
    assert engine.tasks[0].model == "first"


def test_only_what_is_shown_and_not_known_is_rebuilt(window, mini, engine):
    library = browse(window, mini)
    library.change_query(folds=frozenset({9}))
    library.score()
    scored(library)
    assert sorted(engine.asked_paths) == ["00001_hr", "00003_hr"]
    library.ask(Query())
    assert text(window, "scoring-line") == "2 of 5 rebuilt"
    assert child(window, QPushButton, "score").text() == "Rebuild 3"
    library.score()
    scored(library)
    assert sorted(engine.asked_paths) == sorted(ALL)


def test_figures_of_other_leads_are_others_and_the_first_are_kept(window, mini, engine):
    library = browse(window, mini)
    library.score()
    scored(library)
    library.set_leads(("I", "II"))
    assert cell(window, 0, "worst") == ""
    assert child(window, QPushButton, "triage-leads").text() == "I, II"
    assert window.session.state.wanted == ("I", "II")
    press(window, "triage-clean")
    assert library.task.clean
    press(window, "triage-raw")
    library.set_leads(("I", "II", "V2"))
    assert cell(window, 0, "worst") == "0.90 V4"
    assert len(engine.asked_paths) == 5


def test_the_leads_of_the_library_are_those_of_the_viewer(window, mini, engine):
    library = browse(window, mini)
    library.set_leads(("II", "V1", "V5"))
    table(window).setFocus()
    table(window).selectRow(0)
    QTest.keyClick(table(window), Qt.Key.Key_Return)
    settle(window)
    assert window.session.state.available == ("II", "V1", "V5")
    window.session.toggle_lead("V1")
    assert library.task.leads == ("II", "V5")


def test_rebuilding_stops_at_once_and_keeps_what_is_known(window, mini, engine):
    library = browse(window, mini)
    engine.free.clear()
    press(window, "score")
    wait_until(engine.holding.is_set)
    assert child(window, QPushButton, "page-library").text() == "Library · 0 %"
    press(window, "stop-scoring")
    assert not library.state.scoring
    engine.free.set()
    wait_until(lambda: engine.generators_closed == 1)
    assert len(engine.asked_paths) == 1
    assert child(window, QPushButton, "score").isVisible()
    assert child(window, QPushButton, "page-library").text() == "Library"
    press(window, "score")
    scored(library)
    assert library.state.scores.known.all()


def test_changing_the_leads_while_rebuilding_begins_with_the_new_ones(window, mini, engine):
    library = browse(window, mini)
    engine.free.clear()
    library.score()
    wait_until(engine.holding.is_set)
    library.set_leads(("I",))
    engine.free.set()
    scored(library)
    assert engine.tasks[-1].leads == ("I",)
    assert library.state.scores.known.all()
    library.set_leads(("I", "II", "V2"))
    assert not library.state.scores.known.any()


def test_another_folder_stops_the_rebuilding(window, mini, engine, tmp_path):
    library = browse(window, mini)
    engine.free.clear()
    library.score()
    wait_until(engine.holding.is_set)
    library.choose(tmp_path / "nowhere")
    engine.free.set()
    wait_until(lambda: engine.generators_closed == 1 and not library.state.looking)
    assert not library.state.scoring
    assert "There is no folder" in library.state.problem


def test_a_model_that_fails_is_told_and_ends_it(window, mini, engine):
    library = browse(window, mini)
    engine.triage_error = ModelError("The weights do not match.", "Add the model again.")
    library.score()
    scored(library)
    assert window.problem_banner.isVisible()
    assert not library.state.scores.known.any()


def test_what_is_in_sight_is_rebuilt_first(window, mini, engine):
    library = browse(window, mini)
    library.visible_rows = lambda: library.state.rows[3:4]
    library.score()
    scored(library)
    assert engine.asked_paths == ["00003_hr", "00000_hr", "00001_hr", "00002_hr", "00004_hr"]


def test_closing_the_window_in_the_middle_leaves_no_thread(window, mini, engine):
    library = browse(window, mini)
    engine.free.clear()
    library.score()
    wait_until(engine.holding.is_set)
    engine.free.set()
    window.close()
    lanes = window.findChildren(Lane)
    assert len(lanes) > 3
    assert all(lane._worker is None for lane in lanes)


# Pictures


def test_pictures_are_drawn_of_what_is_in_sight(window, mini):
    library = browse(window, mini)
    path = library.state.catalogue.entries[0].path
    pictures = table(window).pictures
    wait_until(lambda: pictures.get(path, "II") is not None)
    assert pictures.get(path, "II").lead == "II"
    assert pictures.get(path, "V1") is None
    library.set_picture_lead("V1")
    wait_until(lambda: pictures.get(path, "V1") is not None)
    assert window.settings["library/lead"] == "V1"


def test_pictures_change_what_is_painted(window, mini):
    library = browse(window, mini)
    path = library.state.catalogue.entries[0].path
    wait_until(lambda: table(window).pictures.get(path, "II") is not None)
    area = table(window).visualRect(table(window).model().index(0, 0))
    image = table(window).viewport().grab(area).toImage()
    dark = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).lightness() < 90
    ]
    assert len(dark) > 100
    assert max(x for x, _ in dark) - min(x for x, _ in dark) > 100


def test_only_so_many_pictures_are_kept(qapp, monkeypatch):
    monkeypatch.setattr("ecgview.gui.library.thumbnails.PICTURES_KEPT", 3)
    picture = reduced("II", draw_signal(), 100)
    library = Thumbnails(LibraryBackend(draw=lambda path, lead: picture), qapp)
    paths = [Path(f"{number}.hea") for number in range(5)]
    library.want(paths[:3], "II")
    wait_until(lambda: library.get(paths[2], "II") is not None)
    library.want(paths[3:], "II")
    wait_until(lambda: library.get(paths[4], "II") is not None)
    assert [library.get(path, "II") is not None for path in paths] == [False, False, *[True] * 3]
    library.close()
    library.deleteLater()


def draw_signal():
    import numpy as np

    return np.sin(np.arange(100) / 5).astype(np.float32)


def test_a_picture_holds_the_extremes_and_leaves_gaps_out():
    import numpy as np

    signal_mv = np.zeros(1000, dtype=np.float32)
    signal_mv[333], signal_mv[700] = 2.0, -1.0
    signal_mv[100:200] = np.nan
    picture = reduced("V2", signal_mv, 1000, columns=50)
    assert picture.high_mv[16] == 2.0
    assert picture.low_mv[35] == -1.0
    assert np.isnan(picture.high_mv[6:10]).all()
    assert np.isfinite(picture.high_mv[[4, 10]]).all()
    short = reduced("V2", signal_mv[:500], 1000, columns=50)
    assert np.isnan(short.high_mv[26:]).all()


def test_a_file_that_cannot_be_opened_has_no_picture(tmp_path):
    broken = tmp_path / "broken.hea"
    broken.write_text("broken 12 500 1000\n")
    assert len(draw_picture(broken, "II").low_mv) == 0


# The table as a file


def test_the_table_is_saved_as_it_is_shown(window, mini, tmp_path):
    library = browse(window, mini)
    library.change_query(text="infarct")
    library.score()
    scored(library)
    library.sort_by("worst")
    target = tmp_path / "table.csv"
    window.library.page.save(target)
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert [row["name"][-8:] for row in rows] == shown(window)
    assert rows[0]["worst_pcc"] == "-0.2"
    assert rows[0]["age"] == "90+"
    window.library.page.save(target / "table.csv")
    assert window.problem_banner.isVisible()


# All of it


def test_actions_of_the_library_work_by_key(window, mini, engine):
    library = browse(window, mini)
    QTest.keyClick(
        window,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert child(window, QLineEdit, "library-search").hasFocus()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    scored(library)
    assert library.state.scores.known.all()
    window.session.update(page="viewer")
    assert not window.actions_table["library.score"].isEnabled()


def test_the_page_is_drawn_in_dark_too(window, mini):
    from ecgview.gui.app import dress

    browse(window, mini)
    dress(window, DARK)
    image = table(window).viewport().grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() - 10).lightness() < 60


@pytest.mark.real_data
def test_ptb_xl_is_searched_in_the_window(window, data_dir):
    library = browse(window, data_dir / "ptb-xl")
    assert text(window, "library-found") == "2,277 recordings"
    QTest.keyClicks(child(window, QLineEdit, "library-search"), "anterior infarct")
    wait_until(lambda: library.state.query.text == "anterior infarct")
    count = len(shown(window))
    assert text(window, "library-found") == f"{count} of 2,277 recordings"
    assert child(window, QPushButton, "superclasses-MI").text() == f"MI  {count}"
    assert all("anter" in table(window).model().words(place) for place in range(20))

"""Notes written in the window: kept beside the recording, undone, never in the next one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from paper import NO, Paper
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton
from stand_ins import ecg, main_window, settle
from waiting import wait_until

from ecgview.errors import RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.formats.notes import read_notes, save_notes
from ecgview.gui.measuring.note_dialog import NoteDialog
from ecgview.leads import LEADS
from ecgview.recording import Mark


@pytest.fixture
def path(tmp_path: Path) -> Path:
    recording = ecg("rec")
    return save_recording(
        "rec", recording.read(LEADS), 100.0, tmp_path / "data", format="wfdb", leads=LEADS
    )


def opened(paper: Paper, *paths: Path) -> None:
    paper.window.session.files.open(paths)
    settle(paper.window)
    paper.window.session.change_view(layout="12x1")
    wait_until(lambda: not paper.measuring.reads_notes)
    paper.window.trace_area.setFocus()


def dialog(paper: Paper) -> NoteDialog:
    found = [one for one in paper.window.findChildren(NoteDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def write(paper: Paper, text: str, lead: str = "All leads") -> None:
    """Fill in the dialog that is open, and save."""
    asking = dialog(paper)
    field = asking.findChild(QLineEdit, "note-text")
    field.clear()
    QTest.keyClicks(field, text)
    asking.findChild(QComboBox, "note-lead").setCurrentText(lead)
    QTest.mouseClick(asking.findChild(QPushButton, "note-save"), Qt.MouseButton.LeftButton)


def in_file(path: Path) -> tuple[Mark, ...]:
    return read_notes(open_recording(path)).notes


def test_a_note_at_the_pointer_is_kept_beside_the_recording(paper: Paper, path: Path) -> None:
    opened(paper, path)
    paper.move(paper.at("V3", 4.2, 0.5), buttons=Qt.MouseButton.NoButton)
    paper.key(Qt.Key.Key_N)
    write(paper, "U wave?", "V3")
    (note,) = paper.window.session.state.notes
    assert note.start_s == pytest.approx(4.2, abs=0.02)
    assert (note.text, note.channel) == ("U wave?", "V3")
    wait_until(lambda: in_file(path) == (note,))
    words = paper.drawn("notes").words
    assert [one.text for one in words] == ["U wave?"]
    assert words[0].x == pytest.approx(paper.page.x_of(note.start_s) + 3)


def test_a_note_on_the_marked_stretch_lasts_as_long(paper: Paper, path: Path) -> None:
    opened(paper, path)
    paper.window.session.change_view(mark_s=(2.0, 3.5))
    paper.act("note.here")
    write(paper, "stretch")
    assert paper.window.session.state.notes == (Mark(2.0, "stretch", 1.5),)
    bands = paper.drawn("notes").bars
    assert len(bands) == 12
    assert bands[0].width == pytest.approx(1.5 * paper.page.px_per_s)


def test_undo_takes_a_note_out_of_the_file_and_redo_puts_it_back(paper: Paper, path: Path) -> None:
    opened(paper, path)
    paper.act("note.here")
    write(paper, "one")
    wait_until(lambda: len(in_file(path)) == 1)
    paper.window.session.undo()
    wait_until(lambda: not path.with_suffix(".ecgnotes").exists())
    paper.window.session.redo()
    wait_until(lambda: [note.text for note in in_file(path)] == ["one"])


def test_a_note_is_edited_and_deleted_by_double_click_and_in_the_dialog(
    paper: Paper, path: Path
) -> None:
    save_notes(open_recording(path), (Mark(3.0, "old"),))
    opened(paper, path)
    area, place = paper.window.trace_area, paper.at("I", 3.0, 0.8)
    QTest.mouseDClick(area, Qt.MouseButton.LeftButton, NO, place)
    write(paper, "new")
    wait_until(lambda: in_file(path) == (Mark(3.0, "new"),))
    QTest.mouseDClick(area, Qt.MouseButton.LeftButton, NO, place)
    delete = dialog(paper).findChild(QPushButton, "note-delete")
    QTest.mouseClick(delete, Qt.MouseButton.LeftButton)
    assert paper.window.session.state.notes == ()
    wait_until(lambda: in_file(path) == ())


def test_delete_in_the_list_removes_the_note(paper: Paper, path: Path) -> None:
    save_notes(open_recording(path), (Mark(3.0, "a"), Mark(4.0, "b")))
    opened(paper, path)
    paper.act("marks.find")
    table = paper.window.side_panel.marks.marks
    wait_until(table.isVisible)
    table.setFocus()
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert [note.text for note in paper.window.session.state.notes] == ["a"]


def test_notes_belong_to_their_recording(paper: Paper, path: Path) -> None:
    other = save_recording("two", ecg().read(LEADS), 100.0, path.parent, format="wfdb", leads=LEADS)
    opened(paper, path, other)
    paper.act("note.here")
    write(paper, "first")
    paper.act("note.here")
    paper.window.session.files.step(1)
    settle(paper.window)
    wait_until(lambda: not paper.measuring.reads_notes)
    assert not [one for one in paper.window.findChildren(NoteDialog) if one.isVisible()]
    assert paper.window.session.state.notes == ()
    assert not other.with_suffix(".ecgnotes").exists()
    paper.window.session.files.step(-1)
    settle(paper.window)
    wait_until(lambda: len(paper.window.session.state.notes) == 1)
    assert [note.text for note in in_file(path)] == ["first"]


def test_closing_the_window_at_once_loses_nothing(qapp: object, path: Path, tmp_path: Path) -> None:
    with main_window(tmp_path) as window:
        paper = Paper(window)
        opened(paper, path)
        window.session.update(notes=(Mark(1.0, "late"),))
    assert in_file(path) == (Mark(1.0, "late"),)


def test_what_another_program_adds_meanwhile_stays(paper: Paper, path: Path) -> None:
    opened(paper, path)
    save_notes(open_recording(path), (Mark(5.0, "theirs"),))
    paper.window.session.update(notes=(Mark(1.0, "ours"),))
    wait_until(lambda: len(paper.window.session.state.notes) == 2)
    assert in_file(path) == (Mark(1.0, "ours"), Mark(5.0, "theirs"))


def test_what_cannot_be_written_is_told_and_stays_in_the_window(
    paper: Paper, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(paper, path)

    def refused(*args: object, **how: object) -> None:
        raise OSError(28, "No space left on device")

    told: list[BaseException] = []
    paper.window.session.problem.connect(lambda error, details: told.append(error))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refused)
        paper.window.session.update(notes=(Mark(1.0, "kept"),))
        wait_until(lambda: bool(told))
    assert isinstance(told[0], RecordingError)
    assert paper.window.session.state.notes == (Mark(1.0, "kept"),)
    paper.window.session.update(notes=(Mark(1.0, "kept"), Mark(2.0, "more")))
    wait_until(lambda: len(in_file(path)) == 2)


def test_a_recording_without_a_file_says_that_notes_do_not_last(paper: Paper) -> None:
    paper.open(ecg())
    said: list[str] = []
    paper.window.session.marks.said.connect(said.append)
    paper.act("note.here")
    write(paper, "for now")
    assert len(paper.window.session.state.notes) == 1
    assert said == ["This recording has no file: its notes last as long as the window."]


def test_pictures_of_the_page_have_no_notes(paper: Paper, path: Path) -> None:
    save_notes(open_recording(path), (Mark(3.0, "private"),))
    opened(paper, path)
    area = paper.window.trace_area
    drawn = [layer(paper.page, area.width(), area.height()) for layer in area.layers()]
    assert not [one for drawing in drawn for one in drawing.words if "private" in one.text]
    assert [one.text for one in paper.drawn("notes").words] == ["private"]


def test_the_menu_on_the_paper_acts_where_it_was_opened(paper: Paper, path: Path) -> None:
    save_notes(open_recording(path), (Mark(3.0, "here"),))
    opened(paper, path)
    area = paper.window.trace_area
    place = paper.at("V2", 6.0, 0.4)
    area.menuAsked.emit(place.toPointF(), area.mapToGlobal(place))
    menu = next(one for one in paper.window.findChildren(QMenu, "paper-menu") if one.isVisible())
    texts = [action.text() for action in menu.actions() if action.text()]
    assert "Put a caliper here" in texts
    assert "Edit" not in " ".join(texts)
    next(action for action in menu.actions() if action.text() == "Put a caliper here").trigger()
    menu.close()
    assert paper.calipers[0].start_s == pytest.approx(6.0, abs=0.02)
    assert paper.calipers[0].lead == "V2"
    place = paper.at("V2", 3.0, 0.4)
    area.menuAsked.emit(place.toPointF(), area.mapToGlobal(place))
    menu = next(one for one in paper.window.findChildren(QMenu, "paper-menu") if one.isVisible())
    assert menu.actions()[0].text().startswith("Edit note")
    menu.close()


def test_nan_and_ends_are_no_trouble(paper: Paper) -> None:
    recording = ecg()
    recording.source.signals_mv[:, 300:400] = np.nan
    paper.open(recording)
    paper.act("caliper.lead")
    paper.drag(paper.at("I", 3.5, 0.5), paper.at("I", 9.99, 0.0))
    (reading,) = paper.readings
    assert reading.lead.start.original_mv is None
    assert reading.lead.change.original_mv is None
    assert reading.caliper.stop_s <= 9.99

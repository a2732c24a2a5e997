import shutil
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from stand_ins import ecg, settle, show
from waiting import wait_until

from ecgview.gui.library.record_card import RecordCard
from ecgview.gui.library.record_words import as_text, entry_sections, file_sections


@pytest.fixture(autouse=True)
def _viewer(window):
    window.session.update(page="viewer")


def words(window):
    """Everything that the panel says, in order."""
    card = window.side_panel.record.findChild(RecordCard)
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def opened(window, path):
    window.session.files.open([path])
    settle(window)


def test_the_panel_says_what_the_data_set_says(window, mini):
    opened(window, mini / "records500/00000/00001_hr.hea")
    window.session.update(side="record")
    wait_until(lambda: "vorhofflimmern, linksschenkelblock möglich" in words(window))
    said = words(window)
    assert said[:2] == ["00001_hr", "Statements"]
    assert said.index("left anterior fascicular block") + 1 == said.index("100 %")
    assert {"anteroseptal myocardial infarction", "50 %", "over 89", "female", "I-AVF"} <= set(said)
    assert "Superclass: myocardial infarction (MI), conduction disturbance (CD)" in said


def test_nothing_of_one_recording_stays_with_the_next(window, mini, tmp_path):
    window.session.update(side="record")
    opened(window, mini / "records500/00000/00003_hr.hea")
    wait_until(lambda: "alter hinterwandinfarkt" in words(window))
    for name in ("00003_hr.hea", "00003_hr.dat"):
        shutil.copy(mini / "records500/00000" / name, tmp_path)
    opened(window, tmp_path / "00003_hr.hea")
    wait_until(lambda: "alter hinterwandinfarkt" not in words(window))
    assert "500 Hz" in words(window)
    show(window, ecg("made"))
    wait_until(lambda: "made" in words(window))


def test_a_look_up_that_breaks_is_told(window, mini):
    def broken(path):
        raise RuntimeError("no")

    backend = window.session.backend
    library = replace(backend.library, entry_of=broken)
    window.session.backend = replace(backend, library=library)
    told = []
    window.session.problem.connect(lambda error, details: told.append(str(error)))
    window.session.update(side="record")
    opened(window, mini / "records500/00000/00003_hr.hea")
    wait_until(lambda: bool(told))
    assert told == ["no"]
    assert "500 Hz" in words(window)


def test_a_hidden_panel_asks_nothing(window, mini, monkeypatch):
    monkeypatch.setattr("ecgview.gui.library.record_panel.entry_job", None)
    opened(window, mini / "records500/00000/00001_hr.hea")
    assert window.side_panel.record.findChild(RecordCard) is None


def test_the_data_set_can_be_browsed_from_here(window, mini, tmp_path):
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPushButton

    window.session.update(side="record")
    opened(window, mini / "records500/00000/00003_hr.hea")
    browse = window.side_panel.record.findChild(QPushButton, "browse-data-set")
    wait_until(lambda: browse.isVisible() and browse.text() == "Browse PTB-XL")
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    library = window.library.library
    wait_until(lambda: library.state.entry is not None)
    assert window.session.state.page == "library"
    assert library.state.entry.short_name == "00003_hr"
    assert library.state.folder == mini
    show(window, ecg("made"))
    wait_until(lambda: "made" in words(window))
    assert not browse.isVisible()


def test_the_facts_can_be_copied(window, mini):
    opened(window, mini / "records500/00000/00001_hr.hea")
    window.session.update(side="record")
    wait_until(lambda: "over 89" in words(window))
    window.side_panel.record.findChild(RecordCard).copy()
    copied = QGuiApplication.clipboard().text()
    assert "left anterior fascicular block\t100 %" in copied
    assert "Report\nvorhofflimmern" in copied


def test_names_of_patients_are_not_shown():
    from dataclasses import replace

    from ecgview.recording import Patient

    recording = replace(
        ecg(), patient=Patient("123456", "61", "male", "Doe^John", "1960-01-01"),
        comments=("Name: Doe^John", "for Doe^John", "old infarct", "patient id: 123456"),
    )  # fmt: skip
    text = as_text("ecg", file_sections(recording))
    assert "Doe" not in text
    assert "123456" not in text
    assert "1960" not in text
    assert "old infarct" in text
    assert "Age\t61" in text


@pytest.mark.real_data
def test_a_real_report_stands_beside_the_trace(window, data_dir):
    window.session.update(side="record")
    opened(window, data_dir / "ptb-xl/records500/00000/00043_hr.hea")
    wait_until(lambda: "sinusrhythmus normales ekg" in words(window))
    assert "normal ECG" in words(window)
    opened(window, data_dir / "formats/wfdb/s0010_re.hea")
    wait_until(lambda: any("Diabetes mellitus" in said for said in words(window)))


def test_sections_without_words_are_left_out(mini):
    from ecgview.catalogue.reading import read_catalogue

    catalogue = read_catalogue(mini)
    titles = [section.title for section in entry_sections(catalogue, catalogue.entries[2])]
    assert titles == ["Person", "Quality and notes", "Recording"]

"""Importing through the window: asking, correcting, undoing, remembering, parts."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QMenu, QPushButton
from stand_ins import ecg, main_window, settle
from waiting import wait_until

from ecgview.formats import (
    ENDINGS,
    ImportOptions,
    open_recording,
    save_recording,
)
from ecgview.formats.report import import_report
from ecgview.formats.text.inference import preview_csv
from ecgview.gui.agreement_table import table_rows
from ecgview.gui.importing.dialog import ImportDialog
from ecgview.gui.importing.fields import FileFields
from ecgview.gui.importing.remembering import SessionCorrections
from ecgview.gui.importing.report_dialog import ReportDialog
from ecgview.gui.importing.words import fact_lines, suggestion_words
from ecgview.gui.widgets import typeset
from ecgview.leads import LEADS
from ecgview.recording import ImportWarning, Patient


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def child(window, kind, name):
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    window.activateWindow()
    wait_until(window.isActiveWindow)  # shortcuts reach an active window only
    QTest.keyClick(window, key, modifiers)


def press_with_ctrl_shift(window, key):
    press(window, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def dialogs(window):
    return [one for one in window.findChildren(ImportDialog) if one.isVisible()]


def asked(window):
    """Wait until a file is asked about, and give the dialog."""
    wait_until(lambda: len(dialogs(window)) == 1)
    settle(window)
    return dialogs(window)[0]


def fields(dialog, kind):
    return [one for one in dialog._table.findChildren(kind) if one.isVisibleTo(dialog)]


def bare_table(folder, name, scale=1.0, n_columns=3):
    """A table without names, rate or unit, of whole microvolts."""
    rows = np.round(scale * 300 * np.sin(np.outer(np.arange(1, 401), np.arange(1, n_columns + 1))))
    path = folder / f"{name}.csv"
    path.write_text("\n".join(",".join(f"{x:.0f}" for x in row) for row in rows), encoding="utf-8")
    return path


def answer(dialog, leads=("I", "II", "V1")):
    for field, lead in zip(fields(dialog, QComboBox), leads, strict=True):
        field.setCurrentText(lead)
    QTest.keyClicks(dialog._fields._rate, "500")
    dialog._fields._unit.setCurrentText("uV")
    assert dialog._ok.isEnabled()


def record(folder, name="record"):
    return save_recording(name, ecg(name).read(LEADS), 100.0, folder)


def lead_mv(window, lead):
    return window.session.state.recording.read((lead,))[0]


# Files that say too little


def test_undoing_what_was_answered_asks_again_and_a_refusal_changes_nothing(window, tmp_path):
    path = bare_table(tmp_path, "bare")
    drop(window, path)
    dialog = asked(window)
    answer(dialog)
    click(dialog._ok)
    settle(window)
    assert window.session.state.recording.leads[:2] == ("I", "II")
    assert lead_mv(window, "II")[0] == pytest.approx(round(300 * np.sin(2)) / 1000)
    assert "As you said: " in window.warnings_banner.text
    assert window.top_bar._subtitle.text().startswith("Corrected")
    undo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    press(window, Qt.Key.Key_Z, undo)
    dialog = asked(window)
    dialog.reject()
    assert window.session.state.recording.fs_hz == 500
    assert len(window.session.state.files) == 1


def test_several_files_of_a_kind_are_asked_about_once(window, tmp_path):
    paths = [bare_table(tmp_path, f"bare{number}", 1 + number) for number in range(3)]
    drop(window, *paths)
    dialog = asked(window)
    assert dialog._for_all.text() == "Use for all 3 files of this kind"
    answer(dialog)
    click(dialog._ok)
    settle(window)
    assert dialogs(window) == []
    assert [file.path for file in window.session.state.files] == paths
    press(window, Qt.Key.Key_PageDown)
    settle(window)
    assert lead_mv(window, "II")[0] == pytest.approx(round(600 * np.sin(2)) / 1000)
    # It holds while the window is open, and is not remembered for good.
    drop(window, bare_table(tmp_path, "later"))
    settle(window)
    assert window.session.state.recording.name == "later"
    folder = window.session.files.corrections.folder
    assert not folder.exists() or not any(folder.iterdir())


def test_files_of_a_kind_can_be_answered_one_by_one(window, tmp_path):
    drop(window, bare_table(tmp_path, "one"), bare_table(tmp_path, "two"))
    dialog = asked(window)
    click(dialog._for_all)
    answer(dialog, ("I", "II", "V1"))
    click(dialog._ok)
    wait_until(lambda: dialog not in dialogs(window))
    second = asked(window)
    answer(second, ("V1", "V2", "V3"))
    click(second._ok)
    settle(window)
    files = {file.name: file for file in window.session.state.files}
    assert files["one"].load().leads[:2] == ("I", "II")
    assert files["two"].load().leads == ("V1", "V2", "V3")


def test_files_of_two_kinds_are_asked_about_one_after_the_other(window, tmp_path):
    three, two = bare_table(tmp_path, "three"), bare_table(tmp_path, "two", n_columns=2)
    drop(window, three, two)
    dialog = asked(window)
    assert not dialog._for_all.isVisible()
    dialog.reject()
    wait_until(lambda: dialog not in dialogs(window))
    second = asked(window)
    assert second.preview.path == two
    second.reject()
    assert dialogs(window) == []
    assert window.session.state.recording is None


def test_closing_the_window_ends_all_questions(qapp, tmp_path):
    with main_window(tmp_path) as window:
        drop(window, bare_table(tmp_path, "three"), bare_table(tmp_path, "two", n_columns=2))
        asked(window)
        window.close()
        assert dialogs(window) == []
        assert not window.isVisible()


def test_a_part_that_says_too_little_is_asked_about_as_that_part(qapp, tmp_path):
    preview = preview_csv(bare_table(tmp_path, "bare"))
    for part, said in (("ecg", None), ("beat", "beat")):
        dialog = ImportDialog(replace(preview, parts=("ecg", "beat"), part=part))
        answer(dialog)
        assert dialog.options().part == said
        dialog.reject()
        dialog.deleteLater()


# Files that say something wrong


def test_a_correction_is_applied_told_remembered_and_undone(window, tmp_path):
    paths = [record(tmp_path / "data", name) for name in ("first", "second")]
    drop(window, paths[0])
    settle(window)
    before = lead_mv(window, "V1")
    press_with_ctrl_shift(window, Qt.Key.Key_I)
    dialog = asked(window)
    row = [field.currentText() for field in fields(dialog, QComboBox)].index("V1")
    QTest.keyClicks(fields(dialog, QLineEdit)[row], "-1")
    click(dialog._remember)
    click(dialog._ok)
    settle(window)
    assert lead_mv(window, "V1") == pytest.approx(-before)
    assert "amplitudes multiplied: V1 by -1" in window.warnings_banner.text
    drop(window, paths[1])
    settle(window)
    assert lead_mv(window, "V1") == pytest.approx(-before)
    assert "Corrected as remembered" in window.warnings_banner.text
    click(child(window, QPushButton, "warning-undo"))
    settle(window)
    assert lead_mv(window, "V1") == pytest.approx(before)
    assert not window.actions_table["import.undo"].isEnabled()
    assert open_recording(paths[0], corrections=window.session.files.corrections).options == (
        ImportOptions()
    )


def test_what_is_remembered_is_changed_or_forgotten_with_the_box(window, tmp_path):
    path = record(tmp_path / "data")
    corrections = window.session.files.corrections
    kind = open_recording(path).kind
    corrections.remember(kind, ImportOptions(rate_hz=250.0))
    drop(window, path)
    settle(window)
    for rate, tick in (("300", False), ("400", True)):
        press_with_ctrl_shift(window, Qt.Key.Key_I)
        dialog = asked(window)
        assert dialog._remember.isChecked()
        dialog._fields._rate.setText(rate)
        if tick:
            click(dialog._remember)
        click(dialog._ok)
        settle(window)
        assert window.session.state.recording.fs_hz == float(rate)
        expected = None if tick else ImportOptions(rate_hz=300.0)
        assert corrections.recall(kind) == expected


def test_a_correction_taken_back_in_the_dialog_is_undone(window, tmp_path):
    drop(window, record(tmp_path / "data"))
    settle(window)
    window.commands.importing.accept(ImportOptions(rate_hz=250.0))
    settle(window)
    assert window.session.state.recording.fs_hz == 250
    press_with_ctrl_shift(window, Qt.Key.Key_I)
    dialog = asked(window)
    assert dialog._fields._rate.text() == "250"
    assert dialog._fields._rate_note.text() == "100, from the file"
    dialog._fields._rate.setText("100")
    click(dialog._ok)
    settle(window)
    assert window.session.state.recording.fs_hz == 100
    assert window.session.state.recording.options == ImportOptions()


def test_a_correction_that_does_not_fit_is_told_and_leaves_what_is_shown(window, tmp_path):
    drop(window, record(tmp_path / "data"))
    settle(window)
    shown = window.session.state.recording
    window.commands.importing.accept(ImportOptions(leads=("I", "II")))
    settle(window)
    assert "2 lead names" in window.problem_banner.text
    assert window.session.state.recording is shown
    assert window.session.state.opening is None


def test_the_report_leads_to_the_correction(window, tmp_path):
    drop(window, record(tmp_path / "data"))
    settle(window)
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    report = window.findChild(ReportDialog)
    click(report._correct)
    dialog = asked(window)
    assert "WFDB" in dialog._remember.text()
    dialog._fields._rate.setText("200")
    click(dialog._ok)
    settle(window)
    assert window.session.state.recording.fs_hz == 200
    assert report._undo.isEnabled()
    report.reject()


def test_stepping_away_and_back_keeps_a_correction(window, tmp_path):
    drop(window, record(tmp_path / "data", "a"), record(tmp_path / "data", "b"))
    settle(window)
    window.commands.importing.accept(ImportOptions(rate_hz=250.0))
    settle(window)
    for key, name, rate in ((Qt.Key.Key_PageDown, "b", 100), (Qt.Key.Key_PageUp, "a", 250)):
        press(window, key)
        settle(window)
        recording = window.session.state.recording
        assert (recording.name, recording.fs_hz) == (name, rate)


# The report


def test_the_report_follows_the_recording_and_corrects_it(window, tmp_path):
    drop(window, record(tmp_path / "data"))
    settle(window)
    suggestion = ImportOptions(unit="uV")
    warning = ImportWarning("implausible-amplitude", "Too large.", "Units?", suggestion)
    marked = replace(window.session.state.recording, warnings=(warning,))
    window.session.update(recording=marked)
    click(next(b for b in window.warnings_banner.findChildren(QPushButton) if "Det" in b.text()))
    report = window.findChild(ReportDialog)
    texts = " ".join(label.text() for label in report.findChildren(QLabel))
    assert "record: 1 warning" in texts
    assert "Too large." in texts
    click(child(report, QPushButton, "apply-implausible-amplitude"))
    settle(window)
    assert window.session.state.recording.options == suggestion
    texts = " ".join(label.text() for label in report.findChildren(QLabel))
    assert "unit set to µV" in texts
    click(report._undo)
    settle(window)
    assert window.session.state.recording.options == ImportOptions()
    window.session.files.close_shown()
    wait_until(lambda: window.findChild(ReportDialog) is None)


def test_the_report_names_what_the_file_says_of_the_patient_and_nothing_empty():
    recording = replace(ecg(), patient=Patient("7", "44", "female", "Doe", "1950-01-02"))
    facts = dict(fact_lines(import_report(recording)))
    assert facts["Patient"] == "Doe, number 7, born 1950-01-02, 44 years, female"
    assert facts["Length"] == "10 s, 1,000 samples"
    assert "Recorder" not in facts
    padded = dict(
        fact_lines(import_report(replace(recording, device="\x02\x00", started="\x00 2020")))
    )
    assert "Recorder" not in padded
    assert padded["Recorded"] == "2020"
    assert "Corrected" not in facts


def test_a_suggestion_is_worded_as_what_it_changes():
    names = ("II", "I", *LEADS[2:])
    words = suggestion_words(ecg(), ImportOptions(leads=names))
    assert words == "I renamed II, II renamed I"
    turned = ImportOptions(gains=(*[1.0] * 6, -1.0, *[1.0] * 5))
    assert suggestion_words(ecg(), turned) == "amplitudes multiplied: V1 by -1"


def test_what_holds_for_now_goes_before_what_is_remembered(tmp_path):
    corrections = SessionCorrections(tmp_path)
    corrections.remember("kind", ImportOptions(rate_hz=250.0))
    corrections.hold("kind", ImportOptions(rate_hz=500.0, part="beat"))
    assert corrections.recall("kind") == ImportOptions(rate_hz=500.0)
    assert SessionCorrections(tmp_path).recall("kind") == ImportOptions(rate_hz=250.0)
    assert corrections.forget("kind")
    assert corrections.recall("kind") is None
    assert not corrections.forget("kind")


def test_the_dialog_that_opens_files_offers_every_format(window, monkeypatch):
    asked_for = []
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *args: asked_for.append(args[3]) or ([], "")
    )
    window.actions_table["open"].trigger()
    known, sessions, everything = asked_for[0].split(";;")
    assert sessions == "Sessions (*.ecgview)"
    assert {".hea", ".dcm", ".edf", ".xml", ".scp", ".h5", ".csv"} <= set(ENDINGS)
    assert all(f"*{ending}" in known for ending in ENDINGS)
    assert everything == "All files (*)"


# Real files


@pytest.mark.real_data
def test_a_real_record_with_wrong_gains_is_put_right_and_back(window, data_dir):
    drop(window, data_dir / "formats" / "wfdb" / "ludb_1.hea")
    settle(window)

    def misfit_uv():
        one, two, three = window.session.state.recording.read(("I", "II", "III"))
        return 1000 * float(np.abs(three - (two - one)).max())

    assert misfit_uv() == pytest.approx(363, abs=1)
    click(child(window, QPushButton, "warning-apply"))
    settle(window)
    assert misfit_uv() < 3
    assert "limb leads contradict" not in window.warnings_banner.text
    click(child(window, QPushButton, "warning-undo"))
    settle(window)
    assert misfit_uv() == pytest.approx(363, abs=1)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "rate_hz", "derived"),
    [
        ("muse.xml", 500, 4),
        ("dicom_1000hz.dcm", 1000, 0),
        ("scp_8lead_600hz.scp", 600, 4),
        ("edf_800hz_flat_chest.edf", 800, 0),
        ("philips_1.03.xml", 500, 0),
        ("hl7_aecg.xml", None, None),
    ],
)
def test_real_files_are_dropped_and_shown(window, data_dir, name, rate_hz, derived):
    drop(window, data_dir / "formats" / name)
    settle(window)
    recording = window.session.state.recording
    assert recording is not None, window.problem_banner.text
    assert rate_hz in (None, recording.fs_hz)
    assert derived in (None, len(recording.derived_leads))
    window.commands.show_report()
    report = window.findChild(ReportDialog)
    texts = [label.text() for label in report.findChildren(QLabel)]
    assert recording.format_name in texts
    report.accept()


@pytest.mark.real_data
def test_derived_leads_of_a_real_file_are_nowhere_called_measured(window, data_dir):
    drop(window, data_dir / "formats" / "muse.xml")
    settle(window)
    window.session.set_available(LEADS)
    settle(window)
    derived = window.session.state.recording.derived_leads
    assert derived == ("III", "aVR", "aVL", "aVF")
    assert "8 leads + 4 derived" in window.top_bar._subtitle.text()
    rows = {row.lead: row for row in table_rows(window.session.state)}
    assert {rows[lead].cells[1:] for lead in derived} == {("derived", *[""] * 5)}
    for show_what in ("overlay", "original"):
        window.session.change_view(show=show_what)
        panels = window.trace_area.scene().panels
        words = {panel.label.lead: panel.label.texts[0] for panel in panels if panel.label}
        assert {words[lead] for lead in derived} == {"= derived"}
        assert {words[lead] for lead in ("I", "II", "V3")} == {"measured"}
    for lead in derived:
        chip = child(window, QPushButton, f"chip-{lead}")
        assert chip.property("chip") == "derived"
        assert "not in this file" in chip.toolTip()


@pytest.mark.real_data
def test_the_median_beat_of_a_real_file_is_chosen_in_the_top_bar(window, data_dir):
    drop(window, data_dir / "formats" / "muse.xml")
    settle(window)
    menu = child(window, QPushButton, "menu-part")
    assert (menu.text(), menu.isVisible()) == ("rhythm", True)
    assert window.session.state.recording.duration_s == pytest.approx(10)
    actions = {action.text(): action for action in menu.menu().actions()}
    actions["median beat"].trigger()
    settle(window)
    recording = window.session.state.recording
    assert recording.part == "median beat"
    assert recording.duration_s < 2
    assert menu.text() == "median beat"
    assert not window.actions_table["import.undo"].isEnabled()
    file_menu = next(
        sub for sub in window.top_bar.menu.findChildren(QMenu) if sub.title() == "File"
    )
    file_menu.aboutToShow.emit()
    parts = next(sub for sub in file_menu.findChildren(QMenu) if sub.title().startswith("Part"))
    parts.aboutToShow.emit()
    assert [(a.text(), a.isChecked()) for a in parts.actions()] == [
        ("rhythm", False),
        ("median beat", True),
    ]
    window.commands.importing.accept(ImportOptions(gains=(2.0,)))
    settle(window)
    assert window.session.state.recording.part == "median beat"
    window.commands.importing.undo()
    settle(window)
    assert window.session.state.recording.part == "median beat"
    assert window.session.state.recording.options == ImportOptions(part="median beat")


@pytest.mark.real_data
def test_a_real_array_without_names_is_named_and_shown(window, data_dir):
    drop(window, data_dir / "formats" / "hdf5_sph.h5")
    dialog = asked(window)
    orders = dialog._fields._orders.actions()
    assert orders[0].text().startswith("I, II, III, aVR")
    orders[0].trigger()
    dialog._fields._rate.setText("400")
    dialog._fields._unit.setCurrentText("mV")
    assert dialog.complaint() == ""
    wait_until(lambda: not dialog._later.isActive() and not dialog._lane._running)
    click(dialog._ok)
    settle(window)
    assert window.session.state.recording.leads == LEADS
    assert window.session.state.recording.fs_hz == 400


def test_a_file_that_is_dropped_twice_at_once_is_opened_once(window, tmp_path):
    path = record(tmp_path / "data")
    drop(window, path, path)
    settle(window)
    assert len(window.session.state.files) == 1
    assert window.session.state.recording.name == "record"


def test_microvolts_are_written_as_printed_and_typed_either_way(qapp) -> None:
    assert typeset("by up to 2 uV; 200/uV, suV") == "by up to 2 µV; 200/µV, suV"
    fields = FileFields()
    fields._unit.setCurrentText("µV")
    assert fields.unit == "uV"

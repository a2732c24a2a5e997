import json
from dataclasses import replace

import numpy as np
import pytest
from ecg import rebuilt
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QLineEdit, QPlainTextEdit
from stand_ins import ecg, main_window, settle, show
from waiting import wait_until

from ecgview import DISCLAIMER
from ecgview.engine.events import Finished
from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, open_recording, save_recording
from ecgview.formats.writers import WRITERS
from ecgview.gui.exporting.convert_dialog import ConvertDialog
from ecgview.gui.exporting.jobs import reconstruction_job
from ecgview.gui.exporting.save_dialog import SaveDialog
from ecgview.gui.jobs import Returned
from ecgview.leads import FRANK_LEADS, LEADS
from ecgview.recording import ArraySource, Channel, Patient

ANNA = Patient("QX4711", "44", "female", "Geheimrat, Anna", "1950-01-02")
TELLING = ("eheimrat", "QX4711", "1950-01-02", "19500102", "2020-02-03", "20200203")
"""Long enough not to occur by chance in the random numbers of a file."""


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def fill(dialog, target, file_format):
    choice = dialog.findChild(QComboBox)
    choice.setCurrentIndex(choice.findData(file_format))
    dialog.findChild(QLineEdit).setText(str(target))


def saved(window, target, file_format, *, with_patient=False, include=None):
    """Fill the dialog that is open, save, and give what the file holds."""
    dialog = window.findChildren(SaveDialog)[-1]
    fill(dialog, target, file_format)
    if include is not None:
        dialog._choice.setCurrentIndex(dialog._choice.findData(include))
    if with_patient:
        click(dialog._patient)
    click(dialog._save)
    wait_until(target.exists)
    settle(window)
    note = window.findChild(QLabel, "scale-note")
    wait_until(lambda: note.text().startswith("Saved") and target.name in note.text())
    return open_recording(target)


def text_in(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir()).decode("latin-1")


@pytest.mark.parametrize("file_format", [*WRITERS])
def test_a_saved_recording_holds_every_lead_and_no_patient(window, tmp_path, file_format):
    leads = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
    folder = tmp_path / "out"
    show(window, replace(ecg("case", leads), patient=ANNA, started="2020-02-03T10:11:12"))
    window.actions_table["save.recording"].trigger()
    target = folder / f"copy{WRITERS[file_format].ending}"
    opened = saved(window, target, file_format)
    recording = window.session.state.recording
    assert opened.leads == LEADS
    assert opened.derived_leads == ("III", "aVR", "aVL", "aVF")
    assert opened.read(leads) == pytest.approx(recording.read(leads), abs=1e-3)
    assert opened.patient.name == ""
    assert not any(word in text_in(folder) for word in TELLING)


def test_the_patient_goes_along_only_where_the_box_is_ticked(window, tmp_path):
    show(window, replace(ecg("case"), patient=ANNA))
    window.actions_table["save.recording"].trigger()
    opened = saved(window, tmp_path / "copy.dcm", "dicom", with_patient=True)
    assert opened.patient.identifier == "QX4711"
    assert "Geheimrat" in opened.patient.name


def test_an_anonymised_copy_offers_no_patient_and_its_own_name(window, tmp_path):
    folder = tmp_path / "out"
    recording = replace(ecg("Geheimrat_Anna"), patient=ANNA, comments=("Dr. Geheimrat",))
    show(window, recording)
    window.actions_table["save.anonymised"].trigger()
    dialog = window.findChild(SaveDialog)
    assert not dialog.findChild(QCheckBox).isVisibleTo(dialog)
    assert dialog.target.stem == "anonymous"
    opened = saved(window, folder / "anonymous.hea", "wfdb")
    assert opened.leads == LEADS
    assert (opened.patient.age, opened.patient.sex) == ("44", "female")
    assert "eheimrat" not in text_in(folder)


def test_a_file_that_is_there_is_only_replaced_knowingly(window, tmp_path):
    show(window, ecg())
    target = tmp_path / "there.csv"
    target.write_text("mine", encoding="utf-8")
    window.actions_table["save.recording"].trigger()
    dialog = window.findChild(SaveDialog)
    fill(dialog, tmp_path / "other.csv", "csv")
    assert dialog._save.text() == "Save"
    fill(dialog, target, "csv")
    assert dialog._save.text() == "Replace"
    assert "will be replaced" in dialog._note.text()
    dialog.reject()
    assert target.read_text(encoding="utf-8") == "mine"


def test_another_format_changes_the_ending_and_is_remembered(window, tmp_path, monkeypatch):
    show(window, ecg())
    window.actions_table["save.recording"].trigger()
    dialog = window.findChild(SaveDialog)
    fill(dialog, tmp_path / "case.hea", "wfdb")
    choice = dialog.findChild(QComboBox)
    choice.setCurrentIndex(choice.findData("csv"))
    assert dialog.target == tmp_path / "case.csv"
    chosen = str(tmp_path / "v1.2")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (chosen, ""))
    dialog._choose()
    assert dialog.target == tmp_path / "v1.2.csv"
    click(dialog._save)
    wait_until((tmp_path / "v1_2.csv").exists)
    assert window.settings["export/format"] == "csv"


def test_a_saved_reconstruction_reads_back_with_its_origins(window, tmp_path):
    show(window, ecg())
    window.actions_table["save.reconstruction"].trigger()
    opened = saved(window, tmp_path / "out.csv", "csv", include="twelve")
    assert opened.leads == LEADS
    assert any("V4: reconstructed" in comment for comment in opened.comments)
    assert any(DISCLAIMER in comment for comment in opened.comments)


@pytest.mark.parametrize("file_format", [*WRITERS])
def test_a_saved_reconstruction_names_no_patient(window, tmp_path, file_format):
    folder = tmp_path / "out"
    show(window, replace(ecg("Geheimrat_Anna"), patient=ANNA, started="2020-02-03"))
    window.actions_table["save.reconstruction"].trigger()
    target = folder / f"out{WRITERS[file_format].ending}"
    opened = saved(window, target, file_format, include="both")
    assert opened.leads == LEADS
    rebuilt_leads = ("V1", "V3", "V4", "V5", "V6")
    assert {*opened.other_channels} == {f"{lead}_rec" for lead in rebuilt_leads}
    assert not any(word in text_in(folder) for word in TELLING)


def test_reconstructed_leads_are_named_so_unless_the_user_wants_otherwise(window, tmp_path):
    show(window, ecg())
    window.actions_table["save.reconstruction"].trigger()
    opened = saved(window, tmp_path / "out.edf", "edf")
    assert opened.leads == ("I", "II", "III", "aVR", "aVL", "aVF", "V2")
    assert opened.other_channels == ("V1_rec", "V3_rec", "V4_rec", "V5_rec", "V6_rec")
    told = json.loads((tmp_path / "out.edf.json").read_text(encoding="utf-8"))
    assert told["model"]["weights_sha256"] == "ab" * 32
    assert told["filters"] == {"model_input": "none", "samples": "none"}
    window.actions_table["save.reconstruction"].trigger()
    saved(window, tmp_path / "again.csv", "csv", include="both")
    assert window.settings["export/include"] == "both"


def test_what_is_not_finished_or_too_long_is_not_saved(tmp_path, monkeypatch):
    recording = ecg()
    made = rebuilt(recording, ("I", "II", "V2"))
    half = ArraySource(made.read())
    object.__setattr__(half, "done", ((0, 400),))
    with pytest.raises(RecordingError, match="still being rebuilt"):
        list(reconstruction_job(recording, replace(made, source=half), tmp_path / "a.csv", "csv"))
    monkeypatch.setattr("ecgview.formats.export.MOST_VALUES", 11_999)
    with pytest.raises(RecordingError, match="too long to be written"):
        list(reconstruction_job(recording, made, tmp_path / "a.csv", "csv"))
    assert not list(tmp_path.iterdir())


def test_estimated_frank_leads_are_saved_beside_the_twelve(tmp_path):
    recording = ecg()
    others = {lead: recording.read(("V5",))[0] for lead in FRANK_LEADS}
    kors = replace(rebuilt(recording, LEADS), others=others)
    *_, last = reconstruction_job(recording, kors, tmp_path / "out.hea", "wfdb")
    opened = open_recording(last.result)
    assert (opened.leads, opened.other_leads) == (LEADS, FRANK_LEADS)
    assert "VZ: estimated" in opened.comments


def test_corrections_are_written_into_what_is_saved(window, tmp_path):
    recording = ecg("case")
    channels = (Channel("I", "I", file_name="II"), *recording.channels[1:])
    options = ImportOptions(rate_hz=100.0, leads=LEADS)
    show(window, replace(recording, channels=channels, options=options))
    window.actions_table["save.recording"].trigger()
    copy = saved(window, tmp_path / "copy.csv", "csv")
    window.actions_table["save.reconstruction"].trigger()
    rebuilt_copy = saved(window, tmp_path / "rebuilt.csv", "csv")
    for opened in (copy, rebuilt_copy):
        text = " ".join(opened.comments)
        assert "corrected by the user: II renamed I; rate set to 100 Hz" in text


def folder_of(tmp_path, n_good=3):
    folder = tmp_path / "in"
    for number in range(n_good):
        save_recording(f"Geheimrat_{number}", ecg().read(LEADS), 100.0, folder)
    (folder / "bad.hea").write_text("bad 12 500 5000\n", encoding="utf-8")
    return folder


def converting(window, source, target, file_format):
    window.actions_table["convert"].trigger()
    dialog = window.findChild(ConvertDialog)
    dialog._from.setText(str(source))
    dialog._to.setText(str(target))
    dialog._format.setCurrentIndex(dialog._format.findData(file_format))
    return dialog


def test_a_folder_is_converted_and_what_cannot_be_is_listed(window, tmp_path):
    dialog = converting(window, folder_of(tmp_path), tmp_path / "out", "csv")
    click(dialog._start)
    wait_until(lambda: dialog._job is None)
    assert dialog._said.text() == "Done: 3 written, 1 could not be."
    assert "bad" in dialog.findChild(QPlainTextEdit).toPlainText()
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [f"Geheimrat_{number}.csv" for number in range(3)]
    opened = open_recording(tmp_path / "out" / "Geheimrat_2.csv")
    assert opened.read(LEADS) == pytest.approx(ecg().read(LEADS), abs=1e-3)
    dialog.accept()


def test_a_folder_is_anonymised_with_its_names(window, tmp_path):
    dialog = converting(window, folder_of(tmp_path), tmp_path / "out", "wfdb")
    click(dialog._anonymise)
    assert not dialog._patient.isEnabled()
    assert dialog._start.text() == "Anonymise"
    click(dialog._start)
    wait_until(lambda: dialog._job is None)
    names = sorted(path.name for path in (tmp_path / "out").glob("*.hea"))
    assert len(names) == 3
    assert all(name.startswith("ecg-") for name in names)
    assert "eheimrat" not in text_in(tmp_path / "out")
    dialog.accept()


def test_a_folder_is_never_converted_into_itself(window, tmp_path):
    source = folder_of(tmp_path)
    dialog = converting(window, source, source, "csv")
    assert not dialog._start.isEnabled()
    assert dialog._said.text() == "Choose another folder to write to."
    dialog.reject()


def test_a_conversion_can_be_cancelled_and_what_is_written_is_whole(window, tmp_path, monkeypatch):
    import threading

    gate, reached = threading.Event(), threading.Event()

    def slow(path, **kwargs):
        if path.stem == "Geheimrat_1":
            reached.set()
            gate.wait(20)
        return open_recording(path, **kwargs)

    monkeypatch.setattr("ecgview.engine.conversion.open_recording", slow)
    dialog = converting(window, folder_of(tmp_path), tmp_path / "out", "csv")
    click(dialog._start)
    wait_until(reached.is_set)
    assert dialog._close.text() == "Cancel"
    click(dialog._close)
    gate.set()
    wait_until(lambda: dialog._job is None)
    assert dialog._said.text().startswith("Cancelled; ")
    assert not (tmp_path / "out" / "Geheimrat_2.csv").exists()
    written = open_recording(tmp_path / "out" / "Geheimrat_0.csv")
    assert np.isfinite(written.read(LEADS)).all()
    dialog.reject()


def test_the_next_file_opens_while_something_is_still_being_written(window):
    import threading

    gate, written = threading.Event(), []

    def long_export():
        assert gate.wait(20)
        yield Finished("done")

    window.session.files.write(long_export, written.append)
    show(window, ecg("next"))
    assert window.session.state.recording.name == "next"
    assert not written
    gate.set()
    wait_until(lambda: written == [Returned("done")])

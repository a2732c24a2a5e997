import pytest
from PySide6.QtTest import QTest

from ecgview.formats import open_recording, preview_csv
from ecgview.gui.import_dialog import KEEP, ImportDialog

SAMPLES = [(n % 7 / 10, n % 5 / 10, n % 3 / 10) for n in range(300)]


@pytest.fixture
def dialog_for(qapp, tmp_path):
    made = []

    def make(header):
        path = tmp_path / "table.csv"
        rows = "\n".join(",".join(map(str, row)) for row in SAMPLES)
        path.write_text(f"{header}\n{rows}\n" if header else f"{rows}\n", encoding="utf-8")
        made.append(ImportDialog(preview_csv(path)))
        return path, made[-1]

    yield make
    for dialog in made:
        dialog.deleteLater()


def choose(dialog, leads):
    for field, lead in zip([f for f in dialog._leads if f], leads, strict=True):
        field.setCurrentText(lead)


def test_nothing_is_guessed_and_ok_waits_for_all_answers(dialog_for):
    _, dialog = dialog_for("")
    assert [field.currentText() for field in dialog._leads] == [KEEP] * 3
    assert "which column is which lead" in dialog.complaint()
    choose(dialog, ["I", "II", KEEP])
    assert "sampling rate" in dialog.complaint()
    QTest.keyClicks(dialog._rate, "500")
    assert "unit" in dialog.complaint()
    assert not dialog._import.isEnabled()
    dialog._unit.setCurrentText("mV")
    assert dialog.complaint() == ""
    assert dialog._import.isEnabled()


def test_what_the_header_says_is_filled_in(dialog_for):
    _, dialog = dialog_for("I (mV),aVF (mV),resp (mV)")
    assert [field.currentText() for field in dialog._leads] == ["I", "aVF", KEEP]
    QTest.keyClicks(dialog._rate, "250")
    assert dialog.complaint() == ""


@pytest.mark.parametrize("rate", ["0", "-500", "abc", "", "1e9"])
def test_absurd_rates_are_refused(dialog_for, rate):
    _, dialog = dialog_for("I (mV),II (mV),V1 (mV)")
    dialog._rate.setText(rate)
    assert "sampling rate" in dialog.complaint()


def test_unknown_unit_and_double_lead_are_refused(dialog_for):
    _, dialog = dialog_for("I,II,V1")
    dialog._rate.setText("500")
    dialog._unit.setCurrentText("bananas")
    assert "bananas" in dialog.complaint()
    dialog._unit.setCurrentText("uV")
    choose(dialog, ["I", "I", "V1"])
    assert dialog.complaint() == "I is given to more than one column."


def test_options_open_the_file_as_the_dialog_said(dialog_for):
    path, dialog = dialog_for("I,II,V1")
    choose(dialog, ["V2", "II", KEEP])
    dialog._rate.setText("360")
    dialog._unit.setCurrentText("mV")
    recording = open_recording(path, options=dialog.options())
    assert recording.leads == ("II", "V2")
    assert recording.fs_hz == 360.0
    assert recording.read(("V2",))[0, 6] == pytest.approx(0.6)
    assert recording.other_channels == ("column 3",)

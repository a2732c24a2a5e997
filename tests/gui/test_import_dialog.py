from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from waiting import wait_until

from ecgview.formats import ImportOptions, open_recording
from ecgview.formats.previewing import preview_of
from ecgview.formats.text.inference import preview_csv
from ecgview.gui.importing.answers import KEEP
from ecgview.gui.importing.dialog import ImportDialog
from ecgview.gui.importing.trace_cell import TraceCell
from ecgview.leads import CHEST_LEADS, LEADS

SAMPLES = [(n % 7 / 10, n % 5 / 10, n % 3 / 10) for n in range(300)]


@pytest.fixture
def opened(qapp):
    made = []

    def make(preview, **options):
        made.append(ImportDialog(preview, **options))
        return made[-1]

    yield make
    for dialog in made:
        dialog.reject()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def table_of(folder, header, samples=SAMPLES):
    path = folder / "table.csv"
    rows = "\n".join(",".join(map(str, row)) for row in samples)
    path.write_text(f"{header}\n{rows}\n" if header else f"{rows}\n", encoding="utf-8")
    return path


@pytest.fixture
def dialog_for(opened, tmp_path):
    def make(header, **options):
        path = table_of(tmp_path, header)
        return path, opened(preview_csv(path), **options)

    return make


def choices(dialog):
    return [field for field in dialog._table.findChildren(QComboBox) if field.isVisibleTo(dialog)]


def factors(dialog):
    return dialog._table.findChildren(QLineEdit)


def choose(dialog, leads):
    for field, lead in zip(choices(dialog), leads, strict=True):
        field.setCurrentText(lead)


def traced(dialog):
    """Wait until the file was read as the fields say."""
    cells = dialog._table.findChildren(TraceCell)
    wait_until(lambda: not dialog._later.isActive() and not dialog._lane._running)
    return cells


def test_nothing_is_guessed_and_ok_waits_for_all_answers(dialog_for):
    _, dialog = dialog_for("")
    assert [field.currentText() for field in choices(dialog)] == [KEEP] * 3
    assert "which signal is which lead" in dialog.complaint()
    choose(dialog, ["I", "II", KEEP])
    assert "sampling rate" in dialog.complaint()
    QTest.keyClicks(dialog._fields._rate, "500")
    assert "unit" in dialog.complaint()
    assert not dialog._ok.isEnabled()
    dialog._fields._unit.setCurrentText("mV")
    assert dialog.complaint() == ""
    assert dialog._ok.isEnabled()


def test_what_the_header_says_is_filled_in(dialog_for):
    _, dialog = dialog_for("I (mV),aVF (mV),resp (mV)")
    assert [field.currentText() for field in choices(dialog)] == ["I", "aVF", KEEP]
    QTest.keyClicks(dialog._fields._rate, "250")
    assert dialog.complaint() == ""
    assert dialog.options() == ImportOptions(rate_hz=250.0)


@pytest.mark.parametrize("rate", ["0", "-500", "abc", "", "1e9", "nan"])
def test_absurd_rates_are_refused(dialog_for, rate):
    _, dialog = dialog_for("I (mV),II (mV),V1 (mV)")
    dialog._fields._rate.setText(rate)
    assert "sampling rate" in dialog.complaint()


def test_unknown_unit_and_double_lead_are_refused(dialog_for):
    _, dialog = dialog_for("I,II,V1")
    dialog._fields._rate.setText("500")
    dialog._fields._unit.setCurrentText("bananas")
    assert "bananas" in dialog.complaint()
    dialog._fields._unit.setCurrentText("uV")
    choose(dialog, ["I", "I", "V1"])
    assert dialog.complaint() == "I is given to more than one signal."


@pytest.mark.parametrize("gain", ["0", "x", "inf"])
def test_factors_that_are_none_are_refused(dialog_for, gain):
    _, dialog = dialog_for("I (mV),II (mV),V1 (mV)")
    dialog._fields._rate.setText("500")
    factors(dialog)[1].setText(gain)
    assert f"“{gain}” is not a factor" in dialog.complaint()


def test_options_open_the_file_as_the_dialog_said(dialog_for):
    path, dialog = dialog_for("I,II,V1")
    choose(dialog, ["V2", "II", KEEP])
    dialog._fields._rate.setText("360")
    dialog._fields._unit.setCurrentText("200/mV")
    factors(dialog)[0].setText("-1")
    recording = open_recording(path, options=dialog.options())
    assert recording.leads == ("II", "V2")
    assert recording.fs_hz == 360.0
    assert recording.read(("V2",))[0, 6] == pytest.approx(-0.6 / 200)
    assert recording.read(("II",))[0, 4] == pytest.approx(0.4 / 200)
    assert recording.other_channels == ("column 3",)


def test_twelve_unnamed_columns_are_named_in_one_stroke(opened, tmp_path):
    path = table_of(tmp_path, "", np.round(np.sin(np.outer(np.arange(400), np.arange(1, 13))), 3))
    dialog = opened(preview_csv(path))
    orders = {action.text(): action for action in dialog._fields._orders.actions()}
    orders["I, II, III, aVR, aVL, aVF, V1 to V6"].trigger()
    assert dialog.answers.leads == LEADS
    orders["Cabrera: aVL, I, -aVR, II, aVF, III, V1 to V6"].trigger()
    assert dialog.answers.leads == ("aVL", "I", "aVR", "II", "aVF", "III", *CHEST_LEADS)
    assert dialog.answers.gains == ("", "", "-1", *[""] * 9)
    dialog._fields._rate.setText("500")
    dialog._fields._unit.setCurrentText("mV")
    turned = open_recording(path, options=dialog.options()).read(("aVR",))[0, :3]
    assert turned == pytest.approx(-np.sin(3 * np.arange(3)), abs=1e-3)


def test_what_is_in_force_is_filled_in_and_can_be_taken_back(opened, tmp_path):
    path = table_of(tmp_path, "I (uV),II (uV),V1 (uV)")
    options = ImportOptions(("I", "V2", "V1"), 250.0, "mV", (1.0, -1.0, 1.0))
    preview = preview_of(open_recording(path, options=ImportOptions(rate_hz=500)))
    dialog = opened(preview, in_force=options, correcting=True)
    assert dialog.answers.leads == ("I", "V2", "V1")
    assert dialog.answers.gains == ("", "-1", "")
    assert dialog.options() == options
    choose(dialog, ["I", "II", "V1"])
    factors(dialog)[1].setText("")
    dialog._fields._rate.setText("500")
    dialog._fields._unit.setCurrentText("uV")
    assert dialog.options() == ImportOptions()


def test_a_wrong_unit_is_seen_and_said_before_the_file_is_opened(opened, tmp_path):
    time_s = np.arange(2500) / 500
    wave_uv = 1000 * np.exp(-(((time_s % 0.8) - 0.4) ** 2) / 0.0004)
    path = table_of(tmp_path, "I,II,V1", np.round(np.outer(wave_uv, [0.5, 1, -0.7]), 1))
    dialog = opened(preview_csv(path))
    dialog._fields._rate.setText("500")
    cells = traced(dialog)
    assert len(cells) == 3
    assert not any(cell._has_grid for cell in cells)
    assert all(cell._signal is not None for cell in cells)
    dialog._fields._unit.setCurrentText("mV")
    traced(dialog)
    assert np.ptp(cells[1]._signal) == pytest.approx(1000)
    assert "Larger than a heart's signal" in dialog._warning.text()
    assert dialog._warning.isVisibleTo(dialog)
    assert dialog._ok.isEnabled()
    dialog._fields._unit.setCurrentText("uV")
    traced(dialog)
    assert all(cell._has_grid for cell in cells)
    assert np.ptp(cells[1]._signal) == pytest.approx(1.0)
    assert cells[1]._px_per_unit == 20.0
    assert not dialog._warning.isVisibleTo(dialog)


def test_answers_that_the_reader_refuses_are_said_and_cannot_be_given(opened, tmp_path):
    path = table_of(tmp_path, "I (mV),II (mV),V1 (mV)")
    preview = preview_csv(path)
    path.write_text(path.read_text(encoding="utf-8") + "1,2,oops\n", encoding="utf-8")
    dialog = opened(preview)
    dialog._fields._rate.setText("500")
    assert dialog._ok.isEnabled()
    traced(dialog)
    assert "oops" in dialog._complaint.text()
    assert not dialog._ok.isEnabled()


def test_another_part_is_looked_at_by_itself(opened, tmp_path, monkeypatch):
    path = table_of(tmp_path, "I (mV),II (mV),V1 (mV)")
    asked = []

    def preview_file(path, options):
        asked.append(options)
        columns = replace(preview, columns=preview.columns[:2], rate_hz=1000.0)
        return replace(columns, part=options.part)

    monkeypatch.setattr("ecgview.gui.importing.tracing.preview_file", preview_file)
    preview = replace(preview_csv(path), parts=("ecg", "beat"), part="ecg")
    dialog = opened(preview)
    assert len(choices(dialog)) == 3
    dialog._fields._part.setCurrentText("beat")
    dialog._fields._part.textActivated.emit("beat")
    wait_until(lambda: len(choices(dialog)) == 2)
    assert asked == [ImportOptions(part="beat")]
    assert dialog._fields._rate.text() == "1000"
    assert dialog.options() == ImportOptions(part="beat")


def test_the_wheel_over_a_choice_chooses_nothing(dialog_for):
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    _, dialog = dialog_for("I (mV),II (mV),V1 (mV)")
    field = choices(dialog)[0]
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    field.wheelEvent(event)
    assert field.currentText() == "I"
    assert not event.isAccepted()


@pytest.mark.real_data
def test_a_real_table_is_drawn_in_millivolts(opened, data_dir):
    dialog = opened(preview_csv(data_dir / "formats" / "csv_500hz.csv"))
    dialog._fields._rate.setText("500")
    dialog._fields._unit.setCurrentText("uV")
    cells = traced(dialog)
    spreads = [float(np.ptp(cell._signal)) for cell in cells if cell._signal is not None]
    assert len(spreads) == 12
    assert 0.2 < min(spreads) < max(spreads) < 5


def test_tab_goes_through_the_fields_in_the_order_that_they_are_read(dialog_for):
    _, dialog = dialog_for("I,II,V1")
    dialog.show()
    dialog.activateWindow()
    wait_until(dialog.isActiveWindow)
    passed = []
    for _ in range(12):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        passed.append(dialog.focusWidget())
    fields = [
        field for pair in zip(choices(dialog), factors(dialog), strict=True) for field in pair
    ]
    at = passed.index(fields[0])
    assert passed[at : at + 7] == [*fields, dialog._remember]

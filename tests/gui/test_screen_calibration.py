"""True millimetres: measured with a card or a ruler, kept for each screen, used and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ecg import with_impulse
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QPushButton, QRadioButton
from stand_ins import ecg, main_window, show
from waiting import wait_until

from ecgview.gui.calibration.dialog import CalibrationDialog
from ecgview.gui.calibration.known_length import CARD_MM, KnownLength
from ecgview.gui.calibration.screens import (
    RANGE_PX_PER_MM,
    USUAL_PX_PER_MM,
    keep,
    measured,
    screen_key,
)
from ecgview.gui.main_window import MainWindow
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    with main_window(tmp_path) as made:
        show(made, ecg())
        yield made


@pytest.fixture
def drawing(qapp: QApplication) -> Iterator[KnownLength]:
    made = KnownLength(LIGHT, 4.0)
    made.resize(700, 400)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def drag(drawing: KnownLength, from_x: float, to_x: float) -> None:
    QTest.mousePress(drawing, Qt.MouseButton.LeftButton, pos=QPoint(round(from_x), 60))
    QTest.mouseMove(drawing, QPoint(round(to_x), 60))
    QTest.mouseRelease(drawing, Qt.MouseButton.LeftButton, pos=QPoint(round(to_x), 60))


def ask(window: MainWindow) -> CalibrationDialog:
    dialog = window.commands.calibrating.ask()
    wait_until(dialog.isVisible)
    return dialog


def press(dialog: CalibrationDialog, text: str) -> None:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def known_of(dialog: CalibrationDialog) -> KnownLength:
    found = dialog.findChild(KnownLength, "known-length")
    assert found is not None
    return found


def test_a_card_is_dragged_to_its_size(drawing: KnownLength) -> None:
    told: list[float] = []
    drawing.changed.connect(told.append)
    start_x = drawing.end_x
    drag(drawing, start_x, start_x + CARD_MM[0])
    assert drawing.px_per_mm == pytest.approx(5.0, abs=0.01)
    assert told[-1] == drawing.px_per_mm


def test_arrow_keys_move_the_edge_by_little_and_with_shift_by_more(drawing: KnownLength) -> None:
    drawing.setFocus()
    before_x = drawing.end_x
    QTest.keyClick(drawing, Qt.Key.Key_Right)
    assert drawing.end_x - before_x == pytest.approx(0.25)
    QTest.keyClick(drawing, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert drawing.end_x - before_x == pytest.approx(0.25 - 2.5)


def test_no_drag_makes_a_screen_of_no_pixels(drawing: KnownLength) -> None:
    drag(drawing, drawing.end_x, -5000)
    assert drawing.px_per_mm == RANGE_PX_PER_MM[0]


def test_a_ruler_of_a_typed_length_measures_too(window: MainWindow) -> None:
    dialog = ask(window)
    ruler = next(one for one in dialog.findChildren(QRadioButton) if "Ruler" in one.text())
    QTest.mouseClick(ruler, Qt.MouseButton.LeftButton)
    length = dialog.findChild(QDoubleSpinBox, "ruler-length")
    assert length is not None
    length.setValue(150.0)
    known = known_of(dialog)
    assert known.length_mm == 150.0
    assert "150 mm" in known.accessibleName()
    drag(known, known.end_x, known.end_x + 150.0)
    assert dialog.px_per_mm == pytest.approx(USUAL_PX_PER_MM + 1.0, abs=0.01)
    dialog.reject()
    assert window.session.state.view.px_per_mm == USUAL_PX_PER_MM


def test_a_number_typed_draws_the_card_so(window: MainWindow) -> None:
    dialog = ask(window)
    field = dialog.findChild(QDoubleSpinBox, "px-per-mm")
    assert field is not None
    field.setValue(6.2)
    assert dialog.px_per_mm == pytest.approx(6.2)
    assert known_of(dialog).end_x == pytest.approx(16 + 6.2 * 85.6)
    dialog.reject()


def test_what_was_measured_is_the_true_scale_and_is_told(window: MainWindow) -> None:
    window.session.change_view(scale="true")
    assert window.trace_area.footer_text().endswith("true size, screen not calibrated")
    dialog = ask(window)
    known = known_of(dialog)
    known.set_px_per_mm(5.0)
    press(dialog, "Save")
    view = window.session.state.view
    assert (view.px_per_mm, view.calibrated, view.scale) == (5.0, True, "true")
    assert window.trace_area.footer_text().endswith("to scale (calibrated)")
    page = window.trace_area.scene().page
    assert page.px_per_s == 25 * 5.0, "25 mm of 5 px a second"
    assert page.px_per_mv == 10 * 5.0
    assert measured(window.settings, screen_key(window.screen())) == 5.0


def test_a_millimetre_on_screen_is_one_in_the_drawn_line(window: MainWindow) -> None:
    keep(window.settings, screen_key(window.screen()), 5.0)
    window.commands.calibrating.apply()
    show(window, with_impulse(ecg("impulse"), 1.0, 3.0))
    window.session.change_view(scale="true", layout="12x1")
    scene = window.trace_area.scene()
    panel = scene.panels[0]
    tip = panel.original[panel.original[:, 1].argmin()]
    assert tip[0] - scene.page.left == pytest.approx(1.0 * 25 * 5.0, abs=0.01)
    height_mm = (panel.baseline - tip[1]) / 5.0
    assert height_mm == pytest.approx(30.0, abs=6.0)


def test_another_run_on_the_same_screen_knows_it(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(tmp_path) as window:
        keep(window.settings, screen_key(window.screen()), 4.4)
    with main_window(tmp_path) as window:
        wait_until(lambda: window.session.state.view.calibrated)
        assert window.session.state.view.px_per_mm == 4.4


def test_a_measurement_can_be_forgotten(window: MainWindow) -> None:
    keep(window.settings, screen_key(window.screen()), 5.0)
    window.commands.calibrating.apply()
    assert window.session.state.view.calibrated
    press(ask(window), "Forget")
    view = window.session.state.view
    assert (view.px_per_mm, view.calibrated) == (USUAL_PX_PER_MM, False)
    assert measured(window.settings, screen_key(window.screen())) is None


def test_each_screen_has_its_own() -> None:
    settings = Settings.forgetful()
    keep(settings, "A 1920x1080@1", 3.9)
    keep(settings, "B=odd name 3840x2160@2", 5.5)
    keep(settings, "A 1920x1080@1", 4.1)
    assert measured(settings, "A 1920x1080@1") == 4.1
    assert measured(settings, "B=odd name 3840x2160@2") == 5.5
    assert measured(settings, "A 3840x2160@2") is None


@pytest.mark.parametrize("stored", ["A=", "A=nan", "A=0", "A=1e9", "nothing"])
def test_damaged_measurements_count_as_none(stored: str) -> None:
    settings = Settings.forgetful()
    settings["screens/px_per_mm"] = (stored,)
    assert measured(settings, "A") is None


def test_calibration_is_nothing_to_undo(window: MainWindow) -> None:
    before = window.session.state.undo
    keep(window.settings, screen_key(window.screen()), 5.0)
    window.commands.calibrating.apply()
    assert window.session.state.undo == before


def test_another_screen_is_looked_up_when_the_window_comes_to_it(window: MainWindow) -> None:
    keep(window.settings, screen_key(window.screen()), 4.7)
    assert window.session.state.view.px_per_mm == USUAL_PX_PER_MM
    handle = window.windowHandle()
    assert handle is not None
    handle.screenChanged.emit(window.screen())
    assert window.session.state.view.px_per_mm == 4.7

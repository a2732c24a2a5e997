"""The widget and the painting: pixels, mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples, with_impulse
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QToolTip

from ecgview.gui.theme import DARK, LIGHT, Theme
from ecgview.gui.viewer.furniture import Label
from ecgview.gui.viewer.paint import NAME_PX, WORDS_PX, fitting_text, paint_scene
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.leads import LEADS, Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

pytestmark = pytest.mark.usefixtures("qapp")
TRUE_SIZE = ViewState(layout="12x1", scale="true", px_per_mm=4.0)
ROUNDED = 12
"""Traces are painted into tiles and laid over the paper then."""
PAPER = slice(0, 780)
"""Rows of the 800 that no scroll bar covers."""


@pytest.fixture
def recording() -> Recording:
    return with_impulse(flat_recording(60.0), 1.3)


@pytest.fixture
def reconstruction(recording: Recording) -> Reconstruction:
    """V5 is estimated half a millivolt too high for two seconds."""
    made = rebuilt(recording, ("I", "II", "V2"))
    made.source.signals_mv[LEADS.index("V5"), 200:400] += 0.5
    return made


@pytest.fixture
def area(recording: Recording) -> Iterator[TraceArea]:
    made = TraceArea()
    made.resize(1000, 800)
    made.set_recording(recording)
    made.set_view(ViewState(layout="12x1"))
    made.show()
    QTest.qWaitForWindowExposed(made)
    yield made
    made.close()
    made.deleteLater()


def painted(scene: Scene, theme: Theme) -> NDArray[np.int64]:
    """The picture of a scene, shape (rows, columns, 3): red, green, blue."""
    size = round(scene.width * scene.dpr), round(scene.height * scene.dpr)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scene.dpr)
    painter = QPainter(image)
    paint_scene(painter, scene, theme)
    painter.end()
    return rgb(image)


def rgb(image: QImage) -> NDArray[np.int64]:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(np.int64)


def alike(shown: NDArray[np.int64], scene: Scene, rows: int) -> bool:
    """Tell whether a picture shows a scene, but for the rounding of blended colours.

    Tiles run on to the very end of the page; a scene's lines end at the last sample before.
    """
    end = int(scene.page.x_of(scene.page.cells[-1].to_s) * scene.dpr) - 8
    wrong = np.abs(shown[:rows] - painted(scene, LIGHT)[:rows]).max(axis=2) > ROUNDED
    wrong[:, end : end + 10] = False
    return not wrong.any()


def close_to(pixels: NDArray[np.int64], colour: str, tolerance: int = 40) -> NDArray[np.bool_]:
    wanted = np.array(QColor(colour).getRgb()[:3])
    return np.abs(pixels - wanted).max(axis=-1) <= tolerance


def region(picture: NDArray[np.int64], scene: Scene, box: tuple[float, ...]) -> NDArray[np.int64]:
    left, top, right, bottom = (round(edge * scene.dpr) for edge in box)
    return picture[top:bottom, left:right]


def along_v5(scene: Scene, above_mm: float) -> tuple[float, ...]:
    """A box round V5 from 2.2 to 3.8 s, around a height above its zero line."""
    baseline = next(p.baseline for p in scene.panels if p.cell.lead == "V5")
    middle = baseline - above_mm * scene.page.px_per_mm
    return scene.page.x_of(2.2), middle - 3, scene.page.x_of(3.8), middle + 4


# Painting


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_lines_dashes_and_fill_have_their_colours(
    recording: Recording, reconstruction: Reconstruction, theme: Theme, dpr: float
) -> None:
    scene = build_scene(TRUE_SIZE, recording, reconstruction, None, 1200, 1000, dpr)
    picture = painted(scene, theme)
    solid = close_to(region(picture, scene, along_v5(scene, 0.0)), theme.original)
    assert solid.any(axis=0).mean() > 0.99, "the original is one unbroken line"
    dashes = close_to(region(picture, scene, along_v5(scene, 5.0)), theme.reconstruction)
    assert dashes.any(axis=0).mean() == pytest.approx(4 / 6.5, abs=0.12)
    middle = region(picture, scene, along_v5(scene, 2.0))
    bare = painted(replace_shading(scene), theme)
    between = region(bare, scene, along_v5(scene, 2.0))
    tint = np.array(QColor(theme.reconstruction).getRgb()[:3])
    expected = between + theme.shade_alpha * (tint - between)
    assert np.abs(middle - expected).max() < 4, "the difference is tinted evenly"


def replace_shading(scene: Scene) -> Scene:
    panels = tuple(replace(panel, shading=panel.shading[:0]) for panel in scene.panels)
    return replace(scene, panels=panels)


def test_nothing_is_dashed_in_the_original_alone(
    recording: Recording, reconstruction: Reconstruction
) -> None:
    view = replace(TRUE_SIZE, show="original")
    scene = build_scene(view, recording, reconstruction, None, 1200, 1000)
    assert not close_to(painted(scene, LIGHT), LIGHT.reconstruction).any()


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_grid_lines_are_a_millimetre_and_five_apart(dpr: float) -> None:
    scene = build_scene(replace(TRUE_SIZE, px_per_mm=8.0), None, None, None, 400, 400, dpr)
    picture = painted(scene, LIGHT)
    clear_row = round((scene.page.baselines[0] - 4.0) * dpr)
    darkness = 255 - picture[clear_row, :, 2]
    heavy = np.flatnonzero(darkness > 60)
    steps = np.diff(heavy[np.append(True, np.diff(heavy) > 2)])
    assert set(steps) == {round(40 * dpr)}
    fine = np.flatnonzero(darkness > 10)
    assert set(np.diff(fine[np.append(True, np.diff(fine) > 2)])) == {round(8 * dpr)}


def test_fine_lines_fade_out_when_they_stand_too_close() -> None:
    def fine_share(px_per_mm: float) -> float:
        view = replace(TRUE_SIZE, px_per_mm=px_per_mm)
        scene = build_scene(view, None, None, None, 400, 400)
        picture = painted(scene, DARK)
        paper = np.array(QColor(DARK.paper).getRgb()[:3])
        return float((np.abs(picture - paper).max(axis=-1) <= 1).mean())

    assert fine_share(2.4) > 0.7, "paper shows between the heavy lines"
    assert fine_share(2.4) > fine_share(4.0) + 0.1


def test_simulated_is_written_on_the_paper(recording: Recording) -> None:
    scenes = [
        build_scene(ViewState(), made, None, None, 800, 600)
        for made in (recording, replace(recording, simulated=True))
    ]
    plain, marked = (painted(scene, LIGHT)[:40, 600:] for scene in scenes)
    assert not close_to(plain, LIGHT.warning).any()
    assert close_to(marked, LIGHT.warning).sum() > 60


def test_a_label_is_readable_through_a_tall_wave() -> None:
    recording = flat_recording()
    samples(recording)[:, 40:140:2] = 4.0
    view = replace(TRUE_SIZE, gain_mm_mv=20.0)
    scene = build_scene(view, recording, None, None, 1000, 1000)
    label = scene.panels[6].label
    picture = painted(scene, LIGHT)
    words = region(picture, scene, (label.x, label.y - 10, label.x + 80, label.y + 3))
    assert close_to(words, LIGHT.accent, 60).any()
    covered = close_to(words, LIGHT.original, 60).mean()
    beside = (label.x + 80, label.y - 10, label.x + 100, label.y + 3)
    assert covered < close_to(region(picture, scene, beside), LIGHT.original, 60).mean()


# Labels


def metrics(pixels: int, *, bold: bool) -> QFontMetricsF:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return QFontMetricsF(font)


@pytest.mark.parametrize("width", [560, 724, 1040])
def test_labels_never_run_into_the_next_column(width: int) -> None:
    recording = flat_recording()
    scene = build_scene(ViewState(), recording, rebuilt(recording, ("I",)), None, width, 700)
    font = QFont()
    font.setPixelSize(WORDS_PX)
    for panel in scene.panels:
        label = panel.label
        label = replace(label, texts=("≈ reconstructed · 0.94", "≈ 0.94", "≈"))
        name = metrics(NAME_PX, bold=True).horizontalAdvance(label.lead) + 7
        text = fitting_text(label, font, label.room - name)
        assert text.startswith("≈")
        words = metrics(WORDS_PX, bold=False).horizontalAdvance(text)
        assert label.x + name + words <= panel.x + panel.width


def test_the_fullest_text_that_fits_is_chosen() -> None:
    font = QFont()
    font.setPixelSize(WORDS_PX)
    label = Label("V1", ("≈ reconstructed · 0.94", "≈ 0.94", "≈"), Origin.RECONSTRUCTED, 0, 0, 0)
    texts = [fitting_text(label, font, room) for room in (400, 60, 20, 1)]
    assert texts == ["≈ reconstructed · 0.94", "≈ 0.94", "≈", ""]


# The widget


def test_the_widget_shows_the_scene(area: TraceArea) -> None:
    shown = rgb(area.grab().toImage())
    assert alike(shown, area.scene(), 780)


def test_the_widget_is_sharp_in_a_picture_of_another_scale(area: TraceArea) -> None:
    picture = QImage(2000, 1600, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2)
    painter = QPainter(picture)
    area.render(painter, QPoint())
    painter.end()
    view, width, height = area.view(), area.width(), area.height()
    recording = with_impulse(flat_recording(60.0), 1.3)
    scene = build_scene(view, recording, None, None, width, height, 2.0)
    assert alike(rgb(picture), scene, 1500)


def test_a_change_of_theme_changes_paper_and_traces(area: TraceArea) -> None:
    area.set_theme("dark")
    shown = rgb(area.grab().toImage())
    assert (shown[2, 2] != painted(area.scene(), LIGHT)[2, 2]).all()
    assert close_to(shown, DARK.original).any()


def wheel(area: TraceArea, notches: int, modifiers=Qt.KeyboardModifier.NoModifier, at=None) -> None:
    place = at or QPointF(500, 400)
    event = QWheelEvent(
        place,
        area.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(area, event)


def test_the_wheel_moves_in_time_and_reports_it(area: TraceArea) -> None:
    spy = QSignalSpy(area.viewChanged)
    wheel(area, -1)
    assert area.view().start_s == pytest.approx(100 / area.scene().page.px_per_s)
    assert spy.count() == 1
    wheel(area, 5)
    assert area.view().start_s == 0.0
    wheel(area, 1)
    assert spy.count() == 2, "nothing is reported at the end of the way"


def test_the_wheel_scrolls_a_page_higher_than_the_window(area: TraceArea) -> None:
    area.set_view(replace(TRUE_SIZE, px_per_mm=6.0))
    wheel(area, -1)
    assert area.view().scroll_mm[1] > 0
    assert area.view().start_s == 0.0
    wheel(area, -1, Qt.KeyboardModifier.ShiftModifier)
    assert area.view().scroll_mm[0] > 0


def test_wheel_with_control_zooms_about_the_cursor(area: TraceArea) -> None:
    before = area.scene().page.time_of(700)
    wheel(area, 3, Qt.KeyboardModifier.ControlModifier, QPointF(700, 300))
    assert area.view().zoom == pytest.approx(1.25**3)
    assert area.scene().page.time_of(700) == pytest.approx(before, abs=0.01)


def drag(area: TraceArea, from_x: int, to_x: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(area, button, modifiers, QPoint(from_x, 200))
    QTest.mouseMove(area, QPoint((from_x + to_x) // 2, 200))
    QTest.mouseMove(area, QPoint(to_x, 200))
    QTest.mouseRelease(area, button, modifiers, QPoint(to_x, 200))


def test_dragging_moves_the_paper(area: TraceArea) -> None:
    drag(area, 600, 400)
    assert area.view().start_s == pytest.approx(200 / area.scene().page.px_per_s)
    assert area.view().mark_s is None


def test_dragging_with_shift_marks_a_stretch_and_escape_clears_it(area: TraceArea) -> None:
    spy = QSignalSpy(area.viewChanged)
    page, panels = area.scene().page, area.scene().panels
    drag(area, 300, 500, Qt.KeyboardModifier.ShiftModifier)
    assert area.view().mark_s == pytest.approx((page.time_of(300), page.time_of(500)))
    assert spy.count() == 1, "a mark is reported when it is finished"
    assert area.scene().panels is panels, "the traces are not worked out anew"
    unmarked = painted(replace(area.scene(), bands=()), LIGHT)
    changed = (np.abs(rgb(area.grab().toImage()) - unmarked) > ROUNDED)[PAPER, :900].any(
        axis=(0, 2)
    )
    assert (np.flatnonzero(changed).min(), np.flatnonzero(changed).max()) == pytest.approx(
        (300, 500), abs=1
    )
    QTest.keyClick(area, Qt.Key.Key_Escape)
    assert area.view().mark_s is None
    assert spy.count() == 2


def test_keys_move_and_zoom(area: TraceArea) -> None:
    QTest.keyClick(area, Qt.Key.Key_End)
    assert area.view().start_s == 50.0
    QTest.keyClick(area, Qt.Key.Key_Left)
    assert area.view().start_s < 50.0
    QTest.keyClick(area, Qt.Key.Key_Home)
    assert area.view().start_s == 0.0
    QTest.keyClick(area, Qt.Key.Key_Plus)
    assert area.view().zoom == 1.25
    QTest.keyClick(area, Qt.Key.Key_0)
    assert area.view().zoom == 1.0


def test_set_view_is_bounded_and_not_reported(area: TraceArea) -> None:
    spy = QSignalSpy(area.viewChanged)
    area.set_view(ViewState(start_s=1000.0))
    assert area.view().start_s == 50.0
    assert spy.count() == 0


def test_scroll_bars_show_only_where_there_is_more(area: TraceArea) -> None:
    bars = {bar.accessibleName(): bar for bar in area.findChildren(QScrollBar)}
    assert bars["Time"].isVisible()
    assert not bars["Page"].isVisible()
    bars["Time"].setValue(bars["Time"].maximum())
    assert area.view().start_s == pytest.approx(50.0, abs=0.01)
    area.set_recording(flat_recording(10.0))
    assert not bars["Time"].isVisible()
    assert area.view().start_s == 0.0


def test_a_new_recording_drops_mark_and_reconstruction(
    area: TraceArea, reconstruction: Reconstruction
) -> None:
    area.set_reconstruction(reconstruction)
    area.set_view(replace(area.view(), mark_s=(1.0, 2.0), start_s=5.0))
    assert any(len(panel.reconstruction) for panel in area.scene().panels)
    area.set_recording(flat_recording(20.0))
    assert not any(len(panel.reconstruction) for panel in area.scene().panels)
    assert (area.view().mark_s, area.view().start_s) == (None, 0.0)


def test_without_a_recording_the_paper_is_empty() -> None:
    area = TraceArea()
    area.resize(600, 400)
    area.set_reconstruction(None)
    shown = rgb(area.grab().toImage())
    assert not close_to(shown, LIGHT.original).any()
    assert area.accessibleDescription() == "No recording"


def test_a_tooltip_names_model_and_bandwidth(
    area: TraceArea, reconstruction: Reconstruction
) -> None:
    area.set_reconstruction(reconstruction)
    label = next(p.label for p in area.scene().panels if p.cell.lead == "V5")
    place = QPoint(round(label.x) + 4, round(label.y) - 4)
    QApplication.sendEvent(area, QHelpEvent(QEvent.Type.ToolTip, place, area.mapToGlobal(place)))
    assert "test model" in QToolTip.text()
    assert "62.5 Hz" in QToolTip.text()
    QToolTip.hideText()


def test_screen_readers_hear_every_lead(area: TraceArea, reconstruction: Reconstruction) -> None:
    area.set_reconstruction(reconstruction)
    spoken = area.accessibleDescription()
    assert "I: measured" in spoken
    assert "aVF: derived" in spoken
    assert "V5: reconstructed from I, II, V2 by test model" in spoken

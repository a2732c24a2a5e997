"""The window on recordings longer than a page: time on the page, and the strip below."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from stand_ins import ecg, main_window, settle, show
from test_long_view import noisy
from waiting import wait_until

from ecgview.formats import open_recording, save_recording
from ecgview.gui.main_window import MainWindow
from ecgview.leads import LEADS


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))


@pytest.fixture
def window(qapp: object, tmp_path: Path) -> Iterator[MainWindow]:
    with main_window(tmp_path) as made:
        yield made


def page(window: MainWindow) -> tuple[float, float]:
    view = window.session.state.view
    return view.start_s, view.page_s


def press(window: MainWindow, text: str) -> None:
    window.actions_table[text].trigger()


def test_the_strip_is_there_where_a_page_is_not_all(window: MainWindow) -> None:
    show(window, ecg("short"))
    assert not window.overview.strip.isVisible()
    show(window, ecg("long", duration_s=60.0))
    assert window.overview.strip.isVisible()
    press(window, "time.whole")
    assert page(window) == (0.0, pytest.approx(60.0))
    assert not window.overview.strip.isVisible()
    press(window, "time.less")
    assert window.overview.strip.isVisible()
    press(window, "vectorcardiogram")
    assert not window.overview.strip.isVisible()


def test_more_and_less_time_about_the_middle(window: MainWindow) -> None:
    show(window, ecg("long", duration_s=60.0))
    window.session.change_view(start_s=20.0)
    press(window, "time.more")
    assert page(window) == (pytest.approx(17.5, abs=0.6), pytest.approx(15.0))
    press(window, "time.less")
    assert page(window) == (pytest.approx(20.0, abs=0.6), pytest.approx(10.0))
    for _ in range(9):
        press(window, "time.less")
    assert page(window)[1] == pytest.approx(1.0)
    press(window, "time.usual")
    assert page(window)[1] == pytest.approx(10.0)
    assert window.session.state.view.speed_mm_s == 25.0


def test_the_next_recording_has_the_usual_time_on_its_page(window: MainWindow) -> None:
    show(window, ecg("long", duration_s=60.0))
    press(window, "time.whole")
    show(window, ecg("next", duration_s=60.0))
    assert page(window) == (0.0, pytest.approx(10.0))
    window.session.change_view(speed_mm_s=50.0)
    show(window, ecg("third", duration_s=60.0))
    assert page(window) == (0.0, pytest.approx(5.0))


def test_an_unusual_time_is_not_remembered_for_the_next_run(window: MainWindow) -> None:
    show(window, ecg("long", duration_s=60.0))
    press(window, "time.whole")
    window.close()
    assert window.settings["view/speed_mm_s"] == 25.0


def test_the_strip_moves_the_page(window: MainWindow) -> None:
    show(window, ecg("long", duration_s=60.0))
    strip = window.overview.strip
    place = QPoint(round(strip.scale().x_of(45.0)), 20)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place)
    assert page(window)[0] == pytest.approx(40.0, abs=0.2)
    assert window.trace_area.view().start_s == page(window)[0]
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_PageUp)
    assert page(window)[0] == 0.0, "and not another file"
    assert window.session.state.recording.name == "long"


@pytest.mark.parametrize(
    "modifiers",
    [
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    ],
)
def test_the_wheel_zooms_in_time_about_the_pointer(window: MainWindow, modifiers) -> None:
    show(window, ecg("long", duration_s=60.0))
    area = window.trace_area
    window.session.change_view(start_s=20.0)
    place = QPointF(area.width() / 3, 300)
    time_s = area.page().time_of(place.x())
    alt = modifiers == Qt.KeyboardModifier.AltModifier
    turned = QPoint(-120, 0) if alt else QPoint(0, -120)
    event = QWheelEvent(
        place, area.mapToGlobal(place), QPoint(), turned, Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(area, event)
    assert page(window)[1] == pytest.approx(12.5)
    assert window.session.state.view.zoom == 1.0
    assert area.page().time_of(place.x()) == pytest.approx(time_s, abs=0.05)


def test_a_long_file_is_known_from_end_to_end_soon(window: MainWindow, tmp_path: Path) -> None:
    made = noisy(gap=False)
    path = save_recording("long", made.read(LEADS), 500.0, tmp_path, format="edf", leads=LEADS)
    for name in ("first", "again"):
        show(window, open_recording(path))
        assert window.session.state.recording is not None, name
        wait_until(lambda: window.overview.overviews.fraction == 1)
        press(window, "time.whole")
        scene = window.trace_area.scene()
        assert all(len(panel.original) > 100 for panel in scene.panels)
        assert window.overview.strip.words() == ""
    settle(window)

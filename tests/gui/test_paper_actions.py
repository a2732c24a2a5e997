"""What the paper shows, by menu and key: order, half gain, rhythm strips, layouts, halves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from stand_ins import ecg, main_window, settle, show

from ecgview.gui.action_groups.paper import rhythm_with
from ecgview.gui.actions import ACTIONS
from ecgview.gui.main_window import SMALLEST_PX, MainWindow
from ecgview.gui.memory import remembered_state
from ecgview.gui.theme import THEME_TITLES
from ecgview.gui.viewer.state import LAYOUTS

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    with main_window(tmp_path) as made:
        show(made, ecg())
        yield made


def names_drawn(window: MainWindow) -> list[str]:
    return [panel.label.name for panel in window.trace_area.scene().panels if panel.label]


@pytest.mark.parametrize(("number", "layout"), list(enumerate(LAYOUTS, 1)))
def test_digits_choose_layouts(window: MainWindow, number: int, layout: str) -> None:
    QTest.keyClick(window.trace_area, str(number))
    assert window.session.state.view.layout == layout
    assert window.actions_table[f"view.layout.{layout}"].isChecked()


def test_keys_turn_to_cabrera_and_half_gain_and_back(window: MainWindow) -> None:
    QTest.keyClick(window.trace_area, Qt.Key.Key_C, SHIFT)
    assert names_drawn(window)[::4][:3] == ["aVL", "I", "-aVR"]
    QTest.keyClick(window.trace_area, Qt.Key.Key_H, SHIFT)
    assert "chest leads 5" in window.trace_area.footer_text()
    QTest.keyClick(window.trace_area, Qt.Key.Key_C, SHIFT)
    QTest.keyClick(window.trace_area, Qt.Key.Key_H, SHIFT)
    assert names_drawn(window)[::4][:3] == ["I", "II", "III"]
    assert "chest" not in window.trace_area.footer_text()


def test_a_rhythm_lead_is_chosen_and_the_button_names_it(window: MainWindow) -> None:
    window.actions_table["rhythm.V1"].trigger()
    assert names_drawn(window)[-1] == "V1"
    button = window.findChild(QPushButton, "menu-layout")
    assert button is not None
    assert button.text().startswith("3×4 + V1")  # noqa: RUF001
    assert window.actions_table["rhythm.V1"].isChecked()
    assert not window.actions_table["rhythm.II"].isChecked()
    window.actions_table["view.layout.3x4+3"].trigger()
    assert names_drawn(window)[-3:] == ["V1", "II", "V5"]
    window.actions_table["view.layout.6x2"].trigger()
    assert not window.actions_table["rhythm.V1"].isEnabled()


def test_the_lead_chosen_last_stands_first() -> None:
    assert rhythm_with(("II", "V1", "V5"), "aVF") == ("aVF", "II", "V1")
    assert rhythm_with(("II", "V1", "V5"), "V5") == ("V5", "II", "V1")
    assert rhythm_with(("II",), "II") == ("II", "V1", "V5")


def test_original_and_reconstruction_stand_side_by_side(window: MainWindow) -> None:
    QTest.keyClick(window.trace_area, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    scene = window.trace_area.scene()
    assert [heading.text for heading in scene.headings] == ["Original", "Reconstruction"]
    drawn = {(p.cell.lead, p.cell.shows): p for p in scene.panels if p.cell.row < 3}
    for (lead, shows), panel in drawn.items():
        is_dashed = lead in ("V1", "V3", "V4", "V5", "V6") and shows == "reconstruction"
        assert (len(panel.reconstruction) > 0) == is_dashed
        assert (len(panel.original) > 0) != is_dashed
    assert len(drawn) == 24


def test_how_one_likes_the_paper_is_remembered_and_the_filters_are_not(
    qapp: QApplication, tmp_path: Path
) -> None:
    with main_window(tmp_path) as window:
        show(window, ecg())
        names = ("rhythm.aVF", "view.layout.3x4+3", "view.order.cabrera", "half_chest")
        for name in (*names, "view.show.side", "filter.high_pass_hz.0.5", "theme.contrast"):
            window.actions_table[name].trigger()
        settle(window)
    with main_window(tmp_path) as window:
        view = remembered_state(window.settings).view
        assert (view.layout, view.rhythm) == ("3x4+3", ("aVF", "II", "V1"))
        assert (view.order, view.half_chest, view.show) == ("cabrera", True, "side")
        assert not view.filters
        assert window.session.state.theme == "contrast"


@pytest.mark.parametrize(
    ("key", "stored", "read"),
    [
        ("view/layout", "3x4+II", "3x4+1"),
        ("view/layout", "7x7", "3x4+1"),
        ("view/rhythm", ["II", "X9"], ("II", "V1", "V5")),
        ("view/rhythm", ["V6", "V5", "V4"], ("V6", "V5", "V4")),
        ("view/order", "odd", "standard"),
    ],
)
def test_what_was_remembered_wrongly_or_long_ago_still_opens(
    tmp_path: Path, key: str, stored: object, read: object
) -> None:
    from ecgview.gui.settings import Settings

    class Store(dict):
        value = dict.get
        setValue = dict.__setitem__  # noqa: N815

    assert Settings(Store({key: stored}))[key] == read


def test_every_theme_is_in_the_menu() -> None:
    offered = {spec.id.removeprefix("theme.") for spec in ACTIONS if spec.id.startswith("theme.")}
    assert offered == set(THEME_TITLES)


def test_speed_and_gain_move_into_the_layouts_menu_where_there_is_no_room(
    window: MainWindow,
) -> None:
    button = window.findChild(QPushButton, "menu-layout")
    assert button is not None
    folded = {}
    for width in (SMALLEST_PX[0], 1700):
        window.resize(width, 800)
        window.session.change_view(show="reconstruction", layout="3x4+3")
        QApplication.processEvents()
        speed = window.findChild(QPushButton, "menu-speed")
        assert speed is not None
        menus = [m for m in button.menu().findChildren(QMenu) if m.title() == "Speed"]
        assert len(menus) == 1
        assert menus[0].menuAction().isVisible() != speed.isVisible()
        folded[width] = not speed.isVisible()
    assert not folded[1700]

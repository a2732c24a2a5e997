"""What macOS expects of menus and keys; its own menu bar cannot be had elsewhere."""

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar
from stand_ins import main_window

from ecgview.gui.actions import ACTIONS
from ecgview.gui.menus import fill_main_menu

KEPT_BY_MACOS = (
    "Ctrl+H", "Ctrl+Alt+H", "Ctrl+,", "Ctrl+Space", "Ctrl+Tab", "Ctrl+`", "Ctrl+Alt+D",
    "Ctrl+Alt+Esc", "Ctrl+Shift+3", "Ctrl+Shift+4", "Ctrl+Shift+5", "Ctrl+Shift+Q",
    "Ctrl+Meta+F", "Ctrl+Meta+Q", "Ctrl+Meta+Space",
)  # fmt: skip
"""As Qt writes them: its Ctrl is Command there (support.apple.com/102650)."""


@pytest.fixture
def menu_bar(qapp, tmp_path):
    with main_window(tmp_path) as window:
        recent = tmp_path / "setup.edf"
        recent.touch()
        window.settings.remember_file(recent)
        bar = QMenuBar(window)
        fill_main_menu(bar, window.actions_table, window.commands)
        for action in bar.actions():
            action.menu().aboutToShow.emit()
        yield bar


def entries(bar):
    """Every action below the bar, and the titles of submenus."""
    todo, found = [one.menu() for one in bar.actions()], []
    while todo:
        menu = todo.pop()
        menu.aboutToShow.emit()
        found += menu.actions()
        todo += [one.menu() for one in menu.actions() if one.menu() is not None]
    return found


def test_about_and_quit_go_to_the_menu_of_the_application_and_nothing_else(menu_bar):
    moved = {
        one.objectName(): one.menuRole()
        for one in entries(menu_bar)
        if one.menuRole() is not QAction.MenuRole.NoRole and one.menu() is None
        if not one.isSeparator()
    }
    assert moved == {"about": QAction.MenuRole.AboutRole, "quit": QAction.MenuRole.QuitRole}


def test_a_recent_file_is_no_settings_whatever_its_name(menu_bar):
    named = [one for one in entries(menu_bar) if one.text() == "setup.edf"]
    assert [one.menuRole() for one in named] == [QAction.MenuRole.NoRole]


def test_keys_of_the_system_are_left_alone():
    ours = {QKeySequence(key).toString() for spec in ACTIONS for key in spec.shortcuts}
    assert ours.isdisjoint(QKeySequence(key).toString() for key in KEPT_BY_MACOS)


def test_what_the_delete_key_removes_goes_with_the_delete_key_of_a_mac():
    """The key named delete on a Mac is the one named backspace elsewhere."""
    by_id = {spec.id: spec.shortcuts for spec in ACTIONS}
    assert "Backspace" in by_id["caliper.remove"]
    assert "Shift+Backspace" in by_id["caliper.clear"]

"""The menus: the table of actions, and what depends on files, models and devices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from ecgview.gui.actions import MENUS
from ecgview.gui.commands import Commands
from ecgview.gui.dynamic_lists import Item, demos, devices, models, parts, recent_files
from ecgview.gui.qt_actions import Actions


def fill_main_menu(target: QMenu | QMenuBar, actions: Actions, commands: Commands) -> None:
    """Put all menus into a menu bar, or into one menu.

    Parameters
    ----------
    target : QMenu or QMenuBar
        Empty.
    actions : Actions
        The table.
    commands : Commands
        For recent files, demos, models and devices.
    """
    for name in MENUS:
        menu = target.addMenu(name)
        actions.fill_menu(menu, name)
        if name == "File":
            _add_file_menus(menu, actions, commands)
        elif name == "Model":
            # What the table has for this menu stands below the models.
            own = menu.actions()
            menu.aboutToShow.connect(partial(_fill_models, menu, commands, own))


def _add_file_menus(menu: QMenu, actions: Actions, commands: Commands) -> None:
    recent, cases = QMenu("Open recent", menu), QMenu("Try the demo", menu)
    several = QMenu("Part of the file", menu)
    several.aboutToShow.connect(lambda: _fill(several, parts(commands)))
    menu.aboutToShow.connect(lambda: several.setEnabled(bool(parts(commands))))
    menu.insertMenu(actions["import.report"], several)
    recent.aboutToShow.connect(lambda: _fill(recent, recent_files(commands), "Nothing yet"))
    _fill(cases, demos(commands))
    after_opening = menu.actions()[menu.actions().index(actions["open.folder"]) + 1]
    for submenu in (recent, cases):
        menu.insertMenu(after_opening, submenu)


def _fill_models(menu: QMenu, commands: Commands, own: Sequence[QAction]) -> None:
    for action in own:
        menu.removeAction(action)
    _fill(menu, models(commands), "No model installed")
    menu.addSection("Device")
    _add(menu, devices(commands))
    menu.addActions(list(own))


def _fill(menu: QMenu, items: Sequence[Item], where_empty: str = "") -> None:
    menu.clear()
    _add(menu, items)
    if not items and where_empty:
        menu.addAction(where_empty).setEnabled(False)


def _add(menu: QMenu, items: Sequence[Item]) -> None:
    for item in items:
        # Qt takes a single ampersand of a file's name for a mark of its own.
        action = menu.addAction(item.text.replace("&", "&&"))
        action.setMenuRole(QAction.MenuRole.NoRole)  # whatever the name of a file says
        action.setToolTip(item.tip or item.text)
        action.setCheckable(item.checked is not None)
        action.setChecked(bool(item.checked))
        action.triggered.connect(lambda *_, item=item: item.do())

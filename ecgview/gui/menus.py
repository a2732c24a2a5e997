"""The menus: the table of actions, and what depends on files, models and devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from ecgview.gui.actions import MENUS
from ecgview.gui.commands import Commands
from ecgview.gui.model_panel import DEVICE_TITLES, menu_title
from ecgview.gui.qt_actions import Actions
from ecgview.gui.start_page import CASE_TITLES


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
            menu.aboutToShow.connect(partial(_fill_models, menu, commands))


def _add_file_menus(menu: QMenu, actions: Actions, commands: Commands) -> None:
    recent, demos = QMenu("Open recent", menu), QMenu("Try the demo", menu)
    parts = QMenu("Part of the file", menu)
    parts.aboutToShow.connect(partial(_fill_parts, parts, commands))
    menu.aboutToShow.connect(lambda: parts.setEnabled(len(_parts_of(commands)) > 1))
    menu.insertMenu(actions["import.report"], parts)
    recent.aboutToShow.connect(partial(_fill_recent, recent, commands))
    for case, title in CASE_TITLES.items():
        _add(demos, title, partial(commands.open_demo, case))
    for submenu in (recent, demos):
        menu.insertMenu(actions["close"], submenu)


def _parts_of(commands: Commands) -> tuple[str, ...]:
    recording = commands.session.state.recording
    return recording.parts if recording is not None else ()


def _fill_parts(menu: QMenu, commands: Commands) -> None:
    menu.clear()
    recording = commands.session.state.recording
    for part in _parts_of(commands):
        shown = recording is not None and part == recording.part
        _add(menu, part, partial(commands.importing.open_part, part), shown)


def _fill_recent(menu: QMenu, commands: Commands) -> None:
    menu.clear()
    for path in commands.settings.recent_files():
        _add(menu, path.name, partial(commands.open_paths, [path])).setToolTip(str(path))
    if menu.isEmpty():
        menu.addAction("Nothing yet").setEnabled(False)


def _fill_models(menu: QMenu, commands: Commands) -> None:
    session = commands.session
    state = session.state
    menu.clear()
    for card in state.models:
        title = menu_title(card, state.models)
        text = f"{title} ({card.headline})" if card.headline else title
        _add(menu, text, partial(session.set_model, card.name), card.name == state.model)
    if not state.models:
        menu.addAction("No model installed").setEnabled(False)
    menu.addSection("Device")
    for name in ("auto", *state.devices):
        title = DEVICE_TITLES.get(name, name)
        _add(menu, title, partial(session.set_device, name), name == state.device)


def _add(menu: QMenu, text: str, do: Callable[[], object], checked: bool | None = None) -> QAction:
    action = menu.addAction(text)
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    action.triggered.connect(lambda *_: do())
    return action

"""The table of actions as Qt's own, kept in step with the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ecgview.gui.action_spec import ActionSpec
from ecgview.gui.actions import ACTIONS
from ecgview.gui.state import SessionState

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands


# Left to itself, Qt goes by the words: a file called "setup" would become the settings on macOS.
MENU_ROLES = {
    "": QAction.MenuRole.NoRole,
    "about": QAction.MenuRole.AboutRole,
    "quit": QAction.MenuRole.QuitRole,
}


class Actions:
    """The table as Qt actions, kept in step with the state.

    Parameters
    ----------
    window : QWidget
        The shortcuts work while it is active.
    commands : Commands
        What the actions are done with.
    """

    def __init__(self, window: QWidget, commands: Commands) -> None:
        self._window = window
        self._actions = {spec.id: self._make(spec, commands) for spec in ACTIONS}
        window.addActions(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def _make(self, spec: ActionSpec, commands: Commands) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.id)
        action.setMenuRole(MENU_ROLES[spec.role])
        action.setShortcuts([QKeySequence(key) for key in spec.shortcuts])
        action.setCheckable(spec.checked is not None)
        action.triggered.connect(lambda *_: self._do(spec, commands))
        return action

    def _do(self, spec: ActionSpec, commands: Commands) -> None:
        spec.do(commands)
        # Qt has flipped the check mark; the state says what it is.
        self._refresh(spec, commands.session.state)

    def refresh(self, state: SessionState) -> None:
        """Enable and check every action as the state says."""
        for spec in ACTIONS:
            self._refresh(spec, state)

    def _refresh(self, spec: ActionSpec, state: SessionState) -> None:
        action = self._actions[spec.id]
        action.setEnabled(spec.enabled(state))
        if spec.caption is not None:
            action.setText(spec.caption(state))
        if spec.checked is not None:
            action.setChecked(spec.checked(state))

    def fill_menu(self, menu: QMenu, name: str) -> None:
        """Put the actions of a menu, and its submenus, into a Qt menu.

        Parameters
        ----------
        menu : QMenu
            To fill.
        name : str
            Such as ``View``. A line above the first action of a submenu stands above the submenu.
        """
        submenus: dict[str, QMenu] = {}
        for spec in ACTIONS:
            place, _, submenu = spec.menu.partition("/")
            if place != name:
                continue
            target = menu
            is_new = submenu and submenu not in submenus
            if spec.section and is_new:
                menu.addSeparator()
            if is_new:
                submenus[submenu] = menu.addMenu(submenu)
            if submenu:
                target = submenus[submenu]
            if spec.section and not is_new:
                target.addSeparator()
            target.addAction(self._actions[spec.id])

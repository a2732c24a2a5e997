"""The right side of the viewer: panels behind tabs, one shown at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.session import Session
from ecgview.gui.text_size import hold
from ecgview.gui.widgets import button

PANEL_WIDTH_PX = 292
PANEL_SHARE = 0.8
"""How much of the growth of words the panel follows."""


class SidePanel(QFrame):
    """The panels; `state.side` names the one shown.

    Parameters
    ----------
    session : Session
        Shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._tabs: dict[str, QPushButton] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._panels: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._group = QButtonGroup(self)
        self.setObjectName("side-panel")
        self.setProperty("panel", "true")
        self.setProperty("edge", "left")
        self.setAccessibleName("Side panel")
        hold(self, width=PANEL_WIDTH_PX, share=PANEL_SHARE)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(14, 10, 14, 0)
        self._row.setSpacing(2)
        self._row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(self._stack, 1)
        session.side_changed.connect(self.refresh)

    def add(self, name: str, title: str, make: Callable[[], QWidget]) -> None:
        """Put a panel behind a tab.

        Parameters
        ----------
        name : str
            What `state.side` calls it.
        title : str
            One short word.
        make : callable
            Gives the panel, as wide as `PANEL_WIDTH_PX` less the edge; called when it is first
            shown.
        """
        tab = button(title, checkable=True, segment="tab", tip=f"Show the panel {title}")
        tab.setObjectName(f"side-{name}")
        tab.clicked.connect(lambda _: self._session.update(side=name))
        self._group.addButton(tab)
        self._row.insertWidget(self._row.count() - 1, tab)
        if self._tabs:  # Tab goes along the tabs before it goes into a panel
            QWidget.setTabOrder(list(self._tabs.values())[-1], tab)
        self._tabs[name], self._makers[name] = tab, make
        self.refresh()

    def panel(self, name: str) -> QWidget:
        """Give a panel, shown or not; it is made when it is first asked for."""
        if name not in self._panels:
            made = self._panels[name] = self._makers[name]()
            self._stack.addWidget(made)
            self.made(made)
        return self._panels[name]

    def made_panels(self) -> tuple[QWidget, ...]:
        """Give the panels that were asked for already."""
        return tuple(self._panels.values())

    def made(self, panel: QWidget) -> None:
        """Take a panel that was just made; for those who inherit."""

    def refresh(self) -> None:
        """Show the panel that the state names; the first where it names none of them."""
        wanted = self._session.state.side
        name = wanted if wanted in self._makers else next(iter(self._makers), "")
        if not name:
            return
        self._stack.setCurrentWidget(self.panel(name))
        self._tabs[name].setChecked(True)

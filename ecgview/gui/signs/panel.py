"""The list of signs, calm: a sentence each, the rest on demand, and it can be put away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ecgview.gui.widgets import button, label

if TYPE_CHECKING:
    from ecgview.engine.signs.sign import Sign
    from ecgview.gui.session import Session


class SignRow(QFrame):
    """One sign.

    Parameters
    ----------
    sign : Sign
        What it says.
    on_show, on_dismiss : callable
        Called with the sign.
    """

    def __init__(
        self, sign: Sign, on_show: Callable[[Sign], None], on_dismiss: Callable[[Sign], None]
    ) -> None:
        super().__init__()
        self.sign = sign
        self.setObjectName("sign-row")
        self._message = label(sign.message, wrap=True)
        self._message.setObjectName("sign-message")
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rate = sign.rate.words if sign.rate is not None else ""
        self._details = label("\n".join(filter(None, (sign.hint, rate))), "secondary", wrap=True)
        self._details.setObjectName("sign-details")
        self._details.hide()
        self._more = button("Why?", role="link", checkable=True, tip="What it may mean, and how "
                            "often such a sign is right")  # fmt: skip
        self._more.setObjectName("sign-more")
        self._more.toggled.connect(self._details.setVisible)
        show = button("Show", partial(on_show, sign), role="link", tip="Show the leads it is about")
        show.setObjectName("sign-show")
        show.setVisible(bool(sign.leads) or sign.at_s is not None)
        close = button("Dismiss", partial(on_dismiss, sign), role="link",
                       tip="Put this sign away, for this recording")  # fmt: skip
        close.setObjectName("sign-dismiss")
        for one in (self._more, show, close):
            one.setAccessibleName(f"{one.text()}: {sign.message}")
        self.setToolTip(rate)
        self._lay_out((self._more, show, close))

    def _lay_out(self, links: Sequence[QWidget]) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for link in links:
            row.addWidget(link)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self._message)
        column.addWidget(self._details)
        column.addLayout(row)


class SignList(QWidget):
    """All signs of what is shown; nothing at all where there is none.

    Parameters
    ----------
    session : Session
        Shown.
    light_up : callable
        Called with the leads that a sign is about.
    """

    def __init__(self, session: Session, light_up: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__()
        self._session, self._light_up = session, light_up
        self._shown: tuple[Sign, ...] = ()
        self.setObjectName("sign-list")
        self.setAccessibleName("Signs that this recording is unusual")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(label("Signs", "heading"))
        self.hide()
        session.signs_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what the state says."""
        shown = self._session.state.signs.shown
        if shown == self._shown:
            return
        self._shown = shown
        for row in self.findChildren(SignRow):
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for sign in shown:
            self._column.addWidget(SignRow(sign, self._show, self._session.signs.dismiss))
        self._light_up(())
        self.setVisible(bool(shown))

    def _show(self, sign: Sign) -> None:
        self._light_up(sign.leads)
        self._session.signs.go_to(sign)

"""The pages of the window, and the switcher between them at the left of the top bar."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy

from ecgview.gui.session import Session
from ecgview.gui.widgets import button

PAGES = {
    "viewer": "Viewer",
    "library": "Library",
    "leadmap": "Lead map",
    "agreement": "Agreement",
    "training": "Training",
}
"""Titles of the pages by name."""


class PageSwitcher(QFrame):
    """One segment for each page; the one shown is filled.

    Parameters
    ----------
    session : Session
        Its state says which page is shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setProperty("switcher", "true")
        self.setAccessibleName("Pages")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._segments: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for page, title in PAGES.items():
            segment = button(title, checkable=True, segment="page", tip=f"Show the page {title}")
            segment.setObjectName(f"page-{page}")
            segment.clicked.connect(lambda _, page=page: session.update(page=page))
            group.addButton(segment)
            row.addWidget(segment)
            self._segments[page] = segment
        session.page_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Fill the segment of the page shown."""
        self._segments[self._session.state.page].setChecked(True)

    def note(self, page: str, words: str, tip: str) -> None:
        """Put a word on what a page is doing behind its title.

        Parameters
        ----------
        page : str
            Key of `PAGES`.
        words : str
            Such as ``43 %``; empty for nothing.
        tip : str
            The whole sentence, for the tooltip.
        """
        segment = self._segments[page]
        segment.setText(f"{PAGES[page]} · {words}" if words else PAGES[page])
        segment.setToolTip(tip or f"Show the page {PAGES[page]}")

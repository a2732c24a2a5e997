"""Which panels of the window are shown, and whether it fills the screen, as the state says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow


class WindowShape(QObject):
    """Keeps the window in the shape of the state, and the state in that of the window.

    Parameters
    ----------
    window : MainWindow
        With its panels; its geometry was restored.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        session = window.session
        session.update(full_screen=window.isFullScreen())
        session.shape_changed.connect(self.refresh)
        session.teaching_changed.connect(self.refresh)
        window.installEventFilter(self)
        self.refresh()

    def refresh(self) -> None:
        """Shape the window."""
        window, state = self._window, self._window.session.state
        window.lead_panel.setVisible(state.lead_panel)
        # The panel has the figures, which would give a lesson's answer away.
        window.side_panel.setVisible(state.side_panel and not state.teaching.is_guessing)
        if state.full_screen != window.isFullScreen():
            # What it was before, such as maximised, stays beside it and comes back.
            window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Learn of a change that came from the system."""
        if event.type() == QEvent.Type.WindowStateChange:
            is_full = self._window.isFullScreen()
            if is_full != self._window.session.state.full_screen:
                self._window.session.update(full_screen=is_full)
        return super().eventFilter(watched, event)

"""Keeps the true scale in step with the screen that the window is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QScreen

from ecgview.gui.calibration.screens import USUAL_PX_PER_MM, keep, measured, screen_key
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT

if TYPE_CHECKING:
    from ecgview.gui.calibration.dialog import CalibrationDialog
    from ecgview.gui.main_window import MainWindow


class Calibrating(QObject):
    """Asks for the size of a millimetre, and uses what was measured on the window's screen.

    Parameters
    ----------
    session : Session
        Its view has the scale.
    settings : Settings
        What was measured is kept there.
    window : MainWindow
        On the screen in question.
    """

    def __init__(self, session: Session, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._screen: QScreen | None = None
        window.painted.connect(self._follow)

    def _follow(self) -> None:
        """Use what was measured on the screen, now and on any other the window is moved to."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self.apply)
        self.apply()

    def apply(self, *_: object) -> None:
        """Use what was measured on the screen that the window is on."""
        screen = self._window.screen()
        if screen is not self._screen:
            self._screen = screen
            # The same screen at another resolution or scale has other pixels.
            screen.geometryChanged.connect(self.apply)
            screen.logicalDotsPerInchChanged.connect(self.apply)
        px_per_mm = measured(self._settings, screen_key(screen))
        self._session.change_view(
            px_per_mm=px_per_mm or USUAL_PX_PER_MM, calibrated=px_per_mm is not None
        )

    def ask(self) -> CalibrationDialog:
        """Let the user measure the screen."""
        from ecgview.gui.calibration.dialog import CalibrationDialog

        key = screen_key(self._window.screen())
        view = self._session.state.view
        theme = self._window.theme or LIGHT
        dialog = CalibrationDialog(theme, view.px_per_mm, key, view.calibrated, self._window)

        def take() -> None:
            keep(self._settings, key, None if dialog.is_forgotten else dialog.px_per_mm)
            self.apply()
            if not dialog.is_forgotten:
                self._session.change_view(scale="true", zoom=1.0)

        dialog.accepted.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

"""Files that the system hands to the running program.

On macOS a double-click in the Finder, a file dropped on the Dock's icon and ``open -a ecgview``
send an event for each file to the application object, whether the window is there yet or not;
elsewhere such files stand on the command line of a new process.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow

TOGETHER_MS = 50
"""Files that come within this time of each other are opened together."""


class Application(QApplication):
    """The application object; it keeps the files handed to it until a window takes them.

    Its own events are looked at and no others: a filter would see every event of every widget.

    Parameters
    ----------
    arguments : sequence of str
        The program's name, and options of Qt.
    """

    handed = Signal()
    """A file has come."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self._files: list[Path] = []

    def event(self, event: QEvent) -> bool:
        """Keep a file that the system hands over; addresses of the network are none."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._files.append(Path(event.file()))
            self.handed.emit()
            return True
        return super().event(event)

    def has_files(self) -> bool:
        """Tell whether files wait for a window."""
        return bool(self._files)

    def take_files(self) -> list[Path]:
        """Give the files that have come, each once, in their order; they are then forgotten."""
        files, self._files = list(dict.fromkeys(self._files)), []
        return files


class SystemFiles(QObject):
    """Opens in a window what the system hands over, as if it had been dropped on it.

    While the window asks something, files wait until that is answered: what is asked about must
    not change under the question.

    Parameters
    ----------
    application : Application
        Gets the files, maybe some already.
    window : MainWindow
        Opens them; owns this object.
    """

    def __init__(self, application: Application, window: MainWindow) -> None:
        super().__init__(window)
        self._application, self._window = application, window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOGETHER_MS)
        self._timer.timeout.connect(self._open)
        application.handed.connect(self._timer.start)
        window.installEventFilter(self)
        if application.has_files():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Go on when the window's question has been answered."""
        if event.type() == QEvent.Type.WindowUnblocked and self._application.has_files():
            self._timer.start()
        return super().eventFilter(watched, event)

    def _open(self) -> None:
        if not self._application.has_files():
            return
        _bring_forward(self._window)
        if QApplication.activeModalWidget() is not None:
            self._window.say("The file that was double-clicked is opened after this question.")
            return
        self._window.commands.open_paths(self._application.take_files())


def _bring_forward(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()


def leave_the_root() -> None:
    """Go home where the program was started in the root of a disk, as the Finder starts it.

    Dialogs for files begin where the program is, until a folder is known.
    """
    with contextlib.suppress(OSError):  # nowhere to go, or from a folder that is gone
        if Path.cwd() == Path(Path.cwd().anchor):
            os.chdir(Path.home())


def take_system_files(window: MainWindow) -> None:
    """Open in a window what the system hands to this program, from now on and up to now.

    Parameters
    ----------
    window : MainWindow
        That of the program.
    """
    application = QApplication.instance()
    if isinstance(application, Application):
        SystemFiles(application, window)

"""What is said when there is no window yet to say it in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ecgview.errors import EcgviewError


def show_message(text: str) -> None:
    """Show a message in a box and wait until it is read.

    Windows has boxes of its own, which work where Qt is what is broken.
    """
    if sys.platform == "win32":
        import ctypes

        icon_of_errors = 0x10
        ctypes.windll.user32.MessageBoxW(None, text, "ecgview", icon_of_errors)
        return
    from PySide6.QtWidgets import QMessageBox

    from ecgview.gui.app import make_application

    with telling_why(lambda error: None):  # who has no screen has the words elsewhere
        make_application()
    box = QMessageBox(QMessageBox.Icon.Critical, "ecgview", text)
    box.exec()


@contextmanager
def telling_why(tell: Callable[[EcgviewError], object]) -> Iterator[None]:
    """Tell in a sentence why Qt does not start; it would abort the process with a dump of memory.

    Parameters
    ----------
    tell : callable
        Given the reason; the process then ends with status 1.
    """
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        said.append(words.strip().split("\n")[0].rstrip(".") + ".")
        if kind is QtMsgType.QtFatalMsg:
            tell(EcgviewError("No window can be opened on this screen.", " ".join(said)))
            os._exit(1)  # Qt goes on to abort when this returns

    earlier = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(earlier)

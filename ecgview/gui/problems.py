"""Problems told to people: calm sentences for the foreseen, one dialog for the rest."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ecgview.errors import EcgviewError
from ecgview.gui.banner import Remark
from ecgview.gui.problem_log import log_entry, write_entry
from ecgview.gui.text_size import scaled
from ecgview.paths import user_log_file

_LOGGER = logging.getLogger("ecgview")


class Problems(QObject):
    """Sorts problems into remarks for the banner and unexpected ones for a dialog and the log.

    Parameters
    ----------
    log_file : Path, optional
        Where unexpected problems are written; the user's log by default.
    parent : QObject, optional
        Owner.
    """

    remark = Signal(object)
    unexpected = Signal(str, str)
    _caught = Signal(object, str)

    def __init__(self, log_file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log_file = log_file or user_log_file()
        # Threads other than the window's may report: the signal carries it over.
        self._caught.connect(self.report)

    def report(self, error: BaseException, details: str = "") -> None:
        """Tell people about an exception.

        Parameters
        ----------
        error : BaseException
            What was raised.
        details : str
            Its traceback.
        """
        if isinstance(error, EcgviewError):
            self.remark.emit(Remark(error.message, error.hint))
            return
        details = details or "".join(traceback.format_exception(error))
        self._write_log(error)
        self.unexpected.emit(f"{type(error).__name__}: {error}", details)

    def _write_log(self, error: BaseException) -> None:
        try:
            write_entry(self.log_file, log_entry(error))
        except OSError as failure:
            _LOGGER.warning("The log could not be written: %s", failure.strerror)

    def install_hooks(self) -> Callable[[], None]:
        """Catch what nothing else caught, in every thread.

        Returns
        -------
        callable
            Puts the earlier hooks back.
        """
        earlier = sys.excepthook, threading.excepthook

        def on_exception(
            kind: type[BaseException], error: BaseException, trace: TracebackType | None
        ) -> None:
            if issubclass(kind, KeyboardInterrupt):
                earlier[0](kind, error, trace)
                return
            self._caught.emit(error, "".join(traceback.format_exception(kind, error, trace)))

        def on_thread_exception(args: Any) -> None:
            on_exception(args.exc_type, args.exc_value, args.exc_traceback)

        def restore() -> None:
            sys.excepthook, threading.excepthook = earlier

        sys.excepthook, threading.excepthook = on_exception, on_thread_exception
        return restore


class UnexpectedDialog(QDialog):
    """Shows one unexpected problem with its details and where the log is.

    Parameters
    ----------
    summary, details : str
        The exception in a line, and its traceback.
    log_file : Path
        Named in the text.
    parent : QWidget
        Owner.
    """

    def __init__(self, summary: str, details: str, log_file: Path, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unexpected problem")
        self.setMinimumWidth(scaled(560))
        heading = QLabel("Something went wrong that ecgview did not foresee.")
        heading.setProperty("role", "heading")
        text = QLabel(
            "Your recordings are untouched and you can go on working. Please report it with the "
            "details below; look first whether they name a file or a patient. Where it happened, "
            f"without any names, is also in\n{log_file}"
        )
        text.setWordWrap(True)
        line = QLabel(summary)
        line.setWordWrap(True)
        line.setProperty("role", "secondary")
        self._details = QPlainTextEdit(details)
        self._details.setTabChangesFocus(True)
        self._details.setReadOnly(True)
        self._details.setAccessibleName("Details")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        for widget in (heading, text, line, self._details):
            column.addWidget(widget)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton("Copy details")
        copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self._details.toPlainText())
        )
        close = QPushButton("Go on")
        close.setProperty("primary", "true")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(copy)
        row.addWidget(close)
        return row


class UnexpectedProblems(QObject):
    """Shows unexpected problems over a window, one at a time: the log has them all.

    Parameters
    ----------
    problems : Problems
        Tells them.
    window : QWidget
        The dialogs belong to it.
    """

    def __init__(self, problems: Problems, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._log_file = window, problems.log_file
        self._shown: UnexpectedDialog | None = None
        problems.unexpected.connect(self._show)

    def _show(self, summary: str, details: str) -> None:
        if self._shown is None:
            self._shown = UnexpectedDialog(summary, details, self._log_file, self._window)
            self._shown.finished.connect(self._on_read)
            self._shown.open()

    def _on_read(self) -> None:
        if self._shown is not None:
            self._shown.deleteLater()
            self._shown = None

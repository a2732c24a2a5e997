"""Copies what is on screen as a command, as Python, or as the methods of a paper."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ecgview.gui.banner import Remark
from ecgview.gui.leadmap.script import map_script_of
from ecgview.gui.scripting.descriptions import script_of, setting_of, shown_name
from ecgview.gui.scripting.pages import library_script_of, study_script_of, training_script_of
from ecgview.gui.session import Session

if TYPE_CHECKING:
    from ecgview.export.script import Script
    from ecgview.gui.main_window import MainWindow

Form = Literal["command", "python"]
SHOWN = "shown"
"""Stands for the result that is in front."""


class Scripting(QObject):
    """What the actions of *Copy as command* and *Copy as Python* do.

    Parameters
    ----------
    session : Session
        Its state is described.
    window : MainWindow
        Says what was copied.
    """

    def __init__(self, session: Session, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def copy(self, name: str, form: Form) -> None:
        """Copy a result as a script.

        Parameters
        ----------
        name : str
            One of `descriptions.TITLES`, or `SHOWN` for what is in front.
        form : {"command", "python"}
            A line for the terminal, or a program.
        """
        script = self._script(name)
        if script is None:
            self._window.complain(
                Remark("There is nothing to make a script of yet.", "Choose a folder first.")
            )
            return
        if form == "python":
            self._put(script.python)
            self._window.say(f"{script.title} copied as a Python program")
        elif script.command:
            self._copy_command(script)
        else:
            self._window.complain(
                Remark(
                    "A simulated ECG has no file that a command could open.",
                    "Copy as Python, or save the recording first.",
                )
            )

    def copy_methods(self) -> None:
        """Copy the paragraph that says how leads were reconstructed and compared."""
        card = self._session.state.card
        if card is None:
            return
        from ecgview.export.methods import methods_paragraph

        self._put(methods_paragraph(card, setting_of(self._session.state)))
        self._window.say(f"Methods paragraph of the model “{card.name}” copied")

    def _script(self, name: str) -> Script | None:
        state = self._session.state
        if name == SHOWN and state.page == "library":
            return library_script_of(self._window.library.library)
        if name == SHOWN and state.page == "agreement":
            return study_script_of(self._window.study.study)
        if name == SHOWN and state.page == "leadmap":
            return map_script_of(self._window.leadmap.map, self._session.files.corrections)
        if name == SHOWN and state.page == "training":
            return training_script_of(self._window.training.training)
        name = shown_name(state) if name == SHOWN else name
        return script_of(state, name, self._session.files.corrections)

    def _copy_command(self, script: Script) -> None:
        from ecgview.export.shell import shell_line

        line = shell_line(script.command, "windows" if sys.platform == "win32" else "posix")
        self._put(line)
        self._window.say(f"Copied. {script.remark}" if script.remark else f"Copied: {line}")

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

"""Files that must be asked about: one dialog at a time, and one for all files of a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.gui.importing.remembering import SessionCorrections

if TYPE_CHECKING:
    from ecgview.gui.importing.dialog import ImportDialog

OpenFiles = Callable[[Sequence[Path], ImportOptions | None], None]


@dataclass(frozen=True)
class Question:
    """A file that does not say all that is needed to show it.

    Attributes
    ----------
    preview : ImportPreview
        What could be told.
    then : callable
        Opens files with what the user says; with None, as remembered for their kind.
    """

    preview: ImportPreview
    then: OpenFiles


class Questions(QObject):
    """Asks one question after the other.

    Parameters
    ----------
    parent : QObject
        Owner.
    corrections : SessionCorrections
        Where answers for a kind of file are kept.
    show : callable
        Makes and shows the dialog for a preview.
    complain : callable
        Takes an exception that kept an answer from being remembered.
    """

    def __init__(
        self,
        parent: QObject,
        corrections: SessionCorrections,
        show: Callable[[ImportPreview], ImportDialog],
        complain: Callable[[Exception], None],
    ) -> None:
        super().__init__(parent)
        self._corrections = corrections
        self._show = show
        self._complain = complain
        self._waiting: list[Question] = []
        self._dialog: ImportDialog | None = None

    def ask(self, preview: ImportPreview, then: OpenFiles) -> None:
        """Ask about a file, once those before it are answered."""
        self._waiting.append(Question(preview, then))
        if self._dialog is None:
            self._next()
        else:
            self._dialog.set_waiting(len(self._alike()))

    def _next(self) -> None:
        self._dialog = None
        if self._waiting:
            self._dialog = self._show(self._waiting[0].preview)
            self._dialog.set_waiting(len(self._alike()))
            self._dialog.finished.connect(self._on_finished)

    def _alike(self) -> list[Question]:
        """Give the question that is shown and those about the same kind of file."""
        first = self._waiting[0]
        kind = first.preview.kind
        rest = self._waiting[1:] if kind else []
        return [first, *(one for one in rest if one.preview.kind == kind)]

    def _on_finished(self, result: int) -> None:
        dialog, answered = self._dialog, self._alike()
        assert dialog is not None
        if not (dialog.is_for_all or dialog.is_to_be_remembered):
            answered = answered[:1]
        if result == QDialog.DialogCode.Accepted:
            self._answer(dialog, answered)
        self._waiting = [one for one in self._waiting if one not in answered]
        self._next()

    def _answer(self, dialog: ImportDialog, answered: Sequence[Question]) -> None:
        options: ImportOptions | None = dialog.options()
        assert options is not None
        kind = answered[0].preview.kind
        is_kept = kept(dialog, kind, options, self._corrections, self._complain)
        if is_kept and options.part is None:
            options = None  # what is kept for the kind will be found
        files: dict[OpenFiles, list[Path]] = {}
        for one in answered:
            files.setdefault(one.then, []).append(one.preview.path)
        for then, paths in files.items():
            then(paths, options)


def kept(
    dialog: ImportDialog,
    kind: str,
    options: ImportOptions,
    corrections: SessionCorrections,
    complain: Callable[[Exception], None],
) -> bool:
    """Keep an answer for its kind of file as the user wishes; tell whether it is kept."""
    if not kind or not (dialog.is_to_be_remembered or dialog.is_for_all):
        return False
    try:
        if dialog.is_to_be_remembered:
            corrections.remember(kind, options)
        else:
            corrections.hold(kind, options)
    except Exception as error:
        complain(error)
        return False
    return True

"""Converts or anonymises all recordings of a folder, with what could not be written listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.conversion import (
    AnonymisationTask,
    ConversionTask,
    Written,
    anonymise_files,
    convert_files,
)
from ecgview.engine.events import Event, Failed, Progress
from ecgview.errors import EcgviewError
from ecgview.formats.corrections import Corrections
from ecgview.formats.writers import WRITERS
from ecgview.gui.jobs import Broken, Cancelled, Job, Lane, Outcome
from ecgview.gui.settings import Settings
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import button, label

WIDTH_PX = 600
_LIST_HEIGHT_PX = 120
_KEEP = "Write the patient's name and numbers, dates and the files' comments too"
_ANONYMISE = "Anonymise: only samples, sex, age and codes of beats; files are named ecg-0001, ..."


class ConvertDialog(QDialog):
    """The dialog.

    Parameters
    ----------
    settings : Settings
        Last folder and format.
    corrections : Corrections
        What is remembered of kinds of files.
    parent : QWidget, optional
        Owner.
    """

    def __init__(
        self, settings: Settings, corrections: Corrections, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._corrections = corrections
        self._lane = Lane(self)
        self._job: Job | None = None
        self._n_written = self._n_failed = 0
        self.setWindowTitle("Convert a folder")
        self.setMinimumWidth(scaled(WIDTH_PX))
        self._from, self._to = QLineEdit(settings["files/folder"]), QLineEdit()
        self._from.setAccessibleName("Folder to read")
        self._to.setAccessibleName("Folder to write")
        self._to.setPlaceholderText("another folder")
        self._format = QComboBox()
        self._format.setAccessibleName("Format")
        for key, writer in WRITERS.items():
            self._format.addItem(f"{writer.name} ({writer.ending})", key)
        self._format.setCurrentIndex(max(self._format.findData(settings["export/format"]), 0))
        self._anonymise, self._patient = QCheckBox(_ANONYMISE), QCheckBox(_KEEP)
        self._replace = QCheckBox("Replace files that are there already")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setProperty("big", "true")
        self._said = label("", "secondary", wrap=True)
        self._said.setObjectName("convert-said")
        self._failures = QPlainTextEdit()
        self._failures.setTabChangesFocus(True)
        self._failures.setReadOnly(True)
        self._failures.setAccessibleName("What could not be written")
        self._failures.setFixedHeight(_LIST_HEIGHT_PX)
        self._start = button("Convert", self.start, primary="true")
        self._start.setDefault(True)
        self._close = button("Close", self._on_close)
        self._choosers: list[QWidget] = []
        self._lay_out()
        for widget in (self._progress, self._failures):
            widget.hide()
        for field in (self._from, self._to):
            field.textChanged.connect(self._check)
        self._anonymise.toggled.connect(self._check)
        self._check()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (title, field) in enumerate((("From", self._from), ("To", self._to))):
            grid.addWidget(label(title), row, 0)
            grid.addWidget(field, row, 1)
            chooser = button("Choose…", partial(self._choose, field))
            self._choosers.append(chooser)
            grid.addWidget(chooser, row, 2)
        grid.addWidget(label("Format"), 2, 0)
        grid.addWidget(self._format, 2, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        column.addWidget(label("Convert all recordings of a folder", "heading"))
        column.addLayout(grid)
        for widget in (self._anonymise, self._patient, self._replace):
            column.addWidget(widget)
        for part in (self._progress, self._said, self._failures):
            column.addWidget(part)
        column.addLayout(buttons)

    def done(self, result: int) -> None:
        """Stop the worker with the dialog."""
        self._lane.stop()
        super().done(result)

    def _choose(self, field: QLineEdit) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose a folder", field.text())
        if name:
            field.setText(name)

    def _check(self) -> None:
        """Allow what makes sense; a batch never writes into the folder that it reads."""
        source, target = self._from.text().strip(), self._to.text().strip()
        is_running = self._job is not None
        same = bool(target) and Path(source).resolve() == Path(target).resolve()
        anonymise = self._anonymise.isChecked()
        self._patient.setEnabled(not anonymise and not is_running)
        self._start.setText("Anonymise" if anonymise else "Convert")
        self._start.setEnabled(bool(source and target) and not same and not is_running)
        self._close.setText("Cancel" if is_running else "Close")
        if not is_running:
            self._said.setText("Choose another folder to write to." if same else "")
        fields = (self._from, self._to, self._format, self._anonymise, self._replace)
        for widget in (*fields, *self._choosers):
            widget.setEnabled(not is_running)

    def _events(self) -> Iterable[Event]:
        source = [Path(self._from.text().strip())]
        output, file_format = Path(self._to.text().strip()), str(self._format.currentData())
        replaces, corrections = self._replace.isChecked(), self._corrections
        if self._anonymise.isChecked():
            anonymisation = AnonymisationTask(
                output, file_format, replaces, corrections=corrections
            )
            return anonymise_files(source, anonymisation)
        keeps = self._patient.isChecked()
        conversion = ConversionTask(
            output, file_format, replaces, corrections=corrections, keep_patient=keeps
        )
        return convert_files(source, conversion)

    def start(self) -> None:
        """Convert in the worker."""
        self._settings["export/format"] = str(self._format.currentData())
        self._n_written = self._n_failed = 0
        self._failures.clear()
        self._failures.hide()
        self._progress.setRange(0, 0)
        self._progress.show()
        self._said.setText("Searching for recordings")
        events = self._events()  # made here: the fields belong to this thread
        self._job = self._lane.submit(lambda: events, self._on_ended, self._on_event)
        self._check()

    def _on_close(self) -> None:
        if self._job is None:
            self.accept()
        else:
            self._job.cancel()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Written):
            self._n_written += 1
        elif isinstance(event, Failed):
            self._n_failed += 1
            self._failures.show()
            self._failures.appendPlainText(_failure(event))
        elif isinstance(event, Progress):
            self._progress.setRange(0, event.total)
            self._progress.setValue(event.done)
            self._said.setText(f"{event.done:,} of {event.total:,}; {self._counts()}")

    def _counts(self) -> str:
        failed = f", {self._n_failed:,} could not be" if self._n_failed else ""
        return f"{self._n_written:,} written{failed}"

    def _on_ended(self, outcome: Outcome) -> None:
        self._job = None
        self._check()
        self._progress.setRange(0, 1)
        self._progress.setValue(0 if isinstance(outcome, Cancelled) else 1)
        if isinstance(outcome, Broken):
            foreseen = isinstance(outcome.exception, EcgviewError)
            why = str(outcome.exception) if foreseen else "an unforeseen problem"
            self._said.setText(f"Stopped: {why}")
        elif isinstance(outcome, Cancelled):
            self._said.setText(f"Cancelled; {self._counts()}.")
        else:
            self._said.setText(f"Done: {self._counts()}.")


def _failure(failed: Failed) -> str:
    """Say why a file was not written; options of the command line are no help here."""
    why, question, _ = failed.message.partition(" Give it: --")
    why = re.sub(r" \(option --[-a-z]+\)", "", why)
    if question:
        why += " Open it in the window first, and have the answer remembered."
    return why if Path(failed.item).name in why else f"{Path(failed.item).name}: {why}"

"""Asks what a file does not say, or says wrongly: leads, unit, rate, factors, part."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ecgview.errors import EcgviewError
from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.formats.units import mv_per_unit
from ecgview.gui.importing import answers as pure
from ecgview.gui.importing.answers import Answers
from ecgview.gui.importing.fields import FileFields
from ecgview.gui.importing.signal_table import SignalTable
from ecgview.gui.importing.tracing import Traces, previewing_job, tracing_job
from ecgview.gui.jobs import Job, Lane, Outcome, Returned
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import button, label, resize_to_fit, typeset

TRACING_DELAY_MS = 250
SIZE_PX = (980, 752)
KIND_PX = 320
_RIGHT = Qt.TextElideMode.ElideRight


class ImportDialog(QDialog):
    """Shows what was told of a file by itself, and takes what the user says otherwise.

    Parameters
    ----------
    preview : ImportPreview
        What could be told.
    parent : QWidget, optional
        Owner.
    in_force : ImportOptions, optional
        What the user has said before; the fields begin with it.
    theme : Theme
        For the traces.
    correcting : bool
        Whether the file is open already, and is to be corrected.
    """

    def __init__(
        self,
        preview: ImportPreview,
        parent: QWidget | None = None,
        *,
        in_force: ImportOptions | None = None,
        theme: Theme = LIGHT,
        correcting: bool = False,
    ) -> None:
        super().__init__(parent)
        self.preview = preview
        self._theme = theme
        self._in_force = in_force or ImportOptions()
        # The first part is what is opened anyway; naming it would bind other files to its name.
        self._part = self._in_force.part or next(
            (part for part in preview.parts[1:] if part == preview.part), None
        )
        self._refused = ""
        self._generation = 0
        self._lane = Lane(self)
        self._job: Job | None = None
        self._later = QTimer(self, singleShot=True, interval=TRACING_DELAY_MS)
        self._later.timeout.connect(self._trace)
        self.setWindowTitle(f"{'Correct' if correcting else 'Import'} {preview.path.name}")
        resize_to_fit(self, *SIZE_PX)
        self._make_fields("Apply" if correcting else "Import")
        self._lay_out()
        self._show_preview()

    def done(self, result: int) -> None:
        """Stop the worker with the dialog."""
        self._generation += 1
        self._later.stop()
        self._lane.stop()
        super().done(result)

    # What was chosen

    @property
    def answers(self) -> Answers:
        """The texts in the fields."""
        table = self._table
        return Answers(table.leads, table.gains, self._fields.rate, self._fields.unit)

    def options(self) -> ImportOptions:
        """Give what the user said; only valid while `complaint` is empty."""
        return pure.options_of(self.preview, self.answers, self._part)

    def complaint(self) -> str:
        """Say what is still missing or wrong; empty when the file can be opened."""
        return pure.complaint(self.preview, self.answers) or self._refused

    @property
    def is_to_be_remembered(self) -> bool:
        """Whether files of this kind shall be opened so from now on."""
        return self._remember.isChecked()

    def set_remembered(self, is_remembered: bool) -> None:
        """Tell whether something is remembered for this kind of file already."""
        self._remember.setChecked(is_remembered)

    @property
    def is_for_all(self) -> bool:
        """Whether the other files of this kind that are waiting shall be opened so."""
        return self._for_all.isVisibleTo(self) and self._for_all.isChecked()

    def set_waiting(self, count: int) -> None:
        """Tell how many files of this kind are waiting, this one among them."""
        self._for_all.setText(f"Use for all {count} files of this kind")
        self._for_all.setVisible(count > 1)

    # Fields

    def _make_fields(self, verb: str) -> None:
        self._heading, self._found = label("", "heading"), label("", "secondary", wrap=True)
        self._fields = FileFields()
        self._table = SignalTable(
            self.preview, pure.first_answers(self.preview, self._in_force), self._theme
        )
        self._complaint = label("", "secondary", wrap=True)
        self._complaint.setObjectName("import-complaint")
        self._warning = label("", "warning", wrap=True)
        self._warning.setObjectName("import-warning")
        self._remember = QCheckBox()
        self._for_all = QCheckBox()
        self._for_all.setChecked(True)
        self._for_all.hide()
        self._ok = button(verb, self.accept, primary="true")
        self._ok.setObjectName("import-ok")
        self._ok.setDefault(True)
        self._fields.changed.connect(self._check)
        self._fields.part_chosen.connect(self._on_part)
        self._fields.order_chosen.connect(self._set_order)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._heading)
        titles.addWidget(self._found)
        column.addLayout(titles)
        column.addWidget(self._fields)
        self._place = QVBoxLayout()
        self._place.addWidget(self._table)
        column.addLayout(self._place, 1)
        column.addWidget(self._complaint)
        column.addWidget(self._warning)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self._remember)
        below.addWidget(self._for_all)
        below.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self._ok)
        below.addLayout(buttons)
        column.addLayout(below)

    def _show_preview(self) -> None:
        """Fill all fields from the preview and from what is in force."""
        preview = self.preview
        first = pure.first_answers(preview, self._in_force)
        self._heading.setText(f"How is {preview.path.name} to be read?")
        self._found.setText(typeset(preview.found))
        table = SignalTable(preview, first, self._theme)
        self._place.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table
        for before, after in pairwise((self._fields.last, *table.fields, self._remember)):
            QWidget.setTabOrder(before, after)
        self._fields.show_preview(preview, first)
        self._remember.setEnabled(bool(preview.kind))
        described = typeset("; ".join(part for part in preview.kind.split("; ") if part))
        kind = self.fontMetrics().elidedText(described, _RIGHT, KIND_PX)
        remember = "Remember for files of this kind"
        self._remember.setText(f"{remember} ({kind})" if kind else remember)
        self._remember.setToolTip(described)
        table.changed.connect(self._check)
        self._check()

    def _set_order(self, title: str) -> None:
        self._table.set_answers(self.answers.ordered(pure.ORDERS[title]))

    # Looking at the file

    def _on_part(self, part: str) -> None:
        """Look at another part of the file by itself."""
        self._part = part
        self._generation += 1
        self._later.stop()
        job = partial(previewing_job, self.preview.path, ImportOptions(part=part))
        self._lane.submit(job, partial(self._on_preview, self._generation))

    def _on_preview(self, generation: int, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        if isinstance(outcome, Returned):
            self.preview = replace(outcome.result, parts=self.preview.parts, part=self._part)
            self._in_force = ImportOptions()
            self._show_preview()
        else:
            self._refuse(outcome)

    def _check(self) -> None:
        self._refused = ""
        self._say()
        self._generation += 1
        self._later.start()

    def _say(self, note: str = "") -> None:
        """Show the complaint, or else a note on what was found."""
        complaint = self.complaint()
        self._complaint.setText(complaint)
        self._warning.setText(typeset(note))
        self._warning.setVisible(bool(note) and not complaint)
        self._complaint.setVisible(not self._warning.isVisibleTo(self))
        self._ok.setEnabled(not complaint)

    def _trace(self) -> None:
        """Read the first seconds as the fields say, in the worker."""
        if self._job is not None:
            self._job.cancel()
        options = pure.provisional(self.preview, self.answers, self._part)
        job = partial(tracing_job, self.preview.path, len(self.preview.signals), options)
        self._job = self._lane.submit(job, partial(self._on_traced, self._generation))

    def _on_traced(self, generation: int, outcome: Outcome) -> None:
        if generation != self._generation:
            return
        if not isinstance(outcome, Returned):
            self._table.show_traces(None)
            self._refuse(outcome)
            return
        traces: Traces = outcome.result
        complete = not self.complaint()
        unit = self.answers.unit.strip()
        self._table.show_traces(
            traces,
            knows_rate=self.answers.rate_hz is not None,
            knows_unit=complete or mv_per_unit(unit) is not None,
        )
        serious = [warning for warning in traces.warnings if not warning.is_note]
        self._say(f"{serious[0].message} {serious[0].hint}" if serious and complete else "")

    def _refuse(self, outcome: Outcome) -> None:
        """Say why the file cannot be read as the fields say."""
        error = getattr(outcome, "exception", None)
        if pure.complaint(self.preview, self.answers):
            return
        foreseen = isinstance(error, EcgviewError)
        self._refused = str(error) if foreseen else "The file cannot be read so."
        self._say()

"""Asks what a file does not say, or says wrongly: leads, unit, rate, factors, part."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ecgview.errors import EcgviewError
from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.formats.units import mv_per_unit
from ecgview.gui.importing import answers as pure
from ecgview.gui.importing.answers import Answers
from ecgview.gui.importing.signal_table import SignalTable
from ecgview.gui.importing.tracing import Traces, previewing_job, tracing_job
from ecgview.gui.jobs import Job, Lane, Outcome, Returned
from ecgview.gui.theme import LIGHT, Theme, restyle
from ecgview.gui.widgets import button, label, menu_button

TRACING_DELAY_MS = 250
SIZE_PX = (960, 700)


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
        self._part = self._in_force.part
        self._refused = ""
        self._generation = 0
        self._lane = Lane(self)
        self._job: Job | None = None
        self._later = QTimer(self, singleShot=True, interval=TRACING_DELAY_MS)
        self._later.timeout.connect(self._trace)
        self.setWindowTitle(f"{'Correct' if correcting else 'Import'} {preview.path.name}")
        self.resize(*SIZE_PX)
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
        return Answers(table.leads, table.gains, self._rate.text(), self._unit.currentText())

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
        self._rate, self._unit, self._part_choice = QLineEdit(), QComboBox(), QComboBox()
        self._rate_note, self._unit_note = label("", "secondary"), label("", "secondary")
        self._rate.setPlaceholderText("not in the file")
        self._rate.setAccessibleName("Sampling rate in Hz")
        self._unit.setEditable(True)
        self._unit.addItems(["", *pure.UNITS])
        self._unit.setAccessibleName("Unit of the leads")
        self._part_choice.setAccessibleName("Part of the file")
        self._order, self._orders = menu_button("Set order", "Set the order of the leads")
        self._table = SignalTable(
            self.preview, pure.first_answers(self.preview, self._in_force), self._theme
        )
        self._complaint = label("", "secondary", wrap=True)
        self._complaint.setObjectName("import-complaint")
        self._remember = QCheckBox("Remember for files of this kind")
        self._for_all = QCheckBox()
        self._for_all.setChecked(True)
        self._for_all.hide()
        self._ok = button(verb, self.accept, primary="true")
        self._ok.setObjectName("import-ok")
        self._ok.setDefault(True)
        self._rate.textChanged.connect(self._check)
        self._unit.currentTextChanged.connect(self._check)
        self._part_choice.textActivated.connect(self._on_part)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._heading)
        titles.addWidget(self._found)
        column.addLayout(titles)
        column.addLayout(self._form())
        self._place = QVBoxLayout()
        self._place.addWidget(self._table)
        column.addLayout(self._place, 1)
        column.addWidget(self._complaint)
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

    def _form(self) -> QGridLayout:
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(6)
        self._part_label = label("Part")
        fields = (
            (label("Rate, Hz"), self._rate, self._rate_note),
            (label("Unit"), self._unit, self._unit_note),
            (self._part_label, self._part_choice, None),
        )
        for place, (title, field, note) in enumerate(fields):
            field.setFixedWidth(132 if note is not None else 176)
            form.addWidget(title, 0, 3 * place)
            form.addWidget(field, 0, 3 * place + 1)
            if note is not None:
                form.addWidget(note, 1, 3 * place + 1)
            form.setColumnMinimumWidth(3 * place + 2, 18)
        form.addWidget(self._order, 0, 3 * len(fields))
        form.setColumnStretch(3 * len(fields) - 1, 1)
        return form

    def _show_preview(self) -> None:
        """Fill all fields from the preview and from what is in force."""
        preview = self.preview
        first = pure.first_answers(preview, self._in_force)
        self._heading.setText(f"How is {preview.path.name} to be read?")
        self._found.setText(preview.found)
        table = SignalTable(preview, first, self._theme)
        self._place.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table
        for widget, text in ((self._rate, first.rate), (self._unit.lineEdit(), first.unit)):
            assert widget is not None
            widget.setText(text)
        self._rate_note.setText(_source(preview.rate_hz is not None, preview.rate_from))
        self._unit_note.setText(_unit_source(preview))
        self._remember.setEnabled(bool(preview.kind))
        self._remember.setToolTip(f"Kind: {preview.kind}" if preview.kind else "")
        self._show_parts()
        self._fill_orders(self._orders, self._order)
        table.changed.connect(self._check)
        self._check()

    def _show_parts(self) -> None:
        parts = self.preview.parts
        self._part_choice.clear()
        self._part_choice.addItems(list(parts))
        self._part_choice.setCurrentText(self.preview.part)
        for widget in (self._part_label, self._part_choice):
            widget.setVisible(len(parts) > 1)

    def _fill_orders(self, menu: QMenu, opener: QPushButton) -> None:
        menu.clear()
        titles = pure.orders_for(len(self.preview.signals))
        for title in titles:
            menu.addAction(title).triggered.connect(partial(self._set_order, title))
        opener.setVisible(bool(titles))

    def _set_order(self, title: str, *_: object) -> None:
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
        self._complaint.setText(complaint or note)
        role = "warning" if note and not complaint else "secondary"
        if self._complaint.property("role") != role:
            self._complaint.setProperty("role", role)
            restyle(self._complaint)
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


def _source(is_known: bool, source: str) -> str:
    if not is_known:
        return "not in the file"
    return f"from {source}" if source else "in the file"


def _unit_source(preview: ImportPreview) -> str:
    units = sorted({column.unit for column in preview.signals if column.unit})
    if preview.unit:
        return _source(True, preview.unit_from)
    return f"the file says {', '.join(units)}" if units else "not in the file"

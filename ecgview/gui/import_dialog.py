"""Asks what a text file does not say: which column is which lead, the unit, the rate."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.formats.units import mv_per_unit
from ecgview.gui.widgets import button, label
from ecgview.leads import LEADS

KEEP = "other"
UNITS = ("mV", "uV", "V", "nV")
_ROWS_SHOWN = 8
_TITLE_OF_ROLE = {"time": "time", "index": "sample number"}


class ImportDialog(QDialog):
    """Shows what was inferred of a text file, and asks for the rest.

    Parameters
    ----------
    preview : ImportPreview
        What could be told.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, preview: ImportPreview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview
        self.setWindowTitle(f"Import {preview.path.name}")
        self.setMinimumSize(720, 460)
        self._leads = [self._lead_choice(place) for place in range(len(preview.columns))]
        self._rate, self._unit = self._rate_field(), self._unit_field()
        self._complaint = label("", "secondary", wrap=True)
        self._complaint.setObjectName("import-complaint")
        self._import = button("Import", self.accept, primary="true")
        self._import.setObjectName("import-ok")
        self._lay_out()
        self._check()

    # What was chosen

    def options(self) -> ImportOptions:
        """Give what the user said; only valid while `complaint` is empty."""
        signals = [
            self._name_of(place)
            for place, column in enumerate(self._preview.columns)
            if column.role == "signal"
        ]
        return ImportOptions(
            leads=tuple(signals),
            rate_hz=float(self._rate.text()),
            unit=self._unit.currentText().strip() or None,
        )

    def complaint(self) -> str:
        """Say what is still missing or wrong; empty when the file can be imported."""
        chosen = [choice.currentText() for choice in self._leads if choice is not None]
        leads = [lead for lead in chosen if lead in LEADS]
        if not leads:
            return "Say which column is which lead; at least one."
        twice = [lead for lead, count in Counter(leads).items() if count > 1]
        if twice:
            return f"{', '.join(twice)} is given to more than one column."
        if not self._rate.hasAcceptableInput():
            return "Give the sampling rate in Hz; it is never guessed."
        unit = self._unit.currentText().strip()
        if not unit and not self._has_own_units():
            return "Give the unit of the samples."
        if unit and mv_per_unit(unit) is None:
            return f"“{unit}” is not a unit of voltage. Use mV, uV, V, nV, or a gain like 200/mV."
        return ""

    def _has_own_units(self) -> bool:
        columns = [
            column
            for column, choice in zip(self._preview.columns, self._leads, strict=True)
            if choice is not None and choice.currentText() in LEADS
        ]
        return all(mv_per_unit(column.unit) is not None for column in columns)

    def _name_of(self, place: int) -> str:
        choice = self._leads[place]
        if choice is not None and choice.currentText() in LEADS:
            return choice.currentText()
        name = self._preview.columns[place].name
        # A name that reads as a lead must not come back as one that the user took away.
        is_lead = self._preview.columns[place].lead is not None
        return f"column {place + 1}" if is_lead or not name else name

    # Fields

    def _lead_choice(self, place: int) -> QComboBox | None:
        column = self._preview.columns[place]
        if column.role != "signal":
            return None
        choice = QComboBox()
        choice.addItems([KEEP, *LEADS])
        choice.setCurrentText(column.lead or KEEP)
        choice.setAccessibleName(f"Lead of column {place + 1}")
        choice.currentTextChanged.connect(self._check)
        return choice

    def _rate_field(self) -> QLineEdit:
        field = QLineEdit()
        validator = QDoubleValidator(1.0, 100_000.0, 4, field)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        validator.setLocale(field.locale().c())
        field.setValidator(validator)
        field.setPlaceholderText("not in the file")
        field.setAccessibleName("Sampling rate in Hz")
        if self._preview.rate_hz is not None:
            field.setText(f"{self._preview.rate_hz:g}")
        field.setFixedWidth(140)
        field.textChanged.connect(self._check)
        return field

    def _unit_field(self) -> QComboBox:
        field = QComboBox()
        field.setEditable(True)
        field.addItems(["", *UNITS])
        field.setCurrentText(self._preview.unit or "")
        field.setAccessibleName("Unit of the leads")
        field.setFixedWidth(140)
        field.currentTextChanged.connect(self._check)
        return field

    def _lay_out(self) -> None:
        preview = self._preview
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(f"How is {preview.path.name} to be read?", "heading"))
        column.addWidget(label(preview.found, "secondary"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow("Sampling rate, Hz", self._with_source(self._rate, preview.rate_from))
        form.addRow("Unit", self._with_source(self._unit, preview.unit_from or self._unit_note()))
        column.addLayout(form)
        column.addWidget(self._table(), 1)
        column.addWidget(self._complaint)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self._import)
        column.addLayout(buttons)

    def _unit_note(self) -> str:
        units = sorted({column.unit for column in self._preview.signals if column.unit})
        return f"the columns say {', '.join(units)}" if units else ""

    def _with_source(self, field: QWidget, source: str) -> QWidget:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(field)
        inside.addWidget(
            label(f"from {source}" if source else "not stated in the file", "secondary")
        )
        inside.addStretch()
        return row

    def _table(self) -> QTableWidget:
        preview = self._preview
        rows = preview.first_rows[:_ROWS_SHOWN]
        table = QTableWidget(len(rows) + 1, len(preview.columns))
        table.setAccessibleName("Columns and first rows")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.setHorizontalHeaderLabels(
            [
                _header(column.name, column.unit, place)
                for place, column in enumerate(preview.columns)
            ]
        )
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setDefaultSectionSize(118)
        table.verticalHeader().setDefaultSectionSize(26)
        table.setRowHeight(0, 36)
        for place, choice in enumerate(self._leads):
            if choice is not None:
                table.setCellWidget(0, place, choice)
            else:
                table.setItem(0, place, _cell(_TITLE_OF_ROLE[preview.columns[place].role]))
        for number, cells in enumerate(rows, start=1):
            for place, text in enumerate(cells[: len(preview.columns)]):
                table.setItem(number, place, _cell(text))
        return table

    def _check(self) -> None:
        complaint = self.complaint()
        self._complaint.setText(complaint)
        self._import.setEnabled(not complaint)


def _header(name: str, unit: str, place: int) -> str:
    title = name or f"column {place + 1}"
    return f"{title} ({unit})" if unit else title


def _cell(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item

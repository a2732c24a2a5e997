"""The fields of the import dialog that belong to the whole file: rate, unit, part, order."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from ecgview.formats.options import ImportPreview
from ecgview.gui.importing.answers import UNITS, Answers, orders_for
from ecgview.gui.widgets import label, menu_button, typeset

_FIELD_PX = 132
_PART_PX = 176


class FileFields(QWidget):
    """The row of fields."""

    changed = Signal()
    """The rate or the unit is another one."""
    part_chosen = Signal(str)
    order_chosen = Signal(str)
    """The title of one of `answers.ORDERS`."""

    def __init__(self) -> None:
        super().__init__()
        self._rate, self._unit, self._part = QLineEdit(), QComboBox(), QComboBox()
        self._rate_note, self._unit_note = label("", "secondary"), label("", "secondary")
        self._part_label = label("Part")
        self._order, self._orders = menu_button("Set order", "Set the order of the leads")
        self._rate.setAccessibleName("Sampling rate in Hz")
        self._unit.setAccessibleName("Unit of the leads")
        self._unit.setToolTip("mV, µV, V, nV, or converter steps such as 200/mV")
        self._unit.setEditable(True)
        self._unit.addItems(["", *map(typeset, UNITS)])
        self._part.setAccessibleName("Part of the file")
        self._rate.setFixedWidth(_FIELD_PX)
        self._unit.setFixedWidth(_FIELD_PX)
        self._part.setFixedWidth(_PART_PX)
        self._lay_out()
        self._rate.textChanged.connect(self.changed)
        self._unit.currentTextChanged.connect(self.changed)
        self._part.textActivated.connect(self.part_chosen)

    def _lay_out(self) -> None:
        form = QGridLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(4)
        fields = (
            (label("Rate, Hz"), self._rate, self._rate_note),
            (label("Unit"), self._unit, self._unit_note),
            (self._part_label, self._part, None),
        )
        for place, (title, field, note) in enumerate(fields):
            form.addWidget(title, 0, 3 * place)
            form.addWidget(field, 0, 3 * place + 1)
            if note is not None:
                form.addWidget(note, 1, 3 * place + 1)
            form.setColumnMinimumWidth(3 * place + 2, 18)
        last = 3 * len(fields)
        form.addWidget(self._order, 0, last)
        form.setColumnStretch(last - 1, 1)

    @property
    def last(self) -> QWidget:
        """Where Tab leaves the row."""
        return self._order

    @property
    def rate(self) -> str:
        """The rate, as text."""
        return self._rate.text()

    @property
    def unit(self) -> str:
        """The unit, as text; may be empty."""
        return self._unit.currentText().replace("µ", "u")  # as terminals and files have it

    def show_preview(self, preview: ImportPreview, first: Answers) -> None:
        """Fill the fields; nothing is told.

        Parameters
        ----------
        preview : ImportPreview
            What the file says, and where.
        first : Answers
            What the fields begin with.
        """
        self.blockSignals(True)
        self._rate.setText(first.rate)
        self._unit.setCurrentText(typeset(first.unit))
        self.blockSignals(False)
        rate = "" if preview.rate_hz is None else f"{preview.rate_hz:g}"
        self._rate_note.setText(_source(rate, preview.rate_from))
        self._unit_note.setText(_unit_source(preview))
        self._part.clear()
        self._part.addItems(list(preview.parts))
        self._part.setCurrentText(preview.part)
        for widget in (self._part_label, self._part):
            widget.setVisible(len(preview.parts) > 1)
        self._orders.clear()
        titles = orders_for(len(preview.signals))
        for title in titles:
            self._orders.addAction(title).triggered.connect(partial(self._on_order, title))
        self._order.setVisible(bool(titles))

    def _on_order(self, title: str, *_: object) -> None:
        self.order_chosen.emit(title)


def _source(value: str, source: str) -> str:
    """Say what the file says, whatever the field says."""
    if not value:
        return "not in the file"
    return f"{typeset(value)}, from {source or 'the file'}"


def _unit_source(preview: ImportPreview) -> str:
    units = sorted({column.unit for column in preview.signals if column.unit})
    if preview.unit:
        return _source(preview.unit, preview.unit_from)
    return f"the file says {typeset(', '.join(units))}" if units else "not in the file"

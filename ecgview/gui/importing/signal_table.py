"""The signals of a file, a row each: its name, the lead that it is, a factor, how it looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ecgview.formats.options import ImportColumn, ImportPreview
from ecgview.gui.importing.answers import KEEP, Answers
from ecgview.gui.importing.trace_cell import GRID_MV, GRID_S, TraceCell
from ecgview.gui.importing.tracing import ROW_PX, TRACED_S, Traces
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import typeset
from ecgview.leads import LEADS, OTHER_LEADS

COLUMNS = ("In the file", "Lead", "Factor", "First numbers")
_WIDTHS_PX = (132, 112, 80, 150)
_ROW_PADDING_PX = 8
_TRACE_COLUMN = len(COLUMNS)
_NUMBERS_SHOWN = 20
_TITLE_OF_ROLE = {"time": "time", "index": "sample number"}


class SignalTable(QTableWidget):
    """The table.

    Parameters
    ----------
    preview : ImportPreview
        Its columns become the rows.
    answers : Answers
        To begin with.
    theme : Theme
        For the traces.
    """

    changed = Signal()
    """A lead or a factor is another one."""

    def __init__(self, preview: ImportPreview, answers: Answers, theme: Theme) -> None:
        super().__init__(len(preview.columns), len(COLUMNS) + 1)
        self._theme = theme
        self._choices: list[QComboBox] = []
        self._gains: list[QLineEdit] = []
        self._traces: list[TraceCell] = []
        self.setAccessibleName("Signals of the file")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab goes from field to field, not from cell to cell
        self._dress_headers()
        for row, column in enumerate(preview.columns):
            self._fill(
                row, column, [cells[row] for cells in preview.first_rows if row < len(cells)]
            )
        self.set_answers(answers)

    def _dress_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(ROW_PX) + _ROW_PADDING_PX)
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_TRACE_COLUMN, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(_WIDTHS_PX):
            self.setColumnWidth(column, width)
        self._title_traces("")

    def _title_traces(self, scale: str) -> None:
        title = f"First {TRACED_S:g} seconds"
        self.setHorizontalHeaderLabels([*COLUMNS, f"{title} · {scale}" if scale else title])

    def _fill(self, row: int, column: ImportColumn, numbers: Sequence[str]) -> None:
        name = column.name or f"column {row + 1}"
        self.setItem(row, 0, _cell(f"{name} ({typeset(column.unit)})" if column.unit else name))
        self.setItem(row, 3, _cell("  ".join(numbers[:_NUMBERS_SHOWN])))
        if column.role != "signal":
            self.setItem(row, 1, _cell(_TITLE_OF_ROLE[column.role]))
            return
        choice, gain, trace = _LeadChoice(name), QLineEdit(), TraceCell(self._theme)
        choice.currentTextChanged.connect(self.changed)
        gain.setPlaceholderText("1")
        gain.setAccessibleName(f"Factor of {name}")
        gain.setToolTip("The samples are multiplied by it; -1 turns the lead round")
        gain.textChanged.connect(self.changed)
        for place, widget in ((1, choice), (2, gain)):
            self.setCellWidget(row, place, _inset(widget))
        self.setCellWidget(row, _TRACE_COLUMN, trace)
        self._choices.append(choice)
        self._gains.append(gain)
        self._traces.append(trace)

    @property
    def fields(self) -> list[QWidget]:
        """The fields from row to row, as Tab is to go through them."""
        return [field for row in zip(self._choices, self._gains, strict=True) for field in row]

    @property
    def leads(self) -> tuple[str, ...]:
        """The choice for each signal."""
        return tuple(choice.currentText() for choice in self._choices)

    @property
    def gains(self) -> tuple[str, ...]:
        """The factor of each signal, as text."""
        return tuple(gain.text() for gain in self._gains)

    def set_answers(self, answers: Answers) -> None:
        """Fill leads and factors in; `changed` is told once."""
        self.blockSignals(True)
        for choice, lead in zip(self._choices, answers.leads, strict=True):
            choice.setCurrentText(lead)
        for field, gain in zip(self._gains, answers.gains, strict=True):
            field.setText(gain)
        self.blockSignals(False)
        self.changed.emit()

    def show_traces(
        self, traces: Traces | None, *, knows_rate: bool = False, knows_unit: bool = False
    ) -> None:
        """Draw the signals as they would be.

        Parameters
        ----------
        traces : Traces or None
            None for empty rows: the file could not be read so.
        knows_rate, knows_unit : bool
            Whether they are said; else there is no scale to draw.
        """
        if traces is None:
            for cell in self._traces:
                cell.show_signal(None, 0.0, None)
            self._title_traces("")
            return
        has_scale = knows_rate and knows_unit
        rows = zip(self._traces, traces.signals, traces.is_voltage, strict=False)
        for cell, signal, is_voltage in rows:
            scale = traces.px_per_mv if has_scale and is_voltage else None
            cell.show_signal(signal, traces.fs_hz, scale)
        grid = f"grid {GRID_S:g} s, {GRID_MV:g} mV"
        self._title_traces(grid if has_scale else "no scale yet")


class _LeadChoice(QComboBox):
    """Chooses a lead; the wheel scrolls the table, and does not choose."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.addItems([KEEP, *LEADS])
        self.insertSeparator(self.count())
        self.addItems([*OTHER_LEADS])
        self.setMaxVisibleItems(20)
        self.setAccessibleName(f"Lead of {name}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the table."""
        event.ignore()


def _cell(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _inset(widget: QWidget) -> QWidget:
    """Put a field into the middle of its cell."""
    cell = QWidget()
    row = QHBoxLayout(cell)
    row.setContentsMargins(0, 0, 8, 0)
    row.addWidget(widget)
    return cell

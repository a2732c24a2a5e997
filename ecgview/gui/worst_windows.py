"""The windows where the reconstruction fails: listed, stepped through, jumped to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.long_words import WORST_COLUMNS, length, worst_cells, worst_heading, worst_runs_of
from ecgview.gui.session import Session
from ecgview.gui.side_panel import PANEL_SHARE
from ecgview.gui.text_size import scaled
from ecgview.gui.widgets import dress_table, label

if TYPE_CHECKING:
    from ecgview.engine.worst import WorstRun
    from ecgview.gui.main_window import MainWindow

ROW_HEIGHT_PX = 24
_ROWS_SHOWN = 5
_THRESHOLD_WIDTH_PX = 112
_COLUMN_WIDTHS_PX = (76, 66, 40, 56)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class WorstWindows(QObject):
    """Goes to the windows where the reconstruction fails.

    Parameters
    ----------
    session : Session
        Its view is moved.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def attach(self, window: MainWindow) -> None:
        """Mark the windows on the strip that shows the whole recording too."""
        self._session.result_changed.connect(
            lambda: window.overview.strip.set_ticks("worst", self._places_s(), "reconstruction")
        )

    def _places_s(self) -> tuple[float, ...]:
        return tuple(run.at_s for run in worst_runs_of(self._session.state))

    def go(self, run: WorstRun) -> None:
        """Show a run: its worst window in the middle of the page."""
        state = self._session.state
        if state.recording is None or state.windows is None:
            return
        window_s = float(state.windows.edges[1] - state.windows.edges[0]) / state.windows.fs_hz
        start_s = run.at_s + (window_s - state.view.page_s) / 2
        last_s = max(state.recording.duration_s - state.view.page_s, 0.0)
        self._session.update(worst_at_s=run.at_s)
        self._session.change_view(start_s=min(max(start_s, 0.0), last_s))

    def step(self, by: int) -> None:
        """Go to the next run of the list, or to the one before; from none to the worst."""
        state = self._session.state
        runs = worst_runs_of(state)
        if not runs:
            return
        places = [run.at_s for run in runs]
        at_s = state.worst_at_s
        here = places.index(at_s) if at_s in places else (-1 if by > 0 else 0)
        self.go(runs[(here + by) % len(runs)])

    def set_threshold(self, threshold: float) -> None:
        """List windows with a lead that correlates less than this."""
        self._session.update(threshold=threshold)


class WorstModel(QAbstractTableModel):
    """The runs for Qt's table."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.runs: tuple[WorstRun, ...] = ()

    def set_runs(self, runs: tuple[WorstRun, ...]) -> None:
        """Show other runs."""
        self.beginResetModel()
        self.runs = runs
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008, D102
        return len(WORST_COLUMNS)

    def headerData(  # noqa: N802, D102
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return WORST_COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if section == 3 else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        run = self.runs[index.row()]
        cells = worst_cells(run)
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() == 3 else _LEFT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            start, _, lead, pcc = cells
            lasts = length(run.stop_s - run.start_s)
            return f"{lasts} from {start}: {lead} correlates {pcc}. Enter shows it (J, Shift+J)"
        return None


class WorstPanel(QWidget):
    """The list under the agreement table, hidden where a recording is a single page.

    Parameters
    ----------
    session : Session
        Shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("worst-panel")
        self._session = session
        self._going = WorstWindows(session)
        self._shown: tuple[object, float] | None = None
        self._gone_to_s: float | None = None
        self._heading = label("", "secondary", wrap=True)
        self._heading.setObjectName("worst-heading")
        self.threshold = self._make_threshold()
        self.table = self._make_table()
        self._model = WorstModel(self.table)
        self.table.setModel(self._model)
        self._lay_out()
        self.fit_words()
        session.result_changed.connect(self.refresh)
        session.recording_changed.connect(self.refresh)
        self.refresh()

    def _make_threshold(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(-1.0, 1.0)
        box.setSingleStep(0.05)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setPrefix("below ")
        box.setKeyboardTracking(False)
        box.setAccessibleName("Threshold of the worst windows, as a correlation")
        box.setToolTip("List windows in which a lead correlates less than this")
        box.valueChanged.connect(self._going.set_threshold)
        return box

    def _make_table(self) -> QTableView:
        table = QTableView()
        dress_table(table, "Worst windows: from, length, lead, PCC")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.clicked.connect(lambda index: self._go(index.row()))
        table.activated.connect(lambda index: self._go(index.row()))
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(label("Worst windows", "heading"))
        top.addStretch()
        top.addWidget(self.threshold)
        column = QVBoxLayout(self)
        for box in (top, column):
            box.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._heading)
        column.addWidget(self.table)

    def fit_words(self) -> None:
        """Make room for words of another size."""
        row_px = scaled(ROW_HEIGHT_PX)
        self.table.verticalHeader().setDefaultSectionSize(row_px)
        self.table.horizontalHeader().setFixedHeight(row_px)
        self.table.setFixedHeight((_ROWS_SHOWN + 1) * row_px + 2)
        self.threshold.setMinimumWidth(scaled(_THRESHOLD_WIDTH_PX))
        for column, width in enumerate(_COLUMN_WIDTHS_PX):
            self.table.setColumnWidth(column, scaled(width, PANEL_SHARE))

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._model.runs):
            self._going.go(self._model.runs[row])

    def refresh(self) -> None:
        """Show what the state says."""
        state = self._session.state
        # They are of the model: beside an estimate from elsewhere they would mislead.
        self.setVisible(state.windows is not None and not state.chosen)
        if state.windows is None:
            self._shown = None
            self._model.set_runs(())
            return
        at_s = self._current_s()
        if self._shown is None or self._shown != (state.windows, state.threshold):
            self._shown = state.windows, state.threshold
            runs = worst_runs_of(state)
            self._model.set_runs(runs)
            self._heading.setText(worst_heading(state, runs))
            self.table.setVisible(bool(runs))
            self.threshold.blockSignals(True)
            self.threshold.setValue(state.threshold)
            self.threshold.blockSignals(False)
        if state.worst_at_s != self._gone_to_s:
            self._gone_to_s = at_s = state.worst_at_s
        self._select(at_s)

    def _current_s(self) -> float | None:
        """Tell where the keyboard is in the list, which changes while a reconstruction grows."""
        row = self.table.currentIndex().row()
        return self._model.runs[row].at_s if 0 <= row < len(self._model.runs) else None

    def _select(self, at_s: float | None) -> None:
        row = next((row for row, run in enumerate(self._model.runs) if run.at_s == at_s), None)
        if row is None:
            self.table.clearSelection()
        elif self.table.currentIndex().row() != row or not self.table.selectedIndexes():
            self.table.selectRow(row)

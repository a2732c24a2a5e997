"""The average beat in the place of the traces: twelve panels, and the table of the markers."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.beats.page import AveragePage, average_page
from ecgview.gui.beats.table import SHORT, SIGNALS, as_html, as_tsv, average_words, marker_rows
from ecgview.gui.comparisons_table import overlays_of
from ecgview.gui.state import SessionState
from ecgview.gui.teaching.state import hidden_leads
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.labels import SIMULATED
from ecgview.gui.viewer.paint import paint_scene
from ecgview.gui.viewer.paint_drawing import paint_drawing
from ecgview.gui.widgets import button, label
from ecgview.leads import LEADS
from ecgview.measurements.average import AverageBeat
from ecgview.measurements.markers import MARKERS

WAITING = "Averaging the beats…"
ROW_PX = 21
_HEAD_PX = 36
_LARGE_TEXT = 1.25
_LONGEST_CELL = "\N{MINUS SIGN}8888"
_LEAST_TABLE_PX = 110
_TABLE_SHARE = 0.47
_CELL_PADDING_PX = 5


class AverageCanvas(QWidget):
    """Twelve panels on ECG paper, or a sentence why there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.average: AverageBeat | None = None
        self.sentence = ""
        self.notice = ""
        self.style_number = 0
        self.hidden: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Average beat")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Three rows of panels want some room."""
        return QSize(320, 220)

    def page(self) -> AveragePage | None:
        """Give what is painted at the current size; None for a sentence."""
        return self._page_at(self.devicePixelRatioF())

    def _page_at(self, dpr: float) -> AveragePage | None:
        if self.average is None:
            return None
        return average_page(
            self.average,
            self.width(),
            self.height(),
            dpr,
            style=self.style_number,
            notice=self.notice,
            hidden=self.hidden,
            text_scale=self.theme.text_scale,
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint all of it."""
        painter = QPainter(self)
        try:
            self._paint(painter, self._page_at(painter.deviceTransform().m11()))
        finally:
            painter.end()

    def _paint(self, painter: QPainter, page: AveragePage | None) -> None:
        if page is not None:
            paint_scene(painter, page.scene, self.theme)
            paint_drawing(painter, page.markers, self.theme)
            return
        painter.fillRect(self.rect(), self.theme.paper)
        painter.setPen(self.theme.secondary)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(40, 20, -40, -20), flags, self.sentence)


class AverageBeatView(QWidget):
    """What was averaged, the panels, and the table."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = AverageCanvas()
        self._words = label("", "secondary", wrap=True)
        self._words.setObjectName("average-words")
        self._copy = button(
            "Copy table", self.copy, role="link", tip="Copy the markers as a table (Ctrl+Shift+C)"
        )
        self.table = _make_table()
        self._title = ""
        self._rows: tuple[tuple[str, ...], ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.canvas, 1)
        column.addWidget(self.table)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("panel", "true")
        bar.setProperty("edge", "bottom")
        self._grid = QGridLayout(bar)
        self._grid.setContentsMargins(20, 8, 20, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(label("Average beat", "heading"), 0, 0)
        self._grid.addWidget(self._words, 0, 1)
        self._grid.addWidget(self._copy, 0, 2)
        return bar

    def show_state(self, state: SessionState) -> None:
        """Show the average beat of a state; nothing is computed here."""
        if state.recording is None or not state.beats.shown:
            return
        average, canvas = state.beats.average, self.canvas
        problem = state.beats.average_problem
        canvas.average = None if problem else average
        canvas.sentence = problem or WAITING
        canvas.notice = SIMULATED if state.recording.simulated else ""
        canvas.style_number = overlays_of(state).style
        canvas.hidden = hidden_leads(state)
        words, self._rows = "", ()
        if canvas.average is not None:
            words = average_words(canvas.average, state.recording.duration_s)
            self._rows = marker_rows(canvas.average, canvas.hidden)
        made = canvas.average.model_name if canvas.average is not None else ""
        simulated = " (simulated)" if state.recording.simulated else ""
        parts = (f"{state.recording.name}{simulated}", made, words)
        self._title = " · ".join(part for part in parts if part)
        self._words.setText(words)
        canvas.setAccessibleDescription(words or canvas.sentence)
        self._copy.setEnabled(bool(self._rows))
        self.table.setVisible(bool(self._rows))
        self._fill()
        canvas.update()

    def _fill(self) -> None:
        for row, cells in enumerate(self._rows):
            for column, text in enumerate(cells):
                item = self.table.item(row, column)
                if item is not None:
                    item.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give the table its rows, or as many as leave room for the panels."""
        self._fit_table()
        super().resizeEvent(event)

    def _fit_table(self) -> None:
        """Fit rows and columns to the size of words; what has no room can be scrolled to."""
        scale = self.canvas.theme.text_scale
        row_px, head_px = round(ROW_PX * scale), round(_HEAD_PX * scale)
        self.table.verticalHeader().setDefaultSectionSize(row_px)
        header = self.table.horizontalHeader()
        header.setFixedHeight(head_px)
        self.table.ensurePolished()
        longest_px = self.table.fontMetrics().horizontalAdvance(_LONGEST_CELL)
        header.setMinimumSectionSize(longest_px + _CELL_PADDING_PX)
        whole = head_px + len(LEADS) * row_px + 2
        share = max(round(_TABLE_SHARE * self.height()), _LEAST_TABLE_PX)
        self.table.setFixedHeight(min(whole, share))

    def copy(self) -> None:
        """Copy the table of markers to the clipboard, as text and as HTML."""
        if not self._rows:
            return
        data = QMimeData()
        data.setText(as_tsv(self._title, self._rows))
        data.setHtml(as_html(self._title, self._rows))
        QGuiApplication.clipboard().setMimeData(data)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.canvas.theme = theme
        self.canvas.update()
        # Large words take a line of their own.
        if theme.text_scale > _LARGE_TEXT:
            self._grid.addWidget(self._words, 1, 0, 1, 3)
        else:
            self._grid.addWidget(self._words, 0, 1)
        self._fit_table()


def _make_table() -> QTableWidget:
    heads = ["Lead", *(f"{one}, µV\n{what}" for one in MARKERS for what in SHORT), "PCC"]
    table = QTableWidget(len(LEADS), len(heads))
    table.setTabKeyNavigation(False)
    table.setAccessibleName("Markers of the average beat")
    table.setProperty("dense", "true")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    for row in range(len(LEADS)):
        for column in range(len(heads)):
            table.setItem(row, column, _item(column, len(heads)))
    for column, (text, tip) in enumerate(zip(heads, _tips(), strict=True)):
        table.setHorizontalHeaderItem(column, _head(column, text, tip))
    return table


def _head(column: int, text: str, tip: str) -> QTableWidgetItem:
    head = QTableWidgetItem(text)
    head.setToolTip(tip)
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return head


def _item(column: int, columns: int) -> QTableWidgetItem:
    item = QTableWidgetItem()
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    is_difference = 0 < column < columns - 1 and column % len(SHORT) == 0
    if column == 0 or is_difference:
        font = item.font()
        font.setBold(True)
        item.setFont(font)
    return item


def _tips() -> tuple[str, ...]:
    meaning = {
        "P": "value farthest from the baseline in the P wave's window, with its sign",
        "R": "highest value inside QRS that is a peak, not the way to J",
        "S": "lowest value from R to the end of QRS",
        "ST": "value 60 ms after J, the end of QRS",
        "T": "value farthest from the baseline in the T wave's window, with its sign",
    }
    markers = (
        f"{name}, {what}: {meaning[name]}, from the PR baseline; median over the beats"
        for name in MARKERS
        for what in SIGNALS
    )
    return ("Lead", *markers, "Correlation of the two average beats")

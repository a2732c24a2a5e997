"""The runs, the newest first, in the right panel; two of them can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from ecgview.gui.key_words import with_keys
from ecgview.gui.text_size import hold, scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.training.facts import NONE, started_text
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.training.state import Course
from ecgview.gui.training.words import status_line
from ecgview.gui.widgets import label

PANEL_WIDTH_PX = 248
MOST_COMPARED = 2
_ROW_PX = 58
_INSET = 10
_COURSE = Qt.ItemDataRole.UserRole


def second_line(course: Course) -> str:
    """Say in a line what a run is or was."""
    if course.is_running:
        return status_line(course)
    run = course.run
    if run is None:
        return course.ending
    leads = "+".join(run.parameters.get("leads", ())) or "any leads"
    epochs = f"{len(course.history)} epochs"
    if course.is_unfinished:
        epochs = f"{len(course.history)} of {course.epochs} epochs"
    return f"{leads} · width {run.parameters.get('base_width', NONE)} · {epochs}"


class RunDelegate(QStyledItemDelegate):
    """Paints a run: name and best PCC, facts, date; a line for how far it is."""

    theme: Theme = LIGHT

    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """All rows are equally high."""
        return QSize(PANEL_WIDTH_PX - 30, scaled(_ROW_PX))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one run."""
        course: Course = index.data(_COURSE)
        theme, place = self.theme, QRectF(option.rect)
        painter.save()
        state = option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            self._ground(painter, place, theme.accent_soft)
        elif state & QStyle.StateFlag.State_MouseOver:
            self._ground(painter, place, theme.control)
        inside = place.adjusted(_INSET, 7, -_INSET, -7)
        best = course.best.mean_pcc if course.best else None
        figure = NONE if best is None else f"{best:.2f}"
        painter.setFont(_font(12, bold=True))
        metrics = painter.fontMetrics()
        room = inside.width() - metrics.horizontalAdvance(figure) - 10
        name = metrics.elidedText(course.name, Qt.TextElideMode.ElideRight, int(room))
        line = QRectF(inside.left(), inside.top(), inside.width(), scaled(16))
        painter.setPen(QColor(theme.text))
        painter.drawText(line, _LEFT, name)
        painter.drawText(line, _RIGHT, figure)
        painter.setFont(_font(11))
        painter.setPen(QColor(theme.problem if course.phase == "failed" else theme.secondary))
        metrics = painter.fontMetrics()
        texts = (second_line(course), "" if course.is_running else started_text(course))
        for number, text in enumerate(texts, start=1):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(inside.width()))
            painter.drawText(line.translated(0, scaled(15) * number), _LEFT, shown)
        if course.is_running:
            self._bar(painter, line.translated(0, scaled(36)), course.fraction or 0.0)
        painter.restore()

    def _ground(self, painter: QPainter, place: QRectF, colour: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(place.adjusted(0, 1, 0, -1), 6, 6)

    def _bar(self, painter: QPainter, line: QRectF, fraction: float) -> None:
        whole = QRectF(line.left(), line.top(), line.width(), 3)
        painter.fillRect(whole, QColor(self.theme.hairline))
        whole.setWidth(whole.width() * fraction)
        painter.fillRect(whole, QColor(self.theme.accent))


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(scaled(pixels))
    font.setBold(bold)
    return font


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RunList(QFrame):
    """The right panel of the training page.

    Parameters
    ----------
    session : TrainingSession
        Shown and changed.
    """

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("run-panel")
        self.setProperty("panel", "true")
        self.setProperty("edge", "left")
        hold(self, width=PANEL_WIDTH_PX, share=0.25)
        self._delegate = RunDelegate(self)
        self.list = QListWidget()
        self.list.setObjectName("run-list")
        self.list.setAccessibleName("Training runs")
        self.list.setItemDelegate(self._delegate)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.itemSelectionChanged.connect(self._on_selected)
        self._hint = label("", "secondary", wrap=True)
        self._hint.setObjectName("run-hint")
        self._hint.setContentsMargins(10, 0, 10, 0)
        heading = label("Runs", "heading")
        heading.setContentsMargins(10, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 16, 10, 14)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)
        for signal in (session.runs_changed, session.course_changed, session.selected_changed):
            signal.connect(self.refresh)
        session.progressed.connect(self._refresh_first)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def refresh(self) -> None:
        """List what the state says."""
        state = self._session.state
        courses = state.courses
        self.list.blockSignals(True)
        if self._files() != [course.file for course in courses]:
            self.list.clear()
            for _ in courses:
                self.list.addItem(QListWidgetItem())
        for row, course in enumerate(courses):
            item = self.list.item(row)
            item.setData(_COURSE, course)
            item.setToolTip(f"{course.name}\n{course.file.parent}")
            item.setText(f"{course.name}, {second_line(course)}")  # what a screen reader says
            item.setSelected(course.file in state.selected)
        self.list.blockSignals(False)
        self._hint.setText(self._hint_for(courses))
        self.list.viewport().update()

    def _hint_for(self, courses: Sequence[Course]) -> str:
        if not courses:
            return "Nothing trained yet. Runs are listed here with their best PCC."
        if len(courses) == 1:
            return ""
        return with_keys("Select two to compare them (Ctrl-click).")

    def _refresh_first(self) -> None:
        course = self._session.state.course
        if course is not None and self.list.count() and self._files()[0] == course.file:
            self.list.item(0).setData(_COURSE, course)

    def _files(self) -> list[Path]:
        courses = [self.list.item(row).data(_COURSE) for row in range(self.list.count())]
        return [course.file for course in courses if course is not None]

    def _on_selected(self) -> None:
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        files = self._files()
        chosen = [files[row] for row in rows]
        if len(chosen) > MOST_COMPARED:
            # The one clicked last, and the one nearest to it.
            current = self.list.currentRow()
            rows.sort(key=lambda row: abs(row - current))
            chosen = [files[row] for row in sorted(rows[:MOST_COMPARED])]
        self._session.select(chosen)
        self.refresh()

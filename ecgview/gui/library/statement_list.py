"""The statements of a data set to choose among: words, how many, found by typing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ecgview.catalogue.search import words_of
from ecgview.gui.library.cells import Index
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.text_size import scaled, text_scale
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import label

_CODE = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_WORDS = Qt.ItemDataRole.UserRole + 2
_ROW_PX = 24
_SHOWN = 9
_BOX_PX = 13


class StatementDelegate(QStyledItemDelegate):
    """Draws a statement: a box, its words, its count."""

    theme: Theme = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """All rows are equally high."""
        return QSize(60, scaled(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one statement."""
        theme, area = self.theme, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.control))
            painter.drawRoundedRect(area, 4, 4)
        is_chosen = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        self._paint_box(painter, area, is_chosen=is_chosen)
        count = index.data(_COUNT)
        font = QFont()
        font.setPixelSize(scaled(12))
        painter.setFont(font)
        figure = f"{count:,}"
        room = painter.fontMetrics().horizontalAdvance(figure)
        inside = area.adjusted(8 + scaled(_BOX_PX) + 6, 0, -6, 0)
        painter.setPen(QColor(theme.secondary))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | middle, figure)
        painter.setPen(QColor(theme.text if count or is_chosen else theme.disabled))
        words = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole),
            Qt.TextElideMode.ElideRight,
            int(inside.width() - room - 8),
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | middle, words)
        painter.restore()

    def _paint_box(self, painter: QPainter, area: QRectF, *, is_chosen: bool) -> None:
        theme = self.theme
        side, grown = scaled(_BOX_PX) - 1, text_scale()
        top = round(area.center().y() - side / 2)
        box = QRectF(area.left() + 6.5, top + 0.5, side, side)
        painter.setPen(QPen(QColor(theme.accent if is_chosen else theme.secondary), 1))
        painter.setBrush(QColor(theme.accent if is_chosen else theme.panel))
        painter.drawRoundedRect(box, 3 * grown, 3 * grown)
        if is_chosen:
            painter.setPen(QPen(QColor(theme.on_accent), 1.6 * grown))
            hook = ((3.0, 6.2), (5.2, 8.6), (9.2, 3.6))
            painter.drawPolyline([box.topLeft() + QPointF(x, y) * grown for x, y in hook])


class _List(QListWidget):
    """A list whose rows are chosen by clicking or by the space bar."""

    pressed_by_key = Signal(QListWidgetItem)

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose the current row."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and item is not None:
            self.pressed_by_key.emit(item)
        else:
            super().keyPressEvent(event)


class StatementList(QWidget):
    """A field to find statements by words, and the list of them.

    Parameters
    ----------
    session : LibrarySession
        Shown and changed.
    """

    def __init__(self, session: LibrarySession) -> None:
        super().__init__()
        self._session = session
        self._find = QLineEdit()
        self._find.setObjectName("find-statement")
        self._find.setPlaceholderText("Find a statement")
        self._find.setAccessibleName("Find a statement")
        self._find.setClearButtonEnabled(True)
        self._find.textChanged.connect(self._narrow)
        self.list = _List()
        self.list.setObjectName("statements")
        self.list.setAccessibleName("Statements")
        self._delegate = StatementDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.itemClicked.connect(self._toggle)
        self.list.pressed_by_key.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Statements", "heading"))
        column.addWidget(self._find)
        column.addWidget(self.list)
        session.shelf_changed.connect(self._fill)
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self._delegate.theme = theme
        self._fit()
        self.list.doItemsLayout()
        self.list.viewport().update()

    def show_counts(self, counts: Mapping[object, int], chosen: frozenset[str]) -> None:
        """Show how many recordings each statement would leave, and which are asked for."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            code = item.data(_CODE)
            checked = Qt.CheckState.Checked if code in chosen else Qt.CheckState.Unchecked
            item.setCheckState(checked)
            item.setData(_COUNT, counts.get(code, 0))
            words = item.text()
            item.setToolTip(f"{words} ({code})")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{words}, {counts.get(code, 0):,} recordings"
            )

    def _fill(self) -> None:
        shelf = self._session.state.shelf
        self.list.clear()
        self._find.clear()
        self.setVisible(shelf is not None and bool(shelf.rows_of_code))
        if shelf is None:
            return
        vocabulary = shelf.catalogue.vocabulary
        for code in shelf.codes:
            item = QListWidgetItem(vocabulary[code].words)
            item.setData(_CODE, code)
            item.setData(_WORDS, vocabulary.search_words(code))
            item.setData(_COUNT, 0)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.list.addItem(item)
        self._fit()

    def _fit(self) -> None:
        rows = min(_SHOWN, max(self.list.count(), 1))
        self.list.setFixedHeight(rows * scaled(_ROW_PX) + 4)

    def _narrow(self, text: str) -> None:
        wanted = words_of(text)
        for row in range(self.list.count()):
            item = self.list.item(row)
            words = words_of(item.data(_WORDS))
            found = all(any(word.startswith(begin) for word in words) for begin in wanted)
            item.setHidden(not found)

    def _toggle(self, item: QListWidgetItem) -> None:
        self._session.toggle("statements", item.data(_CODE))

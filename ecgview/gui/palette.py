"""The palette (Ctrl+K): type a few letters, find any action, file, model or lead, and do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from ecgview.gui.actions import ACTIONS
from ecgview.gui.dynamic_lists import LISTS
from ecgview.gui.overlay import Overlay
from ecgview.gui.palette_search import Entry, matching
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.widgets import label

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow

WIDTH_PX = 660
ROWS = 11
RECENT_KEPT = 12
_ROW_PAD_PX = 9
_EDGE_PX = 14
_GAP_PX = 18
_CHECK = "✓ "
_ENTRY = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


def all_entries(window: MainWindow) -> tuple[Entry, ...]:
    """Give everything that can be done: the table of actions, then files, models and devices.

    Parameters
    ----------
    window : MainWindow
        Whose actions they are.
    """
    made = []
    for spec in ACTIONS:
        if spec.id == "palette":
            continue
        action = window.actions_table[spec.id]
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        made.append(
            Entry(
                spec.id, action.text(), spec.menu, action.trigger, " or ".join(keys),
                action.isEnabled(), action.isChecked(),
            )
        )  # fmt: skip
    for place, items in LISTS.items():
        made += [
            Entry(item.id, item.text, place, item.do, checked=bool(item.checked))
            for item in items(window.commands)
        ]
    return tuple(made)


class _Rows(QAbstractListModel):
    """The entries found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's)
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken
        return entry if role == _ENTRY else None


class _RowPainter(QStyledItemDelegate):
    """Draws what it is called, where it stands and its keys in a line."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        return QSize(0, option.fontMetrics.height() + 2 * _ROW_PAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(_ENTRY)
        theme, metrics = self._theme, option.fontMetrics
        if option.state & self._selected:
            painter.fillRect(option.rect, theme.accent_soft)
        room = option.rect.adjusted(_EDGE_PX, 0, -_EDGE_PX, 0)
        painter.setFont(option.font)
        keys_px = metrics.horizontalAdvance(entry.keys)
        _write(painter, room, entry.keys, theme.secondary, Qt.AlignmentFlag.AlignRight)
        room = room.adjusted(0, 0, -keys_px - _GAP_PX if keys_px else 0, 0)
        where_px = min(metrics.horizontalAdvance(entry.where), room.width() // 2)
        text = (_CHECK if entry.checked else "") + entry.text
        text = metrics.elidedText(
            text, Qt.TextElideMode.ElideMiddle, room.width() - where_px - _GAP_PX
        )
        _write(painter, room, text, theme.text if entry.enabled else theme.disabled)
        room = room.adjusted(metrics.horizontalAdvance(text) + _GAP_PX, 0, 0, 0)
        where = metrics.elidedText(entry.where, Qt.TextElideMode.ElideRight, room.width())
        _write(painter, room, where, theme.secondary if entry.enabled else theme.disabled)

    _selected = QStyleOptionViewItem().state.State_Selected


def _write(
    painter: QPainter,
    room: QRect,
    text: str,
    colour: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setPen(colour)
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)


class Palette(Overlay):
    """A field and what answers to it.

    Parameters
    ----------
    window : MainWindow
        Covered; its actions are found.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._settings = window.settings
        self._entries = all_entries(window)
        self.setAccessibleName("Find an action")
        self.field = QLineEdit()
        self.field.setObjectName("palette-field")
        self.field.setPlaceholderText("Find an action, a recent file, a model, a lead")
        self.field.setAccessibleName("Find an action, a recent file, a model or a lead")
        self.field.setToolTip("Arrow keys choose, Enter does it, Esc closes")
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setAccessibleName("What was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self._rows = _Rows(self.list)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_RowPainter(self.list, window.theme or LIGHT))
        self.list.clicked.connect(self._do)
        self._nothing = label("Nothing is called so.", "secondary")
        self._nothing.setContentsMargins(_EDGE_PX, 10, _EDGE_PX, 14)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(0)
        for widget in (self.field, self.list, self._nothing):
            column.addWidget(widget)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self.search)
        self.search("")

    def place(self, room: QRect) -> QRect:
        """Put it above the middle, where the eye is; as wide as the letters want."""
        letters = self.fontMetrics().height() / 16
        width = min(round(WIDTH_PX * max(letters, 1.0)), room.width() - 48)
        top = room.height() // 9
        row = self.list.sizeHintForRow(0) if self._rows.entries else 0
        rows = min(ROWS, len(self._rows.entries))
        wanted = self.field.sizeHint().height() + row * rows + 10
        if not rows:
            wanted += self._nothing.sizeHint().height()
        height = min(wanted, room.height() - top - 24)
        return QRect((room.width() - width) // 2, top, width, height)

    def search(self, query: str) -> None:
        """Show what answers to a query."""
        found = matching(self._entries, query, self._settings["palette/recent"])
        self._rows.show(found)
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self.card.setGeometry(self.place(self.rect()))
        self._choose(0)

    @property
    def found(self) -> Sequence[Entry]:
        """The entries shown."""
        return self._rows.entries

    @property
    def chosen(self) -> Entry | None:
        """The one that Enter does."""
        index = self.list.currentIndex()
        return self._rows.entries[index.row()] if index.isValid() else None

    def _choose(self, row: int) -> None:
        last = len(self._rows.entries) - 1
        self.list.setCurrentIndex(self._rows.index(min(max(row, 0), last)))
        self._tell(self.chosen.spoken if self.chosen else self._nothing.text())

    def _tell(self, words: str) -> None:
        """Let who hears the screen know which row is chosen; the field has the keyboard."""
        self.field.setAccessibleDescription(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, words))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Move in the list while the field has the keyboard."""
        pressed = event.type() == QEvent.Type.KeyPress and watched is self.field
        if pressed and isinstance(event, QKeyEvent) and self._take(Qt.Key(event.key())):
            return True
        return super().eventFilter(watched, event)

    def _take(self, key: Qt.Key) -> bool:
        at, last = self.list.currentIndex().row(), len(self._rows.entries) - 1
        rows = {
            Qt.Key.Key_Down: 0 if at == last else at + 1,
            Qt.Key.Key_Up: last if at <= 0 else at - 1,
            Qt.Key.Key_PageDown: at + ROWS,
            Qt.Key.Key_PageUp: at - ROWS,
        }
        if key in rows:
            self._choose(rows[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        else:
            return False
        return True

    def _do(self, *_: object) -> None:
        entry = self.chosen
        if entry is None or not entry.enabled:
            return
        recent = [entry.id, *(id_ for id_ in self._settings["palette/recent"] if id_ != entry.id)]
        self._settings["palette/recent"] = tuple(recent[:RECENT_KEPT])
        self.dismiss()
        entry.do()

"""A layout that sets its widgets in lines, as text is set."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QWidget

from ecgview.gui.text_size import hold


def together(widgets: Iterable[QWidget], spacing_px: int, height_px: int = 0) -> QWidget:
    """Keep some widgets on one line; as high as said, or as they ask for."""
    group = QWidget()
    hold(group, height=height_px)
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing_px)
    for widget in widgets:
        row.addWidget(widget)
    return group


class FlowLayout(QLayout):
    """Widgets from left to right; a new line where the next one does not fit.

    Parameters
    ----------
    spacing_px : int
        Between widgets, and between lines.
    parent : QWidget, optional
        Owner.
    line_px : int, optional
        Between lines, where that is another distance.
    """

    def __init__(
        self, spacing_px: int, parent: QWidget | None = None, line_px: int | None = None
    ) -> None:
        super().__init__(parent)
        self._line_px = spacing_px if line_px is None else line_px
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing_px)

    # Qt's names for what every layout must offer.

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802, D102
        self._items.append(item)

    def count(self) -> int:  # noqa: D102
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802, D102
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802, D102
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802, D102
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802, D102
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802, D102
        return self._set_lines(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802, D102
        super().setGeometry(rect)
        self._set_lines(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802, D102
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802, D102
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _set_lines(self, rect: QRect, *, move: bool) -> int:
        x, y, line_height = rect.x(), rect.y(), 0
        # What is hidden is empty: it takes neither room nor a line.
        for item in (one for one in self._items if not one.isEmpty()):
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line_height = rect.x(), y + line_height + self._line_px, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line_height = max(line_height, size.height())
        return y + line_height - rect.y()

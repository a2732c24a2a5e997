"""How the cells of the table are drawn: pictures, two lines of words, a figure with its bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ecgview.gui.library.cells import COLUMNS, RIGHT_COLUMNS, Index, LibraryModel, figure_text
from ecgview.gui.library.cells import cell_text as text_of
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.thumbnails import Thumbnails
from ecgview.gui.library.work import Picture
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import LIGHT, Theme

ROW_PX = 52
_INSET_PX = 8
_BAR_PX = 44.0
_PX_PER_MV = 15.0
_SMALLEST_BAR = 0.02
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SINGLE = Qt.TextFlag.TextSingleLine


class LibraryDelegate(QStyledItemDelegate):
    """Draws the cells.

    Parameters
    ----------
    session : LibrarySession
        Shown.
    pictures : Thumbnails
        Small pictures, as far as they are drawn.
    parent : QWidget
        The table.
    """

    theme: Theme = LIGHT

    def __init__(self, session: LibrarySession, pictures: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._pictures = session, pictures

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        model = index.model()
        assert isinstance(model, LibraryModel)
        theme, area, column = self.theme, QRectF(option.rect), COLUMNS[index.column()]
        painter.save()
        painter.setClipRect(area)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.background))
        line = QRectF(area.left(), area.bottom() - 1, area.width(), 1)
        painter.fillRect(line, QColor(theme.hairline))
        inside = area.adjusted(_INSET_PX, 4, -_INSET_PX, -5)
        if column == "picture":
            self._paint_picture(painter, inside, model, index.row())
        elif column == "statements":
            self._paint_statements(painter, inside, model, index.row())
        elif column == "worst":
            self._paint_worst(painter, inside, model, index.row())
        else:
            self._paint_text(painter, inside, model, index.row(), column)
        painter.restore()

    def font_of(self, pixels: int, *, bold: bool = False) -> QFont:
        """Make a font of so many pixels at the usual size of text."""
        font = QFont()
        font.setPixelSize(scaled(pixels))
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _text(
        self, painter: QPainter, area: QRectF, text: str, colour: str, *, right: bool = False
    ) -> None:
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, (_RIGHT if right else _LEFT) | _SINGLE, shown)

    def _paint_text(
        self, painter: QPainter, area: QRectF, model: LibraryModel, place: int, column: str
    ) -> None:
        entry = model.entry(place)
        text = text_of(self._session.state, entry, int(model.rows[place]), column)
        painter.setFont(self.font_of(12, bold=column == "name"))
        quiet = column in ("quality", "fold") or entry.problem
        colour = self.theme.secondary if quiet else self.theme.text
        self._text(painter, area, text, colour, right=column in RIGHT_COLUMNS)

    def _paint_statements(
        self, painter: QPainter, area: QRectF, model: LibraryModel, place: int
    ) -> None:
        entry, theme = model.entry(place), self.theme
        words = model.words(place)
        second = entry.report if entry.report != words else ""
        first_colour = theme.problem if entry.problem else theme.text
        lines = [(words, 12, first_colour), (second, 11, theme.secondary)]
        lines = [line for line in lines if line[0]]
        height = scaled(18)
        top = area.center().y() - height / 2 * len(lines)
        for number, (text, pixels, colour) in enumerate(lines):
            painter.setFont(self.font_of(pixels))
            place_of_line = QRectF(area.left(), top + height * number, area.width(), height)
            self._text(painter, place_of_line, text, colour)

    def _paint_worst(
        self, painter: QPainter, area: QRectF, model: LibraryModel, place: int
    ) -> None:
        figures, theme = model.figures(place), self.theme
        if figures is None:
            return
        painter.setFont(self.font_of(12, bold=figures.worst_pcc is not None))
        number, _, lead = figure_text("worst", figures).partition(" ")
        if figures.worst_pcc is None:
            self._text(painter, area, number, theme.secondary)
            return
        upper = QRectF(area.left(), area.top() + 4, area.width(), scaled(18))
        self._text(painter, upper, number, theme.text)
        painter.setFont(self.font_of(11))
        beside = upper.adjusted(scaled(46), 0, 0, 0)
        self._text(painter, beside, lead, theme.secondary)
        self._paint_bar(painter, QPointF(area.left(), upper.bottom() + 5), figures.worst_pcc)

    def _paint_bar(self, painter: QPainter, at: QPointF, pcc: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(at.x(), at.y(), _BAR_PX, 4)
        painter.setBrush(QColor(self.theme.control))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(self.theme.reconstruction))
        bar.setWidth(_BAR_PX * max(pcc, _SMALLEST_BAR))
        painter.drawRoundedRect(bar, 2, 2)

    def _paint_picture(
        self, painter: QPainter, area: QRectF, model: LibraryModel, place: int
    ) -> None:
        state = self._session.state
        picture = self._pictures.get(model.entry(place).path, state.picture_lead)
        if picture is None:
            return
        if not len(picture.low_mv):
            painter.setFont(self.font_of(11))
            self._text(painter, area, "no picture", self.theme.disabled)
            return
        pen = QPen(QColor(self.theme.original))
        pen.setWidthF(1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(bars_of(picture, area))
        if picture.lead != state.picture_lead:
            painter.setFont(self.font_of(10))
            corner = QRectF(area.left(), area.top() - 3, area.width(), scaled(12))
            self._text(painter, corner, picture.lead, self.theme.secondary)


def bars_of(picture: Picture, area: QRectF) -> list[QLineF]:
    """Lay a small picture into an area: an upright stroke a column, gaps left out.

    Parameters
    ----------
    picture : Picture
        With columns.
    area : QRectF
        In pixels; all pictures have one scale, but for those that it does not hold.
    """
    low, high = picture.low_mv, picture.high_mv
    top, bottom = float(np.nanmax(high)), float(np.nanmin(low))
    per_mv = min(_PX_PER_MV, area.height() / max(top - bottom, 1e-6))
    # The baseline lies below the middle, and moves where a trace needs the room.
    base = area.top() + 0.65 * area.height()
    base = min(max(base, area.top() + top * per_mv), area.bottom() + bottom * per_mv)
    step = area.width() / len(low)
    there = np.flatnonzero(np.isfinite(low))
    x = area.left() + (there + 0.5) * step
    upper, lower = base - high[there] * per_mv, base - low[there] * per_mv
    lower = np.maximum(lower, upper + 1.0)
    return [
        QLineF(x_at, y_top, x_at, y_low)
        for x_at, y_top, y_low in zip(x.tolist(), upper.tolist(), lower.tolist(), strict=True)
    ]

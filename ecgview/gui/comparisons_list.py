"""All estimates of the recording: a list to choose from beside the table, a legend on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ecgview.gui.comparisons_table import EstimateRow
from ecgview.gui.text_size import hold, scaled
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.viewer.overlays import LegendEntry
from ecgview.gui.viewer.paint import SWATCH_PX, draw_swatch
from ecgview.gui.widgets import button, clear, label

ROW_HEIGHT_PX = 26
_PCC_WIDTH_PX = 38.0
_RMSE_WIDTH_PX = 54.0
_INSET_PX = 6.0
_REMOVE_WIDTH_PX = 20
LEGEND_HEIGHT_PX = 28
_LEGEND_MARGIN_PX = 20.0
_LEGEND_GAP_PX = 27.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EstimateButton(QPushButton):
    """One estimate; down while it is the chosen one.

    Parameters
    ----------
    row : EstimateRow
        What it shows.
    """

    removal_asked = Signal()

    def __init__(self, row: EstimateRow) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.setCheckable(True)
        self.setAutoDefault(False)
        hold(self, height=ROW_HEIGHT_PX)
        self.setObjectName(f"estimate-{row.key or 'model'}")
        self.show_row(row)

    def show_row(self, row: EstimateRow) -> None:
        """Show other figures."""
        self.row = row
        self.setChecked(row.is_chosen)
        self.setToolTip(row.tip)
        shown = ", shown" if row.is_chosen else ""
        self.setAccessibleName(f"{row.name}: mean PCC {row.pcc}, RMSE {row.rmse_uv} µV{shown}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Leave the width to the panel."""
        return QSize(0, ROW_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Leave the width to the panel."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Remove with Delete."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Light up."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw ground, line, name and figures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        area = QRectF(self.rect()).adjusted(_INSET_PX, 0, -_INSET_PX, 0)
        draw_swatch(painter, area.left(), area.center().y(), self.row.style, self.theme)
        names = area.adjusted(SWATCH_PX + 8, 0, -_PCC_WIDTH_PX - _RMSE_WIDTH_PX, 0)
        painter.setPen(QColor(self.theme.text))
        painter.setFont(_font(bold=False))
        name = QFontMetricsF(painter.font()).elidedText(
            self.row.name, Qt.TextElideMode.ElideMiddle, names.width()
        )
        painter.drawText(names, _LEFT, name)
        painter.setFont(_font(bold=False))
        painter.drawText(area.adjusted(0, 0, -_RMSE_WIDTH_PX, 0), _RIGHT, self.row.pcc)
        painter.drawText(area, _RIGHT, self.row.rmse_uv)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self.theme
        ground = theme.accent_soft if self.isChecked() else theme.control
        painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class EstimateList(QWidget):
    """The list; empty and hidden while there is only the model's estimate."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._buttons: list[EstimateButton] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.setSpacing(0)
        column.addLayout(_heads())
        column.addLayout(self._rows)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for made in self._buttons:
            made.theme = theme
            made.update()

    def show_rows(self, rows: tuple[EstimateRow, ...]) -> None:
        """Show these estimates.

        Parameters
        ----------
        rows : tuple of EstimateRow
            The model's first; none hides the list.
        """
        if [made.row.key for made in self._buttons] != [row.key for row in rows]:
            self._rebuild(rows)
        for made, row in zip(self._buttons, rows, strict=True):
            if made.row != row:
                made.show_row(row)
        self.setVisible(bool(rows))

    def _rebuild(self, rows: tuple[EstimateRow, ...]) -> None:
        had_focus = any(made.hasFocus() for made in self._buttons)
        clear(self._rows)
        self._buttons = []
        for row in rows:
            line = QWidget()
            beside = QHBoxLayout(line)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.setSpacing(0)
            beside.addWidget(self._button(row), 1)
            if row.is_model:
                beside.addSpacing(_REMOVE_WIDTH_PX)
            else:
                beside.addWidget(self._remove_button(row))
            self._rows.addWidget(line)
            line.show()
        if had_focus and self._buttons:
            self._buttons[-1].setFocus()

    def _button(self, row: EstimateRow) -> EstimateButton:
        made = EstimateButton(row)
        made.theme = self._theme
        made.clicked.connect(partial(self._on_clicked, made))
        made.removal_asked.connect(partial(self.removed.emit, row.key))
        self._buttons.append(made)
        return made

    def _on_clicked(self, made: EstimateButton) -> None:
        made.setChecked(made.row.is_chosen)  # Qt has flipped it; the state says what it is
        self.chosen.emit(made.row.key)

    def _remove_button(self, row: EstimateRow) -> QPushButton:
        made = button(
            "✕", partial(self.removed.emit, row.key), name=f"Remove {row.name}",
            tip=f"Stop comparing with {row.name}", role="bannerlink",
        )  # fmt: skip
        made.setFixedWidth(_REMOVE_WIDTH_PX)
        made.setStyleSheet("padding: 0")
        made.setObjectName(f"remove-{row.key}")
        return made


def _heads() -> QHBoxLayout:
    heads = QHBoxLayout()
    heads.setContentsMargins(int(_INSET_PX), 0, int(_INSET_PX) + _REMOVE_WIDTH_PX, 2)
    heads.setSpacing(0)
    heads.addWidget(label("Estimate", "secondary"), 1)
    for text, width in (("PCC", _PCC_WIDTH_PX), ("RMSE µV", _RMSE_WIDTH_PX)):
        made = label(text, "secondary")
        made.setFixedWidth(int(width))
        made.setAlignment(_RIGHT)
        heads.addWidget(made)
    return heads


def longest_name(widths_px: Sequence[float], room_px: float) -> float:
    """Share room among names: short ones in full, the others cut to one width.

    Parameters
    ----------
    widths_px : sequence of float
        Width of each name.
    room_px : float
        Room for all.

    Returns
    -------
    float
        Width above which a name is cut.
    """
    left, names = room_px, len(widths_px)
    for width in sorted(widths_px):
        if width * names > left:
            return max(left / names, 0.0)
        left, names = left - width, names - 1
    return room_px


def _font(*, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(scaled(12))
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


class LegendStrip(QWidget):
    """Names the estimates above the paper; hidden while there is nothing to tell apart."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._entries: tuple[LegendEntry, ...] = ()
        hold(self, height=LEGEND_HEIGHT_PX)
        self.setAccessibleName("Legend")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these estimates; none hides the strip."""
        self._entries = entries
        names = ", ".join(entry.name + " (shown)" * entry.is_shown for entry in entries)
        self.setAccessibleDescription(names)
        self.setVisible(bool(entries))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw line and name of each, in a row."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.paper))
        edge = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(edge, QColor(self._theme.hairline))
        fonts = [_font(bold=entry.is_shown) for entry in self._entries]
        room = self.width() - 2 * _LEGEND_MARGIN_PX
        room -= len(fonts) * (SWATCH_PX + _LEGEND_GAP_PX)
        named = zip(fonts, self._entries, strict=True)
        widths = [QFontMetricsF(font).horizontalAdvance(one.name) + 1 for font, one in named]
        most = longest_name(widths, room)
        x = _LEGEND_MARGIN_PX
        for entry, font in zip(self._entries, fonts, strict=True):
            painter.setFont(font)
            metrics = QFontMetricsF(font)
            name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, most)
            draw_swatch(painter, x, self.height() / 2, entry.style, self._theme)
            painter.setPen(QColor(self._theme.text))
            words = QRectF(x + SWATCH_PX + 7, 0, most, self.height())
            painter.drawText(words, _LEFT, name)
            x += SWATCH_PX + metrics.horizontalAdvance(name) + _LEGEND_GAP_PX
        painter.end()

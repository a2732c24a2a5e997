"""Words on the page, with a halo in the paper's colour so that they can be read over traces."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
)

from ecgview.gui.viewer.paint_paper import faded

_HALO_PX = 3.5
_HALO_ALPHA = 0.85
_MARGIN_PX = 3


@lru_cache(maxsize=64)
def text_font(pixels: float, *, bold: bool) -> QFont:
    """Give the font of words on the page; do not change it."""
    font = QFont()
    font.setPixelSize(round(pixels))
    font.setBold(bold)
    return font


def paint_text(
    painter: QPainter, place: QPointF, text: str, font: QFont, colour: str, halo: str
) -> None:
    """Paint a line of text with a halo."""
    look = (font.pixelSize(), font.bold(), halo)
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        words = _words(text, look, colour, painter.deviceTransform().m11())
        painter.drawImage(place - QPointF(_MARGIN_PX, look[0] + _MARGIN_PX), words)
        return
    painter.translate(place)
    painter.fillPath(_halo(text, look[0], look[1]), faded(halo, _HALO_ALPHA))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(0, 0), text)
    painter.translate(-place)


@lru_cache(maxsize=256)
def _words(text: str, look: tuple[int, bool, str], colour: str, scale: float) -> QImage:
    """Text and halo as a picture; most words stay as they are from one page to the next."""
    pixels, bold, _ = look
    font = text_font(pixels, bold=bold)
    width = _width(text, pixels, bold) + 2 * _MARGIN_PX
    height = 1.5 * pixels + 2 * _MARGIN_PX
    picture = _transparent(ceil(width * scale), ceil(height * scale), scale)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(_MARGIN_PX, pixels + _MARGIN_PX)
    _lay_halos(painter, text, look, scale)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(0, 0), text)
    painter.end()
    return picture


def _lay_halos(painter: QPainter, text: str, look: tuple[int, bool, str], scale: float) -> None:
    """Lay the halo of each letter; times change at every step, their digits do not."""
    pixels, bold, _ = look
    x = 0.0
    for letter in text:
        halo, left, top = _letter_halo(letter, look, scale)
        painter.drawImage(QPointF(x + left, top), halo)
        x += _width(letter, pixels, bold)


def text_width(text: str, font: QFont) -> float:
    """Give how far a text reaches in a font of the page."""
    return _width(text, font.pixelSize(), font.bold())


@lru_cache(maxsize=2048)
def _width(text: str, pixels: int, bold: bool) -> float:
    return QFontMetricsF(text_font(pixels, bold=bold)).horizontalAdvance(text)


@lru_cache(maxsize=1024)
def _letter_halo(
    letter: str, look: tuple[int, bool, str], scale: float
) -> tuple[QImage, float, float]:
    """Halo of a letter as a picture, and where its left upper corner lies."""
    pixels, bold, colour = look
    path = _halo(letter, pixels, bold)
    box = path.boundingRect().adjusted(-1, -1, 1, 1)
    picture = _transparent(round(box.width() * scale), round(box.height() * scale), scale)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(-box.topLeft())
    painter.fillPath(path, faded(colour, _HALO_ALPHA))
    painter.end()
    return picture, box.left(), box.top()


def _transparent(width: int, height: int, scale: float) -> QImage:
    """Make an empty picture; no pixmap, as exports are painted in workers too."""
    picture = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


@lru_cache(maxsize=256)
def _halo(text: str, pixels: int, bold: bool) -> QPainterPath:
    """Outline of a text, widened; simplified once, it fills in a hundredth of the time."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), text_font(pixels, bold=bold), text)
    stroker = QPainterPathStroker()
    stroker.setWidth(_HALO_PX)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path).simplified()

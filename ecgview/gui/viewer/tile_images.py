"""The pictures that tiles are painted into, used again: fresh memory costs more than painting."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint import paint_lines
from ecgview.gui.viewer.scene import Scene
from ecgview.gui.viewer.tiling import TILE_PX

DENSE_S = 0.1
"""Where a pixel column holds more time than this, most bars are tall."""
MOST_SPARE = 16


class TileImages:
    """Paints strips of traces and cuts tiles from them."""

    def __init__(self) -> None:
        self._strip = QImage()
        self._spare: list[QImage] = []

    def take_back(self, tiles: Iterable[QImage]) -> None:
        """Take tiles that are no longer shown, to paint others into."""
        self._spare = [*self._spare, *tiles][-MOST_SPARE:]

    def strip(self, drawn: Scene, theme: Theme) -> QImage:
        """Paint traces on nothing; what was given before is painted over.

        Parameters
        ----------
        drawn : Scene
            Some tiles beside each other.
        theme : Theme
            In which colours.

        Returns
        -------
        QImage
            As wide as the tiles, or wider.
        """
        width, height = round(drawn.width * drawn.dpr), round(drawn.height * drawn.dpr)
        strip = self._strip
        if strip.width() < width or strip.height() != height:
            strip = self._strip = _image(width, height)
        strip.setDevicePixelRatio(drawn.dpr)
        canvas = None
        if drawn.page.px_per_s * drawn.dpr * DENSE_S < 1:
            # The same memory as the painter's, which is why it is asked for before.
            canvas = np.frombuffer(strip.bits(), dtype=np.uint32)
            canvas = canvas.reshape(height, strip.width())[:, :width]
        painter = QPainter(strip)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(0, 0, width, height, Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        paint_lines(painter, drawn, theme, canvas)
        painter.end()
        return strip

    def cut(self, strip: QImage, left: int) -> QImage:
        """Copy a tile out of a strip, `left` device pixels from its edge."""
        tile = self._spare.pop() if self._spare else QImage()
        if tile.width() != TILE_PX or tile.height() != strip.height():
            tile = _image(TILE_PX, strip.height())
        tile.setDevicePixelRatio(1)
        painter = QPainter(tile)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        whole = QRect(0, 0, TILE_PX, strip.height())
        painter.drawImage(whole, strip, whole.translated(left, 0))
        painter.end()
        tile.setDevicePixelRatio(strip.devicePixelRatio())
        return tile


def _image(width: int, height: int) -> QImage:
    return QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)

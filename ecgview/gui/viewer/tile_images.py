"""The pictures that tiles are painted into, used again: fresh memory costs more than painting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.bar_pixels import BarPixels
from ecgview.gui.viewer.paint import inks_of, paint_lines
from ecgview.gui.viewer.scene import Scene
from ecgview.gui.viewer.tiling import TILE_PX

MOST_SPARE = 16


class Tile(NamedTuple):
    """A painted tile.

    Attributes
    ----------
    image : QImage
        As high as the window, at scale 1.
    rows : range
        Those of its rows that show anything.
    """

    image: QImage
    rows: range


class TileImages:
    """Paints traces on nothing, tile by tile."""

    def __init__(self) -> None:
        self._strip = QImage()
        self._bars = BarPixels()
        self._spare: list[QImage] = []

    def take_back(self, tiles: Iterable[Tile]) -> None:
        """Take tiles that are no longer shown, to paint others into."""
        self._spare = [*self._spare, *(tile.image for tile in tiles)][-MOST_SPARE:]

    def tiles(self, drawn: Scene, theme: Theme, *, are_bars: bool) -> Iterator[Tile]:
        """Paint some tiles beside each other.

        Parameters
        ----------
        drawn : Scene
            As wide as the tiles.
        theme : Theme
            In which colours.
        are_bars : bool
            Whether the traces are upright bars, which need no painter.

        Yields
        ------
        Tile
            From left to right.
        """
        width, height = round(drawn.width * drawn.dpr), round(drawn.height * drawn.dpr)
        lefts = range(0, width, TILE_PX)
        if are_bars:
            filled = self._bars.fill(inks_of(drawn, theme), (height, width), drawn.dpr)
            rows = range(filled.first_row, filled.first_row + len(filled.numbers))
            for left in lefts:
                image = self._empty(height)
                pixels = np.frombuffer(image.bits(), dtype=np.uint32).reshape(height, TILE_PX)
                shown = filled.numbers[:, left : left + TILE_PX]
                np.take(filled.colours, shown, out=pixels[rows.start : rows.stop], mode="wrap")
                yield Tile(image, rows)
        else:
            strip = self._painted(drawn, theme, width, height)
            for left in lefts:
                yield Tile(self._cut(strip, left), range(height))

    def _painted(self, drawn: Scene, theme: Theme, width: int, height: int) -> QImage:
        """Paint a strip as wide as the tiles, or wider; the last one is painted over."""
        strip = self._strip
        if strip.width() < width or strip.height() != height:
            strip = self._strip = _image(width, height)
        strip.setDevicePixelRatio(drawn.dpr)
        painter = QPainter(strip)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(0, 0, width, height, Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        paint_lines(painter, drawn, theme)
        painter.end()
        return strip

    def _cut(self, strip: QImage, left: int) -> QImage:
        """Copy a tile out of a strip, `left` device pixels from its edge."""
        tile = self._empty(strip.height())
        painter = QPainter(tile)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        whole = QRect(0, 0, TILE_PX, strip.height())
        painter.drawImage(whole, strip, whole.translated(left, 0))
        painter.end()
        return tile

    def _empty(self, height: int) -> QImage:
        """Give a tile to paint into; what it shows is not known."""
        tile = self._spare.pop() if self._spare else QImage()
        if tile.width() != TILE_PX or tile.height() != height:
            return _image(TILE_PX, height)
        return tile


def _image(width: int, height: int) -> QImage:
    return QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)

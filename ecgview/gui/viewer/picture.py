"""The painted page kept as pictures, so that only what changes is painted again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint import paint_lasting, paint_times, paint_traces
from ecgview.gui.viewer.paint_paper import paint_levels, paint_uprights
from ecgview.gui.viewer.scene import Panel, Scene
from ecgview.gui.viewer.signals import Signals, Stretch
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.tile_images import Tile, TileImages
from ecgview.gui.viewer.tiling import TILE_PX, Group, groups_of, runs, tiles_scene, tiles_with
from ecgview.gui.viewer.time_grid import time_grid
from ecgview.gui.viewer.traces import are_bars

MOST_WINDOWS = 4
"""Tiles take as much memory as so many pictures of the window at most."""


class PaperPicture:
    """The paper as last painted; its level lines, which stay when slow paper moves, apart."""

    def __init__(self) -> None:
        self._paper = QPixmap()
        self._levels = QPixmap()
        self._key: object = None
        self._levels_key: object = None

    def of(self, scene: Scene, theme: Theme) -> QPixmap:
        """Give the paper of a scene."""
        page = scene.page
        # The lines of slow paper stand for times and move along with them.
        by_time = (page.px_per_s, page.start_s, page.middle_s) if time_grid(page) else None
        size = (scene.width, scene.height, scene.dpr)
        levels = (size, page.px_per_mm, page.baselines[0], theme.name)
        if (levels, page.left, by_time) != self._key:
            if levels != self._levels_key:
                self._levels = _pixmap(*size)
                self._levels.fill(Qt.GlobalColor.transparent)
                _paint(self._levels, lambda painter: paint_levels(painter, scene, theme))
                self._paper = _pixmap(*size)
                self._levels_key = levels
            _paint(self._paper, lambda painter: self._paint(painter, scene, theme))
            self._key = levels, page.left, by_time
        return self._paper

    def _paint(self, painter: QPainter, scene: Scene, theme: Theme) -> None:
        paint_uprights(painter, scene, theme)
        painter.drawPixmap(0, 0, self._levels)


class LastingPicture:
    """What stands beside the traces and stays while the page moves, as last painted."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._key: object = None

    def of(self, scene: Scene, theme: Theme) -> QPixmap:
        """Give the picture of a scene, to be laid over its traces."""
        labels = tuple(panel.label for panel in scene.panels)
        lines = scene.pulses.tobytes(), scene.breaks.tobytes()
        words = labels, scene.headings, scene.notice, scene.style
        key = (scene.width, scene.height, scene.dpr, lines, words, theme)
        if key != self._key:
            self._picture = _pixmap(scene.width, scene.height, scene.dpr)
            self._picture.fill(Qt.GlobalColor.transparent)
            _paint(self._picture, lambda painter: paint_lasting(painter, scene, theme))
            self._key = key
        return self._picture


class PagePicture:
    """Paper and traces as last painted."""

    def __init__(self) -> None:
        self._paper = PaperPicture()
        self._page = QPixmap()
        self._page_key: object = None
        self._panels: tuple[Panel, ...] | None = None

    def of(self, scene: Scene, theme: Theme) -> QPixmap:
        """Give the page without its mark; the same scene and theme are painted once."""
        key = (scene.page, scene.width, scene.height, scene.dpr, theme.name)
        # A scene that differs in its mark only has the very same panels.
        if key != self._page_key or scene.panels is not self._panels:
            self._page = QPixmap(self._paper.of(scene, theme))
            _paint(self._page, lambda painter: paint_traces(painter, scene, theme))
            self._page_key, self._panels = key, scene.panels
        return self._page


class TilePicture:
    """Paper, and traces in tiles that are kept while the page moves over the recording."""

    def __init__(self) -> None:
        self._paper = PaperPicture()
        self._lasting = LastingPicture()
        self._tiles: OrderedDict[tuple[int, int], Tile] = OrderedDict()
        self._images = TileImages()
        self._contents: dict[Hashable, int] = {}
        self._look: object = None
        self._signals: Signals | None = None

    @property
    def n_bytes(self) -> int:
        """Memory that the tiles take."""
        return sum(tile.image.sizeInBytes() for tile in self._tiles.values())

    def forget(self, stretches: tuple[Stretch, ...], scene: Scene, fs_hz: float) -> None:
        """Paint the tiles anew that show some samples."""
        gone = {
            tile
            for stretch in stretches
            for tile in tiles_with(stretch, scene.page, fs_hz, scene.dpr)
        }
        for key in [key for key in self._tiles if key[1] in gone]:
            del self._tiles[key]

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        signals: Signals | None,
        view: ViewState,
        theme: Theme,
    ) -> None:
        """Paint a page without its mark.

        Parameters
        ----------
        painter : QPainter
            Of the window.
        scene : Scene
            The page without traces.
        signals : Signals or None
            The samples; None without a recording.
        view : ViewState
            What to show.
        theme : Theme
            In which colours.
        """
        painter.drawPixmap(0, 0, self._paper.of(scene, theme))
        if signals is not None:
            self._take_look(scene, signals, view, theme)
            groups = groups_of(scene.page, signals, scene.width, scene.dpr)
            for group in groups:
                content = self._contents.setdefault(group.content, len(self._contents))
                self._paint_missing(scene, view, theme, group, content)
                for number in group.tiles():
                    self._tiles.move_to_end((content, number))
                    self._draw(painter, scene.dpr, group, number, self._tiles[content, number])
            self._drop_old(scene, len(groups))
        painter.drawPixmap(0, 0, self._lasting.of(scene, theme))
        paint_times(painter, scene, theme)

    def _take_look(self, scene: Scene, signals: Signals, view: ViewState, theme: Theme) -> None:
        """Drop all tiles where they would look different."""
        page = scene.page
        scale = (page.px_per_s, page.px_per_mv, page.baselines, scene.height, scene.dpr)
        look = (scale, view.shading, view.interval, scene.style, theme.name)
        if look != self._look or signals is not self._signals:
            self._images.take_back(self._tiles.values())
            self._tiles.clear()
            self._contents.clear()
            self._look, self._signals = look, signals

    def _paint_missing(
        self, scene: Scene, view: ViewState, theme: Theme, group: Group, content: int
    ) -> None:
        """Paint the tiles in sight that are not there; neighbours together, which is quicker."""
        assert self._signals is not None
        missing = [n for n in group.tiles() if (content, n) not in self._tiles]
        for numbers in runs(missing):
            drawn = tiles_scene(view, scene, self._signals, group, numbers)
            bars = are_bars(drawn.page, self._signals, drawn.dpr)
            tiles = self._images.tiles(drawn, theme, are_bars=bars)
            for number, tile in zip(numbers, tiles, strict=True):
                self._tiles[content, number] = tile

    def _draw(self, painter: QPainter, dpr: float, group: Group, number: int, tile: Tile) -> None:
        """Draw what of a tile lies within its group."""
        start, (top, height) = group.zero + number * TILE_PX, (tile.rows.start, len(tile.rows))
        left, right = max(start, group.left), min(start + TILE_PX, group.right)
        place = QRectF(left / dpr, top / dpr, (right - left) / dpr, height / dpr)
        painter.drawImage(place, tile.image, QRectF(left - start, top, right - left, height))

    def _drop_old(self, scene: Scene, n_groups: int) -> None:
        """Keep the tiles used last, and all that are in sight."""
        pixels = scene.width * scene.dpr
        most = int(MOST_WINDOWS * pixels / TILE_PX) + 2 * n_groups
        while len(self._tiles) > most:
            self._images.take_back([self._tiles.popitem(last=False)[1]])


def _pixmap(width: float, height: float, dpr: float) -> QPixmap:
    pixmap = QPixmap(round(width * dpr), round(height * dpr))
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def _paint(pixmap: QPixmap, paint: Callable[[QPainter], None]) -> None:
    painter = QPainter(pixmap)
    paint(painter)
    painter.end()

"""The painted page kept as pictures, so that only what changes is painted again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPainter, QPixmap

from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint import paint_paper, paint_traces
from ecgview.gui.viewer.scene import Panel, Scene


class PagePicture:
    """Paper and traces as last painted."""

    def __init__(self) -> None:
        self._paper = QPixmap()
        self._paper_key: object = None
        self._page = QPixmap()
        self._page_key: object = None
        self._panels: tuple[Panel, ...] | None = None

    def of(self, scene: Scene, theme: Theme) -> QPixmap:
        """Give the page without its mark; the same scene and theme are painted once."""
        key = (scene.page, scene.width, scene.height, scene.dpr, theme.name)
        # A scene that differs in its mark only has the very same panels.
        if key != self._page_key or scene.panels is not self._panels:
            self._page = QPixmap(self._paper_of(scene, theme))
            _paint(self._page, lambda painter: paint_traces(painter, scene, theme))
            self._page_key, self._panels = key, scene.panels
        return self._page

    def _paper_of(self, scene: Scene, theme: Theme) -> QPixmap:
        page = scene.page
        place = (page.px_per_mm, page.left, page.baselines[0])
        key = (scene.width, scene.height, scene.dpr, place, theme.name)
        if key != self._paper_key:
            self._paper = QPixmap(round(scene.width * scene.dpr), round(scene.height * scene.dpr))
            self._paper.setDevicePixelRatio(scene.dpr)
            _paint(self._paper, lambda painter: paint_paper(painter, scene, theme))
            self._paper_key = key
        return self._paper


def _paint(pixmap: QPixmap, paint: Callable[[QPainter], None]) -> None:
    painter = QPainter(pixmap)
    paint(painter)
    painter.end()

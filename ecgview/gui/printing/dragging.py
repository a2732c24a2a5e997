"""The traces dragged out of the window as a picture: Ctrl+Alt and drag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, floor
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QFontMetricsF, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ecgview import DISCLAIMER
from ecgview.formats.writers import safe_name
from ecgview.gui.printing.files import png_of
from ecgview.gui.printing.laid_over import drawings
from ecgview.gui.printing.paint_sheet import paint_ecg
from ecgview.gui.printing.paper import PINK
from ecgview.gui.printing.sheet import signals_of
from ecgview.gui.printing.subject import Subject
from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint_drawing import paint_drawing
from ecgview.gui.viewer.paint_text import text_font
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.state import ViewState
from ecgview.storing import store

SCALE = 3
"""Dots of the picture for each unit of the window."""
_LEAST_PX = 40.0
_LINE_PX = 11
_FOOT_PX = 38.0
_THUMBNAIL_PX = 240


def crop_of(scene: Scene, x: float) -> tuple[float, float]:
    """Tell which part of the width is dragged from a place: the marked stretch there, or all.

    Parameters
    ----------
    scene : Scene
        What the window shows.
    x : float
        Where it was taken hold of.

    Returns
    -------
    tuple of float
        Left and right edge within the scene.
    """
    for left, right in scene.bands:
        inside = max(left, 0.0), min(right, scene.width)
        if inside[0] <= x <= inside[1] and inside[1] - inside[0] >= _LEAST_PX:
            return inside
    return 0.0, scene.width


def shown_scene(subject: Subject, view: ViewState, width: float, height: float) -> Scene:
    """Work out what a trace area of a size shows, for a picture of `SCALE` dots a unit."""
    signals = signals_of(subject, view)
    return build_scene(
        view, subject.recording, subject.reconstruction, subject.agreement, width, height,
        float(SCALE), signals=signals,
    )  # fmt: skip


def picture_of(
    subject: Subject, scene: Scene, crop: tuple[float, float], theme: Theme = PINK
) -> QImage:
    """Draw a part of the traces, as they stand in the window, on light paper.

    Parameters
    ----------
    subject : Subject
        What is drawn.
    scene : Scene
        The traces.
    crop : tuple of float
        Left and right edge.
    theme : Theme
        One of `SCHEMES`.

    Returns
    -------
    QImage
        The scale and the fixed wording stand below.
    """
    left, right = floor(crop[0]), ceil(crop[1])
    width, height = right - left, ceil(scene.height)
    image = QImage(width * SCALE, round((height + _FOOT_PX) * SCALE), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    painter.save()
    painter.setClipRect(QRectF(0, 0, width, height))
    painter.translate(-left, 0)
    paint_ecg(painter, replace(scene, bands=()) if width < scene.width else scene, theme)
    for drawing in drawings(subject, scene.page, scene.width, scene.height):
        paint_drawing(painter, drawing, theme)
    painter.restore()
    _paint_foot(painter, scene, width, height, theme)
    painter.end()
    return image


def _paint_foot(painter: QPainter, scene: Scene, width: float, top: float, theme: Theme) -> None:
    font = text_font(_LINE_PX, bold=False)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for number, (text, colour) in enumerate(
        ((scene.footer, theme.text), (DISCLAIMER, theme.secondary))
    ):
        # A narrow stretch has narrow words: cut short, they would lose what they are for.
        squeeze = min(1.0, (width - 8) / max(metrics.horizontalAdvance(text), 1.0))
        painter.save()
        painter.translate(4, top + 14 + 16 * number)
        painter.scale(squeeze, squeeze)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(0, 0), text)
        painter.restore()


def mime_of(image: QImage, folder: Path, stem: str) -> QMimeData:
    """Offer a picture as image data and as a PNG file.

    Parameters
    ----------
    image : QImage
        The picture.
    folder : Path
        Where the file is kept for as long as the window is open.
    stem : str
        Its name.

    Returns
    -------
    QMimeData
        For a drag.
    """
    path = folder / f"{safe_name(stem)}.png"
    store(path, png_of(image))
    data = QMimeData()
    data.setImageData(image)
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


class DragOut(QObject):
    """Starts a drag where the traces are dragged with Ctrl and Alt.

    Parameters
    ----------
    area : QWidget
        Whose mouse it watches.
    make : callable
        ``make(x)`` gives what is dragged from a place; None where that fails.
    start : callable
        Runs the drag.
    """

    def __init__(
        self,
        area: QWidget,
        make: Callable[[float], QMimeData | None],
        start: Callable[[QWidget, QMimeData], None] | None = None,
    ) -> None:
        super().__init__(area)
        self._area, self._make, self._start = area, make, start or start_drag
        self._held: QPointF | None = None
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take presses with Ctrl and Alt, and what follows them."""
        if not isinstance(event, QMouseEvent):
            return False
        wanted = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.type() == QEvent.Type.MouseButtonPress:
            held = event.modifiers() & wanted == wanted
            held = held and event.button() == Qt.MouseButton.LeftButton
            self._held = event.position() if held else None
            return held
        if self._held is None:
            return False
        if event.type() == QEvent.Type.MouseMove:
            way = event.position() - self._held
            if way.manhattanLength() >= QApplication.startDragDistance():
                x, self._held = self._held.x(), None
                data = self._make(x)
                if data is not None:
                    self._start(self._area, data)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._held = None
        return True


def start_drag(area: QWidget, data: QMimeData) -> None:
    """Drag a picture out of a widget until it is dropped."""
    drag = QDrag(area)
    drag.setMimeData(data)
    image = data.imageData()
    if isinstance(image, QImage):
        smooth = Qt.TransformationMode.SmoothTransformation
        drag.setPixmap(QPixmap.fromImage(image.scaledToWidth(_THUMBNAIL_PX, smooth)))
    drag.exec(Qt.DropAction.CopyAction)

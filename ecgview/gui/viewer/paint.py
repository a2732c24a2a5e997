"""Paint a scene with any QPainter: a widget, an image, later SVG and PDF.

Lines are drawn as separate segments: the raster engine strokes those many times faster than
a polyline of the same points once a pen is wider than a pixel.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ecgview.gui.theme import Theme
from ecgview.gui.viewer import lines
from ecgview.gui.viewer.bar_pixels import Ink
from ecgview.gui.viewer.columns import edges_of
from ecgview.gui.viewer.furniture import Label
from ecgview.gui.viewer.lines import Segments, overlapping
from ecgview.gui.viewer.overlays import DASHES_PX, STYLE_COLOURS
from ecgview.gui.viewer.paint_paper import GRID_1MM_PX, GRID_5MM_PX, faded, paint_paper
from ecgview.gui.viewer.paint_text import paint_text, text_font, text_width
from ecgview.gui.viewer.scene import Scene
from ecgview.gui.viewer.traces import is_dense
from ecgview.leads import Origin

__all__ = [
    "GRID_1MM_PX",
    "GRID_5MM_PX",
    "colour_of",
    "draw_segments",
    "draw_swatch",
    "faded",
    "fitting_text",
    "flat_pen",
    "inks_of",
    "interval_colour",
    "label_rect",
    "paint_band",
    "paint_furniture",
    "paint_lasting",
    "paint_lines",
    "paint_paper",
    "paint_scene",
    "paint_text",
    "paint_times",
    "paint_traces",
    "text_font",
]

TRACE_PX = 1.1
NAME_PX = 13
WORDS_PX = 11
_NOTICE_Y = 24.0
_NAME_GAP_PX = 7.0
_BAND_ALPHA = 0.13
_BAND_INK = 0.35
SWATCH_PX = 26.0
SWATCH_WIDTH_PX = 1.6


def paint_scene(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint paper, traces, words and the marked stretch.

    Parameters
    ----------
    painter : QPainter
        Set up so that its units are the scene's logical pixels.
    scene : Scene
        What to draw.
    theme : Theme
        In which colours.
    """
    paint_paper(painter, scene, theme)
    paint_traces(painter, scene, theme)
    paint_band(painter, scene, theme)


def paint_traces(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint traces and words."""
    paint_lines(painter, scene, theme)
    paint_furniture(painter, scene, theme)


def paint_lines(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the traces alone."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    dense = is_dense(scene.page, scene.dpr)
    colour = colour_of(scene.style, theme)
    shade = flat_pen(faded(colour, theme.shade_alpha), 1 / scene.dpr)
    band_pen = flat_pen(interval_colour(theme), 1 / scene.dpr)
    for panel in scene.panels:
        draw_segments(painter, panel.band, band_pen)
    for panel in scene.panels:
        draw_segments(painter, panel.shading, shade)
    if dense:
        band = band_colour(theme).name()
        for panel in scene.panels:
            draw_segments(painter, panel.original, _trace_pen(band, scene.dpr))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    solid = _trace_pen(theme.original, scene.dpr)
    for panel in scene.panels:
        lines = edges_of(panel.original) if dense else overlapping(panel.original, scene.dpr)
        draw_segments(painter, lines, solid)
    for panel in scene.panels:
        for style, segments in panel.others:
            draw_segments(painter, segments, _trace_pen(colour_of(style, theme), scene.dpr))
    for panel in scene.panels:
        draw_segments(painter, panel.reconstruction, _trace_pen(colour, scene.dpr))


def inks_of(drawn: Scene, theme: Theme) -> list[Ink]:
    """Give the bars of tiles, with what `paint_lines` would paint them."""
    dpr, width = drawn.dpr, round(TRACE_PX * drawn.dpr)
    (panel,) = drawn.panels
    shade = faded(colour_of(drawn.style, theme), theme.shade_alpha).rgba()
    inks = (
        [Ink(panel.band, interval_colour(theme).rgba(), is_soft=False)] if len(panel.band) else []
    )
    inks.append(Ink(panel.shading, shade, is_soft=False))
    lines = overlapping(panel.original, dpr)
    if is_dense(drawn.page, dpr):
        inks.append(Ink(panel.original, band_colour(theme).rgba(), width, is_soft=False))
        lines = edges_of(panel.original)
    inks.append(Ink(lines, QColor(theme.original).rgba(), width))
    for style, bars in (*panel.others, (drawn.style, panel.reconstruction)):
        inks.append(Ink(bars, QColor(colour_of(style, theme)).rgba(), width))
    return inks


def interval_colour(theme: Theme) -> QColor:
    """Give the colour of the band around a reconstruction."""
    return faded(theme.interval, theme.interval_alpha)


def band_colour(theme: Theme) -> QColor:
    """Give the colour of dense bars: paler than the lines along their ends."""
    ink, paper = (np.array(QColor(colour).getRgb()) for colour in (theme.original, theme.paper))
    mixed = _BAND_INK * ink + (1 - _BAND_INK) * paper
    return QColor(*(round(part) for part in mixed))


def paint_furniture(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint what stands beside the traces: pulses, column breaks and words."""
    paint_lasting(painter, scene, theme)
    paint_times(painter, scene, theme)


def paint_lasting(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint those that mostly stay as they are while the page moves: all but the times."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    draw_segments(painter, scene.breaks, flat_pen(QColor(theme.secondary), 1.0))
    draw_segments(painter, scene.pulses, _trace_pen(theme.original, scene.dpr))
    for panel in scene.panels:
        if panel.label is not None:
            label = _clear_of_notice(panel.label, scene, theme)
            _paint_label(painter, label, theme, colour_of(scene.style, theme))
    bold = text_font(NAME_PX * theme.text_scale, bold=True)
    for heading in scene.headings:
        place = QPointF(heading.x, max(heading.y, 0.9 * bold.pixelSize()))
        paint_text(painter, place, heading.text, bold, theme.secondary, theme.paper)
    if scene.notice:
        place = QPointF(_notice_x(scene, theme), _NOTICE_Y)
        paint_text(painter, place, scene.notice, bold, theme.warning, theme.paper)


def paint_times(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the times of slow paper, and the line at the foot of the page."""
    small = text_font(WORDS_PX * theme.text_scale, bold=False)
    _paint_clock(painter, scene, theme, small)
    _paint_foot(painter, scene, theme, small)


def paint_band(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Paint the marked stretch, if there is one."""
    for left, right in scene.bands:
        place = QRectF(left, 0, right - left, scene.height)
        painter.fillRect(place, faded(theme.accent, _BAND_ALPHA))
        edges = np.array([[x, 0, x, scene.height] for x in (left, right)])
        draw_segments(painter, edges, flat_pen(faded(theme.accent, 0.6), 1.0))


def draw_segments(painter: QPainter, segments: Segments, pen: QPen) -> None:
    """Draw all segments in one call, straight from the memory of the array."""
    if not len(segments):
        return
    # A QLineF is four doubles, so an array of them is an array of lines.
    packed = np.ascontiguousarray(segments, dtype=np.float64)
    painter.setPen(pen)
    first = cast(QLineF, shiboken6.wrapInstance(packed.ctypes.data, QLineF))
    painter.drawLines(first, len(packed))


def colour_of(style: int, theme: Theme) -> str:
    """Give the colour of an estimate as ``#RRGGBB``."""
    return str(getattr(theme, STYLE_COLOURS[style]))


def draw_swatch(painter: QPainter, x: float, y: float, style: int, theme: Theme) -> None:
    """Draw a short level line as the traces of a style are drawn."""
    level = lines.dashed(np.array([[0.0, 0.0, SWATCH_PX, 0.0]]), *DASHES_PX[style])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    pen = flat_pen(QColor(colour_of(style, theme)), SWATCH_WIDTH_PX)
    draw_segments(painter, level + np.array([x, y, x, y]), pen)


def label_rect(label: Label) -> QRectF:
    """Give the place of a label, for tooltips."""
    return QRectF(label.x, label.y - NAME_PX, label.room, NAME_PX * 1.5)


def flat_pen(colour: QColor, width: float) -> QPen:
    """Give a pen whose lines end where they end."""
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _trace_pen(colour: str, dpr: float) -> QPen:
    # A pen of one device pixel looks the same and is drawn three times as fast.
    return flat_pen(QColor(colour), TRACE_PX if dpr > 1 else 1.0)


def _notice_x(scene: Scene, theme: Theme) -> float:
    """Tell where the notice begins, and words beside it have to end."""
    bold = text_font(NAME_PX * theme.text_scale, bold=True)
    return scene.width - text_width(scene.notice, bold) - 16 if scene.notice else scene.width


def _clear_of_notice(label: Label, scene: Scene, theme: Theme) -> Label:
    """Take the notice's place from the room of a label that stands as high."""
    if not scene.notice or label.y > _NOTICE_Y + 1.5 * NAME_PX * theme.text_scale:
        return label
    return replace(label, room=min(label.room, _notice_x(scene, theme) - _NAME_GAP_PX - label.x))


def _paint_clock(painter: QPainter, scene: Scene, theme: Theme, small: QFont) -> None:
    """Paint the times of slow paper; one that would run into the next is left out."""
    room_to = _notice_x(scene, theme)
    for time in reversed(scene.times):
        if time.x + text_width(time.text, small) <= room_to:
            place = QPointF(time.x, max(time.y, 1.1 * small.pixelSize()))
            paint_text(painter, place, time.text, small, theme.secondary, theme.paper)
            room_to = time.x - _NAME_GAP_PX


def _paint_foot(painter: QPainter, scene: Scene, theme: Theme, small: QFont) -> None:
    """Paint the time on the page at the left, and at the right the filters that are on."""
    y = scene.height - 14
    left = max(scene.page.left, 0.0) + 4
    if scene.stretch:
        paint_text(painter, QPointF(left, y), scene.stretch, small, theme.secondary, theme.paper)
    if scene.filters:
        x = max(scene.width - text_width(scene.filters, small) - 16, 4.0)
        is_free = x > left + text_width(scene.stretch, small) + 12
        above = QPointF(x, y if is_free else y - 1.4 * small.pixelSize())
        paint_text(painter, above, scene.filters, small, theme.warning, theme.paper)


def _paint_label(painter: QPainter, label: Label, theme: Theme, reconstructed: str) -> None:
    bold, small = (
        text_font(NAME_PX * theme.text_scale, bold=True),
        text_font(WORDS_PX * theme.text_scale, bold=False),
    )
    colour = {
        None: theme.secondary,
        Origin.MEASURED: theme.accent,
        Origin.DERIVED: theme.accent,
        Origin.RECONSTRUCTED: reconstructed,
    }[label.origin]
    # Large type needs more room above than the layout knows of.
    y = max(label.y, 0.9 * bold.pixelSize()) if label.y > 0 else label.y
    place = QPointF(label.x, y)
    offset = text_width(label.name, bold) + _NAME_GAP_PX
    words = fitting_text(label, small, label.room - offset)
    paint_text(painter, place, label.name, bold, theme.text, theme.paper)
    paint_text(painter, place + QPointF(offset, 0), words, small, colour, theme.paper)


def fitting_text(label: Label, font: QFont, room: float) -> str:
    """Choose the fullest of a label's texts that `room` pixels hold; empty if none."""
    return next((text for text in label.texts if text_width(text, font) <= room), "")

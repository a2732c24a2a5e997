"""The clickable drawing of the electrodes on a torso."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.gui.theme import LIGHT, Theme
from ecgview.leads import CHEST_LEADS, in_order
from ecgview.paths import resources_dir

LIMB_ELECTRODES = ("RA", "LA", "LL", "RL")
ELECTRODES = (*LIMB_ELECTRODES, *CHEST_LEADS)
LEADS_OF_ELECTRODE: dict[str, tuple[str, ...]] = {
    "RA": ("I", "II", "aVR", "aVL", "aVF"),
    "LA": ("I", "III", "aVR", "aVL", "aVF"),
    "LL": ("II", "III", "aVR", "aVL", "aVF"),
    "RL": (),
    **{lead: (lead,) for lead in CHEST_LEADS},
}
"""Leads that are a difference with this electrode (chest leads: against the limbs' mean)."""

_PLACES = {
    "RA": "right arm",
    "LA": "left arm",
    "LL": "left leg",
    "RL": "right leg",
    "V1": "4th intercostal space, right of the sternum",
    "V2": "4th intercostal space, left of the sternum",
    "V3": "between V2 and V4",
    "V4": "5th intercostal space, mid-clavicular line",
    "V5": "level with V4, anterior axillary line",
    "V6": "level with V4, mid-axillary line",
}
_RADIUS_PX = 10.0


@dataclass(frozen=True)
class ElectrodeMark:
    """How one electrode is drawn."""

    wired: bool
    in_file: bool


def electrode_marks(leads: Collection[str], available: Collection[str]) -> dict[str, ElectrodeMark]:
    """Tell which electrodes the available leads need.

    Parameters
    ----------
    leads : collection of str
        Leads in the file.
    available : collection of str
        Leads that are switched on.

    Returns
    -------
    dict of str to ElectrodeMark
        One for each of `ELECTRODES`. An augmented lead needs all three limbs; the right leg is
        only the ground.
    """
    return {
        electrode: ElectrodeMark(
            wired=any(lead in available for lead in served),
            in_file=any(lead in leads for lead in served),
        )
        for electrode, served in LEADS_OF_ELECTRODE.items()
    }


def explain(electrode: str) -> str:
    """Say what an electrode is for, in a sentence or two."""
    place = f"{electrode}: {_PLACES[electrode]}"
    if electrode == "RL":
        return f"{place}. The ground; it belongs to no lead."
    if electrode in CHEST_LEADS:
        return f"{place}. Serves lead {electrode}."
    served = ", ".join(in_order(LEADS_OF_ELECTRODE[electrode]))
    return f"{place}. Serves {served}, and the reference of V1 to V6."


def load_torso(theme: Theme) -> QSvgRenderer:
    """Read the drawing of the torso, in the colours of a theme; it belongs to this thread."""
    text = (resources_dir() / "electrodes.svg").read_text(encoding="utf-8")
    for word, colour in (
        ("BODY", theme.control),
        ("EDGE", theme.control_pressed),
        ("LINE", theme.control_pressed),
    ):
        text = text.replace(f'"{word}"', f'"{colour}"')
    return QSvgRenderer(QByteArray(text.encode()))


_torso = cache(load_torso)


def paint_electrodes(
    painter: QPainter, area: QRectF, marks: dict[str, ElectrodeMark], theme: Theme
) -> None:
    """Paint the torso and its electrodes, as large as an area holds.

    Parameters
    ----------
    painter : QPainter
        Of a widget, a picture or a page.
    area : QRectF
        Where.
    marks : dict of str to ElectrodeMark
        As `electrode_marks` gives them.
    theme : Theme
        In which colours.
    """
    torso = load_torso(theme)
    place = picture_place(torso, area)
    paint_torso(painter, torso, place)
    for electrode, mark in marks.items():
        paint_electrode(painter, electrode_place(torso, place, electrode), electrode, mark, theme)


def picture_place(torso: QSvgRenderer, area: QRectF) -> QRectF:
    """Give where the drawing lies in an area: as large as fits, centred, never enlarged."""
    box = torso.viewBoxF()
    scale = min(area.width() / box.width(), area.height() / box.height(), 1.0)
    size = box.size() * scale
    spare = area.size() - size
    corner = area.topLeft() + QPointF(spare.width() / 2, spare.height() / 2)
    return QRectF(corner, size)


def electrode_place(torso: QSvgRenderer, place: QRectF, electrode: str) -> QPointF:
    """Give the centre of an electrode of a drawing that lies in `place`."""
    bounds = torso.transformForElement(electrode).mapRect(torso.boundsOnElement(electrode))
    return place.topLeft() + bounds.center() * (place.width() / torso.viewBoxF().width())


def paint_torso(painter: QPainter, torso: QSvgRenderer, place: QRectF) -> None:
    """Paint the torso of a drawing that lies in `place`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bounds = torso.boundsOnElement("torso")
    scale = place.width() / torso.viewBoxF().width()
    corner = place.topLeft() + bounds.topLeft() * scale
    torso.render(painter, "torso", QRectF(corner, bounds.size() * scale))


def paint_electrode(
    painter: QPainter, centre: QPointF, electrode: str, mark: ElectrodeMark, theme: Theme
) -> None:
    """Paint one electrode: filled where it is wired, dashed where the file has nothing of it."""
    edge = theme.accent if mark.wired else theme.secondary if mark.in_file else theme.disabled
    fill = theme.accent if mark.wired else theme.panel
    style = Qt.PenStyle.SolidLine
    if not mark.in_file and electrode != "RL":
        style = Qt.PenStyle.DashLine
    painter.setPen(QPen(QColor(edge), 1.3, style))
    painter.setBrush(QColor(fill))
    painter.drawEllipse(centre, _RADIUS_PX - 0.5, _RADIUS_PX - 0.5)
    font = QFont(painter.font())
    font.setPixelSize(9)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(theme.on_accent if mark.wired else edge))
    box = QRectF(centre.x() - 12, centre.y() - 8, 24, 16)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, electrode)


class ElectrodePicture(QWidget):
    """A torso with ten electrodes; chest electrodes switch their lead.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    clicked = Signal(str)
    """The electrode's name."""
    hovered = Signal(str)
    """The electrode under the pointer or the keyboard's choice, or an empty text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._marks = electrode_marks((), ())
        self._hovered = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Electrodes")
        self.setAccessibleDescription("Arrow keys choose an electrode, Space switches its lead.")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give the natural size of the drawing."""
        return _torso(self._theme).defaultSize()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Give the least size: the drawing shrinks in low windows."""
        return self.sizeHint() * 0.8

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_leads(self, leads: Collection[str], available: Collection[str]) -> None:
        """Show which electrodes the available leads need."""
        self._marks = electrode_marks(leads, available)
        self.update()

    def position(self, electrode: str) -> QPointF:
        """Centre of an electrode in the widget."""
        return electrode_place(_torso(self._theme), self._picture(), electrode)

    def _picture(self) -> QRectF:
        """Where the drawing lies: as large as fits, centred."""
        return picture_place(_torso(self._theme), QRectF(self.rect()))

    def electrode_at(self, point: QPointF) -> str:
        """Find the electrode at a point of the widget; an empty text for none."""
        for electrode in ELECTRODES:
            offset = point - self.position(electrode)
            if offset.x() ** 2 + offset.y() ** 2 <= (_RADIUS_PX + 1) ** 2:
                return electrode
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the torso and the electrodes on it."""
        painter = QPainter(self)
        torso, place = _torso(self._theme), self._picture()
        paint_torso(painter, torso, place)
        if self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_with_alpha(self._theme.accent, 0.25))
            painter.drawEllipse(self.position(self._hovered), _RADIUS_PX + 4, _RADIUS_PX + 4)
        for electrode, mark in self._marks.items():
            paint_electrode(painter, self.position(electrode), electrode, mark, self._theme)
        painter.end()

    def _hover(self, electrode: str) -> None:
        if electrode == self._hovered:
            return
        self._hovered = electrode
        shape = Qt.CursorShape.PointingHandCursor if electrode else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.hovered.emit(electrode)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Light up the electrode under the pointer."""
        self._hover(self.electrode_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Nothing is under the pointer any more."""
        self._hover("")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell which electrode was clicked."""
        electrode = self.electrode_at(event.position())
        if electrode and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(electrode)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrow keys walk over the electrodes, Space or Return clicks."""
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))
        if step is not None:
            here = ELECTRODES.index(self._hovered) if self._hovered else -1 if step > 0 else 0
            self._hover(ELECTRODES[(here + step) % len(ELECTRODES)])
        elif self._hovered and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.clicked.emit(self._hovered)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Drop the keyboard's choice with the focus."""
        self._hover("")
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what the electrode under the pointer is for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            electrode = self.electrode_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), explain(electrode) if electrode else "", self)
            return True
        return super().event(event)


def _with_alpha(colour: str, alpha: float) -> QColor:
    tinted = QColor(colour)
    tinted.setAlphaF(alpha)
    return tinted

"""The electrodes: which leads they serve, and how they are drawn on a torso."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from ecgview.gui.theme import Theme
from ecgview.leads import CHEST_LEADS, in_order
from ecgview.paths import resources_dir

GROUND = "RL"
LIMB_ELECTRODES = ("RA", "LA", "LL", GROUND)
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
RADIUS_PX = 10.0
_HALO = 0.25


@dataclass(frozen=True)
class ElectrodeMark:
    """How one electrode is drawn.

    Attributes
    ----------
    wired : bool
        Filled: something needs it.
    in_file : bool
        Drawn with a solid edge: it can be had.
    is_new : bool
        With a ring around it: a choice adds it.
    is_ground : bool
        With the sign of the ground: it is placed, and belongs to no lead.
    """

    wired: bool
    in_file: bool
    is_new: bool = False
    is_ground: bool = False


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


def choice_marks(have: Collection[str], adds: Collection[str]) -> dict[str, ElectrodeMark]:
    """Tell how a choice of electrodes is drawn.

    Parameters
    ----------
    have, adds : collection of str
        Electrodes that are placed already, and those that the choice adds.

    Returns
    -------
    dict of str to ElectrodeMark
        One for each of `ELECTRODES`; the right leg is the ground, which every choice needs.
    """
    return {
        electrode: ElectrodeMark(
            wired=electrode in have or electrode in adds,
            in_file=True,
            is_new=electrode in adds,
            is_ground=electrode == GROUND,
        )
        for electrode in ELECTRODES
    }


def explain(electrode: str) -> str:
    """Say what an electrode is for, in a sentence or two."""
    place = f"{electrode}: {_PLACES[electrode]}"
    if electrode == GROUND:
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


def paint_electrodes(
    painter: QPainter,
    area: QRectF,
    marks: dict[str, ElectrodeMark],
    theme: Theme,
    *,
    torso: QSvgRenderer | None = None,
    hovered: str = "",
) -> None:
    """Paint the torso and its electrodes, as large as an area holds.

    Parameters
    ----------
    painter : QPainter
        Of a widget, a picture or a page.
    area : QRectF
        Where.
    marks : dict of str to ElectrodeMark
        As `electrode_marks` or `choice_marks` gives them.
    theme : Theme
        In which colours.
    torso : QSvgRenderer, optional
        As `load_torso` gives it in these colours.
    hovered : str
        The electrode that has a halo; an empty text for none.
    """
    torso = torso or load_torso(theme)
    place = picture_place(torso, area)
    paint_torso(painter, torso, place)
    if hovered:
        halo = QColor(theme.accent)
        halo.setAlphaF(_HALO)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(halo)
        painter.drawEllipse(electrode_place(torso, place, hovered), RADIUS_PX + 4, RADIUS_PX + 4)
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
    fill = theme.accent if mark.wired else theme.control if mark.is_ground else theme.panel
    style = Qt.PenStyle.SolidLine
    if not mark.in_file and electrode != GROUND:
        style = Qt.PenStyle.DashLine
    painter.setPen(QPen(QColor(edge), 1.3, style))
    painter.setBrush(QColor(fill))
    painter.drawEllipse(centre, RADIUS_PX - 0.5, RADIUS_PX - 0.5)
    if mark.is_new:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 2.0))
        painter.drawEllipse(centre, RADIUS_PX + 3, RADIUS_PX + 3)
    if mark.is_ground:
        _paint_ground(painter, centre, theme)
    font = QFont(painter.font())
    font.setPixelSize(9)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(theme.on_accent if mark.wired else edge))
    box = QRectF(centre.x() - 12, centre.y() - 8, 24, 16)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, electrode)


def _paint_ground(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """Paint the sign of the ground to the left: a lead, and three lines that grow shorter."""
    painter.setPen(QPen(QColor(theme.secondary), 1.3))
    left = centre.x() - RADIUS_PX
    painter.drawLine(QPointF(left, centre.y()), QPointF(left - 8, centre.y()))
    for step, half in enumerate((6.0, 4.0, 2.0)):
        x = left - 8 - 3 * step
        painter.drawLine(QPointF(x, centre.y() - half), QPointF(x, centre.y() + half))

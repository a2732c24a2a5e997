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
RADIUS_PX = 10.0


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
    painter.drawEllipse(centre, RADIUS_PX - 0.5, RADIUS_PX - 0.5)
    font = QFont(painter.font())
    font.setPixelSize(9)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(theme.on_accent if mark.wired else edge))
    box = QRectF(centre.x() - 12, centre.y() - 8, 24, 16)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, electrode)

"""What was measured on each screen, kept in the settings."""

from __future__ import annotations

from PySide6.QtGui import QScreen

from ecgview.gui.settings import Settings

RANGE_PX_PER_MM = (1.0, 30.0)
"""Logical pixels per millimetre that a screen may have, from a projector to a telephone."""
USUAL_PX_PER_MM = 96 / 25.4
_KEPT = 16
_SETTING = "screens/px_per_mm"


def screen_key(screen: QScreen) -> str:
    """Name a screen, with its size and scale: another resolution has other pixels."""
    size, scale = screen.geometry().size(), screen.devicePixelRatio()
    parts = (screen.manufacturer(), screen.model(), screen.serialNumber() or screen.name())
    name = " ".join(part.strip() for part in parts if part.strip())
    return f"{name} {size.width()}x{size.height()}@{scale:g}".strip()


def measured(settings: Settings, key: str) -> float | None:
    """Give the pixels per millimetre measured on a screen; None where nobody has."""
    for kept in settings[_SETTING]:
        name, _, value = str(kept).rpartition("=")
        if name == key:
            return _number(value)
    return None


def keep(settings: Settings, key: str, px_per_mm: float | None) -> None:
    """Remember what was measured on a screen, or forget it."""
    others = [kept for kept in settings[_SETTING] if str(kept).rpartition("=")[0] != key]
    new = [] if px_per_mm is None else [f"{key}={px_per_mm:.6g}"]
    settings[_SETTING] = tuple([*new, *others][:_KEPT])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if RANGE_PX_PER_MM[0] <= value <= RANGE_PX_PER_MM[1] else None

"""Colours between colours, and which ink can be read on them. No Qt here; colours are #RRGGBB."""

from __future__ import annotations

_INKS = ("#000000", "#FFFFFF")


def blend(first: str, second: str, part: float) -> str:
    """Give the colour between two, 0 for the first."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def ink_on(colour: str) -> str:
    """Give black or white, whichever has the greater contrast: at least 4.5 to 1."""
    return max(_INKS, key=lambda ink: contrast(colour, ink))


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours by WCAG 2.2, from 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""The look of the application: one table of tokens per theme, and what is made from it.

Widgets are dressed by the one style sheet through dynamic properties:

========================= ==========================================================
``role="heading"``        13 px semibold label
``role="title"``          14 px semibold label (the recording's name)
``role="secondary"``      11 px label in the secondary colour
``role="figure"``         34 px label (the mean PCC)
``role="link"``           flat button that reads as a link
``role="warning"``        label on a pale warning ground
``role="strong"``         12 px semibold label
``mark="passed"``         round sign before a check of the import report (also ``note``,
                          ``warning``)
``chip="measured"``       lead toggle, filled (also ``derived``, ``reconstructed``,
                          ``absent``)
``pill="true"``           preset, fully rounded; ``checked`` for the current one
``primary="true"``        the one main action of a page
``panel="true"``          a surface in the panel colour; ``edge`` adds a hairline on its
                          ``left``, ``right``, ``top`` or ``bottom`` side
========================= ==========================================================

After changing such a property call `restyle`.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ecgview.gui.theme_tokens import (
    CONTRAST,
    CONTRAST_DARK,
    DARK,
    GREY,
    LIGHT,
    THEME_TITLES,
    THEMES,
    Theme,
)
from ecgview.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QIcon, QPalette
    from PySide6.QtWidgets import QWidget


__all__ = [
    "CONTRAST",
    "CONTRAST_DARK",
    "DARK",
    "GREY",
    "LIGHT",
    "THEMES",
    "THEME_TITLES",
    "Theme",
    "palette",
    "restyle",
    "style_sheet",
    "theme_for",
    "tinted_icon",
]


_GROWING = re.compile(
    r"(font-size|(?:min-|max-)?(?:height|width)|padding(?:-left|-right)?|border-radius):[^;]+;"
)
_PIXELS = re.compile(r"\b(\d+)px")
_LEAST_ENLARGED_PX = 12
_RADIO_PX = 14


def theme_for(color_scheme: Qt.ColorScheme, *, high_contrast: bool = False) -> Theme:
    """Choose the theme for what the system asks.

    Parameters
    ----------
    color_scheme : Qt.ColorScheme
        ``QStyleHints.colorScheme()``.
    high_contrast : bool
        Whether ``QAccessibilityHints.contrastPreference()`` asks for it.
    """
    from PySide6.QtCore import Qt

    light, dark = (CONTRAST, CONTRAST_DARK) if high_contrast else (LIGHT, DARK)
    return dark if color_scheme == Qt.ColorScheme.Dark else light


def style_sheet(theme: Theme) -> str:
    """Generate the application's one style sheet; its base style is ``Fusion``.

    Parameters
    ----------
    theme : Theme
        The tokens.

    Returns
    -------
    str
        For ``QApplication.setStyleSheet``.
    """
    template = Template((resources_dir() / "styles" / "ecgview.qss").read_text(encoding="utf-8"))
    icons = (resources_dir() / "icons").as_posix()
    sheet = template.substitute(asdict(theme), icons=icons)
    if theme.text_scale == 1:
        return sheet
    # Round at any size: half of the indicator and its line.
    radius_px = int(_RADIO_PX * theme.text_scale) // 2
    round_one = f"QRadioButton::indicator {{ border-radius: {radius_px}px; }}"
    return f"{_enlarged(sheet, theme.text_scale)}\n{round_one}\n"


def _enlarged(sheet: str, scale: float) -> str:
    """Enlarge type, and the heights and insets that hold it; hairlines and rings stay."""

    def enlarge(declaration: re.Match[str]) -> str:
        least = 1 if declaration[1] == "font-size" else _LEAST_ENLARGED_PX
        # A round end is half as high as its control, whose ring of 2 px does not grow.
        ring = 2 * (scale - 1) if declaration[1] == "border-radius" else 0
        return _PIXELS.sub(
            lambda px: f"{int(int(px[1]) * scale - ring)}px" if int(px[1]) >= least else px[0],
            declaration[0],
        )

    return _GROWING.sub(enlarge, sheet)


def palette(theme: Theme) -> QPalette:
    """Give the palette for what the style sheet does not reach (dialogs, selections)."""
    from PySide6.QtGui import QColor, QPalette

    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.background,
        role.Text: theme.text,
        role.PlaceholderText: theme.secondary,
        role.Button: theme.control,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
    }
    made = QPalette(QColor(theme.control), QColor(theme.background))
    for key, colour in colours.items():
        made.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.disabled))
    return made


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a dynamic property of `widget` has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


@cache
def tinted_icon(path: Path, colour: str, size: int = 16) -> QIcon:
    """Draw an SVG icon in one colour, sharp at display scales 1, 2 and 3.

    Parameters
    ----------
    path : Path
        An SVG file; its shape counts, its colours do not.
    colour : str
        ``#RRGGBB``.
    size : int
        Side in logical pixels.

    Returns
    -------
    QIcon
        With a pixmap for each scale.
    """
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(path))
    icon = QIcon()
    for scale in (1, 2, 3):
        pixmap = QPixmap(size * scale, size * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(pixmap.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), QColor(colour))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        icon.addPixmap(pixmap)
    return icon

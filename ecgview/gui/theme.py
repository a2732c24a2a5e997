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

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ecgview.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QIcon, QPalette
    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Theme:
    """The tokens of one theme; colours as ``#RRGGBB``.

    Attributes
    ----------
    name : str
        ``light`` or ``dark``; also part of the file names of themed icons.
    background, panel, hairline : str
        The frame: window, surfaces, separators.
    text, secondary, disabled : str
        Text, quieter text, text of what cannot be used.
    accent, accent_hover, accent_soft, on_accent : str
        Measured leads, selection and links; its hover; a pale ground of it; text on it.
    control, control_hover, control_pressed : str
        Ground of buttons and fields.
    paper, grid_1mm, grid_5mm : str
        ECG paper.
    original, reconstruction : str
        The two traces.
    estimate_1, estimate_2, estimate_3, estimate_4 : str
        The traces of estimates from elsewhere.
    shade_alpha : float
        Opacity of the difference between them, 0 to 1.
    warning, warning_soft : str
        Text and ground of warnings.
    problem, problem_soft : str
        Text and ground of what failed.
    """

    name: str
    background: str
    panel: str
    hairline: str
    text: str
    secondary: str
    disabled: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    control: str
    control_hover: str
    control_pressed: str
    paper: str
    grid_1mm: str
    grid_5mm: str
    original: str
    reconstruction: str
    estimate_1: str
    estimate_2: str
    estimate_3: str
    estimate_4: str
    shade_alpha: float
    warning: str
    warning_soft: str
    problem: str
    problem_soft: str


LIGHT = Theme(
    name="light",
    background="#F4F5F7",
    panel="#FFFFFF",
    hairline="#E3E6EA",
    text="#1A1D21",
    secondary="#5F6873",
    disabled="#A9B0B8",
    accent="#0B6E99",
    accent_hover="#095C80",
    accent_soft="#E2F0F6",
    on_accent="#FFFFFF",
    control="#ECEFF2",
    control_hover="#E2E6EA",
    control_pressed="#D6DBE0",
    paper="#FFFDFC",
    grid_1mm="#F8E3E1",
    grid_5mm="#EDBDB9",
    original="#16181B",
    reconstruction="#D4212F",
    estimate_1="#6A3FC0",
    estimate_2="#00795A",
    estimate_3="#9A5B00",
    estimate_4="#B0217E",
    shade_alpha=0.24,
    warning="#7A4B00",
    warning_soft="#FFF3DC",
    problem="#8C1D26",
    problem_soft="#FDE8E8",
)

DARK = Theme(
    name="dark",
    background="#15181C",
    panel="#1C2025",
    hairline="#2B3138",
    text="#E8EBEE",
    secondary="#98A2AD",
    disabled="#5A636D",
    accent="#4FB3D9",
    accent_hover="#6BC2E3",
    accent_soft="#1D3540",
    on_accent="#0C1418",
    control="#272D34",
    control_hover="#303740",
    control_pressed="#39414B",
    paper="#14171A",
    grid_1mm="#1D2226",
    grid_5mm="#2C343B",
    original="#E8EBEE",
    reconstruction="#FF6B5E",
    estimate_1="#B79CFF",
    estimate_2="#4FCB9B",
    estimate_3="#E8B14A",
    estimate_4="#FF8AD1",
    shade_alpha=0.28,
    warning="#F2C374",
    warning_soft="#3A2E18",
    problem="#FFB3AC",
    problem_soft="#3A1F21",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def theme_for(color_scheme: Qt.ColorScheme) -> Theme:
    """Choose the theme for what the system asks (``QStyleHints.colorScheme()``)."""
    from PySide6.QtCore import Qt

    return DARK if color_scheme == Qt.ColorScheme.Dark else LIGHT


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
    return template.substitute(asdict(theme), icons=icons)


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

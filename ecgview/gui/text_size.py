"""How large words are: the style sheet and the sizes that follow from it, from 100 to 200 per cent.

The theme carries the factor (`Theme.text_scale`); `set_scale` tells it to the application, where
widgets that are made later find it.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from ecgview.gui.theme import Theme

_PROPERTY = "text_scale"
_HELD = "held_px"
_SMALL_PX = 11


def enlarged(theme: Theme, percent: int) -> Theme:
    """Give a theme with larger words.

    Parameters
    ----------
    theme : Theme
        At 100 per cent.
    percent : int
        Size of words.
    """
    return theme if percent == 100 else replace(theme, text_scale=percent / 100)


def text_scale() -> float:
    """Give the factor that words of the application are enlarged by."""
    application = QApplication.instance()
    return float((application.property(_PROPERTY) if application else None) or 1.0)


def scaled(px: float, share: float = 1.0) -> int:
    """Enlarge a size with the words in it.

    Parameters
    ----------
    px : float
        At 100 per cent.
    share : float
        How much of the growth it follows: less than 1 for a panel whose text wraps.
    """
    return round(px * (1 + (text_scale() - 1) * share))


def small_font() -> QFont:
    """Give the font of axes and legends."""
    font = QFont()
    font.setPixelSize(scaled(_SMALL_PX))
    return font


def hold(
    widget: QWidget, *, width: int = 0, height: int = 0, most_width: int = 0, share: float = 1.0
) -> None:
    """Fix a widget's width, height or greatest width, and let it follow the size of words.

    Parameters
    ----------
    widget : QWidget
        To be fixed.
    width, height, most_width : int
        Logical pixels at 100 per cent; 0 to leave it free.
    share : float
        As in `scaled`.
    """
    widget.setProperty(_HELD, [width, height, most_width, share])
    _fix(widget)


def _fix(widget: QWidget) -> None:
    width, height, most_width, share = widget.property(_HELD)
    if width:
        widget.setFixedWidth(scaled(width, share))
    if height:
        widget.setFixedHeight(scaled(height, share))
    if most_width:
        widget.setMaximumWidth(scaled(most_width, share))


def set_scale(scale: float) -> None:
    """Enlarge the words of the application; `hold` follows.

    Parameters
    ----------
    scale : float
        The theme's.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication) or scale == text_scale():
        return
    application.setProperty(_PROPERTY, scale)
    for widget in application.allWidgets():
        if widget.property(_HELD):
            _fix(widget)

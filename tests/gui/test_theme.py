"""The token table and the style sheet made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QVBoxLayout, QWidget

from ecgview.gui.theme import DARK, LIGHT, Theme, restyle, style_sheet, theme_for, tinted_icon
from ecgview.gui.viewer.overlays import STYLE_COLOURS

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def qt_messages() -> Iterator[list[str]]:
    messages: list[str] = []

    def keep(_kind: QtMsgType, _context: object, text: str) -> None:
        messages.append(text)

    before = qInstallMessageHandler(keep)
    yield messages
    qInstallMessageHandler(before)


@THEMES
def test_words_stand_out_from_their_ground(theme: Theme) -> None:
    pairs = [
        (theme.text, theme.panel),
        (theme.text, theme.control),
        (theme.secondary, theme.panel),
        (theme.accent, theme.panel),
        (theme.accent, theme.paper),
        *((getattr(theme, colour), theme.paper) for colour in STYLE_COLOURS),
        (theme.on_accent, theme.accent),
        (theme.warning, theme.warning_soft),
    ]
    assert {pair: round(contrast(*pair), 1) for pair in pairs if contrast(*pair) < 4.5} == {}


@THEMES
def test_every_token_is_used_or_painted(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    painted = {"paper", "grid_1mm", "grid_5mm", "original", "shade_alpha", *STYLE_COLOURS}
    for token in {field.name for field in fields(Theme)} - painted:
        assert getattr(theme, token) in sheet, token


@THEMES
def test_qt_understands_the_style_sheet_and_finds_its_icons(
    qapp: QApplication, qt_messages: list[str], theme: Theme
) -> None:
    page = QWidget()
    page.setStyleSheet(style_sheet(theme))
    column = QVBoxLayout(page)
    for widget in (QPushButton("Open"), QComboBox()):
        column.addWidget(widget)
    page.grab()
    assert qt_messages == []
    page.deleteLater()


def ground_of(button: QPushButton) -> str:
    image = button.grab().toImage()
    return image.pixelColor(image.width() // 2, 5).name().upper()


@THEMES
def test_lead_chips_show_their_origin_by_fill(qapp: QApplication, theme: Theme) -> None:
    page = QWidget()
    page.setStyleSheet(style_sheet(theme))
    button = QPushButton("V2", page)
    grounds = {}
    for origin in ("measured", "derived", "reconstructed"):
        button.setProperty("chip", origin)
        restyle(button)
        button.resize(QSize(52, 28))
        grounds[origin] = ground_of(button)
    assert grounds == {
        "measured": theme.accent,
        "derived": theme.panel,
        "reconstructed": theme.control,
    }
    page.deleteLater()


@THEMES
def test_buttons_are_28_pixels_high_with_and_without_focus(
    qapp: QApplication, theme: Theme
) -> None:
    page = QWidget()
    page.setStyleSheet(style_sheet(theme))
    heights = []
    for chip in (None, "measured", "derived", "reconstructed", "absent"):
        button = QPushButton("V1", page)
        button.setProperty("chip", chip)
        restyle(button)
        heights.append(button.sizeHint().height())
    assert heights == [28] * 5
    page.deleteLater()


def test_the_theme_follows_the_system() -> None:
    assert theme_for(Qt.ColorScheme.Dark) is DARK
    assert theme_for(Qt.ColorScheme.Light) is LIGHT
    assert theme_for(Qt.ColorScheme.Unknown) is LIGHT


def test_icons_are_tinted_and_sharp_at_each_scale(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "square.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        '<rect x="4" y="4" width="8" height="8" fill="black"/></svg>'
    )
    icon = tinted_icon(path, DARK.accent)
    for scale in (1, 2, 3):
        image = icon.pixmap(QSize(16, 16), scale).toImage()
        assert image.width() == 16 * scale
        assert image.pixelColor(8 * scale, 8 * scale).name().upper() == DARK.accent
        assert image.pixelColor(scale, scale).alpha() == 0

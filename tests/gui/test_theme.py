"""The token table and the style sheet made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QVBoxLayout, QWidget

from ecgview.gui import theme as themes
from ecgview.gui.theme import DARK, LIGHT, Theme, restyle, style_sheet, theme_for, tinted_icon
from ecgview.gui.viewer.overlays import DASHES_PX, STYLE_COLOURS

THEMES = pytest.mark.parametrize("theme", themes.THEMES.values(), ids=themes.THEMES)


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
    painted = {
        "name",
        "text_scale",
        "paper",
        "grid_1mm",
        "grid_5mm",
        "original",
        "shade_alpha",
        "interval",
        "interval_alpha",
        *STYLE_COLOURS,
    }
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
    assert theme_for(Qt.ColorScheme.Dark, high_contrast=True) is themes.CONTRAST_DARK
    assert theme_for(Qt.ColorScheme.Light, high_contrast=True) is themes.CONTRAST


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


# High contrast, and colours that are told apart without seeing them all

WORDS = ("text", "secondary", "accent", "warning", "problem")
LINES = ("original", *STYLE_COLOURS)
GROUNDS = ("background", "panel", "paper")

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, IEEE Trans Vis Comput Graph 15:1291, 2009:
# linear RGB as seen without one of the three kinds of cones.
BLIND = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen(colour: str, matrix: list[list[float]]) -> str:
    """A colour as someone sees it who lacks one kind of cones."""
    channels = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    mixed = np.clip(np.array(matrix) @ linear, 0, 1)
    screen = np.where(mixed <= 0.0031308, mixed * 12.92, 1.055 * mixed ** (1 / 2.4) - 0.055)
    return QColor.fromRgbF(*(float(one) for one in np.clip(screen, 0, 1))).name()


@pytest.mark.parametrize("theme", [themes.CONTRAST, themes.CONTRAST_DARK], ids=lambda t: t.name)
def test_high_contrast_reaches_aaa_for_all_words_and_traces(theme: Theme) -> None:
    pairs = [(word, ground) for word in (*WORDS, *LINES) for ground in GROUNDS]
    pairs += [(word, "control") for word in ("text", "secondary", "warning")]
    pairs += [("on_accent", "accent"), ("text", "accent_soft")]
    pairs += [("warning", "warning_soft"), ("problem", "problem_soft")]
    measured = {pair: contrast(*(getattr(theme, one) for one in pair)) for pair in pairs}
    assert len(measured) > 30
    assert {pair: round(ratio, 2) for pair, ratio in measured.items() if ratio < 7} == {}
    assert contrast(theme.hairline, theme.panel) >= 3
    assert contrast(theme.text, theme.background) == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("kind", BLIND)
def test_every_trace_stands_out_from_the_paper_for_colour_blind_readers(
    theme: Theme, kind: str
) -> None:
    paper = seen(theme.paper, BLIND[kind])
    for line in LINES:
        assert contrast(seen(getattr(theme, line), BLIND[kind]), paper) >= 3, line


@THEMES
@pytest.mark.parametrize("kind", BLIND)
def test_the_original_and_any_estimate_differ_in_lightness_and_in_dashes(
    theme: Theme, kind: str
) -> None:
    original = seen(theme.original, BLIND[kind])
    for style in STYLE_COLOURS:
        assert contrast(original, seen(getattr(theme, style), BLIND[kind])) > 1.3, style
    patterns = [(dash, gap) for dash, gap in DASHES_PX]
    assert len(set(patterns)) == len(STYLE_COLOURS)
    # Solid or dashed is told at a glance; the gaps of all estimates are wider than a line.
    assert all(gap >= 2 for _, gap in patterns)


def test_no_two_estimates_share_the_length_of_dashes_and_the_share_of_gaps() -> None:
    pairs = list(combinations(DASHES_PX, 2))
    assert len(pairs) == 10
    for (dash, gap), (other_dash, other_gap) in pairs:
        shares = dash / (dash + gap), other_dash / (other_dash + other_gap)
        assert abs(dash + gap - other_dash - other_gap) >= 1.5 or abs(shares[0] - shares[1]) >= 0.2

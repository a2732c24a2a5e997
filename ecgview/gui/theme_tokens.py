"""The tokens of each theme: what colour everything has."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Theme:
    """The tokens of one theme; colours as ``#RRGGBB``.

    Attributes
    ----------
    name : str
        One of `THEMES`.
    icons_for : str
        ``light`` or ``dark``: the ground that its icons are made for.
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
    interval : str
        The band around the reconstruction.
    interval_alpha : float
        Its opacity, 0 to 1.
    warning, warning_soft : str
        Text and ground of warnings.
    problem, problem_soft : str
        Text and ground of what failed.
    text_scale : float
        What words are enlarged by; 1 for the sizes of the style sheet.
    """

    name: str
    icons_for: str
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
    interval: str
    interval_alpha: float
    warning: str
    warning_soft: str
    problem: str
    problem_soft: str
    text_scale: float = 1.0


LIGHT = Theme(
    name="light",
    icons_for="light",
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
    interval="#3C5A86",
    interval_alpha=0.18,
    warning="#7A4B00",
    warning_soft="#FFF3DC",
    problem="#8C1D26",
    problem_soft="#FDE8E8",
)

DARK = Theme(
    name="dark",
    icons_for="dark",
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
    interval="#9DB4D6",
    interval_alpha=0.26,
    warning="#F2C374",
    warning_soft="#3A2E18",
    problem="#FFB3AC",
    problem_soft="#3A1F21",
)

GREY = replace(LIGHT, name="grey", paper="#FCFCFC", grid_1mm="#E7E8EA", grid_5mm="#C2C6CB")
"""The light window with paper that copies and prints without colour."""

CONTRAST = Theme(
    name="contrast",
    icons_for="light",
    background="#FFFFFF",
    panel="#FFFFFF",
    hairline="#767676",
    text="#000000",
    secondary="#333333",
    disabled="#6B6B6B",
    accent="#00466F",
    accent_hover="#00304D",
    accent_soft="#D9EBF7",
    on_accent="#FFFFFF",
    control="#EDEDED",
    control_hover="#DEDEDE",
    control_pressed="#CCCCCC",
    paper="#FFFFFF",
    grid_1mm="#E4E4E4",
    grid_5mm="#B8B8B8",
    original="#000000",
    reconstruction="#A80011",
    estimate_1="#4B1FA8",
    estimate_2="#00512F",
    estimate_3="#6B3A00",
    estimate_4="#86005F",
    shade_alpha=0.3,
    interval="#2B4A7A",
    interval_alpha=0.22,
    warning="#5A3500",
    warning_soft="#FFF3DC",
    problem="#7A0010",
    problem_soft="#FDE8E8",
)
"""Black on white; all words and traces reach WCAG's AAA, 7 to 1."""

CONTRAST_DARK = Theme(
    name="contrast-dark",
    icons_for="dark",
    background="#000000",
    panel="#000000",
    hairline="#8A8A8A",
    text="#FFFFFF",
    secondary="#D6D6D6",
    disabled="#8C8C8C",
    accent="#6FD3FF",
    accent_hover="#9CE2FF",
    accent_soft="#00344A",
    on_accent="#000000",
    control="#1F1F1F",
    control_hover="#2E2E2E",
    control_pressed="#3D3D3D",
    paper="#000000",
    grid_1mm="#242424",
    grid_5mm="#484848",
    original="#FFFFFF",
    reconstruction="#FF8A80",
    estimate_1="#CDB8FF",
    estimate_2="#5CE6AE",
    estimate_3="#FFC64D",
    estimate_4="#FFA6DE",
    shade_alpha=0.34,
    interval="#B5CCF0",
    interval_alpha=0.3,
    warning="#FFD285",
    warning_soft="#241C0C",
    problem="#FFC4BF",
    problem_soft="#2E1214",
)
"""White on black; all words and traces reach WCAG's AAA, 7 to 1."""

THEMES = {theme.name: theme for theme in (LIGHT, GREY, DARK, CONTRAST, CONTRAST_DARK)}

THEME_TITLES = {
    "system": "As the system",
    "light": "Light, pink paper",
    "grey": "Light, grey paper",
    "dark": "Dark",
    "contrast": "High contrast, black on white",
    "contrast-dark": "High contrast, white on black",
}
"""The choices there are, as menus say them."""

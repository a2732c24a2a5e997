"""From figures to colours: one hue from pale to full, and two that part for differences.

Both can be told apart by the colour-blind: lightness carries the first, blue and orange the second.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.gui.colours import blend
from ecgview.gui.theme import Theme

_PALEST, _DEEPEST = 0.05, 0.38


@dataclass(frozen=True)
class Scale:
    """Which figures have which colour.

    Attributes
    ----------
    low, high : float
        Figures beyond have the colour of the end.
    good_is_low : bool
        Whether small figures are the good ones, which have the full colour.
    ticks : tuple of float
        Figures that a legend names.
    two_sided : bool
        Whether the middle is neutral and the ends part: a difference.
    power : float
        More than 1 gives good figures, which lie close together, more of the colours.
    """

    low: float
    high: float
    good_is_low: bool
    ticks: tuple[float, ...]
    two_sided: bool = False
    power: float = 1.0

    def goodness(self, value: float) -> float:
        """Give the place of a figure between the worst (0) and the best (1)."""
        part = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return (1 - part if self.good_is_low else part) ** self.power


_SCALES = {
    ("pcc", False): Scale(0.4, 1.0, False, (0.4, 0.6, 0.8, 1.0), power=2.0),
    ("rmse_uv", False): Scale(0.0, 250.0, True, (0.0, 100.0, 200.0), power=1.4),
    ("pcc", True): Scale(-0.3, 0.3, False, (-0.3, 0.0, 0.3), True),
    ("rmse_uv", True): Scale(-100.0, 100.0, True, (-100.0, 0.0, 100.0), True),
}


def scale_of(measure: str, *, of_difference: bool) -> Scale:
    """Give the scale of a measure: always the same, so that maps can be compared."""
    return _SCALES[measure, of_difference]


def ground(scale: Scale, value: float, theme: Theme) -> str:
    """Give the colour of a cell.

    Parameters
    ----------
    scale : Scale
        Of the measure.
    value : float
        The figure.
    theme : Theme
        The cell stands on its panel colour.

    Returns
    -------
    str
        ``#RRGGBB``.
    """
    part = scale.goodness(value)
    if scale.two_sided:
        end = theme.accent if part > 0.5 else theme.estimate_3
        return blend(theme.panel, end, _PALEST + (1 - _PALEST) * abs(2 * part - 1) * 0.9)
    if part < 0.75:
        return blend(theme.panel, theme.accent, _PALEST + (1 - _PALEST) * part / 0.75)
    return blend(theme.accent, theme.text, _DEEPEST * (part - 0.75) / 0.25)

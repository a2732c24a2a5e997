"""Sheets of paper: their sizes, and the colours that an ECG is printed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecgview.gui.theme import LIGHT, Theme

PX_PER_MM = 96 / 25.4
"""Units of a page in which type and lines have the sizes that they have on a screen."""
LEAST_MARGIN_MM = 4.2
"""What printers leave white."""


@dataclass(frozen=True)
class Paper:
    """A size of paper.

    Attributes
    ----------
    title : str
        For people.
    short_mm, long_mm : float
        Its sides.
    page_size : str
        Name in ``QPageSize.PageSizeId``.
    """

    title: str
    short_mm: float
    long_mm: float
    page_size: str


PAPERS = {
    "a4": Paper("A4", 210.0, 297.0, "A4"),
    "letter": Paper("Letter", 215.9, 279.4, "Letter"),
    "a3": Paper("A3", 297.0, 420.0, "A3"),
}

PINK = replace(LIGHT, paper="#FFFFFF", grid_1mm="#F9E0DE", grid_5mm="#EBB2AD")
GREY = replace(LIGHT, paper="#FFFFFF", grid_1mm="#EAEBEC", grid_5mm="#C6C9CC")
BLACK = replace(
    GREY,
    text="#000000", secondary="#333333", accent="#000000", original="#000000",
    reconstruction="#000000", estimate_1="#3C3C3C", estimate_2="#3C3C3C", estimate_3="#3C3C3C",
    estimate_4="#3C3C3C", shade_alpha=0.16, interval="#000000", interval_alpha=0.09,
    warning="#000000",
)  # fmt: skip

SCHEMES: dict[str, Theme] = {"pink": PINK, "grey": GREY, "black": BLACK}
"""Colours of a print, whatever the window's theme: paper is white."""
SCHEME_TITLES = {"pink": "Pink grid", "grey": "Grey grid", "black": "Black and white"}

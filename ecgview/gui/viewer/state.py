"""What the trace area shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal["3x4+II", "12x1"]
Scale = Literal["fit", "true"]
Show = Literal["overlay", "original", "reconstruction"]

LAYOUTS: tuple[Layout, ...] = ("3x4+II", "12x1")
SCALES: tuple[Scale, ...] = ("fit", "true")
SHOWS: tuple[Show, ...] = ("overlay", "original", "reconstruction")
SPEEDS_MM_S = (12.5, 25.0, 50.0, 100.0)
GAINS_MM_MV = (2.5, 5.0, 10.0, 20.0, 40.0)

PAGE_MM = 250.0
"""Width of the traces on a page, in mm of paper: 10 s at 25 mm/s."""

LAYOUT_TITLES: dict[Layout, str] = {
    "3x4+II": "3\N{MULTIPLICATION SIGN}4 + II",
    "12x1": "12\N{MULTIPLICATION SIGN}1",
}


@dataclass(frozen=True)
class ViewState:
    """Layout, scale and position of the page on screen.

    Attributes
    ----------
    layout : {"3x4+II", "12x1"}
        Three rows of four leads with lead II below as rhythm strip, or twelve rows.
    scale : {"fit", "true"}
        The whole layout visible, or millimetres as calibrated by `px_per_mm`.
    speed_mm_s, gain_mm_mv : float
        Paper speed and gain; their ratio on screen is exact in either scale.
    show : {"overlay", "original", "reconstruction"}
        Which traces are drawn.
    shading : bool
        Whether the difference between the two traces is filled.
    start_s : float
        Time at the left edge of the page.
    zoom : float
        Magnification of the page; 1 is what `scale` says.
    mark_s : tuple of float or None
        The marked stretch, from and to, in seconds of the recording.
    px_per_mm : float
        Calibration of the display in logical pixels; used by the true scale only.
    scroll_mm : tuple of float
        How far a page larger than the window is scrolled, right and down, in mm of paper.
    """

    layout: Layout = "3x4+II"
    scale: Scale = "fit"
    speed_mm_s: float = 25.0
    gain_mm_mv: float = 10.0
    show: Show = "overlay"
    shading: bool = True
    start_s: float = 0.0
    zoom: float = 1.0
    mark_s: tuple[float, float] | None = None
    px_per_mm: float = 96 / 25.4
    scroll_mm: tuple[float, float] = (0.0, 0.0)

    @property
    def page_s(self) -> float:
        """Seconds of ECG on a page."""
        return PAGE_MM / self.speed_mm_s

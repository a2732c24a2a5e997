"""What the trace area shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ecgview.interval import DEFAULT_LEVEL
from ecgview.signals.filtering import Filters

Layout = Literal["3x4", "3x4+1", "3x4+3", "6x2", "12x1", "4x3"]
Order = Literal["standard", "cabrera"]
Scale = Literal["fit", "true"]
Shown = Literal["overlay", "original", "reconstruction", "available"]
Show = Literal["overlay", "original", "reconstruction", "side", "available"]

LAYOUTS: tuple[Layout, ...] = ("3x4+1", "12x1", "6x2", "3x4", "3x4+3", "4x3")
ORDERS: tuple[Order, ...] = ("standard", "cabrera")
SCALES: tuple[Scale, ...] = ("fit", "true")
SHOWS: tuple[Show, ...] = ("overlay", "original", "reconstruction", "side")
SPEEDS_MM_S = (12.5, 25.0, 50.0, 100.0)
GAINS_MM_MV = (2.5, 5.0, 10.0, 20.0, 40.0)

PAGE_MM = 250.0
"""Width of the traces on a page, in mm of paper: 10 s at 25 mm/s."""

RHYTHM_LEADS = ("II", "V1", "V5")
"""The rhythm strips of a page with three of them."""

LAYOUT_TITLES: dict[Layout, str] = {
    "3x4+1": "3\N{MULTIPLICATION SIGN}4 + 1",
    "12x1": "12\N{MULTIPLICATION SIGN}1",
    "6x2": "6\N{MULTIPLICATION SIGN}2",
    "3x4": "3\N{MULTIPLICATION SIGN}4",
    "3x4+3": "3\N{MULTIPLICATION SIGN}4 + 3",
    "4x3": "4\N{MULTIPLICATION SIGN}3",
}


@dataclass(frozen=True)
class ViewState:
    """Layout, scale and position of the page on screen.

    Attributes
    ----------
    layout : {"3x4", "3x4+1", "3x4+3", "6x2", "12x1", "4x3"}
        Rows by columns; ``+1`` and ``+3`` have so many rhythm strips below.
    rhythm : tuple of str
        Leads of the rhythm strips; as many of them are drawn as the layout has strips.
    order : {"standard", "cabrera"}
        I, II, III, aVR, aVL, aVF; or aVL, I, -aVR, II, aVF, III. The chest leads follow.
    half_chest : bool
        Whether V1-V6 are drawn at half the gain.
    scale : {"fit", "true"}
        The whole layout visible, or millimetres as calibrated by `px_per_mm`.
    speed_mm_s, gain_mm_mv : float
        Paper speed and gain; their ratio on screen is exact in either scale.
    show : {"overlay", "original", "reconstruction", "side", "available"}
        Which traces are drawn; ``side`` has the original in the left half of the page and the
        reconstruction of the same stretch in the right half; ``available`` hides all leads that
        are neither given to the model nor follow from those that are.
    shading : bool
        Whether the difference between the two traces is filled.
    interval : float
        Share of samples that the band behind the reconstruction is to hold, one of
        `ecgview.interval.LEVELS`; 0 for no band.
    filters : Filters
        What the traces on screen are filtered with.
    start_s : float
        Time at the left edge of the page.
    zoom : float
        Magnification of the page; 1 is what `scale` says.
    mark_s : tuple of float or None
        The marked stretch, from and to, in seconds of the recording.
    px_per_mm : float
        Calibration of the display in logical pixels; used by the true scale only.
    calibrated : bool
        Whether `px_per_mm` was measured on this screen, or is only the usual value.
    scroll_mm : tuple of float
        How far a page larger than the window is scrolled, right and down, in mm of paper.
    """

    layout: Layout = "3x4+1"
    rhythm: tuple[str, ...] = RHYTHM_LEADS
    order: Order = "standard"
    half_chest: bool = False
    scale: Scale = "fit"
    speed_mm_s: float = 25.0
    gain_mm_mv: float = 10.0
    show: Show = "overlay"
    shading: bool = True
    interval: float = DEFAULT_LEVEL
    filters: Filters = field(default_factory=Filters)
    start_s: float = 0.0
    zoom: float = 1.0
    mark_s: tuple[float, float] | None = None
    px_per_mm: float = 96 / 25.4
    calibrated: bool = False
    scroll_mm: tuple[float, float] = (0.0, 0.0)

    @property
    def paper_s(self) -> float:
        """Seconds that the paper of a page takes to run."""
        return PAGE_MM / self.speed_mm_s

    @property
    def page_s(self) -> float:
        """Seconds of ECG on a page: half of the paper's where it shows them twice."""
        return self.paper_s / 2 if self.show == "side" else self.paper_s


def layout_named(text: str) -> Layout | None:
    """Find a layout by its name, also by one of earlier versions; None for no layout."""
    name = "3x4+1" if text == "3x4+II" else text
    return next((layout for layout in LAYOUTS if layout == name), None)

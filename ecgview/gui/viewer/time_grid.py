"""The upright lines of slow paper: at whole seconds, minutes and hours instead of millimetres.

From 10 mm/s on, the lines of the paper are its millimetres, as on any cart. On slower paper a
millimetre is no length of time that anybody counts in. Nothing here knows Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from ecgview.gui.viewer.page import Page

SLOWEST_MM_S = 10.0
"""Speed from which on the paper's millimetres are its grid."""
HEAVY_PX, FINE_PX = 56.0, 6.0
"""How close heavy and fine lines may stand."""

_STEPS_S = (
    (1.0, 0.2), (2.0, 1.0), (5.0, 1.0), (10.0, 1.0), (30.0, 5.0), (60.0, 10.0), (120.0, 60.0),
    (300.0, 60.0), (600.0, 60.0), (1800.0, 300.0), (3600.0, 600.0), (7200.0, 3600.0),
    (10800.0, 3600.0), (21600.0, 3600.0), (43200.0, 10800.0), (86400.0, 21600.0),
)  # fmt: skip
_INDENT_PX = 4.0
_TOP_PX = 13.0
_ROOM_PX = 40.0


@dataclass(frozen=True)
class TimeGrid:
    """Distances between heavy and between fine lines, in seconds; no fine ones if None."""

    heavy_s: float
    fine_s: float | None


@dataclass(frozen=True)
class TimeLabel:
    """A time beside its line; x and y are the left end of the base line of the text."""

    text: str
    x: float
    y: float


def is_slow(speed_mm_s: float) -> bool:
    """Tell whether paper is so slow that its upright lines stand for times."""
    return speed_mm_s < SLOWEST_MM_S


def time_grid(page: Page) -> TimeGrid | None:
    """Choose the distances between the lines; None where the millimetres are the grid."""
    if not is_slow(page.px_per_s / page.px_per_mm):
        return None
    heavy_s, fine_s = next(
        (steps for steps in _STEPS_S if steps[0] * page.px_per_s >= HEAVY_PX), _STEPS_S[-1]
    )
    return TimeGrid(heavy_s, fine_s if fine_s * page.px_per_s >= FINE_PX else None)


def line_places(page: Page, step_s: float, width: float) -> list[tuple[float, float]]:
    """Where lines stand in a window, with their times of the recording.

    Parameters
    ----------
    page : Page
        The layout; each of its halves has lines at the times it shows.
    step_s : float
        Distance between lines.
    width : float
        Of the window.

    Returns
    -------
    list of (float, float)
        x and seconds, from left to right.
    """
    found = []
    for left, right, delay_s in _stretches(page, width):
        first = ceil((page.time_of(left) - delay_s) / step_s - 1e-9)
        last = floor((page.time_of(right) - delay_s) / step_s - 1e-9)
        for number in range(first, last + 1):
            found.append((page.x_of(number * step_s + delay_s), number * step_s))
    return found


def _stretches(page: Page, width: float) -> list[tuple[float, float, float]]:
    """Parts of the window that show the recording with one delay: left, right, delay."""
    starts: dict[float, float] = {}
    for cell in page.cells:
        starts[cell.delay_s] = min(cell.from_s, starts.get(cell.delay_s, cell.from_s))
    delays = sorted(starts, key=lambda delay_s: starts[delay_s]) or [0.0]
    # The first and the last go on to the edges of the window.
    edges = [0.0, *(page.x_of(starts[delay_s]) for delay_s in delays[1:]), width]
    return [
        (edges[number], edges[number + 1], delay_s)
        for number, delay_s in enumerate(delays)
        if edges[number + 1] > edges[number]
    ]


def time_labels(page: Page, width: float) -> tuple[TimeLabel, ...]:
    """Name the times of the heavy lines, at the top of the window."""
    grid = time_grid(page)
    if grid is None:
        return ()
    last_s = max((cell.to_s for cell in page.cells), default=page.start_s)
    return tuple(
        TimeLabel(clock_words(time_s), x + _INDENT_PX, _TOP_PX)
        for x, time_s in line_places(page, grid.heavy_s, width)
        if time_s >= 0 and page.left - 1 <= x < page.x_of(last_s) - _ROOM_PX
    )


def clock_words(time_s: float) -> str:
    """Write a whole number of seconds as ``m:ss`` or ``h:mm:ss``."""
    minutes, seconds = divmod(round(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"

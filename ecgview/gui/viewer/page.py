"""The page as it lies on the screen: what is where, and what lies at a spot of it."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.gui.viewer.state import Shown


@dataclass(frozen=True)
class Cell:
    """One lead's stretch of a row.

    Attributes
    ----------
    lead : str
        Standard name.
    row, column : int
        Place in the layout.
    from_s, to_s : float
        Time on the page, ``[from_s, to_s)``.
    delay_s : float
        Time of the recording is drawn so much later on the page.
    title : str
        What the page calls it where that is not its name, such as ``-aVR``.
    scale : float
        What its voltages are multiplied by: 0.5 at half gain, -1 turned round.
    shows : {"overlay", "original", "reconstruction", "available"}
        Which of its traces are drawn.
    """

    lead: str
    row: int
    column: int
    from_s: float
    to_s: float
    delay_s: float = 0.0
    title: str = ""
    scale: float = 1.0
    shows: Shown = "overlay"


@dataclass(frozen=True)
class Place:
    """A spot on the page: whose stretch it is, the time of the recording, and the voltage there."""

    cell: Cell
    time_s: float
    value_mv: float


@dataclass(frozen=True)
class Page:
    """The page as it lies on the screen; lengths in logical pixels unless named otherwise.

    Attributes
    ----------
    px_per_mm : float
        Scale of both axes.
    left : float
        Where the traces start; a page narrower than the window stands in its middle.
    baselines : tuple of float
        Zero line of each row.
    pitch : float
        Distance between rows.
    px_per_s, px_per_mv : float
        Scale of time and voltage.
    start_s : float
        Time at `left`.
    cells : tuple of Cell
        Row by row, from left to right.
    width_mm, height_mm : float
        The whole page.
    middle_s : float or None
        Time on the page where its second half begins, where there are two.
    """

    px_per_mm: float
    left: float
    baselines: tuple[float, ...]
    pitch: float
    px_per_s: float
    px_per_mv: float
    start_s: float
    cells: tuple[Cell, ...]
    width_mm: float
    height_mm: float
    middle_s: float | None = None

    def x_of(self, time_s: float) -> float:
        """Place of a time on the page: of the recording, where nothing is delayed."""
        return self.left + (time_s - self.start_s) * self.px_per_s

    def time_of(self, x: float) -> float:
        """Time on the page at a place: of the recording, where nothing is delayed."""
        return self.start_s + (x - self.left) / self.px_per_s

    def x_in(self, cell: Cell, time_s: float) -> float:
        """Place of a time of the recording in a lead's stretch."""
        return self.x_of(time_s + cell.delay_s)

    def y_in(self, cell: Cell, value_mv: float) -> float:
        """Height of a voltage in a lead's stretch."""
        return self.baselines[cell.row] - value_mv * self.px_per_mv_in(cell)

    def px_per_mv_in(self, cell: Cell) -> float:
        """Scale of voltage in a lead's stretch; negative where it is turned round."""
        return self.px_per_mv * cell.scale

    def is_second_half(self, cell: Cell) -> bool:
        """Tell whether a lead's stretch lies in the second of two halves."""
        return self.middle_s is not None and cell.from_s >= self.middle_s

    def spans(self, from_s: float, to_s: float) -> tuple[tuple[float, float], ...]:
        """Left and right end of a stretch of the recording, once for each time it is shown."""
        delays = sorted({cell.delay_s for cell in self.cells}) or [0.0]
        if len(delays) == 1:
            return ((self.x_of(from_s + delays[0]), self.x_of(to_s + delays[0])),)
        found = []
        for delay_s in delays:
            shown = [cell for cell in self.cells if cell.delay_s == delay_s]
            first = max(from_s + delay_s, min(cell.from_s for cell in shown))
            last = min(to_s + delay_s, max(cell.to_s for cell in shown))
            if last > first:
                found.append((self.x_of(first), self.x_of(last)))
        return tuple(found)

    def place_at(self, x: float, y: float) -> Place | None:
        """Tell what lies at a spot of the window; None left and right of the traces."""
        page_s = self.time_of(x)
        row = min(range(len(self.baselines)), key=lambda row: abs(self.baselines[row] - y))
        for cell in self.cells:
            if cell.row == row and cell.from_s <= page_s < cell.to_s:
                value_mv = (self.baselines[row] - y) / self.px_per_mv_in(cell)
                return Place(cell, page_s - cell.delay_s, value_mv)
        return None

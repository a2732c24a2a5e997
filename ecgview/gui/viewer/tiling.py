"""The traces cut into tiles: upright strips of endless paper that stay as they are in panning.

Tiles are counted from the start of the recording, so a tile of a given look always holds the same.
Nothing here knows Qt.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor, inf

from ecgview.gui.viewer.layout import Cell, Page
from ecgview.gui.viewer.scene import Panel, Scene
from ecgview.gui.viewer.signals import Signals, Stretch
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.traces import traces_of

TILE_PX = 256
"""Width of a tile in device pixels."""
# What is drawn for a sample may reach so far, in device pixels.
_REACH_PX = 8


@dataclass(frozen=True)
class Group:
    """Stretches of the page that show the same time, one below the other.

    Attributes
    ----------
    cells : tuple of Cell
        The leads.
    left, right : int
        Where they lie in the window, in device pixels.
    zero : int
        The device pixel that the first sample would lie in.
    """

    cells: tuple[Cell, ...]
    left: int
    right: int
    zero: int

    @property
    def content(self) -> Hashable:
        """What its tiles show, wherever the page begins."""
        return tuple((cell.row, cell.lead, cell.scale, cell.shows) for cell in self.cells)

    def tiles(self) -> range:
        """Numbers of the tiles that reach into the window."""
        return range((self.left - self.zero) // TILE_PX, -(-(self.right - self.zero) // TILE_PX))


def groups_of(page: Page, signals: Signals, width: float, dpr: float) -> tuple[Group, ...]:
    """Put the leads of a page together that can be painted at once.

    Parameters
    ----------
    page : Page
        The layout.
    signals : Signals
        A half of the page for a reconstruction that is not there stays empty.
    width, dpr : float
        Width of the window in logical pixels, and device pixels per logical pixel.

    Returns
    -------
    tuple of Group
        Those in sight.
    """
    together: dict[tuple[float, float, float], list[Cell]] = {}
    for cell in page.cells:
        if signals.reconstruction is not None or not page.is_second_half(cell):
            together.setdefault((cell.from_s, cell.to_s, cell.delay_s), []).append(cell)
    groups = []
    for (from_s, to_s, _), cells in together.items():
        left = max(0, ceil(page.x_of(from_s) * dpr - 0.5))
        right = min(ceil(width * dpr), ceil(page.x_of(to_s) * dpr - 0.5))
        if left < right:
            zero = floor(page.x_in(cells[0], 0.0) * dpr)
            groups.append(Group(tuple(cells), left, right, zero))
    return tuple(groups)


def tiles_scene(
    view: ViewState, scene: Scene, signals: Signals, group: Group, tiles: range
) -> Scene:
    """Work out the traces of some tiles beside each other.

    Parameters
    ----------
    view : ViewState
        What to show.
    scene : Scene
        That of the window, without traces.
    signals : Signals
        The samples.
    group : Group
        Which leads.
    tiles : range
        Their numbers, rising by one.

    Returns
    -------
    Scene
        As wide as the tiles; x is counted from the left edge of the first. One panel holds the
        traces of all leads.
    """
    page, dpr = scene.page, scene.dpr
    width = len(tiles) * TILE_PX / dpr
    # Counted from the first sample, so that a tile is the same wherever the page begins.
    part = round(page.x_in(group.cells[0], 0.0) * dpr - group.zero, 6)
    left = (part - tiles.start * TILE_PX) / dpr
    moved = replace(page, left=left, start_s=0.0, middle_s=None)
    cells = [_endless(cell) for cell in group.cells]
    traces = traces_of(view, moved, signals, cells, width, dpr)
    panel = Panel(cells[0], 0.0, width, page.baselines[cells[0].row], None, *traces)
    return replace(scene, width=width, page=moved, panels=(panel,))


@lru_cache(maxsize=64)
def _endless(cell: Cell) -> Cell:
    return replace(cell, from_s=-inf, to_s=inf, delay_s=0.0)


def runs(numbers: list[int]) -> list[range]:
    """Put numbers that follow each other together; `numbers` rise."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def tiles_with(stretch: Stretch, page: Page, fs_hz: float, dpr: float) -> range:
    """Numbers of the tiles that show any of some samples."""
    px_per_sample = page.px_per_s * dpr / fs_hz
    first = floor((stretch[0] * px_per_sample - _REACH_PX) / TILE_PX)
    last = floor((stretch[1] * px_per_sample + _REACH_PX) / TILE_PX)
    return range(first, last + 1)

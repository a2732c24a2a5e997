"""The map as cells to paint: a pure function of what is shown, the room there is and the theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ecgview.gui.colours import ink_on
from ecgview.gui.leadmap.colours import Scale, ground, scale_of
from ecgview.gui.leadmap.state import ShownMap, ShownRow
from ecgview.gui.theme import Theme
from ecgview.leads import CHEST_LEADS, LEADS, Origin

MEANS = {"chest": True, "all": False}
"""The columns after the leads: means over the chest leads, and over all."""
COLUMNS = (*LEADS, *MEANS)

SIGNS = {Origin.MEASURED: "\N{BULLET}", Origin.DERIVED: "="}
NO_FIGURE = "n/a"
WAITING = "\N{MIDDLE DOT}"

_MARGIN, _LABEL, _HEAD = 20.0, 148.0, 28.0
_CELL, _ROW = (46.0, 92.0), (18.0, 27.0)
_COLUMN_GAP, _GROUP_GAP = 8.0, 7.0
_FIRST_CHEST = LEADS.index(CHEST_LEADS[0])

Rect = tuple[float, float, float, float]
"""Left, top, width and height in logical pixels."""


@dataclass(frozen=True)
class Cell:
    """One cell: where it is and what it looks like.

    Attributes
    ----------
    rect : tuple of float
        Left, top, width, height.
    text : str
        What stands in it.
    ground, ink : str
        Colours; an empty ground is left as it is.
    """

    rect: Rect
    text: str
    ground: str
    ink: str


@dataclass(frozen=True, eq=False)
class Layout:
    """Where everything is, in logical pixels from the top left of the whole map.

    Attributes
    ----------
    scale : float
        What words are enlarged by.
    label_px, cell_px, row_px, head_px : float
        Widths and heights.
    tops : tuple of float
        Where each row begins; the heads stand above.
    """

    scale: float
    label_px: float
    cell_px: float
    row_px: float
    head_px: float
    tops: tuple[float, ...]

    @property
    def width(self) -> float:
        """Of the whole map."""
        return self.left(len(COLUMNS) - 1) + self.cell_px + _MARGIN

    @property
    def height(self) -> float:
        """Of the whole map."""
        last = self.tops[-1] + self.row_px if self.tops else self.head_px
        return last + _MARGIN / 2

    def left(self, column: int) -> float:
        """Where a column begins."""
        gaps = (column >= _FIRST_CHEST) + (column >= len(LEADS))
        return self.label_px + column * self.cell_px + gaps * _COLUMN_GAP

    def cell(self, row: int, column: int) -> Rect:
        """Where a cell is."""
        return self.left(column), self.tops[row], self.cell_px, self.row_px

    def row(self, row: int) -> Rect:
        """Where a row is, its label too."""
        right = self.left(len(COLUMNS) - 1) + self.cell_px
        return 0.0, self.tops[row], right, self.row_px

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """Tell row and column at a place; column -1 for a label, None beside all rows."""
        row = next((n for n, top in enumerate(self.tops) if top <= y < top + self.row_px), None)
        if row is None or not 0 <= x < self.width:
            return None
        for column in range(len(COLUMNS)):
            left = self.left(column)
            if left <= x < left + self.cell_px:
                return row, column
        return row, -1


def lay_out(shown: ShownMap, width: float, height: float, scale: float = 1.0) -> Layout:
    """Fit a map into a room as far as it can be read there; what is larger is scrolled to.

    Parameters
    ----------
    shown : ShownMap
        What is drawn.
    width, height : float
        The room, in logical pixels.
    scale : float
        What words are enlarged by.
    """
    longest = max((len(label_of(one)) for one in shown.rows), default=0)
    label_px = _MARGIN + scale * max(_LABEL - _MARGIN, 22 + 6.6 * longest)
    spare = width - label_px - 2 * _COLUMN_GAP - _MARGIN
    cell_px = min(max(spare / len(COLUMNS), _CELL[0] * scale), _CELL[1] * scale)
    gaps = [first.group != second.group for first, second in pairwise(shown.rows)]
    head_px = _HEAD * scale
    spare = height - head_px - sum(gaps) * _GROUP_GAP - _MARGIN / 2
    row_px = min(max(spare / max(len(shown.rows), 1), _ROW[0] * scale), _ROW[1] * scale)
    top, tops = head_px, []
    for place in range(len(shown.rows)):
        top += _GROUP_GAP if place and gaps[place - 1] else 0.0
        tops.append(top)
        top += row_px
    return Layout(scale, label_px, cell_px, row_px, head_px, tuple(tops))


def label_of(one: ShownRow) -> str:
    """Name a row."""
    return ", ".join(one.row.available)


def row_cells(shown: ShownMap, layout: Layout, place: int, theme: Theme) -> Iterator[Cell]:
    """Give the cells of a row; none where it has no figures.

    Parameters
    ----------
    shown : ShownMap
        What is drawn.
    layout : Layout
        Where.
    place : int
        Which row.
    theme : Theme
        In which colours.
    """
    one = shown.rows[place]
    if one.row.reason:
        return
    scale = scale_of(shown.measure, of_difference=shown.source == "difference")
    for column, name in enumerate(COLUMNS):
        rect = layout.cell(place, column)
        sign = SIGNS.get(one.row.origins[name], "") if name in LEADS else ""
        if sign:
            measured = one.row.origins[name] is Origin.MEASURED
            yield Cell(rect, sign, "", theme.accent if measured else theme.secondary)
        elif one.is_waiting:
            yield Cell(rect, WAITING, theme.background, theme.disabled)
        else:
            yield _figure_cell(rect, value_of(shown, place, column), shown, scale, theme)


def _figure_cell(
    rect: Rect, value: float | None, shown: ShownMap, scale: Scale, theme: Theme
) -> Cell:
    if value is None:
        return Cell(rect, NO_FIGURE, theme.background, theme.secondary)
    colour = ground(scale, value, theme)
    return Cell(rect, figure_text(value, shown), colour, ink_on(colour))


def value_of(shown: ShownMap, place: int, column: int) -> float | None:
    """Give the figure of a cell; None where it has none."""
    row, name = shown.rows[place].row, COLUMNS[column]
    if name in MEANS:
        return row.mean(shown.measure, clean=shown.clean, chest=MEANS[name])
    return row.value(name, shown.measure, clean=shown.clean)


def figure_text(value: float, shown: ShownMap, *, exact: bool = False) -> str:
    """Write a figure as a cell, or with `exact` as a sentence has it."""
    digits = 0 if shown.measure == "rmse_uv" else 3 if exact else 2
    value = round(value, digits) + 0.0  # no sign of what is rounded to nothing
    sign = "+" if shown.source == "difference" and value else ""
    text = f"{value:{sign}.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}")

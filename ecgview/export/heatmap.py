"""Heat maps laid out like the tables of Gradowski & Buchner (2025): a row a set of leads.

Columns are leads, V1 to V6 by default, and what sums them up, mean and median by default; a lead
that the model was given has no figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING

from ecgview import DISCLAIMER
from ecgview.export.style import (
    HEADING_PT,
    QUIET,
    TEXT_PT,
    TRACE,
    axes_in_mm,
    blank_figure,
    foot_mm,
    house_style,
    write_foot,
)
from ecgview.leads import CHEST_LEADS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_CELL_MM, _ROW_MM = 11.0, 5.4
_LEFT_MM, _RIGHT_MM, _GAP_MM, _BAR_MM = 24.0, 12.0, 1.5, 3.0
_HEAD_MM, _COLUMN_NAMES_MM = 11.5, 5.0
_CHARACTER_MM = 1.3
_LINE_CHARACTERS = 92
_USUAL_MM = 8 * _CELL_MM + _GAP_MM
_TEXT_MM = 125.0
"""Width of the table of the paper, and of what is written above and below it."""
_NOT_APPLICABLE = "#E4E6E9"
_MEANS = ("mean", "median")


@dataclass(frozen=True)
class HeatRow:
    """One set of available leads.

    Attributes
    ----------
    label : str
        The set, such as ``I, II, V2``.
    leads : mapping of str to float
        A figure for each reconstructed lead.
    mean, median : float
        Over leads, and over all pairs of recording and lead.
    signs : mapping of str to str
        What stands in the place of figures that are not there, by column; nothing by default.
    """

    label: str
    leads: Mapping[str, float]
    mean: float
    median: float = math.nan
    signs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Table:
    """What is drawn: columns, rows, and how values become colours."""

    rows: Sequence[HeatRow]
    leads: tuple[str, ...]
    means: tuple[str, ...]
    measure: str
    limits: tuple[float, float]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.leads, *self.means)

    @property
    def size_mm(self) -> tuple[float, float]:
        return _CELL_MM * len(self.columns) + _GAP_MM, _ROW_MM * len(self.rows)

    @property
    def labels_mm(self) -> float:
        longest = max((len(row.label) for row in self.rows), default=0)
        return max(_LEFT_MM, _CHARACTER_MM * longest + 3.5)

    def left_mm(self, column: int) -> float:
        return column * _CELL_MM + (_GAP_MM if column >= len(self.leads) else 0.0)


def heatmap_figure(
    rows: Sequence[HeatRow],
    *,
    title: str,
    subtitle: str = "",
    notes: Sequence[str] = (),
    measure: str = "PCC",
    limits: tuple[float, float] | None = None,
    leads: tuple[str, ...] = CHEST_LEADS,
    means: tuple[str, ...] = _MEANS,
) -> Figure:
    """Draw a table of figures as coloured cells with the numbers in them.

    Parameters
    ----------
    rows : sequence of HeatRow
        At least one, from top to bottom.
    title : str
        The model and what is measured.
    subtitle : str
        A line under it: recordings, patients, folds.
    notes : sequence of str
        Lines under the table: how it was computed.
    measure : str
        ``PCC`` or ``R2`` (high is good, two or three decimals), or ``RMSE (uV)``.
    limits : tuple of float, optional
        Ends of the colour scale; taken from the figures by default. Give the same to tables that
        are to be compared.
    leads : tuple of str
        Columns.
    means : tuple of str
        Columns after them: ``mean``, ``median``, or names among the figures of the rows.

    Returns
    -------
    matplotlib.figure.Figure
        About 125 mm wide for six leads; `ecgview.export.style.save_figure` writes it.
    """
    with house_style():
        limits = limits or colour_limits(rows, measure)
        return _draw(_Table(rows, leads, means, measure, limits), (title, subtitle), notes)


def colour_limits(rows: Sequence[HeatRow], measure: str = "PCC") -> tuple[float, float]:
    """Find round ends for a colour scale that holds all figures of some rows."""
    values = [value for row in rows for value in (*row.leads.values(), row.mean, row.median)]
    figures = [value for value in values if math.isfinite(value)]
    if not figures:
        return (0.0, 1.0)
    step = 10.0 if _in_uv(measure) else 0.1
    low, high = (step * math.floor(min(figures) / step), step * math.ceil(max(figures) / step))
    if not _in_uv(measure):
        high = 1.0
    return (low, high) if high > low else (low, low + step)


def _in_uv(measure: str) -> bool:
    return "uV" in measure


def _figures(row: HeatRow) -> Mapping[str, float]:
    return {"mean": row.mean, "median": row.median, **row.leads}


def _draw(table: _Table, titles: tuple[str, str], notes: Sequence[str]) -> Figure:
    table_mm, left_mm = table.size_mm, table.labels_mm
    wide = round(_LINE_CHARACTERS * (1 + (table_mm[0] - _USUAL_MM) / _TEXT_MM))
    foot = [line for note in (*notes, DISCLAIMER) for line in wrap(note, wide)]
    width_mm = left_mm + table_mm[0] + 3.0 + _BAR_MM + _RIGHT_MM
    height_mm = _HEAD_MM + _COLUMN_NAMES_MM + table_mm[1] + 2.0 + foot_mm(foot)
    figure = blank_figure(width_mm, height_mm)
    left, top = 2.0 / width_mm, 1 - 2.0 / height_mm
    figure.text(left, top, titles[0], fontsize=HEADING_PT, fontweight="bold", va="top")
    figure.text(left, top - 4.2 / height_mm, titles[1], fontsize=TEXT_PT, color=QUIET, va="top")
    bottom_mm = foot_mm(foot) + 2.0
    axes = axes_in_mm(figure, (left_mm, bottom_mm, *table_mm))
    _draw_table(axes, table)
    bar_height_mm = min(table_mm[1], 60.0)
    bar_left_mm = left_mm + table_mm[0] + 3.0
    bar_bottom_mm = bottom_mm + table_mm[1] - bar_height_mm
    bar = axes_in_mm(figure, (bar_left_mm, bar_bottom_mm, _BAR_MM, bar_height_mm))
    _draw_bar(bar, table.measure, table.limits)
    write_foot(figure, foot)
    return figure


def _draw_table(axes: Axes, table: _Table) -> None:
    width_mm, height_mm = table.size_mm
    axes.set_xlim(0, width_mm)
    axes.set_ylim(height_mm, 0)
    axes.axis("off")
    for column, name in enumerate(table.columns):
        x_mm = table.left_mm(column) + _CELL_MM / 2
        axes.text(x_mm, -1.2, name, ha="center", va="bottom", fontweight="bold")
    axes.text(-1.5, -1.2, "available", ha="right", va="bottom", fontweight="bold")
    for number, row in enumerate(table.rows):
        y_mm = (number + 0.5) * _ROW_MM
        axes.text(-1.5, y_mm, row.label, ha="right", va="center_baseline", fontsize=TEXT_PT)
        figures = _figures(row)
        for column, name in enumerate(table.columns):
            value = figures.get(name, math.nan)
            corner = (table.left_mm(column), number * _ROW_MM)
            _draw_cell(axes, table, corner, value, row.signs.get(name, ""))


def _draw_cell(
    axes: Axes, table: _Table, corner: tuple[float, float], value: float, sign: str
) -> None:
    from matplotlib.patches import Rectangle

    ground, ink = _colours(value, table.measure, table.limits)
    axes.add_patch(
        Rectangle(corner, _CELL_MM, _ROW_MM, facecolor=ground, edgecolor="white", lw=0.8)
    )
    axes.text(
        corner[0] + _CELL_MM / 2,
        corner[1] + _ROW_MM / 2,
        _number(value, table.measure) or sign,
        ha="center",
        va="center_baseline",
        color=ink,
        fontsize=TEXT_PT,
    )


def _number(value: float, measure: str) -> str:
    if not math.isfinite(value):
        return ""
    text = f"{value:.0f}" if _in_uv(measure) else f"{value:.3f}"
    return text.replace("-", "\N{MINUS SIGN}")


def _colours(value: float, measure: str, limits: tuple[float, float]) -> tuple[str, str]:
    """Ground and ink of a cell; the ink is the one of the two with more contrast."""
    if not math.isfinite(value):
        return _NOT_APPLICABLE, TRACE
    from matplotlib.colors import to_hex

    ground = _colour_map(measure)((value - limits[0]) / (limits[1] - limits[0]))
    return to_hex(ground), readable_ink(ground[:3])


def readable_ink(ground: tuple[float, ...]) -> str:
    """Give black or white, whichever has more contrast on an sRGB colour of parts 0 to 1."""
    luminance = _luminance(ground)
    # WCAG: the ratio of (luminance + 0.05) against black and against white.
    return TRACE if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#FFFFFF"


def _luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _colour_map(measure: str) -> Colormap:
    """Give viridis: perceptually uniform and safe for the colour-blind; bright is good."""
    from matplotlib import colormaps

    return colormaps["viridis_r" if _in_uv(measure) else "viridis"]


def _draw_bar(axes: Axes, measure: str, limits: tuple[float, float]) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.ticker import MaxNLocator

    colours = ScalarMappable(Normalize(*limits), _colour_map(measure))
    ticks = MaxNLocator(6, steps=[1, 2, 5, 10])
    bar = axes.figure.colorbar(colours, cax=axes, ticks=ticks)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=TEXT_PT, pad=1.5)
    bar.ax.set_title(measure, fontsize=TEXT_PT, pad=4, loc="left")

"""Heat maps laid out like the tables of Gradowski & Buchner (2025): a row a set of leads.

Columns are V1 to V6, their mean and their median; a lead that the model was given has no figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_LINE_CHARACTERS = 92
_NOT_APPLICABLE = "#E4E6E9"
_COLUMNS = (*CHEST_LEADS, "mean", "median")


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
    """

    label: str
    leads: Mapping[str, float]
    mean: float
    median: float


def heatmap_figure(
    rows: Sequence[HeatRow],
    *,
    title: str,
    subtitle: str = "",
    notes: Sequence[str] = (),
    measure: str = "PCC",
    limits: tuple[float, float] | None = None,
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

    Returns
    -------
    matplotlib.figure.Figure
        About 125 mm wide; `ecgview.export.style.save_figure` writes it.
    """
    with house_style():
        return _draw(
            rows, (title, subtitle), notes, measure, limits or colour_limits(rows, measure)
        )


def colour_limits(rows: Sequence[HeatRow], measure: str = "PCC") -> tuple[float, float]:
    """Find round ends for a colour scale that holds all figures of some rows."""
    figures = [value for row in rows for _, value in _cells(row) if math.isfinite(value)]
    if not figures:
        return (0.0, 1.0)
    step = 10.0 if _in_uv(measure) else 0.1
    low, high = (step * math.floor(min(figures) / step), step * math.ceil(max(figures) / step))
    if not _in_uv(measure):
        high = 1.0
    return (low, high) if high > low else (low, low + step)


def _in_uv(measure: str) -> bool:
    return "uV" in measure


def _cells(row: HeatRow) -> list[tuple[str, float]]:
    figures = {**row.leads, "mean": row.mean, "median": row.median}
    return [(column, figures.get(column, math.nan)) for column in _COLUMNS]


def _draw(
    rows: Sequence[HeatRow],
    titles: tuple[str, str],
    notes: Sequence[str],
    measure: str,
    limits: tuple[float, float],
) -> Figure:
    foot = [*(line for note in notes for line in _wrapped(note)), *_wrapped(DISCLAIMER)]
    table_mm = (_CELL_MM * len(_COLUMNS) + _GAP_MM, _ROW_MM * len(rows))
    width_mm = _LEFT_MM + table_mm[0] + 3.0 + _BAR_MM + _RIGHT_MM
    height_mm = _HEAD_MM + _COLUMN_NAMES_MM + table_mm[1] + 2.0 + foot_mm(foot)
    figure = blank_figure(width_mm, height_mm)
    left, top = 2.0 / width_mm, 1 - 2.0 / height_mm
    figure.text(left, top, titles[0], fontsize=HEADING_PT, fontweight="bold", va="top")
    figure.text(left, top - 4.2 / height_mm, titles[1], fontsize=TEXT_PT, color=QUIET, va="top")
    bottom_mm = foot_mm(foot) + 2.0
    axes = axes_in_mm(figure, (_LEFT_MM, bottom_mm, *table_mm))
    _draw_table(axes, rows, measure, limits)
    bar_height_mm = min(table_mm[1], 60.0)
    bar_left_mm = _LEFT_MM + table_mm[0] + 3.0
    bar_bottom_mm = bottom_mm + table_mm[1] - bar_height_mm
    bar = axes_in_mm(figure, (bar_left_mm, bar_bottom_mm, _BAR_MM, bar_height_mm))
    _draw_bar(bar, measure, limits)
    write_foot(figure, foot)
    return figure


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, _LINE_CHARACTERS)


def _draw_table(
    axes: Axes, rows: Sequence[HeatRow], measure: str, limits: tuple[float, float]
) -> None:
    from matplotlib.patches import Rectangle

    axes.set_xlim(0, _CELL_MM * len(_COLUMNS) + _GAP_MM)
    axes.set_ylim(_ROW_MM * len(rows), 0)
    axes.axis("off")
    for column, name in enumerate(_COLUMNS):
        x_mm = _column_mm(column) + _CELL_MM / 2
        axes.text(x_mm, -1.2, name, ha="center", va="bottom", fontweight="bold")
    axes.text(-1.5, -1.2, "available", ha="right", va="bottom", fontweight="bold")
    for number, row in enumerate(rows):
        y_mm = number * _ROW_MM
        axes.text(
            -1.5, y_mm + _ROW_MM / 2, row.label, ha="right", va="center_baseline", fontsize=TEXT_PT
        )
        for column, (_, value) in enumerate(_cells(row)):
            ground, ink = _colours(value, measure, limits)
            corner = (_column_mm(column), y_mm)
            axes.add_patch(
                Rectangle(corner, _CELL_MM, _ROW_MM, facecolor=ground, edgecolor="white", lw=0.8)
            )
            axes.text(
                corner[0] + _CELL_MM / 2,
                y_mm + _ROW_MM / 2,
                _number(value, measure),
                ha="center",
                va="center_baseline",
                color=ink,
                fontsize=TEXT_PT,
            )


def _column_mm(column: int) -> float:
    return column * _CELL_MM + (_GAP_MM if column >= len(CHEST_LEADS) else 0.0)


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
    luminance = _luminance(ground[:3])
    # WCAG: the ratio of (luminance + 0.05) against black and against white.
    return to_hex(ground), TRACE if (luminance + 0.05) / 0.05 > 1.05 / (
        luminance + 0.05
    ) else "#FFFFFF"


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

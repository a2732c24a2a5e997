"""Bland-Altman plots: how far estimates lie from amplitudes, over the amplitudes or over the mean.

Bland and Altman (1986): differences over means, with the mean difference and 1.96 standard
deviations to both sides. Over the real values, as in Presacan et al. (2025), a slope shows an
estimate that leans towards the average person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.export.axis_ends import axis_ends
from ecgview.export.document import Picture
from ecgview.export.style import (
    HEAD_MM,
    QUIET,
    TEXT_PT,
    axes_in_mm,
    size_mm,
    write_foot,
    write_head,
)
from ecgview.export.style import foot_mm as height_of_foot_mm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from ecgview.studies.agreement.results import MarkerAgreement, Points

Array = NDArray[np.float64]
Against = Literal["real", "mean"]
POINT, BIAS, LEANING = "#0B6E99", "#1A1D21", "#C2410C"
_ZERO = "#B7BDC4"
_MANY = 100
_CELL_MM = (23.0, 19.0)
_LEFT_MM, _RIGHT_MM, _GAP_MM = 15.0, 2.0, 5.0
_NAME_MM = 5.0


@dataclass(frozen=True, eq=False)
class Panel:
    """One marker of one lead: a row of the table with the pairs behind it."""

    row: MarkerAgreement
    points: Points

    @property
    def title(self) -> str:
        """Lead and marker."""
        return f"{self.row.lead} {self.row.marker}"

    def pairs(self, against: Against) -> tuple[Array, Array]:
        """Give what lies along the axis and the differences over it, in uV."""
        real, estimated = self.points.real_uv, self.points.estimated_uv
        return real if against == "real" else (real + estimated) / 2, estimated - real

    @property
    def limits(self) -> tuple[float, float]:
        """Limits of agreement in uV."""
        return self.row.limits_low_uv, self.row.limits_high_uv

    def leaning(self, against: Against) -> tuple[float, float]:
        """Give slope and intercept (uV) of the line through the differences."""
        row = self.row
        if against == "real":
            return row.slope_on_real, row.intercept_on_real_uv
        return row.slope_on_mean, row.intercept_on_mean_uv


def bland_altman_picture(panel: Panel, *, subtitle: str, notes: Sequence[str] = ()) -> Picture:
    """Draw one marker of one lead, over the real values and over the mean side by side.

    Parameters
    ----------
    panel : Panel
        What is drawn.
    subtitle : str
        Model, leads and recordings.
    notes : sequence of str
        Lines at the foot.

    Returns
    -------
    Picture
        180 mm wide.
    """
    foot_mm = height_of_foot_mm(notes)
    size = (180.0, HEAD_MM + 68.0 + foot_mm)

    def draw(figure: Figure | SubFigure) -> None:
        words = f"{panel.title}: {panel.row.reading}" if panel.row.reading else panel.title
        write_head(figure, words, subtitle)
        _, across = _limits([panel], "real")
        sides: tuple[Against, Against] = ("real", "mean")
        for at, against in enumerate(sides):
            axes = axes_in_mm(figure, (16.0 + at * 87.0, foot_mm + 11.0, 74.0, 54.0))
            along, _ = _limits([panel], against)
            draw_panel(axes, panel, against, along, across)
            axes.set_xlabel(_along_words(against))
            if not at:
                axes.set_ylabel("reconstructed \N{MINUS SIGN} real (µV)")
            _name_lines(axes, panel)
        write_foot(figure, notes)

    return Picture(*size, draw, f"Bland-Altman plots of {panel.title}. {subtitle}.")


def bland_altman_grid(
    rows: Sequence[Sequence[Panel | None]],
    against: Against,
    *,
    title: str,
    subtitle: str,
    notes: Sequence[str] = (),
) -> Picture:
    """Draw many at once: a row a marker, a column a lead; the panels of a row share their scales.

    Parameters
    ----------
    rows : sequence of sequence of Panel or None
        All of one length; None leaves a place empty.
    against : {"real", "mean"}
        What lies along the axes.
    title, subtitle : str
        At the top.
    notes : sequence of str
        Lines at the foot.

    Returns
    -------
    Picture
        At most 180 mm wide with seven columns or fewer.
    """
    columns = max(map(len, rows), default=0)
    foot_mm = height_of_foot_mm(notes)
    width_mm = max(_LEFT_MM + columns * (_CELL_MM[0] + 2.0) + _RIGHT_MM, 90.0)
    row_mm = _CELL_MM[1] + _GAP_MM + _NAME_MM
    size = (width_mm, HEAD_MM + len(rows) * row_mm + foot_mm + 5.0)

    def draw(figure: Figure | SubFigure) -> None:
        write_head(figure, title, subtitle)
        for down, row in enumerate(rows):
            bottom_mm = size[1] - HEAD_MM - (down + 1) * row_mm + _GAP_MM
            limits = _limits([panel for panel in row if panel is not None], against)
            first = True
            for at, panel in enumerate(row):
                if panel is None:
                    continue
                left_mm = _LEFT_MM + at * (_CELL_MM[0] + 2.0)
                axes = axes_in_mm(figure, (left_mm, bottom_mm, *_CELL_MM))
                draw_panel(axes, panel, against, *limits, small=True)
                if not first:
                    axes.set_yticklabels([])
                first = False
        _write_axis_names(figure, against, foot_mm)
        write_foot(figure, notes)

    return Picture(*size, draw, f"{title}. {subtitle}.")


def draw_panel(
    axes: Axes,
    panel: Panel,
    against: Against,
    along_limits: tuple[float, float],
    across_limits: tuple[float, float],
    *,
    small: bool = False,
) -> None:
    """Draw one plot.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Drawn on.
    panel : Panel
        What is drawn.
    against : {"real", "mean"}
        What lies along the axis.
    along_limits, across_limits : tuple of float
        Ends of the axes in uV; points beyond them stand at the edge as triangles.
    small : bool
        Whether it is one of many.
    """
    along, across = panel.pairs(against)
    axes.set_xlim(*along_limits)
    axes.set_ylim(*across_limits)
    _draw_points(axes, along, across, small=small)
    axes.axhline(0.0, color=_ZERO, linewidth=0.6, zorder=1)
    axes.axhline(panel.row.bias_uv, color=BIAS, linewidth=0.9, zorder=3, gid="bias")
    for limit_uv in panel.limits:
        axes.axhline(limit_uv, color=BIAS, linewidth=0.8, dashes=(4, 2.5), zorder=3, gid="limit")
    _draw_leaning(axes, panel, against, along)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=TEXT_PT - 1.5 if small else TEXT_PT, pad=1.5)
    axes.locator_params(nbins=3 if small else 6)
    _write_title(axes, panel, small=small)


def _write_title(axes: Axes, panel: Panel, *, small: bool) -> None:
    if small:
        size = TEXT_PT - 0.5
        axes.set_title(panel.title, fontsize=size, fontweight="bold", loc="left", pad=2.5)
        reading = panel.row.reading.removesuffix(" variance")
        axes.set_title(reading, fontsize=TEXT_PT - 2, color=QUIET, loc="right", pad=2.5)


def _draw_points(axes: Axes, along: Array, across: Array, *, small: bool) -> None:
    """Draw the differences; many become pixels inside of the figure, the rest stays lines."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    inside = (along >= left) & (along <= right) & (across >= low) & (across <= high)
    many = len(along) > _MANY
    how: dict[str, Any] = {"color": POINT, "linewidths": 0, "rasterized": many, "zorder": 2}
    alpha = min(0.75, max(0.18, 14.0 / max(len(along), 1) ** 0.5))
    area = 1.6 if small else 6.0
    axes.scatter(along[inside], across[inside], s=area, alpha=alpha, gid="points", **how)
    if not inside.all():
        beyond = np.clip(along[~inside], left, right), np.clip(across[~inside], low, high)
        axes.scatter(*beyond, s=3 * area, marker="^", clip_on=False, gid="beyond", **how)


def _draw_leaning(axes: Axes, panel: Panel, against: Against, along: Array) -> None:
    """Draw the line through the differences, as far as there are people."""
    slope, start = panel.leaning(against)
    if len(along) and np.isfinite(slope):
        ends = np.array([along.min(), along.max()])
        line = start + slope * ends
        axes.plot(ends, line, color=LEANING, linewidth=1.1, zorder=4, gid="leaning")


def _limits(
    panels: Sequence[Panel], against: Against
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Choose the axes of some panels so that nearly all of their points lie inside."""
    both = [panel.pairs(against) for panel in panels]
    along = np.concatenate([one for one, _ in both]) if both else np.zeros(0)
    across = np.concatenate([other for _, other in both]) if both else np.zeros(0)
    edges = [edge for panel in panels for edge in panel.limits]
    return axis_ends(along), axis_ends(across, edges)


def _name_lines(axes: Axes, panel: Panel) -> None:
    """Write the figures of the lines beside them."""
    low, high = panel.limits
    for value, words in ((high, "+1.96 SD"), (panel.row.bias_uv, "bias"), (low, "-1.96 SD")):
        if np.isfinite(value):
            text = f"{words} {value:+.0f}".replace("-", "\N{MINUS SIGN}")
            axes.text(
                0.995, value, text, transform=axes.get_yaxis_transform(), ha="right",
                va="bottom", fontsize=TEXT_PT - 0.5, color=BIAS, zorder=5,
            )  # fmt: skip


def _along_words(against: Against) -> str:
    return "real amplitude (µV)" if against == "real" else "mean of both (µV)"


def _write_axis_names(figure: Figure | SubFigure, against: Against, foot_mm: float) -> None:
    width_mm, height_mm = size_mm(figure)
    middle = (_LEFT_MM + (width_mm - _LEFT_MM) / 2) / width_mm
    figure.text(middle, (foot_mm + 1.0) / height_mm, _along_words(against), ha="center")
    words = "reconstructed \N{MINUS SIGN} real (µV)"
    figure.text(2.0 / width_mm, 0.5, words, rotation=90, ha="left", va="center")

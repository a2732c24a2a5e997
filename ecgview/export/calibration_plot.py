"""Variance ratio against r-squared: what a model knows, and how much it lets people differ.

An estimate of the conditional mean has v = r-squared and lies on the diagonal. Below it, amplitudes
are drawn to the average more than they need be; above it, differences between people are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ecgview.export.agreement_words import known_share
from ecgview.export.document import Picture
from ecgview.export.label_places import placed
from ecgview.export.style import (
    HEAD_MM,
    MM_PER_INCH,
    QUIET,
    TEXT_PT,
    TRACE,
    axes_in_mm,
    write_foot,
    write_head,
)
from ecgview.export.style import foot_mm as height_of_foot_mm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from ecgview.studies.agreement.results import MarkerAgreement

COLOURS = {"P": "#D55E00", "R": "#0072B2", "S": "#009E73", "ST": "#CC79A7", "T": "#8A6D00"}
"""After Okabe and Ito (2008): told apart by the colour-blind; the last is darker than theirs."""
INKS = {"P": "#A84A00", "R": "#005A8E", "S": "#006E50", "ST": "#95406F", "T": "#6B5400"}
"""Darker, for words: at least 4.5 to 1 on the grounds of the regions (WCAG 2.2)."""
SHAPES = ("o", "s", "^", "D", "v", "P")
_BOX_MM = (14.0, 11.0, 126.0, 108.0)
_POINT_AREA, _POINT_MM = 15.0, 0.9
_LABEL_PT = 5.6
_LEAST_TOP, _MOST_TOP = 1.1, 2.2


def calibration_picture(
    rows: Sequence[MarkerAgreement],
    *,
    title: str,
    subtitle: str,
    notes: Sequence[str] = (),
) -> Picture:
    """Draw all markers and leads as points; a colour a marker, a shape a model, named by lead.

    Parameters
    ----------
    rows : sequence of MarkerAgreement
        Of one set of leads and one subset; of one model or several.
    title, subtitle : str
        At the top.
    notes : sequence of str
        Lines at the foot.

    Returns
    -------
    Picture
        180 mm wide. What varies more than the axis holds stands at its end.
    """
    foot_mm = height_of_foot_mm(notes)
    kept = [row for row in rows if np.isfinite((row.r2, row.variance_ratio)).all()]
    size = (180.0, HEAD_MM + _BOX_MM[1] + _BOX_MM[3] + foot_mm)

    def draw(figure: Figure | SubFigure) -> None:
        write_head(figure, title, subtitle)
        box = (_BOX_MM[0], _BOX_MM[1] + foot_mm, *_BOX_MM[2:])
        axes = axes_in_mm(figure, box)
        _draw_regions(axes, _top_of(kept))
        _draw_points(axes, kept)
        _draw_legend(axes, kept)
        write_foot(figure, notes)

    return Picture(*size, draw, f"{title}. {subtitle}.", _told(kept))


def _told(rows: Sequence[MarkerAgreement]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.reading] = counts.get(row.reading, 0) + 1
    words = ", ".join(f"{count} {reading}" for reading, count in counts.items())
    return f"{len(rows)} points: {words}." if rows else "No point is defined."


def _top_of(rows: Sequence[MarkerAgreement]) -> float:
    highest = max((row.variance_ratio for row in rows), default=1.0)
    return min(max(highest * 1.06, _LEAST_TOP), _MOST_TOP)


def _draw_regions(axes: Axes, top: float) -> None:
    """Draw the diagonal and name what lies to both sides of it."""
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, top)
    axes.fill_between([0, 1], [0, 1], [top, top], color="#F6EFE6", linewidth=0, zorder=0)
    axes.fill_between([0, 1], [0, 0], [0, 1], color="#EAF2F7", linewidth=0, zorder=0)
    axes.plot([0, 1], [0, 1], color=TRACE, linewidth=0.9, zorder=1, gid="diagonal")
    axes.axhline(1.0, color=QUIET, linewidth=0.5, dashes=(4, 2.5), zorder=1)
    axes.text(
        1.012, 1.0, "calibrated:\nv = r\N{SUPERSCRIPT TWO}", ha="left", va="center",
        fontsize=TEXT_PT, gid="region",
    )  # fmt: skip
    quiet: dict[str, Any] = {
        "fontsize": TEXT_PT + 1,
        "color": "#6B5B45",
        "gid": "region",
        "zorder": 1,
    }
    axes.text(0.015, top * 0.985, "invented variance", ha="left", va="top", **quiet)
    quiet["color"] = "#3F6478"
    axes.text(0.985, top * 0.015, "over-shrunk", ha="right", va="bottom", **quiet)
    axes.text(
        0.985, 1.005, "people differ as in life", ha="right", va="bottom",
        fontsize=TEXT_PT - 1, color=QUIET,
    )  # fmt: skip
    axes.set_xlabel("r\N{SUPERSCRIPT TWO} between real and reconstructed amplitude")
    axes.set_ylabel("v = variance reconstructed / variance real")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _draw_points(axes: Axes, rows: Sequence[MarkerAgreement]) -> None:
    top = axes.get_ylim()[1]
    shapes = _shapes(rows)
    for row in rows:
        axes.scatter(
            known_share(row), min(row.variance_ratio, top), s=_POINT_AREA,
            color=COLOURS[row.marker], marker=shapes[row.model], edgecolors="white",
            linewidths=0.4, zorder=3, clip_on=False,
            gid=f"point {row.model} {row.lead} {row.marker}",
        )  # fmt: skip
    points_mm = [
        (known_share(row) * _BOX_MM[2], min(row.variance_ratio, top) / top * _BOX_MM[3])
        for row in rows
    ]
    names = [row.lead for row in rows]
    em_mm = _LABEL_PT * MM_PER_INCH / 72
    places = placed(points_mm, names, em_mm, _POINT_MM, _BOX_MM[2:])
    for row, at in zip(rows, places, strict=True):
        if at is not None:
            axes.text(
                at[0] / _BOX_MM[2], at[1] / _BOX_MM[3] * top, row.lead, fontsize=_LABEL_PT,
                color=INKS[row.marker], ha="left", va="bottom", zorder=4, gid="lead",
            )  # fmt: skip


def _shapes(rows: Sequence[MarkerAgreement]) -> dict[str, str]:
    models = dict.fromkeys(row.model for row in rows)
    return {model: SHAPES[at % len(SHAPES)] for at, model in enumerate(models)}


def _draw_legend(axes: Axes, rows: Sequence[MarkerAgreement]) -> None:
    from matplotlib.lines import Line2D

    def dot(colour: str, shape: str, words: str) -> Line2D:
        return Line2D([], [], color=colour, marker=shape, linestyle="", markersize=4, label=words)

    present = {row.marker for row in rows}
    markers = [dot(colour, "o", name) for name, colour in COLOURS.items() if name in present]
    shapes = _shapes(rows)
    how: dict[str, Any] = {
        "frameon": False,
        "fontsize": TEXT_PT,
        "alignment": "left",
        "borderaxespad": 0.0,
    }
    legend = axes.legend(
        handles=markers, title="marker", title_fontsize=TEXT_PT, loc="upper left",
        bbox_to_anchor=(1.03, 0.4), **how,
    )  # fmt: skip
    if len(shapes) > 1:
        axes.add_artist(legend)
        models = [dot(QUIET, shape, model) for model, shape in shapes.items()]
        axes.legend(
            handles=models, title="model", title_fontsize=TEXT_PT, loc="upper left",
            bbox_to_anchor=(1.03, 0.16), **how,
        )  # fmt: skip

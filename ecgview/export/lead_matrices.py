"""How much leads tell of each other: in life, in reconstruction, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecgview.export.document import Picture
from ecgview.export.heatmap import readable_ink
from ecgview.export.style import HEAD_MM, TEXT_PT, axes_in_mm, write_foot, write_head
from ecgview.export.style import foot_mm as height_of_foot_mm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from ecgview.studies.agreement.results import InterLead

_SIDE_MM, _LEFT_MM, _GAP_MM, _NAMES_MM, _BAR_MM = 49.0, 10.0, 9.0, 10.0, 9.0
_NUMBER_PT = 5.0
_TITLES = ("real", "reconstructed", "reconstructed \N{MINUS SIGN} real")


def matrices_picture(
    matrix: InterLead, *, title: str, subtitle: str, notes: Sequence[str] = ()
) -> Picture:
    """Draw the squared correlations between leads, in per cent.

    Parameters
    ----------
    matrix : InterLead
        Of one marker.
    title, subtitle : str
        At the top.
    notes : sequence of str
        Lines at the foot.

    Returns
    -------
    Picture
        180 mm wide.
    """
    foot_mm = height_of_foot_mm(notes)
    size = (180.0, HEAD_MM + _NAMES_MM + _SIDE_MM + _BAR_MM + foot_mm)

    def draw(figure: Figure | SubFigure) -> None:
        write_head(figure, title, subtitle)
        difference = matrix.reconstructed_r2 - matrix.real_r2
        parts = (matrix.real_r2, matrix.reconstructed_r2, difference)
        for at, (name, values) in enumerate(zip(_TITLES, parts, strict=True)):
            left_mm = _LEFT_MM + at * (_SIDE_MM + _GAP_MM)
            bottom_mm = foot_mm + _BAR_MM
            axes = axes_in_mm(figure, (left_mm, bottom_mm, _SIDE_MM, _SIDE_MM))
            _draw_matrix(axes, name, values, matrix, signed=at == 2)
            bar = (left_mm, foot_mm + 4.5, _SIDE_MM, 1.8)
            _draw_bar(axes_in_mm(figure, bar), signed=at == 2)
        write_foot(figure, notes)

    return Picture(*size, draw, f"{title}. {subtitle}.")


def _draw_matrix(
    axes: Axes, name: str, values: NDArray[np.float64], matrix: InterLead, *, signed: bool
) -> None:
    colours, (low, high) = _colours(signed=signed)
    shown = np.where(np.eye(len(values), dtype=bool), np.nan, values)
    axes.imshow(shown, cmap=colours, vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    places = range(len(matrix.leads))
    names = [f"{lead}*" if _is_known(matrix, lead) else lead for lead in matrix.leads]
    axes.set_xticks(places, names, fontsize=_NUMBER_PT + 0.3, rotation=90)
    axes.set_yticks(places, names, fontsize=_NUMBER_PT + 0.3)
    axes.tick_params(length=0, pad=1.5, top=True, bottom=False, labeltop=True, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(name, fontsize=TEXT_PT, fontweight="bold", pad=3, loc="left")
    for (row, column), value in np.ndenumerate(shown):
        if np.isfinite(value):
            ground = tuple(axes.images[0].to_rgba(value)[:3])
            axes.text(
                column, row, _percent(value, signed=signed), ha="center", va="center_baseline",
                fontsize=_NUMBER_PT, color=readable_ink(ground), gid="number",
            )  # fmt: skip


def _percent(value: float, *, signed: bool) -> str:
    number = round(100 * value)
    text = f"{number:+d}" if signed and number else f"{number}"
    return text.replace("-", "\N{MINUS SIGN}")


def _is_known(matrix: InterLead, lead: str) -> bool:
    from ecgview.leads import Origin, lead_origins

    return lead_origins(matrix.available)[lead] is not Origin.RECONSTRUCTED


def _colours(*, signed: bool) -> tuple[str, tuple[float, float]]:
    """Give a scale that the colour-blind can read, and its ends."""
    return ("PuOr", (-1.0, 1.0)) if signed else ("viridis", (0.0, 1.0))


def _draw_bar(axes: Axes, *, signed: bool) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    colours, ends = _colours(signed=signed)
    scale = ScalarMappable(Normalize(*ends), colormaps[colours])
    bar = axes.figure.colorbar(scale, cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)
    ticks = np.linspace(*ends, 5).tolist()
    bar.set_ticks(ticks, labels=[_percent(tick, signed=signed) for tick in ticks])
    axes.tick_params(labelsize=TEXT_PT - 1, pad=1.5, length=1.5)

"""One recording in the style of Gradowski & Buchner (2025): recorded against reconstructed.

The recorded trace is black and solid, the reconstruction red and dashed, the difference filled
light red, and the correlation stands over each lead's panel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecgview import DISCLAIMER
from ecgview.errors import EcgviewError
from ecgview.export.recording_content import Content, Panel, Stretch, gather_content
from ecgview.export.style import (
    HAIRLINE,
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
from ecgview.interval import DEFAULT_LEVEL
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("#D4212F", (4, 1.5)),
    ("#0072B2", (1.2, 1.0)),
    ("#00795A", (6, 1.2, 1.2, 1.2)),
    ("#8A4FB0", (2.5, 1.0, 1.0, 1.0, 1.0, 1.0)),
)
"""Colour and dashes of the first, second, ... reconstruction; told apart without colour too."""
DIFFERENCE = "#F9D0D2"
BAND = "#DFE5EE"

_WIDTH_MM, _LEFT_MM, _RIGHT_MM, _GAP_MM = 180.0, 11.0, 3.0, 6.0
_LABEL_MM, _AXIS_MM, _HEAD_MM = 5.2, 9.0, 12.5
_MV_LABEL_MM = 6.8
_PCC_PT = 25.0
_TALLEST_MM = 200.0
_GAINS_MM_MV = (10.0, 5.0, 2.5, 1.0, 0.5)


def recording_figure(
    recording: Recording,
    reconstructions: Sequence[Reconstruction],
    *,
    start_s: float = 0.0,
    duration_s: float = 4.0,
    leads: Sequence[str] = LEADS,
    labels: Sequence[str] = (),
    clean: bool = False,
    interval: float = DEFAULT_LEVEL,
) -> Figure:
    """Draw a stretch of a recording with what models made of it.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    reconstructions : sequence of Reconstruction
        One to four of the same recording, at its rate and length.
    start_s, duration_s : float
        The stretch; it is cut at the end of the recording.
    leads : sequence of str
        Which leads to draw: limb leads left, chest leads right.
    labels : sequence of str
        Names for the legend; the names of the models by default.
    clean : bool
        Whether to high-pass all traces at 0.5 Hz (zero phase) first; the figure says so.
    interval : float
        Level of the band around a single reconstruction that has an interval; 0 for none.

    Returns
    -------
    matplotlib.figure.Figure
        180 mm wide, text of 7 points and more; `ecgview.export.style.save_figure` writes it.

    Raises
    ------
    EcgviewError
        If there are no or too many reconstructions, or nothing to draw in the stretch.
    """
    if not 1 <= len(reconstructions) <= len(STYLES):
        raise EcgviewError(
            f"A figure shows one to {len(STYLES)} reconstructions, not {len(reconstructions)}."
        )
    if not math.isfinite(start_s) or not math.isfinite(duration_s):
        raise EcgviewError("A stretch begins at a second and lasts some seconds.")
    start = round(start_s * recording.fs_hz)
    stop = min(recording.n_samples, start + round(duration_s * recording.fs_hz))
    stretch = Stretch(start, stop, clean, interval)
    content = gather_content(recording, reconstructions, leads, labels, stretch)
    with house_style():
        return _draw(content)


def _draw(content: Content) -> Figure:
    ranges_mv = content.row_ranges_mv
    total_mv = sum(high - low for low, high in ranges_mv)
    labels_mm = len(ranges_mv) * _LABEL_MM
    fitting = [gain for gain in _GAINS_MM_MV if labels_mm + gain * total_mv <= _TALLEST_MM]
    gain_mm_mv = (fitting or _GAINS_MM_MV[-1:])[0]
    foot = _foot(content, gain_mm_mv)
    height_mm = _HEAD_MM + labels_mm + gain_mm_mv * total_mv + _AXIS_MM + foot_mm(foot)
    figure = blank_figure(_WIDTH_MM, height_mm)
    bottom_mm = height_mm - _HEAD_MM
    for row, (low, high) in enumerate(ranges_mv):
        bottom_mm -= _LABEL_MM + gain_mm_mv * (high - low)
        for number, column in enumerate(content.columns):
            if row < len(column):
                left_mm = _LEFT_MM + number * (_panel_mm(content) + _GAP_MM)
                box_mm = (left_mm, bottom_mm, _panel_mm(content), gain_mm_mv * (high - low))
                axes = axes_in_mm(figure, box_mm)
                _dress(axes, content, (low, high), number == 0, row == len(column) - 1)
                _draw_panel(axes, content, column[row])
    _write_head(figure, content, height_mm)
    write_foot(figure, foot)
    return figure


def _panel_mm(content: Content) -> float:
    count = len(content.columns)
    return (_WIDTH_MM - _LEFT_MM - _RIGHT_MM - _GAP_MM * (count - 1)) / count


def _foot(content: Content, gain_mm_mv: float) -> list[str]:
    span_s = len(content.times_s) * float(content.times_s[1] - content.times_s[0])
    speed = _panel_mm(content) / span_s
    scale = f"{speed:.3g} mm/s and {gain_mm_mv:g} mm/mV at a width of {_WIDTH_MM:g} mm."
    return [*content.notes[:-1], f"{content.notes[-1]} {scale}", DISCLAIMER]


def _dress(
    axes: Axes, content: Content, range_mv: tuple[float, float], first: bool, last: bool
) -> None:
    from matplotlib.ticker import MaxNLocator, MultipleLocator

    step = float(content.times_s[1] - content.times_s[0])
    axes.set_xlim(float(content.times_s[0]), float(content.times_s[-1]) + step)
    axes.set_ylim(*range_mv)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MultipleLocator(0.5 if range_mv[1] - range_mv[0] < 2 else 1.0))
    axes.grid(color=HAIRLINE, linewidth=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=TEXT_PT, labelleft=first, labelbottom=last, pad=2)
    if first:
        axes.set_ylabel("mV", fontsize=TEXT_PT, labelpad=1)
        axes.yaxis.set_label_coords(-_MV_LABEL_MM / _panel_mm(content), 0.5)
    if last:
        axes.set_xlabel("Time (s)", fontsize=TEXT_PT, labelpad=1.5)


def _draw_panel(axes: Axes, content: Content, panel: Panel) -> None:
    times_s = content.times_s
    if panel.band_mv is not None:
        axes.fill_between(times_s, *panel.band_mv, color=BAND, linewidth=0)
    if panel.recorded_mv is not None:
        if len(panel.estimates_mv) == 1 and panel.estimates_mv[0] is not None:
            axes.fill_between(
                times_s, panel.recorded_mv, panel.estimates_mv[0], color=DIFFERENCE, linewidth=0
            )
        axes.plot(times_s, panel.recorded_mv, color=TRACE, linewidth=0.7)
    for estimate_mv, (colour, dashes) in zip(panel.estimates_mv, STYLES, strict=False):
        if estimate_mv is not None:
            axes.plot(times_s, estimate_mv, color=colour, linewidth=0.8, dashes=dashes)
    _annotate(axes, (0.0, 0.0), panel.lead, weight="bold", size=HEADING_PT)
    _annotate(axes, (0.0, 22.0), panel.tag, color=QUIET)
    _write_pcc(axes, panel)


def _write_pcc(axes: Axes, panel: Panel) -> None:
    """Correlations over the right end of a panel, in the colours of the traces."""
    if panel.recorded_mv is None:
        return
    shown = [
        (_signed(pcc) if pcc is not None else "n/a", colour)
        for pcc, estimate_mv, (colour, _) in zip(
            panel.pcc, panel.estimates_mv, STYLES, strict=False
        )
        if estimate_mv is not None
    ]
    for place, (text, colour) in enumerate(reversed(shown)):
        _annotate(axes, (1.0, -_PCC_PT * place), text, color=colour)
    if shown:
        _annotate(axes, (1.0, -_PCC_PT * len(shown) + 2.0), "PCC", color=QUIET)


def _signed(pcc: float) -> str:
    return f"{pcc:.2f}".replace("-", "\N{MINUS SIGN}")


def _annotate(
    axes: Axes,
    place: tuple[float, float],
    text: str,
    color: str = TRACE,
    size: float = TEXT_PT,
    weight: str = "normal",
) -> None:
    """Write over a panel: at its left (0) or right end (1), moved by some points."""
    axes.annotate(
        text,
        xy=(place[0], 1.0),
        xycoords="axes fraction",
        xytext=(place[1], 2.5),
        textcoords="offset points",
        ha="right" if place[0] else "left",
        va="bottom",
        color=color,
        fontsize=size,
        fontweight=weight,
        annotation_clip=False,
    )


def _write_head(figure: Figure, content: Content, height_mm: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.text(
        2.0 / _WIDTH_MM,
        1 - 2.0 / height_mm,
        content.title,
        fontsize=HEADING_PT,
        fontweight="bold",
        va="top",
    )
    handles: list[Line2D | Patch] = [Line2D([], [], color=TRACE, linewidth=0.7, label="recorded")]
    for name, (colour, dashes) in zip(content.labels, STYLES, strict=False):
        label = f"reconstructed, {name}"
        handles.append(Line2D([], [], color=colour, linewidth=0.8, dashes=dashes, label=label))
    if len(content.labels) == 1:
        handles.append(Patch(facecolor=DIFFERENCE, linewidth=0, label="difference"))
    if content.level:
        words = f"{100 * content.level:.0f} % interval"
        handles.append(Patch(facecolor=BAND, linewidth=0, label=words))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.5 / _WIDTH_MM, 1 - 5.5 / height_mm),
        ncols=len(handles),
        frameon=False,
        fontsize=TEXT_PT,
        handlelength=3.2,
        columnspacing=1.6,
        borderaxespad=0.2,
    )

"""Beats for the terminal: text, a line of JSON, rows of a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.leads import LEADS
from ecgview.measurements.average import AverageBeat
from ecgview.measurements.markers import MARKERS
from ecgview.measurements.rhythm import RateFigures, Rhythm

_FIGURES = (
    "lead", "from_s", "to_s", "beats", "intervals", "rate_bpm", "rr_mean_ms", "rr_sd_ms",
    "rr_min_ms", "rr_max_ms", "left_out_s",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured on one recording; `average` where a reconstruction was asked for."""

    path: Path
    name: str
    rhythm: Rhythm
    average: AverageBeat | None = None


def as_text(one: Measured) -> str:
    """Say it in a few lines, with the table of markers where there is one."""
    figures = one.rhythm.figures()
    stretch = f"{figures.from_s:g} to {figures.to_s:g} s"
    beats = "beat" if figures.beats == 1 else "beats"
    rate = "no RR interval" if figures.rate_bpm is None else f"{figures.rate_bpm:.1f} a minute"
    lines = [f"{one.name}: {figures.beats} {beats} in lead {figures.lead}, {stretch}; {rate}"]
    if figures.rr_mean_ms is not None:
        spread = "n/a" if figures.rr_sd_ms is None else f"{figures.rr_sd_ms:.0f}"
        lines.append(
            f"  RR ms: mean {figures.rr_mean_ms:.0f}, SD {spread}, "
            f"{figures.rr_min_ms:.0f} to {figures.rr_max_ms:.0f} ({figures.intervals} intervals)"
        )
    if figures.left_out_s >= 0.05:
        lines.append(f"  {figures.left_out_s:.1f} s left out: gaps, flat or too noisy")
    if one.average is not None:
        lines += _marker_lines(one.average)
    return "\n".join(lines)


def _marker_lines(average: AverageBeat) -> list[str]:
    t = "delineated" if average.windows.t_delineated else "from ST to the longest normal QT"
    lines = [
        f"  {average.beats} beats averaged, {average.unlike} unlike, {average.gaps} with gaps; "
        f"{average.model_name}; windows from {average.lead}, T {t}",
        "  uV from the PR baseline: original / reconstruction / difference, medians over the beats",
        f"  {'lead':<5}" + "".join(f"{marker:>22}" for marker in MARKERS) + f"{'PCC':>8}",
    ]
    for row, lead in enumerate(LEADS):
        cells = [
            " /".join(_uv(value) for value in values)
            for values in np.stack(_triple(average), axis=-1)[row]
        ]
        pcc = average.pcc[row]
        figure = f"{pcc:8.3f}" if np.isfinite(pcc) else ""
        lines.append((f"  {lead:<5}" + "".join(f"{cell:>22}" for cell in cells) + figure).rstrip())
    return lines


def _uv(value: float) -> str:
    return f"{value:6.0f}" if np.isfinite(value) else f"{'-':>6}"


def _triple(average: AverageBeat) -> tuple[Any, Any, Any]:
    """Original, reconstruction and difference, each shape (12, 5), in uV."""
    return (
        1000 * average.original.values_mv,
        1000 * average.rebuilt.values_mv,
        average.differences_uv,
    )


def as_json(one: Measured) -> str:
    """Give it as a JSON object on one line; times of R peaks in seconds of the recording."""
    peaks_s = [round(float(peak) / one.rhythm.fs_hz, 6) for peak in one.rhythm.peaks]
    said: dict[str, Any] = {"name": one.name, "path": str(one.path), **_figures(one.rhythm)}
    said["r_peaks_s"] = peaks_s
    if one.average is not None:
        said["average_beat"] = _average(one.average)
    return json.dumps(said, ensure_ascii=False)


def _figures(rhythm: Rhythm) -> dict[str, Any]:
    figures: RateFigures = rhythm.figures()
    return {name: _rounded(value) for name, value in asdict(figures).items()}


def _average(average: AverageBeat) -> dict[str, Any]:
    return {
        "model": average.model_name,
        "lead": average.lead,
        "from_s": average.from_s,
        "to_s": average.to_s,
        "beats": average.beats,
        "unlike": average.unlike,
        "gaps": average.gaps,
        "t_delineated": average.windows.t_delineated,
        "leads": {row["lead"]: row for row in _rows(average)},
    }


def _rows(average: AverageBeat) -> Iterable[dict[str, Any]]:
    kinds = ("original", "reconstruction", "difference")
    for row, lead in enumerate(LEADS):
        origin = average.origins.get(lead)
        said: dict[str, Any] = {"lead": lead, "origin": origin.value if origin else None}
        for column, marker in enumerate(MARKERS):
            for kind, values in zip(kinds, _triple(average), strict=True):
                said[f"{marker.lower()}_{kind}_uv"] = _rounded(float(values[row, column]))
        said["pcc"] = _rounded(float(average.pcc[row]), 4)
        yield said


def _rounded(value: Any, digits: int = 3) -> Any:
    """Round a number, and say None of one that is none."""
    if not isinstance(value, float):
        return value
    return round(value, digits) if np.isfinite(value) else None


def csv_head(compares: bool) -> str:
    """Give the names of the columns."""
    kinds = ("original", "reconstruction", "difference")
    names = ["name", "path", *(f"beats_{name}" if name == "lead" else name for name in _FIGURES)]
    if compares:
        names += ["lead", "origin"]
        names += [f"{marker.lower()}_{kind}_uv" for marker in MARKERS for kind in kinds]
        names += ["pcc"]
    return _line(names)


def as_csv(one: Measured) -> str:
    """Give a row of figures; with a reconstruction, a row for each of the twelve leads."""
    figures = _figures(one.rhythm)
    first = [one.name, str(one.path), *(figures[name] for name in _FIGURES)]
    if one.average is None:
        return _line(first)
    return "\n".join(_line([*first, *row.values()]) for row in _rows(one.average))


def _line(cells: Iterable[Any]) -> str:
    into = io.StringIO()
    csv.writer(into, lineterminator="").writerow(cells)
    return into.getvalue()

"""What is said of beats: rate and intervals as rows, the markers as a table."""

from __future__ import annotations

from html import escape

import numpy as np

from ecgview.gui.beats.state import clock, figures_stretch
from ecgview.gui.state import SessionState
from ecgview.leads import LEADS
from ecgview.measurements.average import AverageBeat
from ecgview.measurements.markers import MARKERS
from ecgview.measurements.rhythm import RateFigures

NOTHING = "\N{EN DASH}"
SIGNALS = ("original", "reconstruction", "difference")
SHORT = ("orig.", "rec.", "diff.")
_MINUS = "\N{MINUS SIGN}"


def figures_of(state: SessionState) -> RateFigures | None:
    """Give rate and intervals of the stretch that figures are over; None while not known."""
    rhythm, stretch = state.beats.rhythm, figures_stretch(state)
    if rhythm is None or stretch is None or not rhythm.covers(stretch.start, stretch.stop):
        return None
    return rhythm.within(stretch.start, stretch.stop).figures()


def figure_rows(figures: RateFigures | None) -> tuple[tuple[str, str], ...]:
    """Name and value of each figure; dashes where there is none."""
    if figures is None:
        return tuple((name, NOTHING) for name in ("Beats", *_RR))
    values = (figures.rr_mean_ms, figures.rr_sd_ms, figures.rr_min_ms, figures.rr_max_ms)
    rows = [("Beats", f"{figures.beats}")]
    rows += [(name, _ms(value)) for name, value in zip(_RR, values, strict=True)]
    return tuple(rows)


_RR = ("RR mean", "RR spread (SD)", "RR shortest", "RR longest")


def rate_text(figures: RateFigures | None) -> str:
    """Heart rate in beats a minute."""
    if figures is None or figures.rate_bpm is None:
        return NOTHING
    return f"{figures.rate_bpm:.0f}"


def stretch_words(state: SessionState) -> str:
    """Say which stretch and lead the figures are of, and what was left out of it."""
    stretch, figures = figures_stretch(state), figures_of(state)
    if stretch is None or state.recording is None:
        return ""
    said = [stretch.words(state.recording.fs_hz)]
    if figures is not None:
        said.append(f"lead {figures.lead}")
        if figures.left_out_s >= 0.05:
            said.append(f"{figures.left_out_s:.1f} s left out: gaps, flat or too noisy")
    return " · ".join(said)


def average_words(average: AverageBeat, duration_s: float) -> str:
    """Say which beats were averaged, how many were left out, and where the windows come from."""
    said = [f"{average.beats} {'beat' if average.beats == 1 else 'beats'} averaged"]
    if average.unlike:
        said.append(f"{average.unlike} left out as unlike the others")
    if average.gaps:
        said.append(f"{average.gaps} left out for gaps")
    whole = average.from_s <= 0 and average.to_s >= duration_s - 1e-6
    said.append("whole recording" if whole else f"{clock(average.from_s)} to {clock(average.to_s)}")
    windows = f"windows from {average.lead}"
    if not average.windows.t_delineated:
        windows += " (T from ST to the longest normal QT)"
    return " · ".join((*said, windows))


def marker_rows(average: AverageBeat, hidden: tuple[str, ...] = ()) -> tuple[tuple[str, ...], ...]:
    """Twelve rows: lead, the markers as original, reconstruction and difference, PCC.

    Values in uV; empty where there is nothing to say.
    """
    rows = []
    for row, lead in enumerate(LEADS):
        cells = [lead]
        for marker in range(len(MARKERS)):
            values = (
                1000 * average.original.values_mv[row, marker],
                1000 * average.rebuilt.values_mv[row, marker],
                average.differences_uv[row, marker],
            )
            cells += [_uv(value, signed=number == 2) for number, value in enumerate(values)]
        pcc = average.pcc[row]
        cells.append(f"{pcc:.3f}".replace("-", _MINUS) if np.isfinite(pcc) else "")
        rows.append(tuple(cells) if lead not in hidden else (lead, *[""] * (len(cells) - 1)))
    return tuple(rows)


def as_tsv(title: str, rows: tuple[tuple[str, ...], ...]) -> str:
    """Give the table of markers as tab-separated text, for spreadsheets."""
    lines = [title, "\t".join(_heads())]
    lines += ["\t".join(row).replace(_MINUS, "-") for row in rows]
    return "\n".join(lines) + "\n"


def as_html(title: str, rows: tuple[tuple[str, ...], ...]) -> str:
    """Give the table of markers as HTML, for word processors."""
    body = "".join(_html_row(row, "td") for row in rows)
    return f"<p>{escape(title)}</p><table>{_html_row(_heads(), 'th')}{body}</table>"


def _heads() -> tuple[str, ...]:
    return ("Lead", *(f"{one} {what} µV" for one in MARKERS for what in SIGNALS), "PCC")


def _html_row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _ms(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f} ms"


def _uv(value: float, *, signed: bool = False) -> str:
    if not np.isfinite(value):
        return ""
    whole = round(value)
    return f"{whole:+d}".replace("-", _MINUS) if signed and whole else _minus(whole)


def _minus(whole: int) -> str:
    return f"{whole}".replace("-", _MINUS)

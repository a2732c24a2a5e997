"""What a caliper reads: interval, rate, and the amplitudes of both signals at its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.measuring.state import Caliper
from ecgview.gui.teaching.state import hidden_leads
from ecgview.gui.viewer.layouts import rows_of
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEAD_INDEX, LEADS

if TYPE_CHECKING:
    from ecgview.gui.state import SessionState

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Values:
    """The two signals of a lead at one time in mV, as drawn; None where there is none."""

    original_mv: float | None = None
    rebuilt_mv: float | None = None

    @property
    def difference_mv(self) -> float | None:
        """The reconstruction less the original."""
        return _less(self.rebuilt_mv, self.original_mv)


@dataclass(frozen=True)
class Seen:
    """What may be read: a lesson hides what is to be guessed.

    Attributes
    ----------
    originals : tuple of str
        Leads whose recording may be read.
    rebuilt : bool
        Whether the reconstruction may be.
    """

    originals: tuple[str, ...] = LEADS
    rebuilt: bool = True


ALL_SEEN = Seen()


def seen_in(state: SessionState) -> Seen:
    """Tell what may be read as the lesson stands; everything outside one."""
    hidden = hidden_leads(state)
    originals = tuple(lead for lead in LEADS if lead not in hidden)
    return Seen(originals, state.teaching.stage != "guess") if hidden else ALL_SEEN


@dataclass(frozen=True)
class LeadReading:
    """Both signals of a lead at both ends of a caliper."""

    lead: str
    start: Values
    stop: Values

    @property
    def change(self) -> Values:
        """The amplitude from the first end to the second in each signal."""
        return Values(
            _less(self.stop.original_mv, self.start.original_mv),
            _less(self.stop.rebuilt_mv, self.start.rebuilt_mv),
        )


@dataclass(frozen=True)
class Reading:
    """All that a caliper reads.

    Attributes
    ----------
    caliper : Caliper
        The caliper.
    interval_ms, width_mm : float
        Between its ends, and as long on paper of the chosen speed.
    rate_bpm : float or None
        60 s over the interval; None for none.
    height_mv, height_mm : float or None
        Between its two heights, and on paper of the chosen gain; None for one over all leads.
    leads : tuple of LeadReading
        Its lead, or all twelve.
    """

    caliper: Caliper
    interval_ms: float
    width_mm: float
    rate_bpm: float | None
    height_mv: float | None
    height_mm: float | None
    leads: tuple[LeadReading, ...]

    @property
    def lead(self) -> LeadReading | None:
        """Both signals of its lead; None for one over all leads."""
        return self.leads[0] if self.caliper.lead and self.leads else None


def values_at(signals: Signals, time_s: float, seen: Seen = ALL_SEEN) -> tuple[Values, ...]:
    """Read both signals of the twelve leads at the sample nearest to a time.

    Parameters
    ----------
    signals : Signals
        As drawn: medians removed, and filtered where a filter is on.
    time_s : float
        Time of the recording.
    seen : Seen
        What may be read.

    Returns
    -------
    tuple of Values
        In standard order.
    """
    recorded = _sample(signals.recorded, time_s)
    rebuilt = _sample(signals.rebuilt if seen.rebuilt else None, time_s)
    return tuple(
        Values(_number(one) if lead in seen.originals else None, _number(other))
        for lead, one, other in zip(LEADS, recorded, rebuilt, strict=True)
    )


def read_caliper(
    caliper: Caliper, signals: Signals, view: ViewState, seen: Seen = ALL_SEEN
) -> Reading:
    """Read a caliper.

    Parameters
    ----------
    caliper : Caliper
        What to read.
    signals : Signals
        As drawn.
    view : ViewState
        Speed and gain of the paper.
    seen : Seen
        What may be read.

    Returns
    -------
    Reading
        Of its lead, or of all.
    """
    start = values_at(signals, caliper.start_s, seen)
    stop = values_at(signals, caliper.stop_s, seen)
    leads = (caliper.lead,) if caliper.lead else LEADS
    interval_s = caliper.interval_s
    height_mv = abs(caliper.stop_mv - caliper.start_mv) if caliper.lead else None
    return Reading(
        caliper,
        interval_s * 1000,
        interval_s * view.speed_mm_s,
        60 / interval_s if interval_s > 0 else None,
        height_mv,
        None if height_mv is None else height_mv * gain_of(caliper.lead, view),
        tuple(LeadReading(lead, start[LEAD_INDEX[lead]], stop[LEAD_INDEX[lead]]) for lead in leads),
    )


def gain_of(lead: str, view: ViewState) -> float:
    """Give the gain that a lead is drawn at, in mm/mV: half of the page's where it is so drawn."""
    scales = (abs(slot.scale) for row in rows_of(view) for slot in row if slot.lead == lead)
    return view.gain_mm_mv * next(scales, 1.0)


# Words ------------------------------------------------------------------------------------


def interval_text(reading: Reading) -> str:
    """Word the interval: ``812 ms · 74 bpm · 20.3 mm``."""
    rate = "" if reading.rate_bpm is None else f" · {reading.rate_bpm:.0f} bpm"
    return f"{reading.interval_ms:.0f} ms{rate} · {reading.width_mm:.1f} mm"


def height_text(reading: Reading) -> str:
    """Word the caliper's own height: ``1.22 mV · 12.2 mm``; empty for one over all leads."""
    if reading.height_mv is None:
        return ""
    return f"{reading.height_mv:.3f} mV · {reading.height_mm:.1f} mm"


def millivolts(value_mv: float | None) -> str:
    """Write a voltage with its sign, in thousandths; a dash for none."""
    if value_mv is None:
        return "\N{EN DASH}"
    return f"{value_mv:+.3f}".replace("-", MINUS)


def card_lines(reading: Reading, *, brief: bool = False) -> tuple[str, ...]:
    """Word what stands at the caliper: the interval, then the amplitude of either signal.

    Parameters
    ----------
    reading : Reading
        Of the caliper.
    brief : bool
        Whether two lines must do.

    Returns
    -------
    tuple of str
        The interval first.
    """
    lead = reading.lead
    if lead is None:
        return (interval_text(reading),)
    change = lead.change
    if brief:
        both = [f"{millivolts(change.original_mv)} mV"]
        if change.rebuilt_mv is not None:
            both.append(f"\N{ALMOST EQUAL TO} {millivolts(change.rebuilt_mv)} mV")
        return interval_text(reading), " · ".join(both)
    lines = [interval_text(reading), height_text(reading)]
    if change.original_mv is not None:
        lines.append(f"original {millivolts(change.original_mv)} mV")
    if change.rebuilt_mv is not None:
        lines.append(f"\N{ALMOST EQUAL TO} reconstruction {millivolts(change.rebuilt_mv)} mV")
    return tuple(lines)


def sentence(number: int, reading: Reading) -> str:
    """Word a caliper for screen readers and tooltips."""
    where = f"in lead {reading.caliper.lead}" if reading.caliper.lead else "over all leads"
    first, last = sorted((reading.caliper.start_s, reading.caliper.stop_s))
    parts = [f"Caliper {number} {where}, {first:.3f} s to {last:.3f} s", interval_text(reading)]
    if reading.lead is not None:
        parts.append(f"height {height_text(reading)}")
        for name, values in (
            ("at the first end", reading.lead.start),
            ("at the second end", reading.lead.stop),
            ("from end to end", reading.lead.change),
        ):
            parts.append(
                f"{name}: original {millivolts(values.original_mv)} mV, "
                f"reconstruction {millivolts(values.rebuilt_mv)} mV, "
                f"difference {millivolts(values.difference_mv)} mV"
            )
    return "; ".join(parts)


COLUMNS = (
    "caliper", "lead", "start_s", "stop_s", "interval_ms", "rate_bpm", "width_mm", "height_mv",
    "height_mm", "original_start_mv", "original_stop_mv", "original_change_mv",
    "reconstruction_start_mv", "reconstruction_stop_mv", "reconstruction_change_mv",
    "difference_of_changes_mv",
)  # fmt: skip


def as_tsv(readings: Sequence[Reading]) -> str:
    """Write readings as a table: a row for each lead of each caliper, tabs between columns."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    for number, reading in enumerate(readings, start=1):
        rows += [_row(number, reading, lead) for lead in reading.leads]
    return "".join("\t".join(row) + "\n" for row in rows)


def _row(number: int, reading: Reading, lead: LeadReading) -> tuple[str, ...]:
    first, last = sorted((reading.caliper.start_s, reading.caliper.stop_s))
    figures = (
        first, last, reading.interval_ms, reading.rate_bpm, reading.width_mm, reading.height_mv,
        reading.height_mm, lead.start.original_mv, lead.stop.original_mv, lead.change.original_mv,
        lead.start.rebuilt_mv, lead.stop.rebuilt_mv, lead.change.rebuilt_mv,
        lead.change.difference_mv,
    )  # fmt: skip
    return (str(number), lead.lead, *("" if one is None else f"{one:.6g}" for one in figures))


def _sample(leads: LevelledLeads | None, time_s: float) -> NDArray[np.float32]:
    if leads is None or not leads.n_samples:
        return np.full(len(LEADS), np.nan, dtype=np.float32)
    at = min(max(round(time_s * leads.fs_hz), 0), leads.n_samples - 1)
    return leads.window(at, at + 1)[:, 0]


def _number(value: np.float32) -> float | None:
    return float(value) if isfinite(value) else None


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other

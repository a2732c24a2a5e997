"""The leads of an ``ECGRecord`` as one array in mV, and what the file says of each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.facts import SignalFacts
from ecgview.formats.guard import gaps_for_absurd
from ecgview.formats.units import mv_per_unit
from ecgview.recording import ImportWarning

MOST_FILLED = 16
"""Twelve leads recorded one after the other leave eleven twelfths of the array empty."""


@dataclass(frozen=True)
class Signals:
    """Leads at one rate, side by side.

    Attributes
    ----------
    fs_hz : float
        Sampling rate.
    facts : tuple of SignalFacts
        One for each.
    samples : ndarray, shape (leads, samples)
        float32: voltages in mV, other quantities in the unit of the file; NaN where a lead has
        no samples.
    warnings : tuple of ImportWarning
        What had to be left out or filled.
    """

    fs_hz: float
    facts: tuple[SignalFacts, ...]
    samples: NDArray[np.float32]
    warnings: tuple[ImportWarning, ...] = ()


def exact_rate_hz(record: Any, leads: Sequence[Any], rate_hz: int) -> float:
    """Give the rate before ecgdatakit rounded it to a whole number of Hz.

    SCP-ECG stores the interval in whole us (1667 for 600 Hz), so that there the round number is
    the better one wherever it rounds to the stored interval.
    """
    stated = record.raw_metadata
    is_beat = bool(record.median_beats) and leads[0] is record.median_beats[0]
    times = stated.get("median_time" if is_beat else "rhythm_time", {})
    exact_hz = times.get("sampling_rate_exact")
    if exact_hz is None and not is_beat and stated.get("sampling_rates"):
        exact_hz = stated["sampling_rates"][0]
    interval_us = stated.get(
        "median_sample_interval_us" if is_beat else "rhythm_sample_interval_us"
    )
    if exact_hz is None and interval_us and abs(1e6 / rate_hz - interval_us) >= 1:
        exact_hz = 1e6 / interval_us
    return float(exact_hz) if exact_hz and round(exact_hz) == rate_hz else float(rate_hz)


def _names(leads: Sequence[Any]) -> str:
    return ", ".join(lead.label for lead in leads)


def _at_one_rate(leads: Sequence[Any]) -> tuple[list[Any], list[ImportWarning]]:
    """Keep the leads of the rate that most of them have, and that hold samples."""
    warnings = []
    empty = [lead for lead in leads if not len(lead.samples)]
    held = [lead for lead in leads if len(lead.samples)]
    if empty:
        message = f"{_names(empty)} of the file hold no samples and are left out."
        warnings.append(ImportWarning("empty-leads", message))
    rates = Counter(lead.sampling_rate for lead in held)
    if len(rates) > 1:
        rate_hz = rates.most_common(1)[0][0]
        others = [lead for lead in held if lead.sampling_rate != rate_hz]
        held = [lead for lead in held if lead.sampling_rate == rate_hz]
        message = f"{_names(others)} are not sampled at {rate_hz} Hz as the rest and are left out."
        warnings.append(ImportWarning("other-rate", message))
    return held, warnings


def _start(lead: Any) -> int:
    """Count the samples of the recording before the first of this lead."""
    stated = lead.annotations.get("start_sample", "1")
    return max(int(stated) - 1, 0) if stated.isdecimal() and len(stated) < 12 else 0


def _bare_scale(lead: Any) -> float:
    """Give a scale that stands in the file without its unit; the unit is asked for, for it."""
    has_unit = lead.resolution_unit or lead.adc_resolution_unit
    is_number = math.isfinite(lead.resolution) and lead.resolution != 0
    return float(lead.resolution) if lead.is_raw and is_number and not has_unit else 1.0


def _fact(lead: Any) -> SignalFacts:
    if lead.resolution_unit:
        return SignalFacts(lead.label, lead.resolution_unit, abs(lead.resolution) or None)
    if lead.adc_resolution_unit and mv_per_unit(lead.adc_resolution_unit) is None:
        return SignalFacts(lead.label, lead.adc_resolution_unit, lead.adc_resolution or None)
    return SignalFacts(lead.label, "", abs(_bare_scale(lead)))


def _scaled(lead: Any) -> NDArray[np.float64]:
    if not lead.resolution_unit:
        return lead.samples * _bare_scale(lead)
    size_mv = mv_per_unit(lead.resolution_unit) or 1.0
    if not lead.is_raw:
        return lead.samples * size_mv
    return (lead.samples * lead.resolution + lead.offset) * size_mv


def _side_by_side(leads: Sequence[Any]) -> tuple[NDArray[np.float32], list[ImportWarning]]:
    starts = [_start(lead) for lead in leads]
    first = min(starts)
    stops = [start - first + len(lead.samples) for start, lead in zip(starts, leads, strict=True)]
    n_samples = max(stops)
    if n_samples * len(leads) > MOST_FILLED * sum(len(lead.samples) for lead in leads):
        raise RecordingError(
            "The leads of the file start absurdly far apart.", "The file is damaged."
        )
    samples = np.full((len(leads), n_samples), np.nan, dtype=np.float32)
    for row, (start, stop, lead) in enumerate(zip(starts, stops, leads, strict=True)):
        samples[row, start - first : stop] = _scaled(lead)
    if len(set(stops)) == 1 and len(set(starts)) == 1:
        return samples, []
    lengths = ", ".join(f"{lead.label} {len(lead.samples)}" for lead in leads)
    message = f"The leads do not cover the same time ({lengths} samples): the rest is a gap."
    return samples, [ImportWarning("unequal-leads", message, "Was the file cut short?")]


def signals_of(record: Any, leads: Sequence[Any]) -> Signals:
    """Put the leads of one part of an ``ECGRecord`` side by side, in mV.

    Parameters
    ----------
    record : ecgdatakit.ECGRecord
        The whole.
    leads : sequence of ecgdatakit.Lead
        Its leads, median beats or enhanced leads.

    Returns
    -------
    Signals
        Leads without a scale in the file keep their converter steps, with an empty unit; so does
        what was multiplied by a scale whose unit is not stated.

    Raises
    ------
    RecordingError
        If no lead holds samples, or they cannot lie in one recording.
    """
    held, warnings = _at_one_rate(leads)
    if not held:
        raise RecordingError("The file holds no samples.", "It is empty or damaged.")
    samples, more = _side_by_side(held)
    gaps_for_absurd(samples)
    rate_hz = exact_rate_hz(record, held, held[0].sampling_rate)
    facts = tuple(_fact(lead) for lead in held)
    return Signals(rate_hz, facts, samples, (*warnings, *more))


def comma_separated(text: str, lead: str, file: str) -> NDArray[np.float64]:
    """Read the samples of a lead that stand between commas.

    Raises
    ------
    RecordingError
        If one is not a number.
    """
    try:
        return np.array([word for word in text.split(",") if word.strip()], dtype=np.float64)
    except ValueError as error:
        raise RecordingError(
            f"{file}: a sample of {lead[:20]} is not a number.",
            "The file is damaged; copy or export it again.",
        ) from error


def padded(rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float32]:
    """Put leads side by side, shape (leads, samples); NaN follows the shorter ones."""
    samples = np.full((len(rows), max(row.size for row in rows)), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        samples[place, : row.size] = row
    return samples

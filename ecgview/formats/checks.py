"""What a reader of a recording should know about it, found on opening.

The checks are cheap (they run on every file of a batch) and look at the first minute only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.leads import LimbDisagreement, limb_disagreements, normalise_lead_name
from ecgview.recording import ImportWarning, Recording

CHECKED_S = 60.0
"""Length of the stretch, from the start, that the checks look at."""
LOW_RATE_HZ = 100.0
LARGEST_PLAUSIBLE_MV = 20.0
LARGEST_MEDIAN_MV = 5.0
SMALLEST_PLAUSIBLE_MV = 0.05

Signals = NDArray[np.float32]

_LIMB_FORMULAS = {
    ("I", "II"): {
        "III": "II - I",
        "aVR": "-(I + II)/2",
        "aVL": "I - II/2",
        "aVF": "II - I/2",
    }
}


def import_warnings(
    recording: Recording, resolution_mv: Mapping[str, float]
) -> tuple[ImportWarning, ...]:
    """Check a recording that has just been opened.

    Parameters
    ----------
    recording : Recording
        With at least one lead, of the twelve or of another system, and one sample.
    resolution_mv : mapping of str to float
        One unit of the last digit of each lead, in mV.

    Returns
    -------
    tuple of ImportWarning
        Codes ``unknown-unit``, ``duplicate-lead``, ``other-channels``, ``low-rate``, ``gap``,
        ``flat-lead``, ``implausible-amplitude``, ``limb-identity``, ``checked-part``.

    Raises
    ------
    RecordingError
        If every sample of every lead of a wholly checked recording is NaN.
    """
    n_checked = min(recording.n_samples, round(CHECKED_S * recording.fs_hz) + 1)
    leads = recording.leads or recording.other_leads
    signals_mv = recording.read(leads, 0, n_checked)
    found = [*_channel_warnings(recording), *_rate_warning(recording.fs_hz)]
    finite = np.isfinite(signals_mv)
    if not finite.any():
        _refuse_without_samples(recording, n_checked)
    has_gaps = not finite.all()
    if has_gaps:
        found += _gap_warnings(leads, finite)
        signals_mv, leads = _with_samples(signals_mv, leads, finite)
    if leads:
        spread_mv = np.nanmax(signals_mv, axis=1) - np.nanmin(signals_mv, axis=1)
        found += _flat_warnings(leads, spread_mv)
        found += _amplitude_warnings(leads, signals_mv, spread_mv)
        found += _limb_warnings(dict(zip(leads, signals_mv, strict=True)), resolution_mv)
    if n_checked < recording.n_samples:
        found.append(_checked_part(recording))
    return tuple(found)


def _refuse_without_samples(recording: Recording, n_checked: int) -> None:
    if n_checked == recording.n_samples:
        raise RecordingError(
            f"{recording.name} holds no valid sample: every lead is a gap from start to end.",
            "The recording is empty, or its samples were lost when it was converted.",
        )


def _with_samples(
    signals_mv: Signals, leads: Sequence[str], finite: NDArray[np.bool_]
) -> tuple[Signals, tuple[str, ...]]:
    rows = [bool(row.any()) for row in finite]
    return signals_mv[rows], tuple(lead for lead, row in zip(leads, rows, strict=True) if row)


def _channel_warnings(recording: Recording) -> Iterator[ImportWarning]:
    unused = [channel for channel in recording.channels if channel.lead is None]
    meant = [channel for channel in unused if normalise_lead_name(channel.name) is not None]
    uncalibrated = [channel for channel in meant if channel.unit != "mV"]
    duplicates = [channel.name for channel in meant if channel.unit == "mV"]
    others = [channel.name for channel in unused if channel not in meant]
    if uncalibrated:
        named = ", ".join(f"{channel.name} ({channel.unit or 'none'})" for channel in uncalibrated)
        yield ImportWarning(
            "unknown-unit",
            f"Left out, for their unit is not a voltage: {named}.",
            "ecgview reads mV, uV, V and nV.",
        )
    if duplicates:
        yield ImportWarning(
            "duplicate-lead",
            f"A lead is there more than once; the first is used, not {', '.join(duplicates)}.",
            "Rename the signals in the file if another one is meant.",
        )
    if others:
        yield ImportWarning(
            "other-channels",
            f"Kept, but not among the twelve leads: {', '.join(others)}.",
        )


def _rate_warning(fs_hz: float) -> Iterator[ImportWarning]:
    if fs_hz < LOW_RATE_HZ:
        yield ImportWarning(
            "low-rate",
            f"The sampling rate is only {fs_hz:g} Hz.",
            f"Nothing above {fs_hz / 2:g} Hz is recorded: narrow R waves and notches are lost.",
        )


def _gap_warnings(leads: Sequence[str], finite: NDArray[np.bool_]) -> Iterator[ImportWarning]:
    missing = 1 - finite.mean(axis=1)
    parts = [f"{lead} {share:.1%}" for lead, share in zip(leads, missing, strict=True) if share > 0]
    yield ImportWarning(
        "gap",
        f"Samples are missing (share of the time): {', '.join(parts)}.",
        "Gaps are drawn as gaps, and nothing is reconstructed where an available lead has one.",
    )


def _flat_warnings(leads: Sequence[str], spread_mv: Signals) -> Iterator[ImportWarning]:
    flat = [lead for lead, spread in zip(leads, spread_mv, strict=True) if spread == 0]
    if flat:
        yield ImportWarning(
            "flat-lead",
            f"Flat from start to end: {', '.join(flat)}.",
            "An electrode was off, or the lead was not recorded; switch it off to rebuild it.",
        )


def _amplitude_warnings(
    leads: Sequence[str], signals_mv: Signals, spread_mv: Signals
) -> Iterator[ImportWarning]:
    huge = []
    # Only a lead that spreads this far can have a median or a peak beyond the limits.
    for row in map(int, np.flatnonzero(spread_mv > LARGEST_MEDIAN_MV)):
        distance_mv = np.abs(signals_mv[row] - np.nanmedian(signals_mv[row]))
        largest_mv = float(np.nanmax(distance_mv))
        if largest_mv > LARGEST_PLAUSIBLE_MV or np.nanmedian(distance_mv) > LARGEST_MEDIAN_MV:
            huge.append(f"{leads[row]} {largest_mv:.3g} mV")
    if huge:
        yield ImportWarning(
            "implausible-amplitude",
            f"Larger than a heart's signal: {', '.join(huge)}.",
            "The unit or the gain in the file may be wrong, or an electrode was loose.",
        )
    largest_spread_mv = float(spread_mv.max())
    if 0 < largest_spread_mv < SMALLEST_PLAUSIBLE_MV:
        yield ImportWarning(
            "implausible-amplitude",
            f"No lead spreads over more than {1000 * largest_spread_mv:.3g} uV.",
            "The unit or the gain in the file may be wrong.",
        )


def _limb_warnings(
    leads_mv: Mapping[str, Signals], resolution_mv: Mapping[str, float]
) -> Iterator[ImportWarning]:
    coarsest_mv = max(resolution_mv[lead] for lead in leads_mv)
    breaks = limb_disagreements(leads_mv, coarsest_mv)
    if breaks:
        parts = "; ".join(_described(found) for found in breaks)
        yield ImportWarning(
            "limb-identity",
            f"The limb leads contradict each other: {parts}.",
            _meaning(max(found.largest_mv for found in breaks), leads_mv, resolution_mv),
        )


def _meaning(
    largest_mv: float, leads_mv: Mapping[str, Signals], resolution_mv: Mapping[str, float]
) -> str:
    if largest_mv < 10 * max(resolution_mv.values()):
        return "That is a few units of the last digit: rounding in the recorder or a converter."
    if _raw_numbers_agree(leads_mv, resolution_mv):
        return "The raw numbers do fit together: each lead seems to have a wrong gain of its own."
    return "The gains may be wrong, columns swapped, or each lead was filtered by itself."


def _described(found: LimbDisagreement) -> str:
    formula = _LIMB_FORMULAS.get(found.pair, {}).get(found.lead)
    expected = formula or f"what {found.pair[0]} and {found.pair[1]} say"
    return (
        f"{found.lead} differs from {expected} by up to {1000 * found.largest_mv:.0f} uV "
        f"(median {1000 * found.median_mv:.0f} uV)"
    )


def _raw_numbers_agree(leads_mv: Mapping[str, Signals], resolution_mv: Mapping[str, float]) -> bool:
    """Tell whether the identities hold in converter steps, whatever the offset of each lead."""
    if len({resolution_mv[lead] for lead in leads_mv}) == 1:
        return False
    steps = {lead: signal / resolution_mv[lead] for lead, signal in leads_mv.items()}
    # The mean is linear as the identities are, so that it takes every offset away.
    centred = {lead: signal - np.nanmean(signal) for lead, signal in steps.items()}
    return not limb_disagreements(centred, 1.0)


def _checked_part(recording: Recording) -> ImportWarning:
    return ImportWarning(
        "checked-part",
        f"Only the first {CHECKED_S:g} s of {recording.duration_s:.0f} s were checked on opening.",
    )

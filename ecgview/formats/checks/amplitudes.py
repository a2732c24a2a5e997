"""Checks of units: amplitudes that no heart has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ecgview.formats.checks.evidence import Evidence
from ecgview.formats.checks.suggestions import multiplied
from ecgview.recording import ImportOptions, ImportWarning

LARGEST_PLAUSIBLE_MV = 20.0
LARGEST_MEDIAN_MV = 5.0
SMALLEST_PLAUSIBLE_MV = 0.05
SMALL_MV = 0.5
"""The median of the leads' spreads is less in 1 of 2,000 recordings of PTB-XL (folds 1-8)."""
FEWEST_LEADS = 8
"""With fewer leads a small amplitude may be that of a lead, not of the recording."""
ORDINARY_MV = (0.6, 4.0)
"""Where that median lies in 99 of 100 recordings of PTB-XL (folds 1-8)."""
MOST_NAMED = 3
"""Leads that are named one by one."""
UNIT_FACTORS = (1e-3, 1e-6, 1e3, 1e6)
"""What amplitudes are off by where uV, mV or nV are taken for another."""


def amplitude_warnings(evidence: Evidence) -> Iterator[ImportWarning]:
    """Warn of amplitudes that a heart does not have, and name the unit that would be right."""
    largest_spread_mv = max(evidence.spreads_mv)
    if largest_spread_mv > LARGEST_MEDIAN_MV:
        yield from _huge(evidence)
    if 0 < largest_spread_mv < SMALLEST_PLAUSIBLE_MV:
        yield ImportWarning(
            "implausible-amplitude",
            f"No lead spreads over more than {1000 * largest_spread_mv:.3g} uV.",
            "The unit or the gain in the file may be wrong.",
            _other_unit(evidence),
        )
    elif largest_spread_mv < LARGEST_PLAUSIBLE_MV:
        yield from _small(evidence)


def _huge(evidence: Evidence) -> Iterator[ImportWarning]:
    huge = []
    # Only a lead that spreads this far can have a median or a peak beyond the limits.
    for row, spread_mv in enumerate(evidence.spreads_mv):
        if spread_mv <= LARGEST_MEDIAN_MV:
            continue
        signal_mv = evidence.signals_mv[row]
        if evidence.has_gaps:
            signal_mv = signal_mv[np.isfinite(signal_mv)]
        # Half of the samples this far from their median make the deviation half as large at least.
        if spread_mv <= LARGEST_PLAUSIBLE_MV and signal_mv.std() < LARGEST_MEDIAN_MV / 2:
            continue
        distance_mv = np.abs(signal_mv - np.median(signal_mv))
        largest_mv = float(distance_mv.max())
        if largest_mv > LARGEST_PLAUSIBLE_MV or np.median(distance_mv) > LARGEST_MEDIAN_MV:
            huge.append((largest_mv, evidence.leads[row]))
    if huge:
        yield ImportWarning(
            "implausible-amplitude",
            f"Larger than a heart's signal: {_listed(huge)}.",
            "The unit or the gain in the file may be wrong, or an electrode was loose.",
            _other_unit(evidence) if 2 * len(huge) > len(evidence.leads) else None,
        )


def _listed(huge: list[tuple[float, str]]) -> str:
    """Name a few leads with their amplitudes; of many, the largest."""
    if len(huge) <= MOST_NAMED:
        return ", ".join(f"{lead} {_amplitude(largest_mv)}" for largest_mv, lead in huge)
    largest_mv, lead = max(huge)
    return f"{len(huge)} leads, {lead} the most with {_amplitude(largest_mv)}"


def _amplitude(amplitude_mv: float) -> str:
    return f"{float(f'{amplitude_mv:.3g}'):,.7g} mV"  # 1,660, not 1.66e+03


def _typical_spread_mv(evidence: Evidence) -> float:
    """Give the median of the spreads of the leads that are not flat."""
    return float(np.median([spread for spread in evidence.spreads_mv if spread]))


def _other_unit(evidence: Evidence) -> ImportOptions | None:
    """Suggest a factor where one alone, that of a mistaken unit, gives ordinary amplitudes."""
    spread_mv = _typical_spread_mv(evidence)
    fitting = [f for f in UNIT_FACTORS if ORDINARY_MV[0] <= f * spread_mv <= ORDINARY_MV[1]]
    return multiplied(evidence.recording, fitting[0]) if len(fitting) == 1 else None


def _small(evidence: Evidence) -> Iterator[ImportWarning]:
    varying = sum(spread > 0 for spread in evidence.spreads_mv)
    small = sum(0 < spread < SMALL_MV for spread in evidence.spreads_mv)
    if varying < FEWEST_LEADS or 2 * small < varying:
        return
    spread_mv = _typical_spread_mv(evidence)
    if spread_mv >= SMALL_MV:
        return
    coarsest_mv = max(evidence.resolution_mv[lead] for lead in evidence.leads)
    # Recorders that count in 5 uV are many; their numbers are taken for 1 uV.
    is_clear = abs(coarsest_mv - 0.001) < 1e-5 and ORDINARY_MV[0] <= 5 * spread_mv
    yield ImportWarning(
        "small-amplitude",
        f"Very small for a recording of {len(evidence.leads)} leads: half of them spread over "
        f"less than {1000 * spread_mv:.0f} uV.",
        "The voltage may be low, or units of 5 uV (or 4.88 uV) were read as 1 uV.",
        multiplied(evidence.recording, 5.0) if is_clear else None,
    )

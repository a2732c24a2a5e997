"""Check of the limb leads against each other, and what would explain a contradiction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.checks.evidence import Evidence
from ecgview.formats.checks.hypotheses import Explanation, explanations
from ecgview.formats.checks.identities import (
    LimbDisagreement,
    agree,
    disagreements,
    limb_differences,
)
from ecgview.formats.checks.suggestions import corrected
from ecgview.leads import LIMB_LEADS
from ecgview.recording import ImportOptions, ImportWarning

SLOW_HZ = 2.0
"""A difference that lies below this is that of filters or of the baseline."""
FEW_UNITS = 10
"""Units of the last digit below which a difference is rounding."""
MOST_SHIFTED = 10
"""Samples that a lead is moved by to see whether it then fits."""

_LIMB_FORMULAS = {
    ("I", "II"): {
        "III": "II - I",
        "aVR": "-(I + II)/2",
        "aVL": "I - II/2",
        "aVF": "II - I/2",
    }
}

Signals = NDArray[np.float64]


def limb_warnings(evidence: Evidence) -> Iterator[ImportWarning]:
    """Warn of limb leads that contradict each other, and say what would put them right."""
    leads = tuple(lead for lead in evidence.leads if lead in LIMB_LEADS)
    if len(leads) < 3:
        return
    signals_mv = evidence.signals_mv[: len(leads)]  # in standard order they come first
    if evidence.has_gaps:
        signals_mv = signals_mv[:, np.isfinite(signals_mv).all(axis=0)]
    if not signals_mv.size:
        return
    resolution_mv = {lead: evidence.resolution_mv[lead] for lead in leads}
    breaks = disagreements(leads, signals_mv, max(resolution_mv.values()))
    if breaks:
        yield _warning(
            evidence, _Limbs(leads, signals_mv.astype(np.float64), resolution_mv), breaks
        )


class _Limbs:
    """The limb leads of a file that contradict each other."""

    def __init__(
        self, leads: tuple[str, ...], signals_mv: Signals, resolution_mv: Mapping[str, float]
    ) -> None:
        self.leads = leads
        self.signals_mv = signals_mv
        self.resolution_mv = resolution_mv
        self.coarsest_mv = max(resolution_mv.values())

    def only_offset_mv(self) -> float | None:
        """Largest constant difference, where there is no other."""
        centred_mv = self.signals_mv - self.signals_mv.mean(axis=1, keepdims=True)
        if not agree(self.leads, centred_mv, self.coarsest_mv):
            return None
        _, _, differences_mv = limb_differences(self.leads, self.signals_mv)
        return float(np.abs(differences_mv.mean(axis=1)).max())

    def explanations(self, largest_mv: float) -> tuple[Explanation, ...]:
        """Find what would make them agree; to a few units of the last digit, if not to one."""
        found = explanations(self.leads, self.signals_mv, self.resolution_mv)
        if found or largest_mv < FEW_UNITS**2 * self.coarsest_mv:
            return found
        coarser_mv = {lead: FEW_UNITS / 3 * size for lead, size in self.resolution_mv.items()}
        return explanations(self.leads, self.signals_mv, coarser_mv)

    def agree_without(self, row: int) -> bool:
        """Tell whether the other leads may agree; two of them always do."""
        others = [other for other in range(len(self.leads)) if other != row]
        leads = [self.leads[other] for other in others]
        # Generously: from another pair, rounding may add up to more.
        return len(leads) < 3 or agree(leads, self.signals_mv[others], 2 * self.coarsest_mv)


def _warning(
    evidence: Evidence, limbs: _Limbs, breaks: tuple[LimbDisagreement, ...]
) -> ImportWarning:
    worst, *others = sorted(breaks, key=lambda found: found.largest_mv, reverse=True)
    rounding_mv = FEW_UNITS * limbs.coarsest_mv
    if worst.largest_mv >= rounding_mv:
        others = [found for found in others if found.largest_mv >= rounding_mv]
    rest = f" {_listed(others)}" if others else ""
    if worst.largest_mv < rounding_mv:
        return ImportWarning(
            "limb-rounding",
            f"The limb leads differ by a few units of the last digit: {_described(worst)}.",
            f"That is rounding in the recorder or a converter.{rest}",
        )
    if (offset_mv := limbs.only_offset_mv()) is not None:
        return ImportWarning(
            "limb-offset",
            "The limb leads fit together, apart from constant offsets of up to "
            f"{1000 * offset_mv:.0f} uV.",
            "Offsets do not change the shape of the waves.",
        )
    found = limbs.explanations(worst.largest_mv)
    if found:
        meaning = f"They fit if {', or if '.join(one.words for one in found)}."
    else:
        meaning = _unexplained(limbs, evidence.recording.fs_hz)
    return ImportWarning(
        "limb-identity",
        f"The limb leads contradict each other: {_described(worst)}.",
        f"{meaning}{rest}",
        _suggestion(evidence, found[0]) if len(found) == 1 else None,
    )


def _suggestion(evidence: Evidence, explanation: Explanation) -> ImportOptions | None:
    if explanation.unit is not None:
        return ImportOptions(unit=explanation.unit)
    if explanation.names or explanation.factors:
        return corrected(evidence.recording, explanation.names, explanation.factors)
    return None


def _described(found: LimbDisagreement) -> str:
    formula = _LIMB_FORMULAS.get(found.pair, {}).get(found.lead)
    expected = formula or f"what {found.pair[0]} and {found.pair[1]} say"
    return (
        f"{found.lead} differs from {expected} by up to {1000 * found.largest_mv:.0f} uV "
        f"(median {1000 * found.median_mv:.0f} uV)"
    )


def _listed(others: Sequence[LimbDisagreement]) -> str:
    """Name the lesser contradictions."""
    sizes = [f"{found.lead} by up to {1000 * found.largest_mv:.0f} uV" for found in others]
    return f"Also off: {', '.join(sizes)}."


def _unexplained(limbs: _Limbs, fs_hz: float) -> str:
    if shifted := _shifted_lead(limbs):
        lead, n_samples = shifted
        return (
            f"{lead} fits if it is moved by {n_samples} samples ({1000 * n_samples / fs_hz:.3g} "
            "ms): it was sampled or filtered at another time."
        )
    _, _, differences_mv = limb_differences(limbs.leads, limbs.signals_mv)
    if _is_slow(differences_mv, fs_hz):
        return "The difference is slow: the baseline of each lead was filtered by itself."
    return "The gains may be wrong, columns swapped, or each lead was filtered by itself."


def _shifted_lead(limbs: _Limbs) -> tuple[str, int] | None:
    """Find the one lead that fits when it is moved in time, and by how many samples."""
    n_samples = limbs.signals_mv.shape[1]
    if n_samples <= 4 * MOST_SHIFTED:
        return None
    kept = slice(MOST_SHIFTED, n_samples - MOST_SHIFTED)
    fitting = []
    for row, lead in enumerate(limbs.leads):
        if not limbs.agree_without(row):
            continue
        for shift in (*range(-MOST_SHIFTED, 0), *range(1, MOST_SHIFTED + 1)):
            moved = limbs.signals_mv[:, kept].copy()
            moved[row] = limbs.signals_mv[row, kept.start + shift : kept.stop + shift]
            if agree(limbs.leads, moved, limbs.coarsest_mv):
                fitting.append((lead, shift))
    return fitting[0] if len(fitting) == 1 else None


def _is_slow(differences_mv: NDArray[np.floating], fs_hz: float) -> bool:
    """Tell whether nearly all the power of the differences, less their means, is slow."""
    centred = differences_mv - differences_mv.mean(axis=1, keepdims=True)
    power = (np.abs(np.fft.rfft(centred, axis=1)) ** 2).sum(axis=0)
    is_slow = np.fft.rfftfreq(centred.shape[1], 1 / fs_hz) < SLOW_HZ
    return bool(power[is_slow].sum() > 0.9 * power.sum())

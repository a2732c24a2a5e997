"""Where the leads of a foreign file come from: what it says, and what its samples show."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError
from ecgview.leads import (
    LEAD_INDEX,
    LEADS,
    LIMB_LEADS,
    Origin,
    best_limb_pair,
    in_order,
    limb_weights,
    normalise_lead_name,
    parse_leads,
)

_MODEL = re.compile(r"^ecgview \S+, model (\S.*)$")
_MODEL_OF_WINDOW = re.compile(r"^Reconstructed from .+ by (.+); nothing")
_BANDWIDTH = re.compile(r"nothing above ([\d.]+) Hz")
_ROUNDING = 1.005  # half a percent of a step forgives the rounding of float32 samples
_LIMB_STEPS = 3.0
_KINDS = {origin.value: origin for origin in Origin}


@dataclass(frozen=True)
class Provenance:
    """What the comments of a file say.

    Attributes
    ----------
    origins : dict of str to Origin
        Of the leads that are spoken of; empty for files that ecgview did not write.
    model : str
        The model that made it; empty where it is not said.
    bandwidth_hz : float or None
        What the model carries nothing above.
    """

    origins: dict[str, Origin] = field(default_factory=dict)
    model: str = ""
    bandwidth_hz: float | None = None


def stated_provenance(comments: Sequence[str]) -> Provenance:
    """Read the origin of each lead, and the model, from the comments that ecgview writes.

    Parameters
    ----------
    comments : sequence of str
        Of a recording: ``measured: I, II, V2`` as ``ecgview reconstruct`` writes them, or
        ``I: measured`` as the window does. Other comments are passed over.

    Returns
    -------
    Provenance
        Empty where nothing is said.
    """
    origins: dict[str, Origin] = {}
    model, bandwidth_hz = "", None
    for line in comments:
        origins |= _origins_of(line)
        if found := _MODEL.match(line) or _MODEL_OF_WINDOW.match(line):
            model = found[1]
        if found := _BANDWIDTH.search(line):
            bandwidth_hz = float(found[1].rstrip("."))
    if not model:
        return Provenance()
    return Provenance(origins, model, bandwidth_hz)


def _origins_of(line: str) -> dict[str, Origin]:
    before, _, after = (part.strip() for part in line.partition(":"))
    if before in _KINDS:
        try:
            return dict.fromkeys(parse_leads(after), _KINDS[before])
        except LeadError:
            return {}
    lead = normalise_lead_name(before)
    return {lead: _KINDS[after]} if lead is not None and after in _KINDS else {}


def measured_leads(
    truth_mv: Mapping[str, NDArray[np.floating]],
    laid_mv: NDArray[np.floating],
    stated: Provenance,
    step_mv: float,
) -> tuple[str, ...]:
    """Tell which leads of an estimate are no estimates but the recording's own samples.

    Parameters
    ----------
    truth_mv : mapping of str to ndarray, shape (samples,)
        Leads of the recording that the estimate has too.
    laid_mv : ndarray, shape (12, samples)
        The estimate beside it; NaN where it has no samples.
    stated : Provenance
        What the estimate's file says; believed.
    step_mv : float
        One unit of the last digit of the coarser file.

    Returns
    -------
    tuple of str
        Leads said to be measured, and of those that nothing is said of the equal ones.
    """
    told = [lead for lead, origin in stated.origins.items() if origin is Origin.MEASURED]
    for lead, one_mv in truth_mv.items():
        if lead not in stated.origins and are_equal(laid_mv[LEAD_INDEX[lead]], one_mv, step_mv):
            told.append(lead)
    return in_order(told)


def are_equal(one_mv: NDArray[np.floating], other_mv: NDArray[np.floating], step_mv: float) -> bool:
    """Tell whether two leads differ by at most one unit of the last digit where both are known."""
    difference_mv = np.abs(one_mv - other_mv)
    known = np.isfinite(difference_mv)
    return bool(known.any() and difference_mv[known].max() <= _ROUNDING * step_mv)


def origins_of(
    laid_mv: NDArray[np.floating],
    leads: Sequence[str],
    measured: Collection[str],
    stated: Provenance,
    step_mv: float,
) -> dict[str, Origin]:
    """Tell where each of the twelve leads of an estimate comes from.

    Parameters
    ----------
    laid_mv : ndarray, shape (12, samples)
        The estimate; NaN where it has no samples.
    leads : sequence of str
        Leads that it has.
    measured : collection of str
        Leads that are the recording's own.
    stated : Provenance
        What its file says of the others.
    step_mv : float
        One unit of the last digit of the coarser file.

    Returns
    -------
    dict of str to Origin
        One entry for each of the twelve leads.
    """
    derived = _derived_leads(laid_mv, leads, measured, step_mv)

    def origin(lead: str) -> Origin:
        if lead in measured:
            return Origin.MEASURED
        told = stated.origins.get(lead)
        if told is None or told is Origin.MEASURED:
            return Origin.DERIVED if lead in derived else Origin.RECONSTRUCTED
        return told

    return {lead: origin(lead) for lead in LEADS}


def _derived_leads(
    laid_mv: NDArray[np.float32], leads: Sequence[str], measured: Collection[str], step_mv: float
) -> list[str]:
    """Limb leads that follow from two measured ones within the rounding of the file."""
    pair = best_limb_pair(measured)
    if pair is None:
        return []
    expected_mv = limb_weights(pair) @ laid_mv[[LEAD_INDEX[lead] for lead in pair]]
    error_mv = np.abs(laid_mv[: len(LIMB_LEADS)] - expected_mv)
    largest_mv = np.where(np.isfinite(error_mv), error_mv, 0).max(axis=1)
    close = largest_mv <= _LIMB_STEPS * _ROUNDING * step_mv
    return [lead for lead, fits in zip(LIMB_LEADS, close, strict=True) if fits and lead in leads]

"""Bring your own: any file with the same leads becomes a reconstruction of a recording."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.alignment import LEAST_OVERLAP_S, Alignment, align
from ecgview.engine.exported import as_estimate
from ecgview.engine.provenance import (
    Provenance,
    are_equal,
    measured_leads,
    origins_of,
    stated_provenance,
)
from ecgview.errors import LeadError, RecordingError
from ecgview.leads import LEAD_INDEX, LEADS, Origin, in_order
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, ImportWarning, Recording
from ecgview.signals.filters import clean, fill_gaps
from ecgview.signals.resampling import RateRatio, resample

SAME_RECORDING = 0.3
"""Recordings of different people correlate with less than 0.12 (90 pairs of PTB-XL, no shift)."""
_OTHER_GAIN = 4.0
_GAIN_FROM_S = 120.0


@dataclass(frozen=True, eq=False)
class Estimate:
    """A foreign file as a reconstruction of a recording, and what was done to make it one.

    Attributes
    ----------
    name : str
        What it is called in tables and legends.
    reconstruction : Reconstruction
        At the recording's rate and length; NaN where the estimate has no samples. Its `available`
        leads are those that are measured.
    compared : tuple of str
        Leads that both have.
    lag_ms : float
        How much later the estimate began to run; it has been moved back by that much.
    correlation : float
        Median correlation of the compared leads, high-passed at 2 Hz, as they lie now.
    from_hz : float
        The estimate's own rate.
    resampled : bool
        Whether that is another one than the recording's.
    overlap_s : float
        Length that both share.
    gain : float
        Amplitude of the estimate over that of the recording, median of the compared leads.
    stated : bool
        Whether the file itself says where its leads come from.
    remarks : tuple of ImportWarning
        What the reader of a comparison must know.
    """

    name: str
    reconstruction: Reconstruction
    compared: tuple[str, ...]
    lag_ms: float
    correlation: float
    from_hz: float
    resampled: bool
    overlap_s: float
    gain: float
    stated: bool
    remarks: tuple[ImportWarning, ...] = ()


def estimate_from(
    recording: Recording,
    estimate: Recording,
    *,
    align: bool = True,
    name: str = "",
    measured: Collection[str] = (),
) -> Estimate:
    """Lay a foreign recording over a recording, as if a model had made it.

    It is resampled to the recording's rate and moved to where its leads agree best with the
    recording's (see `alignment.align`). A lead is *measured* if the file says so in the comments
    that ecgview writes; else if all its samples equal the recording's within one unit of the last
    digit of the coarser file. A limb lead is *derived* if it follows from measured ones; all
    others are *reconstructed*.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    estimate : Recording
        Any rate and length; at least one of its leads must be in `recording`.
    align : bool
        Whether it may be moved in time.
    name : str
        What to call it; its own name by default.
    measured : collection of str
        Leads that the estimate was given, where it is known; these are not compared.

    Returns
    -------
    Estimate
        Leads that the estimate lacks are absent from its reconstruction.

    Raises
    ------
    LeadError
        If the two have no lead in common.
    RecordingError
        If they share less than a second.
    """
    name = name or estimate.name
    estimate = as_estimate(estimate)
    compared = in_order(lead for lead in estimate.leads if lead in recording.leads)
    if not compared:
        raise LeadError(
            f"{name} has no lead in common with {recording.name}.",
            f"It has {', '.join(estimate.leads) or 'none of the twelve leads'}.",
        )
    resampled_mv = _at_rate(estimate.read_twelve(), estimate.fs_hz, recording.fs_hz)
    truth_mv = recording.read(compared)
    found = _place(truth_mv, resampled_mv, compared, recording.fs_hz, align)
    laid_mv, shared = _laid(resampled_mv, found.lag, recording.n_samples)
    if shared < LEAST_OVERLAP_S * recording.fs_hz:
        raise RecordingError(
            f"{name} and {recording.name} share only {shared / recording.fs_hz:.2g} s.",
            "At least a second is needed. Is it the right file?",
        )
    stated = stated_provenance(estimate.comments)
    step_mv = max(recording.resolution_mv, estimate.resolution_mv)
    if not measured:
        measured = measured_leads(
            dict(zip(compared, truth_mv, strict=True)), laid_mv, stated, step_mv
        )
    origins = origins_of(laid_mv, estimate.leads, measured, stated, step_mv)
    gain = _gain(truth_mv, laid_mv, compared, recording.fs_hz)
    return Estimate(
        name=name,
        reconstruction=replace(
            _reconstruction(name, estimate, laid_mv, origins, stated),
            others=_others(recording, estimate, found.lag, step_mv),
        ),
        compared=compared,
        lag_ms=1000 * found.lag / recording.fs_hz,
        correlation=found.correlation,
        from_hz=estimate.fs_hz,
        resampled=estimate.fs_hz != recording.fs_hz,
        overlap_s=shared / recording.fs_hz,
        gain=gain,
        stated=bool(stated.origins),
        remarks=_remarks(name, recording, compared, origins, found, gain),
    )


def _at_rate(signals_mv: NDArray[np.float32], from_hz: float, to_hz: float) -> NDArray[np.float32]:
    """Give leads another rate, shape (leads, samples); gaps stay gaps."""
    ratio = RateRatio.between(from_hz, to_hz)
    if ratio.up == ratio.down:
        return signals_mv
    gaps = ~np.isfinite(signals_mv)
    resampled_mv = resample(fill_gaps(signals_mv), ratio).astype(np.float32, copy=False)
    if gaps.any():
        # A sample between two of the estimate's is known if both are.
        places = np.arange(resampled_mv.shape[1]) * ratio.down
        before = np.minimum(places // ratio.up, signals_mv.shape[1] - 1)
        after = np.minimum(-(-places // ratio.up), signals_mv.shape[1] - 1)
        resampled_mv[gaps[:, before] | gaps[:, after]] = np.nan
    return resampled_mv


def _place(
    truth_mv: NDArray[np.float32],
    resampled_mv: NDArray[np.float32],
    compared: Sequence[str],
    fs_hz: float,
    may_move: bool,
) -> Alignment:
    found = align(truth_mv, resampled_mv[[LEAD_INDEX[lead] for lead in compared]], fs_hz)
    return found if may_move else Alignment(0, found.unshifted, found.unshifted)


def _laid(
    resampled_mv: NDArray[np.float32], lag: int, n_samples: int
) -> tuple[NDArray[np.float32], int]:
    """Move by a lag and cut or fill up to a length; with the number of samples shared."""
    laid_mv = np.full((len(resampled_mv), n_samples), np.nan, dtype=np.float32)
    start, stop = max(0, -lag), min(n_samples, resampled_mv.shape[1] - lag)
    if stop > start:
        laid_mv[:, start:stop] = resampled_mv[:, start + lag : stop + lag]
    return laid_mv, max(0, stop - start)


def _others(
    recording: Recording, estimate: Recording, lag: int, step_mv: float
) -> dict[str, NDArray[np.float32]]:
    """Lay the estimate's leads of other systems too; those that equal the recording's are none."""
    if not estimate.other_leads:
        return {}
    read_mv = estimate.read(estimate.other_leads)
    resampled_mv = _at_rate(read_mv, estimate.fs_hz, recording.fs_hz)
    laid_mv, _ = _laid(resampled_mv, lag, recording.n_samples)
    others = dict(zip(estimate.other_leads, laid_mv, strict=True))
    for lead in set(others) & set(recording.other_leads):
        if are_equal(others[lead], recording.read([lead])[0], step_mv):
            del others[lead]
    return others


def _gain(
    truth_mv: NDArray[np.float32],
    laid_mv: NDArray[np.float32],
    compared: Sequence[str],
    fs_hz: float,
) -> float:
    """Median over the leads of the ratio of their root mean squares; NaN where all are flat.

    Of the two minutes in the middle of what both share.
    """
    laid_mv = laid_mv[[LEAD_INDEX[lead] for lead in compared]]
    shared = np.flatnonzero(np.isfinite(laid_mv).any(axis=0))
    if not shared.size:
        return float("nan")
    middle, half = int(shared[shared.size // 2]), round(_GAIN_FROM_S * fs_hz / 2)
    part = slice(max(0, middle - half), middle + half)
    truth_mv, laid_mv = clean(truth_mv[:, part], fs_hz), clean(laid_mv[:, part], fs_hz)
    both = np.isfinite(truth_mv) & np.isfinite(laid_mv)
    power = [np.where(both, signal_mv, 0.0) ** 2 for signal_mv in (truth_mv, laid_mv)]
    truth, estimate = (one.sum(axis=1, dtype=np.float64) for one in power)
    ratios = np.sqrt(estimate[truth > 0] / truth[truth > 0])
    return float(np.median(ratios)) if ratios.size else float("nan")


def _reconstruction(
    name: str,
    estimate: Recording,
    laid_mv: NDArray[np.float32],
    origins: dict[str, Origin],
    stated: Provenance,
) -> Reconstruction:
    half_hz = estimate.fs_hz / 2
    return Reconstruction(
        available=tuple(lead for lead in LEADS if origins[lead] is Origin.MEASURED),
        origins=origins,
        source=ArraySource(laid_mv),
        model_name=name,
        bandwidth_hz=min(stated.bandwidth_hz or half_hz, half_hz),
        device="",
        elapsed_s=0.0,
        absent=tuple(lead for lead in LEADS if lead not in estimate.leads),
    )


def _remarks(
    name: str,
    recording: Recording,
    compared: Sequence[str],
    origins: dict[str, Origin],
    found: Alignment,
    gain: float,
) -> tuple[ImportWarning, ...]:
    remarks = _doubts(name, recording, found, gain)
    if all(origins[lead] is not Origin.RECONSTRUCTED for lead in compared):
        remarks.append(
            ImportWarning(
                "nothing-estimated",
                f"Every lead of {name} that {recording.name} has equals it, or follows from those "
                "that do: there is nothing to compare.",
                "Is it a copy of the recording?",
            )
        )
    return tuple(remarks)


def _doubts(name: str, recording: Recording, found: Alignment, gain: float) -> list[ImportWarning]:
    """Say where it may be another recording, or in another unit."""
    doubts = []
    if not found.correlation >= SAME_RECORDING:
        doubts.append(
            ImportWarning(
                "other-recording",
                f"{name} and {recording.name} look like different recordings "
                f"(correlation of their leads: {found.correlation:.2f}).",
                "Is it the right file? It is compared all the same.",
            )
        )
    if gain > _OTHER_GAIN or gain < 1 / _OTHER_GAIN:
        doubts.append(
            ImportWarning(
                "other-gain",
                # Two digits, but 1000 and not 1e+03.
                f"The waves of {name} are {float(f'{gain:.2g}'):g} times as high as those of "
                f"{recording.name}.",
                "Is the unit of one of the files right?",
            )
        )
    return doubts

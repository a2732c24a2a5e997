"""How well an estimate of a lead agrees with the lead: numpy only, no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.interval_fit import IntervalFit, IntervalTally
from ecgview.engine.moments import FLAT_MV, LEAST_SAMPLES
from ecgview.leads import CHEST_LEADS, LEADS, Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filters import clean as clean_filter
from ecgview.signals.filters import median

_AT_ONCE_SAMPLES = 300_000
"""Longer stretches are compared block by block; ten minutes at 500 Hz are not."""

Figures = tuple[float | None, float | None, float | None, float | None]
"""PCC, RMSE and largest difference in uV, and R2."""
_NO_FIGURES: Figures = (None, None, None, None)
NO_FITS: Mapping[str, tuple[IntervalFit, ...]] = MappingProxyType({})


def correlation(truth: NDArray[np.floating], estimate: NDArray[np.floating]) -> NDArray[np.float64]:
    """Pearson correlation along the last axis; NaN where either is flat, or of two samples.

    Parameters
    ----------
    truth, estimate : ndarray, shape (..., samples)
        Without gaps.

    Returns
    -------
    ndarray, shape (...)
        PCC between -1 and 1.
    """
    a = truth - truth.mean(axis=-1, keepdims=True, dtype=np.float64)
    b = estimate - estimate.mean(axis=-1, keepdims=True, dtype=np.float64)
    power = (a * a).mean(axis=-1) * (b * b).mean(axis=-1)
    if truth.shape[-1] < LEAST_SAMPLES:
        return np.full_like(power, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(power > FLAT_MV**4, (a * b).mean(axis=-1) / np.sqrt(power), np.nan)


def r_squared(truth: NDArray[np.floating], estimate: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share of the truth's variance that the estimate explains, NaN where the truth is flat.

    Parameters
    ----------
    truth, estimate : ndarray, shape (..., samples)
        Without gaps; both about zero.

    Returns
    -------
    ndarray, shape (...)
        ``1 - mean squared error / variance``; below zero for an estimate worse than the mean.
    """
    variance = np.var(truth, axis=-1, dtype=np.float64)
    error = np.square(estimate - truth).mean(axis=-1, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(variance > FLAT_MV**2, 1 - error / variance, np.nan)


def rmse(truth: NDArray[np.floating], estimate: NDArray[np.floating]) -> NDArray[np.float64]:
    """Root of the mean squared error along the last axis, in the unit of the signals.

    Parameters
    ----------
    truth, estimate : ndarray, shape (..., samples)
        Without gaps.

    Returns
    -------
    ndarray, shape (...)
        Never negative.
    """
    return np.sqrt(np.square(estimate - truth).mean(axis=-1, dtype=np.float64))


@dataclass(frozen=True)
class LeadAgreement:
    """Agreement of one lead; None where it is not defined (no reference, flat, measured).

    Attributes
    ----------
    lead : str
        Standard name.
    origin : Origin
        Where the lead comes from.
    pcc : float or None
        Correlation with the recorded lead.
    rmse_uv, max_uv : float or None
        Root-mean-square and largest difference in microvolts.
    r2 : float or None
        Share of the recorded lead's variance that the estimate explains.
    intervals : tuple of IntervalFit
        Width and coverage of its interval at each level; empty where it has none.
    """

    lead: str
    origin: Origin
    pcc: float | None = None
    rmse_uv: float | None = None
    max_uv: float | None = None
    r2: float | None = None
    intervals: tuple[IntervalFit, ...] = ()

    def interval_at(self, level: float) -> IntervalFit | None:
        """Give the interval of a level; None where there is none."""
        return next((fit for fit in self.intervals if fit.level == level), None)


@dataclass(frozen=True)
class Agreement:
    """Agreement of all twelve leads over a recording or a stretch of it.

    Attributes
    ----------
    rows : tuple of LeadAgreement
        One for each of the twelve leads, in standard order.
    clean : bool
        Whether both signals were high-passed at 0.5 Hz.
    mean_pcc_chest, mean_pcc_all : float or None
        Means over the reconstructed chest leads, and over all reconstructed leads.
    n_chest, n_all : int
        How many leads these means are over.
    others : tuple of LeadAgreement
        Estimated leads of other systems that were recorded too, such as VX, VY, VZ.
    covered : tuple of (int, int)
        Samples ``[start, stop)`` that the figures are over, where that is not all that was asked
        for: of a long recording that is still being rebuilt. Empty for all.
    """

    rows: tuple[LeadAgreement, ...]
    clean: bool
    mean_pcc_chest: float | None
    n_chest: int
    mean_pcc_all: float | None
    n_all: int
    others: tuple[LeadAgreement, ...] = ()
    covered: tuple[tuple[int, int], ...] = ()


def agreement(
    recording: Recording,
    reconstruction: Reconstruction,
    *,
    clean: bool,
    start: int = 0,
    stop: int | None = None,
) -> Agreement:
    """Compare a reconstruction with its recording, at the recording's rate, medians removed.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    reconstruction : Reconstruction
        What was made of some of its leads.
    clean : bool
        Whether to high-pass both at 0.5 Hz (zero phase) first.
    start, stop : int
        Samples ``[start, stop)``; the whole recording by default.

    Returns
    -------
    Agreement
        Correlations are given for reconstructed leads, differences for derived leads too.
    """
    stop = recording.n_samples if stop is None else stop
    if stop - start > _AT_ONCE_SAMPLES or not reconstruction.is_whole:
        from ecgview.engine.tally import tally_of

        return tally_of(recording, reconstruction, clean=clean, start=start, stop=stop).agreement()
    compared = compared_leads(recording, reconstruction) if stop > start else ()
    figures: dict[str, Figures] = {}
    truth = estimate = np.empty((0, max(0, stop - start)), dtype=np.float32)
    if compared:
        truth = recording.read(compared, start, stop)
        estimate = reconstruction.read(compared, start, stop)
        if clean:
            fs_hz = recording.fs_hz
            truth, estimate = clean_filter(truth, fs_hz), clean_filter(estimate, fs_hz)
        its = figures_of(truth, estimate, recording.fs_hz, clean=False)
        figures = dict(zip(compared, its, strict=True))
    intervals = IntervalTally(recording, reconstruction, clean=clean)
    intervals.add(start, compared, truth, estimate)
    others = _other_figures(recording, reconstruction, clean, slice(start, stop))
    return agreement_of(reconstruction, figures, others, clean, fits=intervals.fits())


def compared_leads(recording: Recording, reconstruction: Reconstruction) -> tuple[str, ...]:
    """Tell which leads of a recording an estimate is compared with: not those it was given."""
    return tuple(
        lead
        for lead in recording.leads
        if reconstruction.origins[lead] not in _exact(lead, recording)
        and lead not in reconstruction.absent
    )


def agreement_of(
    reconstruction: Reconstruction,
    figures: Mapping[str, Figures],
    others: Mapping[str, Figures],
    clean: bool,
    covered: tuple[tuple[int, int], ...] = (),
    fits: Mapping[str, tuple[IntervalFit, ...]] = NO_FITS,
) -> Agreement:
    """Put the figures of single leads together.

    Parameters
    ----------
    reconstruction : Reconstruction
        What was compared.
    figures, others : mapping of str to tuple
        PCC, RMSE and largest difference in uV, and R2 of the twelve leads that were compared, and
        of leads of other systems.
    clean : bool
        Whether both signals were high-passed.
    covered : tuple of (int, int)
        See `Agreement`.
    fits : mapping of str to tuple of IntervalFit
        Widths and coverage of the intervals of reconstructed leads.

    Returns
    -------
    Agreement
        With the means over the reconstructed leads.
    """
    rows = tuple(
        _with_intervals(_row(lead, reconstruction.origins[lead], figures), fits.get(lead, ()))
        for lead in LEADS
    )
    chest = [row.pcc for row in rows if row.pcc is not None and row.lead in CHEST_LEADS]
    every = [row.pcc for row in rows if row.pcc is not None]
    its = tuple(_row(lead, Origin.RECONSTRUCTED, others) for lead in others)
    return Agreement(rows, clean, _mean(chest), len(chest), _mean(every), len(every), its, covered)


def _exact(lead: str, recording: Recording) -> tuple[Origin, ...]:
    """Origins that leave nothing to compare: what is algebra in the recording is so in both."""
    both = lead in recording.derived_leads
    return (Origin.MEASURED, Origin.DERIVED) if both else (Origin.MEASURED,)


def _other_figures(
    recording: Recording, reconstruction: Reconstruction, clean: bool, part: slice
) -> dict[str, Figures]:
    leads = [lead for lead in recording.other_leads if lead in reconstruction.others]
    if not leads or part.stop <= part.start:
        return {}
    truth = recording.read(leads, part.start, part.stop)
    estimate = np.stack([reconstruction.others[lead][part] for lead in leads])
    figures = figures_of(truth, estimate, recording.fs_hz, clean)
    return dict(zip(leads, figures, strict=True))


def _row(lead: str, origin: Origin, figures: Mapping[str, Figures]) -> LeadAgreement:
    pcc, rmse_uv, max_uv, r2 = figures.get(lead, _NO_FIGURES)
    if origin is not Origin.RECONSTRUCTED:
        pcc = r2 = None
    return LeadAgreement(lead, origin, pcc, rmse_uv, max_uv, r2)


def _with_intervals(row: LeadAgreement, fits: Iterable[IntervalFit]) -> LeadAgreement:
    """Add a lead's intervals; how much of a flat lead they hold says nothing."""
    if row.rmse_uv is None:
        fits = (replace(fit, coverage=None) for fit in fits)
    return replace(row, intervals=tuple(fits))


def _mean(values: Iterable[float]) -> float | None:
    collected = list(values)
    return float(np.mean(collected)) if collected else None


def figures_of(
    truth: NDArray[np.floating], estimate: NDArray[np.floating], fs_hz: float, clean: bool
) -> Iterable[Figures]:
    """Figures of each lead, over samples that both have."""
    if clean:
        truth, estimate = clean_filter(truth, fs_hz), clean_filter(estimate, fs_hz)
    together = np.isfinite(truth) & np.isfinite(estimate)
    if together.all():
        yield from _gapless_figures(truth, estimate)
        return
    for a, b, both in zip(truth, estimate, together, strict=True):
        if both.any():
            yield from _gapless_figures(a[None, both], b[None, both])
        else:
            yield _NO_FIGURES


def _gapless_figures(
    truth: NDArray[np.floating], estimate: NDArray[np.floating]
) -> Iterable[Figures]:
    truth = truth - median(truth)[:, None]
    estimate = estimate - median(estimate)[:, None]
    pcc, rmse_uv = correlation(truth, estimate), 1000 * rmse(truth, estimate)
    max_uv = 1000 * np.abs(truth - estimate).max(axis=-1)
    r2 = r_squared(truth, estimate)
    flat = np.ptp(truth, axis=-1) < FLAT_MV
    for row in range(len(truth)):
        if flat[row]:
            yield _NO_FIGURES
        else:
            yield _defined(pcc[row]), float(rmse_uv[row]), float(max_uv[row]), _defined(r2[row])


def _defined(value: np.floating) -> float | None:
    return None if np.isnan(value) else float(value)

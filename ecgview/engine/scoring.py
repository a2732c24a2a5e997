"""One row of the table from recorded and estimated leads: numpy only, no torch."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.bootstrap import PatientBootstrap, interval
from ecgview.engine.input_sets import known_leads
from ecgview.engine.metrics import correlation, r_squared, rmse
from ecgview.engine.scores import MEASURES, LeadScore, SetScore, Summary
from ecgview.errors import ModelError
from ecgview.leads import CHEST_LEADS, LEADS
from ecgview.signals.beats import Beats, find_beats, r_amplitudes
from ecgview.signals.filters import clean
from ecgview.signals.resampling import RateRatio, resample

TABLE_FS_HZ = 125.0
TABLE_SAMPLES = 1024

Figures = dict[str, NDArray[np.float64]]
"""By the names of `MEASURES`, shape (recordings, leads)."""


@dataclass(frozen=True, eq=False)
class ScoredSet:
    """A row with the draws behind its intervals.

    Attributes
    ----------
    score : SetScore
        The row.
    draws : dict of str to ndarray, shape (draws,)
        Mean of each measure in each draw of patients.
    """

    score: SetScore
    draws: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class _Versions:
    """Raw and clean versions of the same leads, cut for the table."""

    raw: NDArray[np.floating]
    clean: NDArray[np.floating]
    whole: NDArray[np.floating]

    @classmethod
    def of(cls, signals_mv: NDArray[np.floating], fs_hz: float) -> _Versions:
        signals_mv = resample(signals_mv, RateRatio.between(fs_hz, TABLE_FS_HZ))
        whole = clean(signals_mv, TABLE_FS_HZ)
        raw = signals_mv[..., :TABLE_SAMPLES]
        raw = raw - np.median(raw, axis=-1, keepdims=True)
        return cls(raw, whole[..., :TABLE_SAMPLES], whole)


@dataclass(frozen=True, eq=False)
class _Windows:
    """Where the beats of each recording are, by one measured lead."""

    beats: list[Beats]
    qrs: NDArray[np.float32]
    st_t: NDArray[np.float32]

    @classmethod
    def by(cls, lead_mv: NDArray[np.floating]) -> _Windows:
        beats = find_beats(lead_mv, TABLE_FS_HZ)
        qrs = np.stack([its.qrs_mask() for its in beats])[:, :TABLE_SAMPLES]
        st_t = np.stack([its.st_t_mask() for its in beats])[:, :TABLE_SAMPLES]
        return cls(beats, qrs.astype(np.float32), st_t.astype(np.float32))


class Truth:
    """What was recorded, prepared once for all models and sets.

    Parameters
    ----------
    twelve_mv : ndarray, shape (recordings, 12, samples)
        All leads, medians removed, without gaps.
    fs_hz : float
        Their rate.
    patients : sequence of str
        Patient of each recording.
    leads : sequence of str
        The leads, where they are not the twelve.
    """

    def __init__(
        self,
        twelve_mv: NDArray[np.floating],
        fs_hz: float,
        patients: Sequence[str],
        leads: Sequence[str] = LEADS,
    ) -> None:
        self.leads = tuple(leads)
        self.fs_hz = fs_hz
        self.patients = tuple(patients)
        self.bootstrap = PatientBootstrap(self.patients)
        self._versions = _Versions.of(twelve_mv, fs_hz)
        self._windows: dict[str, _Windows] = {}

    def score(
        self, model: str, available: tuple[str, ...], estimate_mv: NDArray[np.floating]
    ) -> ScoredSet:
        """Compare estimates with what was recorded.

        Parameters
        ----------
        model : str
            Name for the row.
        available : tuple of str
            What the model was given.
        estimate_mv : ndarray, shape (recordings, 12, samples)
            At the rate of the truth; NaN in leads that the model does not give.

        Returns
        -------
        ScoredSet
            The row; leads that are NaN in all recordings do not appear.

        Raises
        ------
        ModelError
            If that is so of every lead.
        """
        known = self._known(available)
        rows = np.array([row for row, lead in enumerate(self.leads) if lead not in known])
        failed = ~np.isfinite(estimate_mv[:, rows]).all(axis=-1)
        given = ~failed.all(axis=0)
        if not given.any():
            raise ModelError(
                f"{model} gives no lead from {', '.join(available)}.",
                "Its weights may be those of a training run that failed.",
            )
        rows, failed = rows[given], failed[:, given]
        estimate_mv = estimate_mv[:, rows]
        estimate_mv[failed] = 0
        figures = self._figures(rows, _Versions.of(estimate_mv, self.fs_hz), available)
        for values in figures.values():
            values[failed] = np.nan
        return self._summed_up(model, available, rows, figures)

    def errors(
        self, estimate_mv: NDArray[np.floating], rows: Sequence[int]
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Subtract what was recorded from some leads of an estimate, as the tables do.

        Parameters
        ----------
        estimate_mv : ndarray, shape (recordings, 12, samples)
            At the rate of the truth.
        rows : sequence of int
            Which leads.

        Returns
        -------
        clean, raw : ndarray, shape (recordings, rows, `TABLE_SAMPLES`)
            Errors of signals high-passed at 0.5 Hz, and of those with medians removed.
        """
        rows = list(rows)
        estimate = _Versions.of(estimate_mv[:, rows], self.fs_hz)
        return (
            estimate.clean - self._versions.clean[:, rows],
            estimate.raw - self._versions.raw[:, rows],
        )

    def segments(self, available: tuple[str, ...]) -> NDArray[np.bool_]:
        """Flag QRS, ST-T and baseline, shape (recordings, 3, `TABLE_SAMPLES`); see `windows`."""
        windows = self.windows(available)
        qrs, st_t = windows.qrs > 0, windows.st_t > 0
        return np.stack([qrs, st_t, ~(qrs | st_t)], axis=1)

    def windows(self, available: tuple[str, ...]) -> _Windows:
        """Beats by a measured lead: II where it is known, so that most sets share them.

        A transform of other leads knows none: any lead recorded here serves.
        """
        known = [lead for lead in self._known(available) if lead in self.leads]
        known = known or list(self.leads)
        lead = "II" if "II" in known else known[0]
        if lead not in self._windows:
            self._windows[lead] = _Windows.by(self._versions.whole[:, self.leads.index(lead)])
        return self._windows[lead]

    def _known(self, available: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the twelve leads that are known; none to a transform of other leads."""
        return known_leads(tuple(lead for lead in available if lead in LEADS))

    def _figures(
        self, rows: NDArray[np.int_], estimate: _Versions, available: tuple[str, ...]
    ) -> Figures:
        windows = self.windows(available)
        figures: Figures = {}
        for version in ("raw", "clean"):
            truth_mv = getattr(self._versions, version)[:, rows]
            estimate_mv = getattr(estimate, version)
            figures[f"{version}_pcc"] = correlation(truth_mv, estimate_mv)
            figures[f"{version}_r2"] = r_squared(truth_mv, estimate_mv)
            figures[f"{version}_rmse_uv"] = 1000 * rmse(truth_mv, estimate_mv)
            error = np.square(estimate_mv - truth_mv)
            figures[f"{version}_qrs_rmse_uv"] = 1000 * np.sqrt(_within(error, windows.qrs))
        # What is left over of the loop is clean.
        power = np.square(truth_mv)
        for name, mask in (("qrs", windows.qrs), ("st_t", windows.st_t)):
            inside = np.einsum("rls,rs->rl", error, mask)
            figures[f"clean_{name}_error_share"] = _ratio(inside, error.sum(axis=-1))
            ratio = _ratio(inside, np.einsum("rls,rs->rl", power, mask))
            figures[f"clean_{name}_error_ratio"] = ratio
            time_share = mask.mean(axis=-1, dtype=np.float64)[:, None]
            figures[f"{name}_time_share"] = np.repeat(time_share, len(rows), axis=1)
        true_r = _r_amplitudes(self._versions.whole[:, rows], windows.beats)
        figures["clean_r_uv"] = 1000 * true_r
        figures["clean_r_bias_uv"] = 1000 * (_r_amplitudes(estimate.whole, windows.beats) - true_r)
        return figures

    def _summed_up(
        self, model: str, available: tuple[str, ...], rows: NDArray[np.int_], figures: Figures
    ) -> ScoredSet:
        chest = np.array([self.leads[row] in CHEST_LEADS for row in rows])
        # With all chest leads given only limb leads remain: the row is then about those.
        headline = chest if chest.any() else ~chest
        by_lead: list[dict[str, Summary]] = [{} for _ in rows]
        of_set: dict[str, Summary] = {}
        set_draws: dict[str, NDArray[np.float64]] = {}
        with warnings.catch_warnings():
            # A lead that is flat in every recording has no PCC, and that is no mistake.
            warnings.simplefilter("ignore", RuntimeWarning)
            for measure in MEASURES:
                values = figures[measure]
                draws = self.bootstrap.means(values)
                means = np.nanmean(values, axis=0)
                for column, summaries in enumerate(by_lead):
                    summaries[measure] = _summary(
                        means[column], values[:, column], draws[:, column]
                    )
                set_draws[measure] = draws[:, headline].mean(axis=1)
                of_set[measure] = _summary(
                    means[headline].mean(), values[:, headline], set_draws[measure]
                )
        leads = tuple(
            LeadScore(its, self.leads[row]) for its, row in zip(by_lead, rows, strict=True)
        )
        return ScoredSet(SetScore(of_set, model, available, len(self.patients), leads), set_draws)


def _within(error: NDArray[np.floating], mask: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean inside a mask, shape (recordings, leads); NaN where the mask is empty."""
    return _ratio(np.einsum("rls,rs->rl", error, mask), mask.sum(axis=-1)[:, None])


def _ratio(above: NDArray[np.floating], below: NDArray[np.floating]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above.astype(np.float64) / below, np.nan)


def _r_amplitudes(signals_mv: NDArray[np.floating], beats: list[Beats]) -> NDArray[np.float64]:
    pairs = zip(signals_mv, beats, strict=True)
    return np.stack([r_amplitudes(leads_mv, its, TABLE_SAMPLES) for leads_mv, its in pairs])


def _summary(mean: float, values: NDArray[np.floating], draws: NDArray[np.floating]) -> Summary:
    p05, p95 = np.nanpercentile(values, [5, 95])
    return Summary(
        float(mean), float(np.nanmedian(values)), float(p05), float(p95), *interval(draws)
    )

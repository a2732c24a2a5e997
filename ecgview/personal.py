"""A calibration to one person: what a full twelve-lead ECG of theirs taught, ready to be applied.

It turns what a network gave, sample by sample, into leads of this person: least squares, shrunken
towards the network's own output. Nothing here learns; see `ecgview.engine.personal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError, ModelError
from ecgview.record_facts import Patient

LAG_S = 0.024
"""The network's leads are taken at three times: now, and so long before and after."""

Situation = Literal["earlier", "same"]
"""Whether it was learnt from another recording of the person, or from a stretch of the same."""


def lagged(signals_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.floating]:
    """Put leads beside themselves `LAG_S` before and after; at the ends the last value is held.

    Parameters
    ----------
    signals_mv : ndarray, shape (leads, samples)
        Without gaps.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    ndarray, shape (3 * leads, samples)
        Now, before, after.
    """
    lag = lag_samples(fs_hz)
    padded = np.pad(signals_mv, ((0, 0), (lag, lag)), mode="edge")
    n_samples = signals_mv.shape[1]
    return np.concatenate(
        [padded[:, start : start + n_samples] for start in (lag, 0, 2 * lag)], axis=0
    )


def lag_samples(fs_hz: float) -> int:
    """Give `LAG_S` in samples, at least one."""
    return max(1, round(LAG_S * fs_hz))


@dataclass(frozen=True)
class LeadCheck:
    """How well one lead of the calibration ECG is rebuilt, before and after.

    Each half of it is rebuilt by what the other half taught; signals are high-passed at 0.5 Hz.

    Attributes
    ----------
    lead : str
        Standard name.
    pcc_before, pcc_after : float or None
        Correlation with the recorded lead; None where it is flat.
    rmse_before_uv, rmse_after_uv : float
        Root-mean-square difference in microvolts.
    """

    lead: str
    pcc_before: float | None
    pcc_after: float | None
    rmse_before_uv: float
    rmse_after_uv: float


@dataclass(frozen=True, eq=False)
class PersonalCalibration:
    """What one twelve-lead ECG taught about its person, for one model and one set of leads.

    Attributes
    ----------
    available : tuple of str
        Leads that the model is given.
    leads : tuple of str
        Independent leads that it estimates and this corrects.
    model_name, model_sha256 : str
        Of the model.
    fs_hz : float
        The model's rate.
    matrix : ndarray, shape (leads, 24)
        From `lagged` independent leads as the model gave them, in mV, to `leads`.
    situation : {"earlier", "same"}
        Where it was learnt.
    shrinkage : float
        0 for plain least squares; the larger, the closer to the network's own output.
    seconds : float
        How much was learnt from.
    start_s : float
        Where that began in its recording.
    interval_factor : float
        What validation allows the interval to be multiplied with; 1 for as it was.
    checks : tuple of LeadCheck
        The calibration ECG itself, before and after.
    beat_mv : ndarray, shape (leads, samples)
        Average QRS complex of the available leads, to notice another person by; no samples where
        there is none.
    date : str
        When it was recorded, ISO 8601; empty where the file does not say.
    patient : Patient
        Whom its file names; kept in memory only, to compare with.
    """

    available: tuple[str, ...]
    leads: tuple[str, ...]
    model_name: str
    model_sha256: str
    fs_hz: float
    matrix: NDArray[np.float64]
    situation: Situation
    shrinkage: float
    seconds: float
    start_s: float
    interval_factor: float
    checks: tuple[LeadCheck, ...]
    beat_mv: NDArray[np.float64]
    date: str = ""
    patient: Patient = field(default_factory=Patient)

    def apply(self, independent_mv: NDArray[np.floating]) -> NDArray[np.float32]:
        """Correct what the model gave.

        Parameters
        ----------
        independent_mv : ndarray, shape (8, samples)
            The independent leads at the model's rate, known ones as they came.

        Returns
        -------
        ndarray, shape (leads, samples)
            In mV.
        """
        features = lagged(independent_mv, self.fs_hz)
        return (self.matrix.astype(np.float32) @ features).astype(np.float32, copy=False)

    def require(self, model_name: str, model_sha256: str, available: Sequence[str]) -> None:
        """Refuse another model or other leads than it was learnt for.

        Raises
        ------
        ModelError, LeadError
            With what to do instead.
        """
        if model_sha256 != self.model_sha256 or model_name != self.model_name:
            raise ModelError(
                f"The calibration is for {self.model_name}, not {model_name}.",
                "Calibrate again with this model.",
            )
        if tuple(available) != self.available:
            raise LeadError(
                f"The calibration is for {', '.join(self.available)}, not {', '.join(available)}.",
                "Calibrate again with these leads.",
            )

    @property
    def source_words(self) -> str:
        """Say where it was learnt: ``an ECG of 2 Mar 1988, 10 s``."""
        if self.situation == "same":
            stop_s = self.start_s + self.seconds
            return f"{_second(self.start_s)} to {_second(stop_s)} s of this recording"
        day, long = day_words(self.date), f"{_second(self.seconds)} s"
        return f"an ECG of {day}, {long}" if day else f"another ECG, {long}"


def _second(value: float) -> str:
    return f"{round(value, 2):.10g}"


def day_words(started: str) -> str:
    """Word the day of an ISO 8601 time: ``2 Mar 1988``; empty where there is none."""
    try:
        day = datetime.fromisoformat(started)
    except ValueError:
        return ""
    return f"{day.day} {day:%b %Y}"


def mean_checks(checks: Sequence[LeadCheck]) -> LeadCheck | None:
    """Average the checks of some leads; None of no lead, or where all are flat.

    Returns
    -------
    LeadCheck
        Its `lead` says how many.
    """
    defined = [one for one in checks if one.pcc_before is not None and one.pcc_after is not None]
    if not defined:
        return None
    figures = [
        float(np.mean([getattr(one, name) for one in defined]))
        for name in ("pcc_before", "pcc_after", "rmse_before_uv", "rmse_after_uv")
    ]
    return LeadCheck(f"mean of {len(defined)}", *figures)

"""The figures of an evaluation as plain data: no torch, so that windows may read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields

from ecgview.engine.intervals.coverage import Cell

MEASURES = (
    "raw_pcc",
    "raw_r2",
    "raw_rmse_uv",
    "raw_qrs_rmse_uv",
    "clean_pcc",
    "clean_r2",
    "clean_rmse_uv",
    "clean_qrs_rmse_uv",
    "clean_qrs_error_share",
    "clean_st_t_error_share",
    "clean_qrs_error_ratio",
    "clean_st_t_error_ratio",
    "qrs_time_share",
    "st_t_time_share",
    "clean_r_uv",
    "clean_r_bias_uv",
)
"""What is computed of each recording and lead.

*Raw* signals have their medians removed, *clean* ones are high-passed at 0.5 Hz.
``qrs_rmse`` is taken inside QRS windows of a measured lead. The error shares say how much of the
squared error lies in the QRS and ST-T windows, the time shares how long these are, the error ratios
the squared error in them over the squared signal in them. ``r_uv`` is the recorded R amplitude,
``r_bias_uv`` what the estimate's has more (median over beats, above the level just before QRS).
"""


@dataclass(frozen=True)
class Summary:
    """One measure over recordings.

    Attributes
    ----------
    mean, median : float
        Of a lead: over recordings. Of a set: the mean over recordings, then over leads; the median
        over all pairs of recording and lead.
    p05, p95 : float
        Percentiles, over what the median is over.
    ci95_low, ci95_high : float
        95 % interval of the mean, by resampling patients.
    """

    mean: float
    median: float
    p05: float
    p95: float
    ci95_low: float
    ci95_high: float


STATISTICS = tuple(each.name for each in fields(Summary))
COLUMNS = tuple(f"{measure}_{statistic}" for measure in MEASURES for statistic in STATISTICS)
"""Columns of the tables: each measure with each statistic, such as ``clean_pcc_p05``."""


@dataclass(frozen=True)
class _Score:
    summaries: Mapping[str, Summary]

    def columns(self) -> dict[str, float | None]:
        """Give all figures by the names of `COLUMNS`; None where one is not defined."""
        return {
            f"{measure}_{statistic}": _plain(getattr(self.summaries[measure], statistic))
            for measure in MEASURES
            for statistic in STATISTICS
        }

    @property
    def raw_pcc(self) -> float:
        """Mean raw PCC."""
        return self.summaries["raw_pcc"].mean

    @property
    def raw_rmse_uv(self) -> float:
        """Mean raw RMSE."""
        return self.summaries["raw_rmse_uv"].mean

    @property
    def clean_pcc(self) -> float:
        """Mean clean PCC."""
        return self.summaries["clean_pcc"].mean

    @property
    def clean_rmse_uv(self) -> float:
        """Mean clean RMSE."""
        return self.summaries["clean_rmse_uv"].mean

    @property
    def clean_median(self) -> float:
        """Median clean PCC."""
        return self.summaries["clean_pcc"].median


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class LeadScore(_Score):
    """One reconstructed lead.

    Attributes
    ----------
    summaries : mapping of str to Summary
        By the names of `MEASURES`.
    lead : str
        Standard name.
    """

    lead: str


@dataclass(frozen=True)
class SetScore(_Score):
    """One row of the table: a model with one set of available leads.

    Attributes
    ----------
    summaries : mapping of str to Summary
        Over the reconstructed chest leads (over limb leads if all chest leads are available).
    model : str
        Name of the model.
    available : tuple of str
        What it was given.
    recordings : int
        How many recordings, or segments of them, the figures are over.
    leads : tuple of LeadScore
        Every reconstructed lead, limb leads too.
    """

    model: str
    available: tuple[str, ...]
    recordings: int
    leads: tuple[LeadScore, ...]

    def as_dict(self) -> dict[str, object]:
        """Give the row as plain JSON values."""
        return {
            "model": self.model,
            "available": list(self.available),
            "recordings": self.recordings,
            **self.columns(),
            "leads": [{"lead": lead.lead, **lead.columns()} for lead in self.leads],
        }


@dataclass(frozen=True)
class Difference:
    """How two rows of the table differ, over the same recordings.

    Attributes
    ----------
    model, available
        The row.
    other_model, other_available
        What is subtracted from it.
    means : dict of str to tuple of float
        Difference of the means of some measures, and the ends of its 95 % interval.
    """

    model: str
    available: tuple[str, ...]
    other_model: str
    other_available: tuple[str, ...]
    means: Mapping[str, tuple[float, float, float]]

    def columns(self) -> dict[str, float | None]:
        """Give the differences by names such as ``clean_pcc_difference_ci95_low``."""
        return {
            f"{measure}_difference{end}": _plain(value)
            for measure, values in self.means.items()
            for end, value in zip(("", "_ci95_low", "_ci95_high"), values, strict=True)
        }

    def as_dict(self) -> dict[str, object]:
        """Give the difference as plain JSON values."""
        return {
            "model": self.model,
            "available": list(self.available),
            "other_model": self.other_model,
            "other_available": list(self.other_available),
            **self.columns(),
        }


@dataclass(frozen=True, eq=False)
class Report:
    """Scores of some models over the same recordings.

    Attributes
    ----------
    sources : dict of str to int
        Data sets, with the number of recordings found in each.
    folds : tuple of int
        Folds the recordings are from.
    found, recordings, patients : int
        How many there were, how many were scored, and of how many patients.
    segments : int
        How many stretches of ten seconds were scored; a long recording gives several.
    left_out : dict of str to int
        Recordings left out, by reason.
    scores : tuple of SetScore
        A row for each model and set that it takes.
    differences : tuple of Difference
        Each network against the linear model from the same leads, and each set against the best
        one of its size.
    coverage : tuple of Cell
        How often recorded leads lie inside the intervals of models that have them.
    """

    sources: dict[str, int]
    folds: tuple[int, ...]
    found: int
    recordings: int
    patients: int
    segments: int
    left_out: dict[str, int]
    scores: tuple[SetScore, ...]
    differences: tuple[Difference, ...] = field(default=())
    coverage: tuple[Cell, ...] = field(default=())

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models, in order."""
        return tuple(dict.fromkeys(score.model for score in self.scores))

    def of(self, model: str) -> Iterator[SetScore]:
        """Rows of one model."""
        return (score for score in self.scores if score.model == model)

    def as_dict(self) -> dict[str, object]:
        """Give the report as plain JSON values."""
        return {
            "sources": self.sources,
            "folds": list(self.folds),
            "found": self.found,
            "recordings": self.recordings,
            "patients": self.patients,
            "segments": self.segments,
            "left_out": self.left_out,
            "scores": [score.as_dict() for score in self.scores],
            "differences": [difference.as_dict() for difference in self.differences],
            "coverage": [asdict(cell) for cell in self.coverage],
        }

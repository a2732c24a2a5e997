"""A made study of agreement: 120 people, a network that shrinks, and one that makes things up."""

from __future__ import annotations

import numpy as np

from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.studies.agreement.results import (
    MARKERS,
    AgreementReport,
    LeftOut,
    ModelFacts,
    RecordingFacts,
    Subset,
    Values,
)
from ecgview.studies.agreement.table import (
    matrices_of,
    number_of_tests,
    rows_of,
    too_few,
    with_best,
)

AVAILABLE = ("I",)
N = 120
_USUAL_UV = np.array([100.0, 900.0, -500.0, 40.0, 300.0])
_SPREAD_UV = np.array([30.0, 350.0, 250.0, 40.0, 120.0])


def example_report() -> AgreementReport:
    """A report of two models from lead I; HYP has too few patients."""
    subsets = (
        _subset("all", "All subjects", range(N)),
        _subset("normal", "Normals only", range(0, N, 2)),
        _subset("MI", "Myocardial infarction", range(1, N, 3)),
        _subset("HYP", "Hypertrophy", range(5)),
    )
    values = (_values("network", 0.0), _values("network-linear", 0.6))
    rows = [
        row
        for each in values
        for subset in subsets
        for row in rows_of(each, subset, _counts(each, subset))
    ]
    table = with_best(rows)
    return AgreementReport(
        command="ecgview agreement --data made --leads I --output out",
        version="0.0",
        sources={"made data": N + 1},
        folds=(9,),
        found=N + 1,
        patients=N,
        recordings=tuple(
            RecordingFacts(f"records/{n:05d}", f"/made/records/{n:05d}.hea", 0.0, _keys(n, subsets))
            for n in range(N)
        ),
        left_out=(LeftOut("records/00999", (), "flat lead"),),
        models=(
            ModelFacts("network", "A network", "unet", ("network.safetensors",), ("00ff",), "made"),
            ModelFacts(
                "network-linear",
                "Least squares",
                "least-squares",
                ("l.safetensors",),
                ("00",),
                "made",
            ),
        ),
        input_sets=(AVAILABLE,),
        subsets=subsets,
        values=values,
        rows=table,
        matrices=tuple(m for each in values for s in subsets for m in matrices_of(each, s)),
        tests=number_of_tests(table),
    )


def _subset(key: str, title: str, rows: range) -> Subset:
    reason = "" if len(rows) >= 10 else too_few(len(rows))
    return Subset(key, title, len(rows), len(rows), tuple(rows), reason)


def _keys(number: int, subsets: tuple[Subset, ...]) -> tuple[str, ...]:
    return tuple(subset.key for subset in subsets if number in subset.rows)


def _counts(values: Values, subset: Subset) -> np.ndarray:
    return np.isfinite(values.real_uv[list(subset.rows)]).sum(axis=0)


def _values(model: str, noise: float) -> Values:
    """Real amplitudes with something in common between leads, and estimates from that alone."""
    rng = np.random.default_rng(7)
    common = rng.normal(size=(N, 1, len(MARKERS)))
    own = rng.normal(size=(N, len(LEADS), len(MARKERS)))
    share = np.linspace(1.0, 0.3, len(LEADS))[:, None]
    real = _USUAL_UV + _SPREAD_UV * (share * common + np.sqrt(1 - share**2) * own)
    made_up = noise * np.random.default_rng(8).normal(size=own.shape)
    estimated = 1.02 * _USUAL_UV + _SPREAD_UV * (share * common + made_up)
    estimated[:, LEAD_INDEX["I"]] = real[:, LEAD_INDEX["I"]]
    real[3, :, 0] = np.nan  # no P wave
    leads = tuple(lead for lead in LEADS if lead not in AVAILABLE)
    return Values(model, AVAILABLE, leads, real, estimated, ("I",) * N)

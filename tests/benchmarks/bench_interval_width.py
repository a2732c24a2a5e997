"""How sharp intervals are: the network's against constant ones, all calibrated alike.

Fold 9, the eight sets, clean 90 % intervals, cross-fitted; the interval score is the width and 20
times what lies outside (Gneiting & Raftery 2007), the lower the better; segments count alike.
Coverage at the lower levels is told too.

``python tests/benchmarks/bench_interval_width.py PTB-XL [MODEL]``
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import find_model
from ecgview.engine.checkpoint import load_model
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import estimate_set, truth_of
from ecgview.engine.input_sets import QUALITY_SETS, known_leads
from ecgview.engine.intervals.conformal import conformal_quantile, log_of, sample_weights
from ecgview.engine.intervals.parts import N_PARTS, parts_left_out
from ecgview.engine.intervals.scoring import half_widths
from ecgview.engine.intervals.spread import load_spread
from ecgview.engine.preparation import load
from ecgview.engine.scoring import TABLE_FS_HZ, TABLE_SAMPLES
from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.leads import LEADS

Array = NDArray[np.floating]


def constant(errors_mv: Array, segments: NDArray[np.bool_], parts: NDArray[np.int64]) -> Array:
    """Half widths that are constant for each lead inside the segments given."""
    log_error, half_mv = log_of(errors_mv), np.zeros_like(errors_mv)
    weights, inside = sample_weights(segments), segments.any(axis=1)
    for part in range(1, N_PARTS + 1):
        rest = parts != part
        for row in range(errors_mv.shape[1]):
            log_size = conformal_quantile(log_error[rest, row], weights[rest], DEFAULT_LEVEL)
            half_mv[~rest, row] = inside[~rest] * np.exp(log_size)
    return half_mv


def main(folder: Path, name: str | None) -> None:
    card = find_model(name)
    model, spread = load_model(card), load_spread(card)
    assert spread is not None
    data = load(choose_entries([folder], (9,), None), TABLE_FS_HZ, cache=True)
    truth, parts = truth_of(data), parts_left_out(spread.card, data.entries)
    found: dict[str, list[tuple[float, float, float]]] = {}
    for available in QUALITY_SETS:
        estimate_mv = estimate_set(model, data.signals_mv, available)
        rows = [row for row, lead in enumerate(LEADS) if lead not in known_leads(available)]
        errors_mv, _ = truth.errors(estimate_mv, rows)
        segments = truth.segments(available)
        weights = sample_weights(segments)[:, None]
        half_mv = half_widths(spread, data.signals_mv, estimate_mv, available, parts)
        kinds = {
            "network": half_mv[:, rows, :TABLE_SAMPLES],
            "constant": constant(errors_mv, segments, parts),
            "constant in each segment": np.sum(
                [constant(errors_mv, segments[:, [one]], parts) for one in range(3)], axis=0
            ),
        }
        for level in LEVELS[:-1]:
            shares = np.stack([spread.shares(available, part)[level] for part in range(6)])
            kinds[f"network, {level:.0%}"] = kinds["network"] * shares[parts][:, rows, None]
        for kind, half in kinds.items():
            beyond_mv = np.maximum(np.abs(errors_mv) - half, 0)
            figures = (beyond_mv <= 0, 2000 * half, 2000 * half + 20_000 * beyond_mv)
            means = [float((weights * figure).sum(axis=-1).mean()) for figure in figures]
            found.setdefault(kind, []).append((means[0], means[1], means[2]))
    print(f"{'interval':<28}{'inside':>8}{'width uV':>10}{'interval score uV':>20}")
    for kind, rows_of_kind in found.items():
        inside, width_uv, score_uv = np.mean(rows_of_kind, axis=0)
        print(f"{kind:<28}{inside:>8.3f}{width_uv:>10.0f}{score_uv:>20.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)

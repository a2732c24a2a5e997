"""Coverage of a model's intervals over prepared recordings, as `ecgview evaluate` reports it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ecgview.engine.input_sets import known_leads
from ecgview.engine.intervals.batches import input_batches
from ecgview.engine.intervals.coverage import Cell, cells_of
from ecgview.engine.intervals.spread import Spread
from ecgview.engine.scoring import TABLE_SAMPLES, Truth
from ecgview.leads import LEADS


def coverage_cells(
    model: str,
    spread: Spread,
    signals_mv: NDArray[np.float32],
    truth: Truth,
    estimate_mv: NDArray[np.float32],
    available: tuple[str, ...],
    parts: NDArray[np.int64],
    groups: Sequence[str],
) -> Iterator[Cell]:
    """Count what lies inside the intervals of one set of available leads.

    Parameters
    ----------
    model : str
        Name for the cells.
    spread : Spread
        The interval of the model.
    signals_mv : ndarray, shape (recordings, 8, samples)
        As the model was given them, at `TABLE_FS_HZ`.
    truth : Truth
        Of the same recordings.
    estimate_mv : ndarray, shape (recordings, 12, samples)
        What it made of them.
    available : tuple of str
        What it was given.
    parts : ndarray of int, shape (recordings,)
        See `ecgview.engine.intervals.parts.parts_left_out`.
    groups : sequence of str
        See `ecgview.engine.intervals.coverage.groups_of`.
    """
    known = known_leads(available)
    rows = [row for row, lead in enumerate(LEADS) if lead not in known]
    half_mv = half_widths(spread, signals_mv, estimate_mv, available, parts)
    half_mv = half_mv[:, rows, :TABLE_SAMPLES]
    by_part = [spread.wander_mv(available, part)[rows] for part in range(parts.max() + 1)]
    raw_mv = np.hypot(half_mv, np.stack(by_part)[parts][:, :, None])
    errors_mv = truth.errors(estimate_mv, rows)
    leads = [LEADS[row] for row in rows]
    segments = truth.segments(available)
    yield from cells_of(model, available, leads, errors_mv, (half_mv, raw_mv), segments, groups)


def half_widths(
    spread: Spread,
    signals_mv: NDArray[np.float32],
    estimate_mv: NDArray[np.float32],
    available: tuple[str, ...],
    parts: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Give clean 90 % half widths of many recordings, shape (recordings, 12, samples).

    Parameters
    ----------
    spread, signals_mv, estimate_mv, available
        See `coverage_cells`; at the model's rate.
    parts : ndarray of int, optional
        As for `coverage_cells`; the calibration of all recordings if not given.
    """
    parts = np.zeros(len(signals_mv), dtype=np.int64) if parts is None else parts
    found = [
        spread.half_widths(signals, known, independent, torch.from_numpy(parts[part]))
        for part, signals, known, independent in input_batches(signals_mv, estimate_mv, available)
    ]
    return np.concatenate(found)

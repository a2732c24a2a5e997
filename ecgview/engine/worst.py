"""Where a reconstruction fails: windows whose correlation is low, joined and sorted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecgview.engine.tally import WindowFigures

THRESHOLD = 0.8


@dataclass(frozen=True)
class WorstRun:
    """Neighbouring windows in each of which some lead lies below the threshold.

    Attributes
    ----------
    start_s, stop_s : float
        The run, in seconds of the recording.
    at_s : float
        Where its worst window begins.
    lead : str
        The worst lead there.
    pcc : float
        Its correlation.
    windows : int
        How many windows the run is of.
    """

    start_s: float
    stop_s: float
    at_s: float
    lead: str
    pcc: float
    windows: int


def worst_runs(figures: WindowFigures, threshold: float = THRESHOLD) -> tuple[WorstRun, ...]:
    """List the runs of windows whose worst lead lies below a threshold, the worst first.

    Parameters
    ----------
    figures : WindowFigures
        Of a reconstruction; windows and leads without a correlation (flat, gap) do not count.
    threshold : float
        Correlations below this are listed.

    Returns
    -------
    tuple of WorstRun
        Sorted by correlation; of equal ones the earlier first.
    """
    if not figures.leads or figures.pcc.shape[1] == 0:
        return ()
    defined = np.where(np.isnan(figures.pcc), np.inf, figures.pcc)
    lowest, lead_rows = defined.min(axis=0), defined.argmin(axis=0)
    below = np.concatenate([[False], lowest < threshold, [False]])
    turns = np.flatnonzero(np.diff(below.astype(np.int8)))
    runs = []
    for first, last in zip(turns[::2], turns[1::2], strict=True):
        worst = first + int(np.argmin(lowest[first:last]))
        edges_s = (figures.edges[[first, last, worst]] / figures.fs_hz).tolist()
        lead, pcc = figures.leads[lead_rows[worst]], float(lowest[worst])
        runs.append(WorstRun(edges_s[0], edges_s[1], edges_s[2], lead, pcc, int(last - first)))
    return tuple(sorted(runs, key=lambda run: (run.pcc, run.start_s)))

"""Coverage of intervals: which share of samples lies inside, and how wide they are (no torch).

The share is taken inside a segment of a recording and averaged over recordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

SEGMENTS = ("QRS", "ST-T", "baseline")
EVERYONE = "all"
NORMAL, PATHOLOGICAL = "normal", "pathological"
GROUPS = (EVERYONE, NORMAL, PATHOLOGICAL)


@dataclass(frozen=True)
class Cell:
    """A cell of the table of coverage.

    Attributes
    ----------
    model : str
        Name of the model.
    available : str
        What it was given: ``I,II,V2``.
    lead, segment, group : str
        Reconstructed lead, one of `SEGMENTS`, one of `GROUPS`.
    recordings : int
        How many it is over.
    coverage, raw_coverage : float
        Mean share of samples inside, of signals high-passed at 0.5 Hz and of raw ones.
    width_uv, raw_width_uv : float
        Mean width of the interval, from end to end.
    """

    model: str
    available: str
    lead: str
    segment: str
    group: str
    recordings: int
    coverage: float
    raw_coverage: float
    width_uv: float
    raw_width_uv: float


@dataclass(frozen=True)
class CoverageSummary:
    """What the cells of a model come to.

    Attributes
    ----------
    cells : int
        How many.
    mean, low, high : float
        Of coverage over the cells.
    worst : Cell
        The one farthest from the nominal level.
    raw_mean, width_uv : float
        Mean raw coverage, and mean width.
    """

    cells: int
    mean: float
    low: float
    high: float
    worst: Cell
    raw_mean: float
    width_uv: float

    def as_dict(self) -> dict[str, object]:
        """Give it as plain JSON values."""
        return asdict(self)


def cells_of(
    model: str,
    available: Sequence[str],
    leads: Sequence[str],
    errors_mv: tuple[NDArray[np.floating], NDArray[np.floating]],
    halves_mv: tuple[NDArray[np.floating], NDArray[np.floating]],
    segments: NDArray[np.bool_],
    groups: Sequence[str],
) -> Iterator[Cell]:
    """Count what lies inside the intervals of one set of available leads.

    Parameters
    ----------
    model : str
        Its name.
    available, leads : sequence of str
        What it was given, and what it reconstructed.
    errors_mv, halves_mv : tuple of ndarray, shape (recordings, leads, samples)
        Errors of the estimates and half widths of their intervals, each clean and raw.
    segments : ndarray of bool, shape (recordings, 3, samples)
        In the order of `SEGMENTS`.
    groups : sequence of str
        `NORMAL`, `PATHOLOGICAL` or nothing, for each recording.

    Yields
    ------
    Cell
        For everyone, then for each group that occurs.
    """
    lengths = segments.sum(axis=-1)
    figures = [np.abs(error) <= half for error, half in zip(errors_mv, halves_mv, strict=True)]
    figures += [2000 * half for half in halves_mv]
    with np.errstate(invalid="ignore"):
        clean, raw, width, raw_width = (
            np.einsum("rls,rgs->rlg", figure.astype(np.float32), segments.astype(np.float32))
            / lengths[:, None]
            for figure in figures
        )
    its = np.array(groups)
    for group in GROUPS:
        members = np.ones(len(its), dtype=bool) if group == EVERYONE else its == group
        for row, lead in enumerate(leads):
            for number, segment in enumerate(SEGMENTS):
                counted = members & (lengths[:, number] > 0)
                if counted.any():
                    means = (
                        float(share[counted, row, number].mean())
                        for share in (clean, raw, width, raw_width)
                    )
                    name = ",".join(available)
                    yield Cell(model, name, lead, segment, group, int(counted.sum()), *means)


def groups_of(names: Sequence[str], normal: Mapping[str, bool]) -> list[str]:
    """Say which group each recording belongs to.

    Parameters
    ----------
    names : sequence of str
        Of the recordings.
    normal : mapping of str to bool
        Whether it is normal; those that are not in it belong to none.
    """
    words = {True: NORMAL, False: PATHOLOGICAL}
    return [words[normal[name]] if name in normal else "" for name in names]


def summed_up(cells: Sequence[Cell], level: float) -> CoverageSummary | None:
    """Sum up the cells of one model: those of the groups where there are any, else of everyone.

    Parameters
    ----------
    cells : sequence of Cell
        Of any models and sets.
    level : float
        Nominal coverage.

    Returns
    -------
    CoverageSummary or None
        None where there is no cell.
    """
    counted = [cell for cell in cells if cell.group != EVERYONE] or list(cells)
    if not counted:
        return None
    shares = [cell.coverage for cell in counted]
    return CoverageSummary(
        cells=len(counted),
        mean=float(np.mean(shares)),
        low=min(shares),
        high=max(shares),
        worst=max(counted, key=lambda cell: abs(cell.coverage - level)),
        raw_mean=float(np.mean([cell.raw_coverage for cell in counted])),
        width_uv=float(np.mean([cell.width_uv for cell in counted])),
    )

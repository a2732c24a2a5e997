"""The order of a table of recordings, and the figures it may be ordered by."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ecgview.catalogue.search import Mask, Rows
from ecgview.catalogue.shelf import Shelf
from ecgview.catalogue.triage import TriageFigures

COLUMNS = ("name", "age", "sex", "statements", "fold", "quality", "worst", "mean", "rmse")
"""What can be sorted by."""
FIGURES = ("worst", "mean", "rmse")
"""Columns that are empty until recordings are rebuilt."""


class Scores:
    """The figures of recordings, filled in one after another.

    Parameters
    ----------
    n_rows : int
        Recordings of the catalogue.
    """

    def __init__(self, n_rows: int) -> None:
        self.figures: dict[int, TriageFigures] = {}
        self.columns: Mapping[str, NDArray[np.float32]] = {
            name: np.full(n_rows, np.nan, dtype=np.float32) for name in FIGURES
        }
        self.known: Mask = np.zeros(n_rows, dtype=bool)

    def put(self, row: int, figures: TriageFigures) -> None:
        """Keep the figures of a recording."""
        self.figures[row] = figures
        self.known[row] = True
        values = (figures.worst_pcc, figures.mean_pcc, figures.rmse_uv)
        for name, value in zip(FIGURES, values, strict=True):
            self.columns[name][row] = np.nan if value is None else value


def ordered(
    shelf: Shelf, rows: Rows, column: str, scores: Scores | None = None, *, descending: bool = False
) -> Rows:
    """Sort rows of a catalogue.

    Parameters
    ----------
    shelf : Shelf
        The catalogue.
    rows : ndarray of int, shape (shown,)
        Rows to sort.
    column : str
        One of `COLUMNS`; anything else leaves the order of the data set.
    scores : Scores, optional
        For columns of figures.
    descending : bool
        The largest first.

    Returns
    -------
    ndarray of int, shape (shown,)
        Equals keep the order of the data set; rows without a value are last either way.
    """
    rows = np.sort(rows)
    if column not in COLUMNS or (column in FIGURES and scores is None):
        return rows[::-1] if descending else rows
    keys = _keys(shelf, column, scores)[rows]
    there = np.isfinite(keys)
    known, unknown = rows[there], rows[~there]
    direction = -1 if descending else 1
    return np.concatenate([known[np.argsort(direction * keys[there], kind="stable")], unknown])


def _keys(shelf: Shelf, column: str, scores: Scores | None) -> NDArray[np.floating]:
    if scores is not None and column in FIGURES:
        return scores.columns[column]
    if column == "age":
        return shelf.ages
    if column == "fold":
        return np.where(shelf.folds > 0, shelf.folds, np.nan)
    if column == "sex":
        return _places(shelf.rows_of_sex, shelf.sexes, shelf.n)
    if column == "quality":
        return _places(shelf.rows_of_quality, shelf.qualities, shelf.n)
    return (shelf.name_ranks if column == "name" else shelf.words_ranks).astype(np.float64)


def _places(rows_of: Mapping[str, Rows], values: tuple[str, ...], n: int) -> NDArray[np.float64]:
    """Give each row the place of its first value among some values; NaN where it has none."""
    keys = np.full(n, np.nan)
    for place in range(len(values) - 1, -1, -1):
        keys[rows_of[values[place]]] = place
    return keys

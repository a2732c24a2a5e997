"""Which recordings are learned from and which choose the best epoch: never the same patients."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ecgview.engine.dataset import Entry, choose_entries, list_entries


def split_entries(
    data_dirs: Sequence[Path],
    folds: Collection[int],
    validation_folds: Collection[int],
    names_file: Path | None = None,
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Choose the recordings of a training run.

    Parameters
    ----------
    data_dirs : sequence of Path
        Data sets.
    folds : collection of int
        Folds to learn from.
    validation_folds : collection of int
        Folds to validate on.
    names_file : Path, optional
        Learn from the recordings that this file names instead.

    Returns
    -------
    training, validation : tuple of Entry
        The second may be empty. Recordings of patients that are learned from are not in it.

    Raises
    ------
    DatasetError
        If nothing is left to learn from.
    """
    training = choose_entries(data_dirs, folds, names_file)
    learned = {entry.person for entry in training}
    validation = tuple(
        entry
        for folder in data_dirs
        for entry in list_entries(folder)
        if entry.fold in validation_folds and entry.person not in learned
    )
    return training, validation

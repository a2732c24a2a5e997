"""Data sets: which recordings there are, whose they are, and which to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.layouts import CHALLENGE_2011, PTB, PTB_XL, SPLITS, Entry, read_layout
from ecgview.errors import DatasetError

__all__ = [
    "CHALLENGE_2011",
    "PTB",
    "PTB_XL",
    "DataSummary",
    "Entry",
    "choose_entries",
    "data_sources",
    "in_folds",
    "list_entries",
    "named_in",
    "summarise",
]


@dataclass(frozen=True)
class DataSummary:
    """What was found in the folders of data sets, before any signal is read.

    Attributes
    ----------
    recordings : int
        Files.
    segments : int
        Pieces of ten seconds; more than `recordings` where long ones are cut (PTB).
    patients : int
        People; files, where the recordings do not name their patients.
    folds : dict of int to int
        Segments in each fold.
    splits : tuple of str
        What keeps people apart: keys of `SPLITS`, one for each kind of data set found.
    sources : dict of str to int
        Segments of each data set.
    absent : int
        Recordings that tables list and the folders lack.
    """

    recordings: int
    segments: int
    patients: int
    folds: dict[int, int]
    splits: tuple[str, ...]
    sources: dict[str, int]
    absent: int = 0

    @property
    def split(self) -> str:
        """The kinds of split, for people."""
        return "; ".join(SPLITS[kind] for kind in SPLITS if kind in self.splits)


def list_entries(data_dir: Path) -> tuple[Entry, ...]:
    """Find the recordings of a data set.

    Parameters
    ----------
    data_dir : Path
        A folder in one of the layouts that `read_layout` knows.

    Returns
    -------
    tuple of Entry
        In the order of the data set's own table, or of the names.

    Raises
    ------
    DatasetError
        If there is no such folder or no recording in it.
    """
    return _entries_and_absent(data_dir)[0]


def _entries_and_absent(data_dir: Path) -> tuple[tuple[Entry, ...], int]:
    layout = read_layout(data_dir)
    if layout.entries:
        return layout.entries, layout.n_absent
    if layout.n_absent:
        raise DatasetError(
            f"The table in {data_dir} lists {layout.n_absent} recordings; none of their files is "
            "there.",
            "Put the folders of the recordings beside the table.",
        )
    raise DatasetError(
        f"No recording was found in {data_dir}.",
        "It is searched for files of every format that `ecgview info` reads.",
    )


def summarise(data_dirs: Sequence[Path]) -> Iterator[Event]:
    """Look at data sets without reading a signal; a generator of events.

    Parameters
    ----------
    data_dirs : sequence of Path
        Folders.

    Yields
    ------
    Event
        `Progress` for each folder, and `Finished` with a `DataSummary`.

    Raises
    ------
    DatasetError
        If a folder is not there or holds no recording.
    """
    entries: list[Entry] = []
    absent = 0
    for done, folder in enumerate(data_dirs):
        yield Progress(done, len(data_dirs), f"Looking into {folder.name}")
        found, n_absent = _entries_and_absent(folder)
        entries += found
        absent += n_absent
    folds = Counter(entry.fold for entry in entries)
    yield Finished(
        DataSummary(
            recordings=len({entry.path for entry in entries}),
            segments=len(entries),
            patients=len({entry.person for entry in entries}),
            folds={fold: folds[fold] for fold in sorted(folds)},
            splits=tuple(dict.fromkeys(entry.split for entry in entries)),
            sources=data_sources(entries),
            absent=absent,
        )
    )


def in_folds(entries: Sequence[Entry], folds: Collection[int]) -> tuple[Entry, ...]:
    """Keep the recordings of some folds.

    Raises
    ------
    DatasetError
        If none is left.
    """
    kept = tuple(entry for entry in entries if entry.fold in folds)
    if not kept:
        wanted = ", ".join(str(fold) for fold in folds)
        found = Counter(entry.fold for entry in entries)
        there = ", ".join(f"{fold} ({found[fold]})" for fold in sorted(found))
        raise DatasetError(
            f"No recording lies in fold {wanted}." if wanted else "No fold is named.",
            f"Folds with recordings: {there or 'none'}. --folds all takes every one.",
        )
    return kept


def named_in(entries: Sequence[Entry], names_file: Path) -> tuple[Entry, ...]:
    """Keep the recordings that a file names, one a line.

    Raises
    ------
    DatasetError
        If the file cannot be read or names a recording that is not there.
    """
    try:
        lines = names_file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{names_file} cannot be read ({error}).") from error
    names = [line.strip() for line in lines if line.strip()]
    by_name = {entry.name: entry for entry in entries}
    absent = [name for name in names if name not in by_name]
    if absent:
        raise DatasetError(
            f"{len(absent)} of {len(names)} recordings named in {names_file} are not in the data "
            f"set, the first is {absent[0]}.",
            "Take the data set that the list was made for.",
        )
    if not names:
        raise DatasetError(f"{names_file} names no recording.", "It takes one name a line.")
    return tuple(by_name[name] for name in names)


def choose_entries(
    data_dirs: Sequence[Path], folds: Collection[int], names_file: Path | None
) -> tuple[Entry, ...]:
    """Choose recordings to train on or to score.

    Parameters
    ----------
    data_dirs : sequence of Path
        Data sets.
    folds : collection of int
        Folds to take of each: those of the data set where it has some (PTB-XL), else ten folds
        by patient (by file where the recordings do not name their patients).
    names_file : Path, optional
        Take the recordings that this file names instead, whatever their folds.

    Returns
    -------
    tuple of Entry
        In the order of the data sets.
    """
    entries = tuple(entry for folder in data_dirs for entry in list_entries(folder))
    if names_file is not None:
        return named_in(entries, names_file)
    return in_folds(entries, folds)


def data_sources(entries: Sequence[Entry]) -> dict[str, int]:
    """Count recordings by data set."""
    return dict(Counter(entry.source for entry in entries))

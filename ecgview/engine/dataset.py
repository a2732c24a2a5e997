"""Folders of recordings: which there are, and whose they are."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import DatasetError
from ecgview.formats import find_recordings

PTB_XL = "PTB-XL (Wagner et al., PhysioNet), CC BY 4.0"
CHALLENGE_2011 = "PhysioNet/CinC Challenge 2011 set A, acceptable recordings, ODC-By 1.0"


@dataclass(frozen=True)
class Entry:
    """One recording of a data set.

    Attributes
    ----------
    source : str
        The data set and its licence, for model cards.
    name : str
        Path inside the data set without the extension, as PhysioNet names it.
    path : Path
        The header file.
    patient : str
        Patient identifier; the name where the data set has none.
    fold : int or None
        Patient-wise fold of the data set (PTB-XL's ``strat_fold``), None where it has none.
    """

    source: str
    name: str
    path: Path
    patient: str
    fold: int | None


def list_entries(data_dir: Path) -> tuple[Entry, ...]:
    """Find the recordings of a data set.

    PTB-XL's layout (``ptbxl_database.csv``) brings patients and folds; in the layout of the
    Challenge 2011 (``quality.csv``) the recordings graded acceptable are taken; any other folder is
    searched for WFDB headers, each its own patient.

    Parameters
    ----------
    data_dir : Path
        The folder.

    Returns
    -------
    tuple of Entry
        In the order of the data set's own table, or of the names.

    Raises
    ------
    DatasetError
        If there is no such folder or no recording in it.
    """
    if not data_dir.is_dir():
        raise DatasetError(f"There is no folder {data_dir}.", "Give the folder of the data set.")
    if (data_dir / "ptbxl_database.csv").is_file():
        entries = tuple(_ptb_xl_entries(data_dir))
    elif (data_dir / "quality.csv").is_file():
        entries = tuple(_challenge_2011_entries(data_dir))
    else:
        names = [path.relative_to(data_dir).with_suffix("") for path in find_recordings([data_dir])]
        entries = tuple(_entry(data_dir.name, data_dir, name.as_posix()) for name in names)
    if not entries:
        raise DatasetError(
            f"No recording was found in {data_dir}.", "It is searched for WFDB headers (.hea)."
        )
    return entries


def _entry(
    source: str, data_dir: Path, name: str, patient: str = "", fold: int | None = None
) -> Entry:
    return Entry(source, name, data_dir / f"{name}.hea", patient or name, fold)


def _ptb_xl_entries(data_dir: Path) -> Iterator[Entry]:
    with (data_dir / "ptbxl_database.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            fold = int(row["strat_fold"])
            yield _entry(PTB_XL, data_dir, row["filename_hr"], row["patient_id"], fold)


def _challenge_2011_entries(data_dir: Path) -> Iterator[Entry]:
    with (data_dir / "quality.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["quality"] == "acceptable":
                yield _entry(CHALLENGE_2011, data_dir, f"set-a/{row['record']}")


def in_folds(entries: Sequence[Entry], folds: Collection[int | None]) -> tuple[Entry, ...]:
    """Keep the recordings of some folds; None stands for those of data sets without folds.

    Raises
    ------
    DatasetError
        If none is left.
    """
    kept = tuple(entry for entry in entries if entry.fold in folds)
    if not kept:
        wanted = ", ".join(str(fold) for fold in folds if fold is not None)
        raise DatasetError(
            f"No recording lies in fold {wanted}.", "Folds are those of ptbxl_database.csv."
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
        names = names_file.read_text(encoding="utf-8").split()
    except OSError as error:
        raise DatasetError(f"{names_file} cannot be read: {error.strerror}.") from error
    by_name = {entry.name: entry for entry in entries}
    absent = [name for name in names if name not in by_name]
    if absent:
        raise DatasetError(
            f"{len(absent)} of {len(names)} recordings named in {names_file} are not in the data "
            f"set, the first is {absent[0]}.",
            "Take the data set that the list was made for.",
        )
    return tuple(by_name[name] for name in names)


def choose_entries(
    data_dirs: Sequence[Path], folds: Collection[int], names_file: Path | None
) -> tuple[Entry, ...]:
    """Choose recordings to train on or to score.

    Parameters
    ----------
    data_dirs : sequence of Path
        Data sets; those with folds give the recordings of `folds`, others all of theirs.
    folds : collection of int
        Folds to take.
    names_file : Path, optional
        Take the recordings that this file names instead.

    Returns
    -------
    tuple of Entry
        In the order of the data sets.
    """
    entries = tuple(entry for folder in data_dirs for entry in list_entries(folder))
    if names_file is not None:
        return named_in(entries, names_file)
    return in_folds(entries, {*folds, None})


def data_sources(entries: Sequence[Entry]) -> dict[str, int]:
    """Count recordings by data set."""
    sources = [entry.source for entry in entries]
    return {source: sources.count(source) for source in dict.fromkeys(sources)}

"""How data sets lie in folders: who is in them, and which fold each recording belongs to."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ecgview.errors import DatasetError, RecordingError
from ecgview.formats import find_recordings, open_recording

PTB_XL = "PTB-XL (Wagner et al., PhysioNet), CC BY 4.0"
PTB = "PTB Diagnostic ECG Database (Bousseljot et al., PhysioNet), ODC-By 1.0"
CHALLENGE_2011 = "PhysioNet/CinC Challenge 2011 set A, acceptable recordings, ODC-By 1.0"
SHORT_NAMES = {PTB_XL: "ptb-xl", PTB: "ptb", CHALLENGE_2011: "challenge-2011"}
"""For names of files; other data sets are called like their folders."""

DURATION_S = 10.0
"""Length of what is taken of a recording."""
SEGMENT_STEP_S = 8.192
"""From one segment of a PTB recording to the next: the 1024 samples at 125 Hz of a table."""
N_FOLDS = 10

Split = Literal["strat_fold", "patient", "file"]
SPLITS: dict[Split, str] = {
    "strat_fold": "the data set's own folds, by patient",
    "patient": "ten folds by patient",
    "file": "ten folds by file, for the recordings do not name their patients",
}
"""What a split means, for people."""

NOBODY = ("", "-", "n/a", "none", "unknown", "anonymous")
"""Identifiers, in small letters, that name no patient."""
PTB_XL_TABLE = "ptbxl_database.csv"
CHALLENGE_TABLE = "quality.csv"

_PTB_FOLDER = re.compile(r"patient\d{3}$")


@dataclass(frozen=True)
class Entry:
    """Ten seconds of a recording of a data set.

    Attributes
    ----------
    source : str
        The data set and its licence, for model cards.
    name : str
        Path inside the data set without the extension, as PhysioNet names it; later segments of
        a recording add where they start (``patient001/s0010_re@8.192``).
    path : Path
        The file to open.
    patient : str
        Patient identifier; the name where the data set has none.
    fold : int
        Patient-wise fold, 1 to 10: PTB-XL's ``strat_fold``, elsewhere a hash of the patient.
    start_s : float
        Where the ten seconds start.
    split : str
        What keeps people apart: ``strat_fold``, ``patient`` or ``file``; see `SPLITS`.
    """

    source: str
    name: str
    path: Path
    patient: str
    fold: int
    start_s: float = 0.0
    split: Split = "file"

    @property
    def person(self) -> str:
        """Who it is of, told apart from patients of the same number in other data sets."""
        return f"{self.source} {self.patient}"


@dataclass(frozen=True)
class Layout:
    """What a folder holds.

    Attributes
    ----------
    entries : tuple of Entry
        In the order of the data set's own table, or of the names.
    n_absent : int
        Recordings that the table of the data set lists and the folder lacks.
    """

    entries: tuple[Entry, ...]
    n_absent: int = 0


def read_layout(data_dir: Path) -> Layout:
    """Find out what a folder holds, from tables and headers alone.

    Parameters
    ----------
    data_dir : Path
        In PTB-XL's layout (``ptbxl_database.csv``; ``records500`` where its files are there, else
        ``records100``), that of the Challenge 2011 (``quality.csv``; the acceptable recordings),
        PTB's (``patientNNN/``; each recording in segments), or any folder of recordings.

    Returns
    -------
    Layout
        Maybe of no recording.

    Raises
    ------
    DatasetError
        If there is no such folder, or its table cannot be read.
    """
    if not data_dir.is_dir():
        raise DatasetError(f"There is no folder {data_dir}.", "Give the folder of the data set.")
    if is_ptb_xl(data_dir):
        return _ptb_xl(data_dir)
    if is_challenge_2011(data_dir):
        return _challenge_2011(data_dir)
    if is_ptb(data_dir):
        return Layout(tuple(_ptb_entries(data_dir)))
    return Layout(tuple(_any_entries(data_dir)))


def is_ptb_xl(folder: Path) -> bool:
    """Tell whether a folder is laid out as PTB-XL."""
    return (folder / PTB_XL_TABLE).is_file()


def is_challenge_2011(folder: Path) -> bool:
    """Tell whether a folder is laid out as set A of the Challenge 2011."""
    return (folder / CHALLENGE_TABLE).is_file()


def is_ptb(folder: Path) -> bool:
    """Tell whether a folder is laid out as the PTB Diagnostic database."""
    return any(_PTB_FOLDER.match(inside.name) for inside in folder.glob("patient*"))


def read_rows(table: Path) -> list[dict[str, str]]:
    """Read a CSV file with a line of heads.

    Parameters
    ----------
    table : Path
        UTF-8.

    Returns
    -------
    list of dict
        A dict a row; cells that a row lacks are empty.

    Raises
    ------
    DatasetError
        If it cannot be read.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, restval=""))
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"{table} cannot be read ({error}).", "Download it again.") from error


def hashed_fold(patient: str) -> int:
    """Give the fold, 1 to 10, of a patient of a data set without folds; always the same.

    Parameters
    ----------
    patient : str
        Identifier, or the name of the recording where there is none.
    """
    digest = hashlib.sha256(patient.encode()).digest()
    return int.from_bytes(digest[:8], "big") % N_FOLDS + 1


def _ptb_xl(data_dir: Path) -> Layout:
    table = data_dir / PTB_XL_TABLE
    rows = read_rows(table)
    columns = [c for c in ("filename_hr", "filename_lr") if rows and c in rows[0]]
    entries = []
    try:
        for row in rows:
            there = (data_dir / f"{row[column]}.hea" for column in columns)
            path = next((path for path in there if path.is_file()), None)
            if path is not None:
                name = path.relative_to(data_dir).with_suffix("").as_posix()
                fold, patient = int(row["strat_fold"]), row["patient_id"]
                entries.append(Entry(PTB_XL, name, path, patient, fold, split="strat_fold"))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{table} is not the table of PTB-XL ({error}).",
            "It has the columns patient_id, strat_fold, filename_hr and filename_lr.",
        ) from error
    return Layout(tuple(entries), len(rows) - len(entries))


def _challenge_2011(data_dir: Path) -> Layout:
    rows = read_rows(data_dir / CHALLENGE_TABLE)
    names = [f"set-a/{row['record']}" for row in rows if row.get("quality") == "acceptable"]
    paths = {name: data_dir / f"{name}.hea" for name in names}
    there = {name: path for name, path in paths.items() if path.is_file()}
    entries = [
        Entry(CHALLENGE_2011, name, path, name, hashed_fold(name)) for name, path in there.items()
    ]
    return Layout(tuple(entries), len(names) - len(entries))


def _ptb_entries(data_dir: Path) -> Iterator[Entry]:
    folders = sorted(f for f in data_dir.iterdir() if f.is_dir() and _PTB_FOLDER.match(f.name))
    for folder in folders:
        fold = hashed_fold(folder.name)
        for path in sorted(folder.glob("s*.hea")):
            for start_s in _segment_starts_s(path):
                name = f"{folder.name}/{path.stem}" + (f"@{start_s:g}" if start_s else "")
                yield Entry(PTB, name, path, folder.name, fold, start_s, "patient")


def _segment_starts_s(header: Path) -> list[float]:
    from ecgview.formats.wfdb.header import read_header

    try:
        facts = read_header(header)
        last_s = (facts.n_frames or 0) / facts.frames_hz - DURATION_S
    except (RecordingError, ZeroDivisionError):
        return [0.0]  # opening it will say what is wrong
    n_more = max(0, int(last_s / SEGMENT_STEP_S))
    return [round(number * SEGMENT_STEP_S, 3) for number in range(n_more + 1)]


def _any_entries(data_dir: Path) -> list[Entry]:
    paths = find_recordings([data_dir])
    patients = [_patient_of(path) for path in paths]
    split: Split = "file" if "" in patients or not any(patients) else "patient"
    entries = []
    for path, patient in zip(paths, patients, strict=True):
        inside = path.relative_to(data_dir)
        name = (inside.with_suffix("") if path.suffix == ".hea" else inside).as_posix()
        fold = hashed_fold(patient or name)
        entries.append(Entry(data_dir.name, name, path, patient or name, fold, split=split))
    return entries


def _patient_of(path: Path) -> str | None:
    """Name the patient, or nobody; None for a file that cannot be read."""
    from ecgview.formats.wfdb.header import read_header

    try:
        is_header = path.suffix.lower() == ".hea"
        patient = read_header(path).patient if is_header else open_recording(path).patient
    except RecordingError:
        return None
    identifier = patient.identifier.strip()
    return "" if identifier.lower() in NOBODY else identifier

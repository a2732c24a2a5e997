"""Folders of recordings: which there are, whose they are, and their signals at one rate."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.errors import DatasetError, EcgviewError
from ecgview.formats import find_recordings, open_recording
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS
from ecgview.recording import Recording
from ecgview.signals.filters import median
from ecgview.signals.resampling import RateRatio, resample

LARGEST_CHEST_MV = 6.0
DURATION_S = 10.0
_FLAT_MV = 1e-4

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


@dataclass(frozen=True, eq=False)
class SignalSet:
    """Recordings of a data set in memory, ready for training or evaluation.

    Attributes
    ----------
    entries : tuple of Entry
        The recordings that were kept, in order.
    signals_mv : ndarray, shape (recordings, 8, samples)
        The eight independent leads at `fs_hz`, float32, each lead's median removed.
    fs_hz : float
        Sampling rate.
    left_out : tuple of (str, str)
        Names of recordings that were left out, each with the reason.
    """

    entries: tuple[Entry, ...]
    signals_mv: NDArray[np.float32]
    fs_hz: float
    left_out: tuple[tuple[str, str], ...]

    def reasons(self) -> dict[str, int]:
        """Count the recordings left out by reason."""
        reasons = [reason for _, reason in self.left_out]
        return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


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


def fault(recording: Recording, leads_mv: NDArray[np.floating]) -> str:
    """Say why a recording cannot serve, or nothing if it can.

    Parameters
    ----------
    recording : Recording
        The recording.
    leads_mv : ndarray, shape (8, samples)
        Its independent leads at its own rate, medians removed.

    Returns
    -------
    str
        Empty, or the reason in a few words.
    """
    if recording.duration_s < DURATION_S:
        return f"shorter than {DURATION_S:g} s"
    if not np.isfinite(leads_mv).all():
        return "has gaps"
    if (np.ptp(leads_mv, axis=1) < _FLAT_MV).any():
        return "flat lead"
    if np.abs(leads_mv[-len(CHEST_LEADS) :]).max() > LARGEST_CHEST_MV:
        return f"chest lead beyond {LARGEST_CHEST_MV:g} mV"
    if any(warning.code == "limb-identity" for warning in recording.warnings):
        return "limb leads disagree"
    return ""


def load_events(entries: Sequence[Entry], fs_hz: float) -> Iterator[Event]:
    """Read the first ten seconds of recordings at one rate; a generator of events.

    Parameters
    ----------
    entries : sequence of Entry
        What to read.
    fs_hz : float
        The rate wanted.

    Yields
    ------
    Event
        `Progress`, `Failed` for a file that cannot be read, `Finished` with a `SignalSet`.
    """
    kept: list[Entry] = []
    signals: list[NDArray[np.floating]] = []
    left_out: list[tuple[str, str]] = []
    for done, entry in enumerate(entries, start=1):
        try:
            leads_mv, reason = _read_entry(entry, fs_hz)
        except EcgviewError as error:
            yield Failed(entry.name, str(error))
            reason = "unreadable"
        if reason:
            left_out.append((entry.name, reason))
        else:
            kept.append(entry)
            signals.append(leads_mv)
        yield Progress(done, len(entries), "Reading recordings")
    if not kept:
        raise DatasetError("None of the recordings can be used.", f"The first: {left_out[0]}.")
    yield Finished(SignalSet(tuple(kept), np.stack(signals), fs_hz, tuple(left_out)))


def _read_entry(entry: Entry, fs_hz: float) -> tuple[NDArray[np.floating], str]:
    recording = open_recording(entry.path)
    absent = [lead for lead in INDEPENDENT_LEADS if lead not in recording.leads]
    if absent:
        return np.empty(0), f"no lead {', '.join(absent)}"
    stop = min(recording.n_samples, round(DURATION_S * recording.fs_hz))
    leads_mv = recording.read(INDEPENDENT_LEADS, 0, stop)
    leads_mv = leads_mv - median(leads_mv)[:, None]
    if reason := fault(recording, leads_mv):
        return leads_mv, reason
    resampled = resample(leads_mv, RateRatio.between(recording.fs_hz, fs_hz))
    return resampled.astype(np.float32)[:, : round(DURATION_S * fs_hz)], ""


def load(entries: Sequence[Entry], fs_hz: float) -> SignalSet:
    """Read recordings as `load_events` does, without telling."""
    *_, last = load_events(entries, fs_hz)
    assert isinstance(last, Finished)
    return last.result


def data_sources(entries: Sequence[Entry]) -> dict[str, int]:
    """Count recordings by data set."""
    sources = [entry.source for entry in entries]
    return {source: sources.count(source) for source in dict.fromkeys(sources)}


def second_moments(signals_mv: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean products of the leads over recordings, each recording weighing the same.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, leads, samples)
        Signals without baseline.

    Returns
    -------
    ndarray, shape (leads, leads)
        Relative to the mean power of each recording.
    """
    products = np.einsum("rit,rjt->rij", signals_mv, signals_mv, optimize=True).astype(np.float64)
    power = np.trace(products, axis1=1, axis2=2)[:, None, None]
    return (products / power).mean(axis=0)

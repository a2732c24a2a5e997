"""Which files are estimates of which recordings: files and folders, paired by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats import ENDINGS, find_recordings
from ecgview.formats.writers import safe_name


@dataclass(frozen=True)
class Pairing:
    """A recording and the files to compare it with.

    Attributes
    ----------
    truth : Path
        The recording.
    estimates : tuple of (str, Path)
        Name of each estimate, and its file.
    """

    truth: Path
    estimates: tuple[tuple[str, Path], ...]


def distinct_names(paths: Sequence[Path], taken: Collection[str] = ()) -> tuple[str, ...]:
    """Name files so that no two names are equal: by stem, else with the folder, else by number.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders.
    taken : collection of str
        Names that are not to be given.

    Returns
    -------
    tuple of str
        One name for each path.
    """
    stems = [path.absolute().stem for path in paths]
    names: list[str] = []
    for path, stem in zip(paths, stems, strict=True):
        known = {*taken, *names}
        name = stem
        if name in known or stems.count(stem) > 1:
            name = f"{path.absolute().parent.name}/{stem}"
        numbered, number = name, 2
        while numbered in known:
            numbered, number = f"{name} ({number})", number + 1
        names.append(numbered)
    return tuple(names)


def pair_records(
    truth: Path, estimates: Sequence[Path]
) -> tuple[tuple[Pairing, ...], tuple[str, ...]]:
    """Find the estimates of a recording, or of each recording in a folder.

    Parameters
    ----------
    truth : Path
        A file, or a folder that is searched for recordings.
    estimates : sequence of Path
        Files or, for files of the same name in the same folder below, folders.

    Returns
    -------
    pairings : tuple of Pairing
        Recordings that have at least one estimate.
    unpaired : tuple of str
        A sentence for each folder that lacks estimates, or has some of nothing.

    Raises
    ------
    RecordingError
        If nothing can be paired.
    """
    if not truth.is_dir():
        own = truth.absolute().stem
        files = [_partner(path, Path(own)) if path.is_dir() else path for path in estimates]
        named = zip(distinct_names(estimates, [own]), files, strict=True)
        found = tuple((name, file) for name, file in named if file is not None)
        lacking = [path for path, file in zip(estimates, files, strict=True) if file is None]
        unpaired = tuple(f"{path} holds no estimate of {own}." for path in lacking)
        return _checked([Pairing(truth, found)], unpaired)
    if not all(path.is_dir() for path in estimates):
        raise RecordingError(
            f"{truth} is a folder, and so its estimates must be folders.",
            "Files in them are paired by name.",
        )
    records = {file.relative_to(truth).with_suffix(""): file for file in find_recordings([truth])}
    names = distinct_names(estimates)
    files_of = {
        name: {below: _partner(folder, below) for below in records}
        for name, folder in zip(names, estimates, strict=True)
    }
    pairings = [
        Pairing(file, tuple((n, f) for n in names if (f := files_of[n][below]) is not None))
        for below, file in records.items()
    ]
    unpaired = tuple(
        sentence
        for name, folder in zip(names, estimates, strict=True)
        for sentence in _unpaired(truth, folder, files_of[name])
    )
    return _checked(pairings, unpaired)


def _checked(
    pairings: Sequence[Pairing], unpaired: tuple[str, ...]
) -> tuple[tuple[Pairing, ...], tuple[str, ...]]:
    paired = tuple(pairing for pairing in pairings if pairing.estimates)
    if not paired:
        why = " ".join(unpaired) or "No recording was found."
        raise RecordingError(why, "Estimates in a folder are found by the recording's file name.")
    return paired, unpaired


def _partner(folder: Path, below: Path) -> Path | None:
    """Find the file of a recording's name in a folder; ecgview writes some characters otherwise."""
    for name in dict.fromkeys((below.name, safe_name(below.name))):
        for ending in ENDINGS:
            file = folder / below.parent / (name + ending)
            if file.is_file():
                return file
    return None


def _unpaired(truth: Path, folder: Path, files: dict[Path, Path | None]) -> Iterator[str]:
    missing = sorted(str(below) for below, file in files.items() if file is None)
    if missing:
        count = f"{len(missing)} of {len(files)} recordings have"
        yield f"{count} no estimate in {folder}, such as {missing[0]}."
    paired = {file for file in files.values() if file is not None}
    spare = [file for file in find_recordings([folder]) if file not in paired]
    if spare:
        example = spare[0].relative_to(folder).with_suffix("")
        yield f"{len(spare)} files of {folder} have no recording in {truth}, such as {example}."

"""The files of a batch, and where their results go below the folder that is written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.engine.events import Failed
from ecgview.errors import EcgviewError
from ecgview.formats import find_recordings
from ecgview.formats.writers import safe_name


@dataclass(frozen=True)
class BatchFile:
    """A file and its folder below the one that was searched."""

    path: Path
    below: Path


def files_below(paths: Iterable[Path]) -> list[BatchFile | Failed]:
    """List the recordings of files and folders; a folder that cannot be searched has failed."""
    return [file for path in paths for file in _files_below(path)]


def _files_below(path: Path) -> list[BatchFile | Failed]:
    try:
        found = find_recordings([path])
    except EcgviewError as error:
        return [Failed(str(path), str(error))]
    if path.is_dir():
        return [BatchFile(file, file.parent.relative_to(path)) for file in found]
    return [BatchFile(file, Path()) for file in found]


def without_doubles(files: Sequence[BatchFile | Failed]) -> list[BatchFile | Failed]:
    """Let the first of several files of the same name be written, and no other over it."""
    kept: list[BatchFile | Failed] = []
    taken: dict[str, Path] = {}
    for file in files:
        if isinstance(file, Failed):
            kept.append(file)
            continue
        # Some file systems take A and a for the same.
        target = str(file.below / safe_name(file.path.stem)).casefold()
        if target in taken:
            words = f"{file.path} would be written over the result of {taken[target]}."
            kept.append(Failed(str(file.path), f"{words} Write it to another folder."))
        else:
            taken[target] = file.path
            kept.append(file)
    return kept

"""The files of a batch, and where their results go below the folder that is written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.engine.events import Failed
from ecgview.errors import EcgviewError
from ecgview.formats import ImportOptions, NeedsOptions, find_recordings, open_recording
from ecgview.formats.writers import safe_name


@dataclass(frozen=True)
class BatchFile:
    """A file and its folder below the one that was searched.

    Attributes
    ----------
    path, below : Path
        The file; its folder below the one that was searched.
    part : str or None
        The part of it to read, where each is read for itself.
    suffix : str
        What tells its result from those of the other parts.
    """

    path: Path
    below: Path
    part: str | None = None
    suffix: str = ""


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


def with_all_parts(
    files: Sequence[BatchFile | Failed], options: ImportOptions
) -> list[BatchFile | Failed]:
    """Put the parts of each file, numbered, in its place; a file that has none stays.

    Parameters
    ----------
    files : sequence of BatchFile or Failed
        The files.
    options : ImportOptions
        How they are read; without a part.
    """
    return [
        part
        for file in files
        for part in ([file] if isinstance(file, Failed) else _parts_of(file, options))
    ]


def _parts_of(file: BatchFile, options: ImportOptions) -> list[BatchFile]:
    try:
        parts = open_recording(file.path, options=options).parts
    except NeedsOptions as question:
        parts = question.preview.parts
    except EcgviewError:
        parts = ()  # what is wrong with it is said when it is read
    numbered = enumerate(parts, start=1)
    return [replace(file, part=part, suffix=f"-{n}") for n, part in numbered] or [file]


def without_doubles(files: Sequence[BatchFile | Failed]) -> list[BatchFile | Failed]:
    """Let the first of several files of the same name be written, and no other over it."""
    kept: list[BatchFile | Failed] = []
    taken: dict[str, Path] = {}
    for file in files:
        if isinstance(file, Failed):
            kept.append(file)
            continue
        # Some file systems take A and a for the same.
        target = str(file.below / safe_name(file.path.stem + file.suffix)).casefold()
        if target in taken:
            words = f"{file.path} would be written over the result of {taken[target]}."
            kept.append(Failed(str(file.path), f"{words} Write it to another folder."))
        else:
            taken[target] = file.path
            kept.append(file)
    return kept

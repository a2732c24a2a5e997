"""Many recordings at once written in another format, or without what tells whose they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ecgview.engine.batch_files import (
    BatchFile,
    files_below,
    with_all_parts,
    without_doubles,
)
from ecgview.engine.events import Event, Failed, Progress
from ecgview.errors import EcgviewError, RecordingError
from ecgview.formats import ENDINGS, Corrections, ImportOptions, open_recording
from ecgview.formats.export import anonymous_contents, contents_of
from ecgview.formats.inputs import files_of
from ecgview.formats.writers import WRITERS, target_path, write_contents
from ecgview.formats.writers.contents import Contents
from ecgview.recording import Recording

ALL_PARTS = "all"
"""Asked for as the part: each part of a file becomes a recording of its own."""


@dataclass(frozen=True)
class WritingTask:
    """Where a batch is written, and how its files are read.

    Attributes
    ----------
    output : Path
        A folder, or for a single recording a file with the ending of a format.
    file_format : str or None
        One of `WRITERS`. If not given: that of the ending of `output`; else WFDB where files are
        converted, and where they are anonymised each file's own if it can be written.
    overwrite : bool
        Whether files already there may be replaced; inputs never are.
    options : ImportOptions or None
        What the user says of the files; its part may be `ALL_PARTS`.
    corrections : Corrections or None
        What is remembered of files of their kinds.
    """

    output: Path
    file_format: str | None = None
    overwrite: bool = False
    options: ImportOptions | None = None
    corrections: Corrections | None = None


@dataclass(frozen=True)
class ConversionTask(WritingTask):
    """What to write when files are converted.

    Attributes
    ----------
    leads : tuple of str or None
        Leads of the twelve; all voltages if not given.
    keep_patient : bool
        Write names, numbers, dates and free text.
    start_s, duration_s : float
        The stretch to write; all by default.
    """

    leads: tuple[str, ...] | None = None
    keep_patient: bool = False
    start_s: float = 0.0
    duration_s: float | None = None


@dataclass(frozen=True)
class AnonymisationTask(WritingTask):
    """What to write when files are anonymised.

    Attributes
    ----------
    keep_names : bool
        Keep the names of files and folders, which often hold names or numbers.
    """

    keep_names: bool = False


@dataclass(frozen=True)
class Written(Event):
    """One recording is written."""

    path: Path
    written: Path


def convert_files(paths: Sequence[Path], task: ConversionTask) -> Iterator[Event]:
    """Write recordings in another format; a generator of events.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders; folders below are kept in the output.
    task : ConversionTask
        What to write, and where.

    Yields
    ------
    Event
        For each file `Written` or `Failed`, followed by `Progress`.

    Raises
    ------
    RecordingError
        If the output is one of the inputs, or one file for several recordings.
    """
    found = _found(paths, task)
    files, inputs = without_doubles(found), _Inputs(found)
    _check_output(paths, files, task)

    def write(number: int, file: BatchFile, recording: Recording) -> Path:
        start = round(task.start_s * recording.fs_hz)
        length = None if task.duration_s is None else round(task.duration_s * recording.fs_hz)
        contents = contents_of(
            recording,
            leads=task.leads,
            start=start,
            stop=None if length is None else start + length,
            keep_patient=task.keep_patient,
        )
        file_format = task.file_format or _format_of_ending(task.output) or "wfdb"
        return _write(contents, file.below, file_format, task, inputs)

    yield from _each(files, task, write, "Converting")


def anonymise_files(paths: Sequence[Path], task: AnonymisationTask) -> Iterator[Event]:
    """Write recordings without what tells whose they are; a generator of events.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders. Unless names are kept, all are written into one folder as ``ecg-0001``
        and so on.
    task : AnonymisationTask
        Where to write.

    Yields
    ------
    Event
        For each file `Written` or `Failed`, followed by `Progress`.

    Raises
    ------
    RecordingError
        If the output is one of the inputs, or one file for several recordings.
    """
    found = _found(paths, task)
    files = without_doubles(found) if task.keep_names else found
    inputs = _Inputs(found)
    _check_output(paths, files, task)

    def write(number: int, file: BatchFile, recording: Recording) -> Path:
        name = recording.name if task.keep_names else f"ecg-{number:04d}"
        contents = anonymous_contents(recording, name)
        below = file.below if task.keep_names else Path()
        asked = task.file_format or _format_of_ending(task.output)
        return _write(contents, below, asked or _own_format(recording) or "wfdb", task, inputs)

    yield from _each(files, task, write, "Anonymising")


def _each(
    files: Sequence[BatchFile | Failed],
    task: WritingTask,
    write: Callable[[int, BatchFile, Recording], Path],
    doing: str,
) -> Iterator[Event]:
    for number, file in enumerate(files, start=1):
        yield file if isinstance(file, Failed) else _one(number, file, task, write)
        yield Progress(number, len(files), doing)


def _one(
    number: int,
    file: BatchFile,
    task: WritingTask,
    write: Callable[[int, BatchFile, Recording], Path],
) -> Written | Failed:
    try:
        options = task.options
        if options is not None and file.part is not None:
            options = replace(options, part=file.part)
        elif options is not None and options.part == ALL_PARTS:
            options = replace(options, part=None)
        recording = open_recording(file.path, options=options, corrections=task.corrections)
        recording = replace(recording, name=recording.name + file.suffix)
        return Written(file.path, write(number, file, recording))
    except EcgviewError as error:
        return Failed(str(file.path), str(error))


def _write(
    contents: Contents,
    below: Path,
    file_format: str,
    task: WritingTask,
    inputs: _Inputs,
) -> Path:
    output = task.output if _format_of_ending(task.output) else task.output / below
    folder = target_path(contents.name, output, file_format).parent.resolve()
    return write_contents(
        contents,
        output,
        format=file_format,
        overwrite=task.overwrite,
        inputs=inputs.inside(folder) if task.overwrite else (),
    )


class _Inputs:
    """The files that a batch is read from, by folder."""

    def __init__(self, files: Sequence[BatchFile | Failed]) -> None:
        self._paths: dict[Path, list[Path]] = {}
        for file in files:
            if isinstance(file, BatchFile):
                self._paths.setdefault(file.path.resolve().parent, []).append(file.path)
        self._files: dict[Path, frozenset[Path]] = {}

    def inside(self, folder: Path) -> frozenset[Path]:
        """List the files in a folder that recordings of the batch are read from."""
        if folder not in self._files:
            paths = self._paths.get(folder, [])
            self._files[folder] = frozenset().union(*map(files_of, paths))
        return self._files[folder]


def _found(paths: Sequence[Path], task: WritingTask) -> list[BatchFile | Failed]:
    """List the recordings; what an earlier run wrote below a folder that is searched is left."""
    place = task.output.resolve()
    found = [
        file
        for path in paths
        for file in files_below([path])
        if isinstance(file, Failed)
        or not (path.is_dir() and file.path.resolve().is_relative_to(place))
    ]
    if task.options is None or task.options.part != ALL_PARTS:
        return found
    return with_all_parts(found, replace(task.options, part=None))


def _check_output(
    paths: Sequence[Path], files: Sequence[BatchFile | Failed], task: WritingTask
) -> None:
    output, ending_format = task.output, _format_of_ending(task.output)
    if any(path.resolve() == output.resolve() for path in paths):
        raise RecordingError(
            f"{output} is both read and written.", "Name another file or folder to write to."
        )
    if not (ending_format or output.is_dir()) and output.suffix.lower() in ENDINGS:
        raise RecordingError(
            f"ecgview does not write {output.suffix} files.",
            f"It writes {', '.join(writer.ending for writer in WRITERS.values())}.",
        )
    if not ending_format and not _can_be_written(output):
        raise RecordingError(f"{output} cannot be written.", "Choose another folder.")
    if ending_format and len(files) > 1:
        raise RecordingError(
            f"{len(files)} recordings cannot be written into one file, {output.name}.",
            "Name a folder to write to.",
        )
    if ending_format and task.file_format not in (None, ending_format):
        raise RecordingError(
            f"{output.name} has not the ending of {task.file_format}.",
            f"Leave --format out, or write to a file that ends in "
            f"{WRITERS[task.file_format or ending_format].ending}.",
        )


def _can_be_written(folder: Path) -> bool:
    """Tell whether a folder, or the nearest above it that is there, takes files."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK)


def _format_of_ending(output: Path) -> str | None:
    """Tell the format of a file to write by its ending; None for a folder."""
    if output.is_dir():
        return None
    ending = output.suffix.lower()
    return next((name for name, writer in WRITERS.items() if writer.ending == ending), None)


def _own_format(recording: Recording) -> str | None:
    """Tell how the format that a recording was read from is called by the writers."""
    own = recording.format_name
    named = (key for key, writer in WRITERS.items() if own.startswith(writer.name.rstrip("+")))
    return next(named, None)

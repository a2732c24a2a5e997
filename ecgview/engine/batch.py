"""Many recordings at once: read, rebuilt in batches, compared and written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ecgview.engine.batch_files import BatchFile, files_below, without_doubles
from ecgview.engine.cards import ModelCard
from ecgview.engine.distributed import shard
from ecgview.engine.events import Event, Failed, Progress
from ecgview.engine.exported import (
    exported_leads,
    exported_mv,
    filter_comments,
    interval_comments,
    origin_comments,
    written_level,
)
from ecgview.engine.metrics import Agreement, agreement
from ecgview.engine.personal.card import tried_on
from ecgview.engine.reconstructor import Reconstructor
from ecgview.engine.sidecar import (
    check_sidecar,
    interval_facts,
    reconstruct_command,
    sidecar,
    write_sidecar,
)
from ecgview.engine.windows import LeadWindows
from ecgview.engine.wrapping import finished
from ecgview.errors import EcgviewError
from ecgview.filtered import filtered_recording
from ecgview.formats import Corrections, ImportOptions, open_recording, save_recording
from ecgview.formats.export import correction_comments
from ecgview.formats.inputs import files_of
from ecgview.formats.writers import target_path
from ecgview.paths import check_folder
from ecgview.personal import PersonalCalibration
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

_RECORDINGS_AT_ONCE = 16
_LONG_S = 60.0


@dataclass(frozen=True)
class BatchTask:
    """What to do with each recording of a batch.

    Attributes
    ----------
    available : tuple of str
        Leads the model may see.
    output : Path or None
        Folder to write to; nothing is written without one.
    file_format : str
        One of `ecgview.formats.writers.WRITERS`.
    clean : bool
        Whether figures are of high-passed signals.
    overwrite : bool
        Whether files already there may be replaced.
    options : ImportOptions or None
        How to read text files that do not say.
    corrections : Corrections or None
        What is remembered for kinds of files.
    include : str
        One of `ecgview.engine.exported.INCLUDES`.
    filters : Filters
        What the recordings are filtered with before anything else.
    interval : float
        Level of the interval that is written beside reconstructed leads; 0 where none is asked for,
        which saves its time.
    personal : callable or None
        Gives for a recording what to calibrate it with; see `ecgview.engine.personal`.
    """

    available: tuple[str, ...]
    output: Path | None = None
    file_format: str = "wfdb"
    clean: bool = False
    overwrite: bool = False
    options: ImportOptions | None = None
    corrections: Corrections | None = None
    include: str = "twelve"
    filters: Filters = field(default_factory=Filters)
    interval: float = 0.0
    personal: Callable[[Recording], PersonalCalibration] | None = None


@dataclass(frozen=True, eq=False)
class RecordDone(Event):
    """One recording is rebuilt, compared and, if asked for, written.

    Attributes
    ----------
    path : Path
        Its file.
    recording, agreement, reconstruction
        What was opened, found and made.
    written : Path or None
        Where it was written to.
    below : Path
        The folder of its file below the one that was searched.
    before : Agreement or None
        The same without the calibration, where there is one.
    """

    path: Path
    recording: Recording
    agreement: Agreement
    written: Path | None
    reconstruction: Reconstruction
    below: Path
    before: Agreement | None = None


@dataclass(frozen=True, eq=False)
class _Begun:
    """A file that is open, with the windows to be run."""

    item: BatchFile
    job: LeadWindows
    plain: LeadWindows | None = None

    @property
    def jobs(self) -> list[LeadWindows]:
        """What is to be run: calibrated, and as the model gives it."""
        return [self.job] if self.plain is None else [self.job, self.plain]


def reconstruct_files(
    paths: Sequence[Path], task: BatchTask, reconstructor: Reconstructor
) -> Iterator[Event]:
    """Rebuild recordings from the same available leads; a generator of events.

    Parameters
    ----------
    paths : sequence of Path
        Files, or folders searched for recordings; folders below are kept in the output.
    task : BatchTask
        What to do with each.
    reconstructor : Reconstructor
        The model.

    Yields
    ------
    Event
        For each file, or folder that cannot be searched, `RecordDone` or `Failed`, each followed by
        `Progress`. Each of several processes does those of its shard.

    Raises
    ------
    EcgviewError
        If the output can hold no files; before anything is rebuilt.
    """
    if task.output:
        check_folder(task.output)
    found = files_below(paths)
    items = shard(without_doubles(found) if task.output else found)
    done = 0
    batch: list[_Begun | Failed] = []
    for number, item in enumerate(items, start=1):
        begun = item if isinstance(item, Failed) else _begin(item, task, reconstructor)
        batch.append(begun)
        is_long = isinstance(begun, _Begun) and begun.job.recording.duration_s > _LONG_S
        if is_long or number == len(items) or len(batch) == _RECORDINGS_AT_ONCE:
            for event in _in_order(batch, task, reconstructor):
                done += 1
                yield event
                yield Progress(done, len(items), "Reconstructing")
            batch = []


def _begin(item: BatchFile, task: BatchTask, reconstructor: Reconstructor) -> _Begun | Failed:
    try:
        recording = open_recording(item.path, options=task.options, corrections=task.corrections)
        recording = filtered_recording(recording, task.filters)
        personal = task.personal(recording) if task.personal else None
        job = reconstructor.windows(
            recording, task.available, personal, interval=bool(task.interval)
        )
        if personal is None or recording.duration_s > _LONG_S:
            return _Begun(item, job)
        return _Begun(item, job, reconstructor.windows(recording, task.available, interval=False))
    except EcgviewError as error:
        return Failed(str(item.path), str(error))


def _in_order(
    batch: Sequence[_Begun | Failed], task: BatchTask, reconstructor: Reconstructor
) -> Iterator[RecordDone | Failed]:
    """Finish what is begun, all at once, and tell of each in the order of the files."""
    results = _run([one for one in batch if isinstance(one, _Begun)], task, reconstructor)
    for one in batch:
        yield one if isinstance(one, Failed) else next(results)


def _run(
    batch: Sequence[_Begun], task: BatchTask, reconstructor: Reconstructor
) -> Iterator[RecordDone | Failed]:
    started_s = time.perf_counter()
    try:
        for _ in reconstructor.run([job for one in batch for job in one.jobs]):
            pass
    except EcgviewError as error:
        # One file that breaks off must not take the others of its batch along.
        if len(batch) == 1:
            yield Failed(str(batch[0].item.path), str(error))
        else:
            for one in batch:
                yield from _run([one], task, reconstructor)
        return
    elapsed_s = (time.perf_counter() - started_s) / len(batch)
    for one in batch:
        result = finished(one.job, reconstructor, elapsed_s)
        try:
            plain = finished(one.plain, reconstructor, elapsed_s) if one.plain else None
            yield _finish(one.item, one.job.recording, result, task, reconstructor.card, plain)
        except EcgviewError as error:
            yield Failed(str(one.item.path), str(error))


def _finish(
    item: BatchFile,
    recording: Recording,
    result: Reconstruction,
    task: BatchTask,
    card: ModelCard,
    plain: Reconstruction | None,
) -> RecordDone:
    written = None
    if task.output is not None:
        written = _write(item, recording, result, task, card)
    personal = result.personal
    start, stop = tried_on(recording, personal) if personal else (0, recording.n_samples)
    figures, before = (
        agreement(recording, one, clean=task.clean, start=start, stop=stop) if one else None
        for one in (result, plain)
    )
    assert figures is not None
    return RecordDone(item.path, recording, figures, written, result, item.below, before)


def _write(
    item: BatchFile, recording: Recording, result: Reconstruction, task: BatchTask, card: ModelCard
) -> Path:
    """Write a reconstruction, and beside it what made it."""
    assert task.output is not None
    level, clean = written_level(result, task.include, task.interval), task.filters.removes_wander
    leads = exported_leads(recording, result, task.include, level)
    folder = task.output / item.below
    check_sidecar(target_path(recording.name, folder, task.file_format), overwrite=task.overwrite)
    written = save_recording(
        recording.name,
        exported_mv(recording, result, leads, level, clean=clean),
        recording.fs_hz,
        folder,
        format=task.file_format,
        comments=[
            *origin_comments(result),
            *interval_comments(level, clean=clean),
            *filter_comments(task.filters),
            *correction_comments(recording),
        ],
        resolution_mv=recording.resolution_mv,
        leads=[one.name for one in leads],
        overwrite=task.overwrite,
        inputs=files_of(item.path) if task.overwrite else (),
    )
    command = reconstruct_command(
        result, card.name, task.file_format, task.include, task.filters.option, level
    )
    said = task.filters.words if task.filters else "none"
    made = sidecar(
        recording, result, card, leads, command,
        input_filters=said, filters=said, interval=interval_facts(level, clean=clean),
    )  # fmt: skip
    write_sidecar(written, made)
    return written

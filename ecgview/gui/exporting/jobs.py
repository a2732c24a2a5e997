"""The jobs behind the save dialogs: what is gathered of a recording, and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import RecordingError
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.formats.writers.contents import Contents

NO_FILTERS = Filters()


def recording_job(
    recording: Recording, target: Path, file_format: str, *, keep_patient: bool
) -> Iterator[Event]:
    """Write a whole recording, all its leads and marks.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the path written.
    """
    from ecgview.formats.export import contents_of

    yield Progress(0, 0, f"Saving {target.name}")
    contents = contents_of(recording, keep_patient=keep_patient)
    yield Finished(_written(contents, recording, target, file_format))


def anonymised_job(recording: Recording, target: Path, file_format: str) -> Iterator[Event]:
    """Write a recording without anything that tells whose it is.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the path written.
    """
    from ecgview.formats.export import anonymous_contents

    yield Progress(0, 0, f"Saving {target.name}")
    contents = anonymous_contents(recording, target.stem)
    yield Finished(_written(contents, recording, target, file_format))


def _written(contents: Contents, recording: Recording, target: Path, file_format: str) -> Path:
    """Write over what is there, which the dialog has asked about, but for the recording's files."""
    from ecgview.formats.writers import write_contents

    inputs = _files_of(recording)
    return write_contents(contents, target, format=file_format, overwrite=True, inputs=inputs)


def reconstruction_job(
    recording: Recording,
    reconstruction: Reconstruction,
    target: Path,
    file_format: str,
    include: str = "twelve",
    card: ModelCard | None = None,
    filters: Filters = NO_FILTERS,
    interval: float = 0.0,
) -> Iterator[Event]:
    """Write a reconstruction with the origins of its leads, and what made it beside it.

    Parameters
    ----------
    recording, reconstruction : Recording, Reconstruction
        What was recorded, and what was made of it.
    target, file_format : Path, str
        The file, and one of `WRITERS`.
    include : str
        One of `ecgview.engine.exported.INCLUDES`.
    card : ModelCard or None
        Of the model; without one nothing is written beside the file.
    filters : Filters
        What the model's input was filtered with; the recorded leads are then written so too.
    interval : float
        Level of the interval that is written beside reconstructed leads, 0 for none.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the path written.
    """
    from ecgview.engine.exported import (
        exported_leads,
        exported_mv,
        interval_comments,
        written_level,
    )
    from ecgview.filtered import filtered_recording
    from ecgview.formats import save_recording

    yield Progress(0, 0, f"Saving {target.name}")
    recording = filtered_recording(recording, filters)
    level, clean = written_level(reconstruction, include, interval), filters.removes_wander
    leads = exported_leads(recording, reconstruction, include, level)
    _check_size(recording, reconstruction, len(leads))
    written = save_recording(
        target.stem,
        exported_mv(recording, reconstruction, leads, level, clean=clean),
        recording.fs_hz,
        target,
        leads=[one.name for one in leads],
        format=file_format,
        comments=[
            *origin_comments(recording, reconstruction),
            *interval_comments(level, clean=clean),
        ],
        resolution_mv=recording.resolution_mv,
        overwrite=True,  # the dialog has asked
        inputs=_files_of(recording),
    )
    if card is not None:
        from ecgview.engine.sidecar import (
            interval_facts,
            reconstruct_command,
            sidecar,
            write_sidecar,
        )

        command = reconstruct_command(
            reconstruction, card.name, file_format, include, filters.option, level
        )
        said = filters.words if filters else "none"
        told = sidecar(
            recording, reconstruction, card, leads, command,
            input_filters=said, filters=said, interval=interval_facts(level, clean=clean),
        )  # fmt: skip
        write_sidecar(written, told)
    yield Finished(written)


def _check_size(recording: Recording, reconstruction: Reconstruction, n_leads: int) -> None:
    """Refuse what is not finished, and what would fill the memory."""
    from ecgview.formats.export import MOST_VALUES

    if not reconstruction.is_whole:
        raise RecordingError(
            "The recording is still being rebuilt.", "Save it again when the progress line is gone."
        )
    if recording.n_samples * n_leads > MOST_VALUES:
        raise RecordingError(
            f"{recording.duration_s / 3600:.1f} h of {n_leads} leads are too long to be written at "
            "once.",
            "Save a shorter part of the recording first, and rebuild that.",
        )


def _files_of(recording: Recording) -> frozenset[Path]:
    """List the files that the recording is read from, which it is never written over."""
    from ecgview.formats.inputs import files_of

    return files_of(recording.path) if recording.path is not None else frozenset()


def origin_comments(recording: Recording, reconstruction: Reconstruction) -> tuple[str, ...]:
    """Say in a file's comments where each of its leads comes from, and what was corrected.

    The recording is not named: its name is that of its file, which may be a patient's.
    """
    from ecgview import DISCLAIMER
    from ecgview.formats.export import correction_comments

    source = " of a simulated recording" if recording.simulated else ""
    made = (
        f"Reconstructed from {', '.join(reconstruction.available)}{source} by "
        f"{reconstruction.model_name}; nothing above {reconstruction.bandwidth_hz:g} Hz in "
        "reconstructed leads."
    )
    if words := reconstruction.calibration_words:
        made += f" They are {words}."
    origins = [
        f"{lead}: {origin.value}"
        for lead, origin in reconstruction.origins.items()
        if lead not in reconstruction.absent
    ]
    estimated = [f"{lead}: estimated" for lead in reconstruction.others]
    partial = []
    if not reconstruction.is_whole:
        fs_hz = recording.fs_hz
        done = ", ".join(f"{a / fs_hz:g} to {b / fs_hz:g} s" for a, b in reconstruction.done)
        partial = [f"rebuilt so far: {done or 'nothing'}; the rest is left empty"]
    return (DISCLAIMER, made, *partial, *origins, *estimated, *correction_comments(recording))

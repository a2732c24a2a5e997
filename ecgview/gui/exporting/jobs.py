"""The jobs behind the save dialogs: what is gathered of a recording, and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ecgview.engine.events import Event, Finished, Progress
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.formats.writers.contents import Contents


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
    recording: Recording, reconstruction: Reconstruction, target: Path, file_format: str
) -> Iterator[Event]:
    """Write a reconstruction, all twelve leads and estimates of others, with their origins.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the path written.
    """
    from ecgview.formats import save_recording

    yield Progress(0, 0, f"Saving {target.name}")
    written = save_recording(
        target.stem,
        np.vstack([reconstruction.read(LEADS), *reconstruction.others.values()]),
        recording.fs_hz,
        target,
        leads=(*LEADS, *reconstruction.others),
        format=file_format,
        comments=origin_comments(recording, reconstruction),
        resolution_mv=recording.resolution_mv,
        overwrite=True,  # the dialog has asked
        inputs=_files_of(recording),
    )
    yield Finished(written)


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
    origins = [
        f"{lead}: {origin.value}"
        for lead, origin in reconstruction.origins.items()
        if lead not in reconstruction.absent
    ]
    estimated = [f"{lead}: estimated" for lead in reconstruction.others]
    return (DISCLAIMER, made, *origins, *estimated, *correction_comments(recording))

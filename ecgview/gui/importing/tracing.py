"""The first seconds of a file as it would be opened, for the import dialog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.events import Event, Finished, Progress
from ecgview.formats.options import ImportOptions, ImportPreview
from ecgview.recording import ImportWarning

TRACED_S = 4.0
SCALES_PX_PER_MV = (20.0, 14.0, 10.0, 7.0)
"""Scales to choose from; a signal that is too large for the last has a wrong unit, and shows it."""
ROW_PX = 30.0


@dataclass(frozen=True, eq=False)
class Traces:
    """The first seconds of all signals of a file.

    Attributes
    ----------
    signals : ndarray, shape (signals, samples)
        mV where `is_voltage`, else in the unit of the file.
    is_voltage : tuple of bool
        For each signal.
    fs_hz : float
        Sampling rate.
    warnings : tuple of ImportWarning
        What the checks on opening found.
    """

    signals: NDArray[np.float32]
    is_voltage: tuple[bool, ...]
    fs_hz: float
    warnings: tuple[ImportWarning, ...]

    @property
    def px_per_mv(self) -> float:
        """The largest scale at which most of what a heart can do fits into a row."""
        rows = self.signals[list(self.is_voltage)]
        spreads = [float(np.nanmax(row) - np.nanmin(row)) for row in rows if np.isfinite(row).any()]
        largest_mv = max(spreads, default=0.0)
        fitting = (scale for scale in SCALES_PX_PER_MV if largest_mv * scale <= ROW_PX)
        return next(fitting, SCALES_PX_PER_MV[-1])


def tracing_job(path: Path, n_signals: int, options: ImportOptions) -> Iterator[Event]:
    """Open a file as the user says, and read its first seconds.

    Parameters
    ----------
    path : Path
        The file.
    n_signals : int
        How many signals it has of its own; derived leads come after them.
    options : ImportOptions
        Complete, or with provisional names, rate and unit.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the `Traces`.
    """
    from ecgview.formats import open_recording

    yield Progress(0, 0, f"Reading {path.name}")
    recording = open_recording(path, options=options)
    n_samples = min(recording.n_samples, round(TRACED_S * recording.fs_hz))
    channels = recording.channels[:n_signals]
    yield Finished(
        Traces(
            recording.source.read(0, n_samples, range(len(channels))),
            tuple(channel.unit == "mV" for channel in channels),
            recording.fs_hz,
            recording.warnings,
        )
    )


def previewing_job(path: Path, options: ImportOptions) -> Iterator[Event]:
    """Look at a file by itself, or at one of its parts, without any correction.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        Only the part, if any.

    Yields
    ------
    Event
        Progress; at last a `Finished` with the `ImportPreview`.
    """
    yield Progress(0, 0, f"Reading {path.name}")
    yield Finished(preview_file(path, options))


def preview_file(path: Path, options: ImportOptions) -> ImportPreview:
    """Describe a file by itself, whether or not it says all that is needed to open it."""
    from ecgview.formats import NeedsOptions, open_recording
    from ecgview.formats.previewing import preview_of

    try:
        return preview_of(open_recording(path, options=options))
    except NeedsOptions as question:
        return question.preview

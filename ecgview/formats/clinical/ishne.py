"""Reads ISHNE Holter files: the header through ecgdatakit, hours of samples as they are needed.

Badilini F. The ISHNE Holter Standard Output File Format. Ann Noninvasive Electrocardiol.
1998;3(3):263-266: 522 bytes of header, a variable block, then 16-bit samples of all leads in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.clinical.kit import Kit, Parsed, parse_first
from ecgview.formats.clinical.recordings import make_recording
from ecgview.formats.files import unreadable
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

ISHNE = Kit("ISHNE Holter", "ishne_holter", "ISHNEHolterParser")

_HEADER_BYTES = 522
_SAMPLE_BYTES = 2
_MAX_LEADS = 12
_MAX_VARIABLE_BYTES = 16_000_000
_FAULT = -32768
"""The standard proposes this sample where a lead has no contact."""
_PREVIEWED_FRAMES = 12


@dataclass(frozen=True)
class IshneSource:
    """The samples of an ISHNE file, read piece by piece.

    Parameters
    ----------
    path : Path
        The file.
    offset : int
        Where its samples start.
    scales : tuple of float
        mV (or converter steps) per step of each lead.
    n_samples : int
        Of each lead.
    """

    path: Path
    offset: int
    scales: tuple[float, ...]
    n_samples: int

    @property
    def n_channels(self) -> int:
        """Number of leads."""
        return len(self.scales)

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some leads, float32, shape (leads, samples); faults are NaN.

        Raises
        ------
        RecordingError
            If the file is gone or was cut since it was opened.
        """
        count = (stop - start) * self.n_channels
        offset = self.offset + start * self.n_channels * _SAMPLE_BYTES
        try:
            steps = np.fromfile(self.path, "<i2", count=count, offset=offset)
        except OSError as error:
            raise unreadable(self.path, error) from error
        if steps.size != count:
            raise RecordingError(
                f"{self.path.name} ends early: it was cut since it was opened.", "Open it again."
            )
        chosen = steps.reshape(-1, self.n_channels).T[list(channels)]
        scales = np.array([self.scales[channel] for channel in channels], dtype=np.float32)
        samples = chosen.astype(np.float32) * scales[:, np.newaxis]
        samples[chosen == _FAULT] = np.nan
        return samples


def _first_bytes(path: Path) -> tuple[bytes, int, int]:
    """Read header, variable block and a few samples; also tell where the samples start."""
    try:
        n_bytes = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            n_variable = int.from_bytes(header[10:14], "little", signed=True)
            if len(header) < _HEADER_BYTES or not 0 <= n_variable <= n_bytes - _HEADER_BYTES:
                raise RecordingError(
                    f"{path.name} ends within its header.",
                    "The file is cut short or damaged; copy it again.",
                )
            if n_variable > _MAX_VARIABLE_BYTES:
                raise RecordingError(
                    f"{path.name} announces a remark of {n_variable / 1e6:.0f} MB.",
                    "The file is damaged.",
                )
            more = n_variable + _PREVIEWED_FRAMES * _MAX_LEADS * _SAMPLE_BYTES
            return header + file.read(more), n_bytes, _HEADER_BYTES + n_variable
    except OSError as error:
        raise unreadable(path, error) from error


def _n_leads(header: bytes) -> int:
    return int.from_bytes(header[156:158], "little", signed=True)


def _remarks(n_left: int, parsed: Parsed) -> list[ImportWarning]:
    """Say that the last frame is cut, rather than what the parser says of its few samples."""
    remarks = [each for each in parsed.warnings if "may be truncated" not in each.message]
    if n_left:
        message = "The last sample of some leads is missing: the file was cut short."
        remarks.append(ImportWarning("bent-format", message))
    return remarks


def open_ishne(path: Path, options: ImportOptions) -> Recording:
    """Open an ISHNE Holter file.

    Parameters
    ----------
    path : Path
        The file, of any length.
    options : ImportOptions
        What the user says.

    Returns
    -------
    Recording
        Reads its samples as they are needed.

    Raises
    ------
    NeedsOptions
        If its leads are not named or have no scale: many Holter recorders only say “bipolar”.
    RecordingError
        If it cannot be read.
    """
    content, n_bytes, offset = _first_bytes(path)
    frame_bytes = max(_n_leads(content), 1) * _SAMPLE_BYTES
    n_samples, n_left = divmod(n_bytes - offset, frame_bytes)
    n_whole = min(n_samples, _PREVIEWED_FRAMES) * frame_bytes
    parsed = parse_first(ISHNE, path, [(content[: offset + n_whole], ())])
    parsed.warnings = _remarks(n_left, parsed)
    scales = tuple(
        lead.resolution / 1000 if lead.resolution_unit else 1.0 for lead in parsed.record.leads
    )
    source = IshneSource(path, offset, scales, n_samples)
    return make_recording(ISHNE, path, options, parsed, source=source)

"""Writers of recordings: one file a format, and the table that chooses among them.

To write another format, write a function of a path and `Contents` and add a line to `WRITERS`.
"""

from __future__ import annotations

import importlib
import re
import tempfile
import unicodedata
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.writers.contents import FINEST_MV, Contents
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient


@dataclass(frozen=True)
class Writer:
    """A format that ecgview writes.

    Attributes
    ----------
    name : str
        Name of the format as users know it.
    ending : str
        Ending of the file to open again.
    writer : str
        ``module:function``, imported when it is needed; takes the path and the `Contents`.
    """

    name: str
    ending: str
    writer: str

    def write(self, path: Path, contents: Contents) -> None:
        """Write a file of this format, and those that belong to it, into an empty folder."""
        module, function = self.writer.split(":")
        getattr(importlib.import_module(module), function)(path, contents)


WRITERS: dict[str, Writer] = {
    "wfdb": Writer("WFDB", ".hea", "ecgview.formats.writers.wfdb:write_wfdb"),
    "edf": Writer("EDF+", ".edf", "ecgview.formats.writers.edf:write_edf"),
    "csv": Writer("CSV", ".csv", "ecgview.formats.writers.csv:write_csv"),
    "npz": Writer("NumPy", ".npz", "ecgview.formats.writers.npz:write_npz"),
    "dicom": Writer("DICOM", ".dcm", "ecgview.formats.writers.dicom:write_dicom"),
}
"""The formats that can be written, by the name that the command line uses."""

_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever the ending."""


def save_recording(
    recording_name: str,
    leads_mv: NDArray[np.floating],
    fs_hz: float,
    path_or_dir: str | Path,
    *,
    format: str = "wfdb",
    comments: Sequence[str] = (),
    resolution_mv: float = FINEST_MV,
    leads: Sequence[str] = LEADS,
    patient: Patient | None = None,
    started: str = "",
    marks: Sequence[Mark] = (),
    overwrite: bool = False,
    inputs: Collection[Path] = (),
) -> Path:
    """Write a recording, readable again by `open_recording` without options.

    A sample comes back within half a step. A step is a whole fraction of `resolution_mv` and at
    most 1 uV, so that samples of a file with that resolution come back exactly from WFDB (to the
    rounding of float32).

    Parameters
    ----------
    recording_name : str
        Name of the record; characters that WFDB does not allow become ``_``.
    leads_mv : ndarray, shape (leads, samples)
        Samples in mV; NaN is written as WFDB's invalid sample or as an empty cell.
    fs_hz : float
        Sampling rate.
    path_or_dir : str or Path
        A file with the ending of the format, or else a folder, made where it does not exist.
    format : str
        One of `WRITERS`.
    comments : sequence of str
        Lines for the header, such as the origin of each lead.
    resolution_mv : float
        One unit of the last digit of the recording that the measured leads come from.
    leads : sequence of str
        Names of the rows of `leads_mv`.
    patient, started : optional
        Only where the user has asked for the patient and the date to be written.
    marks : sequence of Mark
        Annotations, for the formats that hold them.
    overwrite : bool
        Replace files that exist.
    inputs : collection of Path
        Resolved paths of files that are never replaced (see `ecgview.formats.inputs.files_of`).

    Returns
    -------
    Path
        The header or the text file.

    Raises
    ------
    RecordingError
        If the file exists and may not be replaced, or the folder cannot be written to.
    """
    contents = Contents(
        name=recording_name,
        leads=tuple(leads),
        leads_mv=np.asarray(leads_mv),
        fs_hz=fs_hz,
        resolution_mv=resolution_mv,
        comments=tuple(line for comment in comments for line in comment.splitlines()),
        patient=patient or Patient(),
        started=started,
        marks=tuple(marks),
    )
    return write_contents(contents, path_or_dir, format=format, overwrite=overwrite, inputs=inputs)


def write_contents(
    contents: Contents,
    path_or_dir: str | Path,
    *,
    format: str,
    overwrite: bool = False,
    inputs: Collection[Path] = (),
) -> Path:
    """Write what has been gathered of a recording; see `save_recording`.

    Parameters
    ----------
    contents : Contents
        Its name is made safe, or replaced by that of the file.
    path_or_dir, format, overwrite, inputs
        As for `save_recording`.

    Returns
    -------
    Path
        The header or the file.

    Raises
    ------
    RecordingError
        If the file exists and may not be replaced, or cannot be written.
    """
    if format not in WRITERS:
        raise RecordingError(
            f"“{format}” is not a format that ecgview writes.", f"Use {', '.join(WRITERS)}."
        )
    writer = WRITERS[format]
    target = target_path(contents.name, Path(path_or_dir), format)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside the target and then renamed: an interruption leaves no half a file.
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            draft = Path(folder) / target.name
            writer.write(draft, replace(contents, name=target.stem))
            drafts = sorted(draft.parent.iterdir())
            _keep(inputs, drafts, target.parent)
            _move(drafts, target.parent, overwrite)
    except OSError as error:
        raise RecordingError(
            f"{target} cannot be written ({error.strerror or error}).", "Choose another folder."
        ) from error
    return target


def target_path(recording_name: str, path: Path, format: str) -> Path:
    """Give the file that a recording is written to: `path` itself, or one in that folder."""
    ending = WRITERS[format].ending
    if path.suffix.lower() == ending and not path.is_dir():
        folder, name = path.parent, path.stem
    else:
        folder, name = path, recording_name
    return folder / (safe_name(name) + ending)


def safe_name(name: str) -> str:
    """Make a name that WFDB and every file system take, which is no device of Windows.

    Parameters
    ----------
    name : str
        Any. Accents are taken off; letters of other scripts give way to a number made of the
        name, so that names stay apart.
    """
    letters = "".join(
        sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)
    )
    safe = re.sub(r"[^-A-Za-z0-9_]+", "_", letters) or "_"
    if any(sign.isalnum() and not sign.isascii() for sign in letters):
        number = zlib.crc32(unicodedata.normalize("NFC", name).encode("utf-8", "replace"))
        safe = f"{safe.strip('_')}-{number:08x}".lstrip("-")
    return f"{safe}_" if _DEVICE.fullmatch(safe) else safe


def _keep(inputs: Collection[Path], drafts: Sequence[Path], folder: Path) -> None:
    replaced = {folder.resolve() / draft.name for draft in drafts} & {*inputs}
    if replaced:
        names = " and ".join(sorted(path.name for path in replaced))
        raise RecordingError(
            f"{names} in {folder} belongs to a recording that is being read.",
            "Choose another name or folder.",
        )


def _move(files: Sequence[Path], folder: Path, overwrite: bool) -> None:
    existing = [file.name for file in files if (folder / file.name).exists()]
    if existing and not overwrite:
        raise RecordingError(
            f"{folder} already holds {' and '.join(existing)}.",
            "Choose another folder, or allow them to be replaced (option --overwrite).",
        )
    for file in files:
        file.replace(folder / file.name)

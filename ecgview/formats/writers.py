"""Writers of twelve-lead recordings: WFDB and CSV."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.leads import LEADS

FINEST_MV = 0.001
"""Files are written with steps of at most 1 uV, whatever the resolution of the input."""
ENDINGS = {"wfdb": ".hea", "csv": ".csv"}

_SAMPLE_TYPES = (("16", np.int16), ("32", np.int32))


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
    overwrite: bool = False,
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
        A file ending in ``.hea`` or ``.csv``, or else a folder, made where it does not exist.
    format : {"wfdb", "csv"}
        File format.
    comments : sequence of str
        Lines for the header, such as the origin of each lead.
    resolution_mv : float
        One unit of the last digit of the recording that the measured leads come from.
    leads : sequence of str
        Names of the rows of `leads_mv`.
    overwrite : bool
        Replace files that exist.

    Returns
    -------
    Path
        The header or the text file.

    Raises
    ------
    RecordingError
        If the file exists and may not be replaced, or the folder cannot be written to.
    """
    if format not in ENDINGS:
        raise RecordingError(f"“{format}” is not a format that ecgview writes.", "Use wfdb or csv.")
    target = _target(recording_name, Path(path_or_dir), ENDINGS[format])
    lines = [line for comment in comments for line in comment.splitlines()]
    write = _write_wfdb if format == "wfdb" else _write_csv
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside the target and then renamed: an interruption leaves no half a file.
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            draft = Path(folder) / target.name
            write(draft, np.asarray(leads_mv), fs_hz, leads, lines, resolution_mv)
            _move(sorted(draft.parent.iterdir()), target.parent, overwrite)
    except OSError as error:
        raise RecordingError(
            f"{target} cannot be written ({error.strerror or error}).", "Choose another folder."
        ) from error
    return target


def _target(recording_name: str, path: Path, ending: str) -> Path:
    if path.suffix.lower() == ending:
        folder, name = path.parent, path.stem
    else:
        folder, name = path, recording_name
    return folder / (re.sub(r"[^-A-Za-z0-9_]+", "_", name) + ending)


def _move(files: Sequence[Path], folder: Path, overwrite: bool) -> None:
    existing = [file.name for file in files if (folder / file.name).exists()]
    if existing and not overwrite:
        raise RecordingError(
            f"{folder} already holds {' and '.join(existing)}.",
            "Choose another folder, or allow them to be replaced (option --overwrite).",
        )
    for file in files:
        file.replace(folder / file.name)


def _steps_per_mv(resolution_mv: float) -> float:
    return math.ceil(resolution_mv / FINEST_MV - 1e-9) / resolution_mv


def _write_wfdb(
    path: Path,
    leads_mv: NDArray[np.floating],
    fs_hz: float,
    leads: Sequence[str],
    comments: Sequence[str],
    resolution_mv: float,
) -> None:
    import wfdb

    gain = _steps_per_mv(resolution_mv)
    steps = np.rint(leads_mv.astype(np.float64) * gain)
    largest = np.abs(steps[~np.isnan(steps)]).max(initial=0)
    fits = [(fmt, kind) for fmt, kind in _SAMPLE_TYPES if largest <= np.iinfo(kind).max]
    if not fits:
        raise RecordingError(
            f"{path.stem} reaches {largest / gain:.3g} mV, more than WFDB can hold.",
            "Check the unit of the samples.",
        )
    fmt, kind = fits[0]
    samples = np.where(np.isnan(steps), np.iinfo(kind).min, steps).astype(kind)
    wfdb.wrsamp(
        path.stem,
        fs=fs_hz,
        units=["mV"] * len(leads),
        sig_name=list(leads),
        d_signal=np.ascontiguousarray(samples.T),
        fmt=[fmt] * len(leads),
        adc_gain=[gain] * len(leads),
        baseline=[0] * len(leads),
        comments=list(comments),
        write_dir=str(path.parent),
    )


def _write_csv(
    path: Path,
    leads_mv: NDArray[np.floating],
    fs_hz: float,
    leads: Sequence[str],
    comments: Sequence[str],
    resolution_mv: float,
) -> None:
    step_mv = 1 / _steps_per_mv(resolution_mv)
    decimals = math.ceil(-math.log10(step_mv) - 1e-9)
    times_s = np.arange(leads_mv.shape[1]) / fs_hz
    head = [f"# {line}" for line in comments]
    head += [f"# sampling rate: {fs_hz:.10g} Hz", ",".join(["time_s", *(f"{x}_mV" for x in leads)])]
    row = ",".join(["%.6f", *[f"%.{decimals}f"] * len(leads)])
    rows = [row % (time, *sample) for time, sample in zip(times_s, leads_mv.T, strict=True)]
    body = "\n".join(rows).replace("nan", "")
    path.write_text("\n".join(head) + "\n" + body + "\n", encoding="utf-8", newline="\n")

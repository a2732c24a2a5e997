"""Writer of NumPy archives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ecgview.formats.guard import SMALLEST_LIMIT
from ecgview.formats.writers.contents import Contents

_PERSON = {
    "identifier": "patient_id",
    "name": "patient_name",
    "birth_date": "birth_date",
    "age": "age",
    "sex": "sex",
}


def write_npz(path: Path, contents: Contents) -> None:
    """Write an archive of plain arrays, compressed unless it is large; nothing is pickled.

    ``signals_mv`` (leads, samples) in float32 mV with NaN for missing samples, ``leads``,
    ``fs_hz``, ``resolution_mv``, and where there are any ``comments``, ``marks`` (start and
    duration in s, channel, text, between tabs), ``started`` and fields of the patient. float32
    holds 24 binary digits: up to 8 V it is finer than half a step of 1 uV.

    Parameters
    ----------
    path : Path
        The archive (``.npz``).
    contents : Contents
        What to write.
    """
    arrays: dict[str, Any] = {
        "signals_mv": np.ascontiguousarray(contents.leads_mv, dtype=np.float32),
        "leads": np.array(contents.leads),
        "fs_hz": np.float64(contents.fs_hz),
        "resolution_mv": np.float64(contents.resolution_mv),
    }
    if contents.comments:
        arrays["comments"] = np.array(contents.comments)
    if contents.marks:
        arrays["marks"] = np.array(
            [
                f"{mark.start_s!r}\t{mark.duration_s!r}\t{mark.channel}\t{mark.text}"
                for mark in contents.marks
            ]
        )
    said = {name: getattr(contents.patient, field) for field, name in _PERSON.items()}
    said["started"] = contents.started
    arrays.update({name: np.array(text) for name, text in said.items() if text})
    # What unpacks to more than the reader takes from a small archive is not packed at all.
    is_large = contents.leads_mv.nbytes > SMALLEST_LIMIT // 2
    (np.savez if is_large else np.savez_compressed)(path, **arrays)

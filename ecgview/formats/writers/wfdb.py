"""Writer of WFDB records."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.writers.contents import Contents

_SAMPLE_TYPES = (("16", np.int16), ("32", np.int32))


def write_wfdb(path: Path, contents: Contents) -> None:
    """Write a header and a signal file; NaN becomes the format's invalid sample.

    Parameters
    ----------
    path : Path
        The header (``.hea``).
    contents : Contents
        What to write.

    Raises
    ------
    RecordingError
        If the amplitudes are more than the format can hold.
    """
    import wfdb

    gain = contents.steps_per_mv
    steps = np.rint(contents.leads_mv.astype(np.float64) * gain)
    largest = np.abs(steps[~np.isnan(steps)]).max(initial=0)
    fits = [(fmt, kind) for fmt, kind in _SAMPLE_TYPES if largest <= np.iinfo(kind).max]
    if not fits:
        raise RecordingError(
            f"{path.stem} reaches {largest / gain:.3g} mV, more than WFDB can hold.",
            "Check the unit of the samples.",
        )
    fmt, kind = fits[0]
    samples = np.where(np.isnan(steps), np.iinfo(kind).min, steps).astype(kind)
    n_leads = len(contents.leads)
    wfdb.wrsamp(
        path.stem,
        fs=contents.fs_hz,
        units=["mV"] * n_leads,
        sig_name=list(contents.leads),
        d_signal=np.ascontiguousarray(samples.T),
        fmt=[fmt] * n_leads,
        adc_gain=[gain] * n_leads,
        baseline=[0] * n_leads,
        comments=list(contents.comments),
        write_dir=str(path.parent),
    )

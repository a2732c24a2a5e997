"""neurokit2, kept quiet: it is slow to import, warns freely and fails in many ways.

Import it in workers only: it takes seconds.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError

LOWEST_RATE_HZ = 75.0
"""Below this the filters of the library leave too little of a QRS complex."""


# The filters of warnings are one table for all threads: two workers that each put theirs back would
# leave the other's behind.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def quietly(what: str) -> Iterator[None]:
    """Silence the library, and make any failure of it a sentence.

    Parameters
    ----------
    what : str
        What was to be done, for the sentence, such as ``find R peaks in lead II``.

    Raises
    ------
    RecordingError
        In place of whatever the library raises.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            yield
        except Exception as error:
            raise RecordingError(
                f"neurokit2 could not {what}: {error or type(error).__name__}.",
                "Choose another lead or another stretch.",
            ) from error


def clean_lead(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """Filter a lead as neurokit2's finder of R peaks wants it; no gaps, shape (samples,)."""
    import neurokit2

    return np.asarray(neurokit2.ecg_clean(signal_mv, sampling_rate=fs_hz, method="neurokit"))


def r_peaks(cleaned_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.int64]:
    """Find R peaks by neurokit2's own method (steep gradients), as sample numbers."""
    import neurokit2

    found = neurokit2.ecg_findpeaks(cleaned_mv, sampling_rate=fs_hz, method="neurokit")
    return np.asarray(found["ECG_R_Peaks"], dtype=np.int64).ravel()


def delineate(
    cleaned_mv: NDArray[np.float64], peaks: NDArray[np.int64], fs_hz: float
) -> dict[str, NDArray[np.float64]]:
    """Find the waves around R peaks by the prominence of peaks (Emrich et al. 2024).

    Of neurokit2's methods this one alone gives all edges. On the record of LUDB at hand (nine
    leads) the medians of its edges are within 10 ms of the annotated ones, 30 ms for the onset of
    T, where the wavelets (Martinez et al. 2004) begin QRS 80 ms too early and miss half of the P
    waves. It marks a P before every beat: in atrial fibrillation too.

    Parameters
    ----------
    cleaned_mv : ndarray, shape (samples,)
        From `clean_lead`.
    peaks : ndarray of int, shape (beats,)
        From `r_peaks`.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    dict of str to ndarray, shape (beats,)
        ``P_Onsets``, ``P_Peaks``, ``P_Offsets``, ``R_Onsets``, ... as sample numbers; NaN where
        none was found.
    """
    import neurokit2

    _, found = neurokit2.ecg_delineate(
        cleaned_mv, rpeaks=peaks, sampling_rate=fs_hz, method="prominence", check=False
    )
    return {
        name.removeprefix("ECG_"): _as_long(values, len(peaks)) for name, values in found.items()
    }


def _as_long(values: object, length: int) -> NDArray[np.float64]:
    """Pad a list of sample numbers with NaN to one value a beat."""
    listed = np.asarray(values, dtype=np.float64).ravel()[:length]
    return np.concatenate([listed, np.full(length - listed.size, np.nan)])

"""Which part of a recording a map is over, and how that is said."""

from __future__ import annotations

from ecgview.recording import Recording

LONGEST_S = 60.0
"""Of longer recordings a map takes the first minute, or the stretch that is asked for."""


def usual_stretch(recording: Recording) -> tuple[int, int]:
    """Give the samples ``[start, stop)`` that a map is over where nothing else is asked for."""
    return 0, min(recording.n_samples, round(LONGEST_S * recording.fs_hz))


def over_words(recording: Recording, start: int, stop: int) -> tuple[str, str]:
    """Say what a map is over, and, where that is not all of the recording, so much.

    Parameters
    ----------
    recording : Recording
        The recording.
    start, stop : int
        Samples ``[start, stop)``.

    Returns
    -------
    over, note : str
        Such as ``10 s``, or ``20 to 30 s`` and a sentence.
    """
    begin_s, end_s = start / recording.fs_hz, stop / recording.fs_hz
    if (start, stop) == (0, recording.n_samples):
        return f"{recording.duration_s:.4g} s", ""
    whole = f"{recording.duration_s:.6g} s"
    return f"{begin_s:.6g} to {end_s:.6g} s", f"A stretch of a recording of {whole}."

"""Which part of a recording a map is over, and how that is said."""

from __future__ import annotations

from ecgview.recording import Recording

LONGEST_S = 60.0
"""Of longer recordings a map takes the first minute, or the stretch that is asked for."""


def usual_stretch(recording: Recording) -> tuple[int, int]:
    """Give the samples ``[start, stop)`` that a map is over where nothing else is asked for."""
    return 0, min(recording.n_samples, round(LONGEST_S * recording.fs_hz))


def over_words(recording: Recording, start: int, stop: int) -> str:
    """Say what a map is over: ``10 s``, or ``20 to 30 s of 3600 s`` of a part.

    Parameters
    ----------
    recording : Recording
        The recording.
    start, stop : int
        Samples ``[start, stop)``.
    """
    whole = f"{recording.duration_s:.4g} s"
    if (start, stop) == (0, recording.n_samples):
        return whole
    return f"{start / recording.fs_hz:.6g} to {stop / recording.fs_hz:.6g} s of {whole}"

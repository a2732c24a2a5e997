"""Checks of the sampling rate, and what part was checked."""

from __future__ import annotations

from collections.abc import Iterator

from ecgview.recording import ImportWarning, Recording

LOW_RATE_HZ = 100.0


def rate_warnings(fs_hz: float) -> Iterator[ImportWarning]:
    """Warn of a rate below 100 Hz."""
    if fs_hz < LOW_RATE_HZ:
        yield ImportWarning(
            "low-rate",
            f"The sampling rate is only {fs_hz:g} Hz.",
            f"Nothing above {fs_hz / 2:g} Hz is recorded: narrow R waves and notches are lost.",
        )


def checked_part(recording: Recording, checked_s: float) -> ImportWarning:
    """Say that only the first part of a long recording was checked."""
    return ImportWarning(
        "checked-part",
        f"Only the first {checked_s:g} s of {recording.duration_s:.0f} s were checked on opening.",
    )

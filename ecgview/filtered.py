"""Recordings and reconstructions whose samples are filtered as they are read."""

from __future__ import annotations

from dataclasses import replace

from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters
from ecgview.signals.zero_phase import FilteredSource


def filtered_recording(recording: Recording, filters: Filters) -> Recording:
    """Give a recording with its samples filtered; itself where no filter is on.

    Raises
    ------
    FilterError
        If its sampling rate cannot carry a filter.
    """
    if not filters:
        return recording
    return replace(recording, source=FilteredSource(recording.source, filters, recording.fs_hz))


def filtered_reconstruction(
    reconstruction: Reconstruction, filters: Filters, fs_hz: float
) -> Reconstruction:
    """Give a reconstruction with its samples filtered; itself where no filter is on.

    Parameters
    ----------
    reconstruction : Reconstruction
        What is filtered.
    filters : Filters
        With what.
    fs_hz : float
        Sampling rate, which is that of the recording.

    Raises
    ------
    FilterError
        If the rate cannot carry a filter.
    """
    if not filters:
        return reconstruction
    return replace(reconstruction, source=FilteredSource(reconstruction.source, filters, fs_hz))

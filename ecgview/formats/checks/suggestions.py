"""Import options that would put right what a check has found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ecgview.recording import ImportOptions, Recording


def corrected(
    recording: Recording,
    names: Mapping[str, str] | None = None,
    factors: Mapping[str, float] | None = None,
) -> ImportOptions:
    """Give the options to open a file with, so that leads are renamed and multiplied.

    Parameters
    ----------
    recording : Recording
        As it is open now; what it was opened with is kept.
    names : mapping of str to str, optional
        Lead as it is named now -> lead that it is. Others keep their names.
    factors : mapping of str to float, optional
        Lead as it is named now -> what to multiply it by. Others are left alone.
    """
    own = [channel for channel in recording.channels if not channel.derived]
    options = recording.options
    if names:
        options = replace(
            options, leads=tuple(names.get(channel.lead or "", channel.name) for channel in own)
        )
    if factors:
        gains = options.gains or (1.0,)
        gains = gains * len(own) if len(gains) == 1 else gains
        multiplied = (
            gain * factors.get(channel.lead or "", 1.0)
            for channel, gain in zip(own, gains, strict=True)
        )
        options = replace(options, gains=tuple(multiplied))
    return options


def multiplied(recording: Recording, factor: float) -> ImportOptions:
    """Give the options to open a file with, so that all its leads are multiplied."""
    leads = [channel.lead for channel in recording.channels if channel.lead]
    return corrected(recording, factors=dict.fromkeys(leads, factor))

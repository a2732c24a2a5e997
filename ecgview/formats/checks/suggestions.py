"""Import options that would put right what a check has found."""

from __future__ import annotations

from collections.abc import Mapping

from ecgview.recording import ImportOptions, Recording


def corrected(
    recording: Recording,
    names: Mapping[str, str] | None = None,
    factors: Mapping[str, float] | None = None,
) -> ImportOptions:
    """Suggest to rename and multiply leads.

    Parameters
    ----------
    recording : Recording
        As it is open now.
    names : mapping of str to str, optional
        Lead as it is named now -> lead that it is. Others keep their names.
    factors : mapping of str to float, optional
        Lead as it is named now -> what to multiply it by. Others are left alone.

    Returns
    -------
    ImportOptions
        What is to change, for `ecgview.formats.applying.combined`.
    """
    leads = [channel.lead or "" for channel in recording.channels if not channel.derived]
    own_names = [channel.name for channel in recording.channels if not channel.derived]
    renamed = [(names or {}).get(*both) for both in zip(leads, own_names, strict=True)]
    gains = [(factors or {}).get(lead, 1.0) for lead in leads]
    return ImportOptions(
        leads=tuple(renamed) if names else None, gains=tuple(gains) if factors else None
    )


def multiplied(recording: Recording, factor: float) -> ImportOptions:
    """Suggest to multiply all leads."""
    leads = [channel.lead for channel in recording.channels if channel.lead]
    return corrected(recording, factors=dict.fromkeys(leads, factor))

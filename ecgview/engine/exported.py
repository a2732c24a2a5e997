"""Reconstructions as files: which leads are written under which names, and reading them back.

A reconstructed lead may be written as ``V3_rec``, so that no program takes it for a recorded one.
Measured and derived leads keep their names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEADS, Origin, normalise_lead_name
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

SUFFIX = "_rec"
INCLUDES = ("twelve", "reconstruction", "both")
"""What of a reconstruction is written.

``twelve``: all under their usual names, as programs expect that know nothing of reconstructions;
``reconstruction``: the same leads, reconstructed ones called ``V3_rec``; ``both``: the recording's
leads with the reconstructed ones beside them.
"""


@dataclass(frozen=True)
class ExportedLead:
    """A channel that is written.

    Attributes
    ----------
    name : str
        In the file.
    lead : str
        Which lead it is.
    origin : str
        ``recorded``, ``measured``, ``derived``, ``reconstructed`` or ``estimated``.
    """

    name: str
    lead: str
    origin: str


def exported_leads(
    recording: Recording, reconstruction: Reconstruction, include: str
) -> tuple[ExportedLead, ...]:
    """Tell which leads a file holds, and what they are called there.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    reconstruction : Reconstruction
        What was made of it.
    include : str
        One of `INCLUDES`.

    Returns
    -------
    tuple of ExportedLead
        In standard order; a reconstructed lead follows the recorded one.
    """
    suffix = "" if include == "twelve" else SUFFIX
    found: list[ExportedLead] = []
    for lead in LEADS:
        origin = reconstruction.origins[lead]
        is_recorded = lead in recording.leads and lead not in recording.derived_leads
        if include == "both" and is_recorded:
            found.append(ExportedLead(lead, lead, "recorded"))
        if lead in reconstruction.absent and include != "twelve":
            continue
        if origin is Origin.RECONSTRUCTED:
            found.append(ExportedLead(f"{lead}{suffix}", lead, origin.value))
        elif include != "both" or not is_recorded:
            found.append(ExportedLead(lead, lead, origin.value))
    others = (ExportedLead(f"{lead}{suffix}", lead, "estimated") for lead in reconstruction.others)
    return (*found, *others)


def exported_mv(
    recording: Recording, reconstruction: Reconstruction, leads: tuple[ExportedLead, ...]
) -> NDArray[np.float32]:
    """Read what is written.

    Returns
    -------
    ndarray, shape (leads, samples)
        float32 mV, nothing filtered.
    """
    rows: list[NDArray[np.float32]] = []
    for one in leads:
        if one.origin == "recorded":
            rows.append(recording.read([one.lead])[0])
        elif one.origin == "estimated":
            rows.append(reconstruction.others[one.lead])
        else:
            rows.append(reconstruction.read([one.lead])[0])
    return np.stack(rows)


def as_estimate(recording: Recording) -> Recording:
    """Take the channels called ``V3_rec`` for the leads that they estimate.

    Parameters
    ----------
    recording : Recording
        A file that is compared with a recording; any file without such channels stays as it is.

    Returns
    -------
    Recording
        Where it also holds the lead as recorded, the estimate takes its place.
    """
    lead_of = {
        channel.name: normalise_lead_name(channel.name.removesuffix(SUFFIX))
        for channel in recording.channels
        if channel.lead is None and channel.name.endswith(SUFFIX)
    }
    estimated = {lead for lead in lead_of.values() if lead is not None}
    if not estimated:
        return recording
    channels = tuple(
        replace(channel, lead=lead_of[channel.name])
        if lead_of.get(channel.name) is not None
        else replace(channel, lead=None)
        if channel.lead in estimated
        else channel
        for channel in recording.channels
    )
    return replace(recording, channels=channels)

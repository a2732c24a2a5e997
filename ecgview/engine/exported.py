"""Reconstructions as files: which leads are written under which names, and reading them back.

A reconstructed lead may be written as ``V3_rec``, so that no program takes it for a recorded one,
with the ends of its interval, ``V3_rec_lo`` and ``V3_rec_hi``, beside it. Measured and derived
leads keep their names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import LEADS, Origin, normalise_lead_name
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

SUFFIX = "_rec"
ENDS = {"lower": "_lo", "upper": "_hi"}
"""What is put behind the name of a reconstructed lead for the ends of its interval, by origin."""
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
        ``recorded``, ``measured``, ``derived``, ``reconstructed`` or ``estimated``; ``lower`` and
        ``upper`` for the ends of the interval of a reconstructed lead.
    """

    name: str
    lead: str
    origin: str


def exported_leads(
    recording: Recording, reconstruction: Reconstruction, include: str, level: float = 0.0
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
    level : float
        Of the interval that is written, 0 for none; see `written_level`.

    Returns
    -------
    tuple of ExportedLead
        In standard order; a reconstructed lead follows the recorded one, and the ends of its
        interval follow it.
    """
    suffix = "" if include == "twelve" else SUFFIX
    ends = ENDS if written_level(reconstruction, include, level) else {}
    found: list[ExportedLead] = []
    for lead in LEADS:
        origin = reconstruction.origins[lead]
        is_recorded = lead in recording.leads and lead not in recording.derived_leads
        if include == "both" and is_recorded:
            found.append(ExportedLead(lead, lead, "recorded"))
        if lead in reconstruction.absent and include != "twelve":
            continue
        if origin is Origin.RECONSTRUCTED:
            name = f"{lead}{suffix}"
            found.append(ExportedLead(name, lead, origin.value))
            found += [ExportedLead(f"{name}{end}", lead, which) for which, end in ends.items()]
        elif include != "both" or not is_recorded:
            found.append(ExportedLead(lead, lead, origin.value))
    others = (ExportedLead(f"{lead}{suffix}", lead, "estimated") for lead in reconstruction.others)
    return (*found, *others)


def written_level(reconstruction: Reconstruction, include: str, level: float) -> float:
    """Give the level of the interval that a file holds; 0 where it holds none.

    Twelve leads under their usual names go without: programs would take the ends for leads.
    """
    return level if reconstruction.interval is not None and include != "twelve" else 0.0


def interval_comments(level: float, *, clean: bool) -> list[str]:
    """Say in a file's comments what the ends of intervals are; nothing for level 0."""
    if not level:
        return []
    kind = "without wander (high-passed)" if clean else "usual wander included"
    return [
        f"V3_rec_lo and V3_rec_hi, for each reconstructed lead: ends of its {100 * level:.0f} % "
        f"interval, {kind}; calibrated on average over patients, no guarantee for one"
    ]


def filter_comments(filters: Filters) -> list[str]:
    """Word what a recording was filtered with, for a file's comments."""
    return [f"Filtered before it was rebuilt, zero phase: {filters.words}"] if filters else []


def origin_comments(result: Reconstruction) -> list[str]:
    """Say in words where each lead of a reconstruction comes from, for file headers.

    Parameters
    ----------
    result : Reconstruction
        The twelve leads.

    Returns
    -------
    list of str
        One line for each origin, the model, and the fixed wording.
    """
    from ecgview import DISCLAIMER, __version__

    lines = [f"ecgview {__version__}, model {result.model_name}"]
    for origin in Origin:
        leads = [
            lead
            for lead, its in result.origins.items()
            if its is origin and lead not in result.absent
        ]
        if leads:
            lines.append(f"{origin.value}: {', '.join(leads)}")
    if result.others:
        lines.append(f"estimated: {', '.join(result.others)}")
    if result.calibration_words:
        lines.append(f"reconstructed leads are {result.calibration_words}")
    lines.append(f"reconstructed leads carry nothing above {result.bandwidth_hz:g} Hz")
    return [*lines, DISCLAIMER]


def exported_mv(
    recording: Recording,
    reconstruction: Reconstruction,
    leads: tuple[ExportedLead, ...],
    level: float = 0.0,
    *,
    clean: bool = False,
) -> NDArray[np.float32]:
    """Read what is written.

    Parameters
    ----------
    recording, reconstruction : Recording, Reconstruction
        What was recorded, and what was made of it.
    leads : tuple of ExportedLead
        As `exported_leads` gives them.
    level : float
        Of the interval, where its ends are among the leads.
    clean : bool
        Whether the recording was high-passed at 0.5 Hz, so that the interval has no wander in it.

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
        elif one.origin in ENDS:
            assert reconstruction.interval is not None
            half_mv = reconstruction.interval.half_width([one.lead], level=level, clean=clean)[0]
            sign = np.float32(1 if one.origin == "upper" else -1)
            rows.append(reconstruction.read([one.lead])[0] + sign * half_mv)
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

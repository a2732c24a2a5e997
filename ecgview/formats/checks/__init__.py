"""What a reader of a recording should know about it, found on opening.

The checks run on every file of a batch: they look at the first minute only, and what is dear
runs only where a cheap test has failed. They look at the leads of the file alone; leads that were
derived from them obey every identity.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.checks.amplitudes import amplitude_warnings
from ecgview.formats.checks.channels import channel_warnings
from ecgview.formats.checks.electrodes import electrode_warnings
from ecgview.formats.checks.ending import ending_warnings
from ecgview.formats.checks.evidence import Evidence
from ecgview.formats.checks.limbs import limb_warnings
from ecgview.formats.checks.signals import gap_warnings, signal_warnings
from ecgview.formats.checks.timing import checked_part, rate_warnings
from ecgview.recording import ImportWarning, Recording

CHECKED_S = 60.0
"""Length of the stretch, from the start, that the checks look at."""


def import_warnings(
    recording: Recording, resolution_mv: Mapping[str, float]
) -> tuple[ImportWarning, ...]:
    """Check a recording that has just been opened.

    Parameters
    ----------
    recording : Recording
        With at least one lead, of the twelve or of another system, and one sample.
    resolution_mv : mapping of str to float
        One unit of the last digit of each lead, in mV.

    Returns
    -------
    tuple of ImportWarning
        Their codes are those of `ecgview.formats.report`.

    Raises
    ------
    RecordingError
        If every sample of every lead of a wholly checked recording is NaN.
    """
    n_checked = min(recording.n_samples, round(CHECKED_S * recording.fs_hz) + 1)
    measured = {channel.lead for channel in recording.channels if not channel.derived}
    leads = tuple(lead for lead in recording.leads if lead in measured) or recording.other_leads
    signals_mv = recording.read(leads, 0, n_checked)
    found = [*channel_warnings(recording), *rate_warnings(recording.fs_hz)]
    tops, bottoms = signals_mv.argmax(axis=1), signals_mv.argmin(axis=1)
    # A NaN counts as both the largest and the least sample of its lead.
    extremes_mv = signals_mv[np.arange(len(leads)), [tops, bottoms]]
    has_gaps = not np.isfinite(extremes_mv).all()
    if has_gaps:
        finite = np.isfinite(signals_mv)
        if not finite.any():
            _refuse_without_samples(recording, n_checked)
        found += gap_warnings(leads, finite, recording.fs_hz)
        rows = [row for row, there in enumerate(finite) if there.any()]
        signals_mv = np.where(finite, signals_mv, np.float32(np.nan))[rows]
        leads = tuple(leads[row] for row in rows)
    if leads:
        if has_gaps:
            tops, bottoms = np.nanargmax(signals_mv, axis=1), np.nanargmin(signals_mv, axis=1)
        evidence = Evidence(recording, leads, signals_mv, resolution_mv, has_gaps, tops, bottoms)
        found += signal_warnings(evidence)
        found += amplitude_warnings(evidence)
        limbs = tuple(limb_warnings(evidence))
        found += limbs
        if all(warning.is_note for warning in limbs):
            found += electrode_warnings(evidence)
        found += ending_warnings(evidence)
    if n_checked < recording.n_samples:
        found.append(checked_part(recording, CHECKED_S))
    return tuple(found)


def _refuse_without_samples(recording: Recording, n_checked: int) -> None:
    if n_checked == recording.n_samples:
        raise RecordingError(
            f"{recording.name} holds no valid sample: every lead is a gap from start to end.",
            "The recording is empty, or its samples were lost when it was converted.",
        )

"""A recording in facts, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ecgview.leads import LEADS
from ecgview.recording import Recording


def describe(recording: Recording) -> dict[str, Any]:
    """List the facts about a recording.

    Parameters
    ----------
    recording : Recording
        As opened.

    Returns
    -------
    dict
        Of strings, numbers, lists and dicts; ``ecgview info`` prints it. Keys: name, path,
        format, simulated, fs_hz, n_samples, duration_s, leads, absent_leads, other_channels
        (name, unit), resolution_uv, patient, comments, warnings (code, message, hint).
    """
    return {
        "name": recording.name,
        "path": None if recording.path is None else str(recording.path),
        "format": recording.format_name,
        "simulated": recording.simulated,
        "fs_hz": float(recording.fs_hz),
        "n_samples": int(recording.n_samples),
        "duration_s": float(recording.duration_s),
        "leads": list(recording.leads),
        "absent_leads": [lead for lead in LEADS if lead not in recording.leads],
        "other_channels": [
            {"name": channel.name, "unit": channel.unit}
            for channel in recording.channels
            if channel.lead is None
        ],
        "resolution_uv": 1000 * float(recording.resolution_mv),
        "patient": asdict(recording.patient),
        "comments": list(recording.comments),
        "warnings": [asdict(warning) for warning in recording.warnings],
    }

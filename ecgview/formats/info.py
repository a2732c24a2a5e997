"""A recording in facts, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ecgview.formats.corrections import said
from ecgview.formats.report import CheckLine, import_report
from ecgview.recording import Recording


def describe(recording: Recording) -> dict[str, Any]:
    """List the facts about a recording, and what was checked on opening it.

    Parameters
    ----------
    recording : Recording
        As opened.

    Returns
    -------
    dict
        Of strings, numbers, lists and dicts; ``ecgview info`` prints it. Keys: name, path,
        format, simulated, started, device, fs_hz, n_samples, duration_s, part, parts, signals
        (name, lead, origin, unit), leads, derived_leads, absent_leads, other_channels (name, unit),
        resolution_uv, n_marks, patient, comments, options (what was said of the file), corrections
        (the same in words), checks (title, state, message, hint, code, suggestion), warnings (code,
        message, hint, suggestion).
    """
    report = import_report(recording)
    return {
        "name": recording.name,
        "path": None if recording.path is None else str(recording.path),
        "format": recording.format_name,
        "simulated": recording.simulated,
        "started": recording.started,
        "device": recording.device,
        "fs_hz": float(recording.fs_hz),
        "n_samples": int(recording.n_samples),
        "duration_s": float(recording.duration_s),
        "part": recording.part,
        "parts": list(recording.parts),
        "signals": [asdict(signal) for signal in report.signals],
        "leads": list(recording.leads),
        "derived_leads": list(recording.derived_leads),
        "absent_leads": list(report.absent_leads),
        "other_channels": [
            {"name": channel.name, "unit": channel.unit}
            for channel in recording.channels
            if channel.lead is None
        ],
        "resolution_uv": 1000 * float(recording.resolution_mv),
        "n_marks": report.n_marks,
        "patient": asdict(recording.patient),
        "comments": list(recording.comments),
        "options": said(recording.options),
        "corrections": list(report.corrections),
        "checks": [_check(line) for line in report.checks],
        "warnings": [
            {
                "code": warning.code,
                "message": warning.message,
                "hint": warning.hint,
                "suggestion": said(warning.suggestion),
            }
            for warning in recording.warnings
        ],
    }


def _check(line: CheckLine) -> dict[str, Any]:
    return {
        "title": line.title,
        "state": line.state.value,
        "message": line.message,
        "hint": line.hint,
        "code": line.code,
        "suggestion": said(line.suggestion),
    }

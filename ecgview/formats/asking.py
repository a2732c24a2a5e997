"""Asks for the lead names (or the unit) that a file with a header does not state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecgview.formats.facts import SignalFacts
from ecgview.formats.naming import name_leads
from ecgview.formats.options import ImportColumn, ImportPreview, NeedsOptions
from ecgview.formats.units import mv_per_unit
from ecgview.recording import Source

ROWS_SHOWN = 20


def ask_for_leads(
    path: Path,
    format_name: str,
    fs_hz: float | None,
    signals: Sequence[SignalFacts],
    source: Source,
    kind: str,
) -> None:
    """Ask what the signals are where a recorder has only numbered them.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        Such as ``EDF``.
    fs_hz : float or None
        Its sampling rate, None where it is not stated either.
    signals : sequence of SignalFacts
        What is known of its signals by now.
    source : Source
        Their samples, of which the first are shown.
    kind : str
        As in `ecgview.recording.Recording`.

    Raises
    ------
    NeedsOptions
        If there are voltages but none is called as a lead, if there are leads but none is a
        voltage, or if there is no rate.
    """
    voltages = [s for s in signals if mv_per_unit(s.unit) is not None]
    is_lead = name_leads([signal.name for signal in signals])
    leads = [signal for signal, known in zip(signals, is_lead, strict=True) if known]
    is_complete = any(signal in voltages for signal in leads) and fs_hz is not None
    if is_complete or not (voltages or leads):
        return
    names = ", ".join(f"{signal.name} ({signal.unit or 'no unit'})" for signal in signals)
    first = source.read(0, min(ROWS_SHOWN, source.n_samples), range(len(signals))).T
    raise NeedsOptions(
        ImportPreview(
            path=path,
            format_name=format_name,
            found=f"Signals: {names}.",
            columns=tuple(ImportColumn(signal.name, "signal", signal.unit) for signal in signals),
            first_rows=tuple(tuple(f"{sample:.4g}" for sample in row) for row in first),
            rate_hz=fs_hz,
            rate_from="the header" if fs_hz is not None else "",
            kind=kind,
        )
    )

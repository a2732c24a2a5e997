"""A preview, as the import dialog wants it, of a recording that could be opened."""

from __future__ import annotations

from pathlib import Path

from ecgview.formats.options import ImportColumn, ImportPreview
from ecgview.formats.units import mv_per_unit
from ecgview.record_facts import Channel
from ecgview.recording import Recording

ROWS_SHOWN = 20


def preview_of(recording: Recording) -> ImportPreview:
    """Describe an open recording so that the user can say otherwise.

    Parameters
    ----------
    recording : Recording
        Opened from a file, without options: what it says is what the file says.

    Returns
    -------
    ImportPreview
        Derived leads left out, so that its signals are those of the file; first samples in the
        units of the file.
    """
    channels = [channel for channel in recording.channels if not channel.derived]
    units = {channel.file_unit for channel in channels if channel.lead is not None}
    n_rows = min(ROWS_SHOWN, recording.n_samples)
    sizes = [_mv_per_number(channel) for channel in channels]
    samples = (recording.source.read(0, n_rows, range(len(channels))).T / sizes).tolist()
    return ImportPreview(
        path=recording.path or Path(recording.name),
        format_name=recording.format_name,
        found=_found(recording, len(channels)),
        columns=tuple(
            ImportColumn(channel.name, "signal", channel.file_unit) for channel in channels
        ),
        first_rows=tuple(tuple(f"{sample:.4g}" for sample in row) for row in samples),
        rate_hz=recording.fs_hz,
        rate_from="the file",
        unit=units.pop() if len(units) == 1 else None,
        unit_from="the file",
        parts=recording.parts,
        part=recording.part,
        kind=recording.kind,
    )


def _mv_per_number(channel: Channel) -> float:
    """Give what the samples are to be divided by to be the numbers of the file."""
    return (mv_per_unit(channel.file_unit) if channel.unit == "mV" else None) or 1.0


def _found(recording: Recording, n_signals: int) -> str:
    signals = "1 signal" if n_signals == 1 else f"{n_signals} signals"
    device = f", {recording.device}" if recording.device else ""
    return f"{recording.format_name}{device}: {signals}, {recording.duration_s:.3g} s."

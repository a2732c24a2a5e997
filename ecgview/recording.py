"""A recording: frozen facts about it, and a source that its samples are read from.

Nothing here knows a file format. A reader makes a `Recording` around a `Source`; long files
get a source that reads only what is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import LeadError
from ecgview.leads import LEAD_INDEX, LEADS, OTHER_LEADS, normalise_other_lead
from ecgview.record_facts import Channel, ImportOptions, ImportWarning, Mark, Patient

__all__ = [
    "ArraySource",
    "Channel",
    "ImportOptions",
    "ImportWarning",
    "Mark",
    "Patient",
    "Recording",
    "Source",
    "recording_from_array",
]


class Source(Protocol):
    """Samples that can be read piece by piece.

    Attributes
    ----------
    n_channels, n_samples : int
        Shape of the whole.
    """

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        ...

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        ...

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels as float32 mV, shape (channels, samples).

        ``0 <= start <= stop <= n_samples``; gaps are NaN; the caller may keep and change the
        array.
        """
        ...


@dataclass(frozen=True, eq=False)
class ArraySource:
    """A source held in memory or memory-mapped.

    Parameters
    ----------
    signals_mv : ndarray, shape (channels, samples)
        Samples in mV.
    """

    signals_mv: NDArray[np.floating]

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return int(self.signals_mv.shape[0])

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return int(self.signals_mv.shape[1])

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Copy ``[start, stop)`` of some channels, float32 mV, shape (channels, samples)."""
        # A list of channels copies already; a second copy would cost as much as reading a file.
        return self.signals_mv[list(channels), start:stop].astype(np.float32, copy=False)


@dataclass(frozen=True)
class Recording:
    """An electrocardiogram: facts about it and a source of its samples.

    Attributes
    ----------
    name : str
        Short name for titles and output files, normally the file's stem.
    fs_hz : float
        Sampling rate.
    channels : tuple of Channel
        All signals, in the order of the file.
    source : Source
        Where the samples come from; its channels are those of `channels`.
    resolution_mv : float
        One unit of the last digit in mV (the coarsest of the twelve leads).
    path : Path or None
        The file it was opened from.
    format_name : str
        Such as ``WFDB``.
    patient : Patient
        What the file says of the patient.
    comments : tuple of str
        Free text of the file.
    warnings : tuple of ImportWarning
        What the checks on opening found.
    simulated : bool
        True for recordings of ecgview's own simulator; every display says so.
    started : str
        When it was recorded, ISO 8601 (``2021-03-23T20:20:47``, or the date alone); empty where
        the file does not say.
    device : str
        Maker and model of the recorder; empty where the file does not say.
    parts : tuple of str
        What the file holds, such as ``rhythm`` and ``median beat``; empty where there is only
        one thing.
    part : str
        Which of `parts` this is.
    kind : str
        Names the kind of file for remembered corrections: files of one kind come from one
        recorder or program and share layout and channel names.
    options : ImportOptions
        What the user said of the file and was applied to it.
    mark_reader : callable or None
        Reads the annotations when `marks` is first asked for.
    """

    name: str
    fs_hz: float
    channels: tuple[Channel, ...]
    source: Source
    resolution_mv: float
    path: Path | None = None
    format_name: str = ""
    patient: Patient = field(default_factory=Patient)
    comments: tuple[str, ...] = ()
    warnings: tuple[ImportWarning, ...] = ()
    simulated: bool = False
    started: str = ""
    device: str = ""
    parts: tuple[str, ...] = ()
    part: str = ""
    kind: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    mark_reader: Callable[[], tuple[Mark, ...]] | None = None

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The annotations of the file, by time."""
        marks = self.mark_reader() if self.mark_reader is not None else ()
        return tuple(sorted(marks, key=lambda mark: mark.start_s))

    @property
    def derived_leads(self) -> tuple[str, ...]:
        """Leads that the file lacks and that follow exactly from its limb leads."""
        derived = {channel.lead for channel in self.channels if channel.derived}
        return tuple(lead for lead in LEADS if lead in derived)

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return self.source.n_samples

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.fs_hz

    @cached_property
    def leads(self) -> tuple[str, ...]:
        """Those of the twelve leads that the file holds, in standard order."""
        return tuple(lead for lead in LEADS if lead in self._row_of_lead)

    @cached_property
    def _row_of_lead(self) -> dict[str | None, int]:
        return {channel.lead: row for row, channel in enumerate(self.channels)}

    @property
    def other_channels(self) -> tuple[str, ...]:
        """Names of the channels that are not one of the twelve leads."""
        return tuple(channel.name for channel in self.channels if channel.lead is None)

    @cached_property
    def other_leads(self) -> tuple[str, ...]:
        """Those of the leads of other systems (Frank, EASI) that the file holds."""
        return tuple(lead for lead in OTHER_LEADS if lead in self._row_of_other_lead)

    @cached_property
    def _row_of_other_lead(self) -> dict[str | None, int]:
        rows: dict[str | None, int] = {}
        for row, channel in enumerate(self.channels):
            lead = normalise_other_lead(channel.name) if channel.lead is None else None
            # X, Y and Z may also be an accelerometer's.
            if lead is not None and channel.unit == "mV":
                rows.setdefault(lead, row)
        return rows

    def read(
        self, leads: Sequence[str], start: int = 0, stop: int | None = None
    ) -> NDArray[np.float32]:
        """Read some of the leads.

        Parameters
        ----------
        leads : sequence of str
            Standard names, each in `Recording.leads` or `Recording.other_leads`.
        start, stop : int
            Samples ``[start, stop)``; the whole recording by default.

        Returns
        -------
        ndarray, shape (leads, samples)
            float32 mV; gaps are NaN.

        Raises
        ------
        LeadError
            If a lead is not in the recording.
        """
        rows = self._row_of_lead | self._row_of_other_lead
        missing = [lead for lead in leads if lead not in rows]
        if missing:
            has = ", ".join((*self.leads, *self.other_leads)) or "none of the twelve leads"
            raise LeadError(f"{self.name} has no lead {', '.join(missing)}.", f"It has {has}.")
        stop = self.n_samples if stop is None else stop
        return self.source.read(start, stop, [rows[lead] for lead in leads])

    def is_of_file(self, other: Recording) -> bool:
        """Tell whether it was read from the same file as another recording."""
        if self.path is None or other.path is None:
            return False
        return self.path.resolve() == other.path.resolve()

    def read_twelve(self, start: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """Read all twelve leads, NaN where the file lacks one.

        Parameters
        ----------
        start, stop : int
            Samples ``[start, stop)``; the whole recording by default.

        Returns
        -------
        ndarray, shape (12, samples)
            float32 mV in standard order.
        """
        stop = self.n_samples if stop is None else stop
        present = self.leads
        if present == LEADS:
            return self.read(LEADS, start, stop)
        twelve = np.full((len(LEADS), stop - start), np.nan, dtype=np.float32)
        if present:
            rows = [LEAD_INDEX[lead] for lead in present]
            twelve[rows] = self.read(present, start, stop)
        return twelve


def recording_from_array(
    name: str,
    leads_mv: dict[str, NDArray[np.floating]],
    fs_hz: float,
    *,
    resolution_mv: float = 0.001,
    simulated: bool = False,
    comments: Sequence[str] = (),
) -> Recording:
    """Make a recording of leads in memory.

    Parameters
    ----------
    name : str
        Short name.
    leads_mv : dict of str to ndarray, shape (samples,)
        Standard lead names and their samples in mV.
    fs_hz : float
        Sampling rate.
    resolution_mv : float
        One unit of the last digit.
    simulated : bool
        Whether ecgview's simulator made it.
    comments : sequence of str
        Free text.

    Returns
    -------
    Recording
        Backed by an `ArraySource`.
    """
    signals_mv = np.stack([np.asarray(lead, dtype=np.float32) for lead in leads_mv.values()])
    return Recording(
        name=name,
        fs_hz=fs_hz,
        channels=tuple(Channel(lead, lead) for lead in leads_mv),
        source=ArraySource(signals_mv),
        resolution_mv=resolution_mv,
        simulated=simulated,
        comments=tuple(comments),
    )

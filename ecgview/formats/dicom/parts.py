"""What a DICOM object offers to open: its rhythm, its median beats, and their samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.dicom.groups import ChannelFacts, Group

_LONGEST_PAUSE_S = 60.0
"""Groups further apart are separate recordings."""


@dataclass(frozen=True, eq=False)
class Part:
    """Multiplex groups that are shown together on one time line.

    Recorders that print three leads at a time store four groups one after another, and the
    rhythm lead as a fifth beside them (PS3.3 A.34.3.4).

    Attributes
    ----------
    name : str
        Such as ``rhythm`` or ``median beat``.
    groups : tuple of Group
        Of one sampling rate, the longest first.
    """

    name: str
    groups: tuple[Group, ...]

    @property
    def channels(self) -> tuple[ChannelFacts, ...]:
        """The channels of all groups."""
        return tuple(channel for group in self.groups for channel in group.channels)

    @property
    def fs_hz(self) -> float:
        """Sampling rate."""
        return self.groups[0].fs_hz

    @property
    def offset_s(self) -> float:
        """When it begins, after the acquisition began."""
        return min(group.offset_s for group in self.groups)


def find_parts(groups: Sequence[Group]) -> list[Part]:
    """Put together what belongs together; the rhythm first.

    Parameters
    ----------
    groups : sequence of Group
        As in the file.

    Returns
    -------
    list of Part
        With different names.
    """
    joined: list[list[Group]] = []
    for group in groups:
        home = next((part for part in joined if _belongs(group, part)), None)
        if home is None:
            joined.append([group])
        else:
            home.append(group)
    joined.sort(key=lambda part: (part[0].is_median, not any(group.leads for group in part)))
    names: list[str] = []
    for number, part in enumerate(joined):
        names.append(_unused(_name(part, is_first=number == 0), names))
    return [
        Part(name, tuple(sorted(part, key=lambda group: -group.duration_s)))
        for name, part in zip(names, joined, strict=True)
    ]


def _belongs(group: Group, part: Sequence[Group]) -> bool:
    if group.is_median or part[0].is_median or group.fs_hz != part[0].fs_hz:
        return False
    if _goes_on(group, part[-1]):
        return True
    known = frozenset().union(*(other.leads for other in part))
    begin_s = min(other.offset_s for other in part)
    end_s = max(other.offset_s + other.duration_s for other in part)
    pause_s = max(group.offset_s - end_s, begin_s - group.offset_s - group.duration_s)
    shown_s = max((other.duration_s for other in part if other.leads & group.leads), default=0.0)
    adds = bool(group.leads - known) or group.duration_s > shown_s
    return bool(known and group.leads) and adds and pause_s < _LONGEST_PAUSE_S


def _goes_on(group: Group, other: Group) -> bool:
    """Tell whether a group has what did not fit into another: the same name and the same time."""
    times = [(one.label, one.offset_s, one.duration_s) for one in (group, other)]
    return bool(group.label) and times[0] == times[1] and not group.leads


def _name(part: Sequence[Group], *, is_first: bool) -> str:
    if part[0].is_median:
        return "median beat"
    return "rhythm" if is_first or not part[0].label else part[0].label


def _unused(name: str, names: Iterable[str]) -> str:
    taken, number, free = {*names}, 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


@dataclass(frozen=True, eq=False)
class _Column:
    """A channel: a column of a group, and how many samples after the part's start it begins."""

    group: Group
    column: int
    channel: ChannelFacts
    begin: int


class PartSource:
    """Samples of a part: scaled when they are read, NaN where a channel has none.

    Parameters
    ----------
    part : Part
        What to read.
    """

    def __init__(self, part: Part) -> None:
        origin_s = part.offset_s
        self._columns = [
            _Column(
                group, column, channel, round((group.offset_s - origin_s + skew_s) * part.fs_hz)
            )
            for group in part.groups
            for column, channel in enumerate(group.channels)
            for skew_s in [channel.skew_s if 0 <= channel.skew_s < _LONGEST_PAUSE_S else 0.0]
        ]
        self.n_channels = len(self._columns)
        self.n_samples = max(
            (column.begin + len(column.group.steps) for column in self._columns), default=0
        )

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels, float32 mV, shape (channels, samples)."""
        values = np.full((len(channels), stop - start), np.nan, dtype=np.float32)
        for row, channel in zip(values, channels, strict=True):
            column = self._columns[channel]
            first = max(start - column.begin, 0)
            last = min(stop - column.begin, len(column.group.steps))
            if last > first:
                at = first + column.begin - start
                row[at : at + last - first] = _scaled(column, first, last)
        return values


def _scaled(column: _Column, first: int, last: int) -> NDArray[np.floating]:
    steps = column.group.steps[first:last, column.column]
    channel = column.channel
    scaled = (steps * channel.sensitivity + channel.baseline) * channel.scale
    if column.group.padding is not None:
        scaled[steps == column.group.padding] = np.nan
    return scaled

"""Annotations of a DICOM waveform object: marks in time, and sentences without a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ecgview.formats.dicom.groups import Group, text_of
from ecgview.formats.dicom.parts import Part
from ecgview.formats.dicom.study import moment
from ecgview.recording import Mark

if TYPE_CHECKING:
    from pydicom import Dataset

_SPANS = ("SEGMENT", "MULTISEGMENT")


@dataclass(frozen=True)
class Annotation:
    """One item of the annotation sequence.

    Attributes
    ----------
    text : str
        Such as ``QT Interval: 368 ms``, ``P Onset`` or free text.
    channels : tuple of (int, int)
        Numbers from 1 of multiplex groups and of channels in them, 0 for all channels.
    samples : tuple of int
        Positions, from 1.
    offsets_s : tuple of float
        Seconds from the start of the group.
    moments : tuple of datetime
        Points in time.
    is_span : bool
        Positions are starts and ends in turn.
    family : str
        Number that annotations of one beat share.
    """

    text: str
    channels: tuple[tuple[int, int], ...]
    samples: tuple[int, ...]
    offsets_s: tuple[float, ...]
    moments: tuple[datetime, ...]
    is_span: bool
    family: str

    @property
    def has_time(self) -> bool:
        """Whether it points at anything."""
        return bool(self.samples or self.offsets_s or self.moments)


def read_annotations(dataset: Dataset) -> list[Annotation]:
    """Read the annotations that say anything."""
    found = [_annotation(item) for item in dataset.get("WaveformAnnotationSequence") or ()]
    return [annotation for annotation in found if annotation.text]


def _annotation(item: Dataset) -> Annotation:
    numbers = [int(number) for number in _numbers(item, "ReferencedWaveformChannels")]
    times = [moment(text) for text in _texts(item, "ReferencedDateTime")]
    return Annotation(
        text=_text(item),
        channels=tuple(zip(numbers[::2], numbers[1::2], strict=False)),
        samples=tuple(int(number) for number in _numbers(item, "ReferencedSamplePositions")),
        offsets_s=tuple(_numbers(item, "ReferencedTimeOffsets")),
        moments=tuple(time for time in times if time is not None),
        is_span=text_of(item, "TemporalRangeType") in _SPANS,
        family=text_of(item, "AnnotationGroupNumber"),
    )


def _text(item: Dataset) -> str:
    free = " ".join(text_of(item, "UnformattedTextValue").split())
    name, value = _meaning(item, "ConceptNameCodeSequence"), _meaning(item, "ConceptCodeSequence")
    number = text_of(item, "NumericValue")
    if number:
        value = f"{number} {_unit(item)}".strip()
    parts = [part for part in (name, value or free) if part]
    return ": ".join(parts)


def _meaning(item: Dataset, sequence: str) -> str:
    coded = next(iter(item.get(sequence) or ()), None)
    return "" if coded is None else text_of(coded, "CodeMeaning") or text_of(coded, "CodeValue")


def _unit(item: Dataset) -> str:
    coded = next(iter(item.get("MeasurementUnitsCodeSequence") or ()), None)
    return "" if coded is None else text_of(coded, "CodeValue")


def _texts(item: Dataset, keyword: str) -> Sequence[str]:
    value = item.get(keyword)
    if value is None or value == "":
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [str(one) for one in value]
    return [str(value)]


def _numbers(item: Dataset, keyword: str) -> list[float]:
    try:
        return [float(text) for text in _texts(item, keyword)]
    except ValueError:
        return []


def put_right(annotations: Sequence[Annotation], groups: Sequence[Group]) -> list[Annotation]:
    """Give the fiducial points of a median beat to it where they are filed under the rhythm.

    Recorders of Mortara do that. It shows where a family of points holds the sample that the
    median beat is aligned on, ends within that beat, and overlaps a beat of the rhythm.
    """
    families: dict[str, list[int]] = {}
    for one in annotations:
        families.setdefault(one.family, []).extend(one.samples)
    spans = [(min(found), max(found)) for found in families.values() if len(found) > 1]
    moved: dict[str, int] = {}
    for group in (one for one in groups if one.is_median and one.trigger):
        for family, found in families.items():
            is_aligned = (
                len(found) > 1 and group.trigger in found and max(found) <= len(group.steps)
            )
            if is_aligned and _overlaps((min(found), max(found)), spans):
                moved[family] = group.number
    return [
        replace(one, channels=((moved[one.family], 0),))
        if one.samples and one.family in moved
        else one
        for one in annotations
    ]


def _overlaps(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    others = [other for other in spans if other != span]
    return any(begin < span[1] and span[0] < end for begin, end in others)


def marks_of(
    annotations: Sequence[Annotation], part: Part, acquired: datetime | None
) -> tuple[Mark, ...]:
    """Place the annotations of a part on its time line.

    Parameters
    ----------
    annotations : sequence of Annotation
        Of the whole file.
    part : Part
        What is open; annotations of other multiplex groups are left out.
    acquired : datetime or None
        When the acquisition began.

    Returns
    -------
    tuple of Mark
        In the order of the file; those outside the part are left out.
    """
    end_s = max(group.offset_s + group.duration_s for group in part.groups) - part.offset_s
    return tuple(
        mark
        for annotation in annotations
        if annotation.has_time
        for mark in _marks(annotation, part, acquired)
        if 0 <= mark.start_s <= end_s
    )


def _marks(annotation: Annotation, part: Part, acquired: datetime | None) -> Iterator[Mark]:
    groups = {group.number: group for group in part.groups}
    named = [
        (groups[number], channel) for number, channel in annotation.channels if number in groups
    ]
    if annotation.channels and not named:
        return
    group = named[0][0] if named else part.groups[0]
    times_s = _times_s(annotation, group, part.offset_s, acquired)
    channel = _channel_name(*named[0]) if len(named) == 1 else ""
    if annotation.is_span:
        for start_s, end_s in zip(times_s[::2], times_s[1::2], strict=False):
            yield Mark(start_s, annotation.text, max(0.0, end_s - start_s), channel)
        return
    for start_s in times_s:
        yield Mark(start_s, annotation.text, channel=channel)


def _times_s(
    annotation: Annotation, group: Group, origin_s: float, acquired: datetime | None
) -> list[float]:
    begin_s = group.offset_s - origin_s
    if annotation.samples:
        return [begin_s + (sample - 1) / group.fs_hz for sample in annotation.samples]
    if annotation.offsets_s:
        return [begin_s + offset_s for offset_s in annotation.offsets_s]
    if acquired is None:
        return []
    return [(one - acquired).total_seconds() - origin_s for one in annotation.moments]


def _channel_name(group: Group, channel: int) -> str:
    return group.channels[channel - 1].name if 0 < channel <= len(group.channels) else ""

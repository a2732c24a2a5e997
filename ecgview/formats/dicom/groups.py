"""Multiplex groups of a DICOM waveform object: facts and stored samples."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.assemble import check_rate
from ecgview.formats.dicom.codes import lead_of_code
from ecgview.formats.facts import SignalFacts
from ecgview.formats.units import mv_per_unit
from ecgview.leads import normalise_lead_name

if TYPE_CHECKING:
    from pydicom import Dataset

_DTYPES = {
    (8, "SB"): "i1",
    (8, "UB"): "u1",
    (16, "SS"): "i2",
    (16, "US"): "u2",
    (32, "SL"): "i4",
    (32, "UL"): "u4",
    (64, "SV"): "i8",
    (64, "UV"): "u8",
}
_USUAL = {8: "SB", 16: "SS", 32: "SL", 64: "SV"}
_MEDIAN_WORDS = ("median", "representative", "average", "template", "mean beat")
MAX_CHANNELS = 512
_MEDIAN_S = 2.0
"""A derived group shorter than this is a median beat."""


@dataclass(frozen=True)
class ChannelFacts:
    """What a channel definition says.

    Attributes
    ----------
    name : str
        The standard name where the code is known, else the text of the file.
    unit : str
        As in the file; empty where it states none.
    sensitivity : float
        What one step is, in `unit`, corrected; 1 where the file does not say.
    baseline : float
        Added to every sample, in `unit`.
    skew_s : float
        How much later than the group its first sample was taken.
    """

    name: str
    unit: str
    sensitivity: float
    baseline: float
    skew_s: float

    @property
    def facts(self) -> SignalFacts:
        """The same for `assemble`."""
        return SignalFacts(self.name, self.unit, abs(self.sensitivity))

    @property
    def scale(self) -> float:
        """Factor from `unit` to mV; 1 for what is not a voltage."""
        return mv_per_unit(self.unit) or 1.0


@dataclass(frozen=True, eq=False)
class Group:
    """A multiplex group.

    Attributes
    ----------
    number : int
        From 1, as annotations count.
    label : str
        As in the file, in lower case; may be empty.
    fs_hz, offset_s : float
        Sampling rate, and when it began after the acquisition did.
    is_median : bool
        It is a median or representative beat.
    channels : tuple of ChannelFacts
    steps : ndarray, shape (samples, channels)
        As stored.
    padding : int or None
        The step that stands for no sample.
    n_announced : int
        Samples that the file announces; there may be fewer.
    trigger : int
        The sample, from 1, that a median beat is aligned on; 0 where the file does not say.
    """

    number: int
    label: str
    fs_hz: float
    offset_s: float
    is_median: bool
    channels: tuple[ChannelFacts, ...]
    steps: NDArray[np.integer]
    padding: int | None
    n_announced: int
    trigger: int = 0

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.steps) / self.fs_hz

    @property
    def leads(self) -> frozenset[str]:
        """Those of the twelve leads that it holds."""
        found = {normalise_lead_name(channel.name) for channel in self.channels}
        return frozenset(lead for lead in found if lead is not None)


def read_groups(path: Path, dataset: Dataset) -> list[Group]:
    """Read all multiplex groups with samples.

    Raises
    ------
    RecordingError
        If a group is stored in a way that cannot be read, or there is none with samples.
    """
    groups = [
        _group(path, number, item, little_endian=dataset.original_encoding[1] is not False)
        for number, item in enumerate(dataset.get("WaveformSequence") or (), start=1)
        if _whole(item, "NumberOfWaveformChannels") > 0 and item.get("WaveformData")
    ]
    groups = [group for group in groups if len(group.steps)]
    if not groups:
        raise RecordingError(
            f"{path.name} is a DICOM waveform object without samples.",
            "The file is empty or damaged; export it again.",
        )
    return groups


def _group(path: Path, number: int, item: Dataset, *, little_endian: bool) -> Group:
    fs_hz = check_rate(number_of(item, "SamplingFrequency", math.nan), path.name)
    bits = _whole(item, "WaveformBitsAllocated")
    coding = text_of(item, "WaveformSampleInterpretation") or _USUAL.get(bits, "")
    if (bits, coding) not in _DTYPES:
        raise RecordingError(
            f"{path.name} stores its samples as “{coding or 'none'}” with {bits} bits.",
            "ecgview reads linear samples of 8, 16, 32 and 64 bits, not mu-law and A-law.",
        )
    dtype = np.dtype(_DTYPES[bits, coding]).newbyteorder("<" if little_endian else ">")
    n_channels = _whole(item, "NumberOfWaveformChannels")
    if n_channels > MAX_CHANNELS:
        raise RecordingError(
            f"{path.name} announces {n_channels} channels.",
            f"No electrocardiograph has more than {MAX_CHANNELS}; the file is damaged.",
        )
    steps = _steps(item, dtype, n_channels)
    label = text_of(item, "MultiplexGroupLabel").lower()
    is_derived = text_of(item, "WaveformOriginality") == "DERIVED"
    is_short = len(steps) / fs_hz < _MEDIAN_S
    return Group(
        number=number,
        label=label,
        fs_hz=fs_hz,
        offset_s=number_of(item, "MultiplexGroupTimeOffset", 0.0) / 1000,
        is_median=any(word in label for word in _MEDIAN_WORDS)
        or (is_derived and is_short and "rhythm" not in label),
        channels=_channels(item, n_channels, fs_hz),
        steps=steps,
        padding=_padding(item, dtype),
        n_announced=_whole(item, "NumberOfWaveformSamples"),
        trigger=_whole(item, "TriggerSamplePosition"),
    )


def _steps(item: Dataset, dtype: np.dtype[Any], n_channels: int) -> NDArray[np.integer]:
    data = bytes(item.WaveformData)
    frame = dtype.itemsize * n_channels
    n_samples = len(data) // frame
    if announced := _whole(item, "NumberOfWaveformSamples"):
        n_samples = min(n_samples, announced)
    return np.frombuffer(data, dtype, count=n_samples * n_channels).reshape(n_samples, n_channels)


def _padding(item: Dataset, dtype: np.dtype[Any]) -> int | None:
    value = item.get("WaveformPaddingValue")
    if isinstance(value, bytes) and len(value) >= dtype.itemsize:
        return int(np.frombuffer(value, dtype, count=1)[0])
    return int(value) if isinstance(value, int) else None


def _channels(item: Dataset, n_channels: int, fs_hz: float) -> tuple[ChannelFacts, ...]:
    definitions = list(item.get("ChannelDefinitionSequence") or ())[:n_channels]
    names = _names(definitions)
    found = [
        _channel(name, definition, fs_hz)
        for name, definition in zip(names, definitions, strict=True)
    ]
    missing = range(len(found), n_channels)
    return (*found, *(ChannelFacts("", "", 1.0, 0.0, 0.0) for _ in missing))


def _names(definitions: Sequence[Dataset]) -> list[str]:
    """Name channels by code; by what is written where the codes contradict each other."""
    coded = [lead_of_code(*_code(item, "ChannelSourceSequence")[:2]) for item in definitions]
    written = [_written_name(item) for item in definitions]
    leads = [normalise_lead_name(name) for name in written]
    is_code_repeated = len({*coded}) < len(coded) and None not in coded
    if is_code_repeated and None not in leads and len({*leads}) == len(leads):
        return written
    return [code or name for code, name in zip(coded, written, strict=True)]


def _written_name(item: Dataset) -> str:
    """Give what the file calls a channel: ``Lead aVR, augmented`` is aVR."""
    meaning = _code(item, "ChannelSourceSequence")[2]
    label = text_of(item, "ChannelLabel")
    for text in (meaning.split(",")[0].strip(), label):
        if lead := normalise_lead_name(text):
            return lead
    return meaning or label


def _channel(name: str, item: Dataset, fs_hz: float) -> ChannelFacts:
    sensitivity = number_of(item, "ChannelSensitivity", 0.0)
    correction = number_of(item, "ChannelSensitivityCorrectionFactor", 1.0) or 1.0
    _, value, meaning = _code(item, "ChannelSensitivityUnitsSequence")
    unit = next((text for text in (value, meaning) if mv_per_unit(text)), value or meaning)
    skew_s = number_of(item, "ChannelTimeSkew", math.nan)
    if math.isnan(skew_s):
        skew_s = number_of(item, "ChannelSampleSkew", 0.0) / fs_hz
    return ChannelFacts(
        name,
        # A unit without the size of a step says nothing of the amplitudes.
        unit if sensitivity else "",
        (sensitivity or 1.0) * correction,
        number_of(item, "ChannelBaseline", 0.0),
        skew_s,
    )


def _code(item: Dataset, sequence: str) -> tuple[str, str, str]:
    """Give scheme, value and meaning of a code; empty where there is none."""
    coded = next(iter(item.get(sequence) or ()), None)
    if coded is None:
        return "", "", ""
    value = text_of(coded, "CodeValue") or text_of(coded, "LongCodeValue")
    return text_of(coded, "CodingSchemeDesignator"), value, text_of(coded, "CodeMeaning")


def text_of(item: Dataset, keyword: str) -> str:
    """Give the first value of an element as text, empty where there is none."""
    value = item.get(keyword)
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str) and isinstance(value, Sequence):
        value = value[0] if value else None
    return "" if value is None else str(value).strip(" \0\r\n\t")


def number_of(item: Dataset, keyword: str, otherwise: float) -> float:
    """Give the first value of an element as a finite number."""
    try:
        number = float(text_of(item, keyword))
    except ValueError:
        return otherwise
    return number if math.isfinite(number) else otherwise


def _whole(item: Dataset, keyword: str) -> int:
    return min(sys.maxsize, max(0, int(number_of(item, keyword, 0.0))))

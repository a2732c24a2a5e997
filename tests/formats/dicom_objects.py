"""DICOM waveform objects made for the tests, element by element, by pydicom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset, dcmwrite
from pydicom.config import disable_value_validation
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, TwelveLeadECGWaveformStorage, generate_uid

Code = tuple[str, str, str]
MICROVOLT: Code = ("UCUM", "uV", "microvolt")


def mdc(number: int, meaning: str = "") -> Code:
    return ("MDC", f"2:{number}", meaning or f"code {number}")


def code_item(code: Code) -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator, item.CodeValue, item.CodeMeaning = code
    return item


def channel_item(source: Code | None, unit: Code | None = MICROVOLT, **elements: Any) -> Dataset:
    channel = Dataset()
    if source is not None:
        channel.ChannelSourceSequence = [code_item(source)]
    if unit is not None:
        channel.ChannelSensitivityUnitsSequence = [code_item(unit)]
    for keyword, value in {"ChannelSensitivity": "1", **elements}.items():
        if value is not None:
            setattr(channel, keyword, value)
    return channel


def group_item(
    steps: np.ndarray,
    channels: Sequence[Dataset],
    *,
    fs: str = "500",
    label: str = "RHYTHM",
    interpretation: str = "SS",
    data: bytes | None = None,
    padding: bytes | None = None,
    big_endian: bool = False,
    **elements: Any,
) -> Dataset:
    """Make a multiplex group of steps, shape (channels, samples), of their own number of bytes."""
    group = Dataset()
    group.NumberOfWaveformChannels, group.NumberOfWaveformSamples = steps.shape
    group.SamplingFrequency = fs
    group.MultiplexGroupLabel = label
    group.WaveformOriginality = "ORIGINAL"
    group.ChannelDefinitionSequence = list(channels)
    group.WaveformBitsAllocated = 8 * steps.dtype.itemsize
    group.WaveformSampleInterpretation = interpretation
    stored = steps.astype(steps.dtype.newbyteorder(">")) if big_endian else steps
    content = np.ascontiguousarray(stored.T).tobytes() if data is None else data
    if padding is not None:
        group.add(DataElement("WaveformPaddingValue", "OW", padding))
    group.add(DataElement("WaveformData", "OW", content + b"\0" * (len(content) % 2)))
    for keyword, value in elements.items():
        setattr(group, keyword, value)
    return group


def write_object(
    path: Path,
    groups: Sequence[Dataset],
    *,
    syntax: str = ExplicitVRLittleEndian,
    sop_class: str = TwelveLeadECGWaveformStorage,
    preamble: bool = True,
    **elements: Any,
) -> Path:
    dataset = Dataset()
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.Modality = "ECG"
    if groups:
        dataset.WaveformSequence = list(groups)
    with disable_value_validation():  # tests write what recorders should not
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)
    if preamble:
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = syntax
        dcmwrite(path, dataset, enforce_file_format=True)
    else:
        dcmwrite(path, dataset, implicit_vr=True, little_endian=True)
    return path

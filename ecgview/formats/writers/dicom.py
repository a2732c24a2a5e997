"""Writer of DICOM waveform objects (PS3.3 A.34.3 to A.34.5, C.10.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.dicom.codes import NUMBER_OF_LEAD
from ecgview.formats.dicom.study import NO_DATE
from ecgview.formats.writers.contents import Contents
from ecgview.recording import Mark, Patient

if TYPE_CHECKING:
    from pydicom import Dataset

_MICROVOLT = ("UCUM", "uV", "microvolt")
_LONGEST_TEXT = 1024
_SEXES = {"male": "M", "female": "F", "other": "O"}
_AGE = re.compile(r"(\d{1,3})\+?\s*(d|w|m|y|$)", re.IGNORECASE)
_ESTIMATED = re.compile(r"(reconstructed|estimated):|.*: (reconstructed|estimated)$")


@dataclass(frozen=True)
class _Kind:
    """A class of waveform objects and what its definition allows."""

    uid: str
    lowest_hz: float
    highest_hz: float
    most_leads: int
    most_samples: float = float("inf")
    dtype: type[np.signedinteger] = np.int16
    most_groups: int = 1


_STORAGE = "1.2.840.10008.5.1.4.1.1.9.1."
_KINDS = (
    _Kind(f"{_STORAGE}1", 200, 1000, 13, 16384),  # 12-lead ECG
    _Kind(f"{_STORAGE}2", 200, 1000, 24, most_groups=4),  # general ECG
    _Kind(f"{_STORAGE}3", 50, 1000, 12),  # ambulatory ECG
    _Kind(f"{_STORAGE}4", 0, float("inf"), 24, dtype=np.int32, most_groups=4),  # general 32-bit ECG
)


def write_dicom(path: Path, contents: Contents) -> None:
    """Write a multiplex group, with comments and marks as annotations.

    More leads than a group holds go into further groups of the same name and time. NaN becomes the
    padding value. The class is that of a 12-lead ECG where its limits hold (13 leads, 16,384
    samples, 200 to 1000 Hz, 16 bits), else of a general, ambulatory or 32-bit ECG. Where no date is
    given, 1 January 1900 stands in its place, for a date is required.

    Parameters
    ----------
    path : Path
        The file.
    contents : Contents
        What to write.

    Raises
    ------
    RecordingError
        If no class of waveform objects can hold it.
    """
    from pydicom import Dataset, dcmwrite
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    kind, contents = _choose(path, contents)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = kind.uid
    # Random numbers under the root for UUIDs, so that they say nothing of patient or place.
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(dataset, keyword, generate_uid(prefix=None))
    _fill_patient(dataset, contents.patient)
    _fill_study(dataset, contents.started)
    dataset.AcquisitionContextSequence = []
    dataset.WaveformSequence = [_group(part, kind) for part in _parts(contents, kind)]
    if annotations := list(_annotations(contents, kind)):
        dataset.WaveformAnnotationSequence = annotations
    dcmwrite(path, dataset, enforce_file_format=True)


def _choose(path: Path, contents: Contents) -> tuple[_Kind, Contents]:
    """Choose a class, and steps of the file's own resolution rather than 32 bits."""
    sixteen = [kind for kind in _KINDS if kind.dtype is np.int16]
    for one in (contents, contents.coarser):
        if found := next((kind for kind in sixteen if _holds(kind, one)), None):
            return found, one
    if _holds(_KINDS[-1], contents):
        return _KINDS[-1], contents
    n_leads, n_samples = contents.leads_mv.shape
    raise RecordingError(
        f"DICOM cannot hold {path.stem}: {n_leads} leads of {n_samples} samples, up to "
        f"{contents.largest_step / contents.steps_per_mv:.3g} mV.",
        "It holds up to 96 leads and 4 GB; choose another format, fewer leads or a shorter part.",
    )


def _holds(kind: _Kind, contents: Contents) -> bool:
    n_leads, n_samples = contents.leads_mv.shape
    return (
        kind.lowest_hz <= contents.fs_hz <= kind.highest_hz
        and n_leads <= kind.most_leads * kind.most_groups
        and n_samples <= kind.most_samples
        and contents.largest_step <= np.iinfo(kind.dtype).max
        and min(n_leads, kind.most_leads) * n_samples * np.dtype(kind.dtype).itemsize < 2**32 - 2
    )


def _parts(contents: Contents, kind: _Kind) -> list[Contents]:
    """Share the leads out to groups."""
    return [
        replace(contents, leads=contents.leads[rows], leads_mv=contents.leads_mv[rows])
        for first in range(0, len(contents.leads), kind.most_leads)
        for rows in [slice(first, first + kind.most_leads)]
    ]


def _fill_patient(dataset: Dataset, patient: Patient) -> None:
    family, _, given = patient.name.partition(", ")
    dataset.PatientName = "^".join(_clean(part, 60) for part in (family, given) if part)
    dataset.PatientID = _clean(patient.identifier, 64)
    dataset.PatientBirthDate = _digits(patient.birth_date)[:8]
    dataset.PatientSex = _SEXES.get(patient.sex, "")
    if age := _AGE.match(patient.age):
        dataset.PatientAge = f"{int(age[1]):03d}{(age[2] or 'Y').upper()}"


def _fill_study(dataset: Dataset, started: str) -> None:
    from ecgview import __version__

    day, _, time = started.partition("T")
    date = _digits(day)[:8]
    time = ".".join(_digits(part) for part in time.split(".")[:2])
    dataset.StudyDate, dataset.StudyTime = date, time
    dataset.ContentDate, dataset.ContentTime = date or NO_DATE, time or "000000"
    dataset.AcquisitionDateTime = f"{date or NO_DATE}{time}"
    dataset.Modality = "ECG"
    dataset.SoftwareVersions = f"ecgview {__version__}"
    dataset.InstanceNumber = "1"
    for keyword in (
        "Manufacturer",
        "ReferringPhysicianName",
        "StudyID",
        "AccessionNumber",
        "SeriesNumber",
    ):
        setattr(dataset, keyword, "")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _clean(text: str, longest: int) -> str:
    r"""Leave out what DICOM gives a meaning of its own: ``\``, ``^``, ``=`` and control codes."""
    return re.sub(r"[\x00-\x1f\x7f\\^=]+", " ", text).strip()[:longest]


def _group(contents: Contents, kind: _Kind) -> Dataset:
    from pydicom import Dataset
    from pydicom.dataelem import DataElement
    from pydicom.valuerep import format_number_as_ds

    is_estimated = any(_ESTIMATED.match(line) for line in contents.comments)
    dtype = np.dtype(kind.dtype).newbyteorder("<")
    group = Dataset()
    group.MultiplexGroupTimeOffset = "0"
    group.WaveformOriginality = "DERIVED" if is_estimated else "ORIGINAL"
    group.NumberOfWaveformChannels, group.NumberOfWaveformSamples = contents.leads_mv.shape
    group.SamplingFrequency = format_number_as_ds(float(contents.fs_hz))
    group.MultiplexGroupLabel = "RHYTHM"
    bits = 8 * dtype.itemsize
    group.ChannelDefinitionSequence = [
        _channel(lead, 1000 / contents.steps_per_mv, bits) for lead in contents.leads
    ]
    group.WaveformBitsAllocated = bits
    group.WaveformSampleInterpretation = "SS" if bits == 16 else "SL"
    pad = np.array(np.iinfo(kind.dtype).min, dtype).tobytes()
    data = contents.stored(kind.dtype).astype(dtype, copy=False).tobytes()
    group.add(DataElement("WaveformPaddingValue", "OW", pad))
    group.add(DataElement("WaveformData", "OW", data))
    return group


def _channel(lead: str, step_uv: float, bits: int) -> Dataset:
    from pydicom import Dataset
    from pydicom.valuerep import format_number_as_ds

    channel = Dataset()
    number = NUMBER_OF_LEAD.get(lead)
    source = ("MDC", f"2:{number}", f"Lead {lead}")
    if number is None:
        name = _clean(lead, 64)
        source = ("99ECGVIEW", name[:16], name)
        channel.ChannelLabel = name[:16]
    channel.ChannelSourceSequence = [_code(*source)]
    channel.ChannelSensitivity = format_number_as_ds(step_uv)
    channel.ChannelSensitivityUnitsSequence = [_code(*_MICROVOLT)]
    channel.ChannelSensitivityCorrectionFactor = "1"
    channel.ChannelBaseline = "0"
    channel.ChannelSampleSkew = "0"
    channel.WaveformBitsStored = bits
    return channel


def _code(scheme: str, value: str, meaning: str) -> Dataset:
    from pydicom import Dataset

    code = Dataset()
    code.CodeValue = value
    code.CodingSchemeDesignator = scheme
    code.CodeMeaning = meaning
    return code


def _annotations(contents: Contents, kind: _Kind) -> Iterator[Dataset]:
    for comment in contents.comments:
        if comment.strip():
            yield _annotation(comment, (1, 0), 0)
    places = {
        lead: (number // kind.most_leads + 1, number % kind.most_leads + 1)
        for number, lead in enumerate(contents.leads)
    }
    for mark in contents.marks:
        annotation = _annotation(mark.text, places.get(mark.channel, (1, 0)), 1)
        annotation.TemporalRangeType = "SEGMENT" if mark.duration_s > 0 else "POINT"
        annotation.ReferencedSamplePositions = _positions(mark, contents)
        yield annotation


def _annotation(text: str, place: tuple[int, int], number: int) -> Dataset:
    from pydicom import Dataset

    annotation = Dataset()
    annotation.ReferencedWaveformChannels = list(place)
    annotation.AnnotationGroupNumber = number
    annotation.UnformattedTextValue = text[:_LONGEST_TEXT]
    return annotation


def _positions(mark: Mark, contents: Contents) -> list[int]:
    """Give the samples of a mark, which DICOM counts from 1."""
    ends_s = (
        [mark.start_s, mark.start_s + mark.duration_s] if mark.duration_s > 0 else [mark.start_s]
    )
    last = contents.leads_mv.shape[1]
    return [min(max(1, round(end_s * contents.fs_hz) + 1), last) for end_s in ends_s]

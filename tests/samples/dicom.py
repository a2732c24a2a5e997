"""A DICOM twelve-lead waveform."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, TwelveLeadECGWaveformStorage

from ecgview.leads import LEADS
from samples.ecg import FIRST_NAME, FS_HZ, IDENTIFIER, LAST_NAME, Ecg


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def _channel(number: int, lead: str) -> Dataset:
    channel = Dataset()
    code = _code(f"2:{number}", "MDC", f"Lead {lead}")
    channel.ChannelSourceSequence = [code]
    channel.ChannelSensitivity, channel.ChannelBaseline = "1", "0"
    channel.ChannelSensitivityCorrectionFactor = "1"
    channel.ChannelSensitivityUnitsSequence = [_code("uV", "UCUM", "microvolt")]
    channel.ChannelSampleSkew, channel.WaveformBitsStored = "0", 16
    return channel


MDC_NUMBERS = {"I": 1, "II": 2, "III": 61, "aVR": 62, "aVL": 63, "aVF": 64} | {
    f"V{number}": number + 2 for number in range(1, 7)
}
"""Codes of the leads in the nomenclature of ISO/IEEE 11073-10101, as DICOM's CID 3001 has them."""


def dicom(folder: Path, ecg: Ecg) -> Path:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = TwelveLeadECGWaveformStorage
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = Dataset()
    data.file_meta = meta
    data.SOPClassUID = meta.MediaStorageSOPClassUID
    data.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    data.Modality, data.Manufacturer, data.ManufacturerModelName = "ECG", "Maker", "Cart 7"
    data.StudyDate, data.StudyTime = "20100607", "080910"
    data.AcquisitionDateTime = "20100607080910"
    data.PatientName, data.PatientID = f"{LAST_NAME}^{FIRST_NAME}", IDENTIFIER
    data.PatientBirthDate, data.PatientSex, data.PatientAge = "19500203", "F", "060Y"
    group = Dataset()
    group.MultiplexGroupTimeOffset, group.WaveformOriginality = "0", "ORIGINAL"
    group.NumberOfWaveformChannels, group.NumberOfWaveformSamples = 12, ecg.n_samples
    group.SamplingFrequency, group.MultiplexGroupLabel = str(FS_HZ), "RHYTHM"
    group.ChannelDefinitionSequence = [_channel(MDC_NUMBERS[lead], lead) for lead in LEADS]
    group.WaveformBitsAllocated, group.WaveformSampleInterpretation = 16, "SS"
    group.WaveformData = ecg.steps_uv.T.astype("<i2").tobytes()
    data.WaveformSequence = [group]
    path = folder / "rec.dcm"
    data.save_as(path, enforce_file_format=True)
    return path

"""Proof that anonymised files hold nothing that tells whose they are.

For every format that can be written a file is made whose every text holds a word of its own that
occurs nowhere else; none of them may be in any byte or name of what is written of it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import wfdb
from beats import twelve_lead_array
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.config import disable_value_validation
from pydicom.datadict import dictionary_VR, keyword_for_tag

from ecgview.engine.conversion import (
    AnonymisationTask,
    ConversionTask,
    Written,
    anonymise_files,
    convert_files,
)
from ecgview.engine.events import Failed
from ecgview.formats import open_recording, save_recording
from ecgview.formats.writers import WRITERS
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient

FORMATS = sorted(WRITERS)
SIGNALS_MV = np.vstack([twelve_lead_array(500.0, 4.0), np.zeros((1, 2000))])
TEXT_VRS = ("LO", "SH", "LT", "ST", "UT", "UC", "PN", "AE")
BIRTH, STARTED = "1917-02-03", "2010-06-07T08:09:10"
DATES = ("19170203", "1917-02-03", "03.02.17", "03-FEB-1917", "2010", "08:09:10", "080910")

KEYWORDS = (
    "AccessionNumber",
    "AdmissionID",
    "AdmittingDiagnosesDescription",
    "AdditionalPatientHistory",
    "Allergies",
    "BranchOfService",
    "CountryOfResidence",
    "CurrentPatientLocation",
    "DeviceSerialNumber",
    "DeviceID",
    "EthnicGroup",
    "InstitutionAddress",
    "InstitutionName",
    "InstitutionalDepartmentName",
    "IssuerOfPatientID",
    "Manufacturer",
    "ManufacturerModelName",
    "MedicalAlerts",
    "MedicalRecordLocator",
    "MilitaryRank",
    "NameOfPhysiciansReadingStudy",
    "Occupation",
    "OperatorsName",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientAddress",
    "PatientBirthName",
    "PatientComments",
    "PatientID",
    "PatientInstitutionResidence",
    "PatientMotherBirthName",
    "PatientName",
    "PatientReligiousPreference",
    "PatientTelephoneNumbers",
    "PerformingPhysicianName",
    "PhysiciansOfRecord",
    "ProtocolName",
    "ReasonForStudy",
    "ReasonForTheRequestedProcedure",
    "ReferringPhysicianAddress",
    "ReferringPhysicianName",
    "RegionOfResidence",
    "RequestedProcedureDescription",
    "RequestingPhysician",
    "ResponsibleOrganization",
    "ResponsiblePerson",
    "SeriesDescription",
    "SoftwareVersions",
    "SpecialNeeds",
    "StationName",
    "StudyComments",
    "StudyDescription",
    "StudyID",
    "VisitComments",
)
"""Elements of text that such objects may hold."""


class Secrets:
    """Hands out words that occur nowhere else."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._number = count(11)

    def __call__(self, length: int = 16) -> str:
        self.words.append(f"Zq{next(self._number)}x")
        return (self.words[-1] + "Geheim")[:length]


def contents_of_all(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give the names and bytes of all files, and of all entries of archives."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from ((name, archive.read(name)) for name in archive.namelist())


def leaks(folder: Path, words: list[str]) -> list[str]:
    found = []
    for name, content in contents_of_all(folder):
        for word in words:
            spellings = {word.encode(), word.encode("utf-16-le"), word.encode("utf-32-le")}
            hit = any(spelling.lower() in content.lower() for spelling in spellings)
            if hit or word.lower() in name.lower():
                found.append(f"{word} in {name}")
    return found


def save(folder: Path, secret: Secrets, format: str) -> Path:
    """Write a file of a format with a secret in every field that our own writers have."""
    patient = Patient(secret(), "93", "female", f"{secret()}, {secret()}", BIRTH)
    return save_recording(
        secret(),
        SIGNALS_MV,
        500,
        folder / secret(),
        format=format,
        comments=[secret(), f"Diagnosis: {secret()}"],
        leads=(*LEADS, secret(12)),
        patient=patient,
        started=STARTED,
        marks=[Mark(0.5, "N"), Mark(1.0, secret()), Mark(2.0, f"{secret()} N", 0.5, "V1")],
    )


def fill_wfdb(path: Path, secret: Secrets) -> None:
    lines = [f"# {word}: {secret()}" for word in ("Name", "Address", "Doctor", "Rx", "ID")]
    header = path.read_text(encoding="utf-8").splitlines()
    header[0] = " ".join(header[0].split()[:4]) + " 08:09:10 07/06/2010"
    header[1] = header[1].rsplit(" ", 1)[0] + f" {header[1].split()[-1]}"
    path.write_text("\n".join([*header, *lines, "# Age: 93", "# Sex: F"]), encoding="utf-8")
    wfdb.wrann(
        path.stem,
        "atr",
        np.array([250, 500, 900]),
        symbol=["N", '"', "+"],
        aux_note=["", secret(), f"({secret()}"],
        write_dir=str(path.parent),
    )


def fill_edf(path: Path, secret: Secrets) -> None:
    content = bytearray(path.read_bytes())
    who = f"{secret()} F 03-FEB-1917 {secret()} {secret()}"
    where = f"Startdate 07-JUN-2010 {secret()} {secret()} {secret()}"
    content[8:88], content[88:168] = who.ljust(80).encode(), where.ljust(80).encode()
    content[168:184] = b"07.06.1008.09.10"
    n_signals = int(content[252:256])
    for signal in range(n_signals):
        transducer = 256 + 16 * n_signals + 80 * signal
        prefilter = 256 + n_signals * (16 + 80 + 8 * 5) + 80 * signal
        content[transducer : transducer + 80] = secret().ljust(80).encode()
        content[prefilter : prefilter + 80] = secret().ljust(80).encode()
    path.write_bytes(content)


def fill_csv(path: Path, secret: Secrets) -> None:
    said = path.read_text(encoding="utf-8")
    lines = [f"# {word}: {secret()}" for word in ("Device", "Hospital", "Doctor", "Patient name")]
    path.write_text("\n".join([*lines, said]), encoding="utf-8")


def fill_npz(path: Path, secret: Secrets) -> None:
    with np.load(path) as archive:
        arrays = dict(archive)
    arrays |= {"hospital": np.array(secret()), "device": np.array(secret()), secret(): np.zeros(3)}
    np.savez(path, **arrays)


def fill_dicom(path: Path, secret: Secrets) -> None:
    """Put a secret into every element of text that the dictionary knows for such objects."""
    dataset = dcmread(path)
    with disable_value_validation():
        for keyword in KEYWORDS:
            assert dictionary_VR(keyword) in TEXT_VRS
            setattr(dataset, keyword, secret())
        uids = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
        for number, keyword in enumerate(uids):
            setattr(dataset, keyword, f"1.2.3.4711.{number}")
            secret.words.append(f"1.2.3.4711.{number}")
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.PatientBirthTime = "112233"
        dataset.private_block(0x11, secret(), create=True).add_new(1, "LO", secret())
        other = Dataset()
        other.PatientID = secret()
        dataset.OtherPatientIDsSequence = [other]
        group = dataset.WaveformSequence[0]
        group.MultiplexGroupLabel = secret()
        for channel in group.ChannelDefinitionSequence:
            channel.ChannelLabel = secret()
            channel.ChannelDerivationDescription = secret()
            channel.ChannelSourceSequence[0].CodeMeaning = secret()
    dcmwrite(path, dataset)


FILLERS: dict[str, Callable[[Path, Secrets], None]] = {
    "wfdb": fill_wfdb,
    "edf": fill_edf,
    "csv": fill_csv,
    "npz": fill_npz,
    "dicom": fill_dicom,
}


def anonymised(paths: list[Path], output: Path, format: str | None = None) -> list[Path]:
    events = list(anonymise_files(paths, AnonymisationTask(output, format)))
    assert [event for event in events if isinstance(event, Failed)] == []
    return [event.written for event in events if isinstance(event, Written)]


def test_every_format_is_tried() -> None:
    assert sorted(FILLERS) == FORMATS


@pytest.mark.parametrize("target", [None, *FORMATS])
@pytest.mark.parametrize("origin", FORMATS)
def test_no_secret_gets_through(tmp_path: Path, origin: str, target: str | None) -> None:
    secret = Secrets()
    source = tmp_path / "in"
    path = save(source, secret, origin)
    FILLERS[origin](path, secret)
    words = [*secret.words, *DATES]
    # The words are there to be found, or finding none would prove nothing.
    found_before = {leak.split(" in ")[0] for leak in leaks(source, words)}
    assert len(found_before & {*secret.words}) >= 0.6 * len(secret.words)

    written = anonymised([source], tmp_path / "out", target)

    assert leaks(tmp_path / "out", words) == []
    assert [path.suffix for path in written] == [WRITERS[target or origin].ending]
    recording = open_recording(written[0])
    assert (recording.fs_hz, recording.leads) == (500, LEADS)
    signals_mv = recording.read(LEADS, 0, 2000)
    np.testing.assert_allclose(signals_mv, SIGNALS_MV[:12], atol=0.00051)
    assert recording.patient.sex == "female"
    assert recording.patient.age in ("90+", "90")
    assert (recording.patient.name, recording.patient.birth_date) == ("", "")
    assert recording.started == ""


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "csv"])
def test_codes_of_beats_are_kept(tmp_path: Path, format: str) -> None:
    path = save(tmp_path / "in", Secrets(), format)
    written = anonymised([path], tmp_path / "out")
    assert open_recording(written[0]).marks == (Mark(0.5, "N"),)


def test_the_words_of_an_anonymised_dicom_object(tmp_path: Path) -> None:
    """What text there is at all is of a known form."""
    path = save(tmp_path / "in", Secrets(), "dicom")
    fill_dicom(path, Secrets())
    dataset = dcmread(anonymised([path], tmp_path / "out")[0])
    texts = {
        keyword_for_tag(element.tag): str(element.value)
        for element in dataset
        if element.VR in (*TEXT_VRS, "DA", "TM", "DT", "AS", "CS") and str(element.value)
    }
    assert texts.pop("SoftwareVersions").startswith("ecgview")
    assert texts == {
        "SpecificCharacterSet": "ISO_IR 192",
        "ContentDate": "19000101",
        "ContentTime": "000000",
        "AcquisitionDateTime": "19000101",
        "Modality": "ECG",
        "PatientSex": "F",
        "PatientAge": "090Y",
    }
    annotated = [item.UnformattedTextValue for item in dataset.WaveformAnnotationSequence]
    assert len(annotated) == 2
    assert annotated[0].endswith("anonymised from DICOM")
    assert annotated[1] == "N"


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("origin", FORMATS)
def test_converted_files_name_nobody_unless_asked_to(
    tmp_path: Path, origin: str, target: str
) -> None:
    secret = Secrets()
    patient = Patient(secret(), "93", "female", f"{secret()}, {secret()}", BIRTH)
    comments = [secret(), f"Name: {secret()}"]
    path = save_recording(
        "r",
        SIGNALS_MV[:12],
        500,
        tmp_path / "in",
        format=origin,
        comments=comments,
        patient=patient,
        started=STARTED,
        marks=[Mark(0.5, "N"), Mark(1.0, f"{patient.identifier} moved")],
    )
    assert len(leaks(tmp_path / "in", secret.words)) >= 5
    task = ConversionTask(tmp_path / "out", target)
    events = list(convert_files([path], task))
    assert [event for event in events if isinstance(event, Failed)] == []
    assert leaks(tmp_path / "out", [*secret.words, *DATES]) == []


def made_recordings(folder: Path) -> list[Path]:
    """Two anonymous people, one with derived leads, beats and a gap."""
    signals_mv = twelve_lead_array(500.0, 4.0)[[0, 1, 6]]
    signals_mv[2, 100:200] = np.nan
    facts = {"format": "npz", "marks": [Mark(1.0, "N")]}
    return [
        save_recording(
            sex, signals_mv, 499, folder, leads=leads, patient=Patient(sex=sex, age="60"), **facts
        )
        for sex, leads in (("female", ("I", "II", "V1")), ("male", ("I", "V2", "V1")))
    ]


@pytest.mark.real_data
@pytest.mark.parametrize("target", FORMATS)
def test_real_files_lose_what_they_say(data_dir: Path, tmp_path: Path, target: str) -> None:
    places = ["dicom_1000hz.dcm", "hl7_aecg.xml", "muse.xml", "philips_1.04.01.xml", "schiller.xml"]
    places += ["scp_8lead_600hz.scp", "scp_raw_1000hz.scp", "wfdb/s0010_re.hea"]
    paths = [data_dir / "formats" / place for place in places]
    words: set[str] = set()
    for path in paths:
        recording = open_recording(path)
        patient = recording.patient
        said = [patient.name, patient.identifier, patient.birth_date, recording.started]
        said += [recording.device, *recording.comments, *(mark.text for mark in recording.marks)]
        words |= {word for text in said for word in re.findall(r"[^\W_]{5,}", text)}
        words |= {recording.started[:10], patient.birth_date} - {""}
    made = made_recordings(tmp_path / "made")
    anonymised(made, tmp_path / "own", target)
    # Words that our own files hold in any case, and names of formats, tell nothing; XXXXX stands
    # in the place of a name, and steps of a flat lead may look like it.
    words = {word for word in words if len({*word.lower()}) > 1}
    words -= {"Philips", "Schiller"}
    secrets = sorted(word for word in words if not leaks(tmp_path / "own", [word]))
    assert len(secrets) > 50
    written = anonymised(paths, tmp_path / "out", target)
    assert len(written) == len(places)
    assert leaks(tmp_path / "out", secrets) == []

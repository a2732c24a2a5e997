from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import LeadError, RecordingError
from ecgview.formats import ImportOptions, export, open_recording, save_recording
from ecgview.formats.anonymous import known_lead, safe_marks, safe_patient
from ecgview.formats.export import anonymous_contents, contents_of
from ecgview.leads import LEADS
from ecgview.recording import ArraySource, Channel, Mark, Patient, Recording

NAMES = ("V1", "II", "I", "V3R", "X", "Y", "Z", "II", "RESP")
SIGNALS_MV = np.random.default_rng(5).normal(size=(len(NAMES), 1000)).astype(np.float32)
MARKS = (
    Mark(0.5, "N"),
    Mark(1.0, "V", channel="V1"),
    Mark(1.5, "Miss Ada moved"),
    Mark(1.9, "noise", 0.05, channel="RESP"),
)


@pytest.fixture
def recording() -> Recording:
    channels = [
        Channel(name, name if name in LEADS and row != 7 else None, "NU" if row == 8 else "mV")
        for row, name in enumerate(NAMES)
    ]
    return Recording(
        name="ward 7 Example",
        fs_hz=500,
        channels=tuple(channels),
        source=ArraySource(SIGNALS_MV),
        resolution_mv=0.0025,
        format_name="Made",
        patient=Patient("P-4711", "93", "female", "Example, Ada", "1917-02-03"),
        comments=("Dr House", "sinus rhythm"),
        started="2010-06-07T08:09:10",
        device="Maker Model",
        options=ImportOptions(unit="uV", gains=(2.0,)),
        mark_reader=lambda: MARKS,
    )


def test_all_voltages_are_written_the_twelve_first(recording: Recording) -> None:
    contents = contents_of(recording)
    assert contents.leads == ("I", "II", "V1", "V3R", "VX", "VY", "VZ", "II (2)")
    np.testing.assert_array_equal(contents.leads_mv, SIGNALS_MV[[2, 1, 0, 3, 4, 5, 6, 7]])
    assert (contents.fs_hz, contents.resolution_mv) == (500, 0.0025)
    assert "left out, not voltages: RESP (NU)" in contents.comments
    assert "corrected by the user: unit set to uV; amplitudes multiplied by 2" in contents.comments


def test_names_and_dates_stay_behind_unless_asked_for(recording: Recording) -> None:
    contents = contents_of(recording)
    assert contents.patient == Patient(age="93", sex="female")
    assert contents.started == ""
    assert [mark.text for mark in contents.marks] == ["N", "V"]
    assert not {"Dr House", "sinus rhythm"} & {*contents.comments}
    kept = contents_of(recording, keep_patient=True)
    assert (kept.patient, kept.started) == (recording.patient, recording.started)
    assert [mark.text for mark in kept.marks] == ["N", "V", "Miss Ada moved"]
    assert {"Dr House", "sinus rhythm", "recorder: Maker Model"} <= {*kept.comments}


def test_a_stretch_of_some_leads(recording: Recording) -> None:
    contents = contents_of(recording, leads=("V1", "II"), start=400, stop=600)
    assert contents.leads == ("II", "V1")
    np.testing.assert_array_equal(contents.leads_mv, SIGNALS_MV[[1, 0], 400:600])
    assert contents.marks == (Mark(pytest.approx(0.2), "V", channel="V1"),)
    with pytest.raises(LeadError, match="no lead V6"):
        contents_of(recording, leads=("II", "V6"))
    with pytest.raises(RecordingError, match="no samples there"):
        contents_of(recording, start=1000)


def test_derived_leads_are_written_and_named(tmp_path: Path) -> None:
    path = save_recording("r", SIGNALS_MV[:2], 500, tmp_path, leads=("I", "II"))
    contents = contents_of(open_recording(path))
    assert contents.leads == ("I", "II", "III", "aVR", "aVL", "aVF")
    assert "derived: III, aVR, aVL, aVF" in contents.comments
    one, two, three = contents.leads_mv[:3]
    np.testing.assert_allclose(three, two - one, atol=1e-6)


def test_a_recording_too_long_for_the_memory_is_refused(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_VALUES", 7999)
    with pytest.raises(RecordingError, match="too long") as refusal:
        contents_of(recording)
    assert "--duration" in refusal.value.hint
    assert contents_of(recording, stop=999).leads_mv.shape == (8, 999)


def test_an_anonymous_copy_holds_known_facts_alone(recording: Recording) -> None:
    channels = (Channel("Ada's own", None), *recording.channels[1:])
    contents = anonymous_contents(replace(recording, channels=channels), "ecg-0001")
    assert contents.name == "ecg-0001"
    # Twelve leads first: II and I, and then what is left in the order of the file.
    assert contents.leads == ("I", "II", "channel", "V3R", "VX", "VY", "VZ", "II (2)")
    assert contents.patient == Patient(age="90+", sex="female")
    assert (contents.started, contents.marks) == ("", (Mark(0.5, "N"),))
    said = " ".join(contents.comments)
    assert "unit set to uV" in said
    for secret in ("Ada", "Example", "4711", "House", "Maker", "2010", "ward"):
        assert secret not in said


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        ("60", "60"),
        ("060Y", "60"),
        ("89 years", "89"),
        ("89.9", "89"),
        ("90", "90+"),
        ("101 y", "90+"),
        ("90+", "90+"),
        ("6 months", "6 months"),
        ("3W", "3 weeks"),
        ("since 1917", ""),
        ("60 Ada", ""),
        ("", ""),
    ],
)
def test_ages_above_89_are_one_category(age: str, kept: str) -> None:
    assert safe_patient(Patient(age=age)).age == kept


@pytest.mark.parametrize(
    ("born", "started", "age"),
    [
        ("1950-02-03", "2010-02-03T00:00:00", "60"),
        ("1950-02-03", "2010-02-02", "59"),
        ("1910-02-03", "2010-02-02", "90+"),
        ("1950-02-03", "", ""),
        ("2012-01-01", "2010-01-01", ""),
    ],
)
def test_an_age_follows_from_the_birth_date(born: str, started: str, age: str) -> None:
    assert safe_patient(Patient(birth_date=born), started).age == age


def test_only_codes_of_beats_are_kept() -> None:
    texts = ["N", " V ", "AF in Ada", "", "Nurse", "Q", "+"]
    assert [mark.text for mark in safe_marks(Mark(0, text) for text in texts)] == ["N", "V", "Q"]
    assert safe_patient(Patient(sex="Ada", name="Ada", identifier="1")) == Patient()


@pytest.mark.parametrize(
    ("name", "lead"), [("MLII", "II"), ("X", "VX"), ("V4R", "V4R"), ("V9", "V9"), ("Ada", None)]
)
def test_known_leads(name: str, lead: str | None) -> None:
    assert known_lead(name) == lead

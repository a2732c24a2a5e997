import shutil
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array
from made_data_set import ROWS, make_ptb_xl

from ecgview.catalogue.entries import OVER_OLDEST
from ecgview.catalogue.finding import entry_of
from ecgview.catalogue.others import impersonal
from ecgview.catalogue.reading import Listed, catalogue_events, read_catalogue
from ecgview.catalogue.statements import (
    OWN_VOCABULARY,
    Statement,
    parse_statements,
    read_vocabulary,
)
from ecgview.engine.events import Finished
from ecgview.errors import DatasetError
from ecgview.formats import save_recording
from ecgview.recording import Patient


def finished(folder):
    return next(event for event in catalogue_events(folder) if isinstance(event, Finished)).result


def test_the_table_of_ptb_xl_is_read(mini):
    catalogue = read_catalogue(mini)
    assert (catalogue.title, len(catalogue.entries), catalogue.n_absent) == ("PTB-XL", 5, 1)
    first, old, unknown, third, young = catalogue.entries
    assert first.name == "records500/00000/00000_hr"
    assert first.path == mini / "records500/00000/00000_hr.hea"
    assert (first.patient, first.age, first.sex, first.fold) == ("100", 56.0, "male", 1)
    assert (first.rate_hz, first.duration_s, first.device) == (500.0, 10.0, "CS-12 E")
    assert first.qualities == ("clean",)
    assert first.superclasses == ("NORM",)
    assert old.superclasses == ("MI", "CD")
    assert old.qualities == ("static",)
    assert dict(old.notes) == {"Static noise": "I-AVF", "Report checked": "by no person"}
    assert (unknown.age, unknown.sex, unknown.statements, unknown.fold) == (None, "", (), 10)
    assert third.qualities == ("drift", "burst")
    assert dict(third.notes)["Report checked"] == "by a cardiologist, and by a second one"
    assert dict(young.notes)["Pacemaker"] == "ja, pacemaker"
    assert young.report == 'he said ""infarkt"", not sure'


def test_an_age_above_89_is_told_as_such(mini):
    entries = read_catalogue(mini).entries
    assert (entries[1].age, entries[1].age_text) == (OVER_OLDEST, "over 89")
    assert (entries[3].age, entries[3].age_text) == (89.0, "89")
    assert entries[2].age_text == ""


def test_statements_are_read_with_their_likelihood():
    assert parse_statements("{'AMI': 15.0, 'LAO/LAE': 100, 'PRC(S)': 0.0}") == (
        Statement("AMI", 15.0), Statement("LAO/LAE", 100.0), Statement("PRC(S)", 0.0),
    )  # fmt: skip
    assert parse_statements("nan") == ()
    assert parse_statements("{'AMI': 1.2.3}") == (Statement("AMI", 0.0),)


def test_codes_are_told_in_words_without_the_table_too(tmp_path):
    folder = make_ptb_xl(tmp_path / "bare", statements=False)
    catalogue = read_catalogue(folder)
    assert catalogue.words(catalogue.entries[1]) == (
        "left anterior fascicular block, anteroseptal myocardial infarction"
    )
    assert catalogue.entries[4].superclasses == ("MI",)
    assert catalogue.words(catalogue.entries[4]).endswith("atrial fibrillation, XYZ")


@pytest.mark.real_data
def test_our_own_words_arrange_the_codes_as_ptb_xl_does(data_dir):
    theirs = read_vocabulary(data_dir / "ptb-xl/scp_statements.csv").meanings
    ours = OWN_VOCABULARY.meanings
    assert len(theirs) == 71
    assert set(theirs) == set(ours)
    for code, meaning in theirs.items():
        own = ours[code]
        assert (own.superclass, own.subclass, own.kinds) == (
            meaning.superclass, meaning.subclass, meaning.kinds,
        ), code  # fmt: skip


@pytest.mark.real_data
def test_ptb_xl_is_read_as_it_is(data_dir):
    import csv

    catalogue = read_catalogue(data_dir / "ptb-xl")
    with (data_dir / "ptb-xl/ptbxl_database.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(catalogue.entries) == len(rows) == 2277
    assert [entry.report for entry in catalogue.entries] == [row["report"].strip() for row in rows]
    assert sum(entry.age_text == "over 89" for entry in catalogue.entries) == sum(
        row["age"] == "300.0" for row in rows
    )
    noted = ("baseline_drift", "static_noise", "burst_noise", "electrodes_problems")
    n_clean = sum(not any(row[column].strip(" ,") for column in noted) for row in rows)
    assert sum(entry.qualities == ("clean",) for entry in catalogue.entries) == n_clean
    assert 1500 < n_clean < 2277


@pytest.mark.real_data
def test_the_challenge_brings_grades_and_its_headers_the_rest(data_dir):
    told = list(catalogue_events(data_dir / "challenge-2011"))
    listed = [event.shelf for event in told if isinstance(event, Listed)]
    assert listed[0].catalogue.n_unread == 1000
    assert listed[1].catalogue.n_unread == 800
    shelf = told[-1].result
    assert len(shelf.rows_of_quality["acceptable"]) == 773
    assert len(shelf.rows_of_quality["unacceptable"]) == 225
    assert shelf.all_rates_hz == (500.0,)
    assert {len(entry.leads) for entry in shelf.catalogue.entries} == {12}


@pytest.mark.real_data
def test_a_folder_of_files_is_described_by_their_headers(data_dir):
    shelf = finished(data_dir / "formats")
    by_name = {entry.short_name: entry for entry in shelf.catalogue.entries}
    ptb = by_name["s0010_re"]
    assert (ptb.report, ptb.age, ptb.sex) == ("Myocardial infarction", 81.0, "female")
    assert "Additional diagnoses: Diabetes mellitus" in ptb.comments
    assert "Number of coronary vessels involved: 1" in ptb.comments
    assert by_name["dicom_1000hz.dcm"].rate_hz == 1000.0
    assert "does not state" in by_name["muse_export.txt"].problem


def test_ptb_is_known_by_its_folders(tmp_path):
    signals_mv = twelve_lead_array(1000.0, 2.0, seed=1)
    comments = ["age: 61", "sex: male", "Reason for admission: Bundle branch block"]
    save_recording("s0001_re", signals_mv, 1000.0, tmp_path / "patient007", comments=comments)
    shelf = finished(tmp_path)
    (entry,) = shelf.catalogue.entries
    assert shelf.catalogue.title == "PTB Diagnostic"
    assert (entry.patient, entry.report) == ("patient007", "Bundle branch block")
    assert (entry.age, entry.sex, entry.rate_hz, entry.duration_s) == (61.0, "male", 1000.0, 2.0)


def test_names_of_patients_stay_behind(tmp_path):
    signals_mv = twelve_lead_array(500.0, 2.0, seed=1)
    comments = ["Name: Doe Jane", "Age: 40", "seen by the family of Doe Jane", "old infarct"]
    save_recording("one", signals_mv, 500.0, tmp_path, comments=comments)
    (entry,) = finished(tmp_path).catalogue.entries
    assert "old infarct" in entry.comments
    assert not any("Doe" in line for line in entry.comments)
    patient = Patient(name="Doe^Jane", identifier="PX_9931", birth_date="1950-01-02")
    lines = ("JANE DOE, chest pain", "no. 9931", "born 1950-01-02", "old infarct", " ")
    assert impersonal(lines, patient) == ("old infarct",)


@pytest.mark.parametrize("rate", ["0", "-1", "1000000", "nan"])
def test_a_file_with_a_rate_that_is_none_does_not_spoil_the_others(tmp_path, rate):
    save_recording("good", twelve_lead_array(500.0, 2.0, seed=1), 500.0, tmp_path)
    (tmp_path / "bad.hea").write_text(f"bad 1 {rate} 1000\nbad.dat 16 200 16 0 0 0 0 I\n")
    (tmp_path / "bad.dat").write_bytes(bytes(2000))
    bad, good = finished(tmp_path).catalogue.entries
    assert (good.rate_hz, good.problem) == (500.0, "")
    assert bad.problem
    assert bad.duration_s is None


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(DatasetError, match="There is no folder"):
        read_catalogue(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="holds no recording"):
        finished(tmp_path)
    table = tmp_path / "ptbxl_database.csv"
    table.write_text("a,b\n1,2\n")
    with pytest.raises(DatasetError, match="names no files"):
        read_catalogue(tmp_path)
    table.write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_catalogue(tmp_path)


def test_a_table_without_its_files_says_how_many_are_absent(tmp_path, mini):
    shutil.copy(mini / "ptbxl_database.csv", tmp_path)
    with pytest.raises(DatasetError, match=f"of the {len(ROWS) + 1} that its table lists"):
        finished(tmp_path)


def test_a_damaged_header_is_a_problem_of_its_own(tmp_path):
    save_recording("good", twelve_lead_array(500.0, 2.0, seed=1), 500.0, tmp_path)
    (tmp_path / "bad.hea").write_text("bad 12 500 1000\n")
    bad, good = finished(tmp_path).catalogue.entries
    assert "announces 12 lines" in bad.problem
    assert (good.problem, len(good.leads)) == ("", 12)


def test_a_long_search_can_be_left_in_the_middle(tmp_path):
    for number in range(3):
        save_recording(
            "one", twelve_lead_array(500.0, 2.0, seed=1), 500.0, tmp_path / f"folder{number}"
        )
    events = catalogue_events(tmp_path)
    told = [next(events).message for _ in range(3)]
    events.close()
    assert told[0] == f"Looking through {tmp_path.name}"
    assert told[2].endswith(": 1 recordings so far")
    whole = finished(tmp_path).catalogue
    assert [entry.name for entry in whole.entries] == [f"folder{n}/one" for n in range(3)]


def test_a_part_of_a_data_set_may_be_named_from_where_one_is(mini, monkeypatch):
    monkeypatch.chdir(mini)
    assert read_catalogue(Path("records500")).title == "PTB-XL"


def test_a_folder_inside_a_data_set_has_its_statements(tmp_path, mini):
    catalogue = read_catalogue(mini / "records500/00000")
    assert (catalogue.title, len(catalogue.entries), catalogue.n_absent) == ("PTB-XL", 5, 0)
    assert catalogue.entries[3].report == "alter hinterwandinfarkt"
    beside = mini / "mine"
    beside.mkdir()
    save_recording("one", twelve_lead_array(500.0, 2.0, seed=1), 500.0, beside)
    assert [entry.name for entry in read_catalogue(beside).entries] == ["one"]
    shutil.rmtree(beside)


def test_a_file_is_found_in_the_table_above_it(mini, tmp_path):
    found = entry_of(mini / "records500/00000/00001_hr.dat")
    assert found is not None
    assert found[1].patient == "101"
    slow = entry_of(mini / "records100/00000/00001_lr.hea")
    assert slow is not None
    assert slow[1].patient == "101"
    assert entry_of(mini / "records500/00000/99999_hr.hea") is None
    assert entry_of(tmp_path / "a/b/c/d/e/one.hea") is None


def test_a_table_that_has_changed_is_read_again(tmp_path):
    folder = make_ptb_xl(tmp_path / "changing")
    path = folder / "records500/00000/00000_hr.hea"
    before = entry_of(path)
    table = folder / "ptbxl_database.csv"
    table.write_text(table.read_text().replace("normales ekg", "normal reread"))
    after = entry_of(path)
    assert (before[1].report, after[1].report) == (
        "sinusrhythmus normales ekg", "sinusrhythmus normal reread",
    )  # fmt: skip
    table.write_bytes(b"\xff")
    assert entry_of(path) is None


def test_columns_hold_what_entries_do(shelf):
    assert np.array_equal(shelf.folds, [1, 9, 10, 9, 2])
    assert np.isnan(shelf.ages[2])
    assert shelf.all_folds == (1, 2, 9, 10)
    assert shelf.sexes == ("female", "male")
    assert shelf.superclasses == ("NORM", "MI", "CD")
    assert shelf.qualities == ("clean", "drift", "static", "burst")

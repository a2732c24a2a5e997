"""Signs on recordings of fold 9: swaps made by us are found and named, the untouched are quiet."""

import csv
import json

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.engine.signs.find import find_signs
from ecgview.engine.signs.mistakes import all_mistakes
from ecgview.engine.signs.standards import standards_of
from ecgview.formats import open_recording
from ecgview.leads import LEADS
from ecgview.recording import recording_from_array

COUNT = 12
REMARKS = ("baseline_drift", "static_noise", "burst_noise", "electrodes_problems")
pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def paths(data_dir):
    """Recordings of fold 9 without a remark on quality, the first of the table."""
    folder = data_dir / "ptb-xl"
    with (folder / "ptbxl_database.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["strat_fold"] == "9"
            and (folder / f"{row['filename_hr']}.hea").is_file()
            and not any(row[column].strip() for column in REMARKS)
        ]
    return [folder / f"{row['filename_hr']}.hea" for row in rows[:COUNT]]


def with_mistake(recording, key):
    """The recording as it would be with a mistake."""
    mistake = next(one for one in all_mistakes() if one.key == key)
    wrong = mistake.making() @ recording.read_twelve()
    return recording_from_array(key, dict(zip(LEADS, wrong, strict=True)), recording.fs_hz)


def fits(recording, available):
    """Signs of how the leads fit each other, and the mistakes that they name."""
    signs = find_signs(recording, available)
    about = [sign for sign in signs if sign.code in ("mistake", "misfit", "gain")]
    return bool(about), {sign.mistake for sign in about} - {""}


@pytest.mark.parametrize(
    ("key", "available", "fewest_found", "fewest_named"),
    [
        ("V1 and V2", LEADS, 9, 8),
        ("V2 and V5", LEADS, 9, 9),
        ("left and right arm", LEADS, 9, 3),
        ("V3 turned round", LEADS, 9, 8),
        ("left and right arm", ("I", "II", "V2"), 7, 3),
    ],
)
def test_a_mistake_made_by_us_is_found_and_named(paths, key, available, fewest_found, fewest_named):
    recordings = [open_recording(path) for path in paths]
    found = [fits(with_mistake(one, key), available) for one in recordings]
    assert sum(is_raised for is_raised, _ in found) >= fewest_found
    # Exchanged arms are often taken for another mistake of the limb leads.
    assert sum(key in names for _, names in found) >= fewest_named
    assert not any(key in fits(one, available)[1] for one in recordings)


@pytest.mark.parametrize("available", [LEADS, ("I", "II", "V2")])
def test_leads_of_recordings_as_they_are_fit(paths, available):
    found = [fits(open_recording(path), available)[0] for path in paths]
    assert sum(found) <= 1


def test_a_dead_lead_is_told_and_no_exchange_is_made_up_for_it(paths):
    recording = open_recording(paths[0])
    twelve = recording.read_twelve()
    twelve[LEADS.index("V3")] = np.random.default_rng(0).normal(0, 0.002, twelve.shape[1])
    dead = recording_from_array("dead", dict(zip(LEADS, twelve, strict=True)), recording.fs_hz)
    signs = find_signs(dead, LEADS)
    assert ("dead", ("V3",)) in {(sign.code, sign.leads) for sign in signs}
    assert not any(sign.mistake for sign in signs)


def test_of_a_single_lead_only_its_own_figures_are_told(paths):
    recording = with_mistake(open_recording(paths[0]), "left and right arm")
    assert fits(recording, ("II",)) == (False, set())


def test_the_command_line_tells_signs_with_their_rates(paths, tmp_path, capsys):
    recording = with_mistake(open_recording(paths[1]), "V1 and V2")
    table = tmp_path / "swapped.csv"
    samples = (",".join(f"{value:.4f}" for value in row) for row in recording.read_twelve().T)
    rows = [",".join(LEADS), *samples]
    table.write_text("\n".join(rows) + "\n")
    options = ["--rate-hz", "500", "--unit", "mV"]
    assert main(["signs", str(table), "--json", *options]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    signs = json.loads(line)["signs"]
    assert "V1 and V2" in {sign["mistake"] for sign in signs}
    assert main(["signs", str(table), *options]) == 0
    assert "swapped with V" in capsys.readouterr().out
    assert main(["score", str(table), "--leads", "I,II,V1,V2,V3,V4,V5", *options]) == 0
    assert "sign: V" in capsys.readouterr().out
    assert main(["signs", str(tmp_path / "nothing.csv")]) == 1
    assert main(["signs", str(table), "--leads", "I", *options]) == 0


def test_the_shipped_standards_say_where_they_come_from():
    standards = standards_of(find_model("anylead"))
    assert standards.made["folds"] == list(range(1, 8)), "never fold 9"
    assert "study signs" in standards.made["command"]
    assert {"mistake|V1 and V2|I,II,V1,V2,V3,V4,V5,V6", "paced", "dead"} <= set(standards.rates)

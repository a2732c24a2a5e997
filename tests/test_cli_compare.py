"""``ecgview compare``: files and folders, what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.formats import save_recording
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS
from ecgview.recording import Recording
from ecgview.simulate import simulate

Output = pytest.CaptureFixture[str]
FS_HZ = 500.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """True recordings; `good` lacks one and holds a stranger; `poor` is text, late by 80 ms."""
    top = tmp_path_factory.mktemp("compare")
    for seed, below in ((1, "."), (2, "ward"), (3, "ward")):
        recording = simulate("normal", seed=seed)
        name = f"person {seed}"
        save(recording.read_twelve(), name, top / "true" / below)
        if seed < 3:
            save(estimated_mv(recording, 0.9), name, top / "good" / below)
        late_mv = np.roll(estimated_mv(recording, 0.5), 40, axis=1)
        save(late_mv, name, top / "poor" / below, file_format="csv")
    save(simulate("normal", seed=4).read_twelve(), "stranger", top / "good")
    return top


def save(signals_mv: np.ndarray, name: str, folder: Path, file_format: str = "wfdb") -> None:
    save_recording(name, signals_mv, FS_HZ, folder, format=file_format)


def estimated_mv(recording: Recording, part: float) -> np.ndarray:
    """Chest leads but V2 mixed with lead I."""
    twelve_mv = recording.read_twelve()
    for lead in CHEST_LEADS:
        if lead != "V2":
            row = LEAD_INDEX[lead]
            twelve_mv[row] = part * twelve_mv[row] + (1 - part) * twelve_mv[0]
    return twelve_mv


def true_file(folder: Path) -> str:
    return str(folder / "true" / "person_1.hea")


def test_estimates_stand_side_by_side(folder: Path, capsys: Output) -> None:
    assert main(["compare", true_file(folder), str(folder / "good"), str(folder / "poor")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "person_1 (raw, 10 s)"
    assert "late" not in lines[1]
    assert "moved back, it was 80 ms late; 9.92 s in common" in lines[2]
    assert lines[3].split() == ["good", "poor"]
    assert lines[4].split() == ["lead", *(["PCC", "R2", "RMSE", "uV", "max", "uV"] * 2)]
    rows = {line.split()[0]: line.split()[1:] for line in lines[5:] if line}
    assert rows["I"] == ["measured", "measured"]
    assert rows["V2"] == ["measured", "measured"]
    good, poor = float(rows["V4"][0]), float(rows["V4"][4])
    assert 0.9 < good <= 1
    assert poor < good
    chest = [float(rows[lead][0]) for lead in ("V1", "V3", "V4", "V5", "V6")]
    assert float(rows["chest"][0]) == pytest.approx(np.mean(chest), abs=0.001)


def test_json_and_csv_hold_the_same_figures(folder: Path, tmp_path: Path, capsys: Output) -> None:
    table = tmp_path / "table.csv"
    command = ["compare", true_file(folder), str(folder / "good" / "person_1.hea")]
    assert main([*command, "--json", "--clean", "--csv", str(table)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["clean"]
    estimate = told["estimates"][0]
    assert estimate["name"] == "good/person_1"
    assert estimate["lag_ms"] == 0
    assert estimate["leads"]["V2"]["origin"] == "measured"
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row["lead"]: row for row in csv.DictReader(file)}
    assert list(rows) == list(LEADS)
    for name in ("pcc", "r2", "rmse_uv", "max_uv"):
        assert float(rows["V5"][name]) == estimate["leads"]["V5"][name]
    assert rows["I"]["pcc"] == ""
    assert main([*command, "--csv", str(table)]) == 1
    assert "already holds table.csv" in capsys.readouterr().err
    assert main([*command, "--csv", str(table), "--overwrite"]) == 0


def test_folders_are_paired_by_name_and_summed_up(folder: Path, capsys: Output) -> None:
    command = ["compare", *(str(folder / name) for name in ("true", "good", "poor"))]
    assert main([*command, "--json"]) == 0
    printed = capsys.readouterr()
    *records, last = [json.loads(line) for line in printed.out.splitlines()]
    assert [len(record["estimates"]) for record in records] == [2, 2, 1]
    assert "1 of 3 recordings have no estimate in" in printed.err
    assert "such as ward/person_3" in printed.err
    assert "have no recording in" in printed.err
    assert "stranger" in printed.err
    poor = {row["lead"]: row for row in last["summary"]["poor"]}
    of_records = [
        estimate["leads"]["V3"]["pcc"]
        for record in records
        for estimate in record["estimates"]
        if estimate["name"] == "poor"
    ]
    assert poor["V3"]["recordings"] == 3
    assert poor["V3"]["mean"]["pcc"] == pytest.approx(np.mean(of_records))
    assert poor["V3"]["median"]["pcc"] == pytest.approx(np.median(of_records))
    assert "V2" not in poor
    assert list(last["summary"]) == ["good", "poor"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "over 3 recordings: mean (median)" in text
    assert text.count("measured leads: I, II") == 5


def test_without_alignment_a_late_estimate_agrees_less(folder: Path, capsys: Output) -> None:
    def pcc(*more: str) -> float:
        command = ["compare", true_file(folder), str(folder / "poor"), "--json", *more]
        assert main(command) == 0
        leads = json.loads(capsys.readouterr().out)["estimates"][0]["leads"]
        return float(leads["V4"]["pcc"])

    assert pcc() > pcc("--no-align") + 0.2


def test_what_cannot_be_compared_is_said_and_the_rest_goes_on(
    folder: Path, tmp_path: Path, capsys: Output
) -> None:
    short = tmp_path / "short.hea"
    signals_mv = simulate("normal", seed=1).read_twelve()
    save(signals_mv[:, :100], "short", tmp_path)
    assert main(["compare", true_file(folder), str(short), str(folder / "good")]) == 1
    printed = capsys.readouterr()
    assert "share only 0.2 s" in printed.err
    assert "good" in printed.out
    assert main(["compare", str(folder / "true"), str(short)]) == 1
    assert "its estimates must be folders" in capsys.readouterr().err
    assert main(["compare", str(folder / "true"), str(tmp_path)]) == 1
    assert "3 of 3 recordings have no estimate" in capsys.readouterr().err
    assert main(["compare", true_file(folder), str(folder / "true" / "ward" / "person_2.hea")]) == 0
    assert "look like different recordings" in capsys.readouterr().out


def test_a_figure_of_one_recording_is_drawn(folder: Path, tmp_path: Path, capsys: Output) -> None:
    figure = tmp_path / "figure.svg"
    estimates = [str(folder / "good"), str(folder / "poor")]
    assert main(["compare", true_file(folder), *estimates, "--figure", str(figure)]) == 0
    drawn = figure.read_text(encoding="utf-8")
    assert "good" in drawn
    assert "poor" in drawn
    assert main(["compare", str(folder / "true"), *estimates, "--figure", str(figure)]) == 1
    assert "A figure shows one recording" in capsys.readouterr().err

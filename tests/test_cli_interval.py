"""What the command line tells and draws of intervals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from beats import twelve_lead_array

from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.formats import save_recording
from ecgview.leads import LEADS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return save_recording("made", twelve_lead_array(500.0, 10.0, seed=3), 500.0, tmp_path)


def told(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["score", str(path), "--leads", "I,II,V2", *more]) == 0
    return capsys.readouterr().out


def test_score_tells_width_and_share_inside_of_reconstructed_leads(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = {line.split()[0]: line for line in told(path, capsys).splitlines() if line}
    assert lines["lead"].endswith("90 % width uV  inside")
    width, inside, sign = lines["V4"].split()[-3:]
    assert float(width) > 10
    assert 0 <= float(inside) <= 100
    assert sign == "%"
    assert lines["II"].split() == ["II", "measured"]


def test_score_takes_a_level_or_none(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    widths = []
    for level in ("50", "80", "90"):
        text = told(path, capsys, "--interval", level)
        assert f"{level} % width uV" in text
        row = next(line for line in text.splitlines() if line.startswith("V4"))
        widths.append(float(row.split()[-3]))
    assert widths[0] < widths[1] < widths[2]
    assert "width" not in told(path, capsys, "--interval", "none")


def test_a_model_without_interval_is_said_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(path, capsys, "--model", "anylead-linear")
    assert "no interval: the model has no calibrated one" in text
    assert "width" not in text


def test_json_has_all_levels(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leads = json.loads(told(path, capsys, "--json"))["leads"]
    levels = [one["level"] for one in leads["V4"]["intervals"]]
    assert levels == [0.5, 0.8, 0.9]
    assert all(0 <= one["coverage"] <= 1 < one["width_uv"] for one in leads["V4"]["intervals"])
    assert leads["I"]["intervals"] == []
    assert set(leads) == set(LEADS)


def test_a_calibrated_recording_tells_the_interval_that_it_has(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widths = []
    for calibrated in ([], ["--calibrate-stretch", "0", "6"]):
        text = told(path, capsys, "--start", "6", "--interval", "80", *calibrated)
        (head,) = [line for line in text.splitlines() if "80 % width uV" in line]
        assert head.endswith("inside")
        row = next(line for line in text.splitlines() if line.startswith("V4"))
        widths.append(float(row.split()[-3]))
    assert 0.5 * widths[0] < widths[1] < widths[0]


def test_a_damaged_interval_does_not_hide_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = find_model("anylead-linear")
    for suffix in (".safetensors", ".json"):
        shutil.copy(model.path.with_suffix(suffix), tmp_path / f"mine{suffix}")
    (tmp_path / "mine.intervals.json").write_text("{}")
    monkeypatch.setattr("ecgview.paths.user_models_dir", lambda: tmp_path)
    assert main(["models"]) == 0
    said = capsys.readouterr().out
    assert "mine.intervals.json is not the card of an interval" in said
    assert "90% intervals: " in said

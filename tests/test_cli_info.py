"""``ecgview info``: the report, and corrections remembered from the command line."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.formats import open_recording, save_recording, user_corrections
from ecgview.simulate import simulate

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path / "config")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *args, **kwargs: folder)


@pytest.fixture
def upside_down(tmp_path: Path) -> Path:
    """Give a simulated recording whose aVR is turned round."""
    leads_mv = simulate("normal", seed=4).read_twelve()
    leads_mv[3] *= -1
    return save_recording("rec", leads_mv, 500, tmp_path / "data")


def printed(arguments: list[str], capsys: Output) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_the_report_names_what_passed_what_did_not_and_what_to_type(
    upside_down: Path, capsys: Output
) -> None:
    lines = printed(["info", str(upside_down)], capsys).splitlines()
    (passed,) = [line for line in lines if line.startswith("  in order")]
    assert "gaps" in passed
    assert "limb leads" not in passed
    (warning,) = [line for line in lines if line.startswith("  !")]
    assert "They fit if aVR is turned round." in warning
    (advice,) = [line for line in lines if "To put it right: " in line]
    typed = shlex.split(advice.split("right: ")[1])
    mended = printed(["info", str(upside_down), *typed], capsys)
    assert "corrected       amplitudes multiplied: aVR by -1" in mended
    assert "  !" not in mended


def test_advice_holds_what_was_typed_already(upside_down: Path, capsys: Output) -> None:
    output = printed(["info", str(upside_down), "--gain", "2", "--rate-hz", "250"], capsys)
    (advice,) = [line for line in output.splitlines() if "To put it right: " in line]
    assert advice.endswith("--rate-hz 250 --gain=2,2,2,-2,2,2,2,2,2,2,2,2")


def test_a_correction_is_remembered_until_forgotten_and_can_be_left_out(
    upside_down: Path, capsys: Output
) -> None:
    gains = "--gain=1,1,1,-1,1,1,1,1,1,1,1,1"
    printed(["info", str(upside_down), gains, "--remember"], capsys)
    assert "Corrected as remembered" in printed(["info", str(upside_down)], capsys)
    assert "contradict" in printed(["info", str(upside_down), "--as-is"], capsys)
    assert "contradict" in printed(["info", str(upside_down), "--forget"], capsys)
    assert "contradict" in printed(["info", str(upside_down)], capsys)
    assert user_corrections().everything() == {}


def test_what_a_text_file_does_not_say_is_remembered(tmp_path: Path, capsys: Output) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join(f"{k % 7},{k % 5}" for k in range(400)))
    assert main(["info", str(table)]) == 1
    said = ["--lead-names", "I,V2", "--rate-hz", "100", "--unit", "mV"]
    printed(["info", str(table), *said, "--remember"], capsys)
    described = json.loads(printed(["info", str(table), "--json"], capsys))
    assert described["leads"] == ["I", "V2"]
    assert described["options"] == {"leads": ["I", "V2"], "rate_hz": 100, "unit": "mV"}
    assert main(["info", str(table), "--as-is"]) == 1
    assert main(["info", str(table), "--forget"]) == 1


def test_there_must_be_something_to_remember(upside_down: Path, capsys: Output) -> None:
    assert main(["info", str(upside_down), "--remember"]) == 1
    assert "nothing to remember" in capsys.readouterr().err


def test_other_commands_take_what_is_remembered(
    upside_down: Path, tmp_path: Path, capsys: Output
) -> None:
    sound = open_recording(upside_down).read_twelve()
    sound[3] *= -1
    gains = "--gain=1,1,1,-1,1,1,1,1,1,1,1,1"
    printed(["info", str(upside_down), gains, "--remember"], capsys)
    printed(["convert", str(upside_down), str(tmp_path / "out"), "--format", "csv"], capsys)
    (converted,) = (tmp_path / "out").rglob("*.csv")
    np.testing.assert_allclose(open_recording(converted).read_twelve(), sound, atol=1e-5)
    compare = ["compare", str(upside_down), str(converted), "--json"]
    (row,) = [json.loads(line) for line in printed(compare, capsys).splitlines()]
    assert row["estimates"][0]["leads"]["aVR"]["origin"] == "measured", "it equals the recording's"
    (row,) = [json.loads(line) for line in printed([*compare, "--as-is"], capsys).splitlines()]
    assert row["estimates"][0]["leads"]["aVR"]["rmse_uv"] > 100

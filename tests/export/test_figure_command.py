from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from beats import make_recording

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.formats import save_recording
from ecgview.leads import LEADS

needs_model = pytest.mark.skipif(
    not any(card.name == "anylead-linear" for card in list_models()), reason="no model is bundled"
)
Output = pytest.CaptureFixture[str]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recording = make_recording()
    folder = tmp_path_factory.mktemp("records")
    return save_recording("person", recording.read(LEADS), recording.fs_hz, folder)


def texts(path: Path) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.parse(path).iter(f"{SVG}text")]


@needs_model
def test_two_models_in_one_figure(record: Path, tmp_path: Path, capsys: Output) -> None:
    output = tmp_path / "new" / "figure.svg"
    command = ["figure", str(record), "--leads", "I,II", "--output", str(output)]
    command += ["--model", "anylead", "--model", "anylead-linear", "--device", "cpu"]
    command += ["--show", "chest", "--start", "2", "--duration", "3", "--clean"]
    assert main(command) == 0
    assert capsys.readouterr().out.strip() == str(output)
    written = texts(output)
    assert {"reconstructed, anylead", "reconstructed, anylead-linear", "person"} <= set(written)
    assert "II" not in written
    assert "2.0" in written
    assert "5.0" in written
    before = output.read_bytes()
    assert main(command) == 1
    assert "is there already" in capsys.readouterr().err
    assert main([*command, "--overwrite"]) == 0
    assert output.read_bytes() == before


@needs_model
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--leads", "I", "--output", "figure.gif"], ".svg, .png or .pdf"),
        (["--leads", "I", "--output", "figure.svg", "--start", "99"], "nothing to draw from 99 s"),
        (["--leads", "I", "--output", "figure.svg", "--duration", "nan"], "lasts some seconds"),
        (["--leads", "all", "--output", "figure.svg"], "No lead of the twelve is reconstructed"),
        (["--output", "figure.svg"], "No available lead is named"),
        (["--leads", "I", "--output", "f.svg", *["--model", "anylead-linear"] * 5], "one to 4"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_nothing_written(
    words: list[str],
    message: str,
    record: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Output,
) -> None:
    monkeypatch.chdir(tmp_path)
    model = [] if "--model" in words else ["--model", "anylead-linear"]
    assert main(["figure", str(record), *model, "--device", "cpu", *words]) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

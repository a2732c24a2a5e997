from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate

needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two simulated records, one of them in a folder below, and a damaged third."""
    top = tmp_path_factory.mktemp("records")
    for seed, below in ((1, "."), (2, "ward")):
        recording = simulate("normal", seed=seed)
        name = f"person{seed}"
        save_recording(name, recording.read(LEADS), recording.fs_hz, top / below)
    (top / "broken.hea").write_text("broken 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    return top


def test_info_prints_facts_and_goes_on_after_a_bad_file(folder: Path, capsys: Output) -> None:
    assert main(["info", str(folder), "--json"]) == 1
    printed = capsys.readouterr()
    facts = [json.loads(line) for line in printed.out.splitlines()]
    assert [fact["name"] for fact in facts] == ["person1", "person2"]
    assert facts[0]["fs_hz"] == 500
    assert facts[0]["leads"] == list(LEADS)
    assert "missing.dat" in printed.err


def test_info_of_a_folder_without_recordings_says_so(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "notes.txt").write_text("nothing here\n")
    assert main(["info", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"No recording was found in {tmp_path}" in printed.err


@needs_model
def test_reconstruct_writes_twelve_leads_and_reports_the_bad_file(
    folder: Path, tmp_path: Path, capsys: Output
) -> None:
    command = ["reconstruct", str(folder), "--leads", "I,II,V2", "--output", str(tmp_path)]
    assert main([*command, "--json", "--device", "cpu"]) == 1
    printed = capsys.readouterr()
    done = [json.loads(line) for line in printed.out.splitlines()]
    assert [record["name"] for record in done] == ["person1", "person2"]
    assert "missing.dat" in printed.err
    assert "2 reconstructed, 1 failed" in printed.err
    original = open_recording(folder / "person1.hea")
    written = open_recording(tmp_path / "person1.hea")
    assert written.leads == LEADS
    assert (written.fs_hz, written.n_samples) == (500, 5000)
    np.testing.assert_allclose(
        written.read(["I", "II", "V2", "aVF"]), original.read(["I", "II", "V2", "aVF"]), atol=0.0011
    )
    comments = "\n".join(written.comments)
    assert "measured: I, II, V2" in comments
    assert "reconstructed: V1, V3, V4, V5, V6" in comments
    assert "Not for diagnosis" in comments
    assert (tmp_path / "ward" / "person2.hea").is_file()
    v3 = done[0]["leads"]["V3"]
    truth, estimate = original.read(["V3"])[0], written.read(["V3"])[0]
    assert v3["pcc"] == pytest.approx(np.corrcoef(truth, estimate)[0, 1], abs=0.002)
    assert done[0]["leads"]["V2"]["pcc"] is None


def test_commands_that_cannot_be_shared_say_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    assert main(["info", str(folder)]) == 1
    printed = capsys.readouterr()
    assert not printed.out
    assert "ecgview (process 1): Several processes cannot share `ecgview info`." in printed.err
    assert main(["study", "personal", "--data", str(folder), "--output", str(folder)]) == 1
    assert "cannot share `ecgview study personal`" in capsys.readouterr().err


@needs_model
def test_reconstruct_never_overwrites_unasked(folder: Path, tmp_path: Path, capsys: Output) -> None:
    one = str(folder / "person1.hea")
    command = ["reconstruct", one, "--leads", "I", "--output", str(tmp_path), "--format", "csv"]
    assert main(command) == 0
    before = (tmp_path / "person1.csv").read_bytes()
    assert main(command) == 1
    assert (tmp_path / "person1.csv").read_bytes() == before
    assert "--overwrite" in capsys.readouterr().err
    assert main([*command, "--overwrite"]) == 0


@needs_model
def test_without_output_nothing_is_written(folder: Path, capsys: Output) -> None:
    before = sorted(folder.rglob("*"))
    assert main(["reconstruct", str(folder / "person1.hea"), "--leads", "I,II,V2"]) == 0
    assert sorted(folder.rglob("*")) == before
    assert "over 5 reconstructed chest leads" in capsys.readouterr().out


@needs_model
def test_models_names_what_is_installed(capsys: Output) -> None:
    assert main(["models", "--device"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("anylead:")
    assert "anylead-linear:" in printed
    assert "cpu" in printed


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["info", "/nowhere/at/all.hea"], "all.hea"),
        (["reconstruct", "/nowhere", "--leads", "I"], "nowhere"),
        (["evaluate", "--data", "/nowhere"], "no folder"),
        (["evaluate", "--data", "/nowhere", "--model", "mystery.json"], "mystery"),
        (["train", "--data", "/nowhere", "--output", "/tmp/never"], "no folder"),
    ],
)
def test_bad_paths_give_a_sentence(command: list[str], message: str, capsys: Output) -> None:
    assert main(command) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    "command",
    [
        ["reconstruct", "x.hea", "--leads", "I,V9"],
        ["evaluate", "--data", ".", "--folds", "nine"],
        ["demo", "--case", "mystery"],
    ],
)
def test_a_wrong_command_line_is_told_by_usage(command: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert "usage: ecgview" in capsys.readouterr().err


def test_a_training_parameter_outside_its_limits_is_told(tmp_path: Path, capsys: Output) -> None:
    command = ["train", "--data", str(tmp_path), "--output", str(tmp_path), "--lr", "7"]
    assert main(command) == 1
    assert "lr is 7" in capsys.readouterr().err


def test_text_files_take_their_options(tmp_path: Path, capsys: Output) -> None:
    table = tmp_path / "two.csv"
    table.write_text("\n".join(f"{k % 7},{k % 5}" for k in range(600)))
    assert main(["info", str(table)]) == 1
    assert "--rate-hz" in capsys.readouterr().err
    options = ["--csv-leads", "I,II", "--rate-hz", "250", "--unit", "uV"]
    assert main(["info", str(table), *options]) == 0
    assert "600 samples at 250 Hz" in capsys.readouterr().out


def test_no_display_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([]) == 1
    assert "no display" in capsys.readouterr().err


@needs_model
def test_the_demo_draws_a_picture_and_prints_a_table(tmp_path: Path, capsys: Output) -> None:
    picture = tmp_path / "demo.png"
    assert main(["demo", "--case", "lbbb", "--leads", "I,II", "--screenshot", str(picture)]) == 0
    printed = capsys.readouterr().out
    assert "simulated" in printed
    assert printed.count("reconstructed") >= 6
    assert picture.read_bytes().startswith(b"\x89PNG")


@needs_model
def test_an_unreadable_folder_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    from ecgview.engine import batch_files
    from ecgview.errors import RecordingError

    find = batch_files.find_recordings

    def locked(paths: list[Path]) -> list[Path]:
        if paths == [Path("locked")]:
            raise RecordingError("locked cannot be listed.")
        return find(paths)

    monkeypatch.setattr(batch_files, "find_recordings", locked)
    command = ["reconstruct", "locked", str(folder / "person1.hea"), "--leads", "I,II", "--json"]
    assert main(command) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["name"] == "person1"
    assert "locked cannot be listed" in printed.err


def test_reconstruct_asks_for_leads_unless_the_model_takes_one_set_only(
    folder: Path, capsys: Output
) -> None:
    one = str(folder / "person1.hea")
    assert main(["reconstruct", one]) == 1
    assert "--leads I,II,V2" in capsys.readouterr().err
    assert main(["reconstruct", one, "--model", "dower", "--leads", "I"]) == 1
    assert "takes VX, VY, VZ" in capsys.readouterr().err
    assert main(["reconstruct", one, "--model", "dower"]) == 1
    assert "person1 has no lead VX, VY, VZ" in capsys.readouterr().err


@pytest.mark.real_data
def test_published_transforms_run_on_frank_leads(
    data_dir: Path, tmp_path: Path, capsys: Output
) -> None:
    ptb = str(data_dir / "formats" / "wfdb" / "s0010_re.hea")
    assert main(["reconstruct", ptb, "--model", "dower", "--clean", "--json"]) == 0
    leads = json.loads(capsys.readouterr().out)["leads"]
    assert {lead["origin"] for lead in leads.values()} == {"reconstructed"}
    assert leads["II"]["pcc"] > 0.9
    command = ["reconstruct", ptb, "--model", "kors", "--clean", "--output", str(tmp_path)]
    assert main(command) == 0
    assert "VX 0.98" in capsys.readouterr().out
    written = open_recording(tmp_path / "s0010_re.hea")
    assert written.leads == LEADS
    assert written.other_leads == ("VX", "VY", "VZ")
    assert "estimated: VX, VY, VZ" in written.comments


def test_models_lists_transforms_and_architectures(capsys: Output) -> None:
    assert main(["models"]) == 0
    printed = capsys.readouterr().out
    assert "kors: Kors (1990)" in printed
    assert "takes VX, VY, VZ only" in printed
    assert main(["models", "--architectures"]) == 0
    assert "unet: U-Net of Gradowski & Buchner (2025)" in capsys.readouterr().out

"""Two real processes at one job, on this machine, over gloo."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from launch import side_by_side, torchrun

import ecgview
from ecgview.cli import main
from ecgview.engine import distributed
from ecgview.engine.cards import ModelCard
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate


def test_alone_everything_is_plain() -> None:
    assert (distributed.rank(), distributed.world_size()) == (0, 1)
    assert distributed.is_first()
    distributed.start("cpu")
    assert distributed.shard("abc") == ["a", "b", "c"]
    assert distributed.gather([3, 1]) == [3, 1]
    assert distributed.broadcast({"a": 1}) == {"a": 1}
    assert distributed.average([1.0, 2.0]) == [1.0, 2.0]
    distributed.stop()


def test_nothing_is_pickled() -> None:
    for source in Path(ecgview.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(alias.name for alias in node.names)]
            elif isinstance(node, ast.Attribute):
                names = [node.attr]
                is_torch = isinstance(node.value, ast.Name) and node.value.id == "torch"
                assert not (is_torch and node.attr in ("load", "save")), source
            for name in names:
                last = name.rpartition(".")[2]
                assert last not in ("pickle", "dill", "joblib", "cloudpickle"), source
                # These pickle on the way between processes.
                assert not (last.endswith(("_object", "_object_list"))), source


EXCHANGE = """
import json, sys
from pathlib import Path
from ecgview.engine import distributed as d

with d.joined("cpu"):
    mine = d.shard(list("abcde"))
    result = {
        "gathered": d.gather([letter * 2000 for letter in mine]),
        "told": d.broadcast(["from", d.rank(), float("inf")]),
        "mean": d.average([float(d.rank()), 7.0]),
        "bad": d.average([float("nan") if d.rank() else 0.0]),
    }
Path(sys.argv[1], f"{d.rank()}.json").write_text(json.dumps(result))
"""


def test_two_processes_exchange_what_they_have(tmp_path: Path) -> None:
    script = tmp_path / "exchange.py"
    script.write_text(EXCHANGE)
    done = side_by_side(str(script), str(tmp_path))
    assert done.returncode == 0, done.stderr
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert first["gathered"] == [letter * 2000 for letter in "abcde"]
    assert second["gathered"] == []
    for result in (first, second):
        assert result["told"] == ["from", 0, float("inf")]
        assert result["mean"] == [0.5, 7.0]
        assert result["bad"][0] != result["bad"][0]


LOSS = """
import sys
from ecgview.cli.complaints import complain
from ecgview.engine import distributed as d
from ecgview.errors import EcgviewError

try:
    with d.joined("cpu"):
        d.wait()
        if d.rank():
            raise EcgviewError("This disk is full.")
        d.wait()
except EcgviewError as error:
    sys.exit(complain(error))
"""


def test_a_process_that_fails_ends_the_others_with_a_sentence(tmp_path: Path) -> None:
    script = tmp_path / "loss.py"
    script.write_text(LOSS)
    done = torchrun(str(script))
    assert done.returncode != 0
    assert "ecgview (process 1): This disk is full." in done.stderr


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five records and one that is damaged, the second by name."""
    top = tmp_path_factory.mktemp("records")
    for seed in (1, 3, 4, 5, 6):
        recording = simulate("normal", seed=seed)
        save_recording(f"person{seed}", recording.read(LEADS), recording.fs_hz, top)
    (top / "person2.hea").write_text("person2 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    return top


def test_files_are_shared_out_and_told_in_order(
    records: Path, tiny_card: ModelCard, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    words = ["reconstruct", "/nowhere", str(records), "--leads", "I,II", "--json"]
    words += ["--model", str(tiny_card.path), "--device", "cpu"]
    alone = subprocess.run(
        [sys.executable, "-m", "ecgview", *words],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    together = torchrun("-m", "ecgview", *words, "--output", str(output))
    assert alone.returncode == 1
    assert together.returncode != 0
    names = [f"person{seed}" for seed in (1, 3, 4, 5, 6)]
    results = [[json.loads(line) for line in run.stdout.splitlines()] for run in (alone, together)]
    assert [record["name"] for record in results[1]] == names
    for one, other in zip(*results, strict=True):
        figures = [record["leads"]["V1"] for record in (one, other)]
        # The tiny model has no interval.
        assert [record.pop("intervals") for record in figures] == [[], []]
        assert figures[0] == pytest.approx(figures[1])
    for run in (alone, together):
        assert run.stderr.count("person2.hea names") == 1
        assert run.stderr.count("no file /nowhere") == 1
        assert run.stderr.count("5 reconstructed, 2 failed") == 1
    assert sorted(file.stem for file in output.glob("*.hea")) == names
    assert open_recording(output / "person6.hea").leads == LEADS


def test_no_result_is_written_over_another(
    records: Path, tiny_card: ModelCard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "person1.hea"
    for suffix in (".hea", ".dat"):
        other.with_suffix(suffix).write_bytes((records / f"person1{suffix}").read_bytes())
    words = ["reconstruct", str(records / "person1.hea"), str(other), "--leads", "I", "--overwrite"]
    words += ["--model", str(tiny_card.path), "--device", "cpu", "--output", str(tmp_path / "out")]
    assert main(words) == 1
    told = capsys.readouterr().err
    assert f"{other} would be written over the result of {records}" in told
    assert "1 reconstructed, 1 failed" in told


def test_two_processes_that_do_all_end_well(
    records: Path, tiny_card: ModelCard, tmp_path: Path
) -> None:
    files = [str(records / f"person{seed}.hea") for seed in (4, 1, 3)]
    words = ["-m", "ecgview", "reconstruct", *files, "--leads", "I,II", "--device", "cpu"]
    done = torchrun(*words, "--model", str(tiny_card.path))
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "person" in line] == [
        "person4",
        "person1",
        "person3",
    ]

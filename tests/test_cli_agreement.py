"""``ecgview agreement`` and ``ecgview study presacan2025``: tables, files, and bad wishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from agreement_example import example_report

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.engine.events import Event, Finished
from ecgview.studies.agreement.task import AgreementTask

needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AgreementTask]:
    """Answer every study with the example; gives what was asked for."""
    tasks: list[AgreementTask] = []

    def answer(task: AgreementTask) -> Iterator[Event]:
        tasks.append(task)
        warned = replace(example_report(), command=task.command, warnings=("It has seen them.",))
        yield Finished(warned)

    monkeypatch.setattr("ecgview.studies.agreement.study.agreement_events", answer)
    return tasks


def test_options_make_the_task(asked: list[AgreementTask], capsys: Output) -> None:
    words = ["agreement", "--data", "a", "--data", "b", "--leads", "I;I,II", "--leads", "I,II,V2"]
    words += ["--model", "one", "--model", "two", "--folds", "1-3", "--subset", "normal"]
    assert main(words) == 0
    (task,) = asked
    assert task.data_dirs == (Path("a"), Path("b"))
    assert task.input_sets == (("I",), ("I", "II"), ("I", "II", "V2"))
    assert (task.models, task.folds, task.subsets) == (("one", "two"), (1, 2, 3), ("normal",))
    assert task.command == "ecgview agreement --data a --data b --leads 'I;I,II' " + " ".join(
        words[7:]
    )
    assert main(["agreement", "--data", "a"]) == 0
    assert asked[1].input_sets == (("I",), ("I", "II")) and asked[1].folds == (9,)
    assert asked[1].subsets == ("all", "normal", "superclasses") and asked[1].models == ()
    assert "It has seen them." in capsys.readouterr().err


def test_text_has_a_row_a_lead_and_a_line_a_small_subset(
    asked: list[AgreementTask], capsys: Output
) -> None:
    assert main(["agreement", "--data", "a"]) == 0
    text = capsys.readouterr().out
    report = example_report()
    row = report.row("network", ("I",), "all", "V3", "R")
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("network from I, All"))
    v3 = next(line for line in lines[start:] if line.startswith("  V3"))
    assert f"{row.variance_ratio:.2f} {row.r2:.2f} {row.best_r2:.2f}" in v3
    assert f"{row.bias_uv:.0f} ({row.bias_low_uv:.0f} to {row.bias_high_uv:.0f})" in v3
    assert sum(line.startswith("  V3") for line in lines) == 4  # two models, all and normal
    assert sum("from I, Myocardial infarction" in line for line in lines) == 2
    assert "Hypertrophy: 5 patients: n/a, 5 patients; statistics take 10" in text
    assert "left out: flat lead (1)" in text and f"{report.tests} tests in all" in text


def test_json_is_the_report(asked: list[AgreementTask], capsys: Output) -> None:
    assert main(["agreement", "--data", "a", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == json.loads(json.dumps(example_report().as_dict()))["rows"]
    assert told["command"] == "ecgview agreement --data a --json"


def test_files_are_written(asked: list[AgreementTask], capsys: Output, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    words = ["agreement", "--data", "a", "--output", str(folder), "--figures", "none"]
    assert main([*words, "--report", "none", "--values"]) == 0
    names = {file.name for file in folder.iterdir()}
    assert names == {"agreement.json", "markers.csv", "inter_lead.csv", "values.csv"}
    assert main([*words, "--report", "html"]) == 0
    assert (folder / "agreement-report.html").stat().st_size > 10_000
    assert "files are in" in capsys.readouterr().err


def test_the_papers_statements_are_printed(
    asked: list[AgreementTask], capsys: Output, tmp_path: Path
) -> None:
    assert main(["study", "presacan2025", "--data", "a", "--output", str(tmp_path)]) == 0
    assert asked[0].input_sets == (("I",), ("I", "II")) and asked[0].subsets == ("normal",)
    text = capsys.readouterr().out
    assert "in the paper: R2 0.04 in life, 0.49 rebuilt" in text
    assert "network from I (n 60): " in text
    assert {file.name for file in tmp_path.iterdir()} == {
        "agreement.json", "markers.csv", "inter_lead.csv", "presacan2025.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--leads", "I,X9"], "X9"),
        (["--leads", "I,II,V1,V2,V3,V4,V5,V6"], "leaves no lead"),
        (["--output", __file__], "is not a folder"),
        (["--values"], "--values are written, not printed"),
        (["--model", "nonsense"], "There is no model"),
        (["--data", "nowhere"], "There is no folder nowhere"),
    ],
)
@needs_model
def test_bad_wishes_are_refused_in_a_sentence(
    words: list[str], sentence: str, small_data_set: Path, capsys: Output
) -> None:
    assert main(["agreement", "--data", str(small_data_set), "--folds", "1", *words]) == 1
    assert sentence in capsys.readouterr().err


def test_unknown_kinds_are_refused(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["agreement", "--data", "a", "--figures", "gif"])
    assert end.value.code == 2 and "gif is none of png, svg, pdf" in capsys.readouterr().err


@needs_model
def test_a_few_people_have_no_statistics(small_data_set: Path, capsys: Output) -> None:
    words = ["agreement", "--data", str(small_data_set), "--folds", "1-4", "--no-cache"]
    assert main([*words, "--leads", "I,II", "--model", "anylead-linear"]) == 0
    printed = capsys.readouterr()
    assert "All subjects: 6 patients: n/a, 6 patients; statistics take 10" in printed.out
    assert "left out: flat lead (1)" in printed.out
    assert "Normals only: 0 patients: n/a, the data set states no diagnoses" in printed.out

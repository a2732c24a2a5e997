"""Commands and programs from a description: quoted so that shells take them back, and runnable."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ecgview import agreement, open_recording, reconstruct
from ecgview.catalogue.query import Query
from ecgview.cli import main, make_parser
from ecgview.export.script import Opened, Question, Script
from ecgview.export.scripts import (
    Page,
    Search,
    agreement_script,
    average_script,
    beats_script,
    comparison_script,
    library_script,
    marks_script,
    page_script,
    reconstruction_script,
    worst_script,
)
from ecgview.export.shell import option, shell_line
from ecgview.filtered import filtered_recording
from ecgview.formats import ImportOptions, save_recording
from ecgview.leads import LEADS
from ecgview.signals.filtering import Filters
from ecgview.simulate import simulate

GIVEN = ("I", "II", "V2")


def run_python(script: Script) -> list[str]:
    """Run the program; the lines that it prints."""
    ast.parse(script.python)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script.python, "copied", "exec"), {"__name__": "copied"})
    return out.getvalue().splitlines()


def run_command(script: Script, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Run the command as a shell would: from its line."""
    words = shlex.split(shell_line(script.command, "posix"))
    assert words[0] == "ecgview"
    capsys.readouterr()
    assert main([*words[1:], *more]) == 0
    return capsys.readouterr().out


# Quoting ---------------------------------------------------------------------------------------

AWKWARD = [
    "plain",
    "two words",
    "I,II,V2",
    "C:\\data\\new ones\\",
    'a "quoted" word',
    "it's",
    "a\\\\b\\",
    "$HOME & more; (all) | <x>",
    "",
    "Zürich\u2009ECG",
    "--option=-1,1",
]


def test_posix_lines_come_back_as_they_were() -> None:
    line = shell_line(["ecgview", *AWKWARD], "posix")
    assert shlex.split(line) == ["ecgview", *AWKWARD]
    shown = subprocess.run(
        ["/bin/sh", "-c", line.replace("ecgview", "printf '%s\\n'", 1)],
        capture_output=True, text=True, check=True,
    ) if sys.platform != "win32" else None  # fmt: skip
    assert shown is None or shown.stdout.splitlines() == AWKWARD


def as_windows_does(line: str) -> list[str]:
    """Take a line apart by the rules of Microsoft's C runtime."""
    words, word, quoted, begun, place = [], "", False, False, 0
    while place < len(line):
        slashes = len(line[place:]) - len(line[place:].lstrip("\\"))
        place += slashes
        at = line[place : place + 1]
        if at == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted, begun = not quoted, True
            place += 1
            continue
        word += "\\" * slashes
        if at in ("", " ") and not quoted:
            if word or begun:
                words.append(word)
            word, begun = "", False
        else:
            word += at
        place += 1
    return [*words, word] if word or begun else words


def test_windows_lines_come_back_as_they_were() -> None:
    line = shell_line(["ecgview", *AWKWARD], "windows")
    assert as_windows_does(line) == ["ecgview", *AWKWARD]
    # PowerShell would take an unquoted list apart.
    assert '"I,II,V2"' in line
    assert "'" not in line.replace('"it\'s"', "")


def test_values_that_look_like_options_are_joined_to_theirs() -> None:
    assert option("--gain", "-1,1") == ("--gain=-1,1",)
    assert option("--gain", "2.0") == ("--gain", "2.0")


# What the commands and programs give -----------------------------------------------------------


@pytest.fixture(scope="module")
def path(data_dir: Path) -> Path:
    return sorted((data_dir / "ptb-xl" / "records500").rglob("*.hea"))[5]


def opened(path: Path, **more: object) -> Opened:
    return Opened(path, 500.0, **more)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("clean", "stretch", "filters"),
    [
        (False, None, Filters()),
        (True, (601, 3333), Filters()),
        (False, (0, 2500), Filters(high_pass_hz=0.5, mains_hz=50.0)),
    ],
)
def test_an_agreement_table(
    path: Path,
    capsys: pytest.CaptureFixture[str],
    clean: bool,
    stretch: tuple[int, int] | None,
    filters: Filters,
) -> None:
    question = Question(opened(path), GIVEN, "anylead", "cpu", clean, stretch, filters)
    script = agreement_script(question)
    recording = filtered_recording(open_recording(path), filters)
    start, stop = stretch or (0, None)
    made = reconstruct(recording, GIVEN, "anylead", "cpu")
    expected = agreement(recording, made, clean=clean, start=start, stop=stop)
    found = json.loads(run_command(script, capsys, "--json"))
    printed = run_python(script)
    assert found["mean_pcc_chest"] == expected.mean_pcc_chest
    assert float(printed[-1].split()[-1]) == expected.mean_pcc_chest
    assert len(expected.rows) == 12
    for row, line in zip(expected.rows, printed, strict=False):
        assert found["leads"][row.lead]["rmse_uv"] == row.rmse_uv
        assert line == f"{row.lead} {row.origin.value} {row.pcc} {row.rmse_uv} {row.max_uv}"


def test_import_options_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signals_mv = simulate("normal", seed=2).read_twelve()
    file = tmp_path / "two words, nameless.csv"
    np.savetxt(file, (1000 * signals_mv).T.round(), fmt="%d", delimiter=",")
    options = ImportOptions(LEADS, 500.0, "uV", (1.0,) * 11 + (-1.0,))
    recording = open_recording(file, options=options)
    question = Question(opened(file, options=options, as_is=True), GIVEN, "anylead")
    script = agreement_script(question)
    expected = agreement(recording, reconstruct(recording, GIVEN, "anylead"), clean=False)
    found = json.loads(run_command(script, capsys, "--json"))
    assert found["mean_pcc_chest"] == expected.mean_pcc_chest
    assert found["leads"]["V6"]["pcc"] < 0
    assert float(run_python(script)[-1].split()[-1]) == expected.mean_pcc_chest
    minus = opened(file, options=ImportOptions(gains=(-1.0,)))
    line = shell_line(agreement_script(Question(minus, GIVEN, "")).command, "posix")
    parsed = make_parser().parse_args(shlex.split(line)[1:])
    assert parsed.gain == (-1.0,)


def test_worst_windows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signals_mv = np.tile(simulate("normal", seed=3).read_twelve(), 4)
    signals_mv[LEADS.index("V4"), 10_000:15_000] *= -1
    file = save_recording("long one", signals_mv, 500.0, tmp_path)
    script = worst_script(Question(opened(file), GIVEN, "anylead", clean=True), 0.25)
    (line,) = run_command(script, capsys, "--json").splitlines()
    run = json.loads(line)
    assert (run["start_s"], run["lead"]) == (20.0, "V4")
    assert run_python(script) == [f"20.0 30.0 V4 {run['pcc']}"]
    below = worst_script(Question(opened(file), GIVEN, "anylead"), -0.99)
    assert "--threshold=-0.99" in below.command
    assert run_command(below, capsys) == ""


def test_a_reconstruction_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    recording = simulate("normal", seed=4)
    file = save_recording("person", recording.read_twelve(), 500.0, tmp_path)
    script = reconstruction_script(Question(opened(file), GIVEN, "anylead"), "person")
    run_command(script, capsys)
    (written,) = run_python(script)
    expected = reconstruct(open_recording(file), GIVEN, "anylead").read()
    by_command = sorted(Path("reconstructed").rglob("*.hea"))
    assert len(by_command) == 2
    for found in (*by_command, Path(written)):
        np.testing.assert_allclose(open_recording(found).read_twelve(), expected, atol=0.002)


def test_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = save_recording("person", simulate("normal").read_twelve(), 500.0, tmp_path)
    page = Page(2.0, ("--layout", "6x2", "--speed", "50"))
    script = page_script(Question(opened(file), GIVEN, "anylead"), page, "person's page.pdf")
    assert "person's page.pdf" in run_command(script, capsys)
    first = (tmp_path / "person's page.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    (tmp_path / "person's page.pdf").unlink()
    assert any("person's page.pdf" in line for line in run_python(script))
    assert (tmp_path / "person's page.pdf").stat().st_size == pytest.approx(len(first), rel=0.05)


def test_a_comparison_with_estimates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = simulate("normal", seed=5)
    truth = save_recording("truth", recording.read_twelve(), 500.0, tmp_path)
    other_mv = reconstruct(recording, GIVEN, "anylead-linear").read()
    other = save_recording("other's", other_mv, 500.0, tmp_path / "estimates")
    script = comparison_script(Question(opened(truth), GIVEN, "", clean=True), [other])
    found = json.loads(run_command(script, capsys, "--json"))
    printed = run_python(script)
    mean = float(printed[0].split()[-1])
    assert 0.5 < mean < 1
    assert f"{mean}" in json.dumps(found)
    marked = Question(opened(truth), GIVEN, "", stretch=(0, 2500))
    assert "whole recording" in comparison_script(marked, [other]).remark


@pytest.mark.real_data
def test_beats(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = Question(opened(path), GIVEN, "anylead", stretch=(500, 4500))
    script = beats_script(question, GIVEN, "II")
    found = json.loads(run_command(script, capsys, "--json"))
    (line,) = run_python(script)
    lead, beats, rate_bpm, _ = line.split()
    assert (lead, int(beats)) == (found["lead"], found["beats"]) == ("II", len(found["r_peaks_s"]))
    assert float(rate_bpm) == pytest.approx(found["rate_bpm"], abs=0.06)


@pytest.mark.real_data
def test_the_average_beat(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = Question(opened(path), GIVEN, "anylead", stretch=(500, 4500))
    script = average_script(question, GIVEN, "II")
    found = json.loads(run_command(script, capsys, "--json"))["average_beat"]["leads"]["V4"]
    line = next(line for line in run_python(script) if line.startswith("V4"))
    assert float(line.split()[-1]) == pytest.approx(found["pcc"], abs=1e-4)
    assert found["r_reconstruction_uv"] is not None


def test_marks_and_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = save_recording("noted", simulate("normal").read_twelve(), 500.0, tmp_path)
    assert main(["marks", str(file), "--add", "2.5", "tall T?"]) == 0
    script = marks_script(opened(file))
    found = json.loads(run_command(script, capsys, "--json"))
    assert [mark["text"] for mark in found["marks"]] == ["tall T?"]
    assert run_python(script) == ["2.5 0.0 tall T?"]


@pytest.mark.real_data
def test_a_library_query(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = Query(
        "infarct", superclasses=frozenset({"MI"}), ages=(40.0, 60.0), folds=frozenset({9})
    )
    script = library_script(Search(data_dir / "ptb-xl", query, "age", reverse=True))
    lines = run_command(script, capsys, "--paths").splitlines()
    assert 0 < len(lines) < 100
    assert len(run_python(script)) == len(lines)


def test_options_of_a_query_are_understood(tmp_path: Path) -> None:
    query = Query(
        "anterior infarct, old",
        frozenset({"MI", "CD"}), frozenset({"AMI"}), 50.0, frozenset({"female"}), (None, 17.0),
        frozenset({1, 2, 9}), frozenset({"clean"}), frozenset({500.0}),
    )  # fmt: skip
    scored = Question(opened(tmp_path), GIVEN, "anylead", clean=True)
    script = library_script(Search(tmp_path, query, "worst", reverse=True, scored=scored))
    options = make_parser().parse_args(list(script.command[1:]))
    assert options.search == query.text
    assert options.superclass == query.superclasses
    assert options.statement == query.statements
    assert options.sex == query.sexes
    assert options.age == query.ages
    assert set(options.fold) == query.folds
    assert options.rate_hz == 500.0
    assert options.likelihood == 50.0
    assert options.triage
    assert options.leads == GIVEN
    assert (options.sort, options.reverse, options.clean) == ("worst", True, True)


def test_a_simulated_recording_has_a_program_and_no_command() -> None:
    script = agreement_script(Question(Opened(None, 500.0, "normal", 7), GIVEN, "anylead"))
    assert script.command == ()
    recording = simulate("normal", seed=7)
    expected = agreement(recording, reconstruct(recording, GIVEN, "anylead"), clean=False)
    assert float(run_python(script)[-1].split()[-1]) == expected.mean_pcc_chest

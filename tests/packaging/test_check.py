"""The check of the frozen application: what it must notice, and that every check is run."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from check.__main__ import all_checks, make_parser
from check.application import Application
from check.hardships import read_only
from check.network import outward_calls
from check.outcomes import FAILED, LEFT_OUT, OK, chosen, run_all, summary, write_json
from check.running import (
    Bench,
    CheckError,
    LeftOut,
    demand_same_words,
    demand_sentence,
    end_of,
    same_files,
)
from check.stopping import check_interrupt
from check.window import fits_a_line, pixels_that_differ

ROOT = Path(__file__).resolve().parents[2]
needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="stands in for a program with sh")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A bench whose program prints its words, and ends with the first where that is a number."""
    program = tmp_path / "frozen" / "ecgview"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\necho "$HOME" >&2\nexit "$1"\n')
    program.chmod(0o755)
    folder = tmp_path / "home"
    folder.mkdir()
    return Bench(folder, Application(program.parent), tmp_path / "model.safetensors")


def test_all_checks_run_whatever_comes_of_each(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(bench: Bench) -> None:
        raise CheckError("It is wrong.")

    def foreign(bench: Bench) -> None:
        raise LeftOut("another system")

    def unforeseen(bench: Bench) -> None:
        raise FileNotFoundError("gone")

    checks = {"a": wrong, "b": foreign, "c": unforeseen, "d": lambda bench: "seven differ"}
    outcomes = run_all(checks, bench)

    assert [outcome.result for outcome in outcomes] == [FAILED, LEFT_OUT, FAILED, OK]
    printed = capsys.readouterr().out
    assert "It is wrong." in printed
    assert "b: another system" in printed
    assert "d: seven differ" in printed
    assert "FileNotFoundError: gone" in printed


def test_what_came_out_is_told_and_written(bench: Bench, tmp_path: Path) -> None:
    outcomes = run_all({"a": lambda bench: None}, bench)
    told = summary(bench.application, outcomes, built_s=12.0)
    write_json(tmp_path / "new" / "told.json", told, outcomes)

    assert told["checks"] == "1 ok, 0 left out, 0 FAILED"
    assert told["built in"] == "12 s"
    assert "in 1 files" in told["size"]
    assert '"result": "ok"' in (tmp_path / "new" / "told.json").read_text(encoding="utf-8")


def test_checks_are_chosen_by_words_of_their_titles() -> None:
    checks = all_checks(with_packages=False)

    assert list(chosen(checks, ["--VERSION"])) == ["--version"]
    assert chosen(checks, []) == checks
    assert len(chosen(checks, ["window", "train"])) > len(chosen(checks, ["train"])) > 0


def test_every_module_of_checks_is_run() -> None:
    run = {check.__module__ for check in all_checks(with_packages=False).values()}
    files = (ROOT / "packaging" / "check").glob("*.py")
    with_checks = {
        f"check.{file.stem}" for file in files if "\nCHECKS = {" in file.read_text("utf-8")
    }

    assert with_checks - run == {"check.packages"}


def test_options_of_the_workflows_are_understood(tmp_path: Path) -> None:
    (tmp_path / "_internal").mkdir()
    words = ["--frozen", str(tmp_path), "--json", "x"]
    options = make_parser().parse_args(words)

    assert (options.frozen, options.json) == (tmp_path, Path("x"))
    assert options.packages is None
    assert not make_parser().parse_args([*words, "--packages"]).packages.name
    assert make_parser().parse_args(["--packages", "made"]).packages == Path("made")


@needs_sh
def test_an_exit_status_that_is_not_expected_fails(bench: Bench) -> None:
    assert bench.frozen("3", status=3).stdout == "3\n"
    with pytest.raises(CheckError, match="ended with 3 instead of 0"):
        bench.frozen("3")
    with pytest.raises(CheckError, match="ended with 4 instead of 0"):
        end_of(bench.start("4"))


@needs_sh
def test_a_check_in_the_background_interrupts_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.application.console.write_text(
        f"#!{sys.executable}\ntry:\n    print('started', flush=True)\n    while True: pass\n"
        "except KeyboardInterrupt:\n    exit(130)\n"
    )
    monkeypatch.setattr("check.running.COMMAND_TIMEOUT_S", 60)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        check_interrupt(bench)
    finally:
        signal.signal(signal.SIGINT, before)


@needs_sh
def test_programs_see_nothing_of_this_user(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")

    assert bench.frozen("0").stderr.strip() == str(bench.folder)
    assert "PYTHONPATH" not in bench.environment()
    other = bench.with_variables(removed=("XDG_DATA_HOME",), HOME="/nowhere")
    assert other.frozen("0", cwd="/").stderr.strip() == "/nowhere"
    assert "XDG_DATA_HOME" not in other.environment()


def test_other_words_and_other_files_are_noticed(tmp_path: Path) -> None:
    said = [subprocess.CompletedProcess([], 0, word, "") for word in ("one", "other")]
    demand_same_words(said[0], said[0])
    with pytest.raises(CheckError, match="other"):
        demand_same_words(*said)

    folders = tmp_path / "a", tmp_path / "b"
    for folder in folders:
        folder.mkdir()
    with pytest.raises(CheckError):
        same_files(*folders)
    for folder in folders:
        (folder / "x").write_text("same")
    assert same_files(*folders) == [Path("x")]
    (folders[1] / "x").write_text("else")
    with pytest.raises(CheckError, match="other bytes: x"):
        same_files(*folders)


def test_a_traceback_is_no_sentence() -> None:
    demand_sentence("ecgview: There is no file x.hea.\n", "x.hea")
    for said in ("", "Traceback (most recent call last):", "ecgview: \nTraceback"):
        with pytest.raises(CheckError):
            demand_sentence(said)
    with pytest.raises(CheckError, match=r"y\.hea is not said"):
        demand_sentence("ecgview: There is no file x.hea.\n", "y.hea")


def test_pixels_that_differ_are_found_but_for_the_line_that_tells_the_time() -> None:
    white = np.full((900, 1440, 3), 255, dtype=np.uint8)
    line, trace = white.copy(), white.copy()
    line[698:706, 73:212, 1] = 100
    trace[300, 800, 0] = 200
    white[20, 20] = 253

    assert fits_a_line(pixels_that_differ(white, white))
    assert pixels_that_differ(white, line).sum() == 8 * 139
    assert fits_a_line(pixels_that_differ(white, line))
    assert not fits_a_line(pixels_that_differ(white, trace))
    assert not fits_a_line(pixels_that_differ(line, white[:800]))


def test_sockets_to_networks_are_found_in_a_trace() -> None:
    trace = """\
12 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3
12 connect(3, {sa_family=AF_UNIX, sun_path="/run/bus"}, 110) = 0
12 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
13 socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 3
13 connect(3, {sa_family=AF_INET, sin_port=htons(53)}, 16) = 0
14 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 5
"""
    found = outward_calls(trace)

    assert [call.split("(")[0] for call in found] == ["socket", "connect", "socket"]
    assert "AF_INET6" in found[0]


def test_programs_are_found_as_each_system_lays_them_out(tmp_path: Path) -> None:
    linux = Application(tmp_path / "ecgview", "linux")
    assert (linux.console, linux.windowed) == (linux.folder / "ecgview",) * 2

    windows = Application(tmp_path / "ecgview", "win32")
    separate = windows.folder / "ecgview-gui.exe"
    separate.parent.mkdir()
    separate.touch()
    assert (windows.console.name, windows.windowed) == ("ecgview.exe", separate)

    bundle = Application(tmp_path / "ecgview.app", "darwin")
    assert bundle.console == bundle.folder / "Contents/MacOS/ecgview"
    assert bundle.models == bundle.folder / "Contents/Frameworks/ecgview/trained_models"


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of Windows are others")
def test_a_copy_keeps_links_and_leaves_what_was_copied_alone(tmp_path: Path) -> None:
    frozen = tmp_path / "ecgview"
    frozen.mkdir()
    (frozen / "ecgview").write_text("program")
    (frozen / "alias").symlink_to("ecgview")

    copy = Application(frozen).copied_to(tmp_path / "Prüfung")
    before = copy.states()
    (copy.folder / "added").touch()

    assert copy.states() != before
    assert (copy.folder / "alias").readlink() == Path("ecgview")
    assert copy.console.read_text() == "program"
    assert not (frozen / "added").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Windows are others")
def test_a_folder_is_read_only_for_a_while(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    before = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, inside)}

    with read_only(tmp_path):
        during = {stat.S_IMODE(path.stat().st_mode) & 0o222 for path in before}
    after = {path: stat.S_IMODE(path.stat().st_mode) for path in before}

    assert during == {0}
    assert after == before

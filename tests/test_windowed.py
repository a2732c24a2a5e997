"""The program without a terminal: what prevents its window is shown in a box."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ecgview import __version__
from ecgview.cli import open as open_command
from ecgview.cli import text
from ecgview.cli.windowed import run_windowed
from ecgview.errors import EcgviewError
from ecgview.gui import before_window

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems have their screen")


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gather what boxes would say, on a screen."""
    said: list[str] = []
    monkeypatch.setattr(before_window, "show_message", said.append)
    monkeypatch.setattr(text, "has_display", lambda: True)
    return said


def test_wrong_words_are_shown_in_a_box(boxes: list[str]) -> None:
    assert run_windowed(["--what"]) == 2
    assert "unrecognized arguments: --what" in boxes[0]


def test_the_help_is_shown_in_a_box(boxes: list[str]) -> None:
    assert run_windowed(["--help"]) == 0
    assert "--screenshot" in boxes[0]


def test_the_version_is_shown_in_a_box(boxes: list[str]) -> None:
    assert run_windowed(["--version"]) == 0
    assert boxes == [f"ecgview {__version__}"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EcgviewError("No screen.", "Plug one in."), "No screen.\nPlug one in."),
        (ImportError("DLL load failed"), "could not start"),
    ],
)
def test_what_prevents_the_window_is_shown_in_a_box(
    boxes: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(options: object) -> int:
        raise error

    monkeypatch.setattr(open_command, "run", fail)
    assert run_windowed([]) == 1
    assert len(boxes) == 1 and words in boxes[0]


def test_without_standard_streams_the_box_is_all_there_is(
    boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    status = run_windowed(["--leads", "nonsense"])
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert status == 2
    assert "nonsense" in boxes[0]


@linux_only
def test_wrong_words_are_told_where_the_box_finds_no_screen() -> None:
    program = "from ecgview.__main__ import gui_main; gui_main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--what"],
        env=os.environ | {"QT_QPA_PLATFORM": "nonsense", "DISPLAY": ":987"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "unrecognized arguments: --what" in done.stderr


@linux_only
def test_pictures_are_drawn_whatever_screen_the_terminal_names() -> None:
    program = (
        "from ecgview.gui.app import do_without_display, make_application\n"
        "do_without_display()\nprint(make_application().platformName())"
    )
    names = {name: text for name, text in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=names | {"DISPLAY": ":987"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "offscreen"), done.stderr


def test_a_screen_that_is_not_there_is_told_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ecgview"], env=os.environ | {"QT_QPA_PLATFORM": "nonsense"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("ecgview: No window can be opened on this screen.")
    assert "nonsense" in done.stderr

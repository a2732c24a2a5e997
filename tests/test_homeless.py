"""Users with no home, or none to write in: all works, and what cannot be kept is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ecgview import paths
from ecgview.engine.cards import list_models
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate

needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
FOLDERS = (
    paths.user_models_dir, paths.user_log_file, paths.user_corrections_dir, paths.user_runs_dir,
    paths.user_architectures_dir, paths.user_notes_dir, paths.user_cache_dir,
    paths.user_overviews_dir,
)  # fmt: skip
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows takes a user's folders from the registry"
)


@pytest.fixture
def homeless(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a user all whose folders would lie below a file: not even root."""
    (tmp_path / "file").write_text("not a folder")
    environment = {name: str(tmp_path / "file" / name) for name in HOMES}
    return os.environ | environment | {"QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    recording = simulate("normal")
    save_recording("person", recording.read(LEADS), recording.fs_hz, tmp_path / "in")
    return tmp_path / "in" / "person.hea"


def _run(environment: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ecgview", *map(str, words)], env=environment,
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@needs_model
@pytest.mark.parametrize(
    "words",
    [
        ("reconstruct", "RECORD", "--leads", "I,II", "--output", "OUT"),
        ("convert", "RECORD", "OUT/person.edf"),
        ("open", "RECORD", "--screenshot", "OUT/window.png"),
        ("beats", "RECORD"),
        ("cache",),
    ],
)
def test_commands_work_without_a_word_on_it(
    homeless: dict[str, str], record: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    known = {"RECORD": str(record), "OUT": str(output)}
    said = [known.get(word, word.replace("OUT/", f"{output}/")) for word in words]
    done = _run(homeless, *said)
    told = re.sub(r"(?m)^(1 \w+, 0 failed|expected .*)\n", "", done.stderr)
    assert (done.returncode, told) == (0, "")
    assert any(output.iterdir()) or not any("OUT" in word for word in words)


def test_a_correction_that_cannot_be_kept_is_said_in_a_sentence(
    homeless: dict[str, str], record: Path
) -> None:
    done = _run(homeless, "info", record, "--gain", "2", "--remember")
    assert "could not be remembered" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from ecgview.gui import app

def make(settings, problems):
    window = whole(settings, problems=problems)
    window.painted.connect(lambda: QTimer.singleShot(0, window, lambda: leave(window, settings)))
    return window

def leave(window, settings):
    print([label.text() for label in window.status_bar.findChildren(QLabel)])
    window.close()

whole, app.make_window = app.make_window, make
sys.exit(app.run(sys.argv[1:]))
"""


def test_the_window_opens_and_says_that_settings_are_not_kept(
    homeless: dict[str, str], record: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(record)], env=homeless,
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Settings cannot be kept: " in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("error", [RuntimeError("no home"), PermissionError(13, "of another")])
def test_who_has_no_home_or_that_of_another_has_folders_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*words: object, **more: object) -> str:
        raise error

    for kind in ("data", "config", "cache", "log"):
        monkeypatch.setattr(f"platformdirs.user_{kind}_dir", fail)
    for folder in FOLDERS:
        assert str(folder()).startswith(os.devnull)
        with pytest.raises(OSError, match="Not a directory"):
            folder().mkdir(parents=True)
    assert list_models()


def test_a_home_that_may_not_be_looked_into_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *a, **k: str(home / "ecgview"))
    if os.access(home, os.X_OK):
        pytest.skip("root may look into every folder")
    assert str(paths.user_models_dir()).startswith(os.devnull)
    home.chmod(0o700)


def test_a_path_that_may_not_be_looked_at_is_not_taken_for_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.is_folder(tmp_path)

    def fail(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", fail)
    assert not paths.is_folder(tmp_path)

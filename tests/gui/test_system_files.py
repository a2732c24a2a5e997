"""Files that the system hands to the running program, as macOS does on a double-click."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QFileDialog
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.formats import save_recording
from ecgview.gui.app import make_application
from ecgview.gui.system_files import leave_the_root, take_system_files
from ecgview.leads import LEADS


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path, FakeEngine()) as made:
        take_system_files(made)
        yield made


def written(folder, name):
    signals_mv = ecg(name).read(LEADS)
    return save_recording(name, signals_mv, 100.0, folder, format="wfdb", leads=LEADS)


def hand_over(qapp, *paths):
    """Send what macOS sends: one event a file, to the application object."""
    for path in paths:
        QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(path))))


def shown(window):
    recording = window.session.state.recording
    return recording.name if recording is not None else None


def opened(window, name):
    wait_until(lambda: shown(window) == name)
    settle(window)


def test_a_file_that_is_double_clicked_is_shown(qapp, window, tmp_path):
    folder = tmp_path / "ä and a space"
    folder.mkdir()
    hand_over(qapp, written(folder, "a"))
    opened(window, "a")


def test_files_double_clicked_together_are_opened_together(qapp, window, tmp_path):
    paths = [written(tmp_path, name) for name in ("first", "second", "third")]
    hand_over(qapp, *paths, paths[0])
    opened(window, "first")
    assert [one.name for one in window.session.state.files] == ["first", "second", "third"]


def test_a_file_that_came_before_the_window_is_shown_in_it(qapp, tmp_path):
    hand_over(qapp, written(tmp_path, "early"))
    with main_window(tmp_path, FakeEngine()) as window:
        take_system_files(window)
        opened(window, "early")


WHOLE_PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from ecgview.gui.app import make_application, run
from ecgview.gui.main_window import MainWindow

application = make_application()
event = QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1]))
QCoreApplication.sendEvent(application, event)

def look():
    for window in application.topLevelWidgets():
        if isinstance(window, MainWindow) and window.session.state.recording is not None:
            timer.stop()
            print(window.session.state.recording.name)
            window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
QTimer.singleShot(60_000, lambda: application.exit(3))
sys.exit(run([]))
"""


def test_the_program_as_it_is_started_shows_what_it_was_started_with(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_PROGRAM, str(written(tmp_path, "begun"))],
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "begun"), done.stderr


def test_a_session_is_opened_as_one(qapp, window, tmp_path):
    window.commands.open_paths([written(tmp_path, name) for name in ("a", "b")])
    opened(window, "a")
    saved = tmp_path / "both.ecgview"
    window.commands.keeping.save_to(saved)
    wait_until(saved.exists)
    show(window, ecg("other"))
    opened(window, "other")

    hand_over(qapp, saved)

    opened(window, "a")
    assert [one.name for one in window.session.state.files] == ["a", "b"]


@pytest.mark.parametrize(("others", "words"), [(1, "1 other left out"), (2, "2 others left out")])
def test_what_is_not_opened_beside_a_session_is_told(window, tmp_path, monkeypatch, others, words):
    said = []
    monkeypatch.setattr(window, "say", said.append)
    monkeypatch.setattr(window.commands.keeping, "open", lambda path: None)
    window.commands.open_paths([tmp_path / "a.ecgview", *[tmp_path / "b.hea"] * others])
    window.commands.open_paths([tmp_path / "a.ecgview"])
    assert said == [f"A session is opened by itself: a.ecgview; {words}"]


def test_from_another_page_it_goes_to_the_viewer(qapp, window, tmp_path):
    window.session.update(page="training")
    hand_over(qapp, written(tmp_path, "a"))
    opened(window, "a")
    assert window.session.state.page == "viewer"


def test_a_file_that_is_none_is_refused_as_when_it_was_dropped(qapp, window, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear sir\n", encoding="utf-8")
    hand_over(qapp, path)
    wait_until(window.problem_banner.isVisible)


def test_the_window_comes_out_of_the_dock(qapp, window, tmp_path):
    window.showMinimized()
    hand_over(qapp, written(tmp_path, "a"))
    opened(window, "a")
    assert not window.isMinimized()


def test_what_is_asked_about_does_not_change_under_the_question(
    qapp, window, tmp_path, monkeypatch
):
    said = []
    monkeypatch.setattr(window, "say", said.append)
    show(window, ecg("asked about"))
    window.commands.show_about()
    hand_over(qapp, written(tmp_path, "later"))
    wait_until(lambda: bool(said))
    assert shown(window) == "asked about"

    qapp.activeModalWidget().accept()

    opened(window, "later")


def test_nor_under_a_dialog_of_the_system(qapp, window, tmp_path, monkeypatch):
    """Those run an event loop of their own until they are closed."""
    show(window, ecg("asked about"))
    path = written(tmp_path, "later")
    dialog = QFileDialog(window)
    seen = []

    def say(message):
        seen.append(shown(window))
        dialog.reject()

    monkeypatch.setattr(window, "say", say)
    hand_over(qapp, path)
    dialog.exec()
    dialog.deleteLater()

    assert seen == ["asked about"]
    opened(window, "later")


def test_an_address_of_the_network_is_no_file(qapp, window):
    event = QFileOpenEvent(QUrl("https://example.org/a.hea"))
    QCoreApplication.sendEvent(qapp, event)
    assert not qapp.has_files()


def test_from_the_root_it_goes_home_and_from_elsewhere_nowhere(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.chdir(tmp_path.anchor)
    leave_the_root()
    assert Path.cwd() == tmp_path

    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    leave_the_root()
    assert Path.cwd() == tmp_path / "work"


def test_without_a_home_it_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "gone")
    monkeypatch.chdir(tmp_path.anchor)
    leave_the_root()
    assert Path.cwd() == Path(tmp_path.anchor)


@pytest.mark.parametrize(("platform", "own"), [("darwin", True), ("linux", False)])
def test_the_bundle_keeps_its_icon_in_the_dock(qapp, monkeypatch, platform, own):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    qapp.setWindowIcon(QIcon())
    make_application()
    assert qapp.windowIcon().isNull() is own

"""Files named when the window is started: what is told on the terminal, and the exit status."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer
from stand_ins import FakeEngine, ecg
from waiting import wait_until

from ecgview.cli import main
from ecgview.errors import EcgviewError
from ecgview.formats import save_recording
from ecgview.gui import app
from ecgview.gui.app import make_window, render_window
from ecgview.gui.backend import Backend
from ecgview.gui.settings import Settings
from ecgview.gui.start_files import StartFiles, open_at_start
from ecgview.gui.state import OpenFile
from ecgview.leads import LEADS
from ecgview.recording import recording_from_array
from ecgview.simulate import simulate


@pytest.fixture
def record(tmp_path):
    recording = simulate("normal")
    save_recording("good", recording.read(LEADS), recording.fs_hz, tmp_path)
    return tmp_path / "good.hea"


@pytest.fixture
def closed_at_once(qapp, monkeypatch, tmp_path):
    """Close the window that `run` shows as soon as nothing is being opened any more."""
    made = []

    def make(settings, backend=None, problems=None):
        window = make_window(Settings.forgetful(), FakeEngine().backend, problems)
        made.append(window)
        window.painted.connect(lambda: QTimer.singleShot(0, window, close))
        return window

    def close():
        window = made[-1]
        if window.session.state.opening is None:
            window.close()
        else:
            window.session.opening_changed.connect(close)

    monkeypatch.setattr(app, "make_window", make)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    yield made
    for window in made:
        window.deleteLater()


def test_a_missing_file_is_told_at_once_and_makes_the_status_1(closed_at_once, tmp_path, capsys):
    assert main([str(tmp_path / "missing.hea")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "There is no file" in told.err and "missing.hea" in told.err
    assert not closed_at_once[-1].problem_banner.isHidden()


def test_one_good_file_among_bad_ones_makes_the_status_0(closed_at_once, record, tmp_path, capsys):
    assert main([str(tmp_path / "missing.hea"), str(record)]) == 0
    assert "missing.hea" in capsys.readouterr().err
    assert closed_at_once[-1].session.state.files[0].path == record


def test_leads_named_are_those_that_the_window_begins_with(closed_at_once, record, capsys):
    assert main(["open", str(record), "--leads", "II,V5"]) == 0
    assert closed_at_once[-1].session.state.available == ("II", "V5")
    assert capsys.readouterr().err == ""


def test_a_file_opened_by_hand_is_none_of_those_named(qapp, tmp_path, record):
    told = []
    window = make_window(Settings.forgetful(), FakeEngine().backend)
    start = StartFiles(window.session, [tmp_path / "missing.hea"], told.append)
    open_at_start(window.session, [tmp_path / "missing.hea"])
    window.session.files.add([window.session.files.entry(record)], wait=True)
    assert window.session.state.recording is not None
    assert not start.have_opened
    assert [type(error).__name__ for error in told] == ["RecordingError"]
    window.close()
    window.deleteLater()


def test_a_folder_is_opened_by_any_of_its_files(qapp, record):
    window = make_window(Settings.forgetful(), FakeEngine().backend)
    start = StartFiles(window.session, [record.parent], print)
    open_at_start(window.session, [record.parent])
    wait_until(lambda: window.session.state.recording is not None)
    assert start.have_opened
    window.close()
    window.deleteLater()


def test_an_unforeseen_failure_is_told_in_a_sentence_too(qapp, tmp_path):
    told = []
    window = make_window(Settings.forgetful(), FakeEngine().backend)
    StartFiles(window.session, [tmp_path / "odd.hea"], told.append)

    def fail():
        raise ZeroDivisionError("by zero")

    window.session.files.add([OpenFile("odd", fail, tmp_path / "odd.hea")], wait=True)
    assert "ZeroDivisionError: by zero" in told[0].message
    window.close()
    window.deleteLater()


def test_the_picture_of_a_file_is_drawn_with_its_table(qapp, record, tmp_path, monkeypatch, capsys):
    drawn = []

    def draw(recording, available, picture, *, path, theme):
        drawn.append((path, available, theme))
        return render_window(
            recording, available, picture, path=path, theme=theme, backend=FakeEngine().backend
        )

    monkeypatch.setattr(app, "render_window", draw)
    picture = tmp_path / "w.png"
    words = ["open", str(record), "--leads", "I,V2", "--screenshot", str(picture)]
    assert main([*words, "--theme", "dark"]) == 0
    assert drawn == [(record, ("I", "V2"), "dark")]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "mean PCC" in capsys.readouterr().out


@pytest.mark.parametrize("names", [["missing.hea"], ["good.hea", "missing.hea"], []])
def test_no_picture_is_drawn_of_what_is_not_one_file(names, record, tmp_path, capsys):
    picture = tmp_path / "w.png"
    words = ["open", *(str(tmp_path / name) for name in names), "--screenshot", str(picture)]
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.err.startswith("ecgview: ") and told.out == ""
    assert not picture.exists()


def test_no_picture_is_drawn_for_leads_that_are_not_there(tmp_path, capsys):
    save_recording("two", simulate("normal").read(["I", "II"]), 500.0, tmp_path, leads=("I", "II"))
    picture = tmp_path / "w.png"
    words = ["open", str(tmp_path / "two.hea"), "--leads", "I,V2", "--screenshot", str(picture)]
    assert main(words) == 1
    assert "two has no lead V2" in capsys.readouterr().err
    assert not picture.exists()


def test_a_picture_of_leads_that_the_model_does_not_take_says_so_at_once(qapp, tmp_path):
    card = FakeEngine().backend.list_models()[0]
    card.leads = ("I", "II", "V2")
    backend: Backend = replace(FakeEngine().backend, list_models=lambda: [card])
    lone = recording_from_array("lone", {"V1": ecg().read(["V1"])[0]}, 500.0)
    with pytest.raises(EcgviewError, match="was not reconstructed"):
        render_window(lone, (), tmp_path / "w.png", backend=backend)


def test_without_a_display_a_bad_file_is_told_before_the_display(monkeypatch, record, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([str(record.with_name("missing.hea"))]) == 1
    assert "missing.hea" in capsys.readouterr().err
    assert main([str(record)]) == 1
    assert "no display" in capsys.readouterr().err

import sys
import threading

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from stand_ins import FakeEngine, ecg, main_window, show
from waiting import wait_until

from ecgview.errors import ModelError
from ecgview.gui.problems import Problems, UnexpectedDialog


@pytest.fixture
def problems(qapp, tmp_path):
    return Problems(tmp_path / "logs" / "ecgview.log")


def test_foreseen_errors_become_a_remark_and_are_not_logged(problems):
    remarks = QSignalSpy(problems.remark)
    problems.report(ModelError("No such model.", "Choose another."))
    assert remarks.at(0)[0].message == "No such model."
    assert remarks.at(0)[0].hint == "Choose another."
    assert not problems.log_file.exists()


def test_unforeseen_errors_are_logged_with_their_traceback(problems):
    told = QSignalSpy(problems.unexpected)
    problems.report(ValueError("odd"), "Traceback: odd")
    assert told.at(0)[0] == "ValueError: odd"
    assert "Traceback: odd" in problems.log_file.read_text(encoding="utf-8")


def test_log_that_cannot_be_written_does_not_hide_the_error(qapp, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    problems = Problems(blocked / "ecgview.log")
    told = QSignalSpy(problems.unexpected)
    problems.report(ValueError("odd"), "details")
    assert told.count() == 1


def test_hooks_catch_other_threads_and_are_put_back(problems):
    earlier = sys.excepthook, threading.excepthook
    restore = problems.install_hooks()
    told = QSignalSpy(problems.unexpected)
    try:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        wait_until(lambda: told.count() == 1)
        assert "ZeroDivisionError" in told.at(0)[1]
    finally:
        restore()
    assert (sys.excepthook, threading.excepthook) == earlier


def test_window_shows_one_dialog_with_details_and_the_log(qapp, tmp_path):
    engine = FakeEngine(error=RuntimeError("tensor trouble"))
    with main_window(tmp_path, engine) as window:
        show(window, ecg())
        dialogs = window.findChildren(UnexpectedDialog)
        assert len(dialogs) == 1
        assert "tensor trouble" in dialogs[0].findChild(QPlainTextEdit).toPlainText()
        texts = " ".join(label.text() for label in dialogs[0].findChildren(QLabel))
        assert str(tmp_path / "ecgview.log") in texts
        window.session.toggle_lead("V1")
        wait_until(lambda: not window.session.state.busy)
        assert len(window.findChildren(UnexpectedDialog)) == 1
        assert window.session.state.recording.name == "ecg"
        dialogs[0].accept()

import sys
import threading

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.errors import ModelError
from ecgview.formats import save_recording
from ecgview.gui.problem_log import LIMIT_BYTES
from ecgview.gui.problems import Problems, UnexpectedDialog
from ecgview.leads import LEADS


@pytest.fixture
def problems(qapp, tmp_path):
    return Problems(tmp_path / "logs" / "ecgview.log")


def test_foreseen_errors_become_a_remark_and_are_not_logged(problems):
    remarks = QSignalSpy(problems.remark)
    problems.report(ModelError("No such model.", "Choose another."))
    assert remarks.at(0)[0].message == "No such model."
    assert remarks.at(0)[0].hint == "Choose another."
    assert not problems.log_file.exists()


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_the_dialog_tells_what_the_log_leaves_out(problems):
    told = QSignalSpy(problems.unexpected)
    problems.report(raised(ValueError("odd")))
    assert told.at(0)[0] == "ValueError: odd"
    assert "ValueError: odd" in told.at(0)[1]
    log = problems.log_file.read_text(encoding="utf-8")
    assert "ValueError\n  test_problems.py:" in log
    assert "in raised" in log
    assert "odd" not in log


def test_the_log_names_the_lines_of_every_cause_and_no_value(problems):
    cause = raised(KeyError("Geheimrat, Anna *1950-01-02"))
    problems.report(raised(RuntimeError("/home/geheimrat/anna.dcm is odd"), cause))
    log = problems.log_file.read_text(encoding="utf-8")
    assert log.count("in raised") == 2
    assert log.index("RuntimeError") < log.index("KeyError")
    assert "eheimrat" not in log and "anna" not in log.lower() and "1950" not in log


@pytest.mark.parametrize("kind", [RuntimeError, OSError])
def test_a_reader_that_breaks_in_a_folder_named_after_someone_leaves_no_name(
    qapp, tmp_path, monkeypatch, kind
):
    """The whole way: a file is dropped, its reader breaks, and the log is written."""
    folder = tmp_path / "Geheimrat_Anna"
    folder.mkdir()
    path = save_recording("Geheimrat_1", ecg().read(LEADS), 100.0, folder)

    def broken(self, file, options):
        raise kind(f"cannot parse patient Geheimrat in {file}")

    monkeypatch.setattr("ecgview.formats.table.Reader.open", broken)
    with main_window(tmp_path) as window:
        window.commands.open_paths([path])
        settle(window)
        dialog = window.findChild(UnexpectedDialog)
        assert "Geheimrat_1" in dialog.findChild(QPlainTextEdit).toPlainText()
        log = (tmp_path / "ecgview.log").read_text(encoding="utf-8")
        assert kind.__name__ in log
        assert "ecgview/gui/files.py:" in log
        assert "eheimrat" not in log
        dialog.accept()


def test_a_log_that_has_grown_is_put_aside(problems):
    problems.log_file.parent.mkdir()
    problems.log_file.write_bytes(b"x" * (LIMIT_BYTES + 1))
    problems.report(raised(ValueError("odd")))
    assert problems.log_file.stat().st_size < 2000
    assert problems.log_file.with_suffix(".old.log").stat().st_size == LIMIT_BYTES + 1


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

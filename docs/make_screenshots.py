"""Draw the pictures of README.md from the demo: ``python docs/make_screenshots.py``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from ecgview import paths
from ecgview.formats import open_recording, save_recording
from ecgview.gui.app import dress, make_application, make_window, render_window
from ecgview.gui.beats.state import BeatsState
from ecgview.gui.importing.report_dialog import ReportDialog
from ecgview.gui.main_window import MainWindow
from ecgview.gui.settings import Settings
from ecgview.gui.state import OpenFile
from ecgview.gui.theme import THEMES
from ecgview.gui.viewer.loops import LoopsState
from ecgview.gui.viewer.state import PAGE_MM
from ecgview.leads import LEADS
from ecgview.recording import Recording
from ecgview.simulate import CASES, simulate

FOLDER = Path(__file__).parent
AVAILABLE = ("I", "II", "V2")
SIZE = (1440, 900)
EPOCH = 14
PEOPLE = 60


def main() -> None:
    """Write the pictures; models and runs of this computer's user are left out of them."""
    paths.user_models_dir = lambda: Path("nowhere")
    normal, infarction = simulate("normal", seed=3), simulate("anterior-infarction", seed=1)
    with tempfile.TemporaryDirectory() as runs:
        paths.user_runs_dir = lambda: Path(runs)
        render_window(normal, AVAILABLE, FOLDER / "window-light.png", theme="light")
        render_window(infarction, AVAILABLE, FOLDER / "window-dark.png", theme="dark")
        loops = LoopsState(shown=True)
        draw_viewer(infarction, FOLDER / "vectorcardiogram-light.png", "light", loops=loops)
        beats = BeatsState(shown=True)
        draw_viewer(infarction, FOLDER / "average-beat-light.png", "light", beats=beats)
        hour = simulate("normal", seed=3, duration_s=3600)
        half_a_minute = {
            "layout": "12x1", "speed_mm_s": PAGE_MM / 30, "gain_mm_mv": 5.0, "start_s": 1800.0,
        }  # fmt: skip
        draw_viewer(hour, FOLDER / "long-light.png", "light", view=half_a_minute)
        draw_leadmap(infarction, FOLDER / "leadmap-light.png", "light")
        draw_agreement(FOLDER / "agreement-light.png", "light")
        draw_training(FOLDER / "training-light.png", "light")
        draw_report(normal, FOLDER / "import-report-light.png", "light")


def unseen_window(theme: str) -> MainWindow:
    """Give a window that is laid out but not shown on a screen."""
    make_application()
    window = make_window(Settings.forgetful())
    dress(window, THEMES[theme])
    window.resize(*SIZE)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    return window


def draw_viewer(recording: Recording, target: Path, theme: str, **shown: object) -> None:
    """Draw the viewer with a recording, rebuilt to its end, and something particular of it.

    Parameters
    ----------
    recording : Recording
        To be opened.
    target : Path
        The picture.
    theme : str
        One of the themes.
    **shown : object
        Fields of the state, such as ``loops``; ``view`` is a mapping of fields of the view.
    """
    view = shown.pop("view", {})
    window = unseen_window(theme)
    session = window.session
    session.update(wanted=AVAILABLE)
    session.files.add([OpenFile(recording.name, lambda: recording)], wait=True)
    session.start_engine()
    wait_until(lambda: session.state.agreement is not None and not session.state.busy)
    session.update(**shown)
    session.change_view(**view)
    wait_until(lambda: session.state.beats.average is not None or not session.state.beats.shown)
    wait_until(lambda: window.overview.overviews.fraction == 1)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    window.grab().save(str(target))
    window.close()


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    loop, poll = QEventLoop(), QTimer()
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    poll.start(20)
    loop.exec()


def draw_leadmap(recording: Recording, target: Path, theme: str) -> None:
    """Draw the lead map of a recording."""
    window = unseen_window(theme)
    session = window.session
    session.update(wanted=AVAILABLE)
    session.files.add([OpenFile(recording.name, lambda: recording)], wait=True)
    session.start_engine()
    wait_until(lambda: session.state.agreement is not None and not session.state.busy)
    session.update(page="leadmap")
    leadmap = window.leadmap.map
    wait_until(lambda: leadmap.state.took_s is not None)
    wait_until(lambda: not window.leadmap.next.finder.state.remark)
    window.grab().save(str(target))
    window.close()


def draw_agreement(target: Path, theme: str) -> None:
    """Draw a study of agreement over simulated people."""
    window = unseen_window(theme)
    window.session.update(page="agreement", wanted=AVAILABLE)
    study, cases = window.study.study, list(CASES)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "simulated people"
        data.mkdir()
        for seed in range(PEOPLE):
            person = simulate(cases[seed % len(cases)], seed=seed)
            twelve_mv, fs_hz = person.read_twelve(), person.fs_hz
            save_recording(f"person-{seed:02}", twelve_mv, fs_hz, data, comments=person.comments)
        study.choose_data([data])
        wait_until(lambda: study.state.summary is not None)
        study.update(folds=tuple(study.state.summary.folds), input_sets=(AVAILABLE,))
        study.start()
        wait_until(lambda: not study.state.running)
    QApplication.processEvents()  # the switcher lays its words out anew
    window.grab().save(str(target))
    window.close()


def draw_training(target: Path, theme: str) -> None:
    """Draw the training page in the middle of the demonstration run on simulated recordings."""
    window = unseen_window(theme)
    window.session.update(page="training")
    session = window.training.training
    assert session is not None
    waiting = QEventLoop()
    session.ended.connect(waiting.quit)

    def look() -> None:
        course = session.state.course
        if course is not None and len(course.history) == EPOCH and course.phase == "training":
            window.grab().save(str(target))
            session.cancel_and_discard()

    session.course_changed.connect(look, Qt.ConnectionType.QueuedConnection)
    session.start_demonstration()
    waiting.exec()
    window.close()


def draw_report(recording: Recording, target: Path, theme: str) -> None:
    """Draw the import report of a file whose columns aVL and aVF were exchanged."""
    exchanged = tuple({"aVL": "aVF", "aVF": "aVL"}.get(lead, lead) for lead in LEADS)
    window = unseen_window(theme)
    with tempfile.TemporaryDirectory() as folder:
        path = save_recording(
            "exchanged",
            recording.read(exchanged),
            recording.fs_hz,
            folder,
            format="csv",
            comments=recording.comments,
        )
        opened = open_recording(path)
        window.session.files.add([OpenFile(opened.name, lambda: opened)], wait=True)
        report = ReportDialog(window.session, window.commands.importing, window)
        report.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        report.show()
        QApplication.processEvents()
        report.grab().save(str(target))
        report.close()
    window.close()


if __name__ == "__main__":
    main()

"""Draw the pictures of README.md from the demo: ``python docs/make_screenshots.py``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from ecgview import paths
from ecgview.formats import open_recording, save_recording
from ecgview.gui.app import dress, make_application, make_window, render_window
from ecgview.gui.importing.report_dialog import ReportDialog
from ecgview.gui.main_window import MainWindow
from ecgview.gui.settings import Settings
from ecgview.gui.state import OpenFile
from ecgview.gui.theme import THEMES
from ecgview.gui.viewer.loops import LoopsState
from ecgview.leads import LEADS
from ecgview.recording import Recording
from ecgview.simulate import simulate

FOLDER = Path(__file__).parent
AVAILABLE = ("I", "II", "V2")
SIZE = (1440, 900)
EPOCH = 14


def main() -> None:
    """Write the pictures; models and runs of this computer's user are left out of them."""
    paths.user_models_dir = lambda: Path("nowhere")
    normal, infarction = simulate("normal", seed=3), simulate("anterior-infarction", seed=1)
    with tempfile.TemporaryDirectory() as runs:
        paths.user_runs_dir = lambda: Path(runs)
        render_window(normal, AVAILABLE, FOLDER / "window-light.png", theme="light")
        render_window(infarction, AVAILABLE, FOLDER / "window-dark.png", theme="dark")
        draw_loops(infarction, FOLDER / "vectorcardiogram-light.png", "light")
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


def draw_loops(recording: Recording, target: Path, theme: str) -> None:
    """Draw the vectorcardiogram of a recording and of its reconstruction."""
    window = unseen_window(theme)
    session = window.session
    session.update(wanted=AVAILABLE, loops=LoopsState(shown=True))
    waiting = QEventLoop()
    session.settled.connect(waiting.quit)
    session.files.add([OpenFile(recording.name, lambda: recording)], wait=True)
    session.start_engine()
    waiting.exec()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
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

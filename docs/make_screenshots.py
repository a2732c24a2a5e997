"""Draw the pictures of README.md from the demo: ``python docs/make_screenshots.py``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt

from ecgview import paths
from ecgview.gui.app import dress, make_application, make_window, render_window
from ecgview.gui.settings import Settings
from ecgview.gui.theme import THEMES
from ecgview.simulate import simulate

FOLDER = Path(__file__).parent
AVAILABLE = ("I", "II", "V2")
SIZE = (1440, 900)
EPOCH = 14


def main() -> None:
    """Write ``window-light.png``, ``window-dark.png`` and ``training-light.png``."""
    normal, infarction = simulate("normal", seed=3), simulate("anterior-infarction", seed=1)
    render_window(normal, AVAILABLE, FOLDER / "window-light.png", theme="light")
    render_window(infarction, AVAILABLE, FOLDER / "window-dark.png", theme="dark")
    with tempfile.TemporaryDirectory() as runs:
        paths.user_runs_dir = lambda: Path(runs)
        draw_training(FOLDER / "training-light.png", "light")


def draw_training(target: Path, theme: str) -> None:
    """Draw the training page in the middle of the demonstration run on simulated recordings."""
    make_application()
    window = make_window(Settings.forgetful())
    dress(window, THEMES[theme])
    window.resize(*SIZE)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
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


if __name__ == "__main__":
    main()

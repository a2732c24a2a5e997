import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from stand_ins import FakeEngine, ecg
from waiting import wait_until

from ecgview.errors import EcgviewError, ModelError
from ecgview.gui.app import chosen_theme, make_window, render_window
from ecgview.gui.settings import Settings
from ecgview.gui.state import OpenFile
from ecgview.gui.theme import DARK, LIGHT

HEAVY = ("torch", "scipy", "pandas", "wfdb", "neurokit2", "matplotlib")

START = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ecgview.gui.app import dress, make_application, make_window
from ecgview.gui.settings import Settings
from ecgview.gui.theme import LIGHT

application = make_application()
window = make_window(Settings.in_file(Path(sys.argv[1])))
dress(window, LIGHT)
window.painted.connect(application.quit)
window.show()
QTimer.singleShot(60_000, lambda: application.exit(3))
status = application.exec()
print([name for name in {HEAVY} if name in sys.modules])
window.close()
sys.exit(status)
"""


def test_window_is_painted_without_torch_scipy_or_pandas(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path / "settings.ini")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("opens", [True, False])
def test_the_engine_does_not_load_while_the_first_file_is_read(qapp, tmp_path, opens):
    loaded, gate, reads, painted = [], threading.Event(), threading.Event(), []

    def load():
        reads.set()
        gate.wait(20)
        if not opens:
            raise EcgviewError("It is damaged.")
        return ecg()

    def warm_up(model, device):
        loaded.append(window.session.state.recording)
        return ["cpu"]

    backend = replace(FakeEngine().backend, warm_up=warm_up)
    window = make_window(Settings.in_file(tmp_path / "s.ini"), backend)
    window.painted.connect(lambda: painted.append(True))
    window.session.files.add([OpenFile("slow", load)])
    window.show()
    wait_until(lambda: bool(painted) and reads.is_set())
    for _ in range(5):
        qapp.processEvents()
    assert loaded == []
    gate.set()
    wait_until(lambda: bool(loaded))
    assert loaded == [window.session.state.recording]
    assert (window.session.state.recording is not None) is opens
    window.close()
    window.deleteLater()


@pytest.mark.parametrize(("theme", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_picture_of_the_window_at_scale_2(qapp, tmp_path, theme, tokens):
    picture = tmp_path / "window.png"
    figures = render_window(
        ecg(), ("I", "II", "V2"), picture, size=(1280, 800), scale=2, theme=theme,
        settings=Settings.in_file(tmp_path / "s.ini"), backend=FakeEngine().backend,
    )  # fmt: skip
    assert figures.mean_pcc_chest == pytest.approx(1.0)
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (2560, 1600)
    assert image.pixelColor(40, 1400).name().upper() == tokens.panel
    colours = {image.pixelColor(x, y).name().upper() for x in range(600, 1900, 3) for y in (250,)}
    assert tokens.paper in colours


def test_picture_with_another_choice_of_leads(qapp, tmp_path):
    engine = FakeEngine()
    render_window(
        ecg(), ("V5", "I"), tmp_path / "w.png", settings=Settings.in_file(tmp_path / "s.ini"),
        backend=engine.backend,
    )  # fmt: skip
    assert engine.asked == [("I", "V5")]


def test_picture_that_cannot_be_made_says_why(qapp, tmp_path):
    settings = Settings.in_file(tmp_path / "s.ini")
    broken = FakeEngine(error=ModelError("No model.", "Install one."))
    with pytest.raises(ModelError, match="No model"):
        render_window(ecg(), ("I",), tmp_path / "w.png", settings=settings, backend=broken.backend)
    with pytest.raises(EcgviewError, match="cannot be written"):
        render_window(
            ecg(), ("I",), tmp_path / "no" / "w.png", settings=settings,
            backend=FakeEngine().backend,
        )  # fmt: skip


def test_theme_choice_overrides_the_system(qapp):
    assert chosen_theme("light") is LIGHT
    assert chosen_theme("dark") is DARK
    assert chosen_theme("system") in (LIGHT, DARK)

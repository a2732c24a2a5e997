"""ecgview asks no network for anything."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ecgview
from ecgview.engine.cards import list_models
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate

PACKAGE = Path(ecgview.__file__).parent
OF_NETWORKS = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib",
    "socket", "socketserver", "ssl", "urllib", "urllib3", "webbrowser", "xmlrpc",
}  # fmt: skip
QT_OF_NETWORKS = ("QtNetwork", "QtWebEngine", "QDesktopServices", "setOpenExternalLinks")

WATCHED = """
import socket, sys

def watch(event, arguments):
    if event == "socket.__new__" and arguments[1] not in (-1, getattr(socket, "AF_UNIX", -1)):
        raise AssertionError(f"a socket is made: {arguments[1:]}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "webbrowser.open"):
        raise AssertionError(f"{event} {arguments}")

sys.addaudithook(watch)
"""
WINDOW = f"""{WATCHED}
from pathlib import Path
from PySide6.QtCore import QTimer
from ecgview.gui.about import AboutDialog
from ecgview.gui.app import THEMES, dress, make_application, make_window
from ecgview.gui.settings import Settings
from ecgview.gui.start_files import open_at_start

application = make_application()
window = make_window(Settings.forgetful())
dress(window, THEMES["light"])
open_at_start(window.session, [Path(sys.argv[1])])

def look_around():
    window.commands.show_guide()
    window.commands.show_about()
    about = window.findChild(AboutDialog)
    about.copy_report()
    about.show_licences()
    application.clipboard().clear()
    print(window.session.state.agreement is not None)
    window.close()
    application.quit()

window.session.settled.connect(lambda: QTimer.singleShot(0, window, look_around))
window.show()
QTimer.singleShot(120_000, lambda: application.exit(3))
status = application.exec()
print([name for name in sys.modules if name.endswith("QtNetwork")])
sys.exit(status)
"""
COMMANDS = f"""{WATCHED}
from ecgview.cli import main

record, output = sys.argv[1:]
for words in (
    ["info", record],
    ["reconstruct", record, "--leads", "I,II", "--output", output],
    ["beats", record],
    ["models", "--device"],
    ["cache"],
):
    assert main(words) == 0, words
"""


@pytest.fixture
def record(tmp_path: Path) -> Path:
    recording = simulate("normal")
    save_recording("person", recording.read(LEADS), recording.fs_hz, tmp_path)
    return tmp_path / "person.hea"


def _run(program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def test_the_watch_sees_a_socket() -> None:
    done = _run(f"{WATCHED}\nsocket.socket(socket.AF_INET)")
    assert "a socket is made" in done.stderr
    done = _run(f"{WATCHED}\nsocket.getaddrinfo('localhost', 80)")
    assert "socket.getaddrinfo" in done.stderr


@pytest.mark.skipif(not list_models(), reason="no model is bundled")
def test_the_window_asks_no_network(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = _run(WINDOW, record)
    assert (done.returncode, done.stdout.split("\n")[:2]) == (0, ["True", "[]"]), done.stderr


@pytest.mark.skipif(not list_models(), reason="no model is bundled")
def test_commands_ask_no_network(record: Path, tmp_path: Path) -> None:
    done = _run(COMMANDS, record, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "person.hea").is_file()


def test_no_module_imports_what_is_for_networks() -> None:
    read = 0
    for source in sorted(PACKAGE.rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        assert not [name for name in QT_OF_NETWORKS if name in text], source
        for node in ast.walk(ast.parse(text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            read += len(names)
            assert not OF_NETWORKS & {name.split(".")[0] for name in names}, source
    assert read > 1000

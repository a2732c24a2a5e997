"""A Windows to install into: this one, or a fresh one that Wine imitates."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from check.running import CheckError
from check.x_server import x_server

COMMAND_TIMEOUT_S = 300
SETTLE_S = 5
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall"
APP_ID = "{D4A55771-DCFD-442D-9A15-D3F442E0D4F8}_is1"
_VALUE = re.compile(r"^    (?P<name>.*?)    (?P<kind>REG_\w+)(    (?P<data>.*))?$")
_T = TypeVar("_T")


class Windows:
    """The running Windows, through its own tools."""

    uninstall_key = rf"{UNINSTALL}\{APP_ID}"

    @property
    def local(self) -> Path:
        """The folder of the user's data on this computer."""
        return Path(os.environ["LOCALAPPDATA"])

    @property
    def start_menu(self) -> Path:
        """The folder of the programs of the user's start menu."""
        return self.local.parent / "Roaming/Microsoft/Windows/Start Menu/Programs"

    @property
    def desktop(self) -> Path:
        """The folder of what lies on the desktop."""
        return self.local.parents[1] / "Desktop"

    def named(self, path: Path) -> str:
        """Give a path as Windows writes it."""
        return str(path)

    def command(self, program: Path | str, words: tuple[str, ...]) -> list[str]:
        """Give the command line that starts a program."""
        return [str(program), *words]

    def environment(self) -> dict[str, str]:
        """Give the variables to run in."""
        return dict(os.environ)

    def run(self, program: Path | str, *words: str) -> None:
        """Run a program to its end.

        Raises
        ------
        CheckError
            Unless it ends with 0.
        """
        status = self._call(program, *words).returncode
        if status:
            raise CheckError(f"{program} {' '.join(words)} ended with {status}.")

    def settle(self) -> None:
        """Wait until programs that were left behind have ended."""
        time.sleep(SETTLE_S)

    def tree(self, key: str) -> dict[str, dict[str, str]]:
        """Give the values of a registry key and of all below it.

        Parameters
        ----------
        key : str
            Beginning with ``HKCU``.

        Returns
        -------
        dict of str to dict of str to str
            Text by name, the default value without one, by the rest of the key's name in lower
            case; nothing if it is not there.
        """
        values: dict[str, dict[str, str]] = {}
        beginning = key.replace("HKCU", "HKEY_CURRENT_USER", 1)
        for line in self._call("reg", "query", key, "/s").stdout.splitlines():
            if line and not line.startswith(" "):
                here = values.setdefault(line[len(beginning) + 1 :].lower(), {})
            elif value := _VALUE.match(line):
                here["" if value["name"] == "(Default)" else value["name"]] = value["data"] or ""
        return values

    def values(self, key: str) -> dict[str, str]:
        """Give the values of a registry key; the default one without a name."""
        return self.tree(key).get("", {})

    def set_value(self, key: str, name: str, text: str) -> None:
        """Set a value of the registry; the default one without a name."""
        which = ["/v", name] if name else ["/ve"]
        self.run("reg", "add", key, *which, "/t", "REG_SZ", "/d", text, "/f")

    def delete_key(self, key: str) -> None:
        """Delete a registry key with all below it."""
        self.run("reg", "delete", key, "/f")

    def user_path(self) -> list[str]:
        """Give the folders of the user's own PATH."""
        return self.values(r"HKCU\Environment").get("Path", "").split(";")

    def _call(self, program: Path | str, *words: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            # A file, as what a program leaves running would keep a pipe open.
            ran = subprocess.run(
                self.command(program, words),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                timeout=COMMAND_TIMEOUT_S,
            )
            said.seek(0)
            return subprocess.CompletedProcess(ran.args, ran.returncode, said.read(), "")


class WineWindows(Windows):
    """A Windows of its own that Wine imitates.

    Parameters
    ----------
    prefix : Path
        Where Wine keeps it.
    display : str
        The X display for its windows.
    """

    def __init__(self, prefix: Path, display: str) -> None:
        self.prefix, self.display = prefix, display

    @classmethod
    @contextmanager
    def started(cls, prefix: Path) -> Iterator[WineWindows]:
        """Make one that says it is Windows 10, and end it afterwards."""
        prefix.mkdir(parents=True)
        with x_server() as display:
            wine = cls(prefix, display)
            wine.run("winecfg", "-v", "win10")
            try:
                yield wine
            finally:
                wine.settle()

    @property
    def local(self) -> Path:
        users = self.prefix / "drive_c" / "users"
        (user,) = (path for path in users.iterdir() if path.name != "Public")
        return user / "AppData/Local"

    def named(self, path: Path) -> str:
        return "C:\\" + "\\".join(path.relative_to(self.prefix / "drive_c").parts)

    def command(self, program: Path | str, words: tuple[str, ...]) -> list[str]:
        return ["wine", str(program), *words]

    def environment(self) -> dict[str, str]:
        # Without its offers to download parts for web pages and .NET.
        quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
        place = {"WINEPREFIX": str(self.prefix), "DISPLAY": self.display}
        return dict(os.environ) | quiet | place

    def with_environment(self, work: Callable[[], _T]) -> _T:
        """Do something with Wine's variables set."""
        before = dict(os.environ)
        os.environ.update(self.environment())
        try:
            return work()
        finally:
            os.environ.clear()
            os.environ.update(before)

    def settle(self) -> None:
        subprocess.run(["wineserver", "-w"], env=self.environment(), timeout=COMMAND_TIMEOUT_S)

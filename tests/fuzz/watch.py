"""An audit of what a program does to the system while it opens files."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod"}
_FORBIDDEN = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.system", "os.exec")


class Watch:
    """Notes what is done outside a folder: files opened, written, changed; network; programs.

    Parameters
    ----------
    folder : Path
        Where everything is allowed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.is_on = False
        self.seen: list[str] = []
        places = [sys.prefix, sys.base_prefix, "/usr", "/lib", "/proc", "/sys", "/dev", "/etc/mime"]
        self._own_code = tuple(str(Path(place).resolve()) for place in places)
        self._package = str(Path(__file__).resolve().parents[2])
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event == "socket.__new__" and arguments[1] == socket.AF_UNIX:
            return  # a pipe to a process of the program's own
        if event.startswith(_FORBIDDEN):
            self.seen.append(f"{event} {arguments}"[:300])
        elif event == "open":
            self._note_open(*arguments)
        elif event in _CHANGING and not self._is_inside(arguments[0]):
            self.seen.append(f"{event} {arguments}"[:300])

    def _note_open(self, path: object, mode: object, flags: object) -> None:
        if not isinstance(path, str | bytes) or self._is_inside(path):
            return
        if isinstance(flags, int) and flags & _WRITING:
            self.seen.append(f"writes {path!r}"[:300])
        elif not os.fsdecode(path).startswith((*self._own_code, self._package)):
            self.seen.append(f"reads {path!r}"[:300])

    def _is_inside(self, path: object) -> bool:
        if not isinstance(path, str | bytes):
            return True
        return os.path.abspath(os.fsdecode(path)).startswith(self.folder)  # noqa: PTH100

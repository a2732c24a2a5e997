"""What the window remembers between runs: one table of defaults over QSettings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QByteArray, QSettings

from ecgview.gui.state import TEXT_SIZES
from ecgview.gui.theme_tokens import THEME_TITLES
from ecgview.interval import DEFAULT_LEVEL, LEVELS
from ecgview.leads import LEADS

RECENT_FILES_KEPT = 8
MAC_DOMAIN = "ecgview.org"
"""macOS names the file by the domain turned round, ``org.ecgview.ecgview``, as the application."""


@dataclass(frozen=True)
class Setting:
    """One remembered value.

    Attributes
    ----------
    default : object
        The value of a fresh installation; its type is the setting's type.
    choices : tuple
        The only values allowed, or members of a tuple; empty for any value of that type.
    """

    default: Any
    choices: tuple[Any, ...] = ()

    def allows(self, value: Any) -> bool:
        """Tell whether it may be this."""
        members = value if isinstance(self.default, tuple) else (value,)
        return not self.choices or all(member in self.choices for member in members)


SETTINGS: dict[str, Setting] = {
    "window/geometry": Setting(b""),
    "window/text_size": Setting(100, TEXT_SIZES),
    "window/lead_panel": Setting(True, (True, False)),
    "window/side_panel": Setting(True, (True, False)),
    "window/side": Setting("agreement"),
    "window/theme": Setting("system", tuple(THEME_TITLES)),
    "screens/px_per_mm": Setting(()),
    "view/layout": Setting("3x4+1", ("3x4", "3x4+1", "3x4+3", "6x2", "12x1", "4x3")),
    "view/rhythm": Setting(("II", "V1", "V5"), LEADS),
    "view/order": Setting("standard", ("standard", "cabrera")),
    "view/half_chest": Setting(False, (True, False)),
    "view/scale": Setting("fit", ("fit", "true")),
    "view/speed_mm_s": Setting(25.0, (12.5, 25.0, 50.0, 100.0)),
    "view/gain_mm_mv": Setting(10.0, (2.5, 5.0, 10.0, 20.0, 40.0)),
    "view/show": Setting("overlay", ("overlay", "original", "reconstruction", "side")),
    "view/shading": Setting(True, (True, False)),
    "view/interval": Setting(DEFAULT_LEVEL, (0.0, *LEVELS)),
    "agreement/clean": Setting(False, (True, False)),
    "model/name": Setting(""),
    "model/device": Setting("auto", ("auto", "cpu", "cuda", "mps")),
    "files/recent": Setting(()),
    "files/folder": Setting(""),
    "export/format": Setting("wfdb"),
    "export/include": Setting("reconstruction", ("twelve", "reconstruction", "both")),
    "print/paper": Setting("", ("", "a4", "letter", "a3")),
    "print/colours": Setting("pink", ("pink", "grey", "black")),
    "print/ending": Setting(".pdf", (".pdf", ".svg", ".png")),
    "training/folders": Setting(()),
    "library/folders": Setting(()),
    "library/lead": Setting("II", ("I", "II", "V1", "V2", "V5")),
    "palette/recent": Setting(()),
}


class Store(Protocol):
    """The part of QSettings that is used."""

    def value(self, key: str, /) -> Any:
        """Give a stored value, None where there is none."""

    def setValue(self, key: str, value: Any, /) -> None:  # noqa: N802 (Qt's name)
        """Store a value."""

    def sync(self) -> None:
        """Take over what other processes have stored."""


class _Memory(dict[str, Any]):
    """A store that is nowhere but here."""

    value = dict.get
    setValue = dict.__setitem__  # noqa: N815 (Qt's name)

    def sync(self) -> None:
        """Do nothing: there is no one else."""


class Settings:
    """Typed access to the table; a damaged or unknown stored value reads as the default.

    Parameters
    ----------
    store : QSettings
        Where the values are kept, or anything with its `value` and `setValue`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def of_user(cls) -> Settings:
        """Give the settings of the person at the screen."""
        return cls(QSettings(MAC_DOMAIN if sys.platform == "darwin" else "ecgview", "ecgview"))

    @classmethod
    def in_file(cls, path: Path) -> Settings:
        """Give settings kept in a file of their own."""
        return cls(QSettings(str(path), QSettings.Format.IniFormat))

    @classmethod
    def forgetful(cls) -> Settings:
        """Give settings that begin with the defaults and are gone with the object."""
        return cls(_Memory())

    @property
    def place(self) -> str:
        """Say where they are kept; empty where they are not to be."""
        return self._store.fileName() if isinstance(self._store, QSettings) else ""

    @property
    def trouble(self) -> str:
        """Say in a sentence that they cannot be kept; empty where they can, or need not be."""
        if not isinstance(self._store, QSettings) or self._store.isWritable():
            return ""
        return f"Settings cannot be kept: {self.place} cannot be written."

    def __getitem__(self, key: str) -> Any:
        setting = SETTINGS[key]
        try:
            value = _as_type_of(setting.default, self._store.value(key))
        except (KeyError, TypeError, ValueError):
            return setting.default
        return value if setting.allows(value) else setting.default

    def __setitem__(self, key: str, value: Any) -> None:
        setting = SETTINGS[key]
        if not setting.allows(value):
            raise ValueError(f"{value!r} is not allowed for {key}")
        self._store.setValue(key, list(value) if isinstance(value, tuple) else value)

    def remember_file(self, path: Path) -> None:
        """Put a file at the top of the recent files and remember its folder."""
        self._put_first("files/recent", path)
        self["files/folder"] = str(path.parent)

    def remember_data(self, folder: Path) -> None:
        """Put a data folder at the top of the recent ones."""
        self._put_first("training/folders", folder)

    def recent_data(self) -> tuple[Path, ...]:
        """Recently used data folders that are still there, latest first."""
        return self._folders("training/folders")

    def remember_library(self, folder: Path) -> None:
        """Put a folder at the top of those browsed."""
        self._put_first("library/folders", folder)

    def recent_libraries(self) -> tuple[Path, ...]:
        """Folders browsed that are still there, latest first."""
        return self._folders("library/folders")

    def recent_files(self) -> tuple[Path, ...]:
        """Recently opened files that are still there, latest first."""
        return self._there("files/recent", Path.exists)

    def _put_first(self, key: str, path: Path) -> None:
        self._store.sync()  # another window may have added to the list
        recent = [str(path), *(kept for kept in self[key] if kept != str(path))]
        self[key] = tuple(recent[:RECENT_FILES_KEPT])

    def _folders(self, key: str) -> tuple[Path, ...]:
        return self._there(key, Path.is_dir)

    def _there(self, key: str, is_there: Callable[[Path], bool]) -> tuple[Path, ...]:
        found = []
        for path in map(Path, self[key]):
            with suppress(OSError):  # a folder that may not be looked into any more
                found += [path] if is_there(path) else []
        return tuple(found)


def _as_type_of(default: Any, stored: Any) -> Any:
    """Turn what QSettings gives (an ini file holds only text) into the default's type."""
    if stored is None:
        return default
    if isinstance(default, bool):
        return {"true": True, "false": False}[str(stored).lower()]
    if isinstance(default, tuple):
        return (stored,) if isinstance(stored, str) else tuple(stored)
    if isinstance(default, bytes):
        return bytes(stored.data()) if isinstance(stored, QByteArray) else bytes(stored)
    return type(default)(stored)

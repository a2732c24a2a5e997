"""Where ecgview finds its own files and keeps the user's.

Resources and trained models lie beside the package in a checkout and inside it in a
wheel or a frozen application; both are found without any configuration.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from ecgview.errors import EcgviewError

_PACKAGE = Path(__file__).resolve().parent


def _bundled(folder: str) -> Path:
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def resources_dir() -> Path:
    """Folder of icons, styles and drawings shipped with ecgview."""
    return _bundled("resources")


def bundled_models_dir() -> Path:
    """Folder of the models shipped with ecgview."""
    return _bundled("trained_models")


def shipped_licences_dir() -> Path | None:
    """Folder of the licences of all that an installed application ships; None for a package."""
    folder = _PACKAGE.parent / "licences"
    return folder if getattr(sys, "frozen", False) and folder.is_dir() else None


def _of_user(kind: str) -> Path:
    """Give the folder that the system has for a user's files of a kind.

    For a user who has no home, as in some containers, or is sent to that of another user, as by
    sudo, that is one which cannot be made: a folder that others can write to would not do, as it
    may hold programs.
    """
    import platformdirs

    try:
        folder = Path(getattr(platformdirs, f"user_{kind}_dir")("ecgview", appauthor=False))
        with suppress(FileNotFoundError, NotADirectoryError):
            (folder / "anything").stat()
    except (RuntimeError, PermissionError):
        return Path(os.devnull) / "ecgview" / kind
    return folder


def user_models_dir() -> Path:
    """Folder where the user's own models are looked for; it need not exist."""
    return _of_user("data") / "models"


def user_log_file() -> Path:
    """File that unexpected errors are logged to; its folder need not exist."""
    return _of_user("log") / "ecgview.log"


def user_corrections_dir() -> Path:
    """Folder of the corrections remembered for kinds of files; it need not exist."""
    return _of_user("config") / "corrections"


def user_runs_dir() -> Path:
    """Folder of the training runs started in the window; it need not exist."""
    return _of_user("data") / "runs"


def user_architectures_dir() -> Path:
    """Folder of the user's own network architectures; it need not exist."""
    return _of_user("data") / "architectures"


def user_notes_dir() -> Path:
    """Folder of notes on recordings whose own folder cannot be written to; it need not exist."""
    return _of_user("data") / "notes"


def user_cache_dir() -> Path:
    """Folder of prepared recordings; it need not exist."""
    return _of_user("cache") / "prepared"


def user_overviews_dir() -> Path:
    """Folder of what is kept of long recordings for far views; it need not exist."""
    return _of_user("cache") / "overviews"


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; of one that may not be looked at, that is not known."""
    try:
        return path.is_dir()
    except OSError:
        return False


def check_folder(folder: Path) -> None:
    """Make sure, before hours of work and without making it, that a folder can be written to.

    Parameters
    ----------
    folder : Path
        It need not exist.

    Raises
    ------
    EcgviewError
        If it, or the folder it would be made in, is a file or read-only.
    """
    there = next((at for at in (folder, *folder.parents) if at.exists()), folder)
    if not there.is_dir():
        raise EcgviewError(f"{there} is not a folder.", "Choose another name.")
    if not os.access(there, os.W_OK):
        raise EcgviewError(f"{folder} cannot be written to.", "Choose another folder.")

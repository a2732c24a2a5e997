"""Where ecgview finds its own files and keeps the user's.

Resources and trained models lie beside the package in a checkout and inside it in a
wheel or a frozen application; both are found without any configuration.
"""

from __future__ import annotations

import os
import sys
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


def user_models_dir() -> Path:
    """Folder where the user's own models are looked for; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir("ecgview", appauthor=False)) / "models"


def user_log_file() -> Path:
    """File that unexpected errors are logged to; its folder need not exist."""
    import platformdirs

    return Path(platformdirs.user_log_dir("ecgview", appauthor=False)) / "ecgview.log"


def user_corrections_dir() -> Path:
    """Folder of the corrections remembered for kinds of files; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir("ecgview", appauthor=False)) / "corrections"


def user_runs_dir() -> Path:
    """Folder of the training runs started in the window; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir("ecgview", appauthor=False)) / "runs"


def user_architectures_dir() -> Path:
    """Folder of the user's own network architectures; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir("ecgview", appauthor=False)) / "architectures"


def user_notes_dir() -> Path:
    """Folder of notes on recordings whose own folder cannot be written to; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir("ecgview", appauthor=False)) / "notes"


def user_cache_dir() -> Path:
    """Folder of prepared recordings; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("ecgview", appauthor=False)) / "prepared"


def user_overviews_dir() -> Path:
    """Folder of what is kept of long recordings for far views; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("ecgview", appauthor=False)) / "overviews"


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

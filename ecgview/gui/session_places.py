"""Where the files of a session are now: at their place, moved, changed or gone."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path, PurePath

from ecgview.gui.banner import Remark
from ecgview.gui.session_file import SavedFile

_BEGINNING_BYTES = 64 << 10
_DIGITS = 16


def with_fingerprint(path: Path, session: Path, saved: SavedFile) -> SavedFile:
    """Note where a file is and what it begins with.

    Parameters
    ----------
    path : Path
        The file; one that cannot be read is noted by its path alone.
    session : Path
        The session file, which the relative path starts from.
    saved : SavedFile
        With what else is known of it.
    """
    path = path.absolute()
    try:
        relative = PurePath(os.path.relpath(path, session.absolute().parent)).as_posix()
    except ValueError:  # another drive
        relative = ""
    size, beginning = _look_at(path)
    return replace(saved, path=path, relative=relative, size=size, beginning=beginning)


def _look_at(path: Path) -> tuple[int, str]:
    """Give size and fingerprint of a file; nothing where it cannot be read."""
    file = path if path.is_file() else path.with_name(f"{path.name}.hea")
    try:
        with file.open("rb") as opened:
            start = opened.read(_BEGINNING_BYTES)
        return file.stat().st_size, hashlib.sha256(start).hexdigest()[:_DIGITS]
    except (OSError, ValueError):  # a name may be none that the system can have
        return 0, ""


def find_file(saved: SavedFile, session: Path) -> tuple[Path | None, Remark | None]:
    """Look for a file at its place, where it would be beside the session file, and there by name.

    Parameters
    ----------
    saved : SavedFile
        What is looked for; no simulated one.
    session : Path
        The session file.

    Returns
    -------
    Path or None
        Where it is; None where it is gone.
    Remark or None
        What must be said of it.
    """
    assert saved.path is not None
    folder = session.absolute().parent
    beside = folder / saved.relative if saved.relative else saved.path
    name = PurePath(saved.path.as_posix().replace("\\", "/")).name
    places = dict.fromkeys((saved.path, Path(os.path.normpath(beside)), folder / name))
    seen = {place: _look_at(place) for place in places}
    there = [place for place, (_, beginning) in seen.items() if beginning]
    if not there:
        return None, Remark(
            f"{name} is missing.", f"It was {saved.path}. The rest of the session is open."
        )
    same = [place for place in there if seen[place] == (saved.size, saved.beginning)]
    found = (same or there)[0]
    if saved.beginning and not same:
        return found, Remark(
            f"{name} is not the file it was when the session was saved.",
            f"{found} has other content now; look whether it is the right one.",
        )
    if found != saved.path:
        return found, Remark(f"{name} has moved.", f"It was {saved.path}; now it is {found}.")
    return found, None

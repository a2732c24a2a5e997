"""Users and places that make it hard: read-only folders, no home, odd locales."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from check.running import AVAILABLE, HOMES, XDG, Bench, CheckError, LeftOut
from check.training import training_words
from check.window import demand_stays_open

WRITING = 0o222


def anybody() -> dict[str, Any]:
    """Give `subprocess` options of a user without rights: root writes where nobody may."""
    if sys.platform == "win32":
        raise LeftOut("Windows keeps its permissions otherwise")
    if os.geteuid() != 0:
        return {}
    import pwd

    try:
        user = pwd.getpwnam("nobody")
    except KeyError:
        raise LeftOut("it is run by root, and there is no user nobody to run as") from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody but root make, replace or remove anything in a folder for a while.

    The files themselves keep their permissions: copies made by hard links share them.
    """
    below = (path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())
    modes = {path: path.stat().st_mode for path in (folder, *below)}
    for path, mode in modes.items():
        path.chmod(mode & ~WRITING)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def writable(folder: Path) -> Path:
    """Let everybody write into a folder."""
    folder.chmod(0o777)
    return folder


def try_everything(bench: Bench, name: str, **how: Any) -> None:
    """Reconstruct, draw the window and a figure, and train, into a folder of their own.

    Raises
    ------
    CheckError
        If something fails or complains.
    """
    folder = writable(bench.place("hardships", name))
    results = folder / "reconstructed"
    ran = bench.frozen(
        "reconstruct", bench.record, "--leads", AVAILABLE, "--output", results, **how
    )
    if not (results / bench.record.name).is_file():
        raise CheckError(f"Nothing is written: {ran.stdout}{ran.stderr}")
    picture = folder / "window.png"
    drawn = bench.frozen("open", bench.record, "--leads", AVAILABLE, "--screenshot", picture, **how)
    # Qt says that it chose a locale with more letters itself.
    if not picture.is_file() or (drawn.stderr and "Detected locale" not in drawn.stderr):
        raise CheckError(f"The window says {drawn.stderr}")
    # matplotlib would like to keep a list of fonts.
    figure = ("figure", bench.record, "--leads", AVAILABLE, "--output", folder / "figure.png")
    for words in (figure, training_words(bench, writable(bench.place("hardships", name, "own")))):
        said = bench.frozen(*words, **how).stderr
        if "Warning" in said or "cannot" in said:
            raise CheckError(f"`ecgview {words[0]}` says {said}")


def check_read_only_folder(bench: Bench) -> None:
    how = anybody()
    before = bench.application.states()
    with read_only(bench.application.folder):
        try_everything(bench, "read-only folder", **how)
    if bench.application.states() != before:
        raise CheckError("Something is written into the folder of the program.")


def check_home_is_read_only(bench: Bench) -> None:
    home = bench.place("homes", "read-only")
    with read_only(home):
        at_home = bench.with_variables(HOME=home, **{name: str(home / name) for name in XDG})
        try_everything(at_home, "read-only home", **anybody())


def check_no_home(bench: Bench) -> None:
    gone = bench.folder / "homes" / "gone" / "away"
    at_home = bench.with_variables(removed=XDG, **dict.fromkeys(HOMES, str(gone)))
    with read_only(bench.place("homes")):
        try_everything(at_home, "home that does not exist", **anybody())


def check_home_unset(bench: Bench) -> None:
    how = anybody()
    try_everything(bench.with_variables(removed=("HOME", *XDG)), "HOME unset", **how)


def check_window_without_home(bench: Bench) -> None:
    """The window itself, which would like to remember things, closed as by the session's end."""
    how = anybody()
    home = bench.place("homes", "read-only window")
    with read_only(home):
        at_home = bench.with_variables(HOME=home, **{name: str(home / name) for name in XDG})
        demand_stays_open(at_home, **how)


def check_plain_locale(bench: Bench) -> None:
    """The C locale, as in cron jobs and small containers; and one that is not installed."""
    for locale in ("C", "xx_XX.ISO-8859-1"):
        try_everything(bench.with_variables(LC_ALL=locale, LANG=locale), f"locale {locale}")


CHECKS = {
    "works from a read-only folder, by a user without rights": check_read_only_folder,
    "works with a home folder that cannot be written": check_home_is_read_only,
    "works with a home folder that does not exist": check_no_home,
    "works with HOME unset": check_home_unset,
    "the window stays open with a home folder that cannot be written": check_window_without_home,
    "works with locales that know ASCII only, or nothing": check_plain_locale,
}

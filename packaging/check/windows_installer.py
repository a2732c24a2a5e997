"""The installer for Windows: installed, upgraded and removed.

On Windows the one that was made is tried. Elsewhere one of a made-up program is compiled and tried
under Wine, which is not Windows but keeps files and registry alike; that needs ``wine``, ``Xvfb``
and Inno Setup's compiler named in ``ECGVIEW_ISCC`` (the npm package innosetup-compiler brings it).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from check.running import LeftOut, demand
from check.windows_system import Windows, WineWindows
from file_types import FILE_TYPES
from product import NAME, VERSION
from windows.associations import program_id
from windows.installer import COMPILER, find_compiler, make_setup, setup_name

SILENT = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
CLASSES = r"HKCU\Software\Classes"
OTHER = "Other.edf"
TASKS = "desktop,path,open_edf"
GONE_TIMEOUT_S = 60


def made_up(folder: Path) -> Path:
    """Make what the installer takes for a frozen folder."""
    inside = folder / "_internal" / "licences"
    inside.mkdir(parents=True)
    (inside / "Prüfung ж.txt").write_text("made up", encoding="utf-8")
    for program in ("ecgview.exe", "ecgview-gui.exe"):
        (folder / program).write_bytes(b"MZ, made up")
    return folder


@contextmanager
def ready(packages: Path, place: Path) -> Iterator[tuple[Windows, Path]]:
    """Give a Windows to install into, and the installer."""
    if sys.platform == "win32":
        system = Windows()
        if system.values(system.uninstall_key):
            raise LeftOut("an installed ecgview would be replaced")
        yield system, packages / f"{setup_name()}.exe"
        return
    missing = [tool for tool in ("wine", "winepath", "Xvfb") if shutil.which(tool) is None]
    if missing or COMPILER not in os.environ:
        needed = ", ".join([*missing, *([] if COMPILER in os.environ else [COMPILER])])
        raise LeftOut(f"this is not Windows, and for a trial under Wine there is no {needed}")
    with WineWindows.started(place / "wine") as wine:
        frozen = made_up(place / "frozen")
        # Wine does not know where programs of one user belong.
        setup = wine.with_environment(
            lambda: make_setup(
                frozen,
                place / "made",
                ["wine", str(find_compiler())],
                ["winepath", "-w"],
                r"{localappdata}\Programs",
            )
        )
        yield wine, setup


def install(system: Windows, setup: Path, tasks: str | None) -> Path:
    """Install without a question, and give the folder."""
    words = [*SILENT, "/CURRENTUSER"] + ([] if tasks is None else [f"/TASKS={tasks}"])
    system.run(setup, *words)
    return system.local / "Programs" / NAME


def uninstall(system: Windows, installed: Path, *words: str) -> None:
    """Remove without a question, and wait until that is done, by a process of its own."""
    system.run(installed / "unins000.exe", *SILENT, *words)
    until_s = time.monotonic() + GONE_TIMEOUT_S
    while installed.exists() and time.monotonic() < until_s:
        time.sleep(0.2)
    system.settle()
    demand(not installed.exists(), f"{installed} is still there.")


def check_life(packages: Path, place: Path) -> None:
    """Install, install again with other choices, remove, and remove with the user's data."""
    with ready(packages, place) as (system, setup):
        own = leave_user_data(system)
        system.set_value(rf"{CLASSES}\.edf", "", OTHER)
        system.set_value(rf"{CLASSES}\{OTHER}\shell\open\command", "", "other.exe")
        installed = install(system, setup, TASKS)
        try:
            demand_installed(system, installed)
            stale = installed / "_internal" / "stale.py"
            stale.write_text("of an earlier version")
            install(system, setup, "")
            demand(not stale.exists(), "What an earlier version left is still there.")
            demand_unchosen(system, installed)
        finally:
            uninstall(system, installed)
        demand_removed(system)
        demand(own.is_file(), "Removing the program took the user's own files away.")
        demand(
            system.values(r"HKCU\Software\ecgview\ecgview") == {"mine": "kept"},
            "Removing the program took the user's settings away.",
        )
        installed = install(system, setup, None)
        demand_proposed(system)
        uninstall(system, installed, "/PURGE=1")
        demand_removed(system)
        demand(not own.parent.exists(), "/PURGE=1 leaves the user's own files.")
        demand(not system.values(r"HKCU\Software\ecgview\ecgview"), "/PURGE=1 leaves settings.")
        for key in (".edf", OTHER):
            system.delete_key(rf"{CLASSES}\{key}")


def leave_user_data(system: Windows) -> Path:
    """Put a file and a setting where the program keeps them."""
    own = system.local / NAME / "models" / "mine.json"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("{}")
    system.set_value(r"HKCU\Software\ecgview\ecgview", "mine", "kept")
    return own


def demand_installed(system: Windows, installed: Path) -> None:
    """Demand files, shortcuts, types as chosen, the path and the entry among the programs."""
    if sys.platform == "win32":  # elsewhere the program is made up
        system.run(installed / "ecgview.exe", "--version")
    for path in (installed / "ecgview.exe", installed / "_internal" / "licences"):
        demand(path.exists(), f"{path} is not installed.")
    for folder in (system.start_menu, system.desktop):
        demand((folder / f"{NAME}.lnk").is_file(), f"{folder} has no shortcut.")
    demand_types(system.tree(CLASSES), rf'"{system.named(installed)}\ecgview-gui.exe" "%1"')
    demand(system.named(installed) in system.user_path(), "PATH does not name the folder.")
    shown = system.values(system.uninstall_key).get("DisplayVersion")
    demand(shown == VERSION, f"The list of programs shows version {shown}.")


def demand_types(classes: dict[str, dict[str, str]], command: str) -> None:
    """Demand that all types are offered, and that the chosen one is taken."""
    demand(classes[".edf"].get("") == "ecgview.edf", "EDF is not taken.")
    demand("" not in classes[".hea"], "A type is taken that was not chosen.")
    for file_type in FILE_TYPES:
        name = program_id(file_type)
        opened = classes.get(rf"{name}\shell\open\command", {}).get("")
        demand(opened == command, f"{file_type.name} is opened by {opened}.")
        for ending in file_type.endings:
            offered = classes.get(rf"{ending}\openwithprogids", {})
            demand(name in offered, f"{NAME} is not offered for {ending}.")


def demand_unchosen(system: Windows, installed: Path) -> None:
    """Demand that choices taken back are undone."""
    opened = system.values(rf"{CLASSES}\.edf").get("")
    demand(opened == OTHER, f"EDF is opened by {opened} instead of {OTHER}.")
    demand(system.named(installed) not in system.user_path(), "PATH still names the folder.")


def demand_proposed(system: Windows) -> None:
    """Demand that only types that no other program opens are taken where nothing is said."""
    classes = system.tree(CLASSES)
    taken = {
        ending for ending in (".hea", ".ecgview", ".edf") if NAME in classes[ending].get("", "")
    }
    demand(taken == {".hea", ".ecgview"}, f"{', '.join(sorted(taken))} is taken unasked.")


def demand_removed(system: Windows) -> None:
    """Demand that nothing of the program is left."""
    classes = system.tree(CLASSES)
    ours = [key for key in classes if key.startswith(f"{NAME}.") or f"{NAME}-gui" in key]
    demand(not ours, f"{', '.join(ours)} is still registered.")
    offered = [key for key, values in classes.items() for name in values if NAME in name]
    demand(not offered, f"{NAME} is still offered under {', '.join(offered)}.")
    demand(".hea" not in classes, "An empty key is left.")
    demand(classes[".edf"] == {"": OTHER}, "EDF is not given back.")
    demand(not system.values(system.uninstall_key), "It is still in the list of programs.")
    demand(not (system.start_menu / f"{NAME}.lnk").exists(), "The start menu still names it.")


CHECKS: dict[str, Callable[[Path, Path], None]] = {
    "the Windows installer installs, upgrades, removes, and keeps the user's data": check_life
}

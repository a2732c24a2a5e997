"""This system's packages: made from the frozen application, installed, run, removed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from check.running import ROOT, Bench, CheckError, LeftOut, Word

# Where Wine and Inno Setup are at hand, the installer for Windows is tried on Linux too.
MODULES = {
    "linux": ("check.linux_packages", "check.windows_installer"),
    "win32": ("check.windows_installer",),
}
MAKING_TIMEOUT_S = 3600
"""The smallest archive of a gigabyte takes a while."""
PackageCheck = Callable[[Path, Path], None]
"""Takes the folder of the packages, and an empty one to work in."""


def made_packages(bench: Bench) -> Path:
    """Give the folder of the packages; they are made unless they are there."""
    folder = bench.packages or bench.folder.parent / "packages"
    if not folder.is_dir():
        script = ROOT / "packaging" / "installers.py"
        command: list[Word] = [sys.executable, script, bench.application.folder, folder]
        bench.run(command, cwd=ROOT, timeout=MAKING_TIMEOUT_S)
    return folder


def check_making(bench: Bench) -> None:
    if not [path for path in made_packages(bench).iterdir() if path.stat().st_size]:
        raise CheckError("No package is made.")


def on_bench(check: PackageCheck) -> Callable[[Bench], None]:
    """Turn a check of packages into one of a bench."""

    def run(bench: Bench) -> None:
        with TemporaryDirectory(dir=bench.place("packages")) as folder:
            check(made_packages(bench), Path(folder))

    return run


def no_checks(bench: Bench) -> None:
    raise LeftOut("nothing here installs the packages of this system")


def _of_this_system() -> dict[str, Callable[[Bench], None]]:
    if sys.platform not in MODULES:
        return {"packages are installed and removed": no_checks}
    checks: dict[str, PackageCheck] = {}
    for module in MODULES[sys.platform]:
        checks |= import_module(module).CHECKS
    return {title: on_bench(check) for title, check in checks.items()}


CHECKS = {"the packages of this system are made": check_making, **_of_this_system()}

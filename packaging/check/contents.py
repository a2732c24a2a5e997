"""What lies in the frozen folder: resources, models and licences, whole."""

from __future__ import annotations

from pathlib import Path

from check.running import ROOT, Bench, CheckError

NEEDED = ("ecgview", "python", "pyinstaller", "torch", "pyside6_essentials", "numpy", "scipy")
"""What must have a licence in any build; the build itself looks for everything shipped."""


def check_bundled_files(bench: Bench) -> None:
    _demand_equal(bench.application.resources, ROOT / "resources")
    _demand_equal(bench.application.models, ROOT / "trained_models")


def _demand_equal(shipped: Path, ours: Path) -> None:
    for file in sorted(path for path in ours.rglob("*") if path.is_file()):
        copy = shipped / file.relative_to(ours)
        if not copy.is_file():
            raise CheckError(f"{file.relative_to(ours.parent)} is not in the frozen application.")
        if copy.read_bytes() != file.read_bytes():
            raise CheckError(f"{file.relative_to(ours.parent)} is another one there.")


def check_licences(bench: Bench) -> None:
    folder = bench.application.licences
    texts = [path for path in folder.rglob("*") if path.is_file()]
    empty = [path for path in texts if not path.read_bytes().strip()]
    if empty:
        raise CheckError(f"These licences are empty: {', '.join(map(str, empty))}.")
    covered = {path.relative_to(folder).parts[0] for path in texts}
    missing = [name for name in NEEDED if name not in covered]
    if missing:
        raise CheckError(f"{', '.join(missing)} has no licence in the frozen application.")


CHECKS = {
    "resources and models are the checkout's, byte by byte": check_bundled_files,
    "licences are there, and none is empty": check_licences,
}

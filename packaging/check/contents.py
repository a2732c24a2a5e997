"""What lies in the frozen folder: resources, models and licences, whole."""

from __future__ import annotations

from pathlib import Path

from check.running import ROOT, Bench, CheckError
from shipped import PLACE, Shipped

OURS = ("ecgview", "python")
"""Whose licences are shipped beside those of all distributions."""


def check_bundled_files(bench: Bench) -> None:
    _demand_equal(bench.application.resources, ROOT / "resources")
    _demand_equal(bench.application.models, ROOT / "trained_models")


def _demand_equal(shipped: Path, ours: Path) -> None:
    for file in _files(ours):
        copy = shipped / file.relative_to(ours)
        if not copy.is_file():
            raise CheckError(f"{file.relative_to(ours.parent)} is not in the frozen application.")
        if copy.read_bytes() != file.read_bytes():
            raise CheckError(f"{file.relative_to(ours.parent)} is another one there.")


def check_licences(bench: Bench) -> None:
    """A text for everything that the list of what is shipped names; none of them empty."""
    folder = bench.application.licences
    empty = [path for path in _files(folder) if not path.read_bytes().strip()]
    if empty:
        raise CheckError(f"These licences are empty: {', '.join(map(str, empty))}.")
    shipped = Shipped.read(bench.application.inside / PLACE)
    needed = [*OURS, *(each.name for each in shipped.distributions)]
    needed += [f"system/{each.name}" for each in shipped.system_packages]
    missing = [name for name in needed if not _files(folder / name)]
    if missing:
        raise CheckError(f"These have no licence in the frozen application: {', '.join(missing)}.")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


CHECKS = {
    "resources and models are the checkout's, byte by byte": check_bundled_files,
    "licences are there, and none is empty": check_licences,
}

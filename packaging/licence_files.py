"""The licence texts of everything in the frozen application."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Collection
from importlib.metadata import distribution
from pathlib import Path

from ecgview.licences import licence_texts
from shipped import Entry, Shipped

ROOT = Path(__file__).resolve().parents[1]
QT_TEXTS = sorted((ROOT / "packaging" / "licences").glob("*.txt"))
SOURCES = ROOT / "packaging" / "licences" / "system" / "SOURCES.txt"
MISSING_FROM_WHEELS = ROOT / "packaging" / "licences" / "wheels"
"""For some distributions, the licences of libraries inside their wheels that these leave out."""
NOT_IN_THEIR_WHEELS = {"pyside6-essentials": QT_TEXTS, "shiboken6": QT_TEXTS}
DOCUMENTATION = Path("/usr/share/doc")
COMMON_LICENCES = Path("/usr/share/common-licenses")


def licence_files(shipped: Shipped) -> list[Entry]:
    """List the licence texts to ship.

    Parameters
    ----------
    shipped : Shipped
        What the application is made of.

    Returns
    -------
    list of Entry
        The texts, each below ``licences`` in a folder named after what it covers.

    Raises
    ------
    SystemExit
        If something is shipped whose licence is not found.
    """
    texts = {"ecgview": {"LICENSE": ROOT / "LICENSE"}, "python": {"LICENSE.txt": _of_python()}}
    for name in (package.name for package in shipped.distributions):
        texts[name] = _of_distribution(name)
        if not texts[name]:
            raise SystemExit(f"{name} would be shipped without its licence.")
    texts["system"] = _of_system([package.name for package in shipped.system_packages])
    return [
        (f"licences/{name}/{place}", str(source), "DATA")
        for name, places in texts.items()
        for place, source in places.items()
    ]


def _of_distribution(name: str) -> dict[str, Path]:
    if name in NOT_IN_THEIR_WHEELS:
        return {path.name: path for path in NOT_IN_THEIR_WHEELS[name]}
    more = {path.name: path for path in (MISSING_FROM_WHEELS / name).glob("*.txt")}
    return more | {
        re.sub(r"^[^/]*\.dist-info/(licenses/)?", "", file.as_posix()): Path(str(file.locate()))
        for file in licence_texts(distribution(name))
    }


def _of_python() -> Path:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    for path in (place / "LICENSE.txt" for place in places):
        if path.is_file():
            return path
    raise SystemExit(f"Python's own licence is in none of {', '.join(map(str, places))}")


def _of_system(packages: Collection[str]) -> dict[str, Path]:
    """Find the licences of the system's packages that libraries were taken from."""
    texts = {f"{name}/copyright": DOCUMENTATION / name / "copyright" for name in packages}
    named = {name for text in texts.values() for name in _common_licences(text)}
    texts |= {name: COMMON_LICENCES / name for name in named}
    return texts | ({SOURCES.name: SOURCES} if packages else {})


def _common_licences(copyright_file: Path) -> set[str]:
    """Name the licences that a copyright file refers to instead of quoting them."""
    words = copyright_file.read_text(encoding="utf-8", errors="replace")
    named = set(re.findall(rf"{COMMON_LICENCES}/([-\w.]*\w)", words))
    return {name for name in named if (COMMON_LICENCES / name).is_file()}

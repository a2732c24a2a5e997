"""The licence texts of everything in the frozen application."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QT_TEXTS = sorted((ROOT / "packaging" / "licences").glob("*.txt"))
NOT_IN_THEIR_WHEELS = {"pyside6_essentials": QT_TEXTS, "shiboken6": QT_TEXTS}
DOCUMENTATION = Path("/usr/share/doc")
COMMON_LICENCES = Path("/usr/share/common-licenses")
_LICENCE = re.compile(r"licen[cs]e|copying|copyright|notice", re.IGNORECASE)
_CODE = (".py", ".pyc", ".pyi", ".so", ".h")
Entry = tuple[str, str, str]
"""PyInstaller's: place in the application, source, kind."""


def licence_files(collected: Sequence[Entry]) -> list[Entry]:
    """List the licence texts to ship.

    Parameters
    ----------
    collected : sequence of Entry
        The modules and files of the application.

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
    for name in sorted({"pyinstaller", *_distributions(place for place, _, _ in collected)}):
        texts[name] = _of_distribution(name)
        if not texts[name]:
            raise SystemExit(f"{name} would be shipped without its licence.")
    texts["system"] = _of_system(source for _, source, kind in collected if kind == "BINARY")
    return [
        (f"licences/{name}/{place}", str(source), "DATA")
        for name, places in texts.items()
        for place, source in places.items()
    ]


def _distributions(places: Iterable[str]) -> set[str]:
    """Name the installed distributions that modules or files belong to."""
    owners = packages_distributions()
    packages = {re.split(r"[./\\]", place)[0] for place in places}
    names = {owner.lower() for package in packages for owner in owners.get(package, ())}
    return names - {"ecgview"}


def _of_distribution(name: str) -> dict[str, Path]:
    if name in NOT_IN_THEIR_WHEELS:
        return {path.name: path for path in NOT_IN_THEIR_WHEELS[name]}
    files = distribution(name).files or []
    found = [file for file in files if _LICENCE.search(file.name) or "licenses" in file.parts]
    return {
        re.sub(r"^[^/]*\.dist-info/(licenses/)?", "", file.as_posix()): Path(str(file.locate()))
        for file in found
        if file.suffix not in _CODE
    }


def _of_python() -> Path:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    for path in (place / "LICENSE.txt" for place in places):
        if path.is_file():
            return path
    raise SystemExit(f"Python's own licence is in none of {', '.join(map(str, places))}")


def _of_system(sources: Iterable[str]) -> dict[str, Path]:
    """Find the licences of the libraries that come neither with Python nor with a wheel."""
    if sys.platform != "linux":
        return {}  # there, libraries of the system stay with the system
    known = (Path(sys.prefix), Path(sysconfig.get_path("stdlib")))
    libraries = {path for path in map(Path, sources) if not path.name.startswith("libpython")}
    outside = {path for path in libraries if not any(map(path.is_relative_to, known))}
    packages = {_debian_package(path.resolve()) for path in outside}
    texts = {f"{name}/copyright": DOCUMENTATION / name / "copyright" for name in packages}
    named = {name for text in texts.values() for name in _common_licences(text)}
    return texts | {name: COMMON_LICENCES / name for name in named}


def _debian_package(library: Path) -> str:
    command = ["dpkg-query", "--search", f"*/{library.name}"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            f"{library} of this system would be shipped without its licence, which is looked up "
            "on Debian and Ubuntu only."
        ) from error
    return re.split("[:,]", found)[0]


def _common_licences(copyright_file: Path) -> set[str]:
    """Name the licences that a copyright file refers to instead of quoting them."""
    words = copyright_file.read_text(encoding="utf-8", errors="replace")
    named = set(re.findall(rf"{COMMON_LICENCES}/([-\w.]*\w)", words))
    return {name for name in named if (COMMON_LICENCES / name).is_file()}

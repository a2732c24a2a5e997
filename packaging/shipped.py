"""What the frozen application is made of: found once while freezing, then read by all who ask.

The licence texts and the bill of materials both come from this list, so that they agree.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ecgview.licences import stated_licence

PLACE = "licences/shipped.json"
"""Where the list lies in the frozen application."""
Entry = tuple[str, str, str]
"""PyInstaller's: place in the application, source, kind."""


@dataclass(frozen=True)
class Package:
    """Something shipped, of which others know by name and version.

    Attributes
    ----------
    name, version : str
        As its own registry writes them.
    licence : str
        An SPDX expression where it states one, else what it states; empty if nothing.
    requires : tuple of str
        Names of the other packages shipped that it needs.
    """

    name: str
    version: str
    licence: str = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class SystemPackage:
    """A package of this Linux of which libraries are shipped."""

    name: str
    version: str
    architecture: str
    libraries: tuple[str, ...]


@dataclass(frozen=True)
class Shipped:
    """All that is shipped beside ecgview itself.

    Attributes
    ----------
    python, qt : str
        Their versions.
    system : str
        Name and architecture of the system that the application runs on.
    distributor : tuple of str
        Of the Linux that `system_packages` are of: its name and code name.
    distributions : tuple of Package
        Of PyPI.
    system_packages : tuple of SystemPackage
        On Linux, those that came neither with Python nor with a wheel.
    """

    python: str
    qt: str
    system: str
    distributor: tuple[str, ...]
    distributions: tuple[Package, ...]
    system_packages: tuple[SystemPackage, ...]

    def write(self, path: Path) -> Path:
        """Write the list as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> Shipped:
        """Read what `write` wrote."""
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["distributor"] = tuple(facts["distributor"])
        facts["distributions"] = tuple(
            Package(**{**each, "requires": tuple(each["requires"])})
            for each in facts["distributions"]
        )
        facts["system_packages"] = tuple(
            SystemPackage(**{**each, "libraries": tuple(each["libraries"])})
            for each in facts["system_packages"]
        )
        return cls(**facts)


def find_shipped(collected: Sequence[Entry]) -> Shipped:
    """List what the application is made of.

    Parameters
    ----------
    collected : sequence of Entry
        Its modules and files.

    Raises
    ------
    SystemExit
        If a library of the system belongs to no package, so that its licence is unknown.
    """
    names = {"pyinstaller", *_distributions(place for place, _, _ in collected)}
    libraries = _of_system(source for _, source, kind in collected if kind == "BINARY")
    release = platform.freedesktop_os_release() if sys.platform == "linux" else {}
    return Shipped(
        python=platform.python_version(),
        qt=distribution("PySide6-Essentials").version,
        system=f"{platform.system()} {platform.machine()}",
        distributor=tuple(release.get(key, "") for key in ("ID", "VERSION_CODENAME") if release),
        distributions=describe(names),
        system_packages=_system_packages(libraries),
    )


def describe(names: Iterable[str]) -> tuple[Package, ...]:
    """Look up installed distributions, and which of them need which others."""
    found = {canonicalize_name(name): distribution(name) for name in names}
    return tuple(_package(found[name], set(found)) for name in sorted(found))


def _package(found: Distribution, others: set[str]) -> Package:
    needed = {canonicalize_name(name) for name in _requirements(found)}
    return Package(
        canonicalize_name(found.name),
        found.version,
        stated_licence(found),
        tuple(sorted(needed & others)),
    )


def _requirements(found: Distribution) -> Iterable[str]:
    for requirement in map(Requirement, found.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _distributions(places: Iterable[str]) -> set[str]:
    """Name the installed distributions that modules or files belong to."""
    owners = packages_distributions()
    packages = {re.split(r"[./\\]", place)[0] for place in places}
    names = {owner.lower() for package in packages for owner in owners.get(package, ())}
    return names - {"ecgview"}


def _of_system(sources: Iterable[str]) -> set[Path]:
    """Find the libraries that come neither with Python nor with a wheel."""
    if sys.platform != "linux":
        return set()  # there, libraries of the system stay with the system
    known = (Path(sys.prefix), Path(sysconfig.get_path("stdlib")))
    libraries = {path for path in map(Path, sources) if not path.name.startswith("libpython")}
    return {path.resolve() for path in libraries if not any(map(path.is_relative_to, known))}


def _system_packages(libraries: Iterable[Path]) -> tuple[SystemPackage, ...]:
    owned: dict[str, list[str]] = {}
    for library in sorted(libraries):
        owned.setdefault(_debian_package(library), []).append(library.name)
    return tuple(SystemPackage(name, *_version(name), tuple(owned[name])) for name in sorted(owned))


def _debian_package(library: Path) -> str:
    try:
        found = _dpkg("--search", f"*/{library.name}")
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            f"{library} of this system would be shipped without its licence, which is looked up "
            "on Debian and Ubuntu only."
        ) from error
    return re.split("[:,]", found[0])[0]


def _version(name: str) -> tuple[str, str]:
    """Give the version and the architecture of a Debian package."""
    version, architecture, *_ = _dpkg("--show", "--showformat=${Version} ${Architecture}\n", name)
    return version, architecture


def _dpkg(*words: str) -> list[str]:
    command = ["dpkg-query", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

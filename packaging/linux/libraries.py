"""What the frozen folder needs of the system: the C library's version, and Debian's packages.

Read from the files themselves and from dpkg's records of the machine that builds, for a list by
hand would be wrong with the next release of Qt.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_LOADABLE = re.compile(r"^\t(\S+) \(.*?x86-64.*?\) => (\S+)$", re.MULTILINE)
C_LIBRARY = "libc6"
Version = tuple[int, int]


class MissingLibraryError(Exception):
    """A library that neither the frozen folder nor this machine has, in a sentence."""


@dataclass(frozen=True)
class Needs:
    """What programs need of the system.

    Attributes
    ----------
    glibc : tuple of int
        The highest version of a symbol of the C library.
    libraries : frozenset of str
        File names of the libraries that they do not carry.
    carried : frozenset of str
        File names that they carry.
    """

    glibc: Version
    libraries: frozenset[str]
    carried: frozenset[str]

    @property
    def glibc_text(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.glibc))

    @property
    def sentence(self) -> str:
        """For readers of the package."""
        system = "Linux on a 64-bit PC (x86-64)"
        return f"Needs {system} with the C library glibc {self.glibc_text} or newer."


def needs_of(folder: Path) -> Needs:
    """Read all programs and libraries of a folder.

    Parameters
    ----------
    folder : Path
        The frozen folder.
    """
    printed = _headers(sorted(path for path in folder.rglob("*") if _is_elf(path)))
    versions = {(int(major), int(minor)) for major, minor in _GLIBC.findall(printed)}
    carried = frozenset(path.name for path in folder.rglob("*"))
    libraries = frozenset(_NEEDED.findall(printed)) - carried
    return Needs(max(versions, default=(2, 0)), libraries, carried)


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _headers(paths: list[Path]) -> str:
    if not paths:
        return ""
    return _printed("objdump", "-p", *map(str, paths))


def debian_depends(needs: Needs) -> list[str]:
    """Name Debian's packages with what a folder needs and does not carry.

    Parameters
    ----------
    needs : Needs
        Of the folder.

    Returns
    -------
    list of str
        As in ``Depends``: those with its libraries, and those with the data (fonts, keyboard
        layouts) of the libraries that it carries.

    Raises
    ------
    MissingLibraryError
        If this machine lacks one of the libraries, so that dpkg cannot say what it belongs to.
    """
    places = loadable()
    unknown = sorted(needs.libraries - set(places))
    if unknown:
        raise MissingLibraryError(
            f"The frozen folder needs {', '.join(unknown)}, so that dpkg must know the package: "
            f"apt-get install {' '.join(map(_usual_package, unknown))}"
        )
    packages = _owners(places[name] for name in needs.libraries) - {C_LIBRARY}
    data = _data_packages(_owners(places[name] for name in needs.carried & set(places)))
    return [f"{C_LIBRARY} (>= {needs.glibc_text})", *sorted(packages | data)]


def loadable() -> dict[str, str]:
    """Give the places of this machine's libraries by their names."""
    return dict(_LOADABLE.findall(_printed("/sbin/ldconfig", "-p")))


def _usual_package(library: str) -> str:
    """Name the package as Debian's policy (8.1) wants it, such as libxcb1 for libxcb.so.1."""
    name, _, version = library.partition(".so.")
    return f"{name}-{version}" if name[-1].isdigit() else f"{name}{version}"


def _owners(files: Iterable[str]) -> set[str]:
    """Name the packages of files; those of no package are left out."""
    # Packages know their files by the names of before /lib became a link to /usr/lib.
    names = {name for file in files for name in (file, str(Path(file).resolve()))}
    names |= {f"/usr{name}" for name in names} | {name.removeprefix("/usr") for name in names}
    if not names:
        return set()
    lines = _printed("dpkg", "--search", *sorted(names), allowed=(0, 1)).splitlines()
    owned = [line.rpartition(": ")[0] for line in lines if not line.startswith("diversion by")]
    return {name.partition(":")[0] for line in owned for name in line.split(", ")}


def _data_packages(packages: set[str]) -> set[str]:
    """Name what packages of libraries depend on and is no library: keyboards, fonts' settings."""
    if not packages:
        return set()
    lines = _printed("dpkg-query", "--show", "--showformat=${Depends}, ", *sorted(packages))
    # Of alternatives the first is the usual one.
    named = {re.split(r"[ :|]", each.strip())[0] for each in lines.split(",")} - {""}
    return {name for name in named if _is_data(name)}


def _is_data(package: str) -> bool:
    """Tell a package that holds no library, but something besides its own description."""
    # 2: installed for several processors, as only libraries are.
    files = _printed("dpkg", "--listfiles", package, allowed=(0, 1, 2)).splitlines()
    useful = [name for name in files if "/share/doc" not in name and Path(name).is_file()]
    return bool(useful) and not any(".so" in name for name in useful)


def _printed(*command: str, allowed: tuple[int, ...] = (0,)) -> str:
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode not in allowed:
        raise subprocess.CalledProcessError(asked.returncode, command, stderr=asked.stderr)
    return asked.stdout

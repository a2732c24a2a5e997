"""What ecgview is made of, under which licences, and where the texts of these lie.

An installed application has them in a folder of its own; elsewhere the installed Python packages
that ecgview needs are looked up, with the texts that came with them.
"""

from __future__ import annotations

import json
import platform
import re
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path
from typing import Any

from ecgview import __version__, paths

_OWN_LICENCE, _LICENCE_OF_PYTHON = "MIT", "Python-2.0"
_OPTIONAL = re.compile(r"extra\s*==\s*['\"](onnx|tables)['\"]")
_TEXT = re.compile(r"licen[cs]e|copying|copyright|notice", re.IGNORECASE)
_CODE = (".py", ".pyc", ".pyi", ".so", ".h")
_LONGEST_NAME = 80
"""In the field for the licence some packages have its whole text."""


@dataclass(frozen=True)
class Component:
    """Something that ecgview is made of.

    Attributes
    ----------
    name, version, licence : str
        As it calls them itself; empty where it does not.
    texts : tuple of Path
        The texts of its licences; empty where the package came without.
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]

    def text(self) -> str:
        """Read all texts, one after the other, each below the name of its file."""
        if not self.texts:
            return "This package comes without the text of its licence; its project has it."
        read = (path.read_text(encoding="utf-8", errors="replace") for path in self.texts)
        named = zip(self.texts, read, strict=True)
        return "\n\n".join(f"{path.name}\n\n{words.strip()}" for path, words in named)


@cache
def components() -> list[Component]:
    """List what ecgview is made of: itself, Python, and the packages, by name."""
    shipped = paths.shipped_licences_dir()
    return _shipped(shipped) if shipped is not None else _installed()


# In an installed application


def _shipped(folder: Path) -> list[Component]:
    facts = _facts(folder / "shipped.json")
    known = {_key(one["name"]): one for one in facts.get("distributions", ())}
    known["python"] = {"version": facts.get("python", ""), "licence": _LICENCE_OF_PYTHON}
    known["ecgview"] = {"version": __version__, "licence": _OWN_LICENCE}
    known |= {f"system/{one['name']}": one for one in facts.get("system_packages", ())}
    found = []
    for place in _places(folder):
        name = place.relative_to(folder).as_posix()
        one = known.get(name if "/" in name else _key(name), {})
        texts = tuple(sorted(path for path in place.rglob("*") if path.is_file()))
        title = "Python" if name == "python" else name.replace("system/", "system library: ")
        found.append(Component(title, one.get("version", ""), one.get("licence", ""), texts))
    return sorted(found, key=_order)


def _facts(file: Path) -> dict[str, Any]:
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # the texts are there all the same
    return facts if isinstance(facts, dict) else {}


def _places(folder: Path) -> Iterator[Path]:
    """List the folders of a component each; the system's libraries have one each below theirs."""
    for place in folder.iterdir():
        if place.name == "system":
            yield from (below for below in place.iterdir() if below.is_dir())
        elif place.is_dir():
            yield place


# Among Python packages


def _installed() -> list[Component]:
    own = _found("ecgview")
    places = (Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_config_var("base")))
    python = tuple(path for place in places if (path := place / "LICENSE.txt").is_file())[:1]
    checkout = paths.resources_dir().parent / "LICENSE"
    own_texts = (checkout,) if checkout.is_file() else _texts(own)
    first = [
        Component("ecgview", __version__, _OWN_LICENCE, own_texts),
        Component("Python", platform.python_version(), _LICENCE_OF_PYTHON, python),
    ]
    others = [_component(one) for one in _needed(own)]
    return sorted(first + others, key=_order)


def _needed(own: Distribution | None) -> list[Distribution]:
    """Find what a distribution needs, and what that needs, as far as it is installed."""
    found: dict[str, Distribution] = {}
    left = list(_names(own.requires or (), with_extras=True)) if own is not None else []
    while left:
        name = left.pop()
        one = None if _key(name) in found else _found(name)
        if one is not None:
            found[_key(name)] = one
            left.extend(_names(one.requires or (), with_extras=False))
    return list(found.values())


def _names(requirements: Iterable[str], *, with_extras: bool) -> Iterator[str]:
    for requirement in requirements:
        wanted = "extra" not in requirement or (with_extras and _OPTIONAL.search(requirement))
        name = re.match(r"[\w.-]+", requirement)
        if wanted and name:
            yield name[0]


def _found(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _component(one: Distribution) -> Component:
    return Component(one.metadata["Name"], one.version, stated_licence(one), _texts(one))


def stated_licence(one: Distribution) -> str:
    """Give the licence that a package states: the expression, its name, or its classifier."""
    facts = one.metadata
    if facts["License-Expression"]:
        return str(facts["License-Expression"])
    named = (facts["License"] or "").strip()
    if named and len(named) <= _LONGEST_NAME and "\n" not in named:
        return str(named)
    parts = (line.split(" :: ") for line in facts.get_all("Classifier") or ())
    return " or ".join(words[-1] for words in parts if words[0] == "License")


def licence_texts(one: Distribution) -> list[PackagePath]:
    """List the files of a package that are texts of licences, as it names them."""
    files = one.files or ()
    found = (file for file in files if _TEXT.search(file.name) or "licenses" in file.parts)
    return [file for file in found if file.suffix not in _CODE]


def _texts(one: Distribution | None) -> tuple[Path, ...]:
    located = (Path(str(file.locate())) for file in (licence_texts(one) if one else ()))
    return tuple(path for path in located if path.is_file())


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _order(one: Component) -> tuple[int, str]:
    first = {"ecgview": 0, "Python": 1}
    last = 3 if one.name.startswith("system") else 2
    return first.get(one.name, last), _key(one.name)

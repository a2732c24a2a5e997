"""What pyproject.toml says of the package against what the package is."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions

from product import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHIPPED_WITH_ANOTHER = {"shiboken6": "pyside6-essentials"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~\[;]", name)[0]).lower()


def imported() -> set[str]:
    nodes = [
        node
        for file in (ROOT / "ecgview").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    ]
    plainly = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    froms = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plainly | froms}


def test_every_library_that_is_imported_is_declared_and_no_other() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = {plain(each) for each in PROJECT["dependencies"]}
    optional = {plain(each) for name in ("onnx", "tables") for each in extras[name]}
    owners = packages_distributions()
    others = imported() - sys.stdlib_module_names - {"ecgview"}
    # A library that is not installed here goes by its own name.
    found = {
        SHIPPED_WITH_ANOTHER.get(name) or plain(owners.get(name, [name])[0]) for name in others
    }
    assert declared <= found | {"pandas"}  # which neurokit2 needs in a version of its own
    assert found <= declared | optional


def test_entry_points_are_functions() -> None:
    for target in (*PROJECT["scripts"].values(), *PROJECT["gui-scripts"].values()):
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_pythons_that_are_named_are_those_that_are_taken() -> None:
    named = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if ":: 3." in each]
    first, last = (int(each.rpartition(".")[2]) for each in (named[0], named[-1]))
    assert PROJECT["requires-python"] == f">=3.{first},<3.{last + 1}"
    assert named == [f"3.{minor}" for minor in range(first, last + 1)]

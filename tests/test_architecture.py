"""The rules that keep the house a house: which room may know which."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import ecgview

PACKAGE = Path(ecgview.__file__).parent
FLOORS = {
    "errors": 0,
    "leads": 1,
    "paths": 1,
    "storing": 1,
    "licences": 1.2,
    "record_facts": 1.5,
    "recording": 2,
    "signals": 2,
    "interval": 2.5,
    "personal": 2.5,
    "reconstruction": 3,
    "filtered": 3.2,
    "formats": 3,
    "simulate": 3,
    "measurements": 4,
    "engine": 5,
    "catalogue": 5.2,
    "studies": 5.3,
    "export": 5.5,
    "gui": 6,
    "cli": 7,
    "__main__": 8,
}
"""A room may know rooms on lower floors, and itself."""


@cache
def imports() -> list[tuple[str, str, str]]:
    """Every import of the package: (file, its room, what it imports)."""
    found = []
    for source in sorted(PACKAGE.rglob("*.py")):
        inside = source.relative_to(PACKAGE)
        room = inside.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
                if node.module == "ecgview":
                    names = [f"ecgview.{alias.name}" for alias in node.names]
            found += [(str(inside), room, name) for name in names]
    return found


def test_arrows_point_one_way() -> None:
    checked = 0
    for file, room, name in imports():
        target = name.split(".")[1] if name.startswith("ecgview.") else ""
        if target in FLOORS and room in FLOORS and target != room:
            checked += 1
            assert FLOORS[target] < FLOORS[room], f"{file} imports {name}"
    assert checked > 100


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("torch", {"engine"}),
        ("PySide6", {"gui"}),
        ("shiboken6", {"gui"}),
        ("matplotlib", {"export"}),
        ("neurokit2", {"measurements"}),
    ],
)
def test_a_library_lives_in_one_room(library: str, rooms: set[str]) -> None:
    users = {room for _, room, name in imports() if name.split(".")[0] == library}
    assert users == rooms


@pytest.mark.parametrize("arguments", [["--help"], ["reconstruct", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom ecgview.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('torch', 'PySide6', 'scipy.signal', 'pandas', 'wfdb', "
        "'matplotlib', 'neurokit2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"

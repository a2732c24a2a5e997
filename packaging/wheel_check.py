"""Check the wheel installed for this Python, and what lies in the wheel and the source archive.

    python -m build --outdir DIST
    python -m pip install -c constraints.txt DIST/*.whl
    python packaging/wheel_check.py DIST [--uninstall]

Best in an environment of its own: an editable install of the checkout is refused.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(sysconfig.get_path("purelib"))
PROGRAMS = Path(sysconfig.get_path("scripts"))
SHIPPED = ("ecgview", "resources", "trained_models")
"""Folders of the checkout; in a wheel the others lie inside the first."""
NOT_FOR_SOURCES = {"__pycache__", ".github", ".ci", "benchmarks", "packaging", "docs"}
SMALLEST_PICTURE_BYTES = 50_000
WRITE_RECORD = """
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate
recording = simulate("normal", seed=1)
save_recording("person", recording.read(LEADS), recording.fs_hz, ".")
"""
WHERE = """
import ecgview.paths as paths
print(paths.__file__, paths.resources_dir(), paths.bundled_models_dir(), sep="\\n")
"""
WATCHED = """
import os, sys
root, own = sys.argv[1], sys.argv[2]
def watch(event, arguments):
    path = arguments[0] if event in ("open", "os.listdir", "os.scandir") else None
    if isinstance(path, str) and path.startswith(root + os.sep) and not path.startswith(own):
        os.write(2, f"{event} {path} in the checkout\\n".encode())
        os._exit(3)
sys.addaudithook(watch)
from ecgview.cli import main
sys.exit(main(sys.argv[3:]))
"""


class CheckError(Exception):
    """What is wrong, in a sentence."""


def shipped_files() -> Iterator[str]:
    """Give what wheel and source archive are to hold, as paths in the checkout."""
    for file in (file for folder in SHIPPED for file in (ROOT / folder).rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(ROOT).as_posix()


def in_wheel(file: str) -> str:
    """Say where a file of the checkout lies in a wheel."""
    return file if file.startswith("ecgview/") else f"ecgview/{file}"


def check_wheel(wheel: Path) -> None:
    """Compare a wheel with the checkout, byte by byte, and its metadata with pyproject.toml."""
    expected = {in_wheel(file): ROOT / file for file in shipped_files()}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        both = held & expected.keys()
        differing = {name for name in both if archive.read(name) != expected[name].read_bytes()}
        notes = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        told = HeaderParser().parsestr(archive.read(notes).decode())
    differing |= held ^ expected.keys()
    _demand(not differing, f"{wheel.name} differs from the checkout in {sorted(differing)}.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    _demand(told["License-Expression"] == project["license"], "The wheel has another licence.")
    _demand(told["Requires-Python"] is not None, "The wheel takes any Python.")


def check_sources(sources: Path) -> None:
    """See that a source archive holds the program with its tests, and nothing else."""
    with tarfile.open(sources) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    missing = {*shipped_files(), "tests/conftest.py", "constraints.txt", "LICENSE"} - held
    _demand(not missing, f"{sources.name} lacks {sorted(missing)}.")
    junk = [name for name in held if NOT_FOR_SOURCES & {*name.split("/")}]
    _demand(not junk, f"{sources.name} holds {junk}.")


def installed_checks(folder: Path) -> Iterator[str]:
    """Run the installed programs in a folder of no meaning; yields what has been checked."""
    where = [Path(line) for line in python(folder, "-c", WHERE).splitlines()]
    _demand(
        where == [SITE / "ecgview" / name for name in ("paths.py", "resources", "trained_models")],
        f"ecgview is run from {where}.",
    )
    yield "the package, resources and models are those of site-packages"
    version = run(folder, program("ecgview"), "--version")
    _demand(python(folder, "-m", "ecgview", "--version") == version, "Two versions.")
    yield version.strip()
    _demand("anylead" in run(folder, program("ecgview"), "models"), "No model is found.")
    yield "models"
    python(folder, "-c", WRITE_RECORD)
    available = ("--leads", "I,II,V2")
    words = ("reconstruct", "person.hea", *available, "--include", "both", "--output", "out")
    run(folder, program("ecgview"), *words)
    told = run(folder, program("ecgview"), "info", Path("out", "person.hea"))
    _demand("V3_rec" in told, "V3 is not rebuilt.")
    yield "reconstruct"
    run(folder, program("ecgview"), "demo", "--screenshot", "demo.png")
    yield f"demo: a picture of {picture_bytes(folder / 'demo.png')} bytes"
    run(folder, program("ecgview-gui"), "person.hea", *available, "--screenshot", "gui.png")
    yield f"ecgview-gui: a picture of {picture_bytes(folder / 'gui.png')} bytes"
    watched = ("demo", "--screenshot", "watched.png")
    python(folder, "-c", WATCHED, ROOT, sys.prefix, *watched)
    yield "no file of the checkout is opened"


def check_uninstalled(folder: Path) -> None:
    """Uninstall ecgview and see that nothing stays."""
    python(folder, "-m", "pip", "uninstall", "--quiet", "--yes", "ecgview")
    left = [*SITE.glob("ecgview*"), *PROGRAMS.glob("ecgview*")]
    _demand(not left, f"{left} stay after `pip uninstall`.")


def program(name: str) -> Path:
    """Give an entry point of this environment."""
    return PROGRAMS / (f"{name}.exe" if sys.platform == "win32" else name)


def picture_bytes(path: Path) -> int:
    """Give the size of a picture that is not an empty window."""
    size = path.stat().st_size
    _demand(size > SMALLEST_PICTURE_BYTES, f"{path.name} has {size} bytes.")
    return size


def python(folder: Path, *words: str | Path) -> str:
    """Run this Python, without the folder it is started in and without PYTHONPATH."""
    return run(folder, Path(sys.executable), "-I", *words)


def run(folder: Path, *words: str | Path) -> str:
    """Run a command with a home of its own, demand that it ends well, and give what it prints."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    homes = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    kept |= dict.fromkeys([*homes, "XDG_CACHE_HOME"], str(folder))
    ran = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=kept | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    _demand(ran.returncode == 0, f"{words} ended with {ran.returncode}: {ran.stderr}")
    return ran.stdout


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise CheckError(sentence)


def _only(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    _demand(len(found) == 1, f"{folder} holds {len(found)} files {pattern}, not one.")
    return found[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("dist", type=Path, help="the folder of the wheel and the source archive")
    parser.add_argument("--uninstall", action="store_true", help="and see that nothing stays")
    options = parser.parse_args()
    wheel, sources = _only(options.dist, "*.whl"), _only(options.dist, "*.tar.gz")
    check_wheel(wheel)
    check_sources(sources)
    for archive in (wheel, sources):
        print(f"{archive.name}: {archive.stat().st_size / 1e6:.1f} MB, as the checkout")
    with tempfile.TemporaryDirectory() as folder:
        for checked in installed_checks(Path(folder)):
            print(checked)
        if options.uninstall:
            check_uninstalled(Path(folder))
            print("uninstalled: nothing stays")


if __name__ == "__main__":
    try:
        main()
    except CheckError as error:
        sys.exit(str(error))

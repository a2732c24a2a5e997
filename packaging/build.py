"""Freeze ecgview into a folder that runs without Python: ``python packaging/build.py FOLDER``."""

from __future__ import annotations

import argparse
import re
import runpy
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

SPEC = Path(__file__).with_name("ecgview.spec")
PROJECT = Path(__file__).parents[1] / "pyproject.toml"
MB = 1e6
INSTALL = 'python -m pip install -c constraints.txt ".[packaging]"'
NEEDED = {
    "PyInstaller": "PyInstaller",
    "h5py": "h5py",
    "pyarrow": "pyarrow",
    "onnxruntime": "onnxruntime",
    "PIL": "Pillow",
    "cyclonedx": "cyclonedx-python-lib",
}
"""Modules of which a plain installation lacks some: to freeze, to be frozen, for sbom.py."""

COMPONENTS = {
    "torch": "torch",
    "PySide6 and Qt": "PySide6|shiboken6",
    "scipy": r"scipy(\.libs)?",
    "numpy": r"numpy(\.libs)?",
    "pyarrow, for Parquet": r"pyarrow(\.libs)?",
    "onnxruntime, for networks from elsewhere": "onnxruntime",
    "matplotlib with what it draws with": (
        r"matplotlib(\.libs)?|mpl_toolkits|PIL|pillow\.libs|fontTools|kiwisolver|contourpy(\.libs)?"
    ),
    "pandas": r"pandas(\.libs)?|pytz",
    "scikit-learn and PyWavelets, for neurokit2": r"sklearn|scikit_learn\.libs|pywt",
    "h5py": r"h5py(\.libs)?",
    "sound, for FLAC in WFDB records": "_soundfile_data|_cffi_backend.*",
    "Python": r"libpython.*|python3.*|base_library\.zip|Python.*|\w+\.pyd",
    "ecgview with its models": "ecgview",
    "licences": "licences",
    "libraries of the system": r"lib[^/]*\.(so|dylib)[^/]*|\w+\.dll",
}
"""What a folder or file at the top of the frozen application belongs to; the first that fits."""
PROGRAMS = "the programs, with all modules written in Python"


def why_not(
    python: tuple[int, ...] = sys.version_info[:2],
    modules: dict[str, str] = NEEDED,
    torch_facts: dict[str, object] | None = None,
) -> str:
    """Say why freezing would fail here or give something useless; nothing if it would not.

    Parameters
    ----------
    python : tuple of int
        Version of Python.
    modules : dict
        The modules needed, and the names that pip knows them by.
    torch_facts : dict, optional
        What torch says of its build; that of the installed one by default.
    """
    if not _is_supported(python):
        return f"ecgview needs Python {_supported()}; this is {'.'.join(map(str, python))}."
    if missing := not_installed(modules):
        return missing
    facts = installed_torch() if torch_facts is None else torch_facts
    if not facts:
        return f"torch is not installed here. Install the CPU build, then the rest:\n  {INSTALL}"
    for kind in ("cuda", "hip", "xpu"):
        if facts.get(kind):
            return (
                f"torch {facts['__version__']} is a build for GPUs ({kind} {facts[kind]}), which "
                "would freeze gigabytes. Install the CPU build in its place; pytorch.org gives "
                "the command under Get started, compute platform CPU."
            )
    return ""


def not_installed(modules: dict[str, str] = NEEDED) -> str:
    """Say which modules are missing and how to install them; nothing if none is."""
    missing = [name for module, name in modules.items() if find_spec(module) is None]
    if not missing:
        return ""
    return f"Not installed here: {', '.join(missing)}. Install what packaging needs:\n  {INSTALL}"


def _supported() -> str:
    """Read which versions of Python the project takes, such as ``>=3.11,<3.14``."""
    found = re.search(r'^requires-python = "(.*)"', PROJECT.read_text(encoding="utf-8"), re.M)
    assert found is not None
    return found[1]


def _is_supported(python: tuple[int, ...]) -> bool:
    """Compare without a library: what would help may not be installed."""
    limits = re.findall(r"(>=|<)(\d+)\.(\d+)", _supported())
    return all(
        (python >= (int(major), int(minor))) is (comparison == ">=")
        for comparison, major, minor in limits
    )


def installed_torch() -> dict[str, object]:
    """Read what the installed torch says of its build, without importing it; nothing if none."""
    spec = find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return {}
    return runpy.run_path(str(Path(spec.submodule_search_locations[0]) / "version.py"))


def build(folder: Path) -> Path:
    """Run PyInstaller.

    Parameters
    ----------
    folder : Path
        For the result and PyInstaller's own files; best outside the checkout.

    Returns
    -------
    Path
        The frozen application, ``FOLDER/ecgview``, with its two programs; on macOS
        ``FOLDER/ecgview.app`` lies beside it.

    Raises
    ------
    SystemExit
        If it cannot be frozen here; the message says why and what helps.
    subprocess.CalledProcessError
        If PyInstaller fails; it has said why.
    """
    frozen = folder / "ecgview"
    if reason := why_not() or _in_the_way(frozen):
        raise SystemExit(reason)
    places = ["--distpath", str(folder), "--workpath", str(folder / "work")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    subprocess.run([*command, *places, str(SPEC)], check=True)
    if sys.platform == "linux":  # the program opens the window by itself when files are named
        (frozen / "ecgview-gui").symlink_to("ecgview")
    return frozen


def _in_the_way(frozen: Path) -> str:
    """Refuse to replace a folder that is no earlier result, such as the package in a checkout."""
    if not frozen.exists() or _is_frozen(frozen):
        return ""
    return f"{frozen} is there and no frozen application; it would be lost. Take another folder."


def _is_frozen(folder: Path) -> bool:
    return any((folder / inside).is_dir() for inside in ("_internal", "Contents/MacOS"))


def frozen_folder(named: str) -> Path:
    """Take a word of a command line as what `build` made; an error of its parser if it is not."""
    folder = Path(named).resolve()
    if not _is_frozen(folder):
        raise argparse.ArgumentTypeError(
            f"{named} is no frozen application; python packaging/build.py FOLDER makes "
            "FOLDER/ecgview"
        )
    return folder


def component(name: str) -> str:
    """Say what a folder or file at the top of the frozen application belongs to."""
    fitting = (title for title, names in COMPONENTS.items() if re.fullmatch(names, name))
    return next(fitting, "all else")


def size_table(frozen: Path) -> str:
    """Lay out the size of each component, largest first, and of all."""
    inside = frozen / "_internal"
    sizes_mb: defaultdict[str, float] = defaultdict(float)
    for path in inside.iterdir():
        sizes_mb[component(path.name)] += _size_mb([path])
    sizes_mb[PROGRAMS] = _size_mb(path for path in frozen.iterdir() if path != inside)
    largest_first = sorted(sizes_mb.items(), key=lambda row: -row[1])
    lines = [f"{size_mb:8.1f} MB  {title}" for title, size_mb in largest_first]
    return "\n".join([*lines, f"{sum(sizes_mb.values()):8.1f} MB  in all"])


def _size_mb(paths: Iterable[Path]) -> float:
    """Add up files, in folders too; a link takes no room."""
    files = (file for path in paths for file in (path, *path.rglob("*")))
    return sum(f.stat().st_size for f in files if f.is_file() and not f.is_symlink()) / MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the folder ecgview is made")
    frozen = build(parser.parse_args().folder.resolve())
    print(size_table(frozen))
    print(frozen)


if __name__ == "__main__":
    main()

"""Freeze ecgview into a folder that runs without Python: ``python packaging/build.py FOLDER``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

SPEC = Path(__file__).with_name("ecgview.spec")
MB = 1e6


def build(folder: Path) -> Path:
    """Run PyInstaller.

    Parameters
    ----------
    folder : Path
        For the result and PyInstaller's own files; best outside the checkout.

    Returns
    -------
    Path
        The frozen application, ``FOLDER/ecgview``, with its two programs.

    Raises
    ------
    subprocess.CalledProcessError
        If PyInstaller fails; it has said why.
    """
    places = ["--distpath", str(folder), "--workpath", str(folder / "work")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    subprocess.run([*command, *places, str(SPEC)], check=True)
    return folder / "ecgview"


def size_table(frozen: Path) -> str:
    """Lay out the size of each component of at least 1 MB, largest first, and of all."""
    inside = frozen / "_internal"
    sizes_mb = {path.name: _size_mb(path) for path in inside.iterdir()}
    large = sorted((name for name in sizes_mb if sizes_mb[name] >= 1), key=lambda n: -sizes_mb[n])
    total_mb = _size_mb(frozen)
    lines = [f"{sizes_mb[name]:8.1f} MB  {name}" for name in large]
    lines.append(f"{total_mb - sum(sizes_mb[name] for name in large):8.1f} MB  all else")
    return "\n".join([*lines, f"{total_mb:8.1f} MB  in all"])


def _size_mb(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.stat().st_size for f in files if f.is_file() and not f.is_symlink()) / MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the folder ecgview is made")
    frozen = build(parser.parse_args().folder.resolve())
    print(size_table(frozen))
    print(frozen)


if __name__ == "__main__":
    main()

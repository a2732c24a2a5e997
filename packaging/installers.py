"""Make all installers of this system: ``python packaging/installers.py FROZEN OUT``.

FROZEN is what ``build.py`` made: its folder ``ecgview``, or ``ecgview.app`` on macOS.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from build import frozen_folder

MAKERS = {"linux": "linux.packages", "win32": "windows.installer", "darwin": "macos.installer"}


def maker(platform: str = sys.platform) -> Callable[[Path, Path], list[Path]]:
    """Give the function that makes the installers of a system.

    Parameters
    ----------
    platform : str
        As in `sys.platform`.

    Returns
    -------
    callable
        ``make(frozen, output)``, which gives the files that it wrote.
    """
    make: Callable[[Path, Path], list[Path]] = import_module(MAKERS[platform]).make
    return make


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frozen", type=frozen_folder, help="the frozen application")
    parser.add_argument("output", type=Path, help="the folder for the installers")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for path in maker()(options.frozen, options.output.resolve()):
        print(f"{path.stat().st_size / 1e6:8.1f} MB  {path}")


if __name__ == "__main__":
    main()

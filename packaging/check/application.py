"""The frozen application as each system lays it out."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

NAME = "ecgview"


@dataclass(frozen=True)
class Application:
    """A frozen application.

    Attributes
    ----------
    folder : Path
        What is copied to install it; on macOS possibly the bundle ``ecgview.app``.
    system : str
        As `sys.platform` has it.
    """

    folder: Path
    system: str = sys.platform

    @property
    def is_bundle(self) -> bool:
        """Whether it is an application bundle of macOS."""
        return self.folder.suffix == ".app"

    @property
    def console(self) -> Path:
        """The program for the command line."""
        return self._program(NAME)

    @property
    def windowed(self) -> Path:
        """The program for the desktop; the same one where a console makes no difference."""
        separate = self._program(f"{NAME}-gui")
        return separate if separate.is_file() else self.console

    @property
    def inside(self) -> Path:
        """The folder of everything but the programs."""
        return self.folder / ("Contents/Frameworks" if self.is_bundle else "_internal")

    @property
    def models(self) -> Path:
        """The folder of the bundled models."""
        return self.inside / NAME / "trained_models"

    @property
    def resources(self) -> Path:
        """The folder of icons, styles, texts."""
        return self.inside / NAME / "resources"

    @property
    def licences(self) -> Path:
        """The folder of licence texts."""
        return self.inside / "licences"

    def _program(self, name: str) -> Path:
        folder = self.folder / "Contents" / "MacOS" if self.is_bundle else self.folder
        return folder / (f"{name}.exe" if self.system == "win32" else name)

    def copied_to(self, folder: Path) -> Application:
        """Copy it, by hard links where the disk is the same, and give the copy."""
        target = folder / self.folder.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target, symlinks=True, copy_function=_link_or_copy)
        return Application(target, self.system)

    def size_mb(self) -> float:
        """Give the size of all files."""
        files = (path for path in self.folder.rglob("*") if not path.is_symlink())
        return sum(path.stat().st_size for path in files if path.is_file()) / 1e6

    def states(self) -> dict[Path, tuple[int, int]]:
        """Give the size and the time of the last change of every file."""
        found = {path: path.lstat() for path in self.folder.rglob("*") if path.is_file()}
        return {path: (facts.st_size, facts.st_mtime_ns) for path, facts in found.items()}


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another disk, or one without links
        shutil.copy2(source, target, follow_symlinks=False)

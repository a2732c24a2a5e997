"""The archives: the same bytes from the same files, whoever packs them and when."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from source_date import source_date_s

COMPRESSORS = {
    # Two threads, not as many as there are: the number of blocks is part of the result.
    ".tar.xz": ("xz", "--threads=2", "--stdout"),
    ".tar.gz": ("gzip", "--no-name", "--stdout"),
}
_ELF = b"\x7fELF"


def write_archive(path: Path, parts: dict[str, Path], level: int) -> Path:
    """Pack files and folders.

    Parameters
    ----------
    path : Path
        Ends in one of `COMPRESSORS`.
    parts : dict
        Files and folders by their names in the archive.
    level : int
        Of the compressor, 1 to 9.

    Returns
    -------
    Path
        The archive.
    """
    ending = "".join(path.suffixes[-2:])
    with path.open("wb") as file:
        command = [*COMPRESSORS[ending], f"-{level}"]
        packing = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file)
        assert packing.stdin is not None
        with packing.stdin, tarfile.open(fileobj=packing.stdin, mode="w|") as archive:
            for name, source in members(parts):
                _add(archive, name, source)
    if packing.wait():
        raise subprocess.CalledProcessError(packing.returncode, command)
    return path


def members(parts: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """Give names and places of everything to pack, sorted, folders before what is in them."""
    for name, source in sorted(parts.items()):
        yield name, source
        if source.is_dir():
            for inside in sorted(source.rglob("*")):
                yield f"{name}/{inside.relative_to(source).as_posix()}", inside


def _add(archive: tarfile.TarFile, name: str, source: Path) -> None:
    member = archive.gettarinfo(source, name)
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mtime = source_date_s()
    if not member.issym():
        member.mode = usual_mode(source)
    if member.isreg():
        with source.open("rb") as content:
            archive.addfile(member, content)
    else:
        archive.addfile(member)


def usual_mode(path: Path) -> int:
    """Give the permissions to ship: all may read, and run what is a program; the owner writes.

    Wheels and PyInstaller let libraries and some licences be run, too.
    """
    return 0o755 if path.is_dir() or _is_program(path) else 0o644


def _is_program(path: Path) -> bool:
    if not path.stat().st_mode & 0o100 or ".so" in path.suffixes:
        return False
    with path.open("rb") as file:
        return file.read(len(_ELF)).startswith((b"#!", _ELF))

"""Find the machine code inside an application, so that each piece can be signed.

The layout of such files (Mach-O) stands in ``mach-o/loader.h`` and ``mach-o/fat.h`` of Apple's SDK.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

_THIN = b"\xcf\xfa\xed\xfe"
_FAT = b"\xca\xfe\xba\xbe"
_ARM64 = 0x0100000C
_MH_EXECUTE = 2
_LC_VERSION_MIN_MACOSX = 0x24
_LC_BUILD_VERSION = 0x32
_HEADER_BYTES = 32


@dataclass(frozen=True)
class Code:
    """What is signed inside an application, in the order in which it is.

    Attributes
    ----------
    libraries : tuple of Path
        Also extension modules; the deepest first.
    programs : tuple of Path
        Started as processes of their own; without the application's own program, which is signed
        with it.
    frameworks : tuple of Path
        Folders with a library of their own name, signed as a whole; the deepest first.
    """

    libraries: tuple[Path, ...]
    programs: tuple[Path, ...]
    frameworks: tuple[Path, ...]


def is_code(path: Path) -> bool:
    """Tell whether a file is machine code of macOS (Mach-O); a link is none."""
    return bool(_header(path))


def is_program(path: Path) -> bool:
    """Tell whether a file of machine code is started as a process, rather than loaded by one."""
    return _number(_header(path), 12) == _MH_EXECUTE


def least_system(path: Path) -> tuple[int, int] | None:
    """Give the oldest macOS that a file of machine code is made for.

    Parameters
    ----------
    path : Path
        The file; of several processors', the part for Apple silicon counts.

    Returns
    -------
    tuple of int or None
        Such as (14, 0); None where the file does not say.
    """
    for kind, command in _load_commands(_header(path)):
        if kind in (_LC_BUILD_VERSION, _LC_VERSION_MIN_MACOSX):
            version = _number(command, 12 if kind == _LC_BUILD_VERSION else 8)
            return version >> 16, version >> 8 & 0xFF
    return None


def code_inside(application: Path) -> Code:
    """List what is to be signed inside an application.

    Parameters
    ----------
    application : Path
        ``NAME.app``.
    """
    files = [path for path in _deepest_first(application.rglob("*")) if is_code(path)]
    frameworks = [
        path
        for path in _deepest_first(application.rglob("*.framework"))
        if path.is_dir() and not path.is_symlink()
    ]
    own = application / "Contents" / "MacOS" / application.stem
    signed_with_a_whole = {own}.union(*map(_libraries_of, frameworks))
    single = [path for path in files if path not in signed_with_a_whole]
    return Code(
        tuple(path for path in single if not is_program(path)),
        tuple(path for path in single if is_program(path)),
        tuple(frameworks),
    )


def newer_than(application: Path, system: str) -> list[str]:
    """Name the code inside an application that asks for a newer macOS than it says it needs.

    Parameters
    ----------
    application : Path
        ``NAME.app``.
    system : str
        What it says, such as ``14.0``.
    """
    said = tuple(int(number) for number in system.split("."))
    return sorted(
        f"{path.name} (macOS {'.'.join(map(str, needed))})"
        for path in application.rglob("*")
        if (needed := least_system(path)) is not None and needed > said
    )


def _libraries_of(framework: Path) -> set[Path]:
    """Give the file, or in an old layout the files, of a framework's own library."""
    return {framework / framework.stem, *framework.glob(f"Versions/*/{framework.stem}")}


def _deepest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (-len(path.parts), str(path)))


def _header(path: Path) -> bytes:
    """Read a file's header with its load commands; nothing where it is no machine code."""
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        file.seek(_place(file))
        header = file.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES or header[:4] != _THIN:
            return b""
        return header + file.read(_number(header, 20))


def _place(file: BinaryIO) -> int:
    """Find where the part for Apple silicon begins; the first one where there is none."""
    head = file.read(8)
    if head[:4] != _FAT:
        return 0
    parts = [file.read(20) for _ in range(min(_number(head, 4, "big"), 8))]
    parts.sort(key=lambda part: _number(part, 0, "big") != _ARM64)
    return _number(parts[0], 8, "big") if parts else 0


def _load_commands(header: bytes) -> Iterator[tuple[int, bytes]]:
    at = _HEADER_BYTES
    while at + 8 <= len(header) and (size := _number(header, at + 4)) >= 8:
        yield _number(header, at), header[at : at + size]
        at += size


def _number(content: bytes, at: int, order: Literal["little", "big"] = "little") -> int:
    return int.from_bytes(content[at : at + 4], order)

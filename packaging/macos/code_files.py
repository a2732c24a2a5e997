"""Find the machine code inside an application, so that each piece can be signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_THIN = b"\xcf\xfa\xed\xfe"
_FAT = b"\xca\xfe\xba\xbe"
_MH_EXECUTE = 2


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
    return _file_type(path) is not None


def is_program(path: Path) -> bool:
    """Tell whether a file of machine code is started as a process, rather than loaded by one."""
    return _file_type(path) == _MH_EXECUTE


def _file_type(path: Path) -> int | None:
    """Read the type of a Mach-O file from its header, or from that of the first part inside."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(20)
        if head[:4] == _FAT:
            file.seek(int.from_bytes(head[16:20], "big"))
            head = file.read(16)
    if head[:4] != _THIN or len(head) < 16:
        return None
    return int.from_bytes(head[12:16], "little")


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
    signed_with_a_whole = {own} | {_library_of(framework) for framework in frameworks}
    single = [path for path in files if path not in signed_with_a_whole]
    return Code(
        tuple(path for path in single if not is_program(path)),
        tuple(path for path in single if is_program(path)),
        tuple(frameworks),
    )


def _library_of(framework: Path) -> Path:
    """Give the file of a framework's own library, past the links that lead to it."""
    return (framework / framework.stem).resolve()


def _deepest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (-len(path.parts), str(path)))

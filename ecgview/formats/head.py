"""The first bytes of a file, from which its format is recognised."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ecgview.formats.files import unreadable

HEAD_BYTES = 8192


@dataclass(frozen=True)
class Head:
    """The beginning of a file.

    Attributes
    ----------
    path : Path
        The file; its name may break a tie, but never decides alone.
    start : bytes
        Its first `HEAD_BYTES` bytes, or all of a shorter file.
    n_bytes : int
        Size of the file.
    """

    path: Path
    start: bytes
    n_bytes: int

    @cached_property
    def text(self) -> str:
        """The beginning as text, whatever it is: UTF-16 with its mark, UTF-8, else Latin-1."""
        if self.start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.start.decode("utf-16", errors="replace")
        start = self.start.removeprefix(b"\xef\xbb\xbf")
        try:
            return start.decode("utf-8")
        except UnicodeDecodeError as error:
            is_cut = error.start >= HEAD_BYTES - 6  # inside the last character
            return start[: error.start].decode("utf-8") if is_cut else start.decode("latin-1")

    @property
    def is_text(self) -> bool:
        """Whether it looks like text at all."""
        return "\0" not in self.text

    @property
    def suffix(self) -> str:
        """The ending of the file's name in lower case, with its dot."""
        return self.path.suffix.lower()


def read_head(path: Path) -> Head:
    """Read the beginning of a file.

    Raises
    ------
    RecordingError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return Head(path, file.read(HEAD_BYTES), os.fstat(file.fileno()).st_size)
    except OSError as error:
        # Windows only says of a folder that it may not be read.
        said = IsADirectoryError() if path.is_dir() else error
        raise unreadable(path, said) from error

"""Wildcards in the words of a command, which shells of Windows leave to the programs."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path


def expanded(words: Sequence[str]) -> list[str]:
    """Put the files that a wildcard stands for in its place, as other systems' shells do.

    Parameters
    ----------
    words : sequence of str
        Of a command line.

    Returns
    -------
    list of str
        What fits nothing, names a file, or is an option, stays as it is.
    """
    return [file for word in words for file in _files(word)]


def _files(word: str) -> list[str]:
    is_pattern = any(sign in word for sign in "*?") and not word.startswith("-")
    # Brackets are letters of a name to the shells of Windows.
    pattern = word.replace("[", "[[]")
    found = sorted(glob.glob(pattern)) if is_pattern else []  # noqa: PTH207 (any folder)
    return [str(Path(file)) for file in found] or [word]

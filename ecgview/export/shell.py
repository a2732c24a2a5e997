"""Command lines as text that a shell takes back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Literal

Shell = Literal["posix", "windows"]

_SAFE = re.compile(r"[A-Za-z0-9_.:\\/+=-]+")


def shell_line(words: Sequence[str], shell: Shell) -> str:
    """Write a command line so that a shell makes the same words of it.

    Parameters
    ----------
    words : sequence of str
        Program and arguments.
    shell : {"posix", "windows"}
        ``windows`` is for both the command prompt and PowerShell: words with anything but letters,
        digits and ``_.:/+=-`` are put between double quotes, as PowerShell would take a list such
        as ``I,II,V2`` apart.

    Returns
    -------
    str
        A line.
    """
    if shell == "posix":
        return shlex.join(words)
    return " ".join(_windows_word(word) for word in words)


def _windows_word(word: str) -> str:
    if _SAFE.fullmatch(word):
        return word
    # Backslashes count only before a quote: there each is doubled.
    quoted = re.sub(r'(\\*)"', r'\1\1\\"', word)
    quoted = re.sub(r"(\\+)$", r"\1\1", quoted)
    return f'"{quoted}"'


def option(name: str, value: str) -> tuple[str, ...]:
    """Give an option and its value as words; in one word where the value looks like an option."""
    return (f"{name}={value}",) if value.startswith("-") else (name, value)

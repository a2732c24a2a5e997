"""What tables of data sets hold: files, numbers, words."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from pathlib import Path


def files_there(paths: Iterable[Path]) -> set[Path]:
    """Tell which of many files are there; each folder is listed once.

    Parameters
    ----------
    paths : iterable of Path
        Some thousand files in some folders.
    """
    wanted = list(paths)
    there: set[Path] = set()
    for folder in {path.parent for path in wanted}:
        try:
            there.update(folder / name for name in os.listdir(folder))  # noqa: PTH208 (paths cost)
        except OSError:
            continue  # none of its files is there
    return there.intersection(wanted)


def number(text: str) -> float | None:
    """Read a number; None where there is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def tidy(text: str) -> str:
    """Take away the commas and blanks that empty fields of a form leave around a word."""
    return ", ".join(part for piece in text.split(",") if (part := piece.strip()))

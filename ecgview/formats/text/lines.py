"""The lines of a text file: above, in and below its table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.text.cells import Numbers
from ecgview.formats.text.turned import FEWEST_CELLS, turned

LONGEST_LINE = 5_000_000
"""Characters of a line that are taken for cells."""
MOST_LINES = 6_000_000
"""Three hours at 500 Hz; each line takes a hundred bytes of memory beside its numbers."""
MOST_LINES_BELOW = 50
"""Lines of text below a table, where some programs put what others put above it."""


@dataclass(frozen=True)
class Lines:
    """The lines of a text file, seen as what is above, in and below its table.

    Attributes
    ----------
    table : list of str
        All but those below.
    below : tuple of (int, str)
        Numbers (from 1) and texts of the lines of text at the end.
    """

    table: list[str]
    below: tuple[tuple[int, str], ...] = ()


def lines_of(text: str, path: Path) -> Lines:
    """Split a text into lines, turn it where leads are in rows, and find the lines below.

    Parameters
    ----------
    text : str
        All of it.
    path : Path
        For messages.

    Returns
    -------
    Lines
        Ready to be looked at.

    Raises
    ------
    RecordingError
        If there are too many lines, or leads in rows that are too long to be turned.
    """
    n_lines = text.count("\n") + text.count("\r")
    if n_lines > MOST_LINES:
        raise RecordingError(
            f"{path.name} has {n_lines / 1e6:.0f} million lines.",
            "Convert it to WFDB or EDF+, which are read piece by piece.",
        )
    lines = text.splitlines()
    longest = max(map(len, lines), default=0)
    if longest > LONGEST_LINE:
        raise RecordingError(
            f"{path.name} has a line of {longest / 1e6:.0f} MB.",
            "Save it with a row for each sample.",
        )
    end = len(lines)
    while end and len(lines) - end < MOST_LINES_BELOW and _is_words(lines[end - 1]):
        end -= 1
    below = tuple((index + 1, lines[index]) for index in range(end, len(lines)))
    table = lines[:end]
    return Lines(turned(table, path) or table, below)


def _is_words(line: str) -> bool:
    """Tell an empty line or one of text, which no row of samples is."""
    start = line.strip().lstrip("#\"' ")
    if not start or len(line) >= 2 * FEWEST_CELLS:
        return not start
    first = start.replace(";", ",").replace("\t", ",").split(",")[0].split()
    return start[0].isalpha() and not (first and Numbers.POINT.is_number(first[0]))

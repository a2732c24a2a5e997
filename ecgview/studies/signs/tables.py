"""Rows of how often signs are right, and the files they are written to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path

from ecgview.storing import store

_Z95 = 1.959964
CSV_NAME, JSON_NAME = "signs.csv", "signs.json"


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval (Wilson 1927).

    Attributes
    ----------
    count, of : int
        How many, of how many.
    share, low, high : float
        The share and the ends of its interval; 0 and 1 where there is none.
    """

    count: int
    of: int
    share: float
    low: float
    high: float


def share_of(raised: Sequence[bool]) -> Share:
    """Count, with Wilson's interval."""
    n, count = len(raised), sum(map(bool, raised))
    if not n:
        return Share(0, 0, 0.0, 0.0, 1.0)
    share, shift = count / n, _Z95**2 / n
    middle = (share + shift / 2) / (1 + shift)
    half = _Z95 / (1 + shift) * sqrt(share * (1 - share) / n + shift / (4 * n))
    return Share(count, n, share, max(middle - half, 0.0), min(middle + half, 1.0))


NONE = share_of([])
"""Where nothing was counted."""


@dataclass(frozen=True)
class RateRow:
    """How often a sign is right.

    Attributes
    ----------
    sign : str
        A code of `ecgview.engine.signs.sign.CODES`, ``fit`` for any about how leads fit each
        other, or ``any``.
    fault : str
        What was wrong with the recordings it should be raised in.
    available : str
        The leads looked at.
    found : Share
        Of recordings with the fault, those in which this sign is raised.
    named : Share
        Those in which the very fault is named; only for mistakes.
    false_alarms : Share
        Of recordings as they are, those in which it is raised.
    note : str
        What limits the figure.
    """

    sign: str
    fault: str
    available: str
    found: Share
    named: Share
    false_alarms: Share
    note: str = ""


def write_tables(rows: Sequence[RateRow], made: dict[str, object], folder: Path) -> list[Path]:
    """Write the rows as CSV and JSON and return the files."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    parts = ("found", "named", "false_alarms")
    cells = ("count", "of", "share", "low", "high")
    table.writerow(
        ("sign", "fault", "available", *(f"{p}_{c}" for p in parts for c in cells), "note")
    )
    for row in rows:
        figures = [getattr(getattr(row, part), cell) for part in parts for cell in cells]
        rounded = [round(one, 4) if isinstance(one, float) else one for one in figures]
        table.writerow((row.sign, row.fault, row.available, *rounded, row.note))
    content = {"made": made, "rows": [asdict(row) for row in rows]}
    paths = [folder / CSV_NAME, folder / JSON_NAME]
    store(paths[0], text.getvalue().encode())
    store(paths[1], (json.dumps(content, indent=1) + "\n").encode())
    return paths


def table_text(rows: Sequence[RateRow]) -> str:
    """Lay the rows out for the terminal."""
    lines = [
        f"{'sign':<15}{'fault':<52}{'available':<28}{'found':>22}{'named':>8}{'false alarms':>22}"
    ]
    for row in rows:
        named = f"{row.named.share:.0%}" if row.named.of else ""
        lines.append(
            f"{row.sign:<15}{row.fault:<52}{row.available:<28}{_cell(row.found):>22}{named:>8}"
            f"{_cell(row.false_alarms):>22}"
        )
    return "\n".join(line.rstrip() for line in lines)


def _cell(share: Share) -> str:
    if not share.of:
        return ""
    return f"{share.share:.1%} [{share.low:.1%} {share.high:.1%}]"

"""What is said of a folder of recordings once it was looked through. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecgview.engine.dataset import DataSummary


def found_line(summary: DataSummary) -> str:
    """Say what was found."""
    one = "recording" if summary.recordings == 1 else "recordings"
    # Where a set is split by file, nobody knows how many people it is of.
    people = "" if "file" in summary.splits else f" of {summary.patients:,} patients"
    line = f"{summary.recordings:,} {one}{people}"
    if summary.segments > summary.recordings:
        line += f", cut into {summary.segments:,} pieces"
    return line


def split_line(summary: DataSummary) -> str:
    """Say what keeps people apart, and what is missing."""
    line = f"Split: {summary.split}"
    return f"{line}; {summary.absent:,} listed but not there" if summary.absent else line


def sources_text(summary: DataSummary) -> str:
    """Name the data sets."""
    return "\n".join(f"{count:,} from {source}" for source, count in summary.sources.items())


def folds_text(folds: Sequence[int]) -> str:
    """Write folds as ``1-7, 9``."""
    parts: list[str] = []
    for fold in sorted(folds):
        first, _, last = parts[-1].partition("-") if parts else ("", "", "")
        if parts and int(last or first) == fold - 1:
            parts[-1] = f"{first}-{fold}"
        else:
            parts.append(str(fold))
    return ", ".join(parts)

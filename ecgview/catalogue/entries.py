"""A recording in a data set, and the catalogue of all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ecgview.catalogue.statements import OWN_VOCABULARY, Statement, Vocabulary

OLDEST_STATED = 89.0
"""Ages above it are not told by data sets that keep to the rules of de-identification."""
OVER_OLDEST = 90.0
"""What such an age is taken for when it is sorted or filtered by."""

CLEAN = "clean"
QUALITIES = {
    CLEAN: "nothing noted",
    "drift": "baseline drift",
    "static": "static noise",
    "burst": "burst noise",
    "electrodes": "electrode problems",
    "acceptable": "acceptable",
    "unacceptable": "unacceptable",
    "ungraded": "not graded",
}
"""What can be said of a recording's quality, in words."""


@dataclass(frozen=True)
class Entry:
    """A recording, and what its data set says of it; empty or None where that is nothing.

    Attributes
    ----------
    name : str
        Path inside the data set without the extension, as PhysioNet names it.
    path : Path
        The file to open.
    patient : str
        Number of the patient.
    age : float or None
        In years; `OVER_OLDEST` where the data set says only that it is above 89.
    sex : str
        ``female``, ``male``, or as written.
    fold : int
        From 1; 0 where there are no folds.
    statements : tuple of Statement
        In the order of the data set.
    superclasses : tuple of str
        Diagnostic superclasses of the statements.
    report : str
        The cardiologist's text, in its own language.
    comments : tuple of str
        Free text of the file's header.
    qualities : tuple of str
        Keys of `QUALITIES`; empty where nobody has looked.
    notes : tuple of (str, str)
        Other facts in words: (what, which).
    rate_hz : float or None
        Sampling rate.
    duration_s : float or None
        Length.
    leads : tuple of str
        Standard leads, where the header was read.
    device, recorded : str
        Recorder; date.
    is_read : bool
        False while the file's own header was not looked at yet.
    problem : str
        Why the file cannot be opened.
    """

    name: str
    path: Path
    patient: str = ""
    age: float | None = None
    sex: str = ""
    fold: int = 0
    statements: tuple[Statement, ...] = ()
    superclasses: tuple[str, ...] = ()
    report: str = ""
    comments: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    rate_hz: float | None = None
    duration_s: float | None = None
    leads: tuple[str, ...] = ()
    device: str = ""
    recorded: str = ""
    is_read: bool = True
    problem: str = ""

    @property
    def short_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def age_text(self) -> str:
        """The age for people."""
        if self.age is None:
            return ""
        return f"over {OLDEST_STATED:g}" if self.age > OLDEST_STATED else f"{self.age:g}"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What a folder holds.

    Attributes
    ----------
    folder : Path
        Where it is.
    title : str
        Name of the data set, or of the folder.
    entries : tuple of Entry
        In the order of the data set's own table, or of the names.
    vocabulary : Vocabulary
        What the codes of the statements mean.
    n_absent : int
        Recordings that the table lists and the folder lacks.
    """

    folder: Path
    title: str
    entries: tuple[Entry, ...]
    vocabulary: Vocabulary = field(default=OWN_VOCABULARY)
    n_absent: int = 0

    @cached_property
    def row_of_path(self) -> dict[Path, int]:
        """The place of each file among the entries."""
        return {entry.path: row for row, entry in enumerate(self.entries)}

    @property
    def n_unread(self) -> int:
        """How many headers were not looked at yet."""
        return sum(not entry.is_read for entry in self.entries)

    def words(self, entry: Entry, first: Collection[str] = ()) -> str:
        """Say in a line what is said of a recording: statements in words, or its comments.

        Parameters
        ----------
        entry : Entry
            The recording.
        first : collection of str
            Codes of statements that come before the others.
        """
        ordered = self.vocabulary.in_order(entry.statements)
        ordered.sort(key=lambda one: one.code not in first)
        statements = ", ".join(self.vocabulary[one.code].words for one in ordered)
        return statements or entry.problem or " · ".join(entry.comments)

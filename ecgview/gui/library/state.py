"""The library's state: one frozen dataclass, and the pure questions asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ecgview.catalogue.entries import Catalogue, Entry
from ecgview.catalogue.ordering import Scores
from ecgview.catalogue.query import Query
from ecgview.catalogue.search import Rows
from ecgview.catalogue.shelf import Shelf

NO_ROWS: Rows = np.zeros(0, dtype=np.int32)
PICTURE_LEADS = ("I", "II", "V1", "V2", "V5")
"""What the small pictures may be of."""


@dataclass(frozen=True)
class LibraryState:
    """Everything the page shows.

    Attributes
    ----------
    folder : Path or None
        The one chosen.
    looking : str
        What is being done to read it, empty when that is finished.
    problem : str
        Why it cannot be read.
    shelf : Shelf or None
        What is in it.
    query : Query
        What is asked for.
    sort, descending : str, bool
        Column that is sorted by (empty for the order of the data set), and which way.
    rows : ndarray of int, shape (shown,)
        Rows of the catalogue that are shown, in this order.
    selected : int
        Row of the catalogue that is selected; -1 for none.
    scores : Scores or None
        Figures for the leads and the model chosen in the window.
    scoring : bool
        Whether more of them are being made.
    picture_lead : str
        What the small pictures are of.
    """

    folder: Path | None = None
    looking: str = ""
    problem: str = ""
    shelf: Shelf | None = None
    query: Query = field(default_factory=Query)
    sort: str = ""
    descending: bool = False
    rows: Rows = field(default_factory=lambda: NO_ROWS)
    selected: int = -1
    scores: Scores | None = None
    scoring: bool = False
    picture_lead: str = "II"

    @property
    def catalogue(self) -> Catalogue | None:
        """What the folder holds."""
        return self.shelf.catalogue if self.shelf else None

    @property
    def entry(self) -> Entry | None:
        """The recording selected."""
        catalogue = self.catalogue
        at_one = catalogue is not None and 0 <= self.selected < len(catalogue.entries)
        return catalogue.entries[self.selected] if catalogue is not None and at_one else None

    @property
    def asked_codes(self) -> frozenset[str]:
        """Statements that are asked for; they come first in each row."""
        return self.shelf.asked_codes(self.query) if self.shelf else frozenset()

    @property
    def unknown_rows(self) -> Rows:
        """Rows shown that have no figures yet."""
        return self.rows if self.scores is None else self.rows[~self.scores.known[self.rows]]


def found_line(state: LibraryState) -> str:
    """Say how many recordings are shown."""
    if state.shelf is None:
        return ""
    n, shown = state.shelf.n, len(state.rows)
    one = "recording" if n == 1 else "recordings"
    return f"{n:,} {one}" if shown == n else f"{shown:,} of {n:,} {one}"


def scoring_line(state: LibraryState) -> str:
    """Say how far the figures are; empty where there are none and none are made."""
    if state.scores is None or not (state.scoring or state.scores.known.any()):
        return ""
    done = len(state.rows) - len(state.unknown_rows)
    return f"{done:,} of {len(state.rows):,} rebuilt"

"""The map itself: sets of available leads against the twelve leads; plain data, no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ecgview.engine.cards import set_key
from ecgview.engine.events import Event
from ecgview.engine.input_sets import PAPER_SETS
from ecgview.leads import CHEST_LEADS, LEADS, Origin, in_order, lead_origins

USUAL_SETS: tuple[tuple[str, ...], ...] = (
    *((lead,) for lead in LEADS),
    *(leads for leads in PAPER_SETS if len(leads) > 1),
)
"""All single leads, then the other sets of Gradowski & Buchner (2025) in their order."""

MEASURES = ("pcc", "rmse_uv")


@dataclass(frozen=True)
class CellFigures:
    """How well one lead comes back; None where that is not defined.

    Attributes
    ----------
    pcc : float or None
        Correlation with the recorded lead.
    rmse_uv : float or None
        Root-mean-square difference in microvolts.
    """

    pcc: float | None = None
    rmse_uv: float | None = None


NO_FIGURES = CellFigures()


@dataclass(frozen=True, eq=False)
class MapRow:
    """One set of available leads.

    Attributes
    ----------
    available : tuple of str
        The set.
    origins : mapping of str to Origin
        Where each of the twelve leads comes from.
    figures : mapping of bool to mapping of str to CellFigures
        Of the reconstructed leads, of raw (False) and of clean (True) signals.
    reason : str
        Why there are no figures; empty where there are.
    """

    available: tuple[str, ...]
    origins: Mapping[str, Origin]
    figures: Mapping[bool, Mapping[str, CellFigures]]
    reason: str = ""

    @property
    def key(self) -> str:
        """What the set tells a model: the same for any two limb leads."""
        return set_key(self.available)

    @property
    def reconstructed(self) -> tuple[str, ...]:
        """Leads that hold an estimate."""
        return tuple(lead for lead in LEADS if self.origins[lead] is Origin.RECONSTRUCTED)

    def value(self, lead: str, measure: str, *, clean: bool) -> float | None:
        """Give the figure of a lead.

        Parameters
        ----------
        lead : str
            Standard name.
        measure : str
            One of `MEASURES`.
        clean : bool
            Of signals high-passed at 0.5 Hz.
        """
        cell = self.figures.get(clean, {}).get(lead, NO_FIGURES)
        figure: float | None = getattr(cell, measure)
        return figure

    def mean(self, measure: str, *, clean: bool, chest: bool = True) -> float | None:
        """Give the mean over the reconstructed chest leads, or over all reconstructed leads.

        Leads without a figure do not count; None where no lead has one.
        """
        leads = [lead for lead in self.reconstructed if not chest or lead in CHEST_LEADS]
        values = [self.value(lead, measure, clean=clean) for lead in leads]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known else None


def refused_row(available: tuple[str, ...], reason: str, derived: Sequence[str] = ()) -> MapRow:
    """Make the row of a set that there are no figures for."""
    return MapRow(available, lead_origins(available, derived), {}, reason)


@dataclass(frozen=True, eq=False)
class LeadMap:
    """The map of a population or of one recording.

    Attributes
    ----------
    title : str
        Whose it is: the name of a recording, or of a population.
    model : str
        Name of the model.
    over : str
        What the figures are over: how many recordings, or which stretch.
    rows : tuple of MapRow
        One a set.
    versions : tuple of bool
        Which there are: raw (False), clean (True).
    """

    title: str
    model: str
    over: str
    rows: tuple[MapRow, ...]
    versions: tuple[bool, ...] = (False, True)

    def row(self, available: Iterable[str]) -> MapRow | None:
        """Find the row of a set."""
        wanted = in_order(available)
        return next((row for row in self.rows if row.available == wanted), None)


@dataclass(frozen=True, eq=False)
class RowDone(Event):
    """A row of a map is there.

    Attributes
    ----------
    row : MapRow
        The row.
    done, total : int
        How many there are so far, of how many.
    """

    row: MapRow
    done: int
    total: int


def sorted_rows(
    rows: Sequence[MapRow], measure: str, *, clean: bool, chest: bool = True
) -> tuple[MapRow, ...]:
    """Put rows in order of their mean, the best first; those without one last, as they were."""
    best_is_high = measure == "pcc"

    def place(row: MapRow) -> tuple[bool, float]:
        mean = row.mean(measure, clean=clean, chest=chest)
        if mean is None:
            return True, 0.0
        return False, -mean if best_is_high else mean

    return tuple(sorted(rows, key=place))


def difference(first: MapRow, second: MapRow | None) -> MapRow:
    """Subtract the figures of one row from those of another of the same set.

    Parameters
    ----------
    first, second : MapRow
        Without the second one there is nothing to compare with.

    Returns
    -------
    MapRow
        What the first has more, lead by lead.
    """
    if first.reason or second is None or second.reason:
        why = first.reason or (second.reason if second else "There is nothing to compare with.")
        return MapRow(first.available, first.origins, {}, why)
    figures = {
        clean: {
            lead: CellFigures(
                *(
                    _less(
                        first.value(lead, measure, clean=clean),
                        second.value(lead, measure, clean=clean),
                    )
                    for measure in MEASURES
                )
            )
            for lead in first.reconstructed
        }
        for clean in first.figures
        if clean in second.figures
    }
    return MapRow(first.available, first.origins, figures)


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second

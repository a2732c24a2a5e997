"""Many recordings and their estimates: opened, compared, counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ecgview.engine.comparison import Estimate, estimate_from
from ecgview.engine.events import Event, Failed, Progress
from ecgview.engine.metrics import Agreement, LeadAgreement, agreement
from ecgview.engine.pairing import Pairing
from ecgview.errors import EcgviewError
from ecgview.filtered import filtered_reconstruction, filtered_recording
from ecgview.formats import Corrections, ImportOptions, open_recording
from ecgview.leads import CHEST_LEADS, LEADS, Origin
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters


@dataclass(frozen=True)
class ComparisonTask:
    """How to compare.

    Attributes
    ----------
    clean : bool
        Whether figures are of high-passed signals.
    align : bool
        Whether estimates may be moved in time.
    measured : tuple of str
        Leads the estimates were given, where that is known.
    options : ImportOptions or None
        How to read text files that do not say.
    corrections : Corrections or None
        What is remembered for kinds of files.
    filters : Filters
        What recording and estimates are filtered with, once they are aligned.
    """

    clean: bool = False
    align: bool = True
    measured: tuple[str, ...] = ()
    options: ImportOptions | None = None
    corrections: Corrections | None = None
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True)
class Compared:
    """One estimate beside its recording."""

    path: Path
    estimate: Estimate
    agreement: Agreement


@dataclass(frozen=True, eq=False)
class RecordCompared(Event):
    """One recording is compared with all its estimates."""

    path: Path
    recording: Recording
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class MeanFigures:
    """Means over leads; None where none is defined."""

    pcc: float | None
    r2: float | None
    rmse_uv: float | None
    leads: int


def mean_figures(rows: Sequence[LeadAgreement], leads: Collection[str] = LEADS) -> MeanFigures:
    """Average the figures of the reconstructed ones among some leads.

    Parameters
    ----------
    rows : sequence of LeadAgreement
        Of an `Agreement`.
    leads : collection of str
        Which leads count.

    Returns
    -------
    MeanFigures
        Over the leads whose correlation is defined.
    """
    chosen = [row for row in rows if row.lead in leads and row.pcc is not None]

    def mean(name: str) -> float | None:
        values = [getattr(row, name) for row in chosen if getattr(row, name) is not None]
        return float(np.mean(values)) if values else None

    return MeanFigures(mean("pcc"), mean("r2"), mean("rmse_uv"), len(chosen))


def compare_files(pairings: Sequence[Pairing], task: ComparisonTask) -> Iterator[Event]:
    """Compare recordings with their estimates; a generator of events.

    Parameters
    ----------
    pairings : sequence of Pairing
        From `pairing.pair_records`.
    task : ComparisonTask
        How.

    Yields
    ------
    Event
        `Failed` for each file that cannot be compared, `RecordCompared` for each recording with
        an estimate left, and `Progress` after each.
    """
    for number, pairing in enumerate(pairings, start=1):
        try:
            recording = open_recording(
                pairing.truth, options=task.options, corrections=task.corrections
            )
        except EcgviewError as error:
            yield Failed(str(pairing.truth), str(error))
        else:
            compared = []
            for name, path in pairing.estimates:
                try:
                    compared.append(_compare(recording, name, path, task))
                except EcgviewError as error:
                    yield Failed(str(path), str(error))
            if compared:
                shown = filtered_recording(recording, task.filters)
                yield RecordCompared(pairing.truth, shown, tuple(compared))
        yield Progress(number, len(pairings), "Comparing")


def _compare(recording: Recording, name: str, path: Path, task: ComparisonTask) -> Compared:
    opened = open_recording(path, options=task.options, corrections=task.corrections)
    estimate = estimate_from(recording, opened, align=task.align, name=name, measured=task.measured)
    made = filtered_reconstruction(estimate.reconstruction, task.filters, recording.fs_hz)
    figures = agreement(filtered_recording(recording, task.filters), made, clean=task.clean)
    return Compared(path, replace(estimate, reconstruction=made), figures)


@dataclass(frozen=True)
class LeadSummary:
    """One lead over many recordings.

    Attributes
    ----------
    lead : str
        A lead, or ``chest`` or ``all`` for the mean over the reconstructed ones of each record.
    recordings : int
        Recordings in which it is reconstructed.
    mean, median : MeanFigures
        Over those recordings.
    """

    lead: str
    recordings: int
    mean: MeanFigures
    median: MeanFigures


class Tally:
    """Collects the figures of many recordings; keeps no samples.

    Parameters
    ----------
    names : sequence of str
        The estimates, in the order of the summaries.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._figures: dict[str, dict[str, list[MeanFigures]]] = {name: {} for name in names}

    def add(self, event: RecordCompared) -> None:
        """Count a recording."""
        for one in event.compared:
            of_lead = self._figures[one.estimate.name]
            rows = one.agreement.rows
            groups = {row.lead: (row.lead,) for row in rows if row.origin is Origin.RECONSTRUCTED}
            for name, leads in {**groups, "chest": CHEST_LEADS, "all": LEADS}.items():
                figures = mean_figures(rows, leads)
                if figures.leads:
                    of_lead.setdefault(name, []).append(figures)

    def summaries(self) -> dict[str, tuple[LeadSummary, ...]]:
        """Give mean and median of each lead for each estimate, leads in standard order."""
        order = (*LEADS, "chest", "all")
        return {
            name: tuple(_summary(lead, of_lead[lead]) for lead in order if lead in of_lead)
            for name, of_lead in self._figures.items()
            if of_lead
        }


def _summary(lead: str, figures: Sequence[MeanFigures]) -> LeadSummary:
    def over(reduce: Callable[[list[float]], np.floating]) -> MeanFigures:
        def of(name: str) -> float | None:
            values = [getattr(one, name) for one in figures if getattr(one, name) is not None]
            return float(reduce(values)) if values else None

        return MeanFigures(of("pcc"), of("r2"), of("rmse_uv"), max(one.leads for one in figures))

    return LeadSummary(lead, len(figures), over(np.mean), over(np.median))

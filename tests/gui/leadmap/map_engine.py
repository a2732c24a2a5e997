"""A stand-in for what computes lead maps, which can be held and broken."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from stand_ins import FakeEngine

from ecgview.engine.events import Finished, Progress
from ecgview.gui.backend import Backend
from ecgview.gui.leadmap.work import LeadMapBackend
from ecgview.leads import LEADS, Origin, lead_origins
from ecgview.studies.leadmap.table import CellFigures, LeadMap, MapRow, RowDone, refused_row


def pcc_of(recording_name: str, available: tuple[str, ...], lead: str, clean: bool) -> float:
    """Figures that tell recordings, sets, leads and versions apart."""
    return round(
        0.5 + 0.01 * len(available) + 0.02 * LEADS.index(lead) + (0.1 if clean else 0.0)
        - (0.3 if recording_name == "b" else 0.0), 4,
    )  # fmt: skip


@dataclass
class MapEngine(FakeEngine):
    """An engine whose maps can be told from each other."""

    map_error: BaseException | None = None
    asked_maps: list = field(default_factory=list)
    maps_closed: int = 0
    free: threading.Event = field(default_factory=threading.Event)
    rows_told: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    hold_after: int = 10**9
    card_fails: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.free.set()

    @property
    def backend(self) -> Backend:
        made = super().backend
        real = made.leadmap.map_of_card
        return replace(
            made,
            leadmap=LeadMapBackend(self.map_events, self.no_figures if self.card_fails else real),
        )

    def no_figures(self, card, sets):
        from ecgview.errors import ModelError

        raise ModelError("The card has no figures.")

    def map_events(self, recording, sets, question, device):
        self.asked_maps.append((recording.name, tuple(sets), question))
        try:
            yield Progress(0, 0, "Loading the model")
            rows = []
            for number, leads in enumerate(sets, start=1):
                if self.map_error is not None:
                    raise self.map_error
                if number > self.hold_after:
                    self.free.wait(20)
                rows.append(self.row(recording, leads))
                self.rows_told.release()
                yield RowDone(rows[-1], number, len(sets))
            yield Finished(LeadMap(recording.name, question.model, "10 s", tuple(rows)))
        finally:
            self.maps_closed += 1

    def row(self, recording, leads) -> MapRow:
        missing = [lead for lead in leads if lead not in recording.leads]
        if missing:
            return refused_row(leads, f"This recording has no {' and no '.join(missing)}.")
        origins = lead_origins(leads)
        rebuilt = [lead for lead in LEADS if origins[lead] is Origin.RECONSTRUCTED]
        figures = {
            clean: {
                lead: CellFigures(pcc_of(recording.name, leads, lead, clean), 100.0)
                for lead in rebuilt
                if lead in recording.leads
            }
            for clean in (False, True)
        }
        return MapRow(leads, origins, figures)

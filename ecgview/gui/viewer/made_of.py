"""What the lines of a lead are made of, and what is drawn of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ecgview.gui.viewer.labels import is_hidden
from ecgview.gui.viewer.layout import Cell
from ecgview.gui.viewer.lines import NO_SEGMENTS, Segments
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.leads import LEAD_INDEX, Origin

StyledSegments = tuple[tuple[int, Segments], ...]
"""Lines of other estimates, each with its style."""


class Traces(NamedTuple):
    """What is drawn of a lead, in logical pixels; each of shape (n, 4)."""

    original: Segments
    reconstruction: Segments
    shading: Segments
    others: StyledSegments
    band: Segments


NO_TRACES = Traces(NO_SEGMENTS, NO_SEGMENTS, NO_SEGMENTS, (), NO_SEGMENTS)


@dataclass(frozen=True, eq=False)
class Lines:
    """Which samples the lines of a lead are made of; None for no line.

    `half` is the half width of the reconstruction's interval, where it has one.
    """

    row: int
    solid: LevelledLeads | None
    dashed: LevelledLeads | None
    style: int
    others: tuple[tuple[int, LevelledLeads], ...]
    half: LevelledLeads | None

    @classmethod
    def of(cls, cell: Cell, signals: Signals) -> Lines:
        """Choose for a lead."""
        solid, dashed = _solid_and_dashed(cell, signals)
        others = tuple(_others_of(cell, signals))
        style = signals.overlays.style
        return cls(LEAD_INDEX[cell.lead], solid, dashed, style, others, signals.half)

    @property
    def solids(self) -> list[LevelledLeads]:
        """The solid line, if there is one."""
        return [] if self.solid is None else [self.solid]

    @property
    def dasheds(self) -> list[tuple[int, LevelledLeads]]:
        """Style and samples of the dashed line, if there is one."""
        return [] if self.dashed is None else [(self.style, self.dashed)]

    @property
    def pairs(self) -> list[tuple[LevelledLeads, LevelledLeads]]:
        """The lines that are shaded between."""
        return [(self.solid, self.dashed)] if self.solid and self.dashed else []

    @property
    def bands(self) -> list[tuple[LevelledLeads, LevelledLeads]]:
        """The dashed line and the half width of its interval, if it has one."""
        return [(self.dashed, self.half)] if self.dashed and self.half else []


def _solid_and_dashed(
    cell: Cell, signals: Signals
) -> tuple[LevelledLeads | None, LevelledLeads | None]:
    lead, overlaid, reconstruction = cell.lead, cell.shows == "overlay", signals.reconstruction
    if cell.shows == "available" and is_hidden(lead, reconstruction):
        return None, None
    recorded = signals.recorded if lead in signals.recording.leads else None
    if cell.shows == "original" or reconstruction is None:
        return recorded, None
    if lead in reconstruction.absent:
        return (recorded if overlaid else None), None
    if reconstruction.origins[lead] is Origin.RECONSTRUCTED:
        return (recorded if overlaid else None), signals.rebuilt
    given = recorded is None or cell.shows == "reconstruction"
    return (signals.rebuilt if given else recorded), None


def _others_of(cell: Cell, signals: Signals) -> Iterator[tuple[int, LevelledLeads]]:
    """Style and samples of the other estimates that hold an estimate of the lead."""
    if cell.shows in ("original", "available"):
        return
    for one, leads in zip(signals.overlays.others, signals.overlaid, strict=True):
        if cell.lead in one.reconstruction.reconstructed_leads:
            yield one.style, leads

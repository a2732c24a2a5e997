"""What the lead map shows: one frozen state, and pure questions to it and to the window's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ecgview.engine.cards import set_key
from ecgview.engine.input_sets import distinct_sets
from ecgview.gui.leadmap.work import MapQuestion
from ecgview.gui.reconstructions import visible_stretch
from ecgview.gui.state import SessionState
from ecgview.leads import in_order
from ecgview.studies.leadmap.stretches import LONGEST_S, over_words
from ecgview.studies.leadmap.table import (
    USUAL_SETS,
    LeadMap,
    MapRow,
    difference,
    refused_row,
    sorted_rows,
)

Source = Literal["recording", "population", "difference"]
Measure = Literal["pcc", "rmse_uv"]

_GROUPED_AT_MOST = len(USUAL_SETS) + 1


@dataclass(frozen=True)
class LeadMapState:
    """What is chosen on the page, and what is there to show.

    Attributes
    ----------
    source : {"recording", "population", "difference"}
        Whose figures are wanted; the difference is of the two.
    measure : {"pcc", "rmse_uv"}
        Which figures.
    by_mean : bool
        Whether rows stand in the order of their mean, and not in that of the paper.
    every_set : bool
        Whether the population's map has all 510 sets.
    rows : mapping of tuple to MapRow
        What is computed of the recording, by set.
    population : LeadMap or None
        What the model's card says of the sets.
    done, total : int
        How far the map of the recording is; 0 and 0 when nothing is computed.
    took_s : float or None
        How long it took.
    failure : str
        Why the recording has no map; empty where it has one.
    """

    source: Source = "recording"
    measure: Measure = "pcc"
    by_mean: bool = False
    every_set: bool = False
    rows: Mapping[tuple[str, ...], MapRow] = field(default_factory=dict)
    population: LeadMap | None = None
    done: int = 0
    total: int = 0
    took_s: float | None = None
    failure: str = ""


@dataclass(frozen=True, eq=False)
class ShownRow:
    """One row as it is drawn.

    Attributes
    ----------
    row : MapRow
        The set and its figures.
    group : int
        Rows of one group stand together.
    is_current : bool
        Whether the viewer shows this set.
    is_waiting : bool
        Whether its figures are still to come.
    """

    row: MapRow
    group: int
    is_current: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, eq=False)
class ShownMap:
    """The map as it is drawn.

    Attributes
    ----------
    source : {"recording", "population", "difference"}
        Whose figures these are; not always what is wanted.
    measure : {"pcc", "rmse_uv"}
        Which.
    clean : bool
        Of high-passed signals.
    rows : tuple of ShownRow
        From top to bottom.
    title, over : str
        Whose it is, and what it is over.
    remark : str
        Why it is not quite what is wanted; empty where it is.
    """

    source: Source
    measure: Measure
    clean: bool
    rows: tuple[ShownRow, ...]
    title: str = ""
    over: str = ""
    remark: str = ""


# Questions to the window's state


def can_map(state: SessionState) -> bool:
    """Tell whether a map of the recording may be made and shown: a lesson keeps leads back."""
    recording = state.recording
    there = recording is not None and bool(recording.leads) and recording.n_samples > 0
    return there and state.card is not None and not state.teaching.is_guessing


def map_stretch(state: SessionState) -> tuple[int, int]:
    """Give the samples ``[start, stop)`` that a map is over, no more than a minute.

    The marked stretch; without one the whole recording, or of a long one the page on screen.
    """
    recording = state.recording
    assert recording is not None
    most = round(LONGEST_S * recording.fs_hz)
    marked = state.view.mark_s is not None and state.comparison.stop > state.comparison.start
    if marked:
        start, stop = state.comparison.start, state.comparison.stop
    elif recording.n_samples <= most:
        return 0, recording.n_samples
    else:
        start, stop = visible_stretch(state) or (0, most)
    return start, min(stop, start + most)


def question_of(state: SessionState) -> MapQuestion | None:
    """Give what the map of the recording would be made by; None where none can be made."""
    card = state.card
    if card is None or not can_map(state):
        return None
    return MapQuestion(card.name, card.sha256, state.model_filters, *map_stretch(state))


def live_sets(state: SessionState) -> tuple[tuple[str, ...], ...]:
    """List the sets that the map of a recording has: the usual ones, and the viewer's own."""
    card = state.card
    if card is not None and card.leads:
        return () if card.needs_other_leads else (in_order(card.leads),)
    current = state.available
    known = {set_key(leads) for leads in USUAL_SETS}
    if state.recording is None or not current or set_key(current) in known:
        return USUAL_SETS
    return (current, *USUAL_SETS) if leaves_something(current) else USUAL_SETS


def leaves_something(available: Sequence[str]) -> bool:
    """Tell whether a set leaves a lead to rebuild."""
    return set_key(available) != "I,II,V1,V2,V3,V4,V5,V6"


def population_sets(state: SessionState, every_set: bool) -> tuple[tuple[str, ...], ...]:
    """List the sets of the population's map."""
    return tuple(distinct_sets()) if every_set else live_sets(state)


# The map


def shown_map(page: LeadMapState, window: SessionState) -> ShownMap:
    """Work out what is drawn.

    Parameters
    ----------
    page : LeadMapState
        What is chosen on the page and what is computed.
    window : SessionState
        Recording, model, raw or clean, the viewer's set.
    """
    source, why = _source(page, window)
    if source == "population":
        return _of_population(page, window, why)
    return _of_recording(page, window, source)


def _source(page: LeadMapState, window: SessionState) -> tuple[Source, str]:
    """Choose whose figures are shown, and say why where these are not the ones wanted."""
    if page.source == "population":
        return page.source, ""
    if window.teaching.is_guessing:
        return "population", (
            "The lesson keeps recorded leads back: this is what to expect, not this recording."
        )
    if window.recording is None:
        return "population", "Open a recording to see its own map."
    if page.source == "difference" and page.population is None:
        return "recording", "The model's card has no figures to compare with."
    return page.source, ""


def _of_population(page: LeadMapState, window: SessionState, remark: str) -> ShownMap:
    population = page.population
    if population is None:
        return ShownMap("population", page.measure, True, (), remark=remark)
    clean = window.clean or False not in population.versions
    rows = _arranged(population.rows, page, window, clean)
    return ShownMap(
        "population",
        page.measure,
        clean,
        rows,
        f"Population: {population.title}",
        population.over,
        remark,
    )


def _of_recording(page: LeadMapState, window: SessionState, source: Source) -> ShownMap:
    recording = window.recording
    assert recording is not None
    clean = window.clean or source == "difference"
    remark = _source(page, window)[1]
    over = over_words(recording, *map_stretch(window)) if can_map(window) else ""
    sets = live_sets(window)
    rows = [
        page.rows.get(leads) or refused_row(leads, "", recording.derived_leads) for leads in sets
    ]
    waiting = {leads for leads in sets if leads not in page.rows}
    if source == "difference" and page.population is not None:
        rows = [
            row if row.available in waiting else difference(row, _card_row(page, row))
            for row in rows
        ]
    arranged = tuple(
        replace(one, is_waiting=one.row.available in waiting)
        for one in _arranged(rows, page, window, clean)
    )
    return ShownMap(source, page.measure, clean, arranged, recording.name, over, remark)


def _card_row(page: LeadMapState, row: MapRow) -> MapRow | None:
    assert page.population is not None
    return next((one for one in page.population.rows if one.key == row.key), None)


def _arranged(
    rows: Sequence[MapRow], page: LeadMapState, window: SessionState, clean: bool
) -> tuple[ShownRow, ...]:
    current = set_key(window.available) if window.recording and window.available else ""
    mixed = page.by_mean or len(rows) > _GROUPED_AT_MOST
    if page.by_mean:
        rows = sorted_rows(rows, page.measure, clean=clean)
    return tuple(
        ShownRow(row, 0 if mixed else _group(row.available), row.key == current) for row in rows
    )


def _group(available: Sequence[str]) -> int:
    """Tell the part of the paper's table: one lead; I and II; with one chest lead; with two.

    Sets that stand in none of them, such as the viewer's own, come first.
    """
    if available not in USUAL_SETS:
        return 0
    return min(len(available), 4)


def as_lead_map(shown: ShownMap, model: str) -> LeadMap:
    """Give what is drawn as a map to be written: rows in their order, as far as they are there."""
    rows = tuple(one.row for one in shown.rows if not one.is_waiting)
    versions = tuple(clean for clean in (False, True) if any(clean in row.figures for row in rows))
    return LeadMap(shown.title, model, shown.over, rows, versions or (shown.clean,))

"""What the lead map asks of the engine; imported when first used, in a worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecgview.engine.events import Event, Finished
from ecgview.filtered import filtered_recording
from ecgview.gui.native_libraries import loading_quietly
from ecgview.gui.signal_processing import load as load_signal_processing
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from pathlib import Path

    from ecgview.engine.cards import ModelCard
    from ecgview.studies.leadmap.table import LeadMap

Events = Generator[Event, None, None]


@dataclass(frozen=True)
class MapQuestion:
    """What the map of a recording is made by; another one is another map.

    Attributes
    ----------
    model : str
        Name of the model.
    checksum : str
        Of its weights.
    filters : Filters
        Of what the model is given and the figures are of.
    start, stop : int
        Samples ``[start, stop)`` to compare over.
    """

    model: str
    checksum: str
    filters: Filters
    start: int
    stop: int


def _map_events(
    recording: Recording, sets: Sequence[tuple[str, ...]], question: MapQuestion, device: str
) -> Events:
    if "ecgview.engine.reconstruct" not in sys.modules:
        with loading_quietly():
            load_signal_processing()
            import ecgview.engine.reconstruct  # noqa: F401
    from ecgview.studies.leadmap.live import leadmap_events

    yield from leadmap_events(
        filtered_recording(recording, question.filters),
        question.model or None,
        device,
        sets=sets,
        stretch=(question.start, question.stop),
    )


def _map_of_card(card: ModelCard, sets: Sequence[tuple[str, ...]]) -> LeadMap:
    from ecgview.studies.leadmap.population import map_of_card

    return map_of_card(card, sets)


@dataclass(frozen=True)
class LeadMapBackend:
    """The functions that the lead map uses.

    Attributes
    ----------
    map_events : callable
        ``(recording, sets, question, device)`` -> events, a `RowDone` for each set; called in a
        worker.
    map_of_card : callable
        ``(card, sets)`` -> the `LeadMap` of a population, or a `ModelError`; quick, called in the
        window's thread.
    """

    map_events: Callable[[Recording, Sequence[tuple[str, ...]], MapQuestion, str], Events] = (
        _map_events
    )
    map_of_card: Callable[[ModelCard, Sequence[tuple[str, ...]]], LeadMap] = _map_of_card


def csv_job(lead_map: LeadMap, target: Path) -> Events:
    """Write a map as CSV, a line for each set and lead."""
    from ecgview.storing import store
    from ecgview.studies.leadmap.writing import leads_csv

    store(target, leads_csv(lead_map).encode())
    yield Finished(target)


def picture_job(lead_map: LeadMap, target: Path, **how: Any) -> Events:
    """Write a map as a figure; see `ecgview.export.leadmap_figure.leadmap_figure`."""
    from ecgview.export.leadmap_figure import leadmap_figure
    from ecgview.export.style import save_figure

    save_figure(leadmap_figure(lead_map, **how), target, overwrite=True)
    yield Finished(target)

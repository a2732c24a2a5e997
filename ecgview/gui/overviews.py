"""Pyramids of the long recordings shown: filled in the background, and kept on disk.

The stretch in sight comes first, and a reconstruction that is still being made is followed as it
grows. Nothing here paints; the trace area and the strip below it are told what is there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from ecgview.engine.events import Event, Finished
from ecgview.engine.overview_files import load_overview, overview_key, save_overview
from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.viewer.signals import LevelledLeads, Signals, Stretch
from ecgview.gui.viewer.trace_paper import TracePaper
from ecgview.recording import Recording

TOLD_EVERY_S = 0.1


@dataclass(frozen=True)
class Filled(Event):
    """Stretches of samples that far views know from now on."""

    stretches: tuple[Stretch, ...]


def overview_job(
    leads: LevelledLeads, first_sample: int = 0, kept_as: Recording | None = None
) -> Iterator[Event]:
    """Fill the pyramid of some leads, as far as their samples are there.

    Parameters
    ----------
    leads : LevelledLeads
        Long enough to have one.
    first_sample : int
        Where to begin; what lies before comes last.
    kept_as : Recording, optional
        The recording they are of, where the pyramid is to be looked for, and kept, on disk.

    Yields
    ------
    Event
        `Filled` ten times a second; at last a `Finished`.
    """
    pyramid = leads.pyramid
    assert pyramid is not None
    key = overview_key(kept_as) if kept_as is not None else None
    if key is not None and load_overview(key, pyramid, leads.medians_mv()):
        yield Filled(((0, leads.n_samples),))
        yield Finished(None)
        return
    stretches: list[Stretch] = []
    told_at_s = time.monotonic()
    for part in _parts_to_fill(leads, first_sample):
        pyramid.read_part(part, leads.read)
        stretches.append((part * pyramid.block, (part + 1) * pyramid.block))
        if time.monotonic() - told_at_s > TOLD_EVERY_S:
            yield Filled(tuple(stretches))
            stretches, told_at_s = [], time.monotonic()
    yield Filled(tuple(stretches))
    if key is not None and pyramid.is_complete:
        save_overview(key, pyramid, leads.medians_mv())
    yield Finished(None)


def _parts_to_fill(leads: LevelledLeads, first_sample: int) -> list[int]:
    """Give the parts that are not filled and whose samples are there, in order of need."""
    pyramid = leads.pyramid
    assert pyramid is not None
    block, end = pyramid.block, leads.n_samples
    missing = [int(part) for part in np.flatnonzero(~pyramid.built)]
    missing = [part for part in missing if leads.has(part * block, min((part + 1) * block, end))]
    first_part = first_sample // block
    return [p for p in missing if p >= first_part] + [p for p in missing if p < first_part]


class Overviews(QObject):
    """Has the pyramids filled that the trace area needs.

    Parameters
    ----------
    trace_area : TracePaper
        Tells what is shown, and is told what there is.
    parent : QObject
        Owner; call `close` before it goes.
    """

    changed = Signal()
    """More is known, or there is something else to know."""
    failed = Signal(object, str)
    """An exception and its details: samples could not be read."""

    def __init__(self, trace_area: TracePaper, parent: QObject) -> None:
        super().__init__(parent)
        self._area = trace_area
        self._lane = Lane(self)
        self._signals: Signals | None = None
        self._job: Job | None = None
        self._at_work: LevelledLeads | None = None
        self._given_up: LevelledLeads | None = None
        trace_area.signalsChanged.connect(self.start)
        trace_area.grown.connect(self._go_on)

    def close(self) -> None:
        """Stop the worker."""
        self._lane.stop()
        self._job = self._at_work = None

    @property
    def fraction(self) -> float:
        """How much of the recording far views know, 0 to 1."""
        leads = self._signals.recorded if self._signals else None
        if leads is None or leads.pyramid is None or leads is self._given_up:
            return 1.0
        return leads.pyramid.fraction

    def start(self) -> None:
        """Work for what is shown now; what was under way for something else is dropped."""
        self._signals = self._area.signals()
        if self._job is not None and not self._is_shown(self._at_work):
            self._job.cancel()
            self._job = self._at_work = None
        self._go_on()
        self.changed.emit()

    def _is_shown(self, leads: LevelledLeads | None) -> bool:
        return self._signals is not None and any(one is leads for one in self._signals.all)

    def _go_on(self) -> None:
        """Fill the next pyramid that lacks something."""
        signals = self._signals
        if signals is None or self._job is not None or self._is_shown(self._given_up):
            return
        fs_hz = signals.recording.fs_hz
        first_sample = min(round(self._area.view().start_s * fs_hz), signals.recorded.n_samples - 1)
        for leads in signals.all:
            if leads.pyramid is not None and _parts_to_fill(leads, 0):
                kept_as = None
                if leads is signals.recorded and not self._area.is_filtered:
                    kept_as = signals.recording
                self._at_work = leads
                self._job = self._lane.submit(
                    partial(overview_job, leads, first_sample, kept_as),
                    partial(self._on_ended, leads),
                    partial(self._on_event, leads),
                )
                return

    def _on_event(self, leads: LevelledLeads, event: Event) -> None:
        if isinstance(event, Filled) and self._is_shown(leads):
            self._area.show_filled(event.stretches)
            self.changed.emit()

    def _on_ended(self, leads: LevelledLeads, outcome: Outcome) -> None:
        if self._at_work is leads:
            self._job = self._at_work = None
            if isinstance(outcome, Returned):
                self._go_on()
            elif isinstance(outcome, Broken):
                self._given_up = leads
                self.failed.emit(outcome.exception, outcome.details)
                self.changed.emit()

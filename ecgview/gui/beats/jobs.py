"""Questions about beats, and the jobs that answer them in a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished, Progress
from ecgview.gui.beats.state import Stretch
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.measurements.rhythm import Rhythm


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be found, and in what.

    Attributes
    ----------
    recording : Recording
        To look in.
    leads : tuple of str
        Measured leads to choose from.
    lead : str
        The one that was chosen; empty for the clearest.
    stretch : Stretch
        Where to look.
    rhythm : Rhythm or None
        R peaks found before, to delineate about.
    reconstruction : Reconstruction or None
        To average beside the recording.
    rebuilt : bool
        Whether all of the stretch is reconstructed already.
    filters : Filters
        Of the model's input: what is averaged beside its reconstruction is filtered alike.
    """

    recording: Recording
    leads: tuple[str, ...]
    stretch: Stretch
    lead: str = ""
    rhythm: Rhythm | None = None
    reconstruction: Reconstruction | None = None
    rebuilt: bool = True
    filters: Filters = field(default_factory=Filters)

    def same(self, other: Question | None) -> bool:
        """Tell whether another question has the same answer."""
        return (
            other is not None
            and self.recording is other.recording
            and self.rhythm is other.rhythm
            # By its samples: one that grows in the background is another object each time.
            and getattr(self.reconstruction, "source", None)
            is getattr(other.reconstruction, "source", None)
            and (self.leads, self.lead, self.rebuilt) == (other.leads, other.lead, other.rebuilt)
            and self.filters == other.filters
            and (self.stretch.start, self.stretch.stop) == (other.stretch.start, other.stretch.stop)
        )


def rhythm_job(question: Question) -> Iterator[Event]:
    """Find R peaks.

    Yields
    ------
    Event
        Progress in samples; at last a `Finished` with a `Rhythm`.
    """
    from ecgview.measurements.rhythm_search import find_rhythm

    stretch = question.stretch
    yield Progress(0, stretch.stop - stretch.start, "Finding beats")
    leads = (question.lead,) if question.lead else question.leads
    steps = find_rhythm(question.recording, leads, stretch.start, stretch.stop)
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            yield Finished(end.value)
            return
        yield Progress(done, total, "Finding beats")


def waves_job(question: Question) -> Iterator[Event]:
    """Delineate P, QRS and T.

    Yields
    ------
    Event
        Progress; at last a `Finished` with `Waves`.
    """
    from ecgview.measurements.waves import find_waves

    yield Progress(0, 1, "Delineating")
    assert question.rhythm is not None
    start = max(question.stretch.start, question.rhythm.start)
    stop = min(question.stretch.stop, question.rhythm.stop)
    yield Finished(find_waves(question.recording, question.rhythm, start, stop))


def average_job(question: Question) -> Iterator[Event]:
    """Average the beats.

    Yields
    ------
    Event
        Progress; at last a `Finished` with an `AverageBeat`.
    """
    from ecgview.filtered import filtered_recording
    from ecgview.measurements.average import average_beat

    yield Progress(0, 1, "Averaging beats")
    stretch = question.stretch
    yield Finished(
        average_beat(
            filtered_recording(question.recording, question.filters),
            question.reconstruction,
            question.leads,
            stretch.start,
            stretch.stop,
            lead=question.lead,
        )
    )

"""Progress of long jobs on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecgview.engine.events import Event


def follow(events: Iterable[Event], unit: str) -> Iterator[Event]:
    """Show the progress of a job on standard error and hand on its other events.

    Of several processes only the first shows anything.
    """
    from tqdm import tqdm

    from ecgview.engine.distributed import is_first
    from ecgview.engine.events import Failed, Progress

    hidden = None if is_first() else True
    with tqdm(file=sys.stderr, unit=unit, disable=hidden, leave=False) as bar:
        for event in events:
            if isinstance(event, Progress):
                bar.total = event.total
                bar.set_description_str(event.message, refresh=False)
                bar.update(event.done - bar.n)
                continue
            if isinstance(event, Failed) and is_first():
                bar.clear()
                print(f"ecgview: {event.message}", file=sys.stderr)
            yield event


def result_of(events: Iterable[Event], unit: str) -> Any:
    """Follow a job to what it was for; None in a process that does not finish it."""
    from ecgview.engine.events import Finished

    for event in follow(events, unit):
        if isinstance(event, Finished):
            return event.result
    return None

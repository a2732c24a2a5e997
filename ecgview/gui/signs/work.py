"""What the window asks of the engine about signs; imported when first used, in a worker."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.engine.events import Event
from ecgview.gui.native_libraries import loading_quietly
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

Events = Generator[Event, None, None]


def _find(recording: Recording, available: tuple[str, ...], model: str | None) -> Events:
    with loading_quietly():
        from ecgview.engine.signs.find import sign_events
    yield from sign_events(recording, available, model)


def _can_find(card: ModelCard | None) -> bool:
    path = getattr(card, "path", None)
    if card is None or path is None:
        return False
    from ecgview.engine.signs.standards import standards_path

    return standards_path(card).is_file()


@dataclass(frozen=True)
class SignsBackend:
    """The engine's functions about signs.

    Attributes
    ----------
    find : callable
        ``(recording, available, model)`` -> events, the last a `Finished` with a tuple of `Sign`;
        called in a worker.
    can_find : callable
        Tells of a card whether signs can be looked for with it; quick.
    """

    find: Callable[[Recording, tuple[str, ...], str | None], Events] = _find
    can_find: Callable[[ModelCard | None], bool] = _can_find

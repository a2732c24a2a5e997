"""Load scipy's signal processing: seconds where a disk is slow, so never in the window's thread."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ecgview.engine.events import Event, Finished, Progress


def is_loaded() -> bool:
    """Tell whether it can be used without waiting."""
    # Both modules set `__all__` at their end; a module that is being imported is listed already.
    found = (sys.modules.get(name) for name in ("scipy.signal", "scipy.ndimage"))
    return all(hasattr(module, "__all__") for module in found)


def load() -> None:
    """Import it; for workers."""
    import scipy.ndimage
    import scipy.signal  # noqa: F401


def loading_job() -> Iterator[Event]:
    """Import it.

    Yields
    ------
    Event
        Progress; at last a `Finished` with nothing.
    """
    yield Progress(0, 1, "Loading the signal processing")
    load()
    yield Finished(None)

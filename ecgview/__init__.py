"""ecgview: open twelve-lead ECGs, choose the available leads, see the others rebuilt.

Research and education only. Not a medical device. Not for diagnosis. Reconstructed leads are
model estimates.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

DISCLAIMER = (
    "Research and education only. Not a medical device. Not for diagnosis. "
    "Reconstructed leads are model estimates."
)

_ROOM_OF_NAME = {
    "EcgviewError": "ecgview.errors",
    "LEADS": "ecgview.leads",
    "Recording": "ecgview.recording",
    "Reconstruction": "ecgview.reconstruction",
    "open_recording": "ecgview.formats",
    "reconstruct": "ecgview.engine.reconstruct",
    "save_recording": "ecgview.formats",
    "simulate": "ecgview.simulate",
}

__all__ = ["DISCLAIMER", "__version__", *sorted(_ROOM_OF_NAME)]


def __getattr__(name: str) -> Any:
    # Names are fetched when first used, so that `import ecgview` stays light.
    if name not in _ROOM_OF_NAME:
        raise AttributeError(f"module 'ecgview' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOM_OF_NAME[name]), name)

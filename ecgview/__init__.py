"""ecgview: open twelve-lead ECGs, choose the available leads, see the others rebuilt.

Research and education only. Not a medical device. Not for diagnosis. Reconstructed leads are
model estimates.

For scripts and notebooks::

    from ecgview import agreement, open_recording, reconstruct

    recording = open_recording("record.hea")
    rebuilt = reconstruct(recording, ("I", "II", "V2"))
    for row in agreement(recording, rebuilt, clean=True).rows:
        print(row.lead, row.origin.value, row.pcc, row.rmse_uv)

`rebuilt.read()` gives the twelve leads, shape (12, samples), in mV. Training, evaluation and
comparison are generators of events: `ecgview.engine.training.train`,
`ecgview.engine.evaluation.evaluate_models`, `ecgview.engine.comparison_batch.compare_files`.
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
    "agreement": "ecgview.engine.metrics",
    "list_models": "ecgview.engine.cards",
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

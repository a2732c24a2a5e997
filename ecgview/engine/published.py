"""Cards of the published linear transforms: models without weights (no torch here)."""

from __future__ import annotations

import math

from ecgview.engine.cards import ModelCard
from ecgview.leads import FRANK_LEADS
from ecgview.signals.transforms import TRANSFORMS, Transform

PUBLISHED = "published"
"""Their architecture, as cards name it."""

_NEEDS = {
    "dower": "the twelve leads from Frank's X, Y and Z",
    "easi": "the twelve leads from ES, AS and AI",
    "kors": "Frank's X, Y and Z from I, II and V1 to V6, by regression",
    "inverse-dower": "Frank's X, Y and Z from I, II and V1 to V6",
}


def published_cards() -> list[ModelCard]:
    """List the transforms as models; they work sample by sample at any rate."""
    return [_card(transform) for transform in TRANSFORMS.values()]


def _card(transform: Transform) -> ModelCard:
    return ModelCard(
        name=transform.name,
        title=transform.title,
        description=f"Linear: {_NEEDS[transform.name]}. {transform.source}.",
        architecture=PUBLISHED,
        arguments={"transform": transform.name},
        fs_hz=0.0,
        bandwidth_hz=math.inf,
        leads=transform.inputs,
        rebuilds=transform.outputs if transform.outputs == FRANK_LEADS else (),
    )

"""The linear model that stands beside a network in tables: the floor it has to rise above."""

from __future__ import annotations

from collections.abc import Sequence

from ecgview.engine.cards import ModelCard, find_model, read_card
from ecgview.engine.published import PUBLISHED
from ecgview.errors import ModelError

LINEAR = "least-squares"
_BUNDLED = "anylead-linear"


def linear_companion(card: ModelCard) -> ModelCard | None:
    """Find the linear model to compare a model with.

    Parameters
    ----------
    card : ModelCard
        A model.

    Returns
    -------
    ModelCard or None
        ``NAME-linear`` in the folder of the model, which has learned from the same recordings,
        else the bundled one; None for a linear model or a transform, or where there is no other.
    """
    if card.architecture in (LINEAR, PUBLISHED):
        return None
    beside = card.path.parent / f"{card.path.stem}-linear.safetensors"
    for find in (lambda: read_card(beside), lambda: find_model(_BUNDLED)):
        try:
            return find()
        except ModelError:
            continue
    return None


def with_companions(cards: Sequence[ModelCard]) -> list[ModelCard]:
    """Add the linear models that belong beside some models.

    Parameters
    ----------
    cards : sequence of ModelCard
        Models that were asked for.

    Returns
    -------
    list of ModelCard
        Those asked for in their order, each once, then linear models that were not among them.
    """
    companions = [linear_companion(card) for card in cards]
    by_file = {(card.path, card.name): card for card in (*cards, *companions) if card is not None}
    return list(by_file.values())

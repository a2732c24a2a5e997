"""What gives the estimates: a model, or cross-fitted networks each where it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.engine.cards import ModelCard, find_model
from ecgview.engine.companions import linear_companion
from ecgview.engine.crossfit import crossfit_cards, left_out_by
from ecgview.engine.dataset import Entry
from ecgview.engine.folds import fold_phrase
from ecgview.engine.published import PUBLISHED
from ecgview.errors import ModelError
from ecgview.studies.agreement.results import ModelFacts


@dataclass(frozen=True, eq=False)
class Estimator:
    """A model of the study.

    Attributes
    ----------
    name : str
        For the table.
    cards : tuple of ModelCard
        One; or those of cross-fitted networks in order.
    """

    name: str
    cards: tuple[ModelCard, ...]

    @property
    def fs_hz(self) -> float:
        """Rate that the models work at; 0 for any."""
        return self.cards[0].fs_hz

    def card_of(self, entry: Entry) -> int:
        """Tell which of the cards rebuilds a recording."""
        return left_out_by(entry) - 1 if len(self.cards) > 1 else 0

    def facts(self) -> ModelFacts:
        """Say what it is."""
        first = self.cards[0]
        return ModelFacts(
            self.name,
            first.title if len(self.cards) == 1 else f"{first.title}, cross-fitted",
            first.architecture,
            tuple(card.path.name for card in self.cards),
            tuple(card.sha256 for card in self.cards),
            "; ".join(_trained_on(card) for card in self.cards),
        )

    def warning(self, entries: Sequence[Entry]) -> str:
        """Say how many of some recordings the model has learned from; empty if none."""
        if len(self.cards) > 1:
            return ""
        seen = sum(map(_has_seen(self.cards[0]), entries))
        if not seen:
            return ""
        return (
            f"{self.name} was trained on {seen} of these {len(entries)} recordings: its figures "
            "on what it has seen are too good."
        )


def _has_seen(card: ModelCard) -> Callable[[Entry], bool]:
    """Tell of recordings whether a model was trained on them, by its list of records or folds."""
    sources = card.training.get("data", {})
    records = card.training.get("records")
    file = card.path.with_name(records) if records else None
    if file is not None and file.is_file():
        names = set(file.read_text(encoding="utf-8").split())
        return lambda entry: entry.source in sources and entry.name in names
    folds = card.training.get("folds", ())
    return lambda entry: entry.source in sources and entry.fold in folds


def _trained_on(card: ModelCard) -> str:
    data = card.training.get("data", {})
    names = ", ".join(f"{source.split(' (')[0]} ({count})" for source, count in data.items())
    folds = card.training.get("folds", ())
    return ", ".join(filter(None, (names or "not stated", fold_phrase(folds))))


def find_estimators(names: Sequence[str]) -> list[Estimator]:
    """Find models, and the linear ones that belong beside them.

    Parameters
    ----------
    names : sequence of str
        Names or files as `find_model` takes them, or folders of cross-fitted networks; the
        default model where it is empty.

    Returns
    -------
    list of Estimator
        Those asked for in their order, each once, then linear ones that were not among them.

    Raises
    ------
    ModelError
        If there is no such model, or it does not rebuild leads of the twelve.
    """
    asked = [_found(name) for name in names or (None,)]
    beside = [companion for each in asked if (companion := _companion(each)) is not None]
    by_files = {tuple(card.path for card in each.cards): each for each in (*asked, *beside)}
    return list(by_files.values())


def _found(name: str | None) -> Estimator:
    if name is not None and Path(name).is_dir():
        return Estimator(Path(name).resolve().name, crossfit_cards(Path(name)))
    card = find_model(name)
    if card.architecture == PUBLISHED:
        raise ModelError(
            f"{card.name} is a transform to or from other leads.",
            "Take a model that rebuilds some of the twelve leads from others.",
        )
    return Estimator(card.name, (card,))


def _companion(each: Estimator) -> Estimator | None:
    """Find the linear model of each card; for cross-fitted networks all of them or none."""
    linear = [linear_companion(card) for card in each.cards]
    cards = tuple(card for card in linear if card is not None)
    if len({card.path for card in cards}) < len(each.cards):
        return None
    return Estimator(f"{each.name}-linear" if len(cards) > 1 else cards[0].name, cards)

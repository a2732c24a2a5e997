"""Cross-fitted networks: four, each trained without a quarter of the patients.

What a network makes of recordings that it was trained on says too little of its errors. Each
recording of the training list is left out by exactly one of these four, so that all of them give
errors on recordings not seen. Folds are kept together in pairs, so that patients are.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.engine.cards import ModelCard, read_card
from ecgview.engine.dataset import Entry
from ecgview.engine.distributed import wait
from ecgview.engine.events import Event, Finished
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.recipes import RECIPES
from ecgview.engine.training import TrainingTask, train

COUNT = 4
RECIPE = "anylead"


@dataclass(frozen=True)
class NetworkStarted(Event):
    """Training of a cross-fitted network begins, or goes on.

    Attributes
    ----------
    number, count : int
        Which it is, counted from 1, of how many.
    """

    number: int
    count: int


def left_out_by(entry: Entry) -> int:
    """Give the number of the network, 1 to `COUNT`, that does not see a recording."""
    return (entry.fold - 1) // 2 % COUNT + 1


def crossfit_name(number: int) -> str:
    """Name a network, as its files are."""
    return f"crossfit-{number}"


def crossfit_parameters() -> TrainingParameters:
    """Parameters of the networks: smaller and shorter than the model that ships."""
    return RECIPES[RECIPE].parameters(members=1, base_width=24, epochs=40)


def crossfit_events(
    entries: Sequence[Entry],
    output: Path,
    device: str,
    command: tuple[str, ...],
    *,
    cache: bool = True,
) -> Generator[Event, None, tuple[ModelCard, ...]]:
    """Train the networks, or take those that are there.

    Parameters
    ----------
    entries : sequence of Entry
        The training recordings of the model that ships.
    output : Path
        Folder of the networks; a run that stopped goes on, one that is finished is not repeated.
    device : str
        Torch device.
    command : tuple of str
        The command line, for the cards.
    cache : bool
        Whether prepared recordings are kept.

    Yields
    ------
    Event
        `NetworkStarted` and the events of training for each.

    Returns
    -------
    tuple of ModelCard
        What ``yield from`` gives: the networks in order.

    Raises
    ------
    TrainingError
        If there are networks of these names with other parameters.
    """
    for number in range(1, COUNT + 1):
        yield NetworkStarted(number, COUNT)
        seen = tuple(entry for entry in entries if left_out_by(entry) != number)
        task = TrainingTask(
            name=crossfit_name(number),
            recipe=RECIPE,
            entries=seen,
            validation_entries=(),
            output=output,
            device=device,
            folds=tuple(sorted({entry.fold for entry in seen})),
            command=command,
            cache=cache,
            resume=True,
        )
        for event in train(task, crossfit_parameters()):
            if not isinstance(event, Finished):
                yield event
    wait()
    return crossfit_cards(output)


def crossfit_cards(folder: Path) -> tuple[ModelCard, ...]:
    """Read the cards of the networks in a folder, in order.

    Raises
    ------
    ModelError
        If one is not there.
    """
    return tuple(
        read_card(folder / f"{crossfit_name(number)}.safetensors") for number in range(1, COUNT + 1)
    )

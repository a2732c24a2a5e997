"""All that a training run needs to go on as if it had never stopped, in one file.

Weights, their average and the optimiser's moments are tensors of a safetensors file; history,
learning rate schedule, random states and parameters are JSON in the header of the same file, so
that all are replaced at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ecgview.engine.checkpoint import write_weights
from ecgview.engine.distributed import world_size
from ecgview.engine.learners import Learner
from ecgview.engine.parameters import TrainingParameters
from ecgview.engine.runs import EpochRecord
from ecgview.errors import TrainingError

_TORCH_STATE = "torch_random_state"
_MAY_DIFFER = frozenset({"patience"})


def save_state(
    path: Path,
    learners: Sequence[Learner],
    parameters: TrainingParameters,
    history: Sequence[EpochRecord],
) -> None:
    """Write the state after an epoch, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    learners : sequence of Learner
        The members.
    parameters : TrainingParameters
        Of the run; it can only go on with the same.
    history : sequence of EpochRecord
        The epochs that are done.
    """
    tensors: dict[str, Tensor] = {_TORCH_STATE: torch.get_rng_state()}
    for number, learner in enumerate(learners):
        for name, tensor in _tensors(learner).items():
            tensors[f"{number}.{name}"] = tensor
    facts = {
        "history": [asdict(record) for record in history],
        "parameters": asdict(parameters),
        "processes": world_size(),
        "members": [_facts(learner) for learner in learners],
    }
    write_weights(path, tensors, {"state": json.dumps(facts)})


def restore_state(
    path: Path, learners: Sequence[Learner], parameters: TrainingParameters
) -> tuple[EpochRecord, ...]:
    """Put learners into the state that was saved.

    Parameters
    ----------
    path : Path
        The file.
    learners : sequence of Learner
        New members, made with the same parameters on the same recordings.
    parameters : TrainingParameters
        Of the run.

    Returns
    -------
    tuple of EpochRecord
        The epochs that are done.

    Raises
    ------
    TrainingError
        If the file is damaged, or belongs to other parameters.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads(file.metadata()["state"])
            # Copies: the tensors are the mapped file, which Windows would not let us replace.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            f"{path} is not the state of a training run ({error}).", "Train anew without --resume."
        ) from error
    check_parameters(facts["parameters"], parameters)
    processes = facts.get("processes", 1)
    if processes != world_size():
        raise TrainingError(
            f"The run was started with {processes} process(es), not {world_size()}.",
            "Go on with as many, or train into another folder.",
        )
    torch.set_rng_state(tensors.pop(_TORCH_STATE))
    for number, (learner, its) in enumerate(zip(learners, facts["members"], strict=True)):
        prefix = f"{number}."
        own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        _restore(learner, own, its)
    return tuple(EpochRecord(**record) for record in facts["history"])


def check_parameters(saved: Mapping[str, Any], parameters: TrainingParameters) -> None:
    """Refuse to go on with other parameters than a run was started with.

    Parameters
    ----------
    saved : Mapping of str to object
        Those of the run, as in its file.
    parameters : TrainingParameters
        What is wished now; ``patience``, and at a constant rate ``epochs``, may differ.

    Raises
    ------
    TrainingError
        If any other parameter differs.
    """
    # With a constant rate nothing depends on how long the run is to be.
    free = _MAY_DIFFER | ({"epochs"} if parameters.schedule == "constant" else set())
    for name, value in asdict(parameters).items():
        before = saved.get(name)
        before = tuple(before) if isinstance(before, list) else before
        if name not in free and before != value:
            raise TrainingError(
                f"The run was started with {name.replace('_', '-')} {before}, not {value}.",
                "Go on with the same, or train into another folder.",
            )


def _tensors(learner: Learner) -> dict[str, Tensor]:
    tensors = {f"model.{name}": tensor for name, tensor in learner.model.state_dict().items()}
    if learner.average is not None:
        average = learner.average.state_dict()
        tensors.update({f"average.{name}": tensor for name, tensor in average.items()})
    for index, moments in learner.optimiser.state_dict()["state"].items():
        tensors.update({f"optimiser.{index}.{name}": value for name, value in moments.items()})
    return tensors


def _facts(learner: Learner) -> dict[str, Any]:
    return {
        "optimiser": learner.optimiser.state_dict()["param_groups"],
        "schedule": _plain(learner.schedule.state_dict()),
        "generator": learner.generator.bit_generator.state,
    }


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is made anew from the parameters, such as functions."""
    return {name: value for name, value in state.items() if _is_plain(value)}


def _is_plain(value: object) -> bool:
    return isinstance(value, int | float | str | bool) or (
        isinstance(value, list) and all(isinstance(item, int | float) for item in value)
    )


def _restore(learner: Learner, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
    learner.model.load_state_dict(_below("model.", tensors))
    if learner.average is not None:
        learner.average.load_state_dict(_below("average.", tensors))
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _below("optimiser.", tensors).items():
        index, _, what = name.partition(".")
        moments.setdefault(int(index), {})[what] = tensor
    learner.optimiser.load_state_dict({"state": moments, "param_groups": facts["optimiser"]})
    learner.schedule.load_state_dict(facts["schedule"])
    learner.generator.bit_generator.state = facts["generator"]


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

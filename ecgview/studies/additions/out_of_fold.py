"""Errors of every set of leads on recordings that the network at work had not seen.

Cross-fitted networks, each trained without a part of the patients, rebuild that part: a choice made
on these recordings and reported on others is an honest one. What is done is kept block by block.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard
from ecgview.engine.crossfit import COUNT, left_out_by
from ecgview.engine.dataset import Entry, choose_entries, data_sources
from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import distinct_sets, known_leads
from ecgview.engine.metrics import correlation, rmse
from ecgview.leads import INDEPENDENT_LEADS, LEAD_INDEX
from ecgview.signals.filters import clean
from ecgview.storing import store
from ecgview.studies.additions.set_errors import SetErrors, summed_up

if TYPE_CHECKING:
    from ecgview.engine.signal_set import SignalSet

BLOCK = 32
"""Recordings of one network that are rebuilt, and kept, together."""
_SAMPLES = 1024
_SEED = 1

_Part = tuple[NDArray[np.float16], NDArray[np.float16]]
_ROWS = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]


@dataclass(frozen=True)
class OutOfFoldTask:
    """What to measure.

    Attributes
    ----------
    data_dirs : tuple of Path
        Data sets.
    networks : tuple of ModelCard
        Cross-fitted networks, see `ecgview.engine.crossfit`.
    folds : tuple of int
        Folds to take recordings from.
    recordings : int
        About how many, drawn at random; 0 for all.
    output : Path
        Folder for the blocks; what lies there is not measured again.
    command : str
        What reproduces it.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.
    cache : bool
        Whether prepared recordings are kept.
    """

    data_dirs: tuple[Path, ...]
    networks: tuple[ModelCard, ...]
    folds: tuple[int, ...]
    recordings: int
    output: Path
    command: str = ""
    device: str = "auto"
    cache: bool = True


def out_of_fold_errors(task: OutOfFoldTask) -> Iterator[Event]:
    """Measure the errors of all sets out of fold; a generator of events.

    Parameters
    ----------
    task : OutOfFoldTask
        What to measure.

    Yields
    ------
    Event
        `Progress`, and `Finished` with `SetErrors`.

    Raises
    ------
    DatasetError
        If there is no recording.
    """
    from ecgview.engine.preparation import prepare

    entries = choose_entries(task.data_dirs, task.folds, None)
    data = yield from prepare(entries, task.networks[0].fs_hz, cache=task.cache)
    blocks = list(_blocks(data.entries, task.recordings))
    task.output.mkdir(parents=True, exist_ok=True)
    parts = []
    for number, (network, rows) in enumerate(blocks):
        parts.append(
            (yield from _block(task, task.networks[network], data, rows, number / len(blocks)))
        )
    used = [data.entries[row] for _, rows in blocks for row in rows]
    yield Finished(_result(task, used, parts))


def _block(
    task: OutOfFoldTask, card: ModelCard, data: SignalSet, rows: Sequence[int], share: float
) -> Generator[Event, None, _Part]:
    """Measure some recordings, or read what was kept of them."""
    names = [data.entries[row].name for row in rows]
    digest = hashlib.sha256("\n".join((card.sha256, *names)).encode()).hexdigest()
    file = task.output / f"{card.name}-{digest[:16]}.npz"
    if (kept := _kept(file)) is not None:
        return kept
    n_sets = len(distinct_sets())
    for done, part in enumerate(_measured(card, data, rows, task.device), start=1):
        yield Progress(done, n_sets, f"{share:.0%}, {len(rows)} recordings by {card.name}")
        whole = part
    written = io.BytesIO()
    np.savez_compressed(written, rmse_uv=whole[0], pcc=whole[1])
    store(file, written.getvalue())
    return whole


def _result(
    task: OutOfFoldTask,
    used: Sequence[Entry],
    parts: Sequence[_Part],
) -> SetErrors:
    rmse_uv, pcc = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    provenance = {
        "data": data_sources(used),
        "folds": sorted({entry.fold for entry in used}),
        "networks": [network.name for network in task.networks],
        "command": task.command,
    }
    return summed_up(rmse_uv, pcc, [entry.person for entry in used], provenance)


def _blocks(entries: Sequence[Entry], wanted: int) -> Iterator[tuple[int, list[int]]]:
    """Deal the recordings to the networks that left them out, in random order, block by block."""
    its: list[list[int]] = [[] for _ in range(COUNT)]
    for row in np.random.default_rng(_SEED).permutation(len(entries)):
        its[left_out_by(entries[row]) - 1].append(int(row))
    count = 0
    for start in range(0, max(map(len, its)), BLOCK):
        for network, rows in enumerate(its):
            block = rows[start : start + BLOCK]
            if block and (not wanted or count < wanted):
                count += len(block)
                yield network, block


def _kept(file: Path) -> _Part | None:
    try:
        with np.load(io.BytesIO(file.read_bytes())) as there:
            return there["rmse_uv"], there["pcc"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return None  # not there, or cut off


def _measured(
    card: ModelCard, data: SignalSet, rows: Sequence[int], device: str
) -> Iterator[_Part]:
    """Measure all sets on some recordings; yields what is there so far after each set."""
    from ecgview.engine.checkpoint import load_model
    from ecgview.engine.device import choose_device
    from ecgview.engine.evaluation import estimate_set
    from ecgview.engine.precision import autocast

    model = load_model(card, choose_device(device))
    at_work = next(iter(model.state_dict().values())).device
    signals_mv = np.array(data.signals_mv[list(rows)])
    truth_mv = clean(signals_mv, data.fs_hz)[..., :_SAMPLES]
    shape = (len(rows), len(distinct_sets()), len(INDEPENDENT_LEADS))
    rmse_uv, pcc = np.zeros(shape, np.float16), np.full(shape, np.nan, np.float16)
    for at, available in enumerate(distinct_sets()):
        unknown = [
            k for k, lead in enumerate(INDEPENDENT_LEADS) if lead not in known_leads(available)
        ]
        # Half the bits move no mean error by 0.05 uV; 510 sets take less than half the time.
        with autocast(at_work, "auto"):
            estimate_mv = estimate_set(model, signals_mv, available)[:, _ROWS]
        estimate_mv = clean(estimate_mv[:, unknown], data.fs_hz)[..., :_SAMPLES]
        rmse_uv[:, at, unknown] = 1000 * rmse(truth_mv[:, unknown], estimate_mv)
        pcc[:, at, unknown] = correlation(truth_mv[:, unknown], estimate_mv)
        yield rmse_uv, pcc

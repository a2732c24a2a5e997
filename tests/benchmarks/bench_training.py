"""Training speed of the engine against a plain loop of the same network, and what each learns.

``python tests/benchmarks/bench_training.py DATA [--batches 24] [--rounds 7]
[--seeds 3 --epochs 6] [--folds 1,2,3] [--base-width 32] [--threads 2]``

The plain loop is what one would write first: a data set, a loader, float32, torch's own layers.
Both train the network of Gradowski & Buchner (2025) from leads I and II to the six chest leads on
the same prepared recordings, in batches of 32 windows of 1024 samples at 125 Hz. Batches of both
alternate, so that ratios hold on a machine that does other work too; there ``--threads 1`` and the
ratios of processor seconds tell most, because threads that wait for each other use them up. With
``--seeds`` both are also trained for some epochs, to see that the loss on validation recordings is
the same.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from ecgview.engine.dataset import choose_entries
from ecgview.engine.events import Finished
from ecgview.engine.models.unet import UNet
from ecgview.engine.preparation import prepare_events
from ecgview.engine.recipes import RECIPES
from ecgview.engine.signal_set import SignalSet
from ecgview.engine.training import TrainingTask, train
from ecgview.engine.training_events import BatchDone

BATCH, WINDOW, RATE_HZ = 32, 1024, 125.0
CHUNK = 4
"""Batches between two events of the engine."""


class PlainUNet(nn.Module):
    """The same network from torch's own layers."""

    def __init__(self, n_inputs: int, n_outputs: int, width: int) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(5)]

        def block(a: int, b: int) -> nn.Sequential:
            half = (nn.Conv1d(a, b, 3, padding=1), nn.BatchNorm1d(b), nn.ReLU())
            return nn.Sequential(*half, nn.Conv1d(b, b, 3, padding=1), nn.BatchNorm1d(b), nn.ReLU())

        self.encoder = nn.ModuleList(
            block(a, b) for a, b in zip([n_inputs, *widths], widths, strict=False)
        )
        self.up = nn.ModuleList(nn.ConvTranspose1d(2 * b, b, 2, 2) for b in reversed(widths[:-1]))
        self.decoder = nn.ModuleList(block(2 * b, b) for b in reversed(widths[:-1]))
        self.head = nn.Conv1d(width, n_outputs, 1)
        self.pool = nn.MaxPool1d(2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for level, block in enumerate(self.encoder):
            x = block(self.pool(x) if level else x)
            skips.append(x)
        skips.pop()
        for up, block in zip(self.up, self.decoder, strict=True):
            x = block(torch.cat([skips.pop(), up(x)], dim=1))
        return self.head(x)


class Windows(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Leads I and II, and the chest leads, of each recording."""

    def __init__(self, signals_mv: np.ndarray) -> None:
        self.signals_mv = signals_mv

    def __len__(self) -> int:
        return len(self.signals_mv)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        window = torch.from_numpy(np.array(self.signals_mv[index, :, :WINDOW]))
        return window[:2], window[2:]


def plain_loop(data: SignalSet, width: int, epochs: int, seed: int) -> Iterator[PlainUNet]:
    """Train; yields the network after each chunk of batches, and at the end of an epoch."""
    torch.manual_seed(seed)
    model = PlainUNet(2, 6, width)
    loader = DataLoader(Windows(data.signals_mv), batch_size=BATCH, shuffle=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for _ in range(epochs):
        model.train()
        for number, (inputs, targets) in enumerate(loader, start=1):
            loss = nn.functional.mse_loss(model(inputs), targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if number % CHUNK == 0 or number == len(loader):
                yield model


def validation_loss(model: nn.Module, data: SignalSet) -> float:
    """Mean squared error over the chest leads of all recordings."""
    model.eval()
    with torch.inference_mode():
        losses = [
            nn.functional.mse_loss(model(inputs), targets, reduction="none").mean((1, 2))
            for inputs, targets in DataLoader(Windows(data.signals_mv), batch_size=64)
        ]
    return float(torch.cat(losses).mean())


def check_same_network(width: int) -> None:
    """Raise unless the plain network is the engine's."""
    torch.manual_seed(0)
    plain, ours = PlainUNet(2, 6, width), UNet(2, 6, width)
    ours.load_state_dict(plain.state_dict())
    signals = torch.randn(BATCH, 2, WINDOW)
    torch.testing.assert_close(ours(signals), plain(signals), rtol=1e-4, atol=1e-4)


class Engine:
    """What ``ecgview train --recipe gradowski2025`` runs, on the chosen recordings."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options, self.folder = options, folder
        self.entries = choose_entries([options.data], options.folds, None)
        self.validation_entries = choose_entries([options.data], [8], None)

    def run(self, precision: str, epochs: int, seed: int, validate: bool) -> Iterator[Any]:
        output = self.folder / f"{precision}-{seed}-{time.perf_counter_ns()}"
        task = TrainingTask(
            name="bench",
            recipe="gradowski2025",
            entries=self.entries,
            validation_entries=self.validation_entries if validate else (),
            output=output,
            device="cpu",
            folds=tuple(self.options.folds),
            command=("bench",),
        )
        parameters = RECIPES["gradowski2025"].parameters(
            leads=("I", "II"),
            base_width=self.options.base_width,
            batch_size=BATCH,
            window=WINDOW,
            epochs=epochs,
            precision=precision,
            seed=seed,
        )
        return train(task, parameters)


def prepared(engine: Engine, validation: bool) -> SignalSet:
    entries = engine.validation_entries if validation else engine.entries
    *_, last = prepare_events(entries, RATE_HZ)
    assert isinstance(last, Finished)
    return last.result


def measure_speed(engine: Engine, data: SignalSet, options: argparse.Namespace) -> None:
    """Windows a second of three loops whose batches alternate."""
    names = ["plain loop, fp32", "engine, fp32", "engine, bf16"]
    loops: list[Iterator[Any]] = [
        plain_loop(data, options.base_width, 10**6, 1),
        batches_of(engine.run("fp32", 1000, 1, validate=False)),
        batches_of(engine.run("bf16", 1000, 1, validate=False)),
    ]
    for loop in loops:
        for _ in range(2):
            next(loop)
    rates: dict[str, list[float]] = {name: [] for name in names}
    busy: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(options.rounds):
        seconds, cpu_seconds = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
        for _ in range(options.batches // CHUNK):
            for name, loop in zip(names, loops, strict=True):
                started_s, started_cpu_s = time.perf_counter(), time.process_time()
                next(loop)
                seconds[name] += time.perf_counter() - started_s
                cpu_seconds[name] += time.process_time() - started_cpu_s
        for name in names:
            busy[name].append(cpu_seconds[name])
            rates[name].append(options.batches // CHUNK * CHUNK * BATCH / seconds[name])
    print(
        f"{'':<20}{'windows/s':>10}{'best':>8}{'ratio':>8}{'least':>8}{'by cpu s':>10}{'least':>8}"
    )
    for name in names:
        ratios = [its / plain for its, plain in zip(rates[name], rates[names[0]], strict=True)]
        by_cpu = [plain / its for its, plain in zip(busy[name], busy[names[0]], strict=True)]
        median, best = statistics.median(rates[name]), max(rates[name])
        print(
            f"{name:<20}{median:>10.0f}{best:>8.0f}{statistics.median(ratios):>8.2f}"
            f"{min(ratios):>8.2f}{statistics.median(by_cpu):>10.2f}{min(by_cpu):>8.2f}"
        )


def batches_of(events: Iterator[Any]) -> Iterator[BatchDone]:
    return (event for event in events if isinstance(event, BatchDone))


def measure_loss(engine: Engine, data: SignalSet, options: argparse.Namespace) -> None:
    """Validation loss after some epochs, from different seeds."""
    validation = prepared(engine, validation=True)
    print(f"\nvalidation loss (mV squared) after {options.epochs} epochs, by seed")
    for name in ("plain", "fp32", "bf16"):
        losses = []
        for seed in range(1, options.seeds + 1):
            if name == "plain":
                *_, model = plain_loop(data, options.base_width, options.epochs, seed)
                losses.append(validation_loss(model, validation))
            else:
                *_, last = engine.run(name, options.epochs, seed, validate=True)
                losses.append(last.result.run.history[-1].validation_loss)
        spread = statistics.stdev(losses) if len(losses) > 1 else float("nan")
        cells = " ".join(f"{loss:.5f}" for loss in losses)
        print(f"{name:<8}{cells}   mean {statistics.mean(losses):.5f} sd {spread:.5f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=lambda text: [int(fold) for fold in text.split(",")])
    for name, default in (
        ("batches", 24),
        ("rounds", 7),
        ("seeds", 0),
        ("epochs", 6),
        ("base-width", 32),
        ("threads", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.set_defaults(folds=[1, 2, 3, 4, 5, 6, 7])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    check_same_network(options.base_width)
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(options, Path(folder))
        data = prepared(engine, validation=False)
        print(
            f"{len(data.entries)} recordings, width {options.base_width}, batch {BATCH}, "
            f"{options.threads} threads, torch {torch.__version__}"
        )
        if options.rounds:
            measure_speed(engine, data, options)
        if options.seeds:
            measure_loss(engine, data, options)


if __name__ == "__main__":
    main()

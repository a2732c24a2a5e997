"""Made-up runs for the tests of the training page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.engine.recipes import RECIPES
from ecgview.engine.runs import EpochRecord, Run
from ecgview.engine.training_events import Example
from ecgview.leads import LEADS

CHEST = ("V1", "V3", "V4", "V5", "V6")


def record(epoch: int, loss: float = 0.0, validation: float | None = 0.0) -> EpochRecord:
    """An epoch; losses fall and correlations rise with its number unless they are given."""
    pcc = {lead: 1 - 0.5 / (epoch + place) for place, lead in enumerate(CHEST)}
    falling = 1 / epoch
    checked = validation if validation is None or validation else falling + 0.1
    return EpochRecord(epoch, loss or falling, checked, pcc, 50.0, 2.0 * epoch)


def history(epochs: int) -> tuple[EpochRecord, ...]:
    return tuple(record(epoch) for epoch in range(1, epochs + 1))


def run(folder: Path, name: str = "small", epochs: int = 0, **parameters: Any) -> Run:
    chosen = RECIPES["gradowski2025"].parameters(leads=("I", "II", "V2"), epochs=5, **parameters)
    return Run(
        name, folder, "gradowski2025", "2026-11-20T16:20:00", "finished" if epochs else "running",
        asdict(chosen), "cpu", 100, 20, {"made up": 100}, history(epochs),
    )  # fmt: skip


def example(epoch: int) -> Example:
    """Beats whose estimate comes nearer with every epoch; limb leads are not rebuilt."""
    time_s = np.arange(1024) / 125
    beat = np.exp(-(((time_s % 0.8 - 0.4) / 0.03) ** 2))
    truth = np.outer(np.linspace(0.3, 2.0, len(LEADS)), beat).astype(np.float32)
    estimate = truth * (1 - 0.5 / epoch) + np.float32(0.1 / epoch) * np.sin(time_s * 5)
    estimate[2:6] = np.nan
    return Example(f"recording-{epoch}", 125.0, ("I", "II", "V2"), truth, estimate.astype("f4"))

"""Small WFDB records written for a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

WriteRecord = Callable[..., Path]


@pytest.fixture
def write_record(tmp_path: Path) -> WriteRecord:
    """Write a 16-bit record as bytes of our own: a header and one signal file."""

    def write(
        steps: np.ndarray,
        *,
        names: Sequence[str] = ("I", "II"),
        units: Sequence[str] | str = "mV",
        gains: Sequence[float] | float = 1000,
        fs: str = "500",
        length: str | None = None,
        name: str = "rec",
        comments: Sequence[str] = (),
    ) -> Path:
        """Write `steps`, shape (signals, samples)."""
        per_signal = [units] * len(names) if isinstance(units, str) else units
        steps_per_unit = [gains] * len(names) if isinstance(gains, int | float) else gains
        length = str(steps.shape[1]) if length is None else length
        lines = [f"{name} {len(names)} {fs} {length}".strip()]
        lines += [
            f"{name}.dat 16 {gain}/{unit} 16 0 0 0 0 {signal}"
            for signal, unit, gain in zip(names, per_signal, steps_per_unit, strict=True)
        ]
        lines += [f"# {comment}" for comment in comments]
        (tmp_path / f"{name}.dat").write_bytes(steps.T.astype("<i2").tobytes())
        header = tmp_path / f"{name}.hea"
        header.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return header

    return write


@pytest.fixture
def wave() -> np.ndarray:
    """Steps of two signals that obey nothing in particular, shape (2, 1000)."""
    time = np.arange(1000) / 500
    return np.rint([800 * np.sin(7 * time), 500 * np.cos(5 * time)])

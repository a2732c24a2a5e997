"""EDF and BDF files written byte by byte, so that any field of the header can be bent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

_WIDTHS = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "low": 8,
    "high": 8,
    "low_step": 8,
    "high_step": 8,
    "prefilter": 80,
    "count": 8,
    "reserved": 32,
}


@dataclass(frozen=True)
class Signal:
    """One signal: its header fields, and its steps (or its bytes), shape (records, samples)."""

    steps: np.ndarray
    label: str | bytes = "ECG II"
    transducer: str = ""
    unit: str | bytes = "uV"
    low: str = "-32768"
    high: str = "32767"
    low_step: str = "-32768"
    high_step: str = "32767"
    prefilter: str = ""
    reserved: str = ""

    def column(self, name: str, bytes_per_sample: int) -> bytes:
        if name != "count":
            value = getattr(self, name)
        elif self.steps.dtype == np.uint8:
            value = str(self.steps.shape[1] // bytes_per_sample)
        else:
            value = str(self.steps.shape[1])
        raw = value if isinstance(value, bytes) else value.encode("ascii")
        return raw.ljust(_WIDTHS[name])

    def record(self, number: int, bytes_per_sample: int) -> bytes:
        steps = self.steps[number]
        if steps.dtype == np.uint8:
            return steps.tobytes()
        return steps.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :bytes_per_sample].tobytes()


@dataclass(frozen=True)
class EdfFile:
    """A file; fields that are None are made to fit the signals."""

    signals: Sequence[Signal]
    version: bytes = b"0       "
    patient: str | bytes = "X X X X"
    recording: str | bytes = "Startdate X X X X"
    date: str | bytes = "02.03.21"
    time: str | bytes = "10.11.12"
    header_bytes: str | None = None
    reserved: str = ""
    n_records: str | None = None
    record_s: str = "1"
    n_signals: str | None = None
    tail: bytes = b""

    def content(self) -> bytes:
        n_bytes = 3 if self.version[:1] == b"\xff" else 2
        n_records = len(self.signals[0].steps)
        fields: list[tuple[str | bytes, int]] = [
            (self.version, 8),
            (self.patient, 80),
            (self.recording, 80),
            (self.date, 8),
            (self.time, 8),
            (self.header_bytes or str(256 * (len(self.signals) + 1)), 8),
            (self.reserved, 44),
            (self.n_records or str(n_records), 8),
            (self.record_s, 8),
            (self.n_signals or str(len(self.signals)), 4),
        ]
        head = b"".join(
            (value if isinstance(value, bytes) else value.encode("ascii")).ljust(width)
            for value, width in fields
        )
        head += b"".join(s.column(name, n_bytes) for name in _WIDTHS for s in self.signals)
        assert len(head) == 256 * (len(self.signals) + 1)
        records = (s.record(n, n_bytes) for n in range(n_records) for s in self.signals)
        return head + b"".join(records) + self.tail

    def write(self, path: Path, **changes: object) -> Path:
        path.write_bytes(replace(self, **changes).content())  # type: ignore[arg-type]
        return path


def annotations(texts: Sequence[str], n_bytes: int = 120, label: str = "EDF Annotations") -> Signal:
    """Make an annotation signal of what each record says; ``|`` stands for 0x14, ``^`` for 0x15."""
    rows = [
        "".join({"|": "\x14", "^": "\x15", "~": "\0"}.get(c, c) for c in text)
        .encode()
        .ljust(n_bytes, b"\0")
        for text in texts
    ]
    steps = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(texts), n_bytes)
    return Signal(steps, label=label, unit="", low="-1", high="1")

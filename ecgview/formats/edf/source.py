"""Samples of EDF and BDF files, read by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.edf.header import EdfHeader, EdfSignal

BLOCK_BYTES = 4_000_000
"""About so much of a file is in memory at once."""


@dataclass(frozen=True)
class Stretch:
    """Data records without a gap between them.

    Attributes
    ----------
    start : int
        Its first sample in the whole recording.
    first_record, n_records : int
        The records.
    """

    start: int
    first_record: int
    n_records: int


@dataclass(frozen=True)
class EdfSource:
    """The ordinary signals of an EDF or BDF file; what no stretch covers is a gap.

    Signals with fewer or more samples in a record than the leads are held or thinned.

    Parameters
    ----------
    header : EdfHeader
        Of the file.
    signals : tuple of EdfSignal
        Its channels.
    samples_per_record : int
        Samples of the leads in each data record.
    stretches : tuple of Stretch
        In order of time, not overlapping.
    """

    header: EdfHeader
    signals: tuple[EdfSignal, ...]
    samples_per_record: int
    stretches: tuple[Stretch, ...]

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return len(self.signals)

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        last = self.stretches[-1]
        return last.start + last.n_records * self.samples_per_record

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels as float32 mV, shape (channels, samples)."""
        signals_mv = np.full((len(channels), stop - start), np.nan, dtype=np.float32)
        for stretch in self.stretches:
            n_samples = stretch.n_records * self.samples_per_record
            first, last = max(start - stretch.start, 0), min(stop - stretch.start, n_samples)
            if first < last and len(channels):
                place = stretch.start + first - start
                self._fill(signals_mv[:, place : place + last - first], stretch, first, channels)
        return signals_mv

    def _fill(
        self,
        signals_mv: NDArray[np.float32],
        stretch: Stretch,
        first: int,
        channels: Sequence[int],
    ) -> None:
        """Read samples of a stretch from its sample `first` on."""
        per_record = self.samples_per_record
        last = first + signals_mv.shape[1]
        for begin, end in self._blocks(first // per_record, -(-last // per_record)):
            raw = self._records(stretch.first_record + begin, end - begin)
            one, two = max(first, begin * per_record), min(last, end * per_record)
            places = np.arange(one - begin * per_record, two - begin * per_record)
            for row, channel in enumerate(channels):
                signal = self.signals[channel]
                steps = _steps(raw, signal, self.header.bytes_per_sample)
                if signal.samples_per_record == per_record:
                    steps = steps[places[0] : places[-1] + 1]
                else:
                    steps = steps[places * signal.samples_per_record // per_record]
                signals_mv[row, one - first : two - first] = _scaled(steps, signal)

    def _blocks(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        size = max(1, BLOCK_BYTES // self.header.record_bytes)
        for begin in range(first, last, size):
            yield begin, min(last, begin + size)

    def _records(self, first: int, n_records: int) -> NDArray[np.uint8]:
        """Read data records, shape (records, bytes); one that is huge is mapped, not read."""
        header = self.header
        offset = header.n_bytes + first * header.record_bytes
        shape = (n_records, header.record_bytes)
        try:
            if header.record_bytes > BLOCK_BYTES:
                return np.memmap(header.path, np.uint8, "r", offset, shape)
            raw = np.fromfile(header.path, np.uint8, shape[0] * shape[1], offset=offset)
            return raw.reshape(shape)
        except (OSError, ValueError) as error:
            raise RecordingError(
                f"{header.path.name} cannot be read ({error}).", "Copy or download it again."
            ) from error


def _steps(
    raw: NDArray[np.uint8], signal: EdfSignal, bytes_per_sample: int
) -> NDArray[np.signedinteger]:
    """Give the converter steps of one signal in some data records, in one row."""
    n_bytes = signal.samples_per_record * bytes_per_sample
    column = np.ascontiguousarray(raw[:, signal.first_byte : signal.first_byte + n_bytes])
    if bytes_per_sample == 2:
        return column.reshape(-1).view("<i2")
    # 24 bits become the upper three bytes of 32, and a shift brings the sign down with them.
    padded = np.zeros((column.size // 3, 4), dtype=np.uint8)
    padded[:, 1:] = column.reshape(-1, 3)
    return padded.reshape(-1).view("<i4") >> 8


def _scaled(steps: NDArray[np.signedinteger], signal: EdfSignal) -> NDArray[np.floating]:
    """Scale converter steps to mV (to the unit of the file for what is not a voltage)."""
    # In double precision: an amplifier's offset may be a thousand times the signal.
    values = steps * (signal.gain * signal.mv_per_unit) + signal.offset * signal.mv_per_unit
    if signal.missing_step is not None:
        values[steps == signal.missing_step] = np.nan
    return values

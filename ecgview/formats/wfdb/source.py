"""Samples of WFDB records, read by window.

Plain records (16-bit samples, one a frame: PTB-XL, PTB, most of PhysioNet's twelve-lead sets) need
no decoding, only scaling; every other signal format is decoded by wfdb.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.files import unreadable
from ecgview.formats.guard import foreign_parser
from ecgview.formats.units import mv_per_unit
from ecgview.formats.wfdb.header import Header, SignalLine
from ecgview.recording import Source

_BITS_PER_SAMPLE = {"8": 8, "80": 8, "16": 16, "61": 16, "160": 16, "212": 12, "24": 24, "32": 32}
_THREE_IN_FOUR_BYTES = ("310", "311")
_FLAC = ("508", "516", "524")
_INVALID_16 = -(2**15)
INVALID_STEPS: dict[str, int] = {
    **dict.fromkeys(("16", "61", "160", "516"), _INVALID_16),
    **dict.fromkeys(("80", "508"), -(2**7)),
    **dict.fromkeys(("24", "524"), -(2**23)),
    **dict.fromkeys(("310", "311"), -(2**9)),
    "212": -(2**11),
    "32": -(2**31),
}
"""The step that stands for a missing sample in each signal format (signal(5) of WFDB)."""


def steps_per_channel_unit(signal: SignalLine) -> float:
    """Give the converter steps per mV of a voltage, per unit of the file of anything else."""
    return signal.gain / (mv_per_unit(signal.unit) or 1.0)


def _frames_in_file(path: Path, signals: Sequence[SignalLine]) -> int:
    """Count the whole frames that a signal file holds."""
    samples_per_frame = sum(signal.samples_per_frame for signal in signals)
    fmt, offset = signals[0].fmt, signals[0].byte_offset
    if fmt in _FLAC:
        import soundfile  # type: ignore[import-untyped]

        try:
            n_samples = soundfile.info(path).frames - offset
        except soundfile.LibsndfileError as error:
            raise RecordingError(
                f"{path.name} cannot be decoded as FLAC.", "The file is damaged or not complete."
            ) from error
        return max(0, n_samples) // signals[0].samples_per_frame
    n_bytes = max(0, path.stat().st_size - offset)
    if fmt in _THREE_IN_FOUR_BYTES:
        return n_bytes * 3 // 4 // samples_per_frame
    if fmt not in _BITS_PER_SAMPLE:
        raise RecordingError(
            f"{path.name} is in WFDB signal format {fmt[:20]}, which ecgview cannot read.",
            "Convert the record to format 16 with the WFDB tools.",
        )
    return n_bytes * 8 // _BITS_PER_SAMPLE[fmt] // samples_per_frame


def signal_files(header: Header) -> dict[str, list[int]]:
    """Give the signal numbers that each signal file of a header holds, in its order."""
    files: dict[str, list[int]] = {}
    for number, signal in enumerate(header.signals):
        files.setdefault(signal.file_name, []).append(number)
    return files


def available_frames(header: Header) -> int:
    """Count the frames that every signal file of a header really holds.

    Raises
    ------
    RecordingError
        If a signal file is missing, cannot be opened, or is in an unknown format.
    """
    lengths = []
    for name, numbers in signal_files(header).items():
        path = header.path.parent / name
        try:
            lengths.append(_frames_in_file(path, [header.signals[n] for n in numbers]))
        except FileNotFoundError as error:
            if name == "~":
                raise RecordingError(
                    f"{header.path.name} lists the signals of a record in segments; it holds none.",
                    "Open the header of the whole record, of the same name without “_layout”.",
                ) from error
            raise RecordingError(
                f"{header.path.name} names the signal file {name}, which is not there.",
                f"Copy {name} into the folder {header.path.parent}.",
            ) from error
        except OSError as error:
            raise unreadable(path, error) from error
    return min(lengths)


def is_plain(header: Header) -> bool:
    """Tell whether all samples are 16-bit, one a frame and not skewed."""
    return all(s.fmt == "16" and s.samples_per_frame == 1 and not s.skew for s in header.signals)


@dataclass(frozen=True)
class PlainSource:
    """A record of 16-bit samples.

    Parameters
    ----------
    header : Header
        For which `is_plain` is true.
    n_samples : int
        Samples of each channel that are there.
    """

    header: Header
    n_samples: int

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return len(self.header.signals)

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels as float32 mV, shape (channels, samples)."""
        files = signal_files(self.header)
        if len(files) == 1:
            # Nearly all records: what was read need not be copied again.
            return self._read_file(*files.popitem(), start, stop, list(channels))
        signals_mv = np.empty((len(channels), stop - start), dtype=np.float32)
        for name, numbers in files.items():
            rows = [row for row, channel in enumerate(channels) if channel in numbers]
            if rows:
                wanted = [channels[row] for row in rows]
                signals_mv[rows] = self._read_file(name, numbers, start, stop, wanted)
        return signals_mv

    def _read_file(
        self, name: str, numbers: list[int], start: int, stop: int, channels: list[int]
    ) -> NDArray[np.float32]:
        """Read some of the signals that one file holds."""
        steps = self._steps(self.header.path.parent / name, numbers, start, stop)
        columns = [numbers.index(channel) for channel in channels]
        if columns != list(range(len(numbers))):
            steps = steps[:, columns]
        return self._scaled(steps, channels)

    def _steps(self, path: Path, numbers: list[int], start: int, stop: int) -> NDArray[np.int16]:
        """Read the converter steps of one signal file, shape (samples, signals)."""
        shape = (stop - start, len(numbers))
        first_byte = self.header.signals[numbers[0]].byte_offset + 2 * start * shape[1]
        try:
            steps = np.fromfile(path, dtype="<i2", count=shape[0] * shape[1], offset=first_byte)
            return steps.reshape(shape)
        except (OSError, ValueError) as error:
            raise RecordingError(
                f"{path.name} cannot be read ({error}).", "Copy or download it again."
            ) from error

    def _scaled(self, steps: NDArray[np.int16], channels: list[int]) -> NDArray[np.float32]:
        lines = [self.header.signals[channel] for channel in channels]
        gains = np.array([steps_per_channel_unit(line) for line in lines], dtype=np.float32)
        baselines = np.array([line.baseline for line in lines], dtype=np.float32)
        scaled = steps.T.astype(np.float32, order="C")
        if baselines.any():
            scaled -= baselines[:, np.newaxis]
        scaled /= gains[:, np.newaxis]
        if steps.min(initial=0) == _INVALID_16:
            scaled[steps.T == _INVALID_16] = np.nan
        return scaled


@dataclass(frozen=True)
class DecodedSource:
    """A record of one segment in any signal format, decoded by wfdb.

    Signals with fewer or more samples a frame than the leads are held or thinned to the leads'
    rate, as the WFDB library does in its high-resolution mode.

    Parameters
    ----------
    header : Header
        With signals.
    n_frames : int
        Frames that are there.
    samples_per_frame : int
        Samples of the leads in each frame.
    """

    header: Header
    n_frames: int
    samples_per_frame: int

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return len(self.header.signals)

    @property
    def n_samples(self) -> int:
        """Number of samples of each channel."""
        return self.n_frames * self.samples_per_frame

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels as float32 mV, shape (channels, samples)."""
        signals_mv = np.empty((len(channels), stop - start), dtype=np.float32)
        if stop == start or not len(channels):
            return signals_mv
        per_frame = self.samples_per_frame
        first, last = start // per_frame, -(-stop // per_frame)
        wanted = sorted(set(channels))
        decoded = dict(zip(wanted, self._decode(first, last, wanted), strict=True))
        places = np.arange(start - first * per_frame, stop - first * per_frame)
        for row, channel in enumerate(channels):
            line = self.header.signals[channel]
            steps = decoded[channel][places * line.samples_per_frame // per_frame]
            # As floats first: the library gives 8-bit integers, which a baseline would wrap round.
            values = steps.astype(np.float64) - line.baseline
            signals_mv[row] = values / steps_per_channel_unit(line)
            if line.fmt in INVALID_STEPS:
                signals_mv[row, steps == INVALID_STEPS[line.fmt]] = np.nan
        return signals_mv

    def _decode(self, first: int, last: int, channels: list[int]) -> list[NDArray[np.int64]]:
        """Decode the converter steps of frames [first, last)."""
        # wfdb.rdrecord would read the header again, and refuses those with a date or a unit that
        # it does not know; this is the function behind it.
        from wfdb.io._signal import _rd_segment

        lines = self.header.signals
        # Samples of format 8 are differences: only a reading from the start gets them right.
        begin = 0 if any(line.fmt == "8" for line in lines) else first
        with foreign_parser(self.header.path, "WFDB"):
            signals = _rd_segment(
                file_name=[line.file_name for line in lines],
                dir_name=str(self.header.path.parent),
                pn_dir=None,
                fmt=[line.fmt for line in lines],
                n_sig=len(lines),
                sig_len=self.n_frames,
                byte_offset=[line.byte_offset for line in lines],
                samps_per_frame=[line.samples_per_frame for line in lines],
                skew=[line.skew for line in lines],
                init_value=[line.first_step for line in lines],
                sampfrom=begin,
                sampto=last,
                channels=channels,
                ignore_skew=False,
            )
        return [
            np.asarray(signal)[(first - begin) * lines[channel].samples_per_frame :]
            for signal, channel in zip(signals, channels, strict=True)
        ]


@dataclass(frozen=True)
class Segment:
    """A stretch of a multi-segment record.

    Attributes
    ----------
    start, stop : int
        Its place in the whole record, in samples.
    source : Source
        Its samples; they may end before `stop`.
    lines : tuple of SignalLine
        What its header says of the channels of `source`.
    channel_of_signal : dict of int to int
        Which channel of `source` is which channel of the whole; absent ones are gaps.
    """

    start: int
    stop: int
    source: Source
    lines: tuple[SignalLine, ...]
    channel_of_signal: dict[int, int]


@dataclass(frozen=True)
class SegmentedSource:
    """A multi-segment record; what no segment covers is a gap.

    Parameters
    ----------
    n_channels, n_samples : int
        Shape of the whole.
    segments : tuple of Segment
        In order, without those that are nothing but a gap.
    """

    n_channels: int
    n_samples: int
    segments: tuple[Segment, ...]

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some channels as float32 mV, shape (channels, samples)."""
        signals_mv = np.full((len(channels), stop - start), np.nan, dtype=np.float32)
        for segment in self.segments:
            first = max(start, segment.start)
            last = min(stop, segment.stop, segment.start + segment.source.n_samples)
            rows = [row for row, c in enumerate(channels) if c in segment.channel_of_signal]
            if first < last and rows:
                wanted = [segment.channel_of_signal[channels[row]] for row in rows]
                signals_mv[rows, first - start : last - start] = segment.source.read(
                    first - segment.start, last - segment.start, wanted
                )
        return signals_mv

"""What the header of an EDF or BDF file says.

Layout: EDF (Kemp et al., Electroencephalogr Clin Neurophysiol 1992;82:391), EDF+ (Kemp and Olivan,
Clin Neurophysiol 2003;114:1755), BDF as EDF with samples of 24 bits. Headers of real recorders
break the standard in many ways while their samples are sound, so that this reading is tolerant
where a library for well-formed files (edfio, pyedflib) refuses; what is repaired is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.edf import fields
from ecgview.formats.files import unreadable
from ecgview.formats.units import mv_per_unit
from ecgview.recording import ImportOptions, ImportWarning

MAX_RECORDS = 1_000_000
"""Data records with annotations: a day of records of a tenth of a second."""

_ANNOTATION_LABELS = ("edf annotations", "bdf annotations")
_MISSING = re.compile(r"missing sample: (-?\d+)")
"""Written by ecgview: the converter step that marks a missing sample of the signal."""
_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)


@dataclass(frozen=True)
class EdfSignal:
    """One signal of a file.

    Attributes
    ----------
    label, unit, prefilter : str
        As written; the unit is empty where the header gives no scale.
    is_annotation : bool
        Its bytes are text.
    samples_per_record, first_byte : int
        Its place in each data record.
    gain, offset : float
        ``value = gain * step + offset``, in its unit.
    missing_step : int or None
        The step that stands for a missing sample.
    """

    label: str
    unit: str
    prefilter: str
    is_annotation: bool
    samples_per_record: int
    first_byte: int
    gain: float
    offset: float
    missing_step: int | None = None

    @property
    def mv_per_unit(self) -> float:
        """Size of its unit in mV; 1 for what is not a voltage."""
        return mv_per_unit(self.unit) or 1.0


@dataclass(frozen=True)
class EdfHeader:
    """The header of an EDF or BDF file.

    Attributes
    ----------
    path : Path
        The file.
    bytes_per_sample : int
        2 in EDF, 3 in BDF.
    plus : str
        ``C`` or ``D`` in EDF+ and BDF+ (continuous or not), else empty.
    patient, recording : str
        The two fields of text.
    started : str
        ISO 8601, or empty.
    n_bytes : int
        Length of the header.
    n_records : int
        Whole data records that are there.
    record_s : float or None
        Duration of a data record; None where the header does not tell.
    record_bytes : int
        Size of a data record.
    signals : tuple of EdfSignal
        All of them, with those of annotations.
    warnings : tuple of ImportWarning
        What is bent or missing.
    """

    path: Path
    bytes_per_sample: int
    plus: str
    patient: str
    recording: str
    started: str
    n_bytes: int
    n_records: int
    record_s: float | None
    record_bytes: int
    signals: tuple[EdfSignal, ...]
    warnings: tuple[ImportWarning, ...]

    @property
    def format_name(self) -> str:
        """``EDF``, ``EDF+C``, ``BDF``, ..."""
        name = "EDF" if self.bytes_per_sample == 2 else "BDF"
        return f"{name}+{self.plus}" if self.plus else name


def _damaged(path: Path, what: str) -> RecordingError:
    return RecordingError(
        f"{path.name} is not a valid EDF file: {what}.",
        "It may be damaged or not complete; copy or download it again.",
    )


def read_header(path: Path) -> EdfHeader:
    """Read the header of an EDF or BDF file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    EdfHeader
        Of at least one whole data record.

    Raises
    ------
    RecordingError
        If it cannot be read, or does not say how its samples lie.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(256)
            n_signals = _count_signals(path, head)
            block = file.read(256 * n_signals)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(block) < 256 * n_signals:
        raise _damaged(path, "it ends within its header")
    bytes_per_sample = 2 if head[:1] != b"\xff" else 3
    signals = tuple(_signals(path, block, n_signals, bytes_per_sample))
    record_bytes = bytes_per_sample * sum(signal.samples_per_record for signal in signals)
    if record_bytes == 0:
        raise _damaged(path, "its data records have no samples")
    stated = fields.whole_number(head[236:244])
    n_bytes = _header_length(head, n_signals, size, record_bytes * max(stated or 0, 0))
    n_records, warnings = _count_records(path, stated, size - n_bytes, record_bytes)
    if n_records > MAX_RECORDS and any(signal.is_annotation for signal in signals):
        raise _damaged(path, f"it holds {n_records} data records")
    record_s = fields.number(head[244:252])
    plus = re.match(r"[EB]DF\+([CD])", fields.decode(head[192:236]))
    recording = fields.decode(head[88:168])
    return EdfHeader(
        path=path,
        bytes_per_sample=bytes_per_sample,
        plus=plus[1] if plus else "",
        patient=fields.decode(head[8:88]),
        recording=recording,
        started=fields.started(head[168:176], head[176:184], recording),
        n_bytes=n_bytes,
        n_records=n_records,
        record_s=record_s if record_s and record_s > 0 else None,
        record_bytes=record_bytes,
        signals=signals,
        warnings=(*warnings, *_reversed_ranges(signals, block, n_signals)),
    )


def _count_signals(path: Path, head: bytes) -> int:
    if len(head) < 256:
        raise _damaged(path, "it ends within its header")
    length = fields.whole_number(head[184:192]) or 0
    n_signals = fields.whole_number(head[252:256]) or length // 256 - 1
    if n_signals <= 0:
        raise _damaged(path, "it does not say how many signals it has")
    return n_signals


def _header_length(head: bytes, n_signals: int, size: int, data_bytes: int) -> int:
    """Give the length by the number of signals, unless the size of the file proves another one."""
    stated, by_signals = fields.whole_number(head[184:192]) or 0, 256 * (n_signals + 1)
    return stated if stated >= by_signals and size - stated == data_bytes else by_signals


def _count_records(
    path: Path, stated: int | None, data_bytes: int, record_bytes: int
) -> tuple[int, list[ImportWarning]]:
    there = max(0, data_bytes) // record_bytes
    if there == 0:
        raise _damaged(path, "it holds no whole data record")
    if stated is None or stated <= 0:
        warning = ImportWarning(
            "unstated-length",
            f"The header does not state the length; {there} data records are there.",
            "The recorder had not closed the file; its end may be missing.",
        )
        return there, [warning]
    if stated > there:
        warning = ImportWarning(
            "truncated",
            f"The header announces {stated} data records, the file ends after {there}.",
            "What is there is shown; copy or download the file again to get the rest.",
        )
        return there, [warning]
    rest = data_bytes - stated * record_bytes
    if rest == 0:
        return stated, []
    warning = ImportWarning(
        "trailing-bytes",
        f"The file goes on for {rest} bytes after the {stated} data records that it announces.",
        "They are not shown; the recorder may have failed to update the header.",
    )
    return stated, [warning]


def _columns(block: bytes, n_signals: int) -> Iterator[tuple[bytes, ...]]:
    """Give the ten fields of each signal: the header lists field by field, not by signal."""
    start, columns = 0, []
    for width in _WIDTHS:
        column = block[start : start + width * n_signals]
        columns.append([column[width * i : width * (i + 1)] for i in range(n_signals)])
        start += width * n_signals
    return zip(*columns, strict=True)


def _signals(
    path: Path, block: bytes, n_signals: int, bytes_per_sample: int
) -> Iterator[EdfSignal]:
    first_byte = 0
    for label, transducer, unit, *ranges, prefilter, count, _ in _columns(block, n_signals):
        n_samples = fields.whole_number(count)
        if n_samples is None or n_samples < 0:
            said = fields.decode(count)
            raise _damaged(path, f"the samples a record of {fields.decode(label)} read “{said}”")
        scale = _scale(*(fields.number(field) for field in ranges))
        missing = _MISSING.search(fields.decode(transducer))
        name = fields.decode(label)
        yield EdfSignal(
            label=name,
            unit=fields.unit(unit) if scale else "",
            prefilter=fields.decode(prefilter),
            is_annotation=_is_annotation(name, fields.decode(transducer)),
            samples_per_record=n_samples,
            first_byte=first_byte,
            gain=scale[0] if scale else 1.0,
            offset=scale[1] if scale else 0.0,
            missing_step=int(missing[1]) if missing else None,
        )
        first_byte += bytes_per_sample * n_samples


def _is_annotation(label: str, transducer: str) -> bool:
    said = label or transducer
    return " ".join(said.lower().split()) in _ANNOTATION_LABELS


def _scale(
    low: float | None, high: float | None, low_step: float | None, high_step: float | None
) -> tuple[float, float] | None:
    """Give gain and offset of the line through both ends; None where there is no line."""
    if low is None or high is None or low_step is None or high_step is None:
        return None
    if low == high or low_step == high_step:
        return None
    gain = (high - low) / (high_step - low_step)
    return (gain, low - gain * low_step) if 1e-20 < abs(gain) < 1e20 else None


def _reversed_ranges(
    signals: tuple[EdfSignal, ...], block: bytes, n_signals: int
) -> Iterator[ImportWarning]:
    """Say which signals have a digital minimum above the maximum, which no valid file has."""
    steps = [
        (fields.number(column[5]) or 0, fields.number(column[6]) or 0)
        for column in _columns(block, n_signals)
    ]
    turned = [low > high for low, high in steps]
    if any(turned):
        both = list(zip(signals, turned, strict=True))
        names = ", ".join(signal.label for signal, is_turned in both if is_turned)
        ordinary = [
            pair for pair in both if not pair[0].is_annotation and pair[0].samples_per_record
        ]
        yield ImportWarning(
            "reversed-range",
            f"The digital minimum is above the maximum: {names}.",
            "By the header these signals are upside down; if they look so, multiply them by -1.",
            ImportOptions(gains=tuple(-1.0 if is_turned else 1.0 for _, is_turned in ordinary)),
        )

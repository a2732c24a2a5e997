"""Reads ISHNE Holter files, hours long, as they are needed.

Badilini F. The ISHNE Holter Standard Output File Format. Ann Noninvasive Electrocardiol.
1998;3(3):263-266: a header of 522 bytes, a remark of any length, then 16-bit samples of all leads
in turn. The parser of ecgdatakit reads the whole file as 64-bit numbers, which a day of twelve
leads does not allow; so the file is read here.
"""

from __future__ import annotations

import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.asking import ask_what_is_missing
from ecgview.formats.assemble import assemble, kind_of
from ecgview.formats.facts import SignalFacts
from ecgview.formats.files import unreadable
from ecgview.formats.options import ImportOptions
from ecgview.formats.patients import age_between
from ecgview.recording import ImportWarning, Patient, Recording

FORMAT_NAME = "ISHNE Holter"

_HEADER_BYTES = 522
_CHECKED_FROM = 10
_SAMPLE_BYTES = 2
_MAX_LEADS = 12
_MAX_REMARK_BYTES = 16_000_000
_FAULT = -32768
"""The standard proposes this sample where a lead has no contact."""
_LEAD_NAMES = {
    **{2: "X", 3: "Y", 4: "Z", 5: "I", 6: "II", 7: "III", 8: "aVR", 9: "aVL", 10: "aVF"},
    **{10 + n: f"V{n}" for n in range(1, 7)},
    **{17: "ES", 18: "AS", 19: "AI"},
}
"""Table 1 of the standard; 0 is unknown, 1 any bipolar lead."""
_SEXES = {1: "male", 2: "female"}


@dataclass(frozen=True)
class IshneSource:
    """The samples of an ISHNE file, read piece by piece.

    Parameters
    ----------
    path : Path
        The file.
    offset : int
        Where its samples start.
    scales : tuple of float
        mV (or converter steps) per step of each lead.
    n_samples : int
        Of each lead.
    """

    path: Path
    offset: int
    scales: tuple[float, ...]
    n_samples: int

    @property
    def n_channels(self) -> int:
        """Number of leads."""
        return len(self.scales)

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read ``[start, stop)`` of some leads, float32, shape (leads, samples); faults are NaN.

        Raises
        ------
        RecordingError
            If the file is gone or was cut since it was opened.
        """
        count = (stop - start) * self.n_channels
        offset = self.offset + start * self.n_channels * _SAMPLE_BYTES
        try:
            steps = np.fromfile(self.path, "<i2", count=count, offset=offset)
        except OSError as error:
            raise unreadable(self.path, error) from error
        if steps.size != count:
            raise RecordingError(
                f"{self.path.name} ends early: it was cut since it was opened.", "Open it again."
            )
        chosen = steps.reshape(-1, self.n_channels).T[list(channels)]
        scales = np.array([self.scales[channel] for channel in channels], dtype=np.float32)
        samples = chosen.astype(np.float32) * scales[:, np.newaxis]
        samples[chosen == _FAULT] = np.nan
        return samples


@dataclass(frozen=True)
class _Header:
    content: bytes
    remark: bytes
    n_bytes: int

    def number(self, at: int) -> int:
        return int(struct.unpack_from("<h", self.content, at)[0])

    def numbers(self, at: int, n: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{n}h", self.content, at)

    def text(self, at: int, size: int) -> str:
        return self.content[at : at + size].split(b"\0")[0].decode("latin-1").strip()

    def date(self, at: int) -> date | None:
        day, month, year = self.numbers(at, 3)
        try:
            return date(year, month, day)
        except ValueError:
            return None

    @property
    def offset(self) -> int:
        """Where the samples start: the standard leaves no room between."""
        return _HEADER_BYTES + len(self.remark)


def _read_header(path: Path) -> _Header:
    damaged = "The file is cut short or damaged; copy it again."
    try:
        n_bytes = path.stat().st_size
        with path.open("rb") as file:
            content = file.read(_HEADER_BYTES)
            n_remark = int.from_bytes(content[10:14], "little", signed=True)
            if len(content) < _HEADER_BYTES or not 0 <= n_remark <= n_bytes - _HEADER_BYTES:
                raise RecordingError(f"{path.name} ends within its header.", damaged)
            if n_remark > _MAX_REMARK_BYTES:
                raise RecordingError(f"{path.name} has a remark of absurd length.", damaged)
            header = _Header(content, file.read(n_remark), n_bytes)
    except OSError as error:
        raise unreadable(path, error) from error
    n_leads, rate_hz = header.number(156), header.number(272)
    if not 1 <= n_leads <= _MAX_LEADS:
        raise RecordingError(f"{path.name} states {n_leads} leads (1 to 12 are allowed).", damaged)
    if rate_hz <= 0:
        raise RecordingError(f"{path.name} states a sampling rate of {rate_hz} Hz.", damaged)
    return header


def _patient(header: _Header) -> Patient:
    names = (header.text(28, 40), header.text(68, 40))
    born = header.date(132)
    birth_date = born.isoformat() if born else ""
    return Patient(
        identifier=header.text(108, 20),
        name=" ".join(name for name in names if name),
        birth_date=birth_date,
        age=age_between(birth_date, _started(header)),
        sex=_SEXES.get(header.number(128), ""),
    )


def _started(header: _Header) -> str:
    day, (hour, minute, second) = header.date(138), header.numbers(150, 3)
    if day is None:
        return ""
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second).isoformat()
    except ValueError:
        return day.isoformat()


def _device(header: _Header) -> str:
    """Give what stands for the recorder; the standard wants only "analog" or "digital" there."""
    recorder = header.text(232, 40)
    return "" if recorder.lower() in ("analog", "digital") else recorder


def _facts(header: _Header) -> tuple[SignalFacts, ...]:
    n_leads = header.number(156)
    facts = []
    for place, (code, step_nv) in enumerate(
        zip(header.numbers(158, n_leads), header.numbers(206, n_leads), strict=True), start=1
    ):
        name = _LEAD_NAMES.get(code, f"Lead {place}")
        facts.append(SignalFacts(name, "nV" if step_nv > 0 else "", max(step_nv, 1)))
    return tuple(facts)


def _warnings(header: _Header) -> list[ImportWarning]:
    warnings = []
    stored = int.from_bytes(header.content[8:10], "little")
    checked = header.content[_CHECKED_FROM:] + header.remark
    crc = binascii.crc_hqx(checked, 0xFFFF)
    # The standard does not say in which order the two bytes stand; 0 is no checksum.
    if stored not in (0, crc, (crc & 0xFF) << 8 | crc >> 8):
        message = "The checksum of the header does not match."
        warnings.append(ImportWarning("checksum", message, "It was changed, or is damaged."))
    if (header.n_bytes - header.offset) % (header.number(156) * _SAMPLE_BYTES):
        message = "The last sample of some leads is missing: the file was cut short."
        warnings.append(ImportWarning("bent-format", message))
    return warnings


def open_ishne(path: Path, options: ImportOptions) -> Recording:
    """Open an ISHNE Holter file.

    Parameters
    ----------
    path : Path
        The file, of any length.
    options : ImportOptions
        What the user says.

    Returns
    -------
    Recording
        Reads its samples as they are needed.

    Raises
    ------
    NeedsOptions
        If its leads are not named or have no scale: many Holter recorders only say "bipolar".
    RecordingError
        If it cannot be read.
    """
    header = _read_header(path)
    facts, rate_hz = _facts(header), float(header.number(272))
    n_samples = (header.n_bytes - header.offset) // (len(facts) * _SAMPLE_BYTES)
    source = IshneSource(
        path, header.offset, tuple(fact.resolution_mv or 1.0 for fact in facts), n_samples
    )
    device = _device(header)
    kind = kind_of(FORMAT_NAME, device, facts)
    ask_what_is_missing(path, FORMAT_NAME, rate_hz, facts, source, options, kind=kind)
    remark = header.remark.split(b"\0")[0].decode("latin-1")
    return assemble(
        path,
        FORMAT_NAME,
        rate_hz,
        facts,
        source,
        options=options,
        patient=_patient(header),
        comments=[line.strip() for line in remark.splitlines() if line.strip()],
        warnings=_warnings(header),
        started=_started(header),
        device=device,
        kind=kind,
    )

"""What a WFDB header says, checked before any signal file is opened.

The lines are split by the grammar of ``wfdb.io.header``; the data frames that wfdb's own
``rdheader`` consults for every field cost a millisecond a record, and it reads the header as
ASCII, which turns a gain per µV into one per V. A header may only name files of its own folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ecgview.errors import RecordingError
from ecgview.formats.files import decode_text, read_bytes
from ecgview.formats.wfdb.patient import patient_of, started_of
from ecgview.recording import Patient

HEADER_LIMIT = 4_000_000
MAX_SIGNALS = 1_000
"""Maps of the body's surface have some hundred."""
MAX_SEGMENTS = 20_000
"""Records of weeks in intensive care have some thousand."""
LONGEST_NAME = 200
MAX_SKEW = 100_000
"""Signals recorded on tape are off by a few frames; wfdb makes room for whatever is announced."""
DEFAULT_FS_HZ = 250.0
"""The rate of a header that states none, by the WFDB format."""
DEFAULT_GAIN = 200.0
"""Converter steps per unit of a signal that states none, by the WFDB format."""

_FOREIGN_NAME = re.compile(r"[/\\:]|^\.\.?$")
_FOLDERS = re.compile(r"^\s*\S*/(?=\S*[^\s/\d])")


class SignalLine(NamedTuple):
    """One signal of a header; see the WFDB format for the meaning of its fields."""

    file_name: str
    fmt: str
    samples_per_frame: int
    skew: int
    byte_offset: int
    gain: float
    is_calibrated: bool
    baseline: int
    unit: str
    name: str
    first_step: int = 0


class SegmentLine(NamedTuple):
    """One segment of a multi-segment header; ``~`` names a gap."""

    name: str
    n_frames: int


@dataclass(frozen=True)
class Header:
    """A WFDB header.

    Attributes
    ----------
    path : Path
        The ``.hea`` file.
    frames_hz : float
        Frames per second; a signal has one or more samples in each frame.
    states_rate : bool
        False where the rate is the format's default.
    n_frames : int or None
        Length, None where the header leaves it to the signal file.
    signals : tuple of SignalLine
        Empty in a multi-segment header.
    segments : tuple of SegmentLine
        Empty in a header of one segment.
    comments : tuple of str
        Without their ``#``.
    patient : Patient
        What the comments tell.
    started : str
        ISO 8601, or empty.
    """

    path: Path
    frames_hz: float
    states_rate: bool
    n_frames: int | None
    signals: tuple[SignalLine, ...]
    segments: tuple[SegmentLine, ...]
    comments: tuple[str, ...]
    patient: Patient
    started: str


def _damaged(path: Path, what: str) -> RecordingError:
    return RecordingError(
        f"{path.name} is not a valid WFDB header: {what}.",
        "It may be damaged, or another kind of file; copy or download it again.",
    )


def read_header(path: Path) -> Header:
    """Read and check a WFDB header.

    Parameters
    ----------
    path : Path
        The ``.hea`` file.

    Returns
    -------
    Header
        With signals or segments.

    Raises
    ------
    RecordingError
        If it cannot be read, is not a header, or names files outside its folder.
    """
    from wfdb.io import header as grammar

    content = read_bytes(path, HEADER_LIMIT, "No header is that long; is it a signal file?")
    try:
        text = decode_text(content, path.name)
    except RecordingError as error:
        raise _damaged(path, "it holds binary data") from error
    lines, comments = grammar.parse_header_content(text)
    if not lines:
        raise _damaged(path, "it has no record line")
    # Some headers keep the folder that their record was made in.
    lines[0] = _FOLDERS.sub("", lines[0])
    names = {line.split(None, 1)[0] for line in lines[1:]}
    if foreign := {name for name in names if _is_foreign(name)}:
        lines[1:] = [_with_own_file(path, line, foreign) for line in lines[1:]]
    try:
        return _parsed(path, lines, comments)
    except ValueError as error:
        raise _damaged(path, "a number in it cannot be read") from error


def _parsed(path: Path, lines: list[str], comments: list[str]) -> Header:
    from wfdb.io import header as grammar

    record = grammar.rx_record.match(lines[0])
    if record is None:
        raise _damaged(path, f"its first line reads “{lines[0][:60]}”")
    expected = int(record["n_seg"] or record["n_sig"])
    if len(lines) - 1 != expected or expected == 0:
        raise _damaged(path, f"it announces {expected} lines and has {len(lines) - 1}")
    if expected > (MAX_SEGMENTS if record["n_seg"] else MAX_SIGNALS):
        raise _damaged(path, f"it announces {expected} signals or segments")
    words = lines[0].split()
    is_multi = bool(record["n_seg"])
    notes = tuple(line.strip(" \t#") for line in comments)
    return Header(
        path=path,
        frames_hz=_rate(path, words),
        states_rate=len(words) > 2,
        n_frames=_length(path, words),
        signals=() if is_multi else _in_true_case(path, _signals(path, lines[1:])),
        segments=tuple(_segment(path, line) for line in lines[1:]) if is_multi else (),
        comments=notes,
        patient=patient_of(notes),
        started=started_of(words[4:]),
    )


def _is_foreign(name: str) -> bool:
    return _FOREIGN_NAME.search(name) is not None or len(name) > LONGEST_NAME


def _with_own_file(path: Path, line: str, foreign: set[str]) -> str:
    """Take the folder from a file name if that file lies beside the header; else refuse it."""
    name = line.split(None, 1)[0]
    if name not in foreign:
        return line
    own_name = re.split(r"[/\\:]", name)[-1]
    is_name = own_name not in ("", ".", "..") and len(own_name) <= LONGEST_NAME
    if is_name and path.with_name(own_name).is_file():
        return line.replace(name, own_name, 1)
    raise RecordingError(
        f"{path.name} names “{name[:60]}”, which is not a file of its own folder.",
        "ecgview follows no paths or addresses out of a header; put all files of the "
        "recording into one folder and correct the name.",
    )


def _rate(path: Path, words: list[str]) -> float:
    # The grammar passes over what it cannot read, which would turn “nan” into the default.
    if len(words) < 3:
        return DEFAULT_FS_HZ
    try:
        return float(words[2].split("/")[0].split("(")[0])
    except ValueError:
        raise _damaged(path, f"its sampling rate reads “{words[2][:60]}”") from None


def _length(path: Path, words: list[str]) -> int | None:
    if len(words) < 4:
        return None
    if not words[3].isdecimal():
        raise _damaged(path, f"its number of samples reads “{words[3][:60]}”")
    return int(words[3]) or None


def _signals(path: Path, lines: list[str]) -> list[SignalLine]:
    from wfdb.io import header as grammar

    return [_signal(path, line, grammar.rx_signal.match(line)) for line in lines]


def _signal(path: Path, line: str, match: re.Match[str] | None) -> SignalLine:
    if match is None:
        raise _damaged(path, f"a signal line reads “{line[:60]}”")
    (name, fmt, per_frame, skew, offset, gain, baseline, unit, _, zero, first, _, _, title) = (
        match.groups()
    )
    steps_per_unit = float(gain or 0)
    signal = SignalLine(
        file_name=name,
        fmt=fmt,
        samples_per_frame=int(per_frame or 1) or 1,
        skew=int(skew or 0),
        byte_offset=int(offset or 0),
        gain=steps_per_unit or DEFAULT_GAIN,
        is_calibrated=steps_per_unit != 0,
        baseline=int(baseline or zero or 0),
        unit=unit or "mV",
        name=title.strip() or name,
        first_step=int(first or 0),
    )
    if not (1e-20 < abs(signal.gain) < 1e20 and abs(signal.baseline) < 2**31):
        stated = f"{gain}({baseline})"
        raise _damaged(path, f"a gain reads “{stated[:60]}”")
    if signal.skew > MAX_SKEW:
        raise _damaged(path, f"a signal is skewed by {skew[:20]} frames")
    return signal


def _in_true_case(path: Path, signals: list[SignalLine]) -> tuple[SignalLine, ...]:
    """Find signal files whose names differ from the header's in capitals only (made on Windows)."""
    named = {signal.file_name for signal in signals} - {"~"}
    folder = path.parent
    try:
        absent = [name for name in named if not (folder / name).exists()]
        if not absent:
            return tuple(signals)
        names = {file.name.lower(): file.name for file in folder.iterdir()}
    except OSError:
        return tuple(signals)  # opening the file will say what is wrong
    true = {name: names.get(name.lower(), name) for name in absent}
    return tuple(s._replace(file_name=true.get(s.file_name, s.file_name)) for s in signals)


def _segment(path: Path, line: str) -> SegmentLine:
    from wfdb.io import header as grammar

    match = grammar.rx_segment.match(line)
    if match is None:
        raise _damaged(path, f"a segment line reads “{line[:60]}”")
    return SegmentLine(match["seg_name"], int(match["seg_len"]))

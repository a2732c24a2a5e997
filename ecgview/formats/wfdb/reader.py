"""Reader of WFDB records (PhysioNet): one or more segments, any signal format, any units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.asking import ask_what_is_missing
from ecgview.formats.assemble import assemble, check_rate, kind_of
from ecgview.formats.facts import SignalFacts
from ecgview.formats.units import mv_per_unit
from ecgview.formats.wfdb.annotations import find_annotations, read_marks
from ecgview.formats.wfdb.header import Header, SegmentLine, SignalLine, read_header
from ecgview.formats.wfdb.source import (
    DecodedSource,
    PlainSource,
    Segment,
    SegmentedSource,
    available_frames,
    is_plain,
)
from ecgview.leads import normalise_lead_name
from ecgview.recording import ArraySource, ImportOptions, ImportWarning, Recording, Source

SAMPLES_IN_MEMORY = 2_000_000
"""Records of up to this many samples (all channels) are read once; longer ones by window."""


def open_wfdb(path: Path, options: ImportOptions) -> Recording:
    """Open a WFDB record.

    Parameters
    ----------
    path : Path
        Its header (``.hea``).
    options : ImportOptions
        What the user says of it.

    Returns
    -------
    Recording
        In mV; the format's invalid samples and the gaps between segments are NaN. Where signals
        have several samples a frame the rate is that of the leads. A signal file that ends early
        gives a shorter recording and a warning.

    Raises
    ------
    RecordingError
        If the record is damaged, incomplete, or names files outside its folder.
    """
    _refuse_addresses(path)
    header = read_header(path)
    check_rate(header.frames_hz, path.name)
    if header.segments:
        return _open_segments(header, options)
    source, warnings = _open_single(header, _lead_samples_per_frame(header.signals))
    return _assemble(header, header.signals, source, warnings, options)


def _refuse_addresses(path: Path) -> None:
    # wfdb hands names to fsspec, which would take this for an address on another machine.
    if "::" in str(path):
        raise RecordingError(
            f"{path} looks like an address, not a file.", "Rename the folder without a “::”."
        )


def _lead_samples_per_frame(signals: Iterable[SignalLine]) -> int:
    """Give the samples a frame of the fastest lead (of any signal if there is no lead)."""
    lines = tuple(signals)
    leads = [line for line in lines if normalise_lead_name(line.name) is not None]
    return max(line.samples_per_frame for line in leads or lines)


def _open_single(
    header: Header, samples_per_frame: int
) -> tuple[PlainSource | DecodedSource, list[ImportWarning]]:
    there = available_frames(header)
    warnings = _length_warnings(header, there)
    n_frames = there if header.n_frames is None else min(there, header.n_frames)
    if is_plain(header) and samples_per_frame == 1:
        return PlainSource(header, n_frames), warnings
    return DecodedSource(header, n_frames, samples_per_frame), warnings


def _length_warnings(header: Header, there: int) -> list[ImportWarning]:
    if header.n_frames is None or there >= header.n_frames:
        return []
    if there == 0:
        raise RecordingError(
            f"{header.path.name} announces {header.n_frames} samples; its signal file has none.",
            "Copy or download the signal file again.",
        )
    return [
        ImportWarning(
            "truncated",
            f"The header announces {header.n_frames} samples, the signal file ends after {there}.",
            "What is there is shown; copy or download the file again to get the rest.",
        )
    ]


def _open_segments(header: Header, options: ImportOptions) -> Recording:
    lines, headers = header.segments, _segment_headers(header)
    has_layout = lines[0].n_frames == 0
    known = [found for found in headers if found is not None]
    if not known:
        raise RecordingError(
            f"{header.path.name} names no segment with samples.", "The record is empty."
        )
    # The first header lists all signals: a layout of no samples, or simply the first segment.
    signals = known[0].signals
    samples_per_frame = _lead_samples_per_frame(signals)
    first_segment = 1 if has_layout else 0
    segments, warnings, start = [], [], 0
    for line, found in zip(lines[first_segment:], headers[first_segment:], strict=True):
        stop = start + line.n_frames * samples_per_frame
        if found is not None and line.n_frames:
            source, said = _open_single(found, samples_per_frame)
            channels = _channels_of_segment(signals, found.signals, by_name=has_layout)
            segments.append(Segment(start, stop, source, found.signals, channels))
            warnings += said
        start = stop
    facts = _facts_of_segments(header, signals, segments)
    whole = SegmentedSource(len(signals), start, tuple(segments))
    return _assemble(header, facts, whole, warnings, options)


def _segment_headers(header: Header) -> list[Header | None]:
    def read(line: SegmentLine) -> Header | None:
        if line.name == "~":
            return None
        path = header.path.with_name(f"{line.name}.hea")
        if not path.is_file():
            raise RecordingError(
                f"{header.path.name} names the segment {line.name}, which is not there.",
                f"Copy all files of the record into the folder {path.parent}.",
            )
        found = read_header(path)
        if found.segments:
            raise RecordingError(
                f"Segment {line.name} of {header.path.name} has segments itself.",
                "The WFDB format does not allow that; the record is damaged.",
            )
        return found

    return [read(line) for line in header.segments]


def _channels_of_segment(
    whole: Sequence[SignalLine], segment: Sequence[SignalLine], *, by_name: bool
) -> dict[int, int]:
    """Match the signals of the whole to those of a segment (by place where all have the same)."""
    if not by_name:
        return {number: number for number in range(min(len(whole), len(segment)))}
    places = {line.name: number for number, line in reversed(list(enumerate(segment)))}
    return {n: places[line.name] for n, line in enumerate(whole) if line.name in places}


def _facts_of_segments(
    header: Header, signals: Sequence[SignalLine], segments: Sequence[Segment]
) -> tuple[SignalLine, ...]:
    """Take gains and units from the first segment that has a signal: those of a layout are void."""
    facts: dict[int, SignalLine] = {}
    for segment in segments:
        for signal, channel in segment.channel_of_signal.items():
            line = segment.lines[channel]
            known = facts.setdefault(signal, line)
            if (mv_per_unit(known.unit) is None) != (mv_per_unit(line.unit) is None):
                raise RecordingError(
                    f"{header.path.name} gives {line.name} in {known.unit} in one segment and in "
                    f"{line.unit} in another.",
                    "Correct the units in the headers of its segments.",
                )
    return tuple(facts.get(number, line) for number, line in enumerate(signals))


def _assemble(
    header: Header,
    signals: Sequence[SignalLine],
    source: Source,
    warnings: Iterable[ImportWarning],
    options: ImportOptions,
) -> Recording:
    per_frame = _lead_samples_per_frame(signals)
    fs_hz = header.frames_hz * per_frame
    annotations = find_annotations(header)
    said = (*warnings, *_header_warnings(header, signals, per_frame), *annotations.warnings)
    facts = [SignalFacts(line.name, line.unit, 1 / abs(line.gain)) for line in signals]
    kind = kind_of("WFDB", "", facts)
    ask_what_is_missing(header.path, "WFDB", fs_hz, facts, source, options, kind=kind)
    names = options.leads or tuple(line.name for line in signals)
    marks = partial(read_marks, annotations.paths, header, names, source.n_samples / fs_hz)
    if source.n_samples * source.n_channels <= SAMPLES_IN_MEMORY:
        everything = range(source.n_channels)
        source = ArraySource(source.read(0, source.n_samples, everything))
    return assemble(
        header.path,
        "WFDB",
        fs_hz,
        facts,
        source,
        options=options,
        patient=header.patient,
        comments=header.comments,
        warnings=said,
        started=header.started,
        kind=kind,
        mark_reader=marks if annotations.paths else None,
    )


def _header_warnings(
    header: Header, signals: Sequence[SignalLine], per_frame: int
) -> Iterable[ImportWarning]:
    if not header.states_rate:
        yield ImportWarning(
            "default-rate",
            f"The header states no sampling rate; the format's default {header.frames_hz:g} Hz "
            "is used.",
            "Durations and heart rates are wrong if the recorder used another rate.",
        )
    voltages = [line for line in signals if mv_per_unit(line.unit) is not None]
    uncalibrated = [line.name for line in voltages if not line.is_calibrated]
    if uncalibrated:
        yield ImportWarning(
            "default-gain",
            f"No gain is stated for {', '.join(uncalibrated)}; the format's default of 200 steps "
            "per mV is used.",
            "Amplitudes may be wrong by a factor.",
        )
    other_rates = [line.name for line in signals if line.samples_per_frame != per_frame]
    if other_rates:
        yield ImportWarning(
            "mixed-rates",
            f"Sampled at another rate than {header.frames_hz * per_frame:g} Hz and brought to it "
            f"by holding samples: {', '.join(other_rates)}.",
        )

"""Reader of EDF, EDF+ (continuous and discontinuous), BDF and BDF+."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.asking import ask_what_is_missing, choose_part
from ecgview.formats.assemble import assemble, check_rate, kind_of
from ecgview.formats.edf import fields
from ecgview.formats.edf.annotations import is_comment, read_marks, read_tals
from ecgview.formats.edf.header import EdfHeader, EdfSignal, read_header
from ecgview.formats.edf.source import EdfSource, Stretch
from ecgview.formats.edf.timing import Timing, is_scattered, read_timing
from ecgview.formats.facts import SignalFacts
from ecgview.formats.naming import name_leads
from ecgview.recording import ArraySource, ImportOptions, ImportWarning, Recording, Source

SAMPLES_IN_MEMORY = 2_000_000
"""Files of up to this many samples (all channels) are read once; longer ones by window."""


def open_edf(path: Path, options: ImportOptions) -> Recording:
    """Open an EDF, EDF+, BDF or BDF+ file.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says of it.

    Returns
    -------
    Recording
        In mV, at the rate of the leads. Gaps between data records are NaN; where there is little
        between long gaps, each stretch is a part.

    Raises
    ------
    NeedsOptions
        If no signal is called as a lead, or the header gives no rate or no scale.
    RecordingError
        If the file is damaged, or holds no signals.
    """
    header = read_header(path)
    signals = _ordinary_signals(header, options)
    per_record = max(signal.samples_per_record for signal in _leads(signals) or signals)
    device, remarks = fields.device_and_remarks(header.recording)
    facts = [SignalFacts(s.label, s.unit, abs(s.gain)) for s in _as_in_file(header)]
    kind = kind_of("EDF", device, facts)
    stated_hz, no_gaps = _rate(header, per_record), (Stretch(0, 0, header.n_records),)
    first = EdfSource(header, signals, per_record, no_gaps)
    ask_what_is_missing(path, header.format_name, stated_hz, facts, first, options, kind=kind)
    fs_hz = check_rate(stated_hz or options.rate_hz or 0.0, path.name)
    whole = read_timing(header, fs_hz, per_record)
    timing, parts, part = _part(path, header, whole, per_record, fs_hz, options.part)
    source: Source = EdfSource(header, signals, per_record, timing.stretches)
    records = _records(timing)
    marks = partial(read_marks, header, records, timing.first_onset_s, source.n_samples / fs_hz)
    said = (*header.warnings, *timing.warnings, *_rate_warnings(signals, per_record, fs_hz))
    if source.n_samples * source.n_channels <= SAMPLES_IN_MEMORY:
        source = ArraySource(source.read(0, source.n_samples, range(source.n_channels)))
    return assemble(
        path,
        header.format_name,
        fs_hz,
        facts,
        source,
        options=options,
        patient=fields.patient(header.patient),
        comments=(*remarks, *_filters(signals), *_comments(header)),
        warnings=said,
        started=_later(header.started, timing.first_onset_s - whole.first_onset_s),
        device=device,
        parts=parts,
        part=part,
        kind=kind,
        mark_reader=marks,
    )


def _as_in_file(header: EdfHeader) -> tuple[EdfSignal, ...]:
    """Give the signals with samples; those without a label get one."""
    found = [s for s in header.signals if not s.is_annotation and s.samples_per_record]
    return tuple(replace(s, label=s.label or f"signal {n}") for n, s in enumerate(found, 1))


def _ordinary_signals(header: EdfHeader, options: ImportOptions) -> tuple[EdfSignal, ...]:
    """Give the signals with samples, called as the user calls them."""
    signals = _as_in_file(header)
    if not signals:
        raise RecordingError(
            f"{header.path.name} holds annotations only, no signal.",
            "Open the file of the recording that they belong to.",
        )
    if options.leads is None or len(options.leads) != len(signals):
        return signals
    return tuple(
        replace(signal, label=name) for signal, name in zip(signals, options.leads, strict=True)
    )


def _leads(signals: Sequence[EdfSignal]) -> list[EdfSignal]:
    is_lead = name_leads([signal.label for signal in signals])
    return [signal for signal, known in zip(signals, is_lead, strict=True) if known]


def _rate(header: EdfHeader, samples_per_record: int) -> float | None:
    """Give the rate of the leads; None where the header gives none.

    The duration of a record has eight characters: 0.003906 stands for 1/256 s.
    """
    if header.record_s is None:
        return None
    fs_hz = samples_per_record / header.record_s
    whole_hz = round(fs_hz) if math.isfinite(fs_hz) else 0
    if whole_hz and abs(samples_per_record / whole_hz - header.record_s) < 0.6e-6:
        return float(whole_hz)
    return fs_hz


def _part(
    path: Path,
    header: EdfHeader,
    timing: Timing,
    per_record: int,
    fs_hz: float,
    wanted: str | None,
) -> tuple[Timing, tuple[str, ...], str]:
    """Choose one stretch where the gaps are too long to be shown."""
    stretches = timing.stretches
    if not is_scattered(stretches, header.n_records, per_record):
        return timing, (), ""
    parts = tuple(
        f"stretch {number} (at {stretch.start / fs_hz:.10g} s)"
        for number, stretch in enumerate(stretches, 1)
    )
    part = choose_part(path, parts, wanted)
    chosen = stretches[parts.index(part)]
    onset_s = timing.first_onset_s + chosen.start / fs_hz
    return Timing((replace(chosen, start=0),), onset_s, timing.warnings), parts, part


def _later(started: str, seconds: float) -> str:
    """Give the start of a part that begins so long after that of the file."""
    if "T" not in started or seconds < 1:
        return started
    try:
        return (datetime.fromisoformat(started) + timedelta(seconds=int(seconds))).isoformat()
    except OverflowError:
        return ""


def _records(timing: Timing) -> range:
    first, last = timing.stretches[0], timing.stretches[-1]
    return range(first.first_record, last.first_record + last.n_records)


def _rate_warnings(
    signals: Sequence[EdfSignal], per_record: int, fs_hz: float
) -> Iterator[ImportWarning]:
    other_rates = [
        f"{s.label} ({fs_hz * s.samples_per_record / per_record:g} Hz)"
        for s in signals
        if s.samples_per_record != per_record
    ]
    if other_rates:
        yield ImportWarning(
            "mixed-rates",
            f"Sampled at another rate than {fs_hz:g} Hz and brought to it by holding samples: "
            f"{', '.join(other_rates)}.",
        )


def _filters(signals: Sequence[EdfSignal]) -> Iterator[str]:
    """Say once for all signals with the same filters what they are."""
    labels: dict[str, list[str]] = {}
    for signal in signals:
        if signal.prefilter:
            labels.setdefault(signal.prefilter, []).append(signal.label)
    for prefilter, filtered in labels.items():
        of = "" if len(filtered) == len(signals) else f" ({', '.join(filtered)})"
        yield f"Filters{of}: {prefilter}"


def _comments(header: EdfHeader) -> Iterator[str]:
    """Read the comments that ecgview writes into the first data record."""
    if any(signal.is_annotation for signal in header.signals):
        for _, tals in read_tals(header, [0]):
            for tal in tals:
                yield from (text[2:] for text in tal.texts if is_comment(text))

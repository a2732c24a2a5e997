"""``ecgview beats``: R peaks, heart rate and RR intervals; markers of original and estimate."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import SOME_FAILED, complain
from ecgview.cli.opening import opened
from ecgview.cli.options import (
    add_device,
    add_filters,
    add_import_options,
    add_leads,
    add_model,
    add_paths,
    add_stretch,
    available_leads,
    recordings_in,
    stretch_of,
)
from ecgview.errors import EcgviewError, RecordingError
from ecgview.leads import LEADS
from ecgview.storing import check_absent, store

if TYPE_CHECKING:
    from ecgview.cli.beats_text import Measured
    from ecgview.measurements.average import AverageBeat
    from ecgview.measurements.rhythm import Rhythm
    from ecgview.recording import Recording

HELP = "find beats: heart rate, RR intervals, and amplitudes of original and reconstruction"

LONGEST_AVERAGED_S = 600.0
_LONG_S = 600.0


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    parser.add_argument(
        "--lead",
        choices=LEADS,
        metavar="LEAD",
        help="find beats in this lead (the clearest measured one, II first)",
    )
    add_leads(parser)
    add_model(
        parser,
        "; with --leads, P, R, S, ST and T of the reconstruction are compared with the original's",
    )
    add_device(parser)
    add_filters(parser, "--filter-input", "the recordings first, for the model and the figures")
    add_stretch(parser)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--json", action="store_true", help="one JSON object a record a line, with all R peaks"
    )
    kinds.add_argument("--csv", action="store_true", help="a table: a row a record, or a lead")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead")
    parser.add_argument("--overwrite", action="store_true", help="replace a file already there")
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli import beats_text as text

    if options.model and not options.leads:
        _check_model(options)
    if options.output:
        check_absent(options.output, overwrite=options.overwrite)
    found = recordings_in(options.paths)
    say = text.as_json if options.json else text.as_csv if options.csv else text.as_text
    status, done, lines = 0, 0, [text.csv_head(_compares(options))] if options.csv else []
    for one in _measured(found, options):
        if isinstance(one, EcgviewError):
            status = complain(one)
            continue
        done += 1
        lines.append(say(one))
        if not options.output:
            print("\n".join(lines), flush=True)
            lines.clear()
    if options.output and done:
        store(options.output, "".join(f"{line}\n" for line in lines).encode())
        print(options.output)
    return SOME_FAILED if status else 0


def _compares(options: argparse.Namespace) -> bool:
    return bool(options.leads or options.model)


def _check_model(options: argparse.Namespace) -> None:
    """Refuse a model without leads before any file is read, unless it takes one set only."""
    from ecgview.engine.cards import find_model

    available_leads(options.leads, find_model(options.model))


def _measured(paths: list[Path], options: argparse.Namespace) -> Iterator[Measured | EcgviewError]:
    """Measure files one by one; one that cannot be measured gives its error."""
    for path in paths:
        try:
            yield _measure(path, opened(path, options), options)
        except EcgviewError as error:
            yield error


def _measure(path: Path, recording: Recording, options: argparse.Namespace) -> Measured:
    from ecgview.cli.beats_text import Measured

    start, stop = stretch_of(recording, options.start, options.duration)
    if _compares(options) and stop - start > LONGEST_AVERAGED_S * recording.fs_hz:
        raise RecordingError(
            f"Beats are averaged over {LONGEST_AVERAGED_S:g} s at most.",
            "Name a stretch: --start and --duration.",
        )
    leads = _measured_leads(recording, options)
    rhythm = _rhythm(recording, (options.lead,) if options.lead else leads, start, stop)
    average = None
    if _compares(options):
        average = _average(recording, rhythm.lead, leads, (start, stop), options)
    return Measured(path, recording.name, rhythm, average)


def _measured_leads(recording: Recording, options: argparse.Namespace) -> tuple[str, ...]:
    """List the leads that are not estimated from those that are named."""
    from ecgview.leads import Origin, lead_origins

    if not options.leads:
        return recording.leads
    origins = lead_origins(options.leads, recording.derived_leads)
    return tuple(lead for lead in recording.leads if origins[lead] is not Origin.RECONSTRUCTED)


def _rhythm(recording: Recording, leads: tuple[str, ...], start: int, stop: int) -> Rhythm:
    """Find R peaks, with a bar on standard error where it takes its time."""
    from tqdm import tqdm

    from ecgview.measurements.rhythm_search import find_rhythm

    steps = find_rhythm(recording, leads, start, stop)
    short = stop - start < _LONG_S * recording.fs_hz
    with tqdm(
        total=stop - start,
        file=sys.stderr,
        unit="sample",
        unit_scale=True,
        leave=False,
        disable=short,
    ) as bar:
        while True:
            try:
                done, _ = next(steps)
            except StopIteration as end:
                rhythm: Rhythm = end.value
                return rhythm
            bar.update(done - bar.n)


def _average(
    recording: Recording,
    lead: str,
    leads: tuple[str, ...],
    samples: tuple[int, int],
    options: argparse.Namespace,
) -> AverageBeat:
    """Reconstruct a stretch, and average its beats."""
    from ecgview.engine.cards import find_model
    from ecgview.engine.events import result_of
    from ecgview.engine.reconstruct import reconstruction_events
    from ecgview.measurements.average import average_beat
    from ecgview.recording import ArraySource

    start, stop = samples
    begin = 0
    if recording.duration_s > LONGEST_AVERAGED_S:
        channels = range(recording.source.n_channels)
        cut = ArraySource(recording.source.read(start, stop, channels))
        recording, begin = replace(recording, source=cut), start
    available = available_leads(options.leads, find_model(options.model))
    rebuilt = result_of(
        reconstruction_events(recording, available, options.model, options.device, interval=False)
    )
    average = average_beat(recording, rebuilt, leads, start - begin, stop - begin, lead=lead)
    begin_s = begin / recording.fs_hz
    return replace(average, from_s=average.from_s + begin_s, to_s=average.to_s + begin_s)

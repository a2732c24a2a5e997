"""``ecgview marks``: annotations of recordings, and the user's own notes on them."""

from __future__ import annotations

import argparse
import json
import math
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import complain
from ecgview.cli.options import (
    add_import_options,
    add_paths,
    import_options,
    recordings_in,
    remembered_corrections,
)
from ecgview.errors import EcgviewError, LeadError, RecordingError

if TYPE_CHECKING:
    from ecgview.formats.notes import KeptNotes
    from ecgview.recording import Mark, Recording

HELP = "list and search the annotations of recordings; add and remove notes of your own"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    parser.add_argument("--search", metavar="TEXT", default="", help="only those that say TEXT")
    parser.add_argument(
        "--kind", choices=("all", "file", "notes"), default="all",
        help="only annotations of the file, or only your notes",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    parser.add_argument(
        "--add", nargs=2, metavar=("START_S", "TEXT"), action="append", default=[],
        help="write a note beside the recording, START_S seconds from its beginning",
    )  # fmt: skip
    parser.add_argument(
        "--duration", type=float, default=0.0, metavar="S", help="how long what is added lasts"
    )
    parser.add_argument("--lead", default="", help="the lead that what is added is about")
    parser.add_argument(
        "--remove", type=int, metavar="NUMBER", action="append", default=[],
        help="remove a note by the number that it is listed with",
    )  # fmt: skip
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    found = recordings_in(options.paths)
    if (options.add or options.remove) and len(found) > 1:
        raise EcgviewError(
            "Notes can be added to or removed from one recording at a time.", "Name one file."
        )
    failed = 0
    for path in found:
        try:
            _one(path, options)
        except EcgviewError as error:
            failed = complain(error)
    return failed


def _one(path: Path, options: argparse.Namespace) -> None:
    from ecgview.formats import open_recording
    from ecgview.formats.notes import read_notes, save_notes

    recording = open_recording(
        path, options=import_options(options), corrections=remembered_corrections(options)
    )
    kept = read_notes(recording)
    if options.add or options.remove:
        kept = save_notes(recording, _changed(recording, kept.notes, options), kept.notes)
    rows = _rows(recording, kept, options)
    if options.json:
        where = str(kept.path) if kept.path else None
        told = {"name": recording.name, "path": str(path), "notes_file": where, "marks": rows}
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(recording, kept, rows)


def _changed(
    recording: Recording, notes: tuple[Mark, ...], options: argparse.Namespace
) -> tuple[Mark, ...]:
    """Give the notes without those that are to go, and with those that are to come."""
    for number in options.remove:
        if not 1 <= number <= len(notes):
            raise RecordingError(
                f"{recording.name} has no note {number}.",
                f"It has {len(notes)}." if notes else "It has none.",
            )
    kept = [note for number, note in enumerate(notes, start=1) if number not in options.remove]
    added = [_note(recording, start, text, options) for start, text in options.add]
    return tuple(sorted((*kept, *added), key=lambda note: note.start_s))


def _note(recording: Recording, start: str, text: str, options: argparse.Namespace) -> Mark:
    from ecgview.formats.notes import tidy_note
    from ecgview.leads import normalise_lead_name
    from ecgview.recording import Mark

    try:
        start_s = float(start)
    except ValueError:
        raise RecordingError(f"{start} is no time.", "Give seconds, such as 12.5.") from None
    if not (0 <= start_s < recording.duration_s and 0 <= options.duration < math.inf):
        raise RecordingError(
            f"{recording.name} has nothing at {start} s.",
            f"It lasts {recording.duration_s:g} s; a duration is 0 or more.",
        )
    lead = normalise_lead_name(options.lead) or "" if options.lead else ""
    if options.lead and lead not in recording.leads:
        raise LeadError(
            f"{recording.name} has no lead {options.lead}.", f"It has {', '.join(recording.leads)}."
        )
    note = tidy_note(Mark(start_s, text, options.duration, lead), recording.fs_hz)
    if not note.text:
        raise RecordingError("A note without text says nothing.", "Write a few words.")
    return note


def _rows(
    recording: Recording, kept: KeptNotes, options: argparse.Namespace
) -> list[dict[str, object]]:
    """Give what is to be listed, by time; notes with the number that they are removed by."""
    numbers = {id(note): number for number, note in enumerate(kept.notes, start=1)}
    marks = () if options.kind == "notes" else recording.marks
    notes = () if options.kind == "file" else kept.notes
    needle = options.search.strip().casefold()
    return [
        {
            "start_s": mark.start_s,
            "duration_s": mark.duration_s,
            "channel": mark.channel,
            "text": mark.text,
            "note": numbers.get(id(mark)),
        }
        for mark in sorted((*marks, *notes), key=lambda one: one.start_s)
        if needle in mark.text.casefold()
    ]


def _print(recording: Recording, kept: KeptNotes, rows: list[dict[str, object]]) -> None:
    print(f"{recording.name}: {_count(len(rows))}")
    for row in rows:
        number = f"note {row['note']}" if row["note"] else ""
        lasts = f" ({row['duration_s']:g} s)" if row["duration_s"] else ""
        print(
            f"{row['start_s']:12.3f} s  {number:8} {row['channel']:5} {row['text']}{lasts}".rstrip()
        )
    if kept.path is not None and kept.notes:
        print(f"  notes in {kept.path}")


def _count(n_rows: int) -> str:
    return {0: "no marks", 1: "1 mark"}.get(n_rows, f"{n_rows:,} marks")

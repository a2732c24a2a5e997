"""``ecgview signs``: what is unusual about recordings, for a model that knows others."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import complain
from ecgview.cli.options import (
    add_import_options,
    add_leads,
    add_model,
    add_paths,
    import_options,
    recordings_in,
    remembered_corrections,
)
from ecgview.errors import EcgviewError, RecordingError

if TYPE_CHECKING:
    from ecgview.engine.events import Event
    from ecgview.engine.signs.sign import Sign
    from ecgview.recording import Recording

HELP = "look for signs that recordings are not like those a model was trained on"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "+")
    add_leads(parser)
    add_model(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command; unusual recordings are no failure."""
    from ecgview.engine.cards import find_model
    from ecgview.engine.signs.find import find_signs
    from ecgview.formats import open_recording

    card = find_model(options.model)
    failed = 0
    for path in recordings_in(options.paths):
        try:
            recording = open_recording(
                path, options=import_options(options), corrections=remembered_corrections(options)
            )
            leads = tuple(options.leads or recording.leads)
            if not leads:
                raise RecordingError(f"{recording.name} has none of the twelve leads.")
            signs = find_signs(recording, leads, options.model)
        except EcgviewError as error:
            failed = complain(error)
            continue
        if options.json:
            print(_as_json(path, recording, leads, card.name, signs))
        else:
            print(_as_text(recording, signs))
    return failed


def _as_text(recording: Recording, signs: tuple[Sign, ...]) -> str:
    if not signs:
        return f"{recording.name}: no sign"
    return "\n".join([recording.name, *map(sign_lines, signs)])


def sign_lines(sign: Sign) -> str:
    """Write a sign, what it may mean, and how often it is right."""
    rate = sign.rate.words if sign.rate is not None else ""
    return "\n".join(filter(None, (f"  {sign.message}", *_indented(sign.hint), *_indented(rate))))


def signs_beside(
    recording: Recording, available: Sequence[str], model: str | None
) -> tuple[Sign, ...]:
    """Find signs for a command that is about something else; none where leads are not the twelve.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    from ecgview.engine.signs.find import find_signs

    if not available or not set(available) <= set(recording.leads):
        return ()
    return find_signs(recording, available, model)


def with_signs(events: Iterable[Event], model: str | None) -> Iterator[Event]:
    """Hand on the events of a batch, and tell the signs of each recording on standard error."""
    from ecgview.engine.batch import RecordDone

    for event in events:
        if isinstance(event, RecordDone):
            found = signs_beside(event.recording, event.reconstruction.available, model)
            for sign in found:
                print(f"{event.recording.name}: sign: {sign.message}", file=sys.stderr)
        yield event


def short_lines(signs: tuple[Sign, ...]) -> str:
    """Write the sentences of signs alone, for commands that are about something else."""
    return "\n".join(f"sign: {sign.message}" for sign in signs)


def _indented(text: str) -> list[str]:
    return [f"    {text}"] if text else []


def _as_json(
    path: Path, recording: Recording, leads: tuple[str, ...], model: str, signs: tuple[Sign, ...]
) -> str:
    return json.dumps(
        {
            "name": recording.name,
            "path": str(path),
            "model": model,
            "available": leads,
            "signs": signs_json(signs),
        },
        ensure_ascii=False,
    )


def signs_json(signs: tuple[Sign, ...]) -> list[dict[str, object]]:
    """Give signs for JSON."""
    from dataclasses import asdict

    return [asdict(sign) for sign in signs]

"""``ecgview [FILE...]``."""

from __future__ import annotations

import argparse
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import (
    add_import_options,
    add_leads,
    add_paths,
    add_screenshot,
    import_options,
    recordings_in,
)
from ecgview.errors import EcgviewError, LeadError

if TYPE_CHECKING:
    from ecgview.recording import Recording

HELP = "open files in the window"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "*")
    add_leads(parser, default=())
    add_screenshot(parser, "draw the window with the file into a picture; needs no display")
    add_import_options(parser, as_is=False)  # the window shows and undoes what is remembered


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import has_display

    if options.screenshot is not None:
        return _draw(options)
    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        _try_to_open(options)
        raise EcgviewError(
            "There is no display to open a window on.",
            "Try `ecgview open FILE --screenshot OUT.png`, `ecgview info FILE` or `ecgview "
            "reconstruct --leads I,II FILE`.",
        )
    from ecgview.cli.complaints import complain
    from ecgview.gui.app import run

    return run(
        options.paths,
        import_options=import_options(options),
        available=options.leads,
        tell=complain,
    )


def _draw(options: argparse.Namespace) -> int:
    """Draw the window into a picture, and print its table."""
    from ecgview.cli.text import agreement_table

    path = _only_one(options.paths)
    recording = _open(path, options)
    _check_leads(recording, options.leads)
    from ecgview.gui.app import render_window

    figures = render_window(
        recording, options.leads, options.screenshot, path=path, theme=options.theme
    )
    print(recording.name)
    print(agreement_table(figures))
    print(f"Picture: {options.screenshot}")
    return 0


def _only_one(paths: Sequence[Path]) -> Path:
    found = recordings_in(paths) if paths else []
    if len(found) != 1:
        raise EcgviewError(f"--screenshot takes one file, not {len(found)}.", "Name one.")
    return found[0]


def _open(path: Path, options: argparse.Namespace) -> Recording:
    """Open a file as the window does."""
    from ecgview.formats import open_recording, user_corrections

    return open_recording(path, options=import_options(options), corrections=user_corrections())


def _check_leads(recording: Recording, leads: Sequence[str]) -> None:
    """Refuse leads that are not there; the window would take those that are."""
    if missing := [lead for lead in leads if lead not in recording.leads]:
        raise LeadError(
            f"{recording.name} has no lead {', '.join(missing)}.",
            f"It has {', '.join(recording.leads) or 'none of the twelve'}.",
        )


def _try_to_open(options: argparse.Namespace) -> None:
    """Say what is wrong with a file, where that is so, rather than with the display."""
    if any(path.is_file() and path.suffix.lower() == ".ecgview" for path in options.paths):
        return
    for path in recordings_in(options.paths) if options.paths else ():
        _open(path, options)

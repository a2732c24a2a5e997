"""``ecgview picture``: the page of an ECG, to scale, as a file."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from ecgview.cli.options import (
    add_device,
    add_import_options,
    add_leads,
    add_model,
    add_start,
    import_options,
    remembered_corrections,
    stretch_of,
)
from ecgview.cli.page_options import (
    PAPERS,
    add_input_filters,
    add_page_options,
    add_with_patient,
    page_view,
    subject_of,
)

HELP = "draw an ECG on paper to scale, as PDF, SVG or PNG"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("path", type=Path, metavar="PATH", help="the recording")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="a .pdf, .svg or .png file"
    )
    add_leads(parser)
    add_model(parser)
    add_device(parser)
    parser.add_argument("--clean", action="store_true", help="labels quote the clean correlation")
    add_start(parser)
    parser.add_argument("--all", action="store_true", help="the whole recording, page after page")
    parser.add_argument("--paper", choices=PAPERS, default="a4", help="on its long side (a4)")
    parser.add_argument(
        "--fit", action="store_true", help="make a page smaller that is too wide; it says so"
    )
    add_with_patient(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace a file already there")
    add_page_options(parser)
    add_input_filters(parser)
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.progress import follow
    from ecgview.engine.cards import find_model
    from ecgview.engine.events import Finished
    from ecgview.formats import open_recording
    from ecgview.gui.printing.geometry import Layout
    from ecgview.gui.printing.headless import picture_events

    recording = open_recording(
        options.path, options=import_options(options), corrections=remembered_corrections(options)
    )
    stretch_of(recording, options.start, None)
    subject = subject_of(recording, options, find_model(options.model))
    layout = Layout(options.paper, options.fit, "all" if options.all else "page")
    events = picture_events(
        subject,
        page_view(options, options.start),
        layout,
        options.colours,
        options.output,
        overwrite=options.overwrite,
    )
    for event in follow(events, "page"):
        if isinstance(event, Finished):
            print("\n".join(map(str, event.result)))
    return 0

"""``ecgview figure``: one recording as a figure for a paper."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from ecgview.cli.interval_option import add_interval
from ecgview.cli.options import (
    add_device,
    add_import_options,
    add_leads,
    available_leads,
    import_options,
    lead_list,
    remembered_corrections,
)

HELP = "draw one recording, recorded against reconstructed, for a paper"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("path", type=Path, metavar="PATH", help="the recording")
    add_leads(parser)
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="the figure: .svg, .pdf (text and lines as such) or .png (300 dots per inch)",
    )
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME_OR_FILE",
        help="see `ecgview models`; up to four, drawn together",
    )
    parser.add_argument(
        "--start", type=float, default=0.0, metavar="S", help="from second S on (0)"
    )
    parser.add_argument("--duration", type=float, default=4.0, metavar="S", help="seconds (4)")
    parser.add_argument(
        "--show", type=lead_list, metavar="LEADS", help="draw these leads only, such as chest"
    )
    add_interval(parser, "the band around a single model's leads")
    parser.add_argument("--clean", action="store_true", help="high-pass all traces at 0.5 Hz")
    parser.add_argument("--overwrite", action="store_true", help="replace a file already there")
    add_device(parser)
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.cards import find_model
    from ecgview.engine.reconstruct import reconstruct
    from ecgview.export.recording_figure import recording_figure
    from ecgview.export.style import check_target, save_figure
    from ecgview.formats import open_recording
    from ecgview.leads import LEADS

    check_target(options.output, overwrite=options.overwrite)
    recording = open_recording(
        options.path, options=import_options(options), corrections=remembered_corrections(options)
    )
    cards = [find_model(name) for name in options.model or [None]]
    reconstructions = [
        reconstruct(recording, available_leads(options.leads, card), name, options.device)
        for name, card in zip(options.model or [None], cards, strict=True)
    ]
    figure = recording_figure(
        recording,
        reconstructions,
        start_s=options.start,
        duration_s=options.duration,
        leads=options.show or LEADS,
        clean=options.clean,
        interval=options.interval,
    )
    print(save_figure(figure, options.output, overwrite=options.overwrite))
    return 0

"""``ecgview demo``: the window, or a picture and a table where there is no display."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from ecgview.cli.options import add_leads, add_screenshot

HELP = "show a simulated twelve-lead ECG"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    from ecgview.simulate import CASES

    parser.add_argument("--case", choices=sorted(CASES), default="normal", help="what to simulate")
    add_leads(parser, default=("I", "II", "V2"))
    parser.add_argument("--seed", type=int, default=0, help="which simulated person")
    add_screenshot(parser, "draw into a picture")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import agreement_table, has_display
    from ecgview.simulate import simulate

    recording = simulate(options.case, seed=options.seed)
    if options.screenshot is None and has_display():
        from ecgview.gui.app import run

        return run(
            [], recording=recording, demo=(options.case, options.seed), available=options.leads
        )
    from ecgview.gui.app import render_window

    picture = options.screenshot or Path("ecgview-demo.png")
    figures = render_window(recording, options.leads, picture, theme=options.theme)
    print(f"{recording.name}: simulated, not a patient")
    print(agreement_table(figures))
    print(f"Picture: {picture}")
    return 0

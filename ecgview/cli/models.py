"""``ecgview models``: what is installed."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser

from ecgview.cli.complaints import complain

HELP = "list the installed models"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--device", action="store_true", help="say which device runs them and why")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import model_lines
    from ecgview.engine.cards import broken_models, list_models

    for card in list_models():
        print(model_lines(card))
    for error in broken_models():
        complain(error)
    if options.device:
        from ecgview.engine.device import choose_device, device_names

        print(f"device: {choose_device()} (of {', '.join(device_names())})")
    return 0

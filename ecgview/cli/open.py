"""``ecgview [FILE...]``."""

from __future__ import annotations

import argparse
import os
from argparse import ArgumentParser

from ecgview.cli.options import add_import_options, add_paths, import_options
from ecgview.errors import EcgviewError

HELP = "open files in the window"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_paths(parser, "*")
    add_import_options(parser, as_is=False)  # the window shows and undoes what is remembered


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import has_display

    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        raise EcgviewError(
            "There is no display to open a window on.",
            "Try `ecgview demo`, `ecgview info FILE` or `ecgview reconstruct --leads I,II FILE`.",
        )
    from ecgview.gui.app import run

    return run(options.paths, import_options=import_options(options))

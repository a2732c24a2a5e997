"""``ecgview study``: studies on data at hand, each a command of its own below this one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module

HELP = "run a study: train its models, score them, write its tables"
STUDIES = ("gradowski2025", "presacan2025", "intervals", "additions", "personal", "signs")


def add_options(parser: ArgumentParser) -> None:
    """Declare the studies; each brings its options and what runs it."""
    studies = parser.add_subparsers(metavar="STUDY", required=True)
    for name in STUDIES:
        module = import_module(f"ecgview.cli.studies.{name}")
        study = studies.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_options(study)
        study.set_defaults(run_study=module.run)


def run(options: Namespace) -> int:
    """Run the study that was named."""
    return int(options.run_study(options))

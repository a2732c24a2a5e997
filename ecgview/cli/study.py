"""``ecgview study``: studies on data at hand, each a command of its own below this one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module

from ecgview.errors import EcgviewError

HELP = "run a study: train its models, score them, write its tables"
STUDIES = ("gradowski2025", "presacan2025", "intervals", "additions", "personal", "signs")
SHARED = ("gradowski2025",)
"""Studies that several processes, started by ``torchrun``, can do together."""


def add_options(parser: ArgumentParser) -> None:
    """Declare the studies; each brings its options and what runs it."""
    studies = parser.add_subparsers(metavar="STUDY", required=True)
    for name in STUDIES:
        module = import_module(f"ecgview.cli.studies.{name}")
        study = studies.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_options(study)
        study.set_defaults(run_study=module.run, study=name)


def run(options: Namespace) -> int:
    """Run the study that was named."""
    from ecgview.engine.distributed import world_size

    if options.study not in SHARED and world_size() > 1:
        raise EcgviewError(
            f"Several processes cannot share `ecgview study {options.study}`.",
            f"Run it without torchrun, which is for {', '.join(SHARED)}.",
        )
    return int(options.run_study(options))

"""The options of each command."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.errors import LeadError
from ecgview.leads import parse_leads

if TYPE_CHECKING:
    from ecgview.engine.parameters import TrainingParameters


def add_options(command: str, parser: ArgumentParser) -> None:
    """Declare the options of a command."""
    _OPTIONS[command](parser)


def lead_list(text: str) -> tuple[str, ...]:
    """Parse a list of leads."""
    try:
        return parse_leads(text)
    except LeadError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def fold_list(text: str) -> tuple[int, ...]:
    """Parse folds such as ``9``, ``1-8`` or ``1,2,5-7``."""
    folds: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            folds += range(int(first), int(last or first) + 1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a list of folds such as 1-8") from error
    return tuple(folds)


def training_parameters(options: argparse.Namespace) -> TrainingParameters:
    """Gather the training parameters from the command line."""
    from ecgview.engine.parameters import TrainingParameters, parameter_table

    return TrainingParameters(**{name: getattr(options, name) for name, _ in parameter_table()})


def _paths(parser: ArgumentParser, count: str) -> None:
    parser.add_argument("paths", nargs=count, type=Path, metavar="PATH", help="file or folder")


def _text_files(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("text files that do not say it themselves")
    group.add_argument("--csv-leads", metavar="NAMES", help="lead of each column: I,II,V1")
    group.add_argument("--rate-hz", type=float, metavar="R", help="sampling rate in Hz")
    group.add_argument("--unit", help="unit of the samples: mV, uV, V")


def _leads(parser: ArgumentParser, **how: object) -> None:
    parser.add_argument(
        "--leads",
        type=lead_list,
        metavar="LEADS",
        help="available leads, such as I,II,V2",
        **how,  # type: ignore[arg-type]
    )


def _device(parser: ArgumentParser) -> None:
    devices = ("auto", "cpu", "cuda", "mps")
    parser.add_argument("--device", choices=devices, default="auto", help="where the model runs")


def _open(parser: ArgumentParser) -> None:
    _paths(parser, "*")
    _text_files(parser)


def _demo(parser: ArgumentParser) -> None:
    from ecgview.simulate import CASES

    parser.add_argument("--case", choices=sorted(CASES), default="normal", help="what to simulate")
    _leads(parser, default=("I", "II", "V2"))
    parser.add_argument("--seed", type=int, default=0, help="which simulated person")
    parser.add_argument("--screenshot", type=Path, metavar="OUT.png", help="draw into a picture")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")


def _info(parser: ArgumentParser) -> None:
    _paths(parser, "+")
    parser.add_argument("--json", action="store_true", help="one JSON object a recording a line")
    _text_files(parser)


def _reconstruct(parser: ArgumentParser) -> None:
    _paths(parser, "+")
    _leads(parser, required=True)
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where to write; figures only if not given"
    )
    parser.add_argument("--model", metavar="NAME_OR_FILE", help="see `ecgview models`")
    _device(parser)
    parser.add_argument("--format", choices=("wfdb", "csv"), default="wfdb")
    parser.add_argument(
        "--clean", action="store_true", help="figures of 0.5 Hz high-passed signals"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files already there")
    parser.add_argument("--json", action="store_true", help="one JSON object a record a line")
    _text_files(parser)


def _models(parser: ArgumentParser) -> None:
    parser.add_argument("--device", action="store_true", help="say which device runs them and why")


def _evaluate(parser: ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--folds", type=fold_list, default=(9,), help="folds to report (9)")
    _records(parser)
    parser.add_argument("--model", action="append", metavar="NAME_OR_FILE", help="may be repeated")
    parser.add_argument(
        "--inputs",
        default="quality",
        metavar="SETS",
        help='"quality" (eight sets), "paper" (25), "all" (510), or "I;I,II;I,II,V2"',
    )
    _device(parser)
    parser.add_argument("--output", type=Path, metavar="DIR", help="write CSV and JSON tables")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--into-card", action="store_true", help="put figures into the model cards")


def _train(parser: ArgumentParser) -> None:
    from ecgview.engine.parameters import TrainingParameters, parameter_table

    _data(parser)
    parser.add_argument("--recipe", choices=("anylead",), default="anylead")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="for the model")
    parser.add_argument("--name", default="anylead", help="name of the model")
    parser.add_argument("--folds", type=fold_list, default=tuple(range(1, 9)), help="1-8")
    _records(parser)
    _device(parser)
    for name, limits in parameter_table():
        default = getattr(TrainingParameters, name)
        unit = f" {limits.unit}" if limits.unit else ""
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(default),
            default=default,
            metavar=name[0].upper(),
            help=f"{limits.help} ({default}{unit})",
        )


def _records(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--records", type=Path, metavar="FILE", help="take the records this file names instead"
    )


def _data(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="DIR",
        help="data set: PTB-XL's layout, Challenge 2011's, or any folder; may be repeated",
    )


_OPTIONS: dict[str, Callable[[ArgumentParser], None]] = {
    "open": _open,
    "demo": _demo,
    "info": _info,
    "reconstruct": _reconstruct,
    "models": _models,
    "evaluate": _evaluate,
    "train": _train,
}

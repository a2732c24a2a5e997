"""The command line: one function a command; the work is done in the rooms.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview import DISCLAIMER, __version__
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from ecgview.engine.events import Event
    from ecgview.formats import CsvOptions

SOME_FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; that of the process by default. Anything
        that does not start with a command is taken as files to open.

    Returns
    -------
    int
        0, or 1 where a file or the command failed, or 2 for a wrong command line.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0] not in COMMANDS and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "open")
    options = make_parser().parse_args(words, argparse.Namespace(words=words))
    try:
        return int(options.run(options))
    except EcgviewError as error:
        return complain(error)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def complain(error: EcgviewError) -> int:
    """Tell an error on standard error and give the exit status."""
    print(f"ecgview: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)
    return SOME_FAILED


def make_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    from ecgview.cli_options import add_options

    parser = argparse.ArgumentParser(
        prog="ecgview",
        description="Open twelve-lead ECGs, choose the available leads, see the others rebuilt. "
        "With files instead of a command, or with nothing, the window opens.",
        epilog=DISCLAIMER,
    )
    parser.add_argument("--version", action="version", version=f"ecgview {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (run, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        add_options(name, command)
        command.set_defaults(run=run)
    return parser


def csv_options(options: argparse.Namespace) -> CsvOptions:
    """Gather the options that describe text files."""
    from ecgview.formats import CsvOptions

    leads = options.csv_leads.split(",") if options.csv_leads else None
    return CsvOptions(tuple(leads) if leads else None, options.rate_hz, options.unit)


def open_window(options: argparse.Namespace) -> int:
    """``ecgview [FILE...]``."""
    from ecgview.console import has_display

    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        raise EcgviewError(
            "There is no display to open a window on.",
            "Try `ecgview demo`, `ecgview info FILE` or `ecgview reconstruct --leads I,II FILE`.",
        )
    from ecgview.gui.app import run

    return run(options.paths, csv_options=csv_options(options))


def demo(options: argparse.Namespace) -> int:
    """``ecgview demo``: the window, or a picture and a table where there is no display."""
    from ecgview.console import agreement_table, has_display
    from ecgview.simulate import simulate

    recording = simulate(options.case, seed=options.seed)
    if options.screenshot is None and has_display():
        from ecgview.gui.app import run

        return run([], recording=recording, available=options.leads)
    from ecgview.gui.app import render_window

    picture = options.screenshot or Path("ecgview-demo.png")
    figures = render_window(recording, options.leads, picture, theme=options.theme)
    print(f"{recording.name}: simulated, not a patient")
    print(agreement_table(figures))
    print(f"Picture: {picture}")
    return 0


def info(options: argparse.Namespace) -> int:
    """``ecgview info``: facts about recordings."""
    from ecgview.console import facts
    from ecgview.formats import describe, find_recordings, open_recording

    failed = 0
    for path in find_recordings(options.paths):
        try:
            described = describe(open_recording(path, csv=csv_options(options)))
        except EcgviewError as error:
            failed = complain(error)
            continue
        print(json.dumps(described, ensure_ascii=False) if options.json else facts(described))
    return failed


def reconstruct(options: argparse.Namespace) -> int:
    """``ecgview reconstruct``: many files, one set of available leads."""
    from ecgview.console import record_json, record_lines
    from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files
    from ecgview.engine.events import Failed
    from ecgview.engine.reconstruct import load_reconstructor

    task = BatchTask(
        options.leads,
        options.output,
        options.format,
        options.clean,
        options.overwrite,
        csv_options(options),
    )
    reconstructor = load_reconstructor(options.model, options.device)
    done = failed = 0
    for event in follow(reconstruct_files(options.paths, task, reconstructor), "record"):
        if isinstance(event, RecordDone):
            done += 1
            print(record_json(event) if options.json else record_lines(event), flush=True)
        elif isinstance(event, Failed):
            failed += 1
    if not done and not failed:
        raise EcgviewError("No recording was found.", "Folders are searched for .hea files.")
    print(f"{done} reconstructed, {failed} failed", file=sys.stderr)
    return SOME_FAILED if failed else 0


def train(options: argparse.Namespace) -> int:
    """``ecgview train``: a model from a data set."""
    from ecgview.cli_options import training_parameters
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.device import choose_device
    from ecgview.engine.events import Finished
    from ecgview.engine.training import EpochDone, TrainingTask
    from ecgview.engine.training import train as run_training

    parameters = training_parameters(options)
    task = TrainingTask(
        name=options.name,
        entries=choose_entries(options.data, options.folds, options.records),
        output=options.output,
        device=choose_device(options.device),
        folds=options.folds,
        command=("ecgview", *options.words),
    )
    for event in follow(run_training(task, parameters), "record"):
        if isinstance(event, EpochDone):
            print(f"epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}", flush=True)
        elif isinstance(event, Finished):
            print(f"Model: {event.result.path}")
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """``ecgview evaluate``: tables over folds that the models have not seen."""
    from ecgview.console import score_table
    from ecgview.engine.cards import find_model
    from ecgview.engine.dataset import choose_entries
    from ecgview.engine.evaluation import evaluate_models
    from ecgview.engine.events import Finished
    from ecgview.engine.input_sets import parse_input_sets
    from ecgview.engine.reports import write_into_card, write_tables

    cards = [find_model(name) for name in options.model or [None]]
    entries = choose_entries(options.data, options.folds, options.records)
    job = evaluate_models(cards, entries, parse_input_sets(options.inputs), options.device)
    for event in follow(job, "set"):
        if isinstance(event, Finished):
            report = event.result
            print(json.dumps(report.as_dict()) if options.json else score_table(report))
            if options.output:
                write_tables(report, options.output)
            if options.into_card:
                for card in cards:
                    write_into_card(card, report, shlex.join(("ecgview", *options.words)))
    return 0


def models(options: argparse.Namespace) -> int:
    """``ecgview models``: what is installed."""
    from ecgview.console import model_lines
    from ecgview.engine.cards import broken_models, list_models

    for card in list_models():
        print(model_lines(card))
    for error in broken_models():
        complain(error)
    if options.device:
        from ecgview.engine.device import choose_device, device_names

        print(f"device: {choose_device()} (of {', '.join(device_names())})")
    return 0


def follow(events: Iterable[Event], unit: str) -> Iterator[Event]:
    """Show the progress of a job on standard error and hand on its other events."""
    from tqdm import tqdm

    from ecgview.engine.events import Failed, Progress

    with tqdm(file=sys.stderr, unit=unit, disable=None, leave=False) as bar:
        for event in events:
            if isinstance(event, Progress):
                bar.total = event.total
                bar.set_description_str(event.message, refresh=False)
                bar.update(event.done - bar.n)
                continue
            if isinstance(event, Failed):
                bar.clear()
                print(f"ecgview: {event.message}", file=sys.stderr)
            yield event


Command = tuple[Any, str]
COMMANDS: dict[str, Command] = {
    "open": (open_window, "open files in the window"),
    "demo": (demo, "show a simulated twelve-lead ECG"),
    "info": (info, "print facts about recordings"),
    "reconstruct": (reconstruct, "rebuild the leads of recordings from some of them"),
    "models": (models, "list the installed models"),
    "evaluate": (evaluate, "score models on recordings they have not seen"),
    "train": (train, "train a model"),
}

"""``ecgview anonymise``: recordings without what tells whose they are."""

from __future__ import annotations

import argparse
import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.convert import add_places, conclude, tell
from ecgview.cli.options import add_import_options, import_options, remembered_corrections
from ecgview.errors import RecordingError
from ecgview.formats.writers import WRITERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecgview.engine.conversion import Written

HELP = "write recordings without names, numbers, dates and free text"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = (
        "Kept are samples, rate, names of leads, sex, age (90+ above 89) and codes of beats. The "
        "ECG itself can still be recognised by who has another one of the same person."
    )
    add_places(parser)
    parser.add_argument(
        "--format",
        choices=tuple(WRITERS),
        help="to write in; if not given, each file's own where it can be written, or else wfdb",
    )
    parser.add_argument(
        "--keep-names",
        action="store_true",
        help="keep the names of files and folders; if not given, files are called ecg-0001, ...",
    )
    parser.add_argument(
        "--table",
        type=Path,
        metavar="FILE.csv",
        help="write down which file became which; it identifies them: keep it apart from OUT",
    )
    add_import_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.conversion import AnonymisationTask, anonymise_files

    if options.table is not None:
        _check_table(options.table, options.output, overwrite=options.overwrite)
    task = AnonymisationTask(
        options.output,
        options.format,
        options.overwrite,
        import_options(options),
        remembered_corrections(options),
        options.keep_names,
    )
    done, failed = tell(anonymise_files(options.paths, task))
    if options.table is not None and done:
        _write_table(options.table, done)
    return conclude(len(done), failed, "anonymised")


def _check_table(table: Path, output: Path, *, overwrite: bool) -> None:
    if table.resolve().is_relative_to(output.resolve()):
        raise RecordingError(
            f"The table {table} would lie among the anonymised files, which it identifies.",
            "Write it elsewhere.",
        )
    if table.exists() and not overwrite:
        raise RecordingError(
            f"{table} exists already.",
            "Name another file, or allow it to be replaced: --overwrite.",
        )


def _write_table(table: Path, done: Sequence[Written]) -> None:
    try:
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["original", "anonymous"])
            rows.writerows([str(one.path), str(one.written)] for one in done)
    except OSError as error:
        raise RecordingError(
            f"{table} cannot be written ({error.strerror or error}).", "Choose another folder."
        ) from error

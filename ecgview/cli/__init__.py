"""The command line: one file a command; the work is done in the rooms.

Each command is a module of this package with ``HELP``, ``add_options(parser)`` and
``run(options)``. Heavy modules are imported inside `run`, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from ecgview import DISCLAIMER, __version__
from ecgview.cli.complaints import SOME_FAILED, complain
from ecgview.cli.streams import make_sure_of_streams, written_to_the_end
from ecgview.cli.wildcards import expanded
from ecgview.errors import EcgviewError

COMMANDS = (
    "open",
    "demo",
    "info",
    "browse",
    "marks",
    "beats",
    "signs",
    "convert",
    "anonymise",
    "reconstruct",
    "score",
    "worst",
    "compare",
    "picture",
    "report",
    "figure",
    "models",
    "cache",
    "evaluate",
    "agreement",
    "leadmap",
    "train",
    "study",
)

SHARED = ("reconstruct", "evaluate", "train", "study")
"""Commands that several processes, started by ``torchrun``, can do together."""

_INTERRUPTED = 130
_NOT_READ = 141

__all__ = ["COMMANDS", "SOME_FAILED", "carry_out", "main", "make_parser", "understand"]


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
        0, or 1 where a file or the command failed, 2 for a wrong command line, 130 after an
        interrupt from the keyboard, or 141 where the output is no longer read.
    """
    make_sure_of_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if sys.platform == "win32":
        words = expanded(words)
    if not words or (words[0] not in COMMANDS and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "open")
    return carry_out(understand(words), complain)


def understand(words: list[str]) -> argparse.Namespace:
    """Read a command line that begins with a command; ends the process where it is wrong."""
    try:
        with written_to_the_end():
            return make_parser().parse_args(words, argparse.Namespace(words=words))
    except EcgviewError as error:
        sys.exit(complain(error))
    except BrokenPipeError:
        sys.exit(_NOT_READ)


def carry_out(options: argparse.Namespace, tell: Callable[[EcgviewError], int]) -> int:
    """Run the command that was understood.

    Parameters
    ----------
    options : argparse.Namespace
        From `understand`.
    tell : callable
        Tells the error that ended the command, and gives the exit status.

    Returns
    -------
    int
        The exit status; see `main`.
    """
    # Of a home that cannot be written it would tell at length.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        _check_sharing(options.words[0])
        with written_to_the_end():
            return int(options.run(options))
    except EcgviewError as error:
        status = tell(error)
        return _INTERRUPTED if isinstance(error.__cause__, KeyboardInterrupt) else status
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        return _NOT_READ  # whoever read the output, such as `head`, has enough


def _check_sharing(command: str) -> None:
    from ecgview.engine.distributed import world_size

    if command not in SHARED and world_size() > 1:
        raise EcgviewError(
            f"Several processes cannot share `ecgview {command}`.",
            f"Run it without torchrun, which is for {', '.join(SHARED)}.",
        )


def make_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="ecgview",
        description="Open twelve-lead ECGs, choose the available leads, see the others rebuilt. "
        "With files instead of a command, or with nothing, the window opens.",
        epilog=DISCLAIMER,
    )
    parser.add_argument("--version", action="version", version=f"ecgview {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = import_module(f"ecgview.cli.{name}")
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser

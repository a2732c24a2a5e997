"""The option of commands that show or write the interval around a reconstruction."""

from __future__ import annotations

from argparse import ArgumentTypeError, _ActionsContainer

from ecgview.interval import DEFAULT_LEVEL, LEVELS

_LEVELS = {f"{100 * level:.0f}": level for level in LEVELS}


def add_interval(parser: _ActionsContainer, what: str) -> None:
    """Take the level of an interval.

    Parameters
    ----------
    parser : ArgumentParser or a group of one
        Takes it as ``interval``: a share of samples, 0.0 for none.
    what : str
        What is done with it.
    """
    parser.add_argument(
        "--interval",
        type=_level,
        default=DEFAULT_LEVEL,
        metavar="{50,80,90,none}",
        help=f"{what}: the one that is to hold so many per cent of samples "
        f"({100 * DEFAULT_LEVEL:.0f})",
    )


def _level(text: str) -> float:
    if text == "none":
        return 0.0
    if text.removesuffix("%").strip() not in _LEVELS:
        raise ArgumentTypeError(f"“{text}” is no interval; use {', '.join(_LEVELS)} or none")
    return _LEVELS[text.removesuffix("%").strip()]

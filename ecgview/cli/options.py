"""Options that several commands share."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.errors import EcgviewError, LeadError, RecordingError
from ecgview.leads import LEADS, parse_leads

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.recipes import Recipe
    from ecgview.formats import Corrections, ImportOptions
    from ecgview.recording import Recording
    from ecgview.signals.filtering import Filters


def lead_list(text: str) -> tuple[str, ...]:
    """Parse a list of leads."""
    try:
        return parse_leads(text)
    except LeadError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _gains(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a list of factors") from error


def fold_list(text: str) -> tuple[int, ...]:
    """Parse folds; see `ecgview.engine.folds.parse_folds`."""
    from ecgview.engine.folds import parse_folds

    try:
        return parse_folds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a list of folds such as 1-8") from error


def filter_set(text: str) -> Filters:
    """Parse filters; see `ecgview.signals.filtering.parse_filters`."""
    from ecgview.signals.filtering import FilterError, parse_filters

    try:
        return parse_filters(text)
    except FilterError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_filters(parser: ArgumentParser, option: str, what: str) -> None:
    """Take filters, under the name of an option that says what they are for.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command.
    option : str
        ``--filter-input`` for what a model is given, ``--filter`` for anything else.
    what : str
        What is filtered, for the help.
    """
    parser.add_argument(
        option,
        type=filter_set,
        metavar="FILTERS",
        help=f"filter {what}, zero phase: high-pass=0.5,low-pass=40,mains=50,baseline or some of "
        "these (default: no filter)",
    )


def add_training_parameters(
    parser: ArgumentParser, recipes: Sequence[Recipe], absent: frozenset[str] = frozenset()
) -> None:
    """Take the parameters of some recipes; those not given are left to the recipe."""
    from ecgview.engine.parameters import parameter_table

    types: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "leads": lead_list,
        "choice": str,
        "text": str,
    }
    group = parser.add_argument_group("training parameters")
    known = {parameter.name for recipe in recipes for parameter in recipe.table()} - absent
    for parameter in parameter_table():
        if parameter.name in known:
            group.add_argument(
                parameter.option,
                type=types[parameter.kind],
                choices=parameter.choices or None,
                metavar=None if parameter.choices else parameter.name[0].upper(),
                default=argparse.SUPPRESS,
                help=f"{parameter.help} ({_defaults(parameter.name, recipes)})".replace("%", "%%"),
            )


def _defaults(name: str, recipes: Sequence[Recipe]) -> str:
    """Tell the defaults of a parameter: one for all recipes, or one for each."""
    by_recipe = {
        recipe.name: ",".join(parameter.default) if parameter.kind == "leads" else parameter.default
        for recipe in recipes
        for parameter in recipe.table()
        if parameter.name == name
    }
    if len({*by_recipe.values()}) == 1 and len(by_recipe) == len(recipes):
        return f"{next(iter(by_recipe.values()))}"
    return "; ".join(f"{recipe}: {default or 'none'}" for recipe, default in by_recipe.items())


def chosen_parameters(options: argparse.Namespace) -> dict[str, Any]:
    """Gather the training parameters that the command line gives."""
    from ecgview.engine.parameters import parameter_table

    names = [parameter.name for parameter in parameter_table()]
    return {name: getattr(options, name) for name in names if hasattr(options, name)}


def add_paths(parser: ArgumentParser, count: str) -> None:
    """Take files and folders."""
    parser.add_argument("paths", nargs=count, type=Path, metavar="PATH", help="file or folder")


def recordings_in(paths: Sequence[Path]) -> list[Path]:
    """List the recordings of files and folders.

    Raises
    ------
    EcgviewError
        If there is none.
    """
    from ecgview.formats import find_recordings

    if found := find_recordings(paths):
        return found
    raise EcgviewError(
        f"No recording was found in {', '.join(map(str, paths))}.",
        "Files in a folder are known by their content; name a file to see why it is not read.",
    )


def add_import_options(parser: ArgumentParser, *, as_is: bool = True) -> None:
    """Take what files may not say themselves, or say wrongly; `remembered_corrections` reads on."""
    group = parser.add_argument_group("what files do not say themselves, or say wrongly")
    group.add_argument(
        "--lead-names",
        "--csv-leads",
        metavar="NAMES",
        help="lead of each signal: I,II,V1; or `standard` for I, II, III, aVR, aVL, aVF, V1-V6",
    )
    group.add_argument("--rate-hz", type=float, metavar="R", help="sampling rate in Hz")
    group.add_argument(
        "--unit", help="unit of the samples: mV, uV, V, or converter steps such as 200/mV"
    )
    group.add_argument(
        "--gain",
        type=_gains,
        metavar="G",
        help="multiply the amplitudes: one factor for all signals, or one for each: 1,1,-1",
    )
    group.add_argument(
        "--part",
        metavar="NAME",
        help="which part of a file that holds several; `convert` and `anonymise` write each of "
        "them with `all`",
    )
    if as_is:
        group.add_argument(
            "--as-is",
            action="store_true",
            help="leave out the corrections remembered for files of the same kind",
        )


def add_leads(parser: ArgumentParser, **how: object) -> None:
    """Take the available leads."""
    parser.add_argument(
        "--leads",
        type=lead_list,
        metavar="LEADS",
        help="available leads, such as I,II,V2",
        **how,  # type: ignore[arg-type]
    )


def add_screenshot(parser: ArgumentParser, what: str) -> None:
    """Take a picture to draw the window into, and its colours; `what` is its help."""
    parser.add_argument("--screenshot", type=Path, metavar="OUT.png", help=what)
    themes = ("light", "grey", "dark", "contrast", "contrast-dark")
    parser.add_argument("--theme", choices=themes, default="light", help="its colours (light)")


def add_model(parser: ArgumentParser, more: str = "") -> None:
    """Take the model; `more` is added to its help."""
    parser.add_argument("--model", metavar="NAME_OR_FILE", help=f"see `ecgview models`{more}")


def add_clean(parser: ArgumentParser) -> None:
    """Take how signals are compared."""
    parser.add_argument(
        "--clean", action="store_true", help="figures of 0.5 Hz high-passed signals"
    )


def add_start(parser: ArgumentParser) -> None:
    """Take where in a recording to begin; see `stretch_of`."""
    parser.add_argument(
        "--start", type=float, default=0.0, metavar="S", help="from second S on (0)"
    )


def add_stretch(parser: ArgumentParser) -> None:
    """Take a part of a recording; see `stretch_of`."""
    add_start(parser)
    parser.add_argument("--duration", type=float, metavar="S", help="so many seconds (to the end)")


def stretch_of(recording: Recording, start_s: float, duration_s: float | None) -> tuple[int, int]:
    """Give the samples ``[start, stop)`` that a start and a duration name.

    Raises
    ------
    RecordingError
        If there are none.
    """
    length_s = recording.duration_s if duration_s is None else duration_s
    if 0 <= start_s < recording.duration_s and length_s > 0:
        start = round(start_s * recording.fs_hz)
        stop = start + round(min(length_s, recording.duration_s) * recording.fs_hz)
        if start < (stop := min(stop, recording.n_samples)):
            return start, stop
    raise RecordingError(
        f"{recording.name} has no samples there; it lasts {recording.duration_s:g} s.",
        "Choose --start and --duration within the recording.",
    )


def available_leads(named: Sequence[str] | None, card: ModelCard) -> tuple[str, ...]:
    """Take the leads that were named, or those of a model that takes one set only.

    Raises
    ------
    LeadError
        If there are none, or the model takes others.
    """
    if not named and not card.leads:
        raise LeadError(
            "No available lead is named.", "Say which leads the model may see: --leads I,II,V2."
        )
    if named and card.needs_other_leads:
        raise LeadError(
            f"{card.name} takes {', '.join(card.leads)}, not leads of the twelve.",
            "Leave --leads out.",
        )
    if named and not card.takes(named):
        raise LeadError(
            f"{card.name} takes {', '.join(card.leads)}, not {', '.join(named)}.",
            "Take just those leads, or another model.",
        )
    return tuple(named or card.leads)


def add_device(parser: ArgumentParser) -> None:
    """Take the device that models run on."""
    devices = ("auto", "cpu", "cuda", "mps")
    parser.add_argument("--device", choices=devices, default="auto", help="where the model runs")


def add_data(parser: ArgumentParser, *, required: bool = True) -> None:
    """Take the folders of data sets."""
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        required=required,
        metavar="DIR",
        help="data set: a folder in the layout of PTB-XL, PTB or the Challenge 2011, or any folder "
        "of recordings; may be repeated. Folds are PTB-XL's own, elsewhere ten by patient (by file "
        'where no patient is named); the folds "all" take every recording',
    )


def add_cache(parser: ArgumentParser) -> None:
    """Take whether prepared recordings are kept; ``options.cache`` says it."""
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="prepare the recordings anew, into a temporary file (see ecgview cache)",
    )


def add_records(parser: ArgumentParser) -> None:
    """Take a list of recordings."""
    parser.add_argument(
        "--records", type=Path, metavar="FILE", help="take the records this file names instead"
    )


def import_options(options: argparse.Namespace) -> ImportOptions:
    """Gather what the command line says of files."""
    from ecgview.formats import ImportOptions

    names = ",".join(LEADS) if options.lead_names == "standard" else options.lead_names
    return ImportOptions(
        tuple(names.split(",")) if names else None,
        options.rate_hz,
        options.unit,
        options.gain,
        options.part,
    )


def remembered_corrections(options: argparse.Namespace) -> Corrections | None:
    """Give the corrections remembered for kinds of files, unless they are to be left out."""
    from ecgview.formats import user_corrections

    return None if options.as_is else user_corrections()

"""``ecgview models``: what is installed."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.complaints import complain
from ecgview.cli.options import available_leads, lead_list
from ecgview.errors import ModelError
from ecgview.leads import in_order, normalise_lead_name

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

HELP = "list the installed models; describe one for the methods of a paper"


def channel_list(text: str) -> tuple[str, ...]:
    """Parse leads in the order in which they stand."""
    leads = []
    for word in text.split(","):
        lead = normalise_lead_name(word)
        if lead is None or lead in leads:
            raise argparse.ArgumentTypeError(f"{text} is not a list of leads such as I,II,V2")
        leads.append(lead)
    return tuple(leads)


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("model", nargs="?", metavar="NAME_OR_FILE", help="only this one")
    parser.add_argument(
        "--methods",
        action="store_true",
        help="write the methods paragraph of a paper, for the available --leads where given",
    )
    parser.add_argument(
        "--expected",
        type=lead_list,
        metavar="LEADS",
        help="PCC and RMSE of each lead to expect where these leads are available",
    )
    parser.add_argument("--device", action="store_true", help="say which device runs them and why")
    parser.add_argument(
        "--architectures", action="store_true", help="list the networks that can be trained"
    )
    group = parser.add_argument_group("a network of your own (docs/bring-your-own.md)")
    group.add_argument("--add", type=Path, metavar="FILE", help="install an ONNX network")
    for option, what in (("--leads", "input"), ("--rebuilds", "output")):
        group.add_argument(
            option,
            type=channel_list,
            metavar="LEADS",
            help=f"leads of its {what} channels, in their order"
            + ("; or, with --methods, the available leads" if what == "input" else ""),
        )
    group.add_argument("--rate-hz", type=float, metavar="R", help="its sampling rate in Hz")
    group.add_argument("--unit", choices=("mV", "uV"), default="mV", help="of input and output")
    group.add_argument("--name", help="name of the model; that of the file if not given")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.text import model_lines
    from ecgview.engine.cards import broken_models, find_model, list_models

    if options.add:
        print(model_lines(_add(options)))
        return 0
    if options.architectures:
        _print_architectures()
        return 0
    if options.methods:
        print(_methods(options), end="")
        return 0
    if options.expected:
        print(_expected(options))
        return 0
    if options.model:
        print(model_lines(find_model(options.model)))
        return 0
    for card in list_models():
        print(model_lines(card))
    for error in broken_models():
        complain(error)
    if options.device:
        from ecgview.engine.device import choose_device, device_names, device_reason

        print(f"device: {choose_device()} (available: {', '.join(device_names())})")
        print(f"  {device_reason()}")
    return 0


def _expected(options: argparse.Namespace) -> str:
    """Give what the card says of some leads; of the default model where none is named.

    Raises
    ------
    EcgviewError
        If the model takes other leads, or its card says nothing of them.
    """
    from ecgview.cli.expected_text import expected_table
    from ecgview.engine.cards import find_model

    card = find_model(options.model)
    return expected_table(card, available_leads(options.expected, card))


def _methods(options: argparse.Namespace) -> str:
    """Write how the model rebuilds some leads; of one that takes one set only, these.

    Raises
    ------
    LeadError
        If the model takes another set of leads.
    """
    from ecgview.engine.cards import find_model
    from ecgview.export.methods import Setting, methods_paragraph

    card = find_model(options.model)
    named = available_leads(options.leads, card) if options.leads or card.leads else ()
    return methods_paragraph(card, Setting(() if card.needs_other_leads else in_order(named)))


def _add(options: argparse.Namespace) -> ModelCard:
    from ecgview.engine.models.onnx_model import add_onnx

    wanted = {
        "--leads": options.leads,
        "--rebuilds": options.rebuilds,
        "--rate-hz": options.rate_hz,
    }
    missing = [option for option, value in wanted.items() if not value]
    if missing:
        raise ModelError(
            f"An ONNX file does not say its {', '.join(missing)}.",
            "For example: --leads I,II,V2 --rebuilds V1,V3,V4,V5,V6 --rate-hz 125.",
        )
    return add_onnx(
        options.add, options.leads, options.rebuilds, options.rate_hz, options.unit, options.name
    )


def _print_architectures() -> None:
    from ecgview import paths
    from ecgview.engine.architectures import list_architectures

    for architecture in list_architectures():
        print(f"{architecture.name}: {architecture.title}")
        if architecture.path is not None:
            print(f"  {architecture.path}")
    print(f"Your own belong into {paths.user_architectures_dir()}.")

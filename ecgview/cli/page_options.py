"""Options of the commands that put an ECG on paper."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ecgview.cli.interval_option import add_interval
from ecgview.cli.options import add_filters, available_leads, lead_list

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.gui.printing.subject import Subject
    from ecgview.gui.viewer.state import ViewState
    from ecgview.recording import Recording
    from ecgview.signals.filtering import Filters

PAPERS = ("a4", "letter", "a3")
COLOURS = ("pink", "grey", "black")
_LAYOUTS = ("3x4", "3x4+1", "3x4+3", "6x2", "12x1", "4x3")
_SPEEDS = (12.5, 25.0, 50.0, 100.0)
_GAINS = (2.5, 5.0, 10.0, 20.0, 40.0)


def add_with_patient(parser: ArgumentParser) -> None:
    """Take whether it is said whose ECG it is."""
    parser.add_argument(
        "--with-patient",
        action="store_true",
        help="print name, number, birth date and date of recording; age and sex are always printed",
    )


def add_page_options(parser: ArgumentParser) -> None:
    """Take layout, speed and gain, filters and what is drawn; `page_view` gathers them."""
    group = parser.add_argument_group("the page")
    group.add_argument("--layout", choices=_LAYOUTS, default="3x4+1")
    group.add_argument("--order", choices=("standard", "cabrera"), default="standard")
    group.add_argument(
        "--rhythm",
        type=_leads_in_order,
        metavar="LEADS",
        help="leads of the rhythm strips, the first as many as the layout has (II,V1,V5)",
    )
    group.add_argument("--half-chest", action="store_true", help="V1-V6 at half the gain")
    group.add_argument("--speed", type=float, choices=_SPEEDS, default=25.0, help="mm/s (25)")
    group.add_argument("--gain-mm", type=float, choices=_GAINS, default=10.0, help="mm/mV (10)")
    group.add_argument(
        "--show",
        choices=("overlay", "original", "reconstruction", "side"),
        default="overlay",
        help="which traces; `side` has the original at the left, the reconstruction at the right",
    )
    group.add_argument("--no-shading", action="store_true", help="leave the difference unfilled")
    add_interval(group, "the band behind reconstructed leads")
    add_filters(parser, "--filter", "the traces")
    group.add_argument("--colours", choices=COLOURS, default="pink", help="of the print (pink)")


def _leads_in_order(text: str) -> tuple[str, ...]:
    """Parse leads and keep the order in which they are named."""
    return tuple(lead for word in text.split(",") for lead in lead_list(word))


def chosen_filters(options: argparse.Namespace) -> Filters:
    """Gather the filters that the command line names."""
    from ecgview.signals.filtering import Filters

    return options.filter or Filters()


def add_input_filters(parser: ArgumentParser) -> None:
    """Take the filters of what the model is given."""
    add_filters(parser, "--filter-input", "what the model is given, and what figures are of")


def input_filters(options: argparse.Namespace) -> Filters:
    """Give the filters of what the model is given."""
    from ecgview.signals.filtering import Filters

    return options.filter_input or Filters()


def page_view(options: argparse.Namespace, start_s: float = 0.0) -> ViewState:
    """Gather what the command line says of the page."""
    from ecgview.gui.viewer.state import ViewState

    return ViewState(
        layout=options.layout,
        rhythm=options.rhythm or ViewState().rhythm,
        order=options.order,
        half_chest=options.half_chest,
        speed_mm_s=options.speed,
        gain_mm_mv=options.gain_mm,
        show=options.show,
        shading=not options.no_shading,
        interval=options.interval,
        filters=chosen_filters(options),
        start_s=start_s,
    )


def subject_of(recording: Recording, options: argparse.Namespace, card: ModelCard) -> Subject:
    """Rebuild and compare what is to be drawn; the recording alone where no leads are named.

    Raises
    ------
    LeadError
        If a lead is not in the recording, or the reconstruction is asked for without leads.
    """
    from ecgview.gui.printing.subject import Subject

    if not (options.leads or card.leads or options.show in ("reconstruction", "side")):
        return Subject(recording, with_patient=options.with_patient)
    from ecgview.cli.progress import follow
    from ecgview.engine.events import result_of
    from ecgview.engine.metrics import agreement
    from ecgview.engine.reconstruct import reconstruction_events
    from ecgview.filtered import filtered_recording
    from ecgview.reconstruction import Reconstruction

    leads = available_leads(options.leads, card)
    given = filtered_recording(recording, input_filters(options))
    events = reconstruction_events(given, leads, options.model, options.device)
    made: Reconstruction = result_of(follow(events, "window"))
    figures = agreement(given, made, clean=options.clean)
    return Subject(recording, made, figures, card, with_patient=options.with_patient)

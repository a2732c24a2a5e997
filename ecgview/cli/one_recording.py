"""What commands share that rebuild one recording and compare it."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.calibrating import add_calibration, calibrator
from ecgview.cli.opening import opened
from ecgview.cli.options import (
    add_clean,
    add_device,
    add_filters,
    add_import_options,
    add_leads,
    add_model,
    add_stretch,
    available_leads,
    stretch_of,
)
from ecgview.cli.progress import result_of

if TYPE_CHECKING:
    from ecgview.personal import PersonalCalibration
    from ecgview.reconstruction import Reconstruction
    from ecgview.recording import Recording


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A recording, what was made of some of its leads, and the samples to compare."""

    recording: Recording
    reconstruction: Reconstruction
    start: int
    stop: int
    plain: Reconstruction | None = None
    """The same without the calibration, where there is one."""


def add_question(parser: ArgumentParser) -> None:
    """Take a recording, how to rebuild it and which stretch to compare; see `rebuilt`."""
    parser.add_argument("path", type=Path, metavar="PATH", help="the recording")
    add_leads(parser)
    add_model(parser)
    add_device(parser)
    add_clean(parser)
    add_stretch(parser)
    add_filters(parser, "--filter-input", "the recording first, for the model and the figures")
    add_calibration(parser)
    add_import_options(parser)


def rebuilt(options: argparse.Namespace, *, interval: bool = True) -> Rebuilt:
    """Open and rebuild the recording that the command line names.

    Raises
    ------
    EcgviewError
        If it cannot be, or lasts less than is to be compared.
    """
    from ecgview.engine.cards import find_model
    from ecgview.engine.personal.card import tried_on

    recording = opened(options.path, options)
    start, stop = stretch_of(recording, options.start, options.duration)
    leads = available_leads(options.leads, find_model(options.model))
    learn = calibrator(options, leads)
    if learn is None:
        result = _reconstructed(options, recording, leads, None, interval=interval)
        return Rebuilt(recording, result, start, stop)
    personal = learn(recording)
    if options.duration is None and not options.start:
        start, stop = tried_on(recording, personal)
    result = _reconstructed(options, recording, leads, personal, interval=interval)
    plain = _reconstructed(options, recording, leads, None, interval=False)
    return Rebuilt(recording, result, start, stop, plain)


def _reconstructed(
    options: argparse.Namespace,
    recording: Recording,
    leads: tuple[str, ...],
    personal: PersonalCalibration | None,
    *,
    interval: bool,
) -> Reconstruction:
    from ecgview.engine.reconstruct import reconstruction_events

    events = reconstruction_events(
        recording, leads, options.model, options.device, personal=personal, interval=interval
    )
    result: Reconstruction = result_of(events, "window")
    return result

"""``ecgview score``: the table of the window's right panel, of one recording."""

from __future__ import annotations

import argparse
import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ecgview.cli.calibrating import before_and_after, calibration_json, calibration_lines
from ecgview.cli.interval_option import add_interval
from ecgview.cli.one_recording import Rebuilt, add_question, rebuilt

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement

HELP = "rebuild one recording and compare it, lead by lead, over all of it or a stretch"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_question(parser)
    add_interval(parser, "tell the width of this interval, and how much of each lead it holds")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.cli.expected_text import expected_json, expected_line
    from ecgview.cli.signs import short_lines, signs_beside, signs_json
    from ecgview.cli.text import agreement_table
    from ecgview.engine.cards import find_model
    from ecgview.engine.metrics import agreement

    one = rebuilt(options)
    signs = signs_beside(one.recording, one.reconstruction.available, options.model)
    figures = agreement(
        one.recording, one.reconstruction, clean=options.clean, start=one.start, stop=one.stop
    )
    if options.json:
        usual = expected_json(find_model(options.model), one.reconstruction.available)
        print(_as_json(one, figures, {"expected": usual, "signs": signs_json(signs)}))
    else:
        fs_hz = one.recording.fs_hz
        given = ", ".join(one.reconstruction.available)
        print(f"{one.recording.name}: {one.reconstruction.model_name} from {given}")
        print(f"{one.start / fs_hz:g} to {one.stop / fs_hz:g} s")
        level = options.interval
        plain = one.plain is None
        print(agreement_table(figures, level) if plain else _calibrated(one, figures, level))
        if options.interval and one.reconstruction.interval is None:
            print("no interval: the model has no calibrated one")
        if told := expected_line(find_model(options.model), one.reconstruction.available):
            print(told)
        if signs:
            print(short_lines(signs))
    return 0


def _calibrated(one: Rebuilt, figures: Agreement, level: float) -> str:
    """Lay the figures out before and after the calibration, with what is to be said of it."""
    personal = one.reconstruction.personal
    before = _before(one, figures)
    assert personal is not None
    assert before is not None
    lines = calibration_lines(one.recording, personal, over=(one.start, one.stop))
    return "\n".join([*lines, before_and_after(before, figures, level)])


def _before(one: Rebuilt, figures: Agreement) -> Agreement | None:
    from ecgview.engine.metrics import agreement

    if one.plain is None:
        return None
    return agreement(one.recording, one.plain, clean=figures.clean, start=one.start, stop=one.stop)


def _as_json(one: Rebuilt, figures: Agreement, more: dict[str, Any]) -> str:
    fs_hz = one.recording.fs_hz
    rows = (*figures.rows, *figures.others)
    return json.dumps(
        {
            "name": one.recording.name,
            "path": str(one.recording.path),
            "model": one.reconstruction.model_name,
            "available": one.reconstruction.available,
            "clean": figures.clean,
            "start_s": one.start / fs_hz,
            "stop_s": one.stop / fs_hz,
            "mean_pcc_chest": figures.mean_pcc_chest,
            "mean_pcc_all": figures.mean_pcc_all,
            **more,
            "leads": {row.lead: {**asdict(row), "origin": row.origin.value} for row in rows},
            **calibration_json(one.recording, one.reconstruction, _before(one, figures)),
        },
        ensure_ascii=False,
    )

"""``ecgview leadmap --next`` and ``--electrodes``: what to record next."""

from __future__ import annotations

import argparse
import json
import math
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ecgview.cli.opening import opened
from ecgview.cli.options import add_leads, stretch_of
from ecgview.cli.progress import result_of
from ecgview.errors import EcgviewError, LeadError, ModelError

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.recording import Recording
    from ecgview.studies.additions.choices import Choice, Ranking
    from ecgview.studies.additions.set_errors import SetErrors


@dataclass(frozen=True, eq=False)
class _Answer:
    """The choices, and their errors: expected, reported on other recordings, measured on a file."""

    card: ModelCard
    errors: SetErrors
    reported: SetErrors | None
    measured: SetErrors | None
    ranking: Ranking
    path: tuple[Choice, ...]
    by: str


def add_options(parser: ArgumentParser) -> None:
    """Declare the options, a group of their own."""
    group = parser.add_argument_group("what to record next")
    group.add_argument(
        "--next", action="store_true", help="rank what one lead more than --leads would bring"
    )
    add_leads(group)  # type: ignore[arg-type]
    group.add_argument(
        "--electrodes",
        type=int,
        metavar="K",
        help="rank the ways to place K electrodes, RL (the ground) not counted: 2 to 9",
    )
    group.add_argument("--have", metavar="NAMES", help="electrodes placed already: RA,LA,LL,V2")


def wanted(options: argparse.Namespace) -> bool:
    """Tell whether the command line asks for this and not for a map."""
    asked = (options.next, options.leads, options.have, options.electrodes is not None)
    return any(asked)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    answer = _answer(options)
    if options.json:
        print(json.dumps(_as_dict(answer), ensure_ascii=False))
    else:
        print("\n".join(_lines(answer)))
    return 0


def _answer(options: argparse.Namespace) -> _Answer:
    from ecgview.engine.cards import find_model
    from ecgview.studies.additions.choices import greedy_path, rank_electrodes, rank_leads
    from ecgview.studies.additions.electrodes import leads_of, parse_electrodes
    from ecgview.studies.additions.set_errors import errors_of_card, read_errors

    _check(options)
    card = find_model(options.model)
    errors = read_errors(card)
    if errors is None:
        raise ModelError(
            f"The card of {card.name} has no figures to choose by.",
            "Put them there by `ecgview evaluate --inputs all --into-card`.",
        )
    if options.next:
        have = options.leads or ()
        ranking, path = rank_leads(errors, have), greedy_path(errors, have)
    else:
        placed = parse_electrodes(options.have or "")
        budget = _budget(options, placed)
        ranking, path = rank_electrodes(errors, budget, placed), ()
        have = leads_of(placed) if ranking.available else ()
    measured = _measured(options, have) if options.path else None
    reported = errors_of_card(card) if errors.points_uv else None
    by = "leads" if options.next else "electrodes"
    return _Answer(card, errors, reported, measured, ranking, path, by)


def _budget(options: argparse.Namespace, placed: tuple[str, ...]) -> int:
    """Take the budget that was named, or the least with which something can be added."""
    from ecgview.studies.additions.electrodes import CHEST_ELECTRODES, ELECTRODES, LIMB_ELECTRODES

    if options.electrodes is not None:
        return int(options.electrodes)
    chest = [name for name in placed if name in CHEST_ELECTRODES]
    with_reference = len(LIMB_ELECTRODES) + len(chest) if chest else 0
    return min(max(len(placed) + 1, with_reference), len(ELECTRODES))


def _check(options: argparse.Namespace) -> None:
    if options.next and (options.electrodes is not None or options.have):
        raise EcgviewError(
            "--next counts leads, --electrodes and --have count electrodes.", "Take one of them."
        )
    if not options.next and options.leads:
        raise EcgviewError("--leads goes with --next.", "Electrodes that are placed: --have.")
    if options.data:
        raise EcgviewError(
            "What to record next is read from the model's card, or measured on one recording.",
            "Leave --data out.",
        )
    if options.output:
        raise EcgviewError(
            "What to record next is printed, not written.", "Leave --output out, or take --json."
        )


def _measured(options: argparse.Namespace, have: tuple[str, ...]) -> SetErrors:
    """Measure the same choices on the recording that was named."""
    from ecgview.studies.additions.one_recording import electrode_errors, lead_errors

    if options.next and not have:
        raise LeadError("No lead is named to go on from.", "Say which: --leads I,II.")
    recording = opened(options.path, options)
    stretch = stretch_in(recording, options)
    events = (
        lead_errors(recording, have, options.model, options.device, stretch=stretch)
        if options.next
        else electrode_errors(recording, options.model, options.device, stretch=stretch)
    )
    errors: SetErrors = result_of(events, "set")
    return errors


def stretch_in(recording: Recording, options: argparse.Namespace) -> tuple[int, int] | None:
    """Give the samples asked for; None for the usual ones."""
    if options.start == 0 and options.duration is None:
        return None
    return stretch_of(recording, options.start, options.duration)


def _lines(answer: _Answer) -> Iterator[str]:
    from ecgview.studies.additions.choices import CRITERION
    from ecgview.studies.additions.words import from_words, over_words

    ranking, intervals = answer.ranking, bool(answer.errors.points_uv)
    yield f"What to record next, by the expected error of {answer.card.name}"
    yield over_words(answer.errors)
    yield CRITERION
    yield from_words(ranking)
    if not ranking.choices:
        yield "Nothing is left to add."
        return
    width = max(12, *(len(_adds(one)) + 2 for one in ranking.choices))
    heads = [f"{'error uV':>9}", f"{'PCC':>7}", f"{'behind the best':>17}"]
    heads += [f"{'reported':>10}"] * (answer.reported is not None)
    heads += [f"{'this file':>11}"] * (answer.measured is not None)
    yield f"  {'add':<{width}}{''.join(heads)}"
    yield from (_line(answer, choice, width) for choice in ranking.choices)
    if intervals and len(ranking.alike) > 1:
        yield "= cannot be told apart from the best: the 95 % interval of the difference holds 0"
    if answer.reported is not None:
        yield f"reported: {over_words(answer.reported)}"
    if answer.path:
        steps = (f"{one.adds[0]} ({one.error_uv:.1f})" for one in answer.path)
        yield f"the best lead again and again: {', '.join(steps)}"


def _adds(choice: Choice) -> str:
    from ecgview.studies.additions.words import adds_words

    return adds_words(choice)


def _line(answer: _Answer, choice: Choice, width: int) -> str:
    mark = "=" if len(answer.ranking.alike) > 1 and choice in answer.ranking.alike else " "
    pcc = "" if choice.pcc is None else f"{choice.pcc:.3f}"
    half = choice.half_width_uv
    behind = f"{choice.behind_uv:.1f}" + ("" if half is None else f" ± {half:.1f}")
    line = f"{mark} {_adds(choice):<{width}}{choice.error_uv:>9.1f}{pcc:>7}"
    line += f"{behind if choice.behind_uv else '':>17}"
    for errors, room in ((answer.reported, 10), (answer.measured, 11)):
        if errors is not None:
            is_there = errors.has(choice.available)
            text = f"{errors.error_uv(choice.available):.1f}" if is_there else "n/a"
            line += f"{text:>{room}}"
    return line.rstrip()


def _as_dict(answer: _Answer) -> dict[str, Any]:
    from ecgview.studies.additions.choices import CRITERION

    ranking, errors = answer.ranking, answer.errors
    return {
        "model": answer.card.name,
        "by": answer.by,
        "criterion": CRITERION,
        "over": {
            "recordings": errors.recordings,
            "patients": errors.patients,
            **errors.provenance,
        },
        "available": ranking.available,
        "error_uv": _number(ranking.error_uv),
        "pcc": ranking.pcc,
        "choices": [_choice_dict(answer, choice) for choice in ranking.choices],
        "path": [_choice_dict(answer, choice) for choice in answer.path],
    }


def _choice_dict(answer: _Answer, choice: Choice) -> dict[str, Any]:
    plain = {**asdict(choice), "gain_uv": _number(choice.gain_uv), "alike": choice.is_alike}
    for name, errors in (("reported", answer.reported), ("measured", answer.measured)):
        if errors is not None and errors.has(choice.available):
            plain[f"{name}_error_uv"] = errors.error_uv(choice.available)
    return plain


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value

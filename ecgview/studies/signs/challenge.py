"""Real noise and flat leads: the part of the Challenge 2011 that was never trained on."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Event, Failed, Progress
from ecgview.engine.layouts import CHALLENGE_TABLE, read_rows
from ecgview.engine.signs.find import Network, signs_of
from ecgview.engine.signs.sign import CODES, DEAD, JUMPS, NOISY, WANDER
from ecgview.engine.signs.standards import Standards
from ecgview.engine.signs.stretches import cut
from ecgview.errors import EcgviewError
from ecgview.formats import open_recording
from ecgview.leads import LEADS
from ecgview.studies.signs.tables import NONE, RateRow, share_of

HELD_OUT_ENDINGS = ("0", "5")
NAME = "Challenge 2011, held out"
NOTE = (
    "the grade is of a recording, not of a lead, and is also given for exchanged electrodes and "
    "missing signals; acceptable ones may hold a poor lead"
)


def challenge_rows(
    folder: Path, card: ModelCard, standards: Standards, model: Network
) -> Generator[Event, None, list[RateRow]]:
    """Look for signs in unacceptable and acceptable recordings.

    Raises
    ------
    DatasetError
        If the table of grades cannot be read.
    """
    found: dict[str, list[set[str]]] = {"unacceptable": [], "acceptable": []}
    table = [
        row
        for row in read_rows(folder / CHALLENGE_TABLE)
        if row.get("record", "").endswith(HELD_OUT_ENDINGS) and row.get("quality") in found
    ]
    for done, row in enumerate(table, start=1):
        try:
            recording = open_recording(folder / f"set-a/{row['record']}.hea")
            stretch = cut(recording, LEADS, 0.0, card.fs_hz)
        except EcgviewError as error:
            yield Failed(row["record"], str(error))
            continue
        stretches = [stretch] if stretch is not None else []
        signs = signs_of(recording, LEADS, stretches, card, standards, model)
        found[row["quality"]].append({sign.code for sign in signs})
        yield Progress(done, len(table), NAME)
    return [
        _row("any", (*CODES,), found),
        _row("noise or flat", (DEAD, NOISY, WANDER, JUMPS), found),
        *(_row(code, (code,), found) for code in CODES),
    ]


def _row(sign: str, codes: tuple[str, ...], found: dict[str, list[set[str]]]) -> RateRow:
    wanted = set(codes)
    bad, good = (
        share_of([bool(wanted & codes) for codes in found[grade]])
        for grade in ("unacceptable", "acceptable")
    )
    return RateRow(sign, "graded unacceptable", NAME, bad, NONE, good, NOTE)

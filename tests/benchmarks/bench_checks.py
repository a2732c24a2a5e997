"""How often the checks on import are right: `python tests/benchmarks/bench_checks.py`.

Reads the real recordings in the folder that ECGVIEW_DATA names. Prints how often each warning is
given of recordings as they are, and of 200 recordings of PTB-XL's fold 9, which no threshold was
chosen on, how often a mistake made on purpose is found: *right* (the suggestion restores every
lead), *wrong* (another suggestion), *told* (a warning without a suggestion), *missed*.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ecgview.errors import EcgviewError
from ecgview.formats import ImportOptions, open_recording
from ecgview.formats.assemble import assemble
from ecgview.formats.facts import SignalFacts
from ecgview.leads import LEADS
from ecgview.recording import ArraySource, Recording

N_BROKEN = 200
Break = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]


def exchange(one: str, other: str) -> Break:
    """Exchange two columns."""
    return lambda x: {**x, one: x[other], other: x[one]}


def multiply(*leads: str, by: float) -> Break:
    """Multiply some leads."""
    return lambda x: {**x, **{lead: by * x[lead] for lead in leads}}


def only(broken: Break, *leads: str) -> Break:
    """Keep some leads of a broken recording."""
    return lambda x: {lead: signal for lead, signal in broken(x).items() if lead in leads}


def rename(*columns: str) -> Break:
    """Put these into the columns of the limb leads; a minus turns one round."""

    def broken(x: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        taken = {
            n: -x[c[1:]] if c[0] == "-" else x[c] for n, c in zip(LEADS, columns, strict=False)
        }
        return {**x, **taken}

    return broken


LIMB = LEADS[:6]
CONTRADICTIONS: dict[str, Break] = {
    "aVL/aVF exchanged": exchange("aVL", "aVF"),
    "I/II exchanged": exchange("I", "II"),
    "III/aVF exchanged": exchange("III", "aVF"),
    "aVR/aVL exchanged": exchange("aVR", "aVL"),
    "II/aVR exchanged": exchange("II", "aVR"),
    "aVR turned": multiply("aVR", by=-1),
    "I turned": multiply("I", by=-1),
    "III turned": multiply("III", by=-1),
    "II x 2": multiply("II", by=2),
    "aVL x 0.5": multiply("aVL", by=0.5),
    "I x 10": multiply("I", by=10),
    "III x 0.953": multiply("III", by=0.953),
    "aVR, aVF x 2": multiply("aVR", "aVF", by=2),
    "aV leads not augmented": multiply("aVR", "aVL", "aVF", by=2 / 3),
    "I/II and aVR/aVF": lambda x: exchange("I", "II")(exchange("aVR", "aVF")(x)),
    "aVL/aVF, aVR turned": lambda x: multiply("aVR", by=-1)(exchange("aVL", "aVF")(x)),
    "columns in Cabrera order": rename("aVL", "I", "-aVR", "II", "aVF", "III"),
    "I/II exchanged, no aV": only(exchange("I", "II"), "I", "II", "III", *LEADS[6:]),
    "II x 2, no aV": only(multiply("II", by=2), "I", "II", "III", *LEADS[6:]),
    "aVF late by 2 samples": lambda x: {**x, "aVF": np.roll(x["aVF"], 2)},
    "III + 0.2 mV": lambda x: {**x, "III": x["III"] + 0.2},
}
ELECTRODES: dict[str, Break] = {
    "left/right arm": rename("-I", "III", "II", "aVL", "aVR", "aVF"),
    "right arm/left leg": rename("-III", "-II", "-I", "aVF", "aVL", "aVR"),
    "left arm/left leg": rename("II", "I", "-III", "aVR", "aVF", "aVL"),
    **{
        f"{one}/{other}": exchange(one, other)
        for one in LEADS[6:]
        for other in LEADS[6:]
        if one < other
    },
    "V1 to V6 backwards": lambda x: {
        **x,
        **{a: x[b] for a, b in zip(LEADS[6:], LEADS[:5:-1], strict=True)},
    },
}
UNITS: dict[str, Break] = {
    f"all x {factor:g}": multiply(*LEADS, by=factor) for factor in (1000, 0.001, 5, 0.2, 200)
}


def reopened(x: dict[str, np.ndarray], fs_hz: float, options: ImportOptions) -> Recording:
    """Take leads for a file in mV, with steps of 1 uV."""
    facts = [SignalFacts(name, "mV", 0.001) for name in x]
    source = ArraySource(np.stack(list(x.values())).astype(np.float32))
    return assemble(Path("broken.dat"), "bench", fs_hz, facts, source, options=options)


def verdict(recording: Recording, broken: Break, codes: tuple[str, ...]) -> str:
    """Break a recording, and see what is said of it and what accepting that does."""
    x = dict(zip(LEADS, recording.read(LEADS), strict=True))
    bad = broken(x)
    opened = reopened(bad, recording.fs_hz, ImportOptions())
    warnings = [warning for warning in opened.warnings if warning.code in codes]
    if not warnings:
        return "missed"
    suggestion = warnings[0].suggestion
    if suggestion is None:
        return "told"
    mended = reopened(bad, recording.fs_hz, suggestion)
    if any(warning.code in codes for warning in mended.warnings):
        return "wrong"
    away_mv = max(np.abs(mended.read([lead])[0] - x[lead]).max() for lead in bad)
    return "right" if away_mv < 0.01 else "wrong"


def table(recordings: list[Recording], breaks: dict[str, Break], codes: tuple[str, ...]) -> None:
    """Print how often each mistake was found."""
    print(f"\n{'mistake (' + ', '.join(codes) + ')':<52}   right   wrong    told  missed")
    for name, broken in breaks.items():
        counts = Counter(verdict(recording, broken, codes) for recording in recordings)
        cells = "".join(f"{counts[kind]:>8}" for kind in ("right", "wrong", "told", "missed"))
        print(f"{name:<52}{cells}")


def given(paths: list[Path]) -> tuple[int, Counter[str]]:
    """Count the codes of warnings of recordings as they are."""
    n_opened, codes = 0, Counter[str]()
    for path in paths:
        try:
            recording = open_recording(path)
        except EcgviewError:
            continue
        n_opened += 1
        codes.update({warning.code for warning in recording.warnings})
    return n_opened, codes


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> None:
    data = Path(os.environ["ECGVIEW_DATA"])
    ptb_xl = rows(data / "ptb-xl/ptbxl_database.csv")
    paths = {row["filename_hr"]: data / f"ptb-xl/{row['filename_hr']}.hea" for row in ptb_xl}
    folds = {
        name: {paths[r["filename_hr"]] for r in ptb_xl if r["strat_fold"] in name.split()}
        for name in ("1 2 3 4 5 6 7 8", "9")
    }
    sets = {f"PTB-XL folds {name}": sorted(found) for name, found in folds.items()}
    quality = rows(data / "challenge-2011/quality.csv")
    for kind in ("acceptable", "unacceptable"):
        names = [row["record"] for row in quality if row["quality"] == kind]
        sets[f"Challenge 2011, {kind}"] = [data / f"challenge-2011/set-a/{n}.hea" for n in names]
    for name, found in sets.items():
        n_opened, codes = given(found)
        shares = ", ".join(f"{code} {n} ({n / n_opened:.1%})" for code, n in codes.most_common())
        print(f"{name}: {n_opened} opened; {shares}")
    recordings = [open_recording(path) for path in sorted(folds["9"])[:N_BROKEN]]
    recordings = [one for one in recordings if one.leads == LEADS]
    print(f"\n{len(recordings)} recordings of fold 9, broken on purpose")
    table(recordings, CONTRADICTIONS, ("limb-identity", "limb-offset"))
    table(recordings, ELECTRODES, ("limb-reversal", "chest-order"))
    table(recordings, UNITS, ("implausible-amplitude", "small-amplitude"))


if __name__ == "__main__":
    main()

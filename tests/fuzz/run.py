"""Damage many files, open each in a child process under watch, and print what happened.

``python tests/fuzz/run.py --inputs 50000 --seed 1 [--seeds-dir FOLDER] [--out FOLDER]``

Violations are: an exception that is no `EcgviewError`, a warning of Python, more than 10 s, memory
above 1 GB and above four times the file, a file or folder written, changed or read outside the
folder of the recording, network or another program asked, the end of the process. The files that
caused them are kept in ``--out`` (a new temporary folder by default). The same seed gives the same
inputs. Runs on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]
HANG_S = 10.0
BATCH = 2000
"""Inputs for one child; a new one then starts afresh."""

Facts = dict[str, Any]


def lines_of(child: subprocess.Popen[bytes]) -> Iterator[Facts]:
    """Give what a child says; end where it dies or says nothing for too long."""
    assert child.stdout is not None
    pending = b""
    # Making the seeds takes its time before the first line.
    patience_s = 120.0
    while select.select([child.stdout], [], [], patience_s)[0]:
        patience_s = HANG_S
        content = os.read(child.stdout.fileno(), 65536)
        if not content:
            return
        *lines, pending = (pending + content).split(b"\n")
        yield from (json.loads(line) for line in lines)


def run_batch(first: int, last: int, arguments: argparse.Namespace, folder: str) -> Iterator[Facts]:
    """Try inputs in one child; what hangs or kills it becomes a violation."""
    words = [str(first), str(last), str(arguments.seed), folder, str(arguments.seeds_dir or "")]
    code = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": code}
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("worker.py")), *words],
        stdout=subprocess.PIPE,
        env=environment,
    )
    begun: Facts | None = None
    for facts in lines_of(child):
        if "begin" in facts:
            begun = facts
        else:
            assert begun is not None
            yield begun | facts
            begun = None
    is_alive = child.poll() is None and begun is not None
    if begun is not None:
        child.kill()
        what = f"hangs for more than {HANG_S:g} s" if is_alive else "ends the process"
        yield begun | {"end": begun["begin"], "outcome": "violation", "what": what, "where": what}
    child.wait()
    for path in Path(folder).iterdir():
        path.unlink()


def run_all(arguments: argparse.Namespace) -> Iterator[Facts]:
    """Try all inputs, in order."""
    with tempfile.TemporaryDirectory() as folder:
        number, end = arguments.first, arguments.first + arguments.inputs
        while number < end:
            last = min(end, number + BATCH)
            before = number
            for facts in run_batch(number, last, arguments, folder):
                number = facts["end"] + 1
                yield facts
            if number == before:
                raise SystemExit(f"The child does nothing at input {number}.")


def keep(facts: Facts, arguments: argparse.Namespace) -> Path:
    """Save the files of a violation."""
    from attempt import damaged_input
    from seeds import made_seeds, real_seeds

    seeds = made_seeds(), real_seeds(arguments.seeds_dir)
    given = damaged_input(facts["end"], arguments.seed, *seeds)
    folder = Path(arguments.out) / f"{facts['end']}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in given.files.items():
        (folder / name).write_bytes(content)
    words = f"{given.seed.main}\n{given.options}\n{facts['what']}\n{facts.get('trace', '')}"
    (folder / "WHAT.txt").write_text(words)
    return folder


def main(arguments: argparse.Namespace) -> int:
    started_s = time.perf_counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, Facts] = {}
    largest: dict[str, Facts] = {}
    kept: Counter[str] = Counter()
    for facts in run_all(arguments):
        name = facts["seed"]
        counts[name][facts["outcome"]] += 1
        if facts.get("seconds", 0) >= slowest.get(name, {}).get("seconds", 0):
            slowest[name] = facts
        if facts.get("memory", 0) >= largest.get(name, {}).get("memory", 0):
            largest[name] = facts
        if facts["outcome"] == "violation":
            place = f"{name} {facts['where']}"
            kept[place] += 1
            if kept[place] == 1:
                print(
                    f"VIOLATION {place}: {facts['what'][:300]} -> {keep(facts, arguments)}",
                    flush=True,
                )
        if facts["end"] % 5000 == 0:
            print(f"... {facts['end']} after {time.perf_counter() - started_s:.0f} s", flush=True)
    print_table(counts, slowest, largest)
    for place, times in kept.most_common():
        print(f"{times:>6} x {place}")
    print(f"{time.perf_counter() - started_s:.0f} s, seed {arguments.seed}")
    return 1 if kept else 0


def print_table(
    counts: dict[str, Counter[str]], slowest: dict[str, Facts], largest: dict[str, Facts]
) -> None:
    outcomes = ("opened", "asked", "refused", "violation")
    print(f"{'':<24}{'inputs':>8}", *(f"{word:>10}" for word in outcomes), "   slowest  memory")
    total: Counter[str] = Counter()
    for name, count in sorted(counts.items()):
        total.update(count)
        cells = " ".join(f"{count[word]:>10}" for word in outcomes)
        memory = largest[name].get("memory", 0) / 1e6
        extremes = f"{slowest[name].get('seconds', 0):>8.2f} s{memory:>6.0f} MB"
        print(f"{name:<24}{count.total():>8} {cells} {extremes}")
    cells = " ".join(f"{total[word]:>10}" for word in outcomes)
    print(f"{'all':<24}{total.total():>8} {cells}")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds-dir", type=Path, help="real files, beside those made here")
    parser.add_argument("--out", default=None, help="where the files of violations are kept")
    arguments = parser.parse_args()
    arguments.out = arguments.out or tempfile.mkdtemp(prefix="ecgview-fuzz-")
    return arguments


if __name__ == "__main__":
    sys.exit(main(parsed()))

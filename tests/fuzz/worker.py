"""The child of ``run.py``: opens damaged files one after another and tells of each in a line."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
import warnings
from pathlib import Path

from attempt import Input, Violation, attempt, check_memory, damaged_input
from memory import peak_memory
from seeds import made_seeds, real_seeds
from watch import Watch

MEMORY_LIMIT = 4_000_000_000
"""Bytes of address space beyond those at the start; asking for more is a violation."""


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def tried(given: Input, folder: Path, watch: Watch) -> tuple[str, int]:
    """Try an input.

    Returns
    -------
    str
        Its outcome.
    int
        How far memory rose, in bytes.

    Raises
    ------
    Violation
        Or any exception that is no `EcgviewError`.
    """
    watch.seen.clear()
    with peak_memory() as rise:
        watch.is_on = True
        try:
            outcome = attempt(given, folder)
        finally:
            watch.is_on = False
    check_memory(given, rise[0])
    if watch.seen:
        raise Violation(f"outside its folder: {watch.seen[0]}")
    return outcome, rise[0]


def main(first: int, last: int, run_seed: int, folder: Path, real: Path | None) -> None:
    warnings.simplefilter("error")
    sys.dont_write_bytecode = True
    made, from_real = made_seeds(), real_seeds(real)
    watch = Watch(folder)
    os.chdir(folder)
    warm_up = Path("/proc/self/statm").read_text().split()[0]
    limit = int(warm_up) * os.sysconf("SC_PAGE_SIZE") + MEMORY_LIMIT
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for number in range(first, last):
        given = damaged_input(number, run_seed, made, from_real)
        say(begin=number, seed=given.seed.name)
        started_s = time.perf_counter()
        facts: dict[str, object] = {}
        try:
            facts["outcome"], facts["memory"] = tried(given, folder, watch)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            facts["outcome"] = "violation"
            facts["what"] = f"{type(error).__name__}: {error}"[:500]
            facts["where"] = f"{Path(where.filename).name}:{where.lineno}"
            facts["trace"] = traceback.format_exc()[-4000:]
        say(end=number, seconds=time.perf_counter() - started_s, **facts)


if __name__ == "__main__":
    main(
        int(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]),
        Path(sys.argv[4]),
        Path(sys.argv[5]) if len(sys.argv) > 5 and sys.argv[5] else None,
    )

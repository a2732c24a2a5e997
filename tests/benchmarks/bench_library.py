"""How quick the library is on a data set of the size of PTB-XL: 21,799 made-up rows.

    python tests/benchmarks/bench_library.py [ROWS]

Prints the time of reading the table, and of what happens in the window's own thread at each key.
"""

from __future__ import annotations

import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

WORDS = ("sinusrhythmus", "linkstyp", "vorhofflimmern", "linksschenkelblock", "ekg", "infarkt")
CODES = ("NORM", "SR", "IMI", "ASMI", "LVH", "LAFB", "NDT", "AFIB", "ISC_", "PVC", "AMI")
NOISE = ("", "", "", " , I-AVF,  ", " , alles")


def make(folder: Path, n: int) -> None:
    draw = random.Random(1)
    heads = "ecg_id patient_id age sex device report scp_codes static_noise strat_fold filename_hr"
    with (folder / "ptbxl_database.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(heads.split())
        for number in range(n):
            name = f"records500/{number // 1000 * 1000:05d}/{number:05d}_hr"
            if number % 1000 == 0:
                (folder / name).parent.mkdir(parents=True)
            (folder / f"{name}.hea").touch()
            codes = {code: draw.choice((0.0, 50.0, 100.0)) for code in draw.sample(CODES, 3)}
            report = " ".join(draw.choices(WORDS, k=12))
            row = (number, f"{number // 2}.0", f"{draw.randint(18, 95)}.0", draw.randint(0, 1))
            fold = number // 2 % 10 + 1
            table.writerow((*row, "CS-12", report, codes, draw.choice(NOISE), fold, name))


def clocked(what: str, do: Callable[[], object], times: int = 20) -> None:
    taken_ms = []
    for _ in range(times):
        start_s = time.perf_counter()
        do()
        taken_ms.append(1000 * (time.perf_counter() - start_s))
    print(f"{what:<44}{np.median(taken_ms):>10.1f}{max(taken_ms):>10.1f}")


def main() -> None:
    from PySide6.QtWidgets import QApplication

    from ecgview.catalogue.ordering import ordered
    from ecgview.catalogue.query import Query
    from ecgview.catalogue.reading import read_catalogue
    from ecgview.catalogue.shelf import Shelf
    from ecgview.gui.backend import Backend
    from ecgview.gui.library.session import LibrarySession
    from ecgview.gui.library.table import LibraryTable
    from ecgview.gui.session import Session
    from ecgview.gui.settings import Settings

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 21_799
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, n)
        print(f"{n:,} rows{'':<33}median ms   most ms")
        clocked("reading the table (worker)", lambda: read_catalogue(folder), 3)
        catalogue = read_catalogue(folder)
        clocked("columns and word index (worker)", lambda: Shelf(catalogue), 3)
        shelf = Shelf(catalogue)
        asked = Query(text="anterior infarct, linkssch", superclasses=frozenset({"MI"}))
        clocked("search and filter", lambda: shelf.rows(asked))
        clocked("counts of all facets", lambda: shelf.counts(asked))
        rows = shelf.rows(Query())
        clocked("sort all by age", lambda: ordered(shelf, rows, "age"))
        QApplication.instance() or QApplication([])
        window = Session(Backend())
        session = LibrarySession(window, Settings.forgetful())
        table = LibraryTable(session)
        table.resize(1000, 900)
        session.update(shelf=shelf)
        clocked("all rows anew, and one screen painted", lambda: repaint(session, table, rows))
        bar = table.verticalScrollBar()
        places = iter(range(0, 100_000, 37))
        clocked("scroll and paint", lambda: (bar.setValue(next(places)), table.grab()), 60)
        session.close()
        window.close()


def repaint(session: object, table: object, rows: object) -> None:
    session.update(rows=np.array(rows))
    table.grab()


if __name__ == "__main__":
    main()

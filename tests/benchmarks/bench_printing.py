"""Time of a page as PDF, SVG and PNG, and of a report, on a simulated recording.

python tests/benchmarks/bench_printing.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"{'what':<28}{'median ms':>10}{'least ms':>10}{'kB':>8}")
    for name, make in tasks().items():
        make()
        times_ms, size = [], 0
        for _ in range(rounds):
            start = time.perf_counter()
            size = len(make())
            times_ms.append(1000 * (time.perf_counter() - start))
        median = statistics.median(times_ms)
        print(f"{name:<28}{median:>10.0f}{min(times_ms):>10.0f}{size / 1000:>8.0f}")


def tasks() -> dict[str, Callable[[], bytes]]:
    """Give what is timed, each making the bytes of a file."""
    from ecgview.engine.cards import find_model
    from ecgview.engine.metrics import agreement
    from ecgview.engine.reconstruct import reconstruct
    from ecgview.gui.app import make_application
    from ecgview.gui.printing.files import image_of, pdf_of, png_of, svg_of
    from ecgview.gui.printing.geometry import Layout
    from ecgview.gui.printing.paint_report import report_pdf
    from ecgview.gui.printing.paper import PINK
    from ecgview.gui.printing.report import report_of
    from ecgview.gui.printing.sheet import sheets_of
    from ecgview.gui.printing.subject import Subject
    from ecgview.gui.state import SessionState
    from ecgview.gui.viewer.state import ViewState
    from ecgview.simulate import simulate

    application = make_application()
    recording = simulate("normal")
    made = reconstruct(recording, ("I", "II", "V2"))
    figures = agreement(recording, made, clean=False)
    card = find_model()
    state = SessionState(
        recording=recording, available=made.available, models=(card,), model=card.name,
        reconstruction=made, agreement=figures,
    )  # fmt: skip
    subject = Subject(recording, made, figures, card)

    def sheets(layout: str) -> list:
        assert application is not None
        return sheets_of(subject, ViewState(layout=layout), Layout())

    return {
        "3x4+1 as PDF": lambda: pdf_of(sheets("3x4+1"), PINK),
        "12x1 as PDF": lambda: pdf_of(sheets("12x1"), PINK),
        "3x4+1 as SVG": lambda: svg_of(sheets("3x4+1")[0], PINK),
        "3x4+1 as PNG, 305 dpi": lambda: png_of(image_of(sheets("3x4+1")[0], PINK)),
        "report as PDF": lambda: report_pdf(report_of(state)),
    }


if __name__ == "__main__":
    main()

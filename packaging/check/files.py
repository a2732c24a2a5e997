"""What the frozen command line writes: the same as the unfrozen one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from check.running import AVAILABLE, Bench, CheckError, Word, same_files
from ecgview.formats import open_recording
from ecgview.formats.writers import WRITERS

ON_CPU = ("--leads", AVAILABLE, "--device", "cpu")


def check_convert(bench: Bench) -> None:
    for name, writer in WRITERS.items():
        files = {
            how: bench.place("converted", how) / f"converted{writer.ending}"
            for how in ("frozen", "unfrozen")
        }
        bench.both(lambda how: ("convert", bench.record, files[how], "--format", name))  # noqa: B023
        frozen_mv, unfrozen_mv = (open_recording(file).read_twelve() for file in files.values())
        if not np.array_equal(frozen_mv, unfrozen_mv):
            raise CheckError(f"The frozen program writes other samples as {name}.")


def model_for(bench: Bench, how: str) -> Word:
    """Name the same weights for either program: its own by name, the other's by file."""
    return bench.model.stem if how == "frozen" else bench.model


def check_reconstruct(bench: Bench) -> None:
    folders = {how: bench.place("records", how) for how in ("frozen", "unfrozen")}
    bench.both(
        lambda how: (
            *("reconstruct", bench.record, *ON_CPU, "--overwrite"),
            *("--output", folders[how], "--model", model_for(bench, how)),
        )
    )
    demand_same_samples(*(folder / bench.record.name for folder in folders.values()))
    same_files(folders["frozen"], folders["unfrozen"])


def demand_same_samples(frozen: Path, unfrozen: Path) -> None:
    """Raise a `CheckError` that says by how much two records differ, if they do."""
    frozen_mv, unfrozen_mv = (open_recording(header).read_twelve() for header in (frozen, unfrozen))
    if not np.array_equal(frozen_mv, unfrozen_mv):
        largest_uv = 1000 * np.abs(frozen_mv - unfrozen_mv).max()
        raise CheckError(f"Frozen and unfrozen reconstruction differ by up to {largest_uv:g} uV.")


def _drawn(bench: Bench, command: str, suffix: str) -> tuple[bytes, bytes]:
    files = {how: bench.place(command, how) / f"drawn.{suffix}" for how in ("frozen", "unfrozen")}
    bench.both(
        lambda how: (
            *(command, bench.record, *ON_CPU),
            *("--output", files[how], "--model", model_for(bench, how)),
        )
    )
    return files["frozen"].read_bytes(), files["unfrozen"].read_bytes()


def check_figure(bench: Bench) -> None:
    for suffix in ("svg", "png", "pdf"):
        frozen, unfrozen = _drawn(bench, "figure", suffix)
        if frozen != unfrozen:
            raise CheckError(f"The frozen program draws another {suffix.upper()}.")


def check_pages(bench: Bench) -> None:
    for suffix in ("svg", "png", "pdf"):
        frozen, unfrozen = _drawn(bench, "picture", suffix)
        # A PDF holds the moment that it was written in, and letters packed in any order.
        if suffix != "pdf" and frozen != unfrozen:
            raise CheckError(f"The frozen program draws another page as {suffix.upper()}.")
        if abs(len(frozen) - len(unfrozen)) > 0.05 * len(unfrozen):
            raise CheckError(f"The frozen PDF has {len(frozen)} bytes, not {len(unfrozen)}.")


def check_report(bench: Bench) -> None:
    folder = bench.folder / "reports"
    bench.frozen("report", bench.record, "--leads", AVAILABLE, "--output", folder)
    _demand_endings(folder, {".pdf", ".csv"})


def check_agreement(bench: Bench) -> None:
    folder = bench.folder / "agreement"
    places = ("--data", bench.record.parent, "--folds", "all", "--output", folder)
    bench.frozen("agreement", *places, "--leads", "I", "--report", "html,pdf")
    _demand_endings(folder, {".json", ".csv", ".html", ".pdf"})


def _demand_endings(folder: Path, endings: set[str]) -> None:
    written = {path.suffix for path in folder.iterdir() if path.stat().st_size}
    if not endings <= written:
        raise CheckError(f"{', '.join(sorted(written)) or 'Nothing'} is written.")


def check_interval(bench: Bench) -> None:
    folder = bench.folder / "interval"
    options = ("--include", "both", "--interval", "80", "--output", folder)
    bench.frozen("reconstruct", bench.record, *ON_CPU, *options)
    names = [channel.name for channel in open_recording(folder / bench.record.name).channels]
    if not {"V3", "V3_rec", "V3_rec_lo", "V3_rec_hi"} <= set(names):
        raise CheckError(f"The interval is not among the channels {', '.join(names)}.")


CHECKS = {
    "convert writes every format": check_convert,
    "reconstruct writes what the unfrozen program writes": check_reconstruct,
    "figure draws what the unfrozen program draws": check_figure,
    "picture draws what the unfrozen program draws": check_pages,
    "report writes its page and its table": check_report,
    "reconstruct writes the interval": check_interval,
    "agreement writes its tables and its report": check_agreement,
}

"""One damaged file: written to a folder, opened, read; whatever is not allowed is a violation."""

from __future__ import annotations

import gc
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from mutate import mutate
from seeds import Seed, choose

from ecgview.errors import EcgviewError
from ecgview.formats import ImportOptions, NeedsOptions, describe, find_recordings, open_recording
from ecgview.recording import Recording

MOST_READ = 2_000_000
"""Samples (all channels) that are read at once."""
SMALLEST_LIMIT = 1_000_000_000
"""Bytes of memory that any file may take; a larger file four times its size."""


class Violation(Exception):  # noqa: N818 (that is what it is)
    """Something that no file may do."""


@dataclass(frozen=True)
class Input:
    """A damaged file and what is said of it."""

    seed: Seed
    files: dict[str, bytes]
    options: ImportOptions


def damaged_input(number: int, run_seed: int, made: list[Seed], real: list[Seed]) -> Input:
    """Make the input of a number: the same number and seed give the same."""
    random = np.random.default_rng([run_seed, number])
    seed, other = choose(made, real, random), choose(made, real, random)
    names = sorted(seed.files)
    victim = seed.main if random.random() < 0.75 else names[random.integers(len(names))]
    files = dict(seed.files)
    files[victim] = mutate(files[victim], random, other.files[other.main])
    options = seed.options if random.random() < 0.5 else ImportOptions()
    return Input(seed, files, options)


def attempt(given: Input, folder: Path) -> str:
    """Open a damaged file in an empty folder, and empty the folder again.

    Returns
    -------
    str
        ``opened``, ``asked`` or ``refused``.

    Raises
    ------
    Violation
        If anything is written, or a refusal says nothing.
    """
    for name, content in given.files.items():
        (folder / name).write_bytes(content)
    try:
        find_recordings([folder])
        outcome = _open(folder / given.seed.main, given.options)
        gc.collect(0)
        _check_folder(given, folder)
        return outcome
    finally:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _open(path: Path, options: ImportOptions) -> str:
    try:
        _use(open_recording(path, options=options))
        return "opened"
    except NeedsOptions as question:
        _check_words(question)
        _answer(path, options, question)
        return "asked"
    except EcgviewError as error:
        _check_words(error)
        return "refused"


def _answer(path: Path, options: ImportOptions, question: NeedsOptions) -> None:
    """Answer what was asked, as the import dialog does."""
    n_signals = len(question.preview.signals)
    names = tuple(["I", "II", "V1", *(f"x{n}" for n in range(n_signals))][:n_signals])
    answers = {"leads": names, "rate_hz": 500.0, "unit": "mV"}
    said = {name: answers[name] for name in question.preview.missing}
    try:
        _use(open_recording(path, options=replace(options, **said)))
    except EcgviewError as error:
        _check_words(error)


def _use(recording: Recording) -> None:
    """Do what the window does: read, ask for marks and facts."""
    source, n_samples = recording.source, recording.n_samples
    if not n_samples > 0 or not 0 < recording.fs_hz <= 100_000:
        raise Violation(f"{n_samples} samples at {recording.fs_hz} Hz")
    stop = min(n_samples, max(1, MOST_READ // source.n_channels))
    everything = range(source.n_channels)
    signals_mv = source.read(0, stop, everything)
    if signals_mv.shape != (source.n_channels, stop) or signals_mv.dtype != np.float32:
        raise Violation(f"{signals_mv.dtype} {signals_mv.shape} read, {stop} samples asked for")
    if np.isinf(signals_mv).any():
        raise Violation("samples without end")
    source.read(n_samples // 2, min(n_samples, n_samples // 2 + 100), everything)
    source.read(n_samples, n_samples, everything)
    starts_s = [mark.start_s for mark in recording.marks]
    if starts_s != sorted(starts_s) or not np.isfinite(starts_s).all():
        raise Violation("marks out of order")
    json.dumps(describe(recording))


def _check_words(error: EcgviewError) -> None:
    said = error.message.isprintable() or "\n" not in error.message
    if not (error.message and error.hint and said and len(error.message) < 2000):
        raise Violation(f"a refusal that says “{error.message[:300]}”, hint “{error.hint[:100]}”")
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            raise Violation(f"too much memory asked for ({cause})")
        cause = cause.__cause__ or cause.__context__


def _check_folder(given: Input, folder: Path) -> None:
    there = {path.name for path in folder.iterdir()}
    if there != set(given.files):
        raise Violation(f"files appeared or vanished: {sorted(there ^ set(given.files))}")
    for name, content in given.files.items():
        if (folder / name).read_bytes() != content:
            raise Violation(f"{name} was changed")


def check_memory(given: Input, peak_bytes: int) -> None:
    """Refuse a rise above 1 GB, or above four times the files.

    Raises
    ------
    Violation
        If it is above both.
    """
    size = sum(len(content) for content in given.files.values())
    if peak_bytes > max(SMALLEST_LIMIT, 4 * size):
        raise Violation(f"{peak_bytes / 1e6:.0f} MB of memory for {size / 1e6:.2f} MB of files")

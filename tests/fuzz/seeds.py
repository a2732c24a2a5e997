"""The valid files that damage starts from: small made ones, and real ones at a lower share."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from samples import SAMPLES, make_ecg

from ecgview.formats import ImportOptions
from ecgview.formats.head import read_head
from ecgview.formats.table import find_reader

LARGEST = 1_500_000
"""Bytes that are kept of a file."""
REAL_SHARE = 0.15
"""How often a damaged file starts from a real one."""


@dataclass(frozen=True)
class Seed:
    """A valid file.

    Attributes
    ----------
    name : str
        Of the format, and whether the file is real.
    main : str
        The file to open.
    files : dict of str to bytes
        It and those that belong to it; any of them may be damaged.
    options : ImportOptions
        What the user must say of it.
    """

    name: str
    main: str
    files: dict[str, bytes]
    options: ImportOptions


def made_seeds() -> list[Seed]:
    """Make a second or two of each format."""
    seeds = []
    for sample in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            n_samples = 1000 if sample.gap_s is not None else 500
            path = sample.make(Path(folder), make_ecg(n_samples))
            files = {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}
        seeds.append(Seed(sample.reader, path.name, files, sample.options))
    return seeds


def real_seeds(folder: Path | None) -> list[Seed]:
    """Read real files below a folder, headers of WFDB with their neighbours; sizes are limited."""
    seeds: list[Seed] = []
    if folder is None or not folder.is_dir():
        return seeds
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    headers = {path.with_suffix("") for path in paths if path.suffix == ".hea"}
    for path in paths:
        if path.suffix != ".hea" and path.with_suffix("") in headers:
            continue
        group = path.parent.glob(f"{path.stem}.*") if path.suffix == ".hea" else [path]
        files = {file.name: file.read_bytes()[:LARGEST] for file in sorted(group)}
        reader = find_reader(read_head(path))
        name = reader.name if reader is not None else "unknown"
        seeds.append(Seed(f"{name}, real", path.name, files, ImportOptions()))
    return seeds


def choose(made: list[Seed], real: list[Seed], random: np.random.Generator) -> Seed:
    """Choose a seed."""
    pool = real if real and random.random() < REAL_SHARE else made
    return pool[random.integers(len(pool))]

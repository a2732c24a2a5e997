"""What is to be compared in a study of agreement; light to import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SUBSETS = ("all", "normal", "superclasses")
"""All recordings; those with statements of the superclass NORM alone; each other superclass."""


@dataclass(frozen=True)
class AgreementTask:
    """Data, models and sets of a study.

    Attributes
    ----------
    data_dirs : tuple of Path
        Data sets.
    input_sets : tuple of tuple of str
        Sets of available leads.
    models : tuple of str
        Names or files as `ecgview models` lists them, or folders of cross-fitted networks; the
        default model where it is empty. The linear models that belong beside them are added.
    folds : tuple of int
        Folds to take.
    records : Path, optional
        A file that names recordings, to be taken whatever their folds.
    subsets : tuple of str
        Out of `SUBSETS`.
    device : str
        ``auto``, ``cpu``, ``cuda`` or ``mps``.
    command : str
        What to write into the results: the command line.
    cache : bool
        Whether prepared recordings are kept for the next time.
    """

    data_dirs: tuple[Path, ...]
    input_sets: tuple[tuple[str, ...], ...]
    models: tuple[str, ...] = ()
    folds: tuple[int, ...] = (9,)
    records: Path | None = None
    subsets: tuple[str, ...] = SUBSETS
    device: str = "auto"
    command: str = ""
    cache: bool = True

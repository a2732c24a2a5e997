"""Reader of HDF5 files, MATLAB 7.3 among them, by window; links out of a file are not followed.

The HDF5 library loops for ever on some damaged files, so that it runs in a process of its own.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.apart import APART
from ecgview.formats.arrays.contents import ArrayFile
from ecgview.formats.arrays.opening import open_arrays
from ecgview.formats.options import ImportOptions
from ecgview.recording import Recording

_WALK = "ecgview.formats.arrays.hdf5_walk"


def open_hdf5(path: Path, options: ImportOptions) -> Recording:
    """Open an HDF5 file.

    Parameters
    ----------
    path : Path
        Data sets in groups, with or without attributes.
    options : ImportOptions
        What the file does not state.

    Returns
    -------
    Recording
        Read by window.

    Raises
    ------
    NeedsOptions
        If leads, rate or unit are neither in the file nor in the options.
    RecordingError
        If it is damaged, h5py is not installed, or it holds no signals of its own: external links,
        external storage and virtual data sets lie in other files and are not followed.
    """
    return open_arrays(read_hdf5(path, "HDF5"), options)


def read_hdf5(path: Path, format_name: str) -> ArrayFile:
    """List the arrays and facts of an HDF5 file.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        ``HDF5`` or ``MATLAB``.

    Returns
    -------
    ArrayFile
        Its arrays are read on demand.

    Raises
    ------
    RecordingError
        As `open_hdf5`.
    """
    if importlib.util.find_spec("h5py") is None:
        raise RecordingError(
            f"{path.name} is {format_name} in HDF5, which needs the library h5py.",
            "Install it: python -m pip install h5py.",
        )
    file: ArrayFile = APART.call(path, format_name, f"{_WALK}:walk", path, format_name)
    return file


@dataclass(frozen=True)
class DataSet:
    """A data set of a file that is open only while it is read.

    Parameters
    ----------
    path : Path
        The file.
    inside : str
        Path inside it.
    shape : tuple of int
        Its shape.
    dtype : dtype
        Type of its numbers.
    """

    path: Path
    inside: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __getitem__(self, index: tuple[int | slice, ...]) -> np.ndarray:
        """Read a part as an array."""
        lengths = (
            len(range(*part.indices(length))) if isinstance(part, slice) else 1
            for part, length in zip(index, self.shape, strict=False)
        )
        size = self.dtype.itemsize * int(np.prod(list(lengths)))
        found: np.ndarray = APART.call(
            self.path, "HDF5", f"{_WALK}:read", self.path, self.inside, index, size=size
        )
        return found

"""Reader of MATLAB files: level 4 (the Challenges' records), level 5, and 7.3, which is HDF5."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import ArrayFile, check_size
from ecgview.formats.arrays.labchart import untangle
from ecgview.formats.arrays.opening import open_arrays
from ecgview.formats.files import read_bytes
from ecgview.formats.guard import foreign_parser
from ecgview.formats.head import read_head
from ecgview.formats.options import ImportOptions
from ecgview.formats.recognise import MAT4_TYPES, is_hdf5, is_matlab5
from ecgview.recording import Recording

MATLAB_LIMIT = 1_000_000_000
"""Largest file before 7.3 that is read, in bytes: it is read as a whole."""


def open_matlab(path: Path, options: ImportOptions) -> Recording:
    """Open a MATLAB file.

    Parameters
    ----------
    path : Path
        A ``.mat`` of level 4, 5 (MATLAB 5 to 7.2) or 7.3.
    options : ImportOptions
        What the file does not state.

    Returns
    -------
    Recording
        In memory; of 7.3 read by window.

    Raises
    ------
    NeedsOptions
        If leads, rate or unit are neither in the file nor in the options.
    RecordingError
        If it is damaged or holds no signals. Objects and functions in it are passed over.
    """
    head = read_head(path)
    if is_hdf5(head):
        from ecgview.formats.arrays.hdf5 import read_hdf5

        return open_arrays(read_hdf5(path, "MATLAB"), options)
    content = read_bytes(path, MATLAB_LIMIT, "Save it as MATLAB 7.3, which is read piece by piece.")
    file = ArrayFile(path, "MATLAB")
    with foreign_parser(path, "MATLAB"):
        if is_matlab5(head):
            from ecgview.formats.arrays.matlab5 import read_variables

            for name, value in read_variables(path, content):
                file.add(name, value)
        else:
            _add_level_4(file, content)
        untangle(file)
    return open_arrays(file, options)


def _add_level_4(file: ArrayFile, content: bytes) -> None:
    """Read level 4: headers of five integers, names, matrices by column ("MAT-File Format")."""
    place = 0
    while place + 20 <= len(content):
        kind, n_rows, n_columns, is_complex, n_name = struct.unpack_from("<5i", content, place)
        dtype = MAT4_TYPES.get(kind // 10)
        if dtype is None or min(n_rows, n_columns, n_name) < 0 or kind % 10 not in (0, 1):
            raise RecordingError(
                f"{file.path.name} has a damaged variable at byte {place}.", "Export it again."
            )
        start = place + 20 + n_name
        name = content[place + 20 : start].rstrip(b"\0").decode("latin-1")
        size = check_size(file.path, (n_rows, n_columns), np.dtype(dtype))
        if start + size > len(content):
            raise RecordingError(
                f"{file.path.name} ends inside its variable “{name}”.",
                "It was cut off when it was copied; copy it again.",
            )
        values = np.frombuffer(content, dtype, n_rows * n_columns, start)
        values = values.reshape((n_rows, n_columns), order="F")
        is_text = kind % 10 == 1
        file.add(name, _rows_of_text(values) if is_text else values)
        place = start + size * (2 if is_complex else 1)


def _rows_of_text(values: np.ndarray) -> list[str]:
    return ["".join(map(chr, row.astype(int) % 0x110000)).strip() for row in values[:1000]]

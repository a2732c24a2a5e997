"""A growing array on disk that survives being interrupted: rows and a log of how far they go."""

from __future__ import annotations

import json
import os
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

ROWS_FILE = "signals.npy"
_LOG_FILE = "progress.jsonl"
_ROW_TYPE = np.dtype("<f4")
_BLOCK_BYTES = 1 << 20


def _header(n_rows: int, row_shape: tuple[int, ...]) -> bytes:
    """Give the header of a ``.npy`` file; numpy leaves room in it for more rows."""
    header = BytesIO()
    shape = (n_rows, *row_shape)
    facts = {"descr": _ROW_TYPE.str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, facts)
    return header.getvalue()


class RowFile:
    """Appends rows to a ``.npy`` file in a folder, or goes on where another run stopped.

    After each append a line of the log says how many rows are whole and their checksum, so that
    what a killed process or a full disk left half written is written again.

    Parameters
    ----------
    folder : Path
        Made if it is not there. One process at a time may write in it.
    row_shape : tuple of int
        Shape of a row.

    Attributes
    ----------
    notes : list
        What the appends so far were told to note.
    n_rows : int
        Rows so far.
    crc32 : int
        Checksum of all rows so far.
    """

    def __init__(self, folder: Path, row_shape: tuple[int, ...]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.notes: list[Any] = []
        self.n_rows = 0
        self.crc32 = 0
        self._row_shape = row_shape
        self._row_bytes = int(np.prod(row_shape)) * _ROW_TYPE.itemsize
        header = _header(0, row_shape)
        self._start = len(header)
        self._rows = _open_to_update(folder / ROWS_FILE)
        self._log = _open_to_update(folder / _LOG_FILE)
        try:
            self._resume()
            if self._rows.tell() == 0:
                self._rows.write(header)
        except BaseException:
            self.close()
            raise

    def _resume(self) -> None:
        """Read on from the start as long as log and rows agree; cut off what follows."""
        self._rows.seek(self._start)
        end_of_log = end_of_rows = 0
        for line in iter(self._log.readline, b""):
            try:
                entry = json.loads(line)
                n_rows, crc32, note = entry["rows"], entry["crc32"], entry["note"]
                content = self._rows.read((n_rows - self.n_rows) * self._row_bytes)
            except (ValueError, TypeError, KeyError):
                break
            if zlib.crc32(content, self.crc32) != crc32 or len(content) % self._row_bytes:
                break
            self.n_rows, self.crc32 = n_rows, crc32
            self.notes.append(note)
            end_of_log = self._log.tell()
        if self.notes:
            end_of_rows = self._start + self.n_rows * self._row_bytes
        for file, end in ((self._log, end_of_log), (self._rows, end_of_rows)):
            file.seek(end)
            file.truncate()

    def append(self, rows: NDArray[np.float32], note: Any) -> None:
        """Write rows, maybe none, and a note.

        Parameters
        ----------
        rows : ndarray, shape (rows, ...)
            In the shape that the file was made for.
        note : object
            Anything that JSON can hold.

        Raises
        ------
        OSError
            If the disk is full or gone.
        """
        content = np.ascontiguousarray(rows, dtype=_ROW_TYPE).tobytes()
        self._rows.write(content)
        self._rows.flush()
        self.n_rows += len(rows)
        self.crc32 = zlib.crc32(content, self.crc32)
        self.notes.append(note)
        entry = {"rows": self.n_rows, "crc32": self.crc32, "note": note}
        self._log.write(json.dumps(entry).encode() + b"\n")
        self._log.flush()

    def finish(self) -> None:
        """Write the header that makes it a whole ``.npy`` file, through to the disk."""
        header = _header(self.n_rows, self._row_shape)
        if len(header) != self._start:
            raise ValueError("numpy left no room for the number of rows")
        self._rows.seek(0)
        self._rows.write(header)
        self._rows.flush()
        os.fsync(self._rows.fileno())
        self.close()

    def close(self) -> None:
        """Close the files; what is in them stays."""
        self._rows.close()
        self._log.close()


def _open_to_update(path: Path) -> BinaryIO:
    path.touch()
    return path.open("r+b")


def open_rows(folder: Path, crc32: int) -> NDArray[np.float32] | None:
    """Map the rows of a finished file into memory, if they are whole.

    Parameters
    ----------
    folder : Path
        Where `RowFile` wrote.
    crc32 : int
        What their checksum was.

    Returns
    -------
    ndarray or None
        A `numpy.memmap`, writing to which leaves the file as it is; None if the file is missing,
        cut off or changed.
    """
    try:
        # Copy on write: torch warns of arrays that cannot be written to.
        rows = np.load(folder / ROWS_FILE, mmap_mode="c")
        with (folder / ROWS_FILE).open("rb") as file:
            file.seek(file.seek(0, os.SEEK_END) - rows.nbytes)
            found = 0
            while block := file.read(_BLOCK_BYTES):
                found = zlib.crc32(block, found)
    except (OSError, ValueError, EOFError):
        return None
    return rows if found == crc32 and rows.dtype == _ROW_TYPE else None

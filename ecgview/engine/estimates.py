"""Where a model's output is kept while a long recording is rebuilt: memory, or a file."""

from __future__ import annotations

import tempfile
import threading
import weakref

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import EcgviewError

_IN_MEMORY_BYTES = 64 << 20
_NO_ROOM = "There is no room for the reconstruction of this long recording"


class Estimates:
    """Arrays by number, one for each window; read in one thread while another one adds to them.

    Beyond a certain size they go to a temporary file, which the system removes when the object is
    dropped or the process ends.

    Parameters
    ----------
    in_memory_bytes : int, optional
        How much is kept in memory.
    dtype : type, optional
        What the arrays are kept as.
    """

    def __init__(
        self,
        in_memory_bytes: int = _IN_MEMORY_BYTES,
        *,
        dtype: type[np.floating] = np.float32,
    ) -> None:
        self._room = in_memory_bytes
        self._dtype = np.dtype(dtype)
        self._kept: dict[int, NDArray[np.floating]] = {}
        self._filed: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._file: tempfile._TemporaryFileWrapper[bytes] | None = None
        self._end = 0
        self._lock = threading.Lock()

    def put(self, number: int, values: NDArray[np.floating]) -> None:
        """Keep an array.

        Raises
        ------
        EcgviewError
            If the disk is full.
        """
        values = np.ascontiguousarray(values, dtype=self._dtype)
        if values.nbytes <= self._room:
            self._room -= values.nbytes
            self._kept[number] = values
            return
        try:
            self._write(number, values)
        except OSError as error:
            folder = tempfile.gettempdir()
            raise EcgviewError(
                f"{_NO_ROOM} ({error.strerror or error}).", f"Make room in {folder}."
            ) from error

    def _write(self, number: int, values: NDArray[np.floating]) -> None:
        with self._lock:
            if self._file is None:
                # Unlinked at once, or on Windows deleted when it is closed.
                file = tempfile.TemporaryFile(prefix="ecgview-")  # noqa: SIM115 (closed below)
                weakref.finalize(self, file.close)
                self._file = file  # type: ignore[assignment]
            assert self._file is not None
            self._file.seek(self._end)
            self._file.write(values.data)
            self._file.flush()
            self._filed[number] = self._end, values.shape
            self._end += values.nbytes

    def get(self, number: int) -> NDArray[np.floating] | None:
        """Give an array, None where there is none; do not change it."""
        kept = self._kept.get(number)
        if kept is not None or number not in self._filed:
            return kept
        with self._lock:
            assert self._file is not None
            place, shape = self._filed[number]
            self._file.seek(place)
            content = self._file.read(self._dtype.itemsize * int(np.prod(shape)))
        return np.frombuffer(content, dtype=self._dtype).reshape(shape)

    @property
    def is_filed(self) -> bool:
        """Whether a part of it lies in a file."""
        return self._file is not None

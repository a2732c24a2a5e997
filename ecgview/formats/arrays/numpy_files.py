"""Reader of NumPy files: ``.npy`` by window, ``.npz`` into memory; nothing is ever unpickled."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import ArrayFile, StoredArray, check_size
from ecgview.formats.arrays.opening import open_arrays
from ecgview.formats.files import unreadable
from ecgview.formats.guard import foreign_parser, refuse_excess
from ecgview.formats.options import ImportOptions
from ecgview.recording import Recording

_MEMBERS = 10_000
LONGEST_HEADER = 100_000
"""Bytes; NumPy itself takes one tenth of that."""
_ONLY_ARRAY = "array"
"""Name of the array of an .npy file, which has none: that of the file may be a patient's."""
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_Header = tuple[tuple[int, ...], bool, np.dtype[Any]]


def open_numpy(path: Path, options: ImportOptions) -> Recording:
    """Open an ``.npy`` or ``.npz`` file.

    Parameters
    ----------
    path : Path
        One array, or a zip archive of arrays.
    options : ImportOptions
        What the file does not state.

    Returns
    -------
    Recording
        ``.npy`` is read by window.

    Raises
    ------
    NeedsOptions
        If leads, rate or unit are neither in the file nor in the options.
    RecordingError
        If it is damaged, holds no signals, or nothing but pickled objects.
    """
    file = ArrayFile(path, "NumPy")
    try:
        with path.open("rb") as stream, foreign_parser(path, "NumPy"):
            if stream.read(4) == b"PK\3\4":
                _add_members(file, stream)
            else:
                _add_array(file, stream)
    except OSError as error:
        raise unreadable(path, error) from error
    return open_arrays(file, options)


def _add_array(file: ArrayFile, stream: IO[bytes]) -> None:
    stream.seek(0)
    shape, is_fortran, dtype = _header(stream)
    if dtype.hasobject:
        raise RecordingError(
            f"{file.path.name} holds pickled objects, which ecgview never unpacks.",
            "Save the array with plain numbers: numpy.save(name, array.astype(float)).",
        )
    n_bytes = check_size(file.path, shape, dtype)
    if stream.tell() + n_bytes > file.path.stat().st_size:
        raise RecordingError(
            f"{file.path.name} ends before its array does.", "It was cut off; copy it again."
        )
    _add(file, "", StoredArray(file.path, stream.tell(), dtype, shape, "F" if is_fortran else "C"))


def _add(file: ArrayFile, name: str, array: Any) -> None:
    """Add an array, or each field of a structured one."""
    fields = array.dtype.names
    if fields is None:
        file.add(name or _ONLY_ARRAY, array)
        return
    whole = np.asarray(array[(slice(None),) * len(array.shape)])
    for field in fields:
        file.add(f"{name}/{field}" if name else field, whole[field])


def _header(stream: IO[bytes]) -> _Header:
    """Read the header of an array (its text is parsed as a literal, never run)."""
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream)
    # Room for the header is made before it is read, however long it says to be.
    length = int.from_bytes(stream.read(4), "little")
    if length > LONGEST_HEADER:
        raise ValueError(f"a header of {length} bytes")
    stream.seek(-4, io.SEEK_CUR)
    # 3.0 differs from 2.0 in the encoding of the names of fields only.
    return np.lib.format.read_array_header_2_0(stream)


def _add_members(file: ArrayFile, stream: IO[bytes]) -> None:
    with zipfile.ZipFile(stream) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
        refuse_excess(file.path, sum(member.file_size for member in members))
        for member in members[:_MEMBERS]:
            name = member.filename.removesuffix(".npy")
            if member.compress_type not in _PACKED or member.flag_bits & 1:
                file.passed_over.append(f"“{name}” is packed or encrypted in an unusual way")
                continue
            with archive.open(member) as packed:
                content = packed.read(member.file_size)
            values = _array_in(file, name, content)
            if values is not None:
                _add(file, name, values)


def _array_in(file: ArrayFile, name: str, content: bytes) -> np.ndarray | None:
    stream = io.BytesIO(content)
    shape, is_fortran, dtype = _header(stream)
    if dtype.hasobject:
        file.passed_over.append(f"“{name}” holds pickled objects, which are never unpacked")
        return None
    if check_size(file.path, shape, dtype) > len(content) - stream.tell():
        raise RecordingError(
            f"The array “{name}” of {file.path.name} is shorter than it says.",
            "The file is damaged; write it again.",
        )
    n_values = int(np.prod(shape, dtype=np.int64))
    values = np.frombuffer(content, dtype, n_values, stream.tell())
    return values.reshape(shape, order="F" if is_fortran else "C")

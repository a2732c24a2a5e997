"""Reading the elements of a DICOM file that matter, within bounds."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ecgview.errors import RecordingError
from ecgview.formats.files import unreadable
from ecgview.formats.guard import foreign_parser, refuse_excess

if TYPE_CHECKING:
    from pydicom import Dataset

FORMAT_NAME = "DICOM"
WANTED = (
    "SpecificCharacterSet",
    "SOPClassUID",
    "StudyDate",
    "StudyTime",
    "ContentDate",
    "ContentTime",
    "AcquisitionDate",
    "AcquisitionTime",
    "AcquisitionDateTime",
    "Modality",
    "Manufacturer",
    "ManufacturerModelName",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "WaveformAnnotationSequence",
    "WaveformSequence",
)
"""The elements that are read; pictures, reports and private elements are passed over."""

_DEFLATED = b"1.2.840.10008.1.2.1.99"
_EXPLICIT = b"1.2.840.10008.1.2.1\0\0\0"
_GROUP_LENGTH = b"\x02\x00\x00\x00UL\x04\x00"
_ITEMS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_PIECE = 1 << 20
MOST_READS = 300_000
"""An element takes one or two; a file with annotated beats of a day has some thousand."""
MOST_ITEMS = 100_000
"""Annotations of a day of beats."""


# The settings of pydicom are those of the whole process.
_SETTINGS_LOCK = threading.Lock()


class _Bounded:
    """A file that is never asked for more bytes than it has, nor for endless tiny pieces."""

    def __init__(self, path: Path, file: BinaryIO, n_bytes: int) -> None:
        self.path = path
        self.file = file
        self.n_bytes = n_bytes
        self.n_reads = 0
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        self.n_reads += 1
        if self.n_reads > MOST_READS:
            raise _too_many(self.path)
        left = max(0, self.n_bytes - self.tell())
        return self.file.read(left if size is None or size < 0 else min(size, left))


@contextmanager
def quiet_pydicom(path: Path) -> Iterator[None]:
    """Let pydicom take values as they stand, say nothing and raise nothing but sentences.

    Its warnings quote values of elements, which may be names: they must not reach a log.
    """
    from pydicom import config

    with (
        _SETTINGS_LOCK,
        foreign_parser(path, FORMAT_NAME),
        config.disable_value_validation(),
    ):
        was_off = config.logger.disabled
        config.logger.disabled = True
        try:
            yield
        finally:
            config.logger.disabled = was_off


def read_dataset(path: Path) -> Dataset:
    """Read the wanted elements of a DICOM file; call within `quiet_pydicom`.

    Parameters
    ----------
    path : Path
        With or without preamble, in any transfer syntax.

    Returns
    -------
    pydicom.Dataset
        `WANTED` elements and the file's meta information.

    Raises
    ------
    RecordingError
        If the file cannot be read, or unpacks to far more than it holds.
    """
    from pydicom import dcmread

    try:
        with path.open("rb") as file:
            start = file.read(4096)
            file.seek(0)
            content: BinaryIO = file
            n_bytes = path.stat().st_size
            if _DEFLATED in start:
                inflated = _inflated(path, file.read())
                content, n_bytes = BytesIO(inflated), len(inflated)
            bounded: Any = _Bounded(path, content, n_bytes)
            dataset = dcmread(
                bounded, force=True, specific_tags=list(WANTED), stop_before_pixels=True
            )
            _check_items(path, dataset)
            return dataset
    except OSError as error:
        raise unreadable(path, error) from error


def _too_many(path: Path) -> RecordingError:
    return RecordingError(
        f"{path.name} consists of far more elements than any recording.",
        "The file is damaged; export it again.",
    )


def _check_items(path: Path, dataset: Dataset) -> None:
    """Count the items of sequences that are not taken apart yet."""
    for element in dataset._dict.values():
        value = element.value if element.VR == "SQ" or element.VR is None else None
        if isinstance(value, bytes) and sum(map(value.count, _ITEMS)) > MOST_ITEMS:
            raise _too_many(path)


def _inflated(path: Path, content: bytes) -> bytes:
    """Unpack a deflated object (PS3.5 A.5) with a bound, and call it explicit little endian."""
    at = content.find(_GROUP_LENGTH)
    if at not in (0, 132):
        raise RecordingError(
            f"{path.name} is a deflated DICOM file without meta information.",
            "The file is damaged; export it again.",
        )
    begin = at + 12 + int.from_bytes(content[at + 8 : at + 12], "little")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces, n_bytes, packed = [], 0, content[begin:]
    while packed and not unpacker.eof:
        pieces.append(unpacker.decompress(packed, _PIECE))
        n_bytes += len(pieces[-1])
        refuse_excess(path, n_bytes)
        packed = unpacker.unconsumed_tail
    return content[:begin].replace(_DEFLATED, _EXPLICIT) + b"".join(pieces)

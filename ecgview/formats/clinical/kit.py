"""Parses a file with one parser of ecgdatakit; what it raises or remarks becomes sentences."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecgview.errors import EcgviewError, RecordingError
from ecgview.formats.files import read_bytes
from ecgview.formats.guard import collected_warnings
from ecgview.recording import ImportWarning

MAX_FILE_BYTES = 16_000_000
"""Twelve leads of 10 s take half a megabyte in the most wordy of these formats; the parsers hold
the whole file and up to fifteen times its size."""

MEDIAN_LEFT_OUT = ImportWarning("bent-format", "The median beats cannot be read and are left out.")

_PARSERS = "ecgdatakit.parsing.parsers"
_DEVELOPERS_NOTES = re.compile(
    r"[;,]?\s*\(?see raw_metadata.*$| for \[.*\](?=;|$)|; these leads are left in raw counts$",
    re.DOTALL,
)
_PREFIX = re.compile(r"^(?:SCP-ECG|HL7 aECG|GE MUSE|Sierra XML|MFER|ISHNE|Kardia|Mortara)[: ]\s*")


@dataclass(frozen=True)
class Kit:
    """One parser of ecgdatakit.

    Attributes
    ----------
    format_name : str
        As users know the format.
    module, parser : str
        Where the parser is.
    max_bytes : int
        Files larger than this are refused.
    """

    format_name: str
    module: str
    parser: str
    max_bytes: int = MAX_FILE_BYTES


@dataclass
class Parsed:
    """What a parser made of a file.

    Attributes
    ----------
    record : ecgdatakit.ECGRecord
        The whole.
    warnings : list of ImportWarning
        What the parser remarked, and what was bent straight before.
    """

    record: Any
    warnings: list[ImportWarning] = field(default_factory=list)


def _sentence(text: str, path: Path) -> str:
    """Make a sentence of a message of the library: no paths, no words for its developers."""
    for name in (str(path), path.name):
        text = text.replace(f" in {name}", "").replace(f" of {name}", "").replace(name, path.name)
    text = _PREFIX.sub("", _DEVELOPERS_NOTES.sub("", text)).strip(" :;.\n")
    text = " ".join(text.split())[:300].removeprefix(f"{path.name}: ")
    return text[:1].upper() + text[1:] + "." if text else ""


def refusal(kit: Kit, path: Path, error: Exception) -> RecordingError:
    """Put what a parser raised into a sentence and a hint."""
    import ecgdatakit

    name = f"{path.name} cannot be read as {kit.format_name}"
    if not isinstance(error, ecgdatakit.ECGDataKitError):
        kind = type(error).__name__
        return RecordingError(
            f"{name}: its content contradicts itself ({kind}).",
            "The file is damaged, or written by a program that bends the format; export it again.",
        )
    reason = _sentence(str(error), path)
    if isinstance(error, ecgdatakit.UnsupportedFormatError):
        return RecordingError(
            f"{name}: {reason}", "Export it in another version of the format, or in another format."
        )
    return RecordingError(
        f"{name}: {reason}", "The file may be damaged or cut short; copy or export it again."
    )


def _remarks(said: Sequence[Warning], path: Path) -> list[ImportWarning]:
    import ecgdatakit

    remarks, checksums = [], []
    for warning in said:
        message = _sentence(str(warning), path)
        if isinstance(warning, ecgdatakit.ChecksumWarning):
            checksums.append(message)
        elif isinstance(warning, UserWarning):
            remarks.append(ImportWarning("bent-format", message))
    if checksums:
        # A file that was changed, say anonymised, has one of these for each lead of each part.
        n_more = len(checksums) - 1
        what = "checksum does" if n_more == 1 else "checksums do"
        more = f" {n_more} more {what} not match." if n_more else ""
        hint = "The file was changed after it was written, or is damaged: look at the signals."
        remarks.append(ImportWarning("checksum", checksums[0] + more, hint))
    return remarks


class _Held:
    """A file that has been read already, for parsers that want the path of one.

    One that opens the path gets the file itself, whatever its content was mended to.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self.name = path.name
        self._path = path
        self._content = content

    def __str__(self) -> str:
        return str(self._path)

    def __fspath__(self) -> str:
        return str(self._path)

    def read_bytes(self) -> bytes:
        return self._content


def _path_or_held(path: Any) -> Any:
    return path if isinstance(path, _Held) else Path(path)


def _parse(kit: Kit, path: Path, content: bytes) -> Parsed:
    module = importlib.import_module(f"{_PARSERS}.{kit.module}")
    # The parsers make a Path of what they are given and read it. Mended content in a temporary
    # file would leave a patient's data on the disk if the machine stopped.
    module.Path = _path_or_held  # type: ignore[attr-defined]
    with collected_warnings() as said:
        record = getattr(module, kit.parser)().parse(_Held(path, content))
    return Parsed(record, _remarks(said, path))


def parse_first(
    kit: Kit, path: Path, attempts: Iterable[tuple[bytes, Sequence[ImportWarning]]]
) -> Parsed:
    """Parse the first content that can be parsed.

    Parameters
    ----------
    kit : Kit
        The parser.
    path : Path
        The file.
    attempts : iterable of (bytes, sequence of ImportWarning)
        The content of the file, then the same mended, and what to say where that is the one.

    Raises
    ------
    RecordingError
        What kept the first from being parsed, if none can be.
    """
    first: Exception | None = None
    for content, remarks in attempts:
        try:
            parsed = _parse(kit, path, content)
        except EcgviewError:
            raise
        except Exception as error:
            first = first or error
        else:
            parsed.warnings += remarks
            return parsed
    raise refusal(kit, path, first or ValueError()) from first


def read_content(kit: Kit, path: Path) -> bytes:
    """Read a whole file, unless it is too large.

    Raises
    ------
    RecordingError
        If it cannot be read, is empty or too large.
    """
    return read_bytes(path, kit.max_bytes, f"Export a shorter piece as {kit.format_name}.")

"""Corrections that the user has made: remembered for files of the same kind, and put in words."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ecgview.errors import RecordingError
from ecgview.record_facts import Channel, ImportOptions


@dataclass(frozen=True)
class Corrections:
    """The remembered corrections: a folder with one small file for each kind of recording.

    A file each, replaced as a whole, so that programs that run at once do not undo what the other
    remembers, and a damaged one harms one kind only.

    Parameters
    ----------
    folder : Path
        It need not exist.
    """

    folder: Path

    def recall(self, kind: str) -> ImportOptions | None:
        """Give what is remembered for a kind of file, None if that is nothing."""
        return _read(self._file(kind)).get(kind)

    def everything(self) -> dict[str, ImportOptions]:
        """Give all that is remembered, by kind of file."""
        found: dict[str, ImportOptions] = {}
        for file in sorted(self.folder.glob("*.json")):
            found |= _read(file)
        return found

    def remember(self, kind: str, options: ImportOptions) -> None:
        """Remember options for files of a kind, in the place of any before.

        Which part of a file was opened is no correction and is not remembered.

        Raises
        ------
        RecordingError
            If the file cannot be written.
        """
        import json
        import tempfile

        entry = {"kind": kind, "options": said(replace(options, part=None))}
        draft = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(suffix=".part", dir=self.folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entry, file, indent=1)
            Path(draft).replace(self._file(kind))
        except OSError as error:
            if draft is not None:
                Path(draft).unlink(missing_ok=True)
            raise RecordingError(
                f"The correction could not be remembered in {self.folder} "
                f"({os.strerror(error.errno or 0)}).",
                "It holds for this file only.",
            ) from error

    def forget(self, kind: str) -> bool:
        """Forget what is remembered for a kind of file; tell whether there was anything.

        Raises
        ------
        RecordingError
            If its file cannot be removed.
        """
        try:
            self._file(kind).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise RecordingError(
                f"The correction in {self.folder} could not be forgotten "
                f"({os.strerror(error.errno or 0)}).",
                "Remove the folder by hand to forget all corrections.",
            ) from error
        return True

    def _file(self, kind: str) -> Path:
        import hashlib

        digest = hashlib.sha256(kind.encode("utf-8", errors="surrogatepass")).hexdigest()
        return self.folder / f"{digest[:32]}.json"


def _read(file: Path) -> dict[str, ImportOptions]:
    """Read one file; nothing where it is missing or damaged."""
    import json

    try:
        entry = json.loads(file.read_text(encoding="utf-8"))
        return {str(entry["kind"]): _options(entry["options"])}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _options(values: dict[str, Any]) -> ImportOptions:
    leads, rate_hz = values.get("leads"), values.get("rate_hz")
    unit, gains = values.get("unit"), values.get("gains")
    options = ImportOptions(
        leads=None if leads is None else tuple(map(str, leads)),
        rate_hz=None if rate_hz is None else float(rate_hz),
        unit=None if unit is None else str(unit),
        gains=None if gains is None else tuple(map(float, gains)),
    )
    if not all(map(math.isfinite, (*(options.gains or ()), options.rate_hz or 1.0))):
        raise ValueError(values)
    return options


def user_corrections() -> Corrections:
    """Give the corrections of the person at the keyboard."""
    from ecgview.paths import user_corrections_dir

    return Corrections(user_corrections_dir())


def said(options: ImportOptions | None) -> dict[str, Any] | None:
    """Give what options say, ready for JSON; None for no options."""
    if options is None:
        return None
    values = {name: value for name, value in vars(options).items() if value is not None}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def describe_options(options: ImportOptions, channels: Sequence[Channel] = ()) -> tuple[str, ...]:
    """Put corrections in words, for reports and for the comments of exports.

    Parameters
    ----------
    options : ImportOptions
        What the user said, `Recording.options` of a recording it was applied to.
    channels : sequence of Channel
        Those of the recording; with them only what really changed is named.

    Returns
    -------
    tuple of str
        A phrase each: ``aVL renamed aVF``, ``rate set to 250 Hz``, ``unit set to uV``,
        ``V3 multiplied by -1``. Empty where nothing is corrected.
    """
    own = [channel for channel in channels if not channel.derived]
    phrases = []
    if options.leads is not None:
        phrases += _naming(options.leads, own)
    if options.rate_hz is not None:
        phrases.append(f"rate set to {options.rate_hz:g} Hz")
    if options.unit is not None:
        phrases.append(f"unit set to {options.unit}")
    if options.gains is not None:
        phrases += _scaling(options.gains, [channel.name for channel in own])
    return tuple(phrases)


def _naming(names: tuple[str, ...], own: Sequence[Channel]) -> list[str]:
    renamed = [(channel.file_name, channel.name) for channel in own if channel.file_name]
    if renamed:
        return [", ".join(f"{before} renamed {after}" for before, after in renamed)]
    return [f"leads named {', '.join(names)}"]


def _scaling(gains: tuple[float, ...], names: Sequence[str]) -> list[str]:
    if len(set(gains)) == 1:
        return [] if gains[0] == 1 else [f"amplitudes multiplied by {gains[0]:g}"]
    if len(gains) != len(names):
        return [f"amplitudes multiplied by {', '.join(f'{gain:g}' for gain in gains)}"]
    scaled = [f"{name} by {gain:g}" for name, gain in zip(names, gains, strict=True) if gain != 1]
    return [f"amplitudes multiplied: {', '.join(scaled)}"]

"""Corrections that the user has made, remembered for files of the same kind."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ecgview.errors import RecordingError
from ecgview.record_facts import ImportOptions


@dataclass(frozen=True)
class Corrections:
    """The remembered corrections, in a JSON file: kind of file -> options.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    path: Path

    def recall(self, kind: str) -> ImportOptions | None:
        """Give what is remembered for a kind of file, None if that is nothing."""
        said = self._read().get(kind)
        return None if said is None else _options(said)

    def remember(self, kind: str, options: ImportOptions) -> None:
        """Remember options for files of a kind, in the place of any before.

        Raises
        ------
        RecordingError
            If the file cannot be written.
        """
        self._write({**self._read(), kind: asdict(options)})

    def forget(self, kind: str) -> None:
        """Forget what is remembered for a kind of file."""
        self._write({known: said for known, said in self._read().items() if known != kind})

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # nothing was remembered, or the file is damaged: nothing is corrected
        return found if isinstance(found, dict) else {}

    def _write(self, everything: dict[str, Any]) -> None:
        draft = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(everything, indent=1), encoding="utf-8")
            draft.replace(self.path)
        except OSError as error:
            raise RecordingError(
                f"The correction could not be remembered in {self.path} ({error.strerror}).",
                "It holds for this file only.",
            ) from error


def _options(said: Any) -> ImportOptions | None:
    """Read options back; None for what is not such an entry."""
    try:
        leads, gains = said.get("leads"), said.get("gains")
        return ImportOptions(
            leads=None if leads is None else tuple(map(str, leads)),
            rate_hz=None if said.get("rate_hz") is None else float(said["rate_hz"]),
            unit=None if said.get("unit") is None else str(said["unit"]),
            gains=None if gains is None else tuple(map(float, gains)),
        )
    except (AttributeError, TypeError, ValueError):
        return None


def user_corrections() -> Corrections:
    """Give the corrections of the person at the keyboard."""
    from ecgview.paths import user_corrections_file

    return Corrections(user_corrections_file())

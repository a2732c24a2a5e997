"""Reading session files: what fits is taken, what does not is named, nothing is trusted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ecgview.gui.measuring.state import Caliper
from ecgview.gui.session_file import (
    FORMAT,
    OF_THE_SCREEN,
    VERSION,
    SavedFile,
    SavedSession,
    SessionError,
)
from ecgview.gui.settings import SETTINGS
from ecgview.gui.viewer.loops import FRANK_SOURCES, LoopsState
from ecgview.gui.viewer.state import RHYTHM_LEADS, ViewState
from ecgview.leads import LEADS, in_order
from ecgview.record_facts import ImportOptions
from ecgview.signals.filtering import FilterError, parse_filters

LARGEST_BYTES = 16 << 20
_FOREIGN_HINT = "Session files are written with File, Save session."


def read_session(path: Path) -> tuple[SavedSession, tuple[str, ...]]:
    """Read a session file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    SavedSession
        What it says.
    tuple of str
        Names of the fields whose values are not understood and left as usual.

    Raises
    ------
    SessionError
        If it is no session file, damaged, or of a later version.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SessionError(f"{path.name} is too large for a session file.", _FOREIGN_HINT)
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise SessionError(
            f"{path.name} is no session file, or it is damaged.", _FOREIGN_HINT
        ) from error
    return from_document(document, path.name)


def from_document(document: Any, name: str) -> tuple[SavedSession, tuple[str, ...]]:
    """Understand what a session file says.

    Parameters
    ----------
    document : object
        Its JSON.
    name : str
        The file's, for messages.

    Returns
    -------
    SavedSession, tuple of str
        As `read_session`.

    Raises
    ------
    SessionError
        As `read_session`.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise SessionError(f"{name} is no session file.", _FOREIGN_HINT)
    version = document.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise SessionError(
            f"{name} was written by a later ecgview (version {version} of its format; this one "
            f"reads {VERSION}).",
            "Update ecgview, or save the session again with this one.",
        )
    reading = _Reading(document)
    files = reading.files("files")
    view, loops = reading.view(), reading.loops()
    saved = SavedSession(
        files=files,
        shown=reading.take("shown", -1, lambda v: _is_int(v) and -1 <= v < len(files)),
        leads=in_order(reading.take("leads", [], _are_leads)),
        model=reading.take("model", "", _is_text),
        clean=reading.take("clean", False, _is_bool),
        filter_input=reading.take("filter_input", False, _is_bool),
        view=view,
        loops=loops,
        estimates=reading.files("estimates"),
        chosen=reading.take("chosen", "", _is_text),
        calipers=reading.calipers(),
        page=reading.take("page", "viewer", _is_text),
        side=reading.take("side", "agreement", _is_text),
        calibrated_from=reading.files("calibrated_from")[:1],
        calibrated_s=reading.stretch("calibrated_s"),
    )
    return saved, tuple(reading.not_understood)


class _Reading:
    """Takes values that fit out of a document and notes the names of those that do not."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.not_understood: list[str] = []

    def take(self, name: str, usual: Any, fits: Callable[[Any], bool]) -> Any:
        value = self._document.get(name, usual)
        if fits(value):
            return value
        self.not_understood.append(name)
        return usual

    def files(self, name: str) -> tuple[SavedFile, ...]:
        entries = self.take(name, [], lambda v: isinstance(v, list))
        made = [_file_from(entry) for entry in entries]
        if None in made:
            self.not_understood.append(name)
        return tuple(one for one in made if one is not None)

    def stretch(self, name: str) -> tuple[float, float] | None:
        value = self.take(
            name, None, lambda v: v is None or (_are_numbers(v, 2) and v[0] >= 0 and v[1] > 0)
        )
        return (float(value[0]), float(value[1])) if value is not None else None

    def calipers(self) -> tuple[Caliper, ...]:
        values = self.take("calipers", [], lambda v: isinstance(v, list) and all(map(_fits, v)))
        return tuple(Caliper(*value) for value in values)

    def view(self) -> ViewState:
        values = self.take("view", {}, lambda v: isinstance(v, dict))
        inside = _Reading(values)
        usual = ViewState()
        taken = {
            one.name: inside.take(one.name, _plain(usual, one.name), _fit_of(usual, one.name))
            for one in fields(ViewState)
            if one.name not in OF_THE_SCREEN
        }
        taken = {name: tuple(v) if isinstance(v, list) else v for name, v in taken.items()}
        self.not_understood += [f"view {name}" for name in inside.not_understood]
        return replace(usual, **{**taken, "filters": parse_filters(taken["filters"])})

    def loops(self) -> LoopsState:
        values = self.take("loops", {}, lambda v: isinstance(v, dict))
        inside = _Reading(values)
        made = LoopsState(
            inside.take("shown", False, _is_bool),
            inside.take("source", "", lambda v: v in ("", *FRANK_SOURCES)),
            inside.take("dots_ms", 0, lambda v: _is_int(v) and 0 <= v <= 100),
        )
        self.not_understood += [f"loops {name}" for name in inside.not_understood]
        return made


def _fits(value: Any) -> bool:
    """Tell whether a list is that of a caliper."""
    if not isinstance(value, list) or len(value) != 6:
        return False
    start_s, stop_s, lead, start_mv, stop_mv, marches = value
    numbers = _are_numbers([start_s, stop_s, start_mv, stop_mv], 4)
    return numbers and lead in ("", *LEADS) and isinstance(marches, bool)


def _plain(usual: ViewState, name: str) -> Any:
    value = getattr(usual, name)
    return value.option if name == "filters" else value


def _fit_of(usual: ViewState, name: str) -> Callable[[Any], bool]:
    """Give the test of a field of the view: what the settings allow, or values of its type."""
    value = getattr(usual, name)
    setting = SETTINGS.get(f"view/{name}")
    if name == "filters":
        return _are_filters
    if name in ("zoom", "speed_mm_s"):  # a page of a day has a speed of its own
        return lambda v: _is_number(v) and v > 0
    if name == "rhythm":
        return lambda v: _are_leads(v) and len(v) == len(RHYTHM_LEADS)
    if isinstance(value, bool):
        return _is_bool
    if name == "mark_s":
        return lambda v: v is None or (_are_numbers(v, 2) and 0 <= v[0] < v[1])
    if setting is not None:
        return lambda v: type(v) is not dict and setting.allows(_hashable(v))
    if isinstance(value, float):
        return _is_number
    if isinstance(value, tuple):
        return lambda v: _are_numbers(v, len(value))
    return lambda v: v is None or isinstance(v, str | int | float)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _file_from(entry: Any) -> SavedFile | None:
    """Understand one file; None where it is not."""
    if not isinstance(entry, dict):
        return None
    if "demo" in entry:
        case, seed = entry["demo"], entry.get("seed", 0)
        fits = _is_text(case) and _is_int(seed) and seed >= 0
        return SavedFile(demo=(case, seed)) if fits else None
    path, options = entry.get("path"), _options_from(entry.get("options", {}))
    if not _is_text(path) or not path or "\0" in path or options is None:
        return None
    relative, beginning = entry.get("relative", ""), entry.get("beginning", "")
    size = entry.get("size", 0)
    if not _is_text(relative) or "\0" in relative or not _is_text(beginning) or not _is_int(size):
        return None
    return SavedFile(Path(path), relative, size, beginning, options)


def _options_from(values: Any) -> ImportOptions | None:
    if not isinstance(values, dict):
        return None
    tests: dict[str, Callable[[Any], bool]] = {
        "leads": lambda v: isinstance(v, list) and all(map(_is_text, v)),
        "rate_hz": lambda v: _is_number(v) and v > 0,
        "unit": _is_text,
        "gains": lambda v: isinstance(v, list) and all(map(_is_number, v)),
        "part": _is_text,
    }
    if not all(name in tests and tests[name](value) for name, value in values.items()):
        return None
    return ImportOptions(**{name: _hashable(value) for name, value in values.items()})


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_numbers(value: Any, number: int) -> bool:
    return isinstance(value, Sequence) and len(value) == number and all(map(_is_number, value))


def _are_leads(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(_is_text(v) and v in LEADS for v in value)


def _are_filters(value: Any) -> bool:
    try:
        return _is_text(value) and parse_filters(value) is not None
    except FilterError:
        return False

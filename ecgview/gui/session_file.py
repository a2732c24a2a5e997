"""Session files (``.ecgview``): which recordings were open, with which leads, model and view.

They are JSON and hold paths and choices only: no samples, and nothing of patients but what paths
say. Fields of version 1:

=================== ==================================================================
``format``          ``ecgview session``
``version``         1; a later one is refused
``written_by``      program and its version, for people
``files``           a list of files, see below
``shown``           place of the one shown in ``files``, -1 for none
``leads``           those that the model was given
``model``           its name
``clean``           whether the comparison was high-passed
``filter_input``    whether the model was given filtered signals
``view``            layout, scale, speed, gain, filters, place and mark; lengths in mm,
                    times in s
``loops``           the vectorcardiogram: shown, source of Frank's leads, dots
``estimates``       a list of files that the recording was compared with
``chosen``          name of the estimate that table and shading belonged to, empty for
                    the model's
``calipers``        a list of lists: start and end in s, lead (empty for all), heights of
                    the ends in mV, whether the interval is repeated
``page``, ``side``  the page and the panel at the right
``calibrated_from`` a list of at most one file: what the reconstruction was calibrated
                    from; empty for none or for a stretch of the recording itself
``calibrated_s``    start and duration in s of what was learnt from; null for no
                    calibration
=================== ==================================================================

A file has ``path`` (absolute), ``relative`` (to the session file, with ``/``), ``size`` in bytes,
``beginning`` (of SHA-256 of its first 64 KiB, to notice another file of that name) and
``options`` (what the user said of it on import); or ``demo`` and ``seed`` for a simulated one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ecgview import __version__
from ecgview.errors import EcgviewError
from ecgview.gui.measuring.state import Caliper
from ecgview.gui.viewer.loops import LoopsState
from ecgview.gui.viewer.state import ViewState
from ecgview.record_facts import ImportOptions
from ecgview.storing import put_whole

FORMAT = "ecgview session"
VERSION = 1
OF_THE_SCREEN = {"px_per_mm", "calibrated"}
"""Fields of the view that are not kept: they belong to the screen."""


class SessionError(EcgviewError):
    """A session file that cannot be read or written."""


@dataclass(frozen=True)
class SavedFile:
    """A recording of a session.

    Attributes
    ----------
    path : Path or None
        Where it was; None for a simulated one.
    relative : str
        The same from the session file's folder; empty where there is no such way.
    size : int
        In bytes.
    beginning : str
        Fingerprint of its first bytes.
    options : ImportOptions
        What the user said of it.
    demo : tuple of str and int, or None
        Case and seed of a simulated one.
    """

    path: Path | None = None
    relative: str = ""
    size: int = 0
    beginning: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    demo: tuple[str, int] | None = None


@dataclass(frozen=True)
class SavedSession:
    """What a session file says; see the fields in the module's description."""

    files: tuple[SavedFile, ...] = ()
    shown: int = -1
    leads: tuple[str, ...] = ()
    model: str = ""
    clean: bool = False
    filter_input: bool = False
    view: ViewState = field(default_factory=ViewState)
    loops: LoopsState = field(default_factory=LoopsState)
    estimates: tuple[SavedFile, ...] = ()
    chosen: str = ""
    calipers: tuple[Caliper, ...] = ()
    page: str = "viewer"
    side: str = "agreement"
    calibrated_from: tuple[SavedFile, ...] = ()
    calibrated_s: tuple[float, float] | None = None


def as_document(saved: SavedSession) -> dict[str, Any]:
    """Give a session ready for JSON.

    Parameters
    ----------
    saved : SavedSession
        The session.
    """
    view = {
        one.name: getattr(saved.view, one.name)
        for one in fields(ViewState)
        if one.name not in OF_THE_SCREEN
    }
    view["filters"] = saved.view.filters.option
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in view.items()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "written_by": f"ecgview {__version__}",
        "files": [_file_document(one) for one in saved.files],
        "shown": saved.shown,
        "leads": list(saved.leads),
        "model": saved.model,
        "clean": saved.clean,
        "filter_input": saved.filter_input,
        "view": plain,
        "loops": dict(vars(saved.loops)),
        "estimates": [_file_document(one) for one in saved.estimates],
        "chosen": saved.chosen,
        "calipers": [list(vars(one).values()) for one in saved.calipers],
        "page": saved.page,
        "side": saved.side,
        "calibrated_from": [_file_document(one) for one in saved.calibrated_from],
        "calibrated_s": list(saved.calibrated_s) if saved.calibrated_s is not None else None,
    }


def _file_document(one: SavedFile) -> dict[str, Any]:
    if one.demo is not None:
        return {"demo": one.demo[0], "seed": one.demo[1]}
    said = {name: value for name, value in vars(one.options).items() if value is not None}
    document = {
        "path": str(one.path),
        "relative": one.relative,
        "size": one.size,
        "beginning": one.beginning,
    }
    options = {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}
    return {**document, "options": options} if options else document


def write_session(path: Path, saved: SavedSession) -> None:
    """Write a session file whole, or leave what was there as it was.

    Parameters
    ----------
    path : Path
        The file.
    saved : SavedSession
        The session.

    Raises
    ------
    SessionError
        If it cannot be written.
    """
    content = json.dumps(as_document(saved), indent=1) + "\n"
    try:
        put_whole(path, content.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or "it is refused"
        raise SessionError(
            f"{path} could not be written ({reason}).", "Choose another folder."
        ) from error

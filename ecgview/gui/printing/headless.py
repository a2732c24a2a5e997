"""Printing from the command line, with or without a display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ecgview.engine.events import Event
from ecgview.gui.app import do_without_display, make_application
from ecgview.gui.printing.files import file_kind, write_events
from ecgview.gui.printing.geometry import Layout
from ecgview.gui.printing.paper import SCHEMES
from ecgview.gui.printing.sheet import sheets_of
from ecgview.gui.printing.subject import Subject
from ecgview.gui.viewer.state import ViewState


def picture_events(
    subject: Subject,
    view: ViewState,
    layout: Layout,
    scheme: str,
    path: Path,
    *,
    overwrite: bool = False,
) -> Iterator[Event]:
    """Draw a recording on paper into a file, as `ecgview picture` does.

    Parameters
    ----------
    subject, view, layout : Subject, ViewState, Layout
        What, how and on which paper.
    scheme : str
        One of `SCHEMES`.
    path : Path
        Its ending chooses the format.
    overwrite : bool
        Whether files already there may be replaced.

    Yields
    ------
    Event
        See `files.write_events`.
    """
    file_kind(path)
    do_without_display()
    make_application()
    sheets = sheets_of(subject, view, layout)
    yield from write_events(sheets, path, SCHEMES[scheme], overwrite=overwrite)

"""Opening a recording as the command line asks for it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.cli.options import import_options, remembered_corrections

if TYPE_CHECKING:
    from ecgview.recording import Recording


def opened(path: Path, options: argparse.Namespace) -> Recording:
    """Open a recording, corrected as options or memory say, and filter it by ``--filter-input``.

    Raises
    ------
    EcgviewError
        If it cannot be read.
    """
    from ecgview.filtered import filtered_recording
    from ecgview.formats import open_recording
    from ecgview.signals.filtering import Filters

    recording = open_recording(
        path, options=import_options(options), corrections=remembered_corrections(options)
    )
    return filtered_recording(recording, options.filter_input or Filters())

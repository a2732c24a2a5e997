"""``ecgview-gui``: the window for those who have no terminal, where errors are told in boxes."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress

from ecgview.cli import carry_out, understand
from ecgview.cli.complaints import SOME_FAILED
from ecgview.cli.streams import make_sure_of_streams
from ecgview.errors import EcgviewError


def run_windowed(words: Sequence[str]) -> int:
    """Open the window; what prevents it is shown in a box, as nobody reads standard error.

    Parameters
    ----------
    words : sequence of str
        Files and options of ``ecgview open``.

    Returns
    -------
    int
        As `ecgview.cli.main` has it.
    """
    make_sure_of_streams()
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            options = understand(list(words) if "--version" in words else ["open", *words])
    except SystemExit as end:
        _tell(said.getvalue())
        return int(end.code or 0)
    try:
        return carry_out(options, _complain)
    except Exception as error:
        _tell(f"ecgview could not start.\n\n{type(error).__name__}: {error}\n\n{_logged(error)}")
        return SOME_FAILED


def _complain(error: EcgviewError) -> int:
    _tell(f"{error.message}\n{error.hint}")
    return SOME_FAILED


def _tell(text: str) -> None:
    """Show a box where there is a screen; a terminal, where there is one, has the words too."""
    from ecgview.cli.text import has_display

    print(text.strip(), file=sys.stderr)
    if has_display():
        from ecgview.gui.before_window import show_message

        show_message(text.strip())


def _logged(error: Exception) -> str:
    """Write an unexpected error to the log, and say where that is."""
    from ecgview.gui.problem_log import log_entry, write_entry
    from ecgview.paths import user_log_file

    with suppress(OSError):
        write_entry(user_log_file(), log_entry(error))
        return f"Where it happened is written in {user_log_file()}."
    return ""

"""Files: opening, stepping through, comparing, saving."""

from __future__ import annotations

from ecgview.gui.action_groups.library import LIBRARY_ACTIONS
from ecgview.gui.action_spec import (
    ActionSpec,
    gives_nothing_away,
    has_correction,
    has_estimates,
    has_file,
    has_files,
    has_recording,
    has_result,
    has_several,
)
from ecgview.gui.state import SessionState


def _has_figures(state: SessionState) -> bool:
    # Report and table would give away what is to be guessed.
    return has_result(state) and gives_nothing_away(state)


FILE_ACTIONS = (
    ActionSpec("open", "File", "Open…", lambda c: c.open_files(), ("Ctrl+O",)),
    ActionSpec("open.folder", "File", "Open folder…", lambda c: c.open_folder(), ("Ctrl+Shift+O",)),
    *LIBRARY_ACTIONS,
    ActionSpec(
        "import.report", "File", "Import report…", lambda c: c.show_report(), ("Ctrl+I",),
        has_recording, section=True,
    ),
    ActionSpec(
        "import.correct", "File", "Correct import…", lambda c: c.importing.correct(),
        ("Ctrl+Shift+I",), has_file,
    ),
    ActionSpec(
        "import.undo", "File", "Undo correction", lambda c: c.importing.undo(), ("Ctrl+Alt+Z",),
        has_correction,
    ),
    ActionSpec(
        "compare", "File/Compare", "Compare with…", lambda c: c.compare_with(), ("Ctrl+D",),
        has_recording, section=True,
    ),
    ActionSpec(
        "compare.next", "File/Compare", "Next estimate",
        lambda c: c.session.comparisons.step(), ("E",), has_estimates,
    ),
    ActionSpec(
        "compare.clear", "File/Compare", "Remove the estimates",
        lambda c: c.session.comparisons.clear(), ("Ctrl+Shift+D",), has_estimates,
    ),
    ActionSpec(
        "previous", "File", "Previous file", lambda c: c.session.files.step(-1), ("PgUp",),
        has_several, section=True,
    ),
    ActionSpec(
        "next", "File", "Next file", lambda c: c.session.files.step(1), ("PgDown",), has_several
    ),
    ActionSpec(
        "close", "File", "Close file", lambda c: c.session.files.close_shown(), ("Ctrl+W",),
        has_recording,
    ),
    ActionSpec(
        "save.reconstruction", "File", "Save the reconstruction as…",
        lambda c: c.exporting.save_reconstruction(), ("Ctrl+S",), has_result, section=True,
    ),
    ActionSpec(
        "save.recording", "File", "Save the recording as…",
        lambda c: c.exporting.save_recording(), ("Ctrl+Alt+S",), has_recording,
    ),
    ActionSpec(
        "save.anonymised", "File", "Save an anonymised copy…",
        lambda c: c.exporting.save_anonymised(), (), has_recording,
    ),
    ActionSpec(
        "convert", "File", "Convert a folder…", lambda c: c.exporting.convert_folder(),
    ),
    ActionSpec(
        "page.export", "File/Export", "Page to scale as PDF, SVG or PNG…",
        lambda c: c.printing.export_page(), ("Ctrl+E",), has_recording,
    ),
    ActionSpec(
        "page.report", "File/Export", "One-page report as PDF…",
        lambda c: c.printing.export_report(), ("Ctrl+Shift+E",), _has_figures,
    ),
    ActionSpec(
        "page.copy", "File/Export", "Copy the page as a picture",
        lambda c: c.printing.copy_page(), ("Ctrl+Alt+C",), has_recording,
    ),
    ActionSpec(
        "page.print", "File", "Print…", lambda c: c.printing.print_page(), ("Ctrl+P",),
        has_recording,
    ),
    ActionSpec(
        "save.picture", "File/Export", "Save a picture of the window…", lambda c: c.save_picture(),
        ("Ctrl+Shift+S",), has_recording, section=True,
    ),
    ActionSpec(
        "copy.table", "File/Export", "Copy the agreement table", lambda c: c.copy_table(),
        ("Ctrl+C",), _has_figures,
    ),
    ActionSpec(
        "session.save", "File/Session", "Save session…", lambda c: c.keeping.save(),
        ("Ctrl+Shift+K",), has_files, section=True,
    ),
    ActionSpec("session.open", "File/Session", "Open session…", lambda c: c.keeping.open_asked()),
    ActionSpec(
        "quit", "File", "Quit", lambda c: c.quit(), ("Ctrl+Q",), section=True, role="quit"
    ),
)  # fmt: skip

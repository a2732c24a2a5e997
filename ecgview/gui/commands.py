"""What the actions do that takes more than the session: dialogs, files, the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFileDialog

from ecgview.gui.banner import Remark
from ecgview.gui.beats.commands import BeatCommands
from ecgview.gui.calibration.calibrating import Calibrating
from ecgview.gui.demos import demo_entry
from ecgview.gui.filtering import Filtering
from ecgview.gui.importing.importing import Importing
from ecgview.gui.measuring.measuring import Measuring
from ecgview.gui.printing.printing import Printing
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.state import SESSION_SUFFIX
from ecgview.gui.viewer.layout import Window
from ecgview.gui.viewer.navigate import zoom_about
from ecgview.gui.worst_windows import WorstWindows

if TYPE_CHECKING:
    from ecgview.gui.exporting.exporting import Exporting
    from ecgview.gui.keeping import Keeping
    from ecgview.gui.main_window import MainWindow
    from ecgview.gui.personal.calibrating import PersonalCommands
    from ecgview.gui.scripting.scripting import Scripting
    from ecgview.gui.teaching.teaching import Teaching


def file_filter() -> str:
    """Give the filter of dialogs that open files: every known ending, or any file."""
    from ecgview.formats import ENDINGS

    known = " ".join(f"*{ending}" for ending in (*ENDINGS, ".dat"))
    return f"ECG recordings ({known});;Sessions (*{SESSION_SUFFIX});;All files (*)"


class Commands:
    """The commands behind the actions, the start page and dropped files.

    Parameters
    ----------
    session : Session
        Changed by most of them.
    settings : Settings
        Recent files and the last folder.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session: Session = session
        self.settings = settings
        self._window: MainWindow | None = None
        self.worst: WorstWindows = WorstWindows(session)

    def attach(self, window: MainWindow) -> None:
        """Tell which window dialogs belong to; some commands follow it from now on."""
        self._window = window
        self.worst.attach(window)
        self._followers = (self.printing, self.filtering, self.calibrating)

    @property
    def window(self) -> MainWindow:
        """The window that dialogs belong to."""
        assert self._window is not None
        return self._window

    # One topic each; what is seldom needed is made, and imported, when it is.

    @cached_property
    def teaching(self) -> Teaching:
        """The lesson."""
        from ecgview.gui.teaching.teaching import Teaching

        return Teaching(self.session, self.window.trace_area)

    @cached_property
    def importing(self) -> Importing:
        """What is done with files that say too little, or something wrong."""
        return Importing(self.session, self.window)

    @cached_property
    def scripting(self) -> Scripting:
        """What is copied as a script."""
        from ecgview.gui.scripting.scripting import Scripting

        return Scripting(self.session, self.window)

    @cached_property
    def exporting(self) -> Exporting:
        """What is written of recordings."""
        from ecgview.gui.exporting.exporting import Exporting

        return Exporting(self.session, self.settings, self.window)

    @cached_property
    def printing(self) -> Printing:
        """What is put on paper."""
        return Printing(self.session, self.settings, self.window)

    @cached_property
    def measuring(self) -> Measuring:
        """Calipers, crosshair, marks and notes."""
        return Measuring(self.session, self.window)

    @cached_property
    def beats(self) -> BeatCommands:
        """R peaks, waves and the average beat."""
        return BeatCommands(self.session, self.window)

    @cached_property
    def filtering(self) -> Filtering:
        """What the traces, and the model's input, are filtered with."""
        return Filtering(self.session, self.window)

    @cached_property
    def calibrating(self) -> Calibrating:
        """What is known of the size of the screen."""
        return Calibrating(self.session, self.settings, self.window)

    @cached_property
    def personal(self) -> PersonalCommands:
        """What reconstructions are calibrated from."""
        from ecgview.gui.personal.calibrating import PersonalCommands

        return PersonalCommands(self.session, self.settings, self.window)

    @cached_property
    def keeping(self) -> Keeping:
        """Session files: saved and opened."""
        from ecgview.gui.keeping import Keeping

        return Keeping(self.session, self.settings, self.window)

    # Viewing

    def show_loops(self, shown: bool) -> None:
        """Show the vectorcardiogram in the place of the traces, or the traces again."""
        state = self.session.state
        self.session.update(
            loops=replace(state.loops, shown=shown), beats=replace(state.beats, shown=False)
        )

    # Opening

    def open_files(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(
            self.window, "Open recordings", self.settings["files/folder"], file_filter()
        )
        self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Ask for a folder and open the recordings in it."""
        name = QFileDialog.getExistingDirectory(
            self.window, "Open a folder of recordings", self.settings["files/folder"]
        )
        if name:
            self.open_paths([Path(name)])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders, or a session file among them."""
        if not self.keeping.takes(paths):
            self.session.files.open(paths)

    def open_demo(self, case: str) -> None:
        """Simulate a case and show it."""
        self.session.files.add([demo_entry(case)])

    def show_report(self) -> None:
        """Show what the file of the recording is, and what the checks found."""
        from ecgview.gui.importing.report_dialog import ReportDialog

        self._show(ReportDialog(self.session, self.importing, self.window))

    # Comparing

    def compare_with(self) -> None:
        """Ask for estimates of the recording shown, and compare it with them."""
        names, _ = QFileDialog.getOpenFileNames(
            self.window,
            "Compare with estimates of this recording",
            self.settings["files/folder"],
            file_filter(),
        )
        self.session.comparisons.add([Path(name) for name in names])

    # Export

    def save_picture(self) -> None:
        """Ask where to, and write a PNG of the window there."""
        recording = self.session.state.recording
        stem = recording.name if recording else "ecgview"
        proposed = Path(self.settings["files/folder"]) / f"{stem}.png"
        target = asked_target(self.window, "Save a picture of the window", proposed)
        if target is None:
            return
        if self.window.grab().save(str(target), "PNG"):
            self.window.say(f"Saved {target}")
        else:
            self.window.complain(
                Remark(f"{target} could not be written.", "Choose another folder.")
            )

    def copy_table(self) -> None:
        """Copy the agreement table."""
        self.window.side_panel.agreement.copy()

    # View and help

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the paper."""
        view, recording = self.session.state.view, self.session.state.recording
        if recording is None:
            return
        area = self.window.trace_area
        window = Window(area.width(), area.height(), area.devicePixelRatioF())
        centre = area.width() / 2, area.height() / 2
        self.session.set_view(zoom_about(view, factor, *centre, recording.duration_s, window))

    def reset_zoom(self) -> None:
        """Show the page as the scale says."""
        view = self.session.state.view
        self.session.set_view(replace(view, zoom=1.0, scroll_mm=(0.0, 0.0)))

    def show_guide(self) -> None:
        """Show the guide, at the page on what is on the screen."""
        from ecgview.gui.guide.dialog import GuideDialog
        from ecgview.gui.guide.pages import page_for

        page = page_for(self.session.state.page)
        shown = [one for one in self.window.findChildren(GuideDialog) if one.isVisible()]
        guide = shown[0] if shown else GuideDialog(page, self.window)
        if shown:
            guide.show_page(page)
            guide.activateWindow()
        else:
            guide.finished.connect(guide.deleteLater)
            guide.show()  # not opened: it is read beside the window, which goes on working

    def show_shortcuts(self) -> None:
        """Show every shortcut."""
        from ecgview.gui.shortcuts import ShortcutsOverlay

        ShortcutsOverlay(self.window).appear()

    def go_to_region(self, step: int) -> None:
        """Give the keyboard to another part of the window."""
        from ecgview.gui.regions import go_to_region

        go_to_region(self.window, step)

    def show_palette(self) -> None:
        """Let any action be found by a few letters."""
        from ecgview.gui.palette import Palette

        Palette(self.window).appear()

    def show_about(self) -> None:
        """Show versions, device, the fixed wording and the licences."""
        from ecgview.gui.about import AboutDialog

        self._show(AboutDialog(self.session, self.settings, self.window))

    def quit(self) -> None:
        """Close the window."""
        self.window.close()

    def _show(self, dialog: QDialog) -> None:
        # Opened, not executed: the window's event loop goes on below it.
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

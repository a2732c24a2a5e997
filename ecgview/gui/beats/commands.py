"""What the actions do that concern beats."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.gui.beats.layers import beats_drawing
from ecgview.gui.beats.state import WavesShown
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.save_question import asked_target
from ecgview.gui.session import Session
from ecgview.gui.text_size import text_scale
from ecgview.gui.viewer.drawing import Drawing
from ecgview.gui.viewer.page import Page
from ecgview.gui.viewer.trace_area import TraceArea

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow


class BeatCommands:
    """The commands behind the actions of beats.

    Parameters
    ----------
    session : Session
        Changed by them.
    window : MainWindow
        Has the table that is copied.
    """

    def __init__(self, session: Session, window: MainWindow) -> None:
        self._session, self._window = session, window

    def lay_over(self, area: TraceArea) -> None:
        """Draw what is found over the traces, from now on."""
        area.set_layer("beats", self.drawing)
        self._session.beats_changed.connect(area.update)

    def drawing(self, page: Page, width: float, height: float) -> Drawing:
        """Give what is drawn over a page now."""
        return beats_drawing(self._session.state.beats, page, width, height, text_scale())

    def toggle_average(self) -> None:
        """Show the average beat in the place of the traces, or the traces again."""
        state = self._session.state
        self._session.update(
            loops=replace(state.loops, shown=False),
            beats=replace(state.beats, shown=not state.beats.shown),
        )

    def toggle_peaks(self) -> None:
        """Mark R peaks and RR intervals on the page, or no longer."""
        self._session.beats.change(peaks=not self._session.state.beats.peaks)

    def show_waves(self, shown: WavesShown) -> None:
        """Mark P, QRS and T on the page: in one lead, in all, or not."""
        self._session.beats.change(waves=shown)

    def toggle_waves(self) -> None:
        """Mark P, QRS and T in the lead they were found in, or no longer."""
        self.show_waves("lead" if self._session.state.beats.waves == "off" else "off")

    def show_panel(self) -> None:
        """Show rate and intervals beside the traces."""
        self._session.update(side="beats", side_panel=True)

    def save_picture(self) -> None:
        """Ask where to, and write the average beat there on a sheet of paper."""
        from ecgview.gui.beats.sheet import average_sheet
        from ecgview.gui.printing.files import ENDINGS, write_events
        from ecgview.gui.printing.paper import SCHEMES
        from ecgview.gui.printing.subject import title

        state, settings = self._session.state, self._window.settings
        subject = self._window.commands.printing.subject()
        proposed = Path(settings["files/folder"]) / f"{title(subject)}-average-beat.pdf"
        kinds = ";;".join(f"{name} (*{ending})" for ending, name in ENDINGS.items())
        asked = "Save the average beat as a picture"
        target = asked_target(self._window, asked, proposed, kinds)
        if target is not None:
            sheet = average_sheet(subject, state)  # as it was when it was asked for
            scheme = SCHEMES[settings["print/colours"]]
            # Whether a file may be replaced was asked by the dialog.
            job = partial(write_events, [sheet], target, scheme, overwrite=True)
            self._session.files.write(job, self._on_saved)

    def _on_saved(self, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            self._window.say(f"Saved the average beat as {outcome.result[0]}")
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def copy_markers(self) -> None:
        """Copy the table of the average beat."""
        self._window.centre.average.copy()
        self._window.say("The markers of the average beat are copied.")

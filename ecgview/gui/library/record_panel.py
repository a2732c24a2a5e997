"""The side panel Record: what its data set, or the file, says of the recording shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ecgview.gui.jobs import Broken, Job, Lane, Outcome, Returned
from ecgview.gui.library.work import entry_job
from ecgview.gui.session import Session
from ecgview.gui.side_panel import PANEL_WIDTH_PX
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.widgets import button

if TYPE_CHECKING:
    from ecgview.catalogue.entries import Catalogue, Entry
    from ecgview.gui.library.record_card import RecordCard
    from ecgview.recording import Recording

_NOTHING = "Open a recording to see what is said of it."


class RecordPanel(QFrame):
    """The panel; made up when it is first seen, and looked up in a worker.

    Parameters
    ----------
    session : Session
        Whose recording is described.
    """

    browse_asked = Signal(object)
    """The data set in this folder is to be browsed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("record-panel")
        self.setProperty("panel", "true")
        self.setAccessibleName("What is said of the recording")
        self._card: RecordCard | None = None
        self._lane = Lane(self)
        self._job: Job | None = None
        self._asked: Recording | None = None
        self._found: tuple[Catalogue, Entry] | None = None
        self._browse = button("Browse its data set", self._ask_to_browse, role="link")
        self._browse.setObjectName("browse-data-set")
        self._browse.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(17, 2, 17, 10)
        foot.addWidget(self._browse)
        foot.addStretch()
        self._column.addLayout(foot)
        session.recording_changed.connect(self._on_recording)

    def close_worker(self) -> None:
        """Stop the worker."""
        self._lane.stop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look up what was opened meanwhile."""
        super().showEvent(event)
        if self._card is None:
            from ecgview.gui.library.record_card import RecordCard

            self._card = RecordCard(PANEL_WIDTH_PX - 1)
            self._column.insertWidget(0, self._card, 1)
        self._look_up()

    def _on_recording(self) -> None:
        # Nothing of one recording stays with the next; this one may be looked up already, as the
        # window shows the panel with it.
        if self._asked is not self._session.state.recording:
            self._asked = self._found = None
            if self._job is not None:
                self._job.cancel()
        if self.isVisible():
            self._look_up()

    def _look_up(self) -> None:
        recording = self._session.state.recording
        if recording is not None and recording.path is not None and recording is not self._asked:
            self._asked = recording
            look_up = partial(entry_job, self._session.backend.library.entry_of, recording.path)
            self._job = self._lane.submit(look_up, partial(self._on_found, recording))
        self._show()

    def _on_found(self, recording: Recording, outcome: Outcome) -> None:
        if recording is not self._asked:
            return
        if isinstance(outcome, Returned):
            self._found = outcome.result
            self._show()
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def _show(self) -> None:
        recording, card = self._session.state.recording, self._card
        if card is None:
            return
        self._browse.setVisible(self._found is not None)
        if self._found is not None:
            title = self._found[0].title
            self._browse.setText(f"Browse {title}")
            self._browse.setToolTip(f"Show this recording among the others of {title}")
        if recording is None:
            card.show_sections("", (), _NOTHING)
            return
        from ecgview.gui.library.record_words import entry_sections, file_sections

        sections = entry_sections(*self._found) if self._found else file_sections(recording)
        card.show_sections(recording.name, sections)
        order_tabs(self)

    def _ask_to_browse(self) -> None:
        if self._found is not None:
            self.browse_asked.emit(self._found[0].folder)

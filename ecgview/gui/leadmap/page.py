"""The page of the lead map: controls, the map, its legend, and a column for more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.comparisons_table import model_title
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.leadmap.bar import MapBar
from ecgview.gui.leadmap.legend import SIGN_WORDS, Legend
from ecgview.gui.leadmap.map_view import MapView
from ecgview.gui.leadmap.session import LeadMapSession
from ecgview.gui.leadmap.state import as_lead_map
from ecgview.gui.leadmap.words import over_line
from ecgview.gui.leadmap.work import Events, csv_job, picture_job
from ecgview.gui.save_question import asked_target
from ecgview.gui.settings import Settings
from ecgview.gui.side_panel import PANEL_SHARE
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import hold
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, label, lay_out_welcome, panel

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

_SIDE_PX = 300
_PICTURES = "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
_HINTS = (
    "Each row is a set of leads, each column a lead: how well does it come back?",
    "Which lead helps most is another question for every person: compare this recording with "
    "what was to be expected.",
    "Click a row to see that set in the viewer.",
)


class LeadMapPage(QWidget):
    """The page.

    Parameters
    ----------
    session : LeadMapSession
        Shown and changed.
    settings : Settings
        The folder that files are saved to.
    open_files, open_demo : callable
        What one can begin with.
    """

    def __init__(
        self,
        session: LeadMapSession,
        settings: Settings,
        open_files: Callable[[], object],
        open_demo: Callable[[], object],
    ) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.bar = MapBar(session, self.save_picture, self.save_csv)
        self.map = MapView()
        self.legend = Legend()
        self._title = label("", "heading")
        self._title.setObjectName("map-title")
        self._over = ElidedLabel("", "secondary")
        self._over.setObjectName("map-over")
        self._remark = label("", "secondary", wrap=True)
        self._remark.setObjectName("map-remark")
        self._readout = ElidedLabel("")
        self._readout.setObjectName("map-readout")
        self._readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._nothing_heading = _centred_label("display", "map-nothing")
        self._nothing_words = _centred_label("lead", "map-nothing-words")
        self._open = button("Open…", open_files, primary="true", big="true")
        self._demo = button("Try the demo", open_demo, big="true")
        self._other = button("", self._use_other, primary="true", big="true")
        self._other.setObjectName("map-other-model")
        self._hints = QFrame()
        self._nothing = self._make_nothing()
        self._side = panel("left")
        self._lay_out()
        self.map.row_chosen.connect(session.choose)
        self.map.place_changed.connect(self._readout.setText)
        session.changed.connect(self.refresh)
        self.refresh()

    # Composition

    def _make_nothing(self) -> QWidget:
        page, card = panel(), self._hints
        card.setProperty("card", "true")
        card.setMaximumWidth(560)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for hint in _HINTS:
            column.addWidget(label(hint, "", wrap=True))
        lay_out_welcome(
            page, self._nothing_heading, self._nothing_words,
            (self._open, self._demo, self._other), card,
        )  # fmt: skip
        return page

    def _lay_out(self) -> None:
        top = panel("bottom")
        bars = QVBoxLayout(top)
        bars.setContentsMargins(14, 10, 14, 9)
        bars.setSpacing(8)
        bars.addWidget(self.bar)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._title)
        line.addWidget(self._over, 1)
        line.addWidget(self._readout, 1)
        bars.addLayout(line)
        bars.addWidget(self._remark)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.map)
        self._middle.addWidget(self._nothing)
        self._foot = panel("top")
        words = QWidget()
        foot = FlowLayout(20, words)
        foot.addWidget(self.legend)
        for sign in SIGN_WORDS:
            foot.addWidget(label(sign, "secondary"))
        around = QVBoxLayout(self._foot)
        around.setContentsMargins(14, 7, 14, 5)
        around.addWidget(words)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(top)
        beside.addWidget(self._middle, 1)
        beside.addWidget(self._foot)
        hold(self._side, width=_SIDE_PX, share=PANEL_SHARE)
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(1, 0, 0, 0)
        self._side_column.setSpacing(0)
        self._side.hide()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(beside, 1)
        whole.addWidget(self._side)
        order_tabs(self)

    def add_side(self, widget: QWidget) -> None:
        """Put a widget into the column at the right, below those that are there.

        Parameters
        ----------
        widget : QWidget
            As wide as the column.
        """
        self._side_column.addWidget(widget)
        self._side.show()
        order_tabs(self)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self.map.set_theme(theme)
        self.legend.set_theme(theme)

    # From the state

    def refresh(self) -> None:
        """Show what the state says."""
        shown, page = self._session.shown, self._session.state
        window = self._session.window.state
        self.bar.refresh()
        failed = page.failure if shown.source != "population" else ""
        nothing = bool(failed) or not shown.rows
        self._middle.setCurrentWidget(self._nothing if nothing else self.map)
        self._foot.setVisible(not nothing)
        if nothing:
            self._say_nothing(failed)
        self._title.setText(shown.title)
        model = model_title(window) if window.card else ""
        self._over.setText(over_line(shown, page, model) if not nothing else "")
        self._remark.setText("" if nothing else shown.remark)
        self._remark.setVisible(bool(shown.remark) and not nothing)
        self.map.show_map(shown)
        self.legend.show_map(shown)

    def _say_nothing(self, failure: str) -> None:
        """Invite, or say why there is no map."""
        window = self._session.window.state
        if failure:
            heading, words = "There is no map of this recording", failure
        elif window.card is None:
            heading, words = "No model is installed", "A map shows what a model makes of each set."
        elif window.teaching.is_guessing:
            heading = "The lesson keeps recorded leads back"
            words = "The map comes with the truth: this model's card has no figures to show now."
        elif window.recording is None:
            heading = "What is each lead worth?"
            words = "Open a recording to see how well each of its leads comes back from the others."
        else:
            heading = "There is no map of this recording"
            words = "The chosen model does not rebuild some of the twelve leads from others."
        invites = window.recording is None
        for widget in (self._open, self._demo, self._hints):
            widget.setVisible(invites)
        other = self._other_model()
        self._other.setVisible(not invites and other is not None)
        self._other.setText(f"Use {other.title}" if other is not None else "")
        self._nothing_heading.setText(heading)
        self._nothing_words.setText(words)

    def _other_model(self) -> ModelCard | None:
        """Give a model that takes any leads, other than the one chosen."""
        window = self._session.window.state
        cards = (card for card in window.models if not card.leads and card.name != window.model)
        return next(cards, None)

    def _use_other(self) -> None:
        other = self._other_model()
        if other is not None:
            self._session.window.set_model(other.name)

    # The map as a file

    def save_picture(self) -> None:
        """Ask where to, and write the map there as a figure."""
        shown = self._session.shown
        job = partial(
            picture_job,
            measure=shown.measure,
            clean=shown.clean,
            of_difference=shown.source == "difference",
        )
        self._save("Save a picture of the map", ".png", _PICTURES, job)

    def save_csv(self) -> None:
        """Ask where to, and write the figures there."""
        self._save("Save the figures of the map", ".csv", "CSV (*.csv)", csv_job)

    def _save(self, title: str, ending: str, kinds: str, job: Callable[..., Events]) -> None:
        shown, window = self._session.shown, self._session.window
        lead_map = as_lead_map(shown, window.state.model)
        if not any(row.figures for row in lead_map.rows):
            self._session.said.emit("There is nothing to save yet.")
            return
        of = window.state.recording if shown.source != "population" else None
        stem = f"{of.name}-leadmap" if of is not None else f"{window.state.model}-leadmap"
        proposed = Path(self._settings["files/folder"]) / f"{stem}{ending}"
        target = asked_target(self, title, proposed, kinds)
        if target is not None:
            window.files.write(partial(job, lead_map, target), self._on_saved)

    def _on_saved(self, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            self._session.said.emit(f"Saved {outcome.result}")
        elif isinstance(outcome, Broken):
            self._session.window.problem.emit(outcome.exception, outcome.details)


def _centred_label(role: str, name: str) -> QLabel:
    made = label("", role, wrap=True)
    made.setObjectName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made

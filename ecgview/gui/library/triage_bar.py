"""From which leads and by which model the recordings are rebuilt, and how far that is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ecgview.gui.flow_layout import FlowLayout, together
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.state import PICTURE_LEADS, scoring_line
from ecgview.gui.model_panel import menu_title
from ecgview.gui.session import Session
from ecgview.gui.widgets import button, label, menu_button
from ecgview.leads import PRESETS, in_order

_LINE_PX = 28


class TriageBar(QWidget):
    """One row of controls.

    Parameters
    ----------
    session : LibrarySession
        Shown and changed.
    window : Session
        The window's, whose leads and model these are.
    """

    def __init__(self, session: LibrarySession, window: Session) -> None:
        super().__init__()
        self._session, self._window = session, window
        self._leads, self._lead_menu = menu_button("", "Leads to rebuild from")
        self._leads.setObjectName("triage-leads")
        self._lead_menu.aboutToShow.connect(self._fill_leads)
        self._model, self._model_menu = menu_button("", "Model that rebuilds")
        self._model.setObjectName("triage-model")
        self._model_menu.aboutToShow.connect(self._fill_models)
        self._raw = self._switch("Raw", False, "Compare the signals as they are, median removed")
        self._clean = self._switch("Clean", True, "Compare after a zero-phase 0.5 Hz high-pass")
        self._picture, self._picture_menu = menu_button("", "Lead of the small pictures")
        self._picture.setObjectName("picture-lead")
        self._picture_menu.aboutToShow.connect(self._fill_pictures)
        self._start = button(
            "Rebuild", session.score, primary="true",
            tip="Rebuild what is shown and find the worst lead of each (Ctrl+R)",
        )  # fmt: skip
        self._start.setObjectName("score")
        self._stop = button("Stop", session.scoring.stop, tip="Keep what is known so far")
        self._stop.setObjectName("stop-scoring")
        self._line = label("", "secondary")
        self._line.setObjectName("scoring-line")
        self._lay_out()
        for signal in (
            session.scores_changed, session.rows_changed, session.task_changed,
            session.shelf_changed, session.picture_changed,
        ):  # fmt: skip
            signal.connect(self.refresh)
        self.refresh()

    def _switch(self, text: str, clean: bool, tip: str) -> QPushButton:
        made = button(
            text, partial(self._set_clean, clean), tip=tip, checkable=True, segment="small"
        )
        made.setObjectName(f"triage-{text.lower()}")
        return made

    def _set_clean(self, clean: bool) -> None:
        self._window.set_clean(clean)
        self.refresh()

    def _lay_out(self) -> None:
        parts = (
            (label("Rebuild from", "secondary"), self._leads),
            (label("with", "secondary"), self._model),
            (self._raw, self._clean),
            (self._start, self._stop),
            (self._line,),
        )
        # Large words take a second line.
        controls = QWidget()
        flow = FlowLayout(6, controls)
        for widgets in parts:
            flow.addWidget(together(widgets, 6, _LINE_PX))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(controls, 1)
        pictures = together((label("Pictures of", "secondary"), self._picture), 6, _LINE_PX)
        row.addWidget(pictures, 0, Qt.AlignmentFlag.AlignTop)

    def refresh(self) -> None:
        """Show what the state says."""
        state, task = self._session.state, self._session.task
        self._leads.setText("all twelve" if len(task.leads) == 12 else ", ".join(task.leads))
        self._leads.setToolTip("Leads that the model is given, here and in the viewer")
        card = self._window.state.card
        self._model.setText(card.title if card is not None else "no model")
        self._model.setToolTip(card.description if card is not None else "")
        self._picture.setText(state.picture_lead)
        self._raw.setChecked(not task.clean)
        self._clean.setChecked(task.clean)
        n_left = len(state.unknown_rows) if state.shelf is not None else 0
        self._start.setVisible(not state.scoring)
        self._stop.setVisible(state.scoring)
        self._start.setEnabled(n_left > 0 and card is not None)
        self._start.setText(f"Rebuild {n_left:,}" if n_left else "Rebuild")
        self._line.setText(scoring_line(state))
        self.updateGeometry()

    # Menus

    def _fill_leads(self) -> None:
        self._lead_menu.clear()
        chosen = self._session.task.leads
        for leads in list(PRESETS.values())[:-1]:
            action = self._lead_menu.addAction(", ".join(leads))
            action.setCheckable(True)
            action.setChecked(in_order(leads) == chosen)
            action.triggered.connect(lambda _, leads=leads: self._session.set_leads(leads))

    def _fill_models(self) -> None:
        self._model_menu.clear()
        state = self._window.state
        for card in state.models:
            action = self._model_menu.addAction(menu_title(card, state.models))
            action.setCheckable(True)
            action.setChecked(card.name == state.model)
            action.triggered.connect(lambda _, name=card.name: self._window.set_model(name))

    def _fill_pictures(self) -> None:
        self._picture_menu.clear()
        for lead in PICTURE_LEADS:
            action = self._picture_menu.addAction(lead)
            action.setCheckable(True)
            action.setChecked(lead == self._session.state.picture_lead)
            action.triggered.connect(lambda _, lead=lead: self._session.set_picture_lead(lead))

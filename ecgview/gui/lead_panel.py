"""What goes in: electrodes, leads, presets and the model, in the left panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.electrode_picture import ElectrodePicture
from ecgview.gui.electrodes import LEADS_OF_ELECTRODE, explain
from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.model_panel import ModelPanel
from ecgview.gui.personal.line import PersonalLine
from ecgview.gui.session import Session
from ecgview.gui.signs.panel import SignList
from ecgview.gui.state import SessionState
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import hold
from ecgview.gui.theme import Theme, restyle
from ecgview.gui.widgets import button, label
from ecgview.leads import (
    LEADS,
    LIMB_LEADS,
    PRESETS,
    best_limb_pair,
    in_order,
)

PANEL_WIDTH_PX = 264
_NOTE_HEIGHT_PX = 30
LIMB_EXPLANATION = "Any two limb leads give all six: switch limb leads with the buttons below."


def limb_note(available: tuple[str, ...]) -> str:
    """Say which limb leads follow from which.

    Parameters
    ----------
    available : tuple of str
        Leads that are switched on.

    Returns
    -------
    str
        One sentence; empty where all six limb leads are measured or no lead is on.
    """
    if not available:
        return ""
    pair = best_limb_pair(available)
    others = [lead for lead in LIMB_LEADS if lead not in available]
    if pair is not None:
        follow = "follows" if len(others) == 1 else "follow"
        return (
            f"{', '.join(others)} {follow} exactly from {pair[0]} and {pair[1]}" if others else ""
        )
    return "Two limb leads would give all six exactly; the missing ones are estimated"


def model_note(state: SessionState) -> str:
    """Say that the model does not look at the twelve leads; empty where it does."""
    card = state.card
    if card is None or not card.needs_other_leads:
        return ""
    return f"{card.title} takes {', '.join(card.leads)}, none of the leads above"


def chip_tip(lead: str, state: SessionState) -> str:
    """Say in a few words where a lead comes from."""
    if lead not in state.leads:
        return f"{lead}: not in this file"
    origin = state.origins[lead].value
    if lead in state.derived:
        return f"{lead}: {origin}; not in this file, it follows exactly from its limb leads"
    return f"{lead}: {origin}"


class LeadChips(QWidget):
    """Twelve buttons, one a lead: filled, outlined, grey or absent.

    Parameters
    ----------
    session : Session
        Whose leads they switch.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self._chips: dict[str, QPushButton] = {}
        for place, lead in enumerate(LEADS):
            chip = button(lead, partial(session.toggle_lead, lead), chip="absent")
            chip.setObjectName(f"chip-{lead}")
            grid.addWidget(chip, place // 4, place % 4)
            self._chips[lead] = chip
        session.available_changed.connect(self.refresh)
        session.recording_changed.connect(self.refresh)
        session.model_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Dress the chips as the state says."""
        state = self._session.state
        origins = state.origins
        for lead, chip in self._chips.items():
            kind = origins[lead].value if lead in state.leads else "absent"
            if chip.property("chip") != kind:
                chip.setProperty("chip", kind)
                restyle(chip)
            tip = chip_tip(lead, state)
            chip.setToolTip(tip)
            chip.setAccessibleName(tip)

    def light_up(self, leads: tuple[str, ...]) -> None:
        """Underline the leads that an electrode serves."""
        for lead, chip in self._chips.items():
            font = chip.font()
            font.setUnderline(lead in leads)
            chip.setFont(font)


class Presets(QWidget):
    """The usual choices of leads as pills.

    Parameters
    ----------
    session : Session
        Whose leads they set.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        flow = FlowLayout(6, self)
        self._pills: dict[str, QPushButton] = {}
        for number, (name, leads) in enumerate(PRESETS.items(), start=1):
            pill = button(
                name, partial(session.set_available, leads), checkable=True, pill="true",
                tip=f"Give the model {', '.join(leads)} (Ctrl+{number})",
            )  # fmt: skip
            pill.setObjectName(f"preset-{name}")
            flow.addWidget(pill)
            self._pills[name] = pill
        session.available_changed.connect(self.refresh)
        session.notice_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Check the pill of the leads that are on."""
        available = self._session.state.available
        for name, pill in self._pills.items():
            pill.setChecked(available == in_order(PRESETS[name]))


class LeadPanel(QScrollArea):
    """The left panel.

    Parameters
    ----------
    session : Session
        Shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("lead-panel")
        hold(self, width=PANEL_WIDTH_PX, share=0.6)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._count = label("", "secondary")
        self._note = label("", "secondary", wrap=True)
        self._note.setObjectName("lead-note")
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note.setMinimumHeight(_NOTE_HEIGHT_PX)
        self.electrodes = ElectrodePicture()
        self._chips = LeadChips(session)
        self.signs = SignList(session, self._chips.light_up)
        self.model = ModelPanel(session)
        self.setWidget(self._column(Presets(session)))
        self.electrodes.clicked.connect(self._on_electrode)
        self.electrodes.hovered.connect(self._on_hover)
        for signal in (
            session.available_changed,
            session.recording_changed,
            session.notice_changed,
            session.model_changed,
        ):
            signal.connect(self.refresh)
        session.signs_changed.connect(lambda: order_tabs(self))
        self.refresh()

    def _column(self, presets: Presets) -> QWidget:
        inside = QWidget()
        inside.setProperty("panel", "true")
        inside.setProperty("edge", "right")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 19, 16)
        column.setSpacing(8)
        heading = QHBoxLayout()
        heading.addWidget(label("Available leads", "heading"))
        heading.addStretch()
        heading.addWidget(self._count)
        column.addLayout(heading)
        column.addWidget(self.electrodes)
        column.addSpacing(4)
        column.addWidget(self._chips)
        column.addWidget(self._note)
        column.addWidget(self.signs)
        column.addSpacing(8)
        column.addWidget(label("Presets", "heading"))
        column.addWidget(presets)
        column.addSpacing(8)
        column.addWidget(self.model)
        column.addWidget(PersonalLine(self._session))
        column.addStretch()
        return inside

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.electrodes.set_theme(theme)

    def refresh(self) -> None:
        """Say what the state says."""
        state = self._session.state
        total = len(state.leads)
        self._count.setText(f"{len(state.available)} of {total}" if total else "")
        self.electrodes.set_leads(state.leads, state.available)
        self._note.setText(state.notice or model_note(state) or limb_note(state.available))

    def _on_electrode(self, electrode: str) -> None:
        served = LEADS_OF_ELECTRODE[electrode]
        if served == (electrode,):
            self._session.toggle_lead(electrode)
        else:
            text = f"{explain(electrode)} {LIMB_EXPLANATION}" if served else explain(electrode)
            self._session.update(notice=text)

    def _on_hover(self, electrode: str) -> None:
        self._chips.light_up(LEADS_OF_ELECTRODE.get(electrode, ()))

"""The form of training parameters, made from the recipe's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.parameters import Parameter
from ecgview.engine.recipes import RECIPES
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import hold
from ecgview.gui.theme import restyle
from ecgview.gui.training import draft as drafts
from ecgview.gui.training.draft import BASICS, Draft
from ecgview.gui.training.session import TrainingSession
from ecgview.gui.widgets import button, label
from ecgview.leads import CHEST_LEADS, LEADS, in_order, lead_origins

_FIELD_PX = 104
_RESET_PX = 22


class FieldRow(QWidget):
    """Title, field and reset button of one parameter, with its message below.

    Parameters
    ----------
    parameter : Parameter
        What it is for.
    on_text : callable
        Takes what was typed or chosen.
    on_reset : callable
        Called when the default is wanted back.
    """

    def __init__(
        self,
        parameter: Parameter,
        on_text: Callable[[str], object],
        on_reset: Callable[[], object],
    ) -> None:
        super().__init__()
        self.parameter = parameter
        unit = f" ({parameter.unit})" if parameter.unit else ""
        title = drafts.title_of(parameter)
        tip = drafts.tip_of(parameter)
        name = label(title + unit)
        self.field: QLineEdit | QComboBox
        if parameter.kind == "choice":
            self.field = QComboBox()
            self.field.addItems(list(parameter.choices))
            self.field.textActivated.connect(on_text)
        else:
            self.field = QLineEdit()
            self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.field.textEdited.connect(on_text)
        hold(self.field, width=_FIELD_PX, share=0.6)
        self.field.setObjectName(f"field-{parameter.name}")
        self.field.setAccessibleName(f"{title}{unit}")
        self.field.setAccessibleDescription(tip)
        for widget in (name, self.field):
            widget.setToolTip(tip)
        default = drafts.text_of(parameter.default)
        self._reset = reset_button(parameter.name, on_reset, f"Reset {title}", f"Back to {default}")
        self.message = label("", "problem", wrap=True)
        self.message.setObjectName(f"message-{parameter.name}")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(2, _RESET_PX)
        grid.addWidget(name, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self._reset, 0, 2)
        grid.addWidget(self.message, 1, 0, 1, 3)

    def show_text(self, text: str, problem: str, *, is_default: bool) -> None:
        """Show a text, what is wrong with it, and whether it is the default."""
        if isinstance(self.field, QComboBox):
            self.field.setCurrentText(text)
        elif self.field.text() != text:
            self.field.setText(text)
        self._reset.setVisible(not is_default)
        show_problem(self.field, self.message, problem)


def reset_button(name: str, on_reset: Callable[[], object], words: str, tip: str) -> QPushButton:
    """Make the button that takes back what was typed."""
    sign = "\N{ANTICLOCKWISE OPEN CIRCLE ARROW}"
    made = button(sign, on_reset, role="reset", name=words, tip=tip)
    made.setObjectName(f"reset-{name}")
    return made


def show_problem(field: QWidget, message: QLabel, problem: str) -> None:
    """Say below a field what is wrong with it, and mark the field."""
    message.setText(problem)
    message.setVisible(bool(problem))
    if bool(field.property("wrong")) != bool(problem):
        field.setProperty("wrong", bool(problem))
        restyle(field)


class LeadPicker(QWidget):
    """Chips for the leads that the network is given: limb leads above, chest leads below.

    Parameters
    ----------
    on_text : callable
        Takes the leads as text.
    on_reset : callable
        Called when the recipe's own leads are wanted back.
    """

    def __init__(self, on_text: Callable[[str], object], on_reset: Callable[[], object]) -> None:
        super().__init__()
        self._on_text = on_text
        self._reset = reset_button("leads", on_reset, "Reset the leads", "Back to the recipe's own")
        self._chosen: tuple[str, ...] = ()
        self._chips: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, lead in enumerate(LEADS):
            chip = button(lead, partial(self._toggle, lead), chip="reconstructed")
            chip.setObjectName(f"training-chip-{lead}")
            grid.addWidget(chip, place // 6, place % 6)
            self._chips[lead] = chip
        self._note = label("", "secondary", wrap=True)
        self._note.setObjectName("lead-choice")
        self.message = label("", "problem", wrap=True)
        self.message.setObjectName("message-leads")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        heading = QHBoxLayout()
        heading.addWidget(label("Leads it is given", "heading"), 1)
        heading.addWidget(self._reset)
        column.addLayout(heading)
        column.addLayout(grid)
        column.addWidget(self._note)
        column.addWidget(self.message)

    def _toggle(self, lead: str) -> None:
        self._on_text(",".join(in_order(set(self._chosen) ^ {lead})))

    def show_text(self, text: str, problem: str, *, is_default: bool) -> None:
        """Show the leads that a text names."""
        self._reset.setVisible(not is_default)
        self._chosen = tuple(lead for lead in text.split(",") if lead)
        origins = lead_origins(self._chosen)
        for lead, chip in self._chips.items():
            kind = origins[lead].value
            if chip.property("chip") != kind:
                chip.setProperty("chip", kind)
                restyle(chip)
            given = "given to the network" if lead in self._chosen else f"not given; {kind}"
            chip.setToolTip(f"{lead}: {given}")
            chip.setAccessibleName(f"{lead}: {given}")
        self._note.setText(self._note_for(self._chosen))
        self._note.setVisible(not problem)
        self.message.setText(problem)
        self.message.setVisible(bool(problem))

    @staticmethod
    def _note_for(chosen: tuple[str, ...]) -> str:
        if not chosen:
            return "Any set: training draws one for each window."
        rebuilt = [lead for lead in CHEST_LEADS if lead not in chosen]
        return f"Learns to rebuild {', '.join(rebuilt)}"


class ParameterForm(QWidget):
    """The parameters of the chosen recipe: the basic ones, and the others behind *More*.

    Parameters
    ----------
    session : TrainingSession
        Shown and changed.
    """

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self._recipe = ""
        self._rows: dict[str, FieldRow] = {}
        self._leads: LeadPicker | None = None
        self._more = button("More", self._turn_more, role="link", checkable=True)
        self._more.setObjectName("more-parameters")
        self._reset_all = button("Reset all", self._on_reset_all, role="link")
        self._reset_all.setObjectName("reset-all")
        self._reset_all.setToolTip("Back to the recipe's own values")
        self._body = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._body)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 4, 0, 0)
        foot.addWidget(self._more)
        foot.addStretch()
        foot.addWidget(self._reset_all)
        column.addLayout(foot)
        session.draft_changed.connect(self.refresh)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Tab go down the form, which now has its place in the window."""
        super().showEvent(event)
        order_tabs(self)

    def refresh(self) -> None:
        """Show the draft, rebuilt where the recipe is another."""
        draft = self._session.state.draft
        if draft.recipe != self._recipe:
            self._rebuild(draft)
        found = self._session.problems
        if self._leads is not None:
            leads = next(p for p in RECIPES[draft.recipe].table() if p.kind == "leads")
            self._leads.show_text(
                drafts.shown_text(draft, leads), found.get("leads", ""),
                is_default="leads" not in draft.texts,
            )  # fmt: skip
        for name, row in self._rows.items():
            text = drafts.shown_text(draft, row.parameter)
            row.show_text(text, found.get(name, ""), is_default=name not in draft.texts)
        self._reset_all.setVisible(bool(draft.texts))
        self._show_more(found)

    def _show_more(self, found: Mapping[str, str]) -> None:
        hidden_problem = any(name in found for name in self._rows if name not in BASICS)
        if hidden_problem:
            self._more.setChecked(True)
        shown = self._more.isChecked()
        self._more.setText("Fewer" if shown else "More")
        for name, row in self._rows.items():
            row.setVisible(shown or name in BASICS)

    def _rebuild(self, draft: Draft) -> None:
        self._recipe = draft.recipe
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        table = RECIPES[draft.recipe].table()
        self._leads = None
        if any(parameter.kind == "leads" for parameter in table):
            self._leads = LeadPicker(
                partial(self._on_text, "leads"), partial(self._on_reset, "leads")
            )
            column.addWidget(self._leads)
            column.addSpacing(8)
        column.addWidget(label("Parameters", "heading"))
        basic = [p for name in BASICS for p in table if p.name == name]
        others = [p for p in table if p.name not in BASICS and p.kind != "leads"]
        self._rows = {}
        for parameter in (*basic, *others):
            name = parameter.name
            row = FieldRow(parameter, partial(self._on_text, name), partial(self._on_reset, name))
            self._rows[name] = row
            column.addWidget(row)
        self.layout().replaceWidget(old, self._body)  # type: ignore[union-attr]
        old.setParent(None)
        old.deleteLater()
        order_tabs(self)

    def _turn_more(self) -> None:
        self._show_more(self._session.problems)

    def _on_text(self, name: str, text: str) -> None:
        self._session.set_draft(drafts.enter(self._session.state.draft, name, text))

    def _on_reset(self, name: str) -> None:
        self._session.set_draft(drafts.reset(self._session.state.draft, name))

    def _on_reset_all(self) -> None:
        self._session.set_draft(drafts.reset(self._session.state.draft))

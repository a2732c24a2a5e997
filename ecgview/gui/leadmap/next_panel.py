"""What to record next: a panel beside the lead map."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ecgview.errors import EcgviewError
from ecgview.gui.electrode_picture import ElectrodePicture
from ecgview.gui.electrodes import choice_marks
from ecgview.gui.leadmap.next_finder import NextFinder
from ecgview.gui.leadmap.next_state import (
    NextRow,
    NextState,
    electrodes_shown,
    is_gain,
    path_lines,
    placed_leads,
    ranking_of,
    rows_of,
)
from ecgview.gui.leadmap.next_table import ChoiceTable
from ecgview.gui.session import Session
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, hairline, label, typeset
from ecgview.studies.additions.choices import CRITERION, Ranking
from ecgview.studies.additions.electrodes import BUDGETS, ELECTRODES
from ecgview.studies.additions.words import from_words, over_words

_KINDS = {
    "leads": ("Leads", "Count leads: one more, the best first"),
    "electrodes": ("Electrodes", "Count electrodes: all ways to place so many"),
}
_PATH_TITLES = {"leads": "The best lead, one by one", "electrodes": "The best for each number"}
_ALIKE = "Marked at the left: cannot be told apart from the best (95 % interval over patients)."
_PLACED_HINT = "Click the electrodes that are placed already; RL, the ground, is not counted."


class NextPanel(QWidget):
    """What is asked, the choices ranked, and the electrodes they need.

    Parameters
    ----------
    session : Session
        Whose leads it starts from, and whose leads *Use* sets.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("next-panel")
        self.setProperty("panel", "true")
        self.setAccessibleName("What to record next")
        self.finder = NextFinder(session)
        self._rows: tuple[NextRow, ...] = ()
        self._kinds = {by: self._kind_button(by) for by in _KINDS}
        self.budget = self._budget_box()
        self._budget_row = QWidget()
        self.picture = ElectrodePicture()
        self.picture.setObjectName("next-electrodes")
        self.table = ChoiceTable()
        self.use = button(
            "Use", self.use_chosen, primary="true",
            tip="Give the model the leads of this choice; Undo takes it back",
        )  # fmt: skip
        self.use.setObjectName("next-use")
        names = ("from", "hint", "detail", "remark", "path", "notes")
        self._words = {name: label("", "secondary", wrap=True) for name in names}
        for name, words in self._words.items():
            words.setObjectName(f"next-{name}")
        self._path_title = label("", "heading")
        self._lay_out()
        self.picture.clicked.connect(self._on_electrode)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.doubleClicked.connect(self.use_chosen)
        self.table.activated.connect(self.use_chosen)
        self.finder.changed.connect(self.refresh)
        self.refresh()

    def _kind_button(self, by: str) -> QPushButton:
        title, tip = _KINDS[by]
        made = button(
            title, lambda: self.finder.update(by=by, chosen=0), checkable=True, segment="tab",
            tip=tip,
        )  # fmt: skip
        made.setObjectName(f"next-by-{by}")
        return made

    def _budget_box(self) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName("next-budget")
        box.setAccessibleName("How many electrodes, without the ground")
        box.setToolTip("How many electrodes can be placed; RL, the ground, is not counted")
        box.setRange(BUDGETS[0], BUDGETS[-1])
        box.valueChanged.connect(lambda budget: self.finder.update(budget=budget, chosen=0))
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        column.addWidget(label("What to record next", "heading"))
        kinds, group = QHBoxLayout(), QButtonGroup(self)
        kinds.setSpacing(4)
        for one in self._kinds.values():
            group.addButton(one)
            kinds.addWidget(one)
        kinds.addStretch()
        column.addLayout(kinds)
        row = QHBoxLayout(self._budget_row)
        row.setContentsMargins(0, 0, 0, 0)
        words = label("Electrodes in all")
        words.setBuddy(self.budget)
        row.addWidget(words)
        row.addStretch()
        row.addWidget(self.budget)
        column.addWidget(self._budget_row)
        for part in (
            self._words["from"], self.picture, self._words["hint"], self.table,
            self._words["detail"], self._words["remark"], self.use, hairline(),
            self._path_title, self._words["path"],
            hairline(), self._words["notes"],
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.picture.set_theme(theme)
        self.table.set_theme(theme)
        self.refresh()

    def refresh(self) -> None:
        """Show what the finder knows."""
        state = self.finder.state
        by_leads = state.by == "leads"
        for by, one in self._kinds.items():
            one.setChecked(by == state.by)
        self._budget_row.setHidden(by_leads)
        with QSignalBlocker(self.budget):
            self.budget.setValue(state.budget)
        try:
            ranking, problem = ranking_of(state), ""
        except EcgviewError as error:
            ranking, problem = None, str(error)
        self._rows = rows_of(state, ranking) if ranking is not None else ()
        with QSignalBlocker(self.table.selectionModel()):
            self.table.show_rows(self._rows, _heads(ranking), state.chosen)
        self.table.setHidden(not self._rows)
        self._say("from", problem or self._start_words(state, ranking))
        self._say("remark", state.remark)
        self._say("hint", "" if by_leads else _PLACED_HINT)
        lines = path_lines(state)
        self._say("path", "\n".join(lines))
        self._path_title.setText(_PATH_TITLES[state.by])
        self._path_title.setHidden(not lines)
        self._say("notes", _notes(state, self._rows))
        self._show_chosen()

    def _say(self, name: str, text: str) -> None:
        self._words[name].setText(typeset(text))
        self._words[name].setHidden(not text)

    def _start_words(self, state: NextState, ranking: Ranking | None) -> str:
        if ranking is None:
            return ""
        if not ranking.choices:
            return "All twelve leads are known: nothing is left to add."
        if state.by == "electrodes" and not placed_leads(state):
            return "From nothing: the error that is left"
        return from_words(ranking)

    def _show_chosen(self) -> None:
        """Fill the electrodes of the chosen row, say it in words, and offer it."""
        state, chosen = self.finder.state, self.chosen
        have, adds = electrodes_shown(state, chosen.choice if chosen else None)
        self.picture.set_marks(choice_marks(have, adds))
        needed = [name for name in ELECTRODES if name in have | adds]
        self.picture.setAccessibleDescription(
            f"Needed: {', '.join(needed)}, and RL as ground. Arrow keys choose an electrode, "
            "Space says whether it is placed."
        )
        self._say("detail", f"{chosen.tip} Electrodes: {', '.join(needed)}; RL is the ground."
                  if chosen else "")  # fmt: skip
        self.use.setHidden(chosen is None)
        leads = chosen.choice.available if chosen else ()
        can_use = self._session.state.recording is not None
        can_use = can_use and set(leads) <= set(self._session.state.leads)
        self.use.setEnabled(can_use)
        self.use.setText(f"Use {', '.join(leads)}" if len(leads) < 5 else "Use these leads")

    @property
    def chosen(self) -> NextRow | None:
        """The row that is looked at."""
        if not self._rows:
            return None
        return self._rows[min(self.finder.state.chosen, len(self._rows) - 1)]

    def use_chosen(self, _index: QModelIndex | None = None) -> None:
        """Give the model the leads of the chosen row, and show them in the viewer."""
        if self.chosen is not None and self.use.isEnabled():
            self._session.update(page="viewer")
            self._session.set_available(self.chosen.choice.available)

    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.row() != self.finder.state.chosen:
            self.finder.look_at(current.row())
            self._show_chosen()

    def _on_electrode(self, electrode: str) -> None:
        if electrode in ELECTRODES:
            if self.finder.state.by == "leads":
                self.finder.update(by="electrodes", chosen=0)
            self.finder.toggle(electrode)


def _heads(ranking: Ranking | None) -> tuple[str, str, str]:
    gains = ranking is None or is_gain(ranking)
    return ("Add", "Gain, µV" if gains else "Error, µV", "This ECG, µV")


def _notes(state: NextState, rows: tuple[NextRow, ...]) -> str:
    if state.expected is None:
        return ""
    said = [_ALIKE] if any(row.is_alike for row in rows) else []
    return " ".join([*said, CRITERION, f"Over {over_words(state.expected)}."])

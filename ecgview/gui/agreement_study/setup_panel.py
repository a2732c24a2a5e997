"""What is compared: recordings and folds, available leads, models; and how far a study is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ecgview.errors import LeadError
from ecgview.gui.agreement_study.session import StudySession
from ecgview.gui.agreement_study.state import (
    fraction_of,
    left_out_line,
    left_out_tip,
    parsed_sets,
    problem_of_sets,
    progress_line,
)
from ecgview.gui.data_words import folds_text, found_line, sources_text, split_line
from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.folder_button import FolderButton
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import hold
from ecgview.gui.theme import restyle
from ecgview.gui.widgets import button, clear, hairline, label, panel, scroll_area
from ecgview.leads import LEADS, PRESETS, in_order

PANEL_WIDTH_PX = 280
_SHARE = 0.5
_NAME_PX = 190


class SetupPanel(QFrame):
    """The left panel of the agreement page.

    Parameters
    ----------
    session : StudySession
        Shown and changed.
    window : Session
        Its models.
    settings : Settings
        Recent folders.
    """

    def __init__(self, session: StudySession, window: Session, settings: Settings) -> None:
        super().__init__()
        self._session, self._window, self._settings = session, window, settings
        self.setObjectName("study-setup")
        self.setProperty("panel", "true")
        self.setProperty("edge", "right")
        self.setAccessibleName("What is compared")
        hold(self, width=PANEL_WIDTH_PX, share=_SHARE)
        self.folder = FolderButton(settings, settings.recent_data, self._choose, "Data folder")
        self.folder.setObjectName("study-folder")
        self._found = label("", "secondary", wrap=True)
        self._found.setObjectName("study-found")
        self._problem = label("", "problem", wrap=True)
        self._problem.setObjectName("study-problem")
        self._folds, self._fold_chips = QWidget(), dict[int, QPushButton]()
        self._fold_flow = FlowLayout(3, self._folds)
        self._sets, self._set_pills = QWidget(), dict[tuple[str, ...], QPushButton]()
        self._set_flow = FlowLayout(6, self._sets)
        self._other = self._make_field()
        self._wrong = label("", "problem", wrap=True)
        self._models, self._model_boxes = QWidget(), dict[str, QCheckBox]()
        self._model_column = QVBoxLayout(self._models)
        self._model_column.setContentsMargins(0, 0, 0, 0)
        self._line = label("", "secondary", wrap=True)
        self._line.setObjectName("study-line")
        self._left_out = label("", "secondary", wrap=True)
        self._left_out.setObjectName("study-left-out")
        self._bar = QProgressBar()
        self._bar.setProperty("big", "true")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the study")
        self.start = button("Start", session.start, primary="true", tip="Ctrl+Return")
        self.start.setObjectName("study-start")
        self.start.setAccessibleName("Start the study of agreement")
        self.cancel = button("Cancel", session.cancel, tip="Stop; an earlier result stays")
        self.cancel.setObjectName("study-cancel")
        self._lay_out()
        for signal in (session.asked_changed, window.model_changed):
            signal.connect(self.refresh)
        for signal in (session.running_changed, session.progressed, session.shown_changed):
            signal.connect(self.refresh_progress)
        session.asked_changed.connect(self.refresh_progress)
        self.refresh()
        self.refresh_progress()

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("study-sets")
        field.setPlaceholderText("Other: I,V2; II,V5")
        field.setAccessibleName("Other sets of available leads")
        field.setToolTip("Sets of leads, apart by semicolons; Enter adds them")
        field.returnPressed.connect(self._take_sets)
        field.textChanged.connect(self._check_sets)
        return field

    def _lay_out(self) -> None:
        inside = panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 18, 12)
        column.setSpacing(6)
        parts: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Recordings", (self.folder, self._problem, self._found)),
            ("Folds", (self._folds,)),
            ("Available leads", (self._sets, self._other, self._wrong)),
            ("Models", (self._models,)),
        )
        self._headings = {}
        for title, widgets in parts:
            self._headings[title] = label(title, "heading")
            column.addWidget(self._headings[title])
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(10)
        column.addStretch()
        scroll = scroll_area(inside)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 10, 18, 14)
        foot.setSpacing(8)
        for widget in (self._left_out, self._line, self._bar, self.start, self.cancel):
            foot.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(hairline())
        outer.addLayout(foot)

    # The folder

    def _choose(self, folder: Path) -> None:
        self._session.choose_data([folder])

    # From the state

    def refresh(self) -> None:
        """Show what is asked for."""
        state = self._session.state
        self.folder.show_folders(state.folders, _NAME_PX)
        summary = state.summary
        if summary is not None:
            self._found.setText(f"{found_line(summary)}. {split_line(summary)}")
            self._found.setToolTip(sources_text(summary))
        else:
            looking = "Looking through the folder…"
            self._found.setText(looking if state.looking else "PTB-XL, or any folder of ECG files.")
        self._found.setVisible(not state.data_problem)
        self._problem.setText(state.data_problem)
        self._problem.setVisible(bool(state.data_problem))
        self._refresh_folds()
        self._refresh_sets()
        self._refresh_models()
        order_tabs(self)

    def _refresh_folds(self) -> None:
        state = self._session.state
        folds = sorted(state.summary.folds) if state.summary else []
        if folds != list(self._fold_chips):
            clear(self._fold_flow)
            self._fold_chips = {}
            for fold in folds:
                chip = button(str(fold), partial(self._session.toggle_fold, fold), chip="absent")
                chip.setObjectName(f"study-fold-{fold}")
                hold(chip, width=26)
                self._fold_flow.addWidget(chip)
                self._fold_chips[fold] = chip
        for fold, chip in self._fold_chips.items():
            assert state.summary is not None
            taken = fold in state.folds
            _dress(chip, "measured" if taken else "reconstructed")
            use = "taken" if taken else "not taken"
            chip.setToolTip(f"Fold {fold}: {state.summary.folds[fold]:,} recordings, {use}")
            chip.setAccessibleName(chip.toolTip())
        several = len(folds) > 1
        self._folds.setVisible(several)
        self._headings["Folds"].setVisible(several)

    def _refresh_sets(self) -> None:
        chosen = self._session.state.input_sets
        usual = (in_order(leads) for leads in PRESETS.values())
        offered = list(dict.fromkeys((*(s for s in usual if s != LEADS), *chosen)))
        if offered != list(self._set_pills):
            clear(self._set_flow)
            self._set_pills = {}
            names = {in_order(leads): name for name, leads in PRESETS.items()}
            for leads in offered:
                text = names.get(leads, " ".join(leads))
                pill = button(
                    text, partial(self._session.toggle_set, leads), checkable=True, pill="true",
                    tip=f"Give the models {', '.join(leads)}",
                )  # fmt: skip
                pill.setObjectName(f"study-set-{'-'.join(leads)}")
                self._set_flow.addWidget(pill)
                self._set_pills[leads] = pill
        for leads, pill in self._set_pills.items():
            pill.setChecked(leads in chosen)

    def _refresh_models(self) -> None:
        names = self._session.models
        if list(names) != list(self._model_boxes):
            clear(self._model_column)
            self._model_boxes = {}
            for name in names:
                box = QCheckBox(self._session.title_of(name).replace("&", "&&"))
                box.setObjectName(f"study-model-{name}")
                box.setToolTip(name)
                box.clicked.connect(partial(self._on_model, name))
                self._model_column.addWidget(box)
                self._model_boxes[name] = box
        for name, box in self._model_boxes.items():
            box.setChecked(name in self._session.state.models)

    def _on_model(self, name: str, *_: object) -> None:
        self._session.toggle_model(name)

    def refresh_progress(self) -> None:
        """Show how far a study is."""
        state = self._session.state
        self.start.setVisible(not state.running)
        self.start.setEnabled(state.can_start)
        self.cancel.setVisible(state.running)
        self._bar.setVisible(state.running)
        fraction = fraction_of(state)
        self._bar.setRange(0, 0 if fraction is None else 1000)
        self._bar.setValue(round(1000 * (fraction or 0.0)))
        folds = folds_text(state.folds)
        ready = f"Fold{'s' if len(state.folds) > 1 else ''} {folds}" if folds else ""
        self._line.setText(progress_line(state) if state.running else state.why_not or ready)
        self._left_out.setText(left_out_line(state))
        self._left_out.setToolTip(left_out_tip(state))
        self._left_out.setVisible(bool(self._left_out.text()))

    # Sets that are typed

    def _check_sets(self, text: str) -> None:
        wrong = problem_of_sets(text)
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self._other.setProperty("wrong", "true" if wrong else "")
        restyle(self._other)

    def _take_sets(self) -> None:
        try:
            sets = parsed_sets(self._other.text())
        except LeadError:
            return  # said under the field
        for available in sets:
            if available not in self._session.state.input_sets:
                self._session.toggle_set(available)
        self._other.clear()


def _dress(chip: QPushButton, kind: str) -> None:
    if chip.property("chip") != kind:
        chip.setProperty("chip", kind)
        restyle(chip)

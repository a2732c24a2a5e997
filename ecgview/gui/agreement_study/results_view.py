"""A result: what it says, whose rows are shown, the table, and three pictures of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.export.agreement_words import data_line, reading_sentence, summary
from ecgview.gui.agreement_study.map import VarianceMap
from ecgview.gui.agreement_study.matrices import LeadMatrices
from ecgview.gui.agreement_study.plot import PointPlot
from ecgview.gui.agreement_study.session import StudySession
from ecgview.gui.agreement_study.table import StudyTable
from ecgview.gui.flow_layout import FlowLayout, together
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import scaled
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, clear, label, menu_button, panel, typeset

_VIEWS = {
    "plot": ("Points", "Bland-Altman plot of the row chosen"),
    "map": ("v against r²", "All rows shown, and which are calibrated"),
    "matrices": ("Between leads", "How much leads tell of each other"),
}
_AGAINST = {
    "real": ("Over real", "Differences over the real amplitude, as in the paper"),
    "mean": ("Over mean", "Differences over the mean of both, as Bland and Altman draw them"),
}


_ROOMY_PX = 600
_APART_PX = 12
_LEAST_SIDE_PX = 260


class ResultsView(QWidget):
    """The middle of the page once there is a result.

    Parameters
    ----------
    session : StudySession
        Shown and changed.
    """

    def __init__(self, session: StudySession) -> None:
        super().__init__()
        self._session = session
        self._first = label("", "title", wrap=True)
        self._first.setObjectName("study-says")
        self._more = label("", "", wrap=True)
        self._warning = label("", "warning", wrap=True)
        self._warning.setObjectName("study-warning")
        self._about = label("", "secondary", wrap=True)
        self._about.setObjectName("study-about")
        self._subsets, self._subset_buttons = QWidget(), dict[str, QPushButton]()
        self._subset_flow = FlowLayout(2, self._subsets)
        self._sets = self._make_choice("study-shown-set", "Available leads shown", self._on_set)
        self._models = self._make_choice("study-shown-model", "Model shown", self._on_model)
        self.save, self.save_menu = menu_button("Save", "Save results", "Tables, figures, report")
        self.save.setObjectName("study-save")
        self.table = StudyTable(session)
        self.plot, self.map, self.matrices = PointPlot(), VarianceMap(), LeadMatrices()
        self._pictures = QStackedWidget()
        self._pictures.setObjectName("study-pictures")
        self._tabs = self._make_tabs(_VIEWS, "study-view", self._on_view)
        self._sides = self._make_tabs(_AGAINST, "study-against", self._on_against)
        self._reading = label("", "secondary", wrap=True)
        self._reading.setObjectName("study-reading")
        self._lay_out()
        self.map.chosen.connect(lambda lead, marker: session.choose((lead, marker)))
        self.plot.opened.connect(self._open)
        session.shown_changed.connect(self.refresh)
        session.chosen_changed.connect(self.refresh_chosen)
        session.saving_changed.connect(self._refresh_save)
        self.refresh()

    def _make_choice(
        self, name: str, spoken: str, on_activated: Callable[[int], object]
    ) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(spoken)
        box.setToolTip(spoken)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(on_activated)
        return box

    def _make_tabs(
        self, titles: dict[str, tuple[str, str]], name: str, chosen: Callable[[str], object]
    ) -> dict[str, QPushButton]:
        group = QButtonGroup(self)
        made = {}
        for key, (title, tip) in titles.items():
            tab = button(title, partial(chosen, key), checkable=True, tip=tip, segment="tab")
            tab.setObjectName(f"{name}-{key}")
            group.addButton(tab)
            made[key] = tab
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("study-split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        self._beside = self._side()
        split.addWidget(self._beside)
        split.setHandleWidth(1)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        column.addWidget(split, 1)

    def _head(self) -> QFrame:
        head = panel("bottom")
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 12, 14, 10)
        column.setSpacing(6)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._first, 1)
        first.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(first)
        column.addWidget(self._more)
        column.addWidget(self._warning)
        column.addWidget(self._about)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self._subsets, 1)
        choices.addWidget(self._sets, 0, Qt.AlignmentFlag.AlignTop)
        choices.addWidget(self._models, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(choices)
        return head

    def _side(self) -> QFrame:
        side = panel("left")
        column = QVBoxLayout(side)
        column.setContentsMargins(13, 8, 12, 10)
        column.setSpacing(6)
        tabs, apart = QWidget(), QWidget()
        apart.setFixedWidth(_APART_PX)  # two questions, so two groups
        flow = FlowLayout(2, tabs)
        for widget in (*self._tabs.values(), apart, together(self._sides.values(), 2)):
            flow.addWidget(widget)
        column.addWidget(tabs)
        for picture in (self.plot, self.map, self.matrices):
            self._pictures.addWidget(picture)
        column.addWidget(self._pictures, 1)
        column.addWidget(self._reading)
        return side

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        for part in (self.table, self.plot, self.map, self.matrices):
            part.set_theme(theme)
        self._show_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the pictures their room: what is said beside them may have to go."""
        super().resizeEvent(event)
        self._show_room()

    def _show_room(self) -> None:
        roomy = self.height() >= scaled(_ROOMY_PX)
        self._beside.setMinimumWidth(scaled(_LEAST_SIDE_PX))
        self._more.setVisible(roomy and bool(self._more.text()))
        self._about.setVisible(roomy)
        self._reading.setVisible(roomy)
        # What is not shown can still be read over what is.
        unsaid = "\n".join((self._more.text(), self._about.text()))
        self._first.setToolTip("" if roomy else unsaid)

    # From the state

    def refresh(self) -> None:
        """Show the result."""
        state = self._session.state
        report = state.report
        if report is None:
            return
        first, *more = summary(report, state.model, state.available, state.subset)
        self._first.setText(typeset(first))
        self._more.setText(typeset(" ".join(more)))
        self._about.setText(data_line(report))
        self._show_room()
        self._warning.setText("\n".join(report.warnings))
        self._warning.setVisible(bool(report.warnings))
        self._refresh_subsets()
        _fill(self._sets, [(", ".join(one), one) for one in report.input_sets], state.available)
        models = [(self._session.title_of(name), name) for name in state.models_shown]
        _fill(self._models, models, state.model)
        self.refresh_chosen()
        order_tabs(self)

    def _refresh_subsets(self) -> None:
        state = self._session.state
        assert state.report is not None
        keys = [subset.key for subset in state.report.subsets]
        if keys != list(self._subset_buttons):
            clear(self._subset_flow)
            self._subset_buttons = {}
            for key in keys:
                made = button(
                    "", partial(self._session.show, subset=key), checkable=True, segment="small"
                )
                made.setObjectName(f"study-subset-{key}")
                self._subset_flow.addWidget(made)
                self._subset_buttons[key] = made
        for subset in state.report.subsets:
            made = self._subset_buttons[subset.key]
            name = {"all": "All", "normal": "Normals"}.get(subset.key, subset.key)
            made.setText(f"{name} {len(subset.rows) or subset.patients:,}")
            made.setEnabled(not subset.reason)
            why = f": {subset.reason}" if subset.reason else f", {len(subset.rows):,} patients"
            made.setToolTip(f"{subset.title}{why}")
            made.setAccessibleName(made.toolTip())
            made.setChecked(subset.key == state.subset)

    def refresh_chosen(self) -> None:
        """Show the row that is looked at."""
        state = self._session.state
        report, row = state.report, state.row
        if report is None:
            return
        self._tabs[state.view].setChecked(True)
        self._sides[state.against].setChecked(True)
        for tab in self._sides.values():
            tab.setVisible(state.view == "plot")
        self._pictures.setCurrentWidget(getattr(self, state.view))
        self.plot.show_row(report, row, state.against)
        self.map.show_rows(state.rows, (row.lead, row.marker) if row else ("", ""))
        marker = row.marker if row else "R"
        matrix = report.matrix(state.model, state.available, state.subset, marker)
        there = matrix is not None and matrix.patients
        self.matrices.show_matrix(matrix if there else None)
        self._reading.setText(typeset(reading_sentence(row)) if row else "")

    def _refresh_save(self) -> None:
        saving = self._session.state.saving
        self.save.setEnabled(not saving)
        self.save.setText("Saving…" if saving else "Save")

    # What is asked for

    def _on_set(self, at: int) -> None:
        self._session.show(available=self._sets.itemData(at))

    def _on_model(self, at: int) -> None:
        self._session.show(model=self._models.itemData(at))

    def _on_view(self, view: str) -> None:
        self._session.update(view=view)

    def _on_against(self, against: str) -> None:
        self._session.update(against=against)

    def _open(self, place: int) -> None:
        row = self._session.state.row
        if row is not None:
            self._session.open(row, place)


def _fill(box: QComboBox, items: Sequence[tuple[str, object]], chosen: object) -> None:
    """Offer items, out of which one is chosen; nothing to choose from is not shown."""
    if [box.itemText(at) for at in range(box.count())] != [text for text, _ in items]:
        box.clear()
        for text, value in items:
            box.addItem(text, value)
    values = [value for _, value in items]
    box.setCurrentIndex(values.index(chosen) if chosen in values else -1)
    box.setVisible(len(items) > 1)

"""What is chosen on the lead map: whose figures, which, in what order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from ecgview.gui.flow_layout import FlowLayout, together
from ecgview.gui.leadmap.session import LeadMapSession
from ecgview.gui.leadmap.state import Measure, Source
from ecgview.gui.widgets import button, menu_button

_LINE_PX, _APART_PX, _LINES_APART_PX = 28, 14, 2
_RAW = "Signals as they are, medians removed"
_SOURCES: dict[Source, tuple[str, str]] = {
    "recording": ("This recording", "Rebuild this recording from each set of its leads"),
    "population": ("Population", "What the model reached on recordings it had not seen (card)"),
    "difference": ("Difference", "This recording less what was to be expected"),
}
_MEASURES: dict[Measure, tuple[str, str]] = {
    "pcc": ("PCC", "Correlation with the recorded lead"),
    "rmse_uv": ("RMSE", "Root-mean-square difference from the recorded lead, in µV"),
}


class MapBar(QWidget):
    """The controls above the map.

    Parameters
    ----------
    session : LeadMapSession
        Shown and changed.
    save_picture, save_csv : callable
        What the items of *Save* do.
    """

    def __init__(
        self,
        session: LeadMapSession,
        save_picture: Callable[[], object],
        save_csv: Callable[[], object],
    ) -> None:
        super().__init__()
        self._session = session
        self._sources: dict[Source, QPushButton] = {
            source: self._segment(title, tip, f"map-{source}", partial(self._set, source=source))
            for source, (title, tip) in _SOURCES.items()
        }
        self._measures: dict[Measure, QPushButton] = {
            measure: self._segment(
                title, tip, f"map-{measure}", partial(self._set, measure=measure)
            )
            for measure, (title, tip) in _MEASURES.items()
        }
        set_clean = session.window.set_clean
        self._kinds = {
            False: self._segment("Raw", _RAW, "map-raw", partial(set_clean, False)),
            True: self._segment(
                "Clean",
                "After a zero-phase 0.5 Hz high-pass",
                "map-clean",
                partial(set_clean, True),
            ),
        }
        self._orders = {
            False: self._segment(
                "Paper order", "Single leads, then I and II with none, one and two chest leads",
                "map-paper", partial(self._set, by_mean=False),
            ),
            True: self._segment(
                "Best first", "By the mean over the reconstructed chest leads, the best at the top",
                "map-mean", partial(self._set, by_mean=True),
            ),
        }  # fmt: skip
        self._every = button(
            "All 510", self._toggle_every, checkable=True, segment="small",
            tip="Show every distinct set of leads, as the card has them (population only)",
        )  # fmt: skip
        self._every.setObjectName("map-every")
        self._save, menu = menu_button("Save", "Save the map")
        self._save.setObjectName("map-save")
        menu.addAction("Picture…").triggered.connect(lambda: save_picture())
        menu.addAction("Figures as CSV…").triggered.connect(lambda: save_csv())
        self._lay_out()

    def _segment(
        self, title: str, tip: str, name: str, on_click: Callable[[], object]
    ) -> QPushButton:
        made = button(title, on_click, tip=tip, checkable=True, segment="small")
        made.setObjectName(name)
        return made

    def _lay_out(self) -> None:
        groups = (self._sources, self._measures, self._kinds, self._orders)
        # Large words take a second line.
        controls = QWidget()
        flow = FlowLayout(_APART_PX, controls, _LINES_APART_PX)
        for group in groups:
            buttons = list(group.values())
            one_of = QButtonGroup(self)
            for one in buttons:
                one_of.addButton(one)
            flow.addWidget(together(buttons, 4, _LINE_PX))
        self._more_sets = together([self._every], 4, _LINE_PX)
        flow.addWidget(self._more_sets)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(controls, 1)
        row.addWidget(together([self._save], 4, _LINE_PX), 0, Qt.AlignmentFlag.AlignTop)

    def _set(self, **changes: object) -> None:
        self._session.update(**changes)

    def _toggle_every(self) -> None:
        self._session.update(every_set=not self._session.state.every_set)

    def refresh(self) -> None:
        """Show what the state says."""
        page, window, shown = self._session.state, self._session.window.state, self._session.shown
        self._sources[shown.source].setChecked(True)
        mappable = window.recording is not None and not window.teaching.is_guessing
        self._sources["recording"].setEnabled(mappable)
        self._sources["population"].setEnabled(page.population is not None)
        self._sources["difference"].setEnabled(mappable and page.population is not None)
        self._measures[page.measure].setChecked(True)
        self._kinds[shown.clean].setChecked(True)
        self._show_kinds(can_be_raw=window.clean or not shown.clean)
        self._orders[page.by_mean].setChecked(True)
        of_population = shown.source == "population" and page.population is not None
        self._more_sets.setVisible(of_population and not (window.card and window.card.leads))
        self._every.setChecked(page.every_set)
        self._save.setEnabled(any(not one.is_waiting for one in shown.rows))

    def _show_kinds(self, *, can_be_raw: bool) -> None:
        raw = self._kinds[False]
        raw.setEnabled(can_be_raw)
        raw.setToolTip(_RAW if can_be_raw else "Cards hold figures of clean signals only")

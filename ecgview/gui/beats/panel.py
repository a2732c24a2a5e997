"""The tab "Beats": heart rate and RR intervals, their lead, and what to show of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.beats.state import (
    WavesShown,
    figures_stretch,
    measured_leads,
    searched_stretch,
)
from ecgview.gui.beats.table import figure_rows, figures_of, rate_text, stretch_words
from ecgview.gui.session import Session
from ecgview.gui.side_panel import PANEL_SHARE, PANEL_WIDTH_PX
from ecgview.gui.text_size import hold
from ecgview.gui.widgets import button, hairline, label

AUTOMATIC = "Clearest"
_WAVES: dict[WavesShown, str] = {"off": "Off", "lead": "One lead", "all": "All leads"}
_WAVES_TIP = (
    "Mark P, QRS and T on the page (Shift+W). They are found by their shape: in atrial "
    "fibrillation what is marked P is none"
)
_TOO_LONG = "The page is too long to be searched at once."


class BeatsPanel(QFrame):
    """Rate, intervals and choices; built when it is first shown.

    Parameters
    ----------
    session : Session
        Shown; its beats' state is changed here.
    show_average : callable
        Shows or hides the average beat in the place of the traces.
    """

    def __init__(self, session: Session, show_average: Callable[[], object]) -> None:
        super().__init__()
        self._session = session
        self._show_average = show_average
        self._inside: _Inside | None = None
        self.setProperty("panel", "true")
        self.setAccessibleName("Beats")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Build what is inside."""
        if self._inside is None:
            around = QVBoxLayout(self)
            around.setContentsMargins(0, 0, 0, 0)
            self._inside = _Inside(self._session, self._show_average)
            around.addWidget(self._inside)
        super().showEvent(event)


class _Inside(QScrollArea):
    def __init__(self, session: Session, show_average: Callable[[], object]) -> None:
        super().__init__()
        self._session = session
        self._figure = label("", "figure")
        self._figure.setObjectName("heart-rate")
        self._caption = label("", "secondary")
        self._stretch = label("", "secondary", wrap=True)
        self._stretch.setObjectName("beats-stretch")
        self._sentence = label("", "secondary", wrap=True)
        self._sentence.setObjectName("beats-sentence")
        self._values: list[QLabel] = []
        self._lead = QComboBox()
        self._lead.setAccessibleName("Lead that beats are found in")
        self._lead.setToolTip("Measured and derived leads only; the clearest, lead II first")
        self._lead.activated.connect(self._choose_lead)
        self._whole = button("Search the whole recording", self._search_all, role="link")
        self._stop = button("Stop", session.beats.stop, role="link", tip="Give up the search")
        self._stop.setObjectName("stop-beats")
        self._peaks = QCheckBox("R peaks and RR intervals")
        self._peaks.setToolTip("Mark R peaks on the page (Shift+B)")
        self._peaks.toggled.connect(lambda on: session.beats.change(peaks=on))
        self._waves = {
            shown: button(
                text,
                lambda shown=shown: self._choose_waves(shown),  # type: ignore[misc]
                checkable=True,
                segment="tab",
                tip=_WAVES_TIP,
            )
            for shown, text in _WAVES.items()
        }
        self._average = button(
            "Average beat", show_average, checkable=True,
            tip="Show the average beat of each lead in the place of the traces (B)",
        )  # fmt: skip
        self._lay_out()
        for signal in (
            session.beats_changed,
            session.recording_changed,
            session.available_changed,
            session.view_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("panel", "true")
        hold(inside, width=PANEL_WIDTH_PX - 1, share=PANEL_SHARE)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(19, 12, 19, 12)
        column.setSpacing(6)
        column.addWidget(label("Heart rate", "heading"))
        figures = QHBoxLayout()
        figures.setSpacing(10)
        figures.addWidget(self._figure)
        figures.addWidget(self._caption, 1)
        column.addLayout(figures)
        for text in (self._stretch, self._sentence):
            column.addWidget(text)
        column.addLayout(self._search_row())
        column.addSpacing(4)
        column.addLayout(self._figure_grid())
        column.addSpacing(6)
        column.addLayout(_row("Lead", self._lead))
        column.addSpacing(6)
        column.addWidget(hairline())
        column.addSpacing(6)
        column.addWidget(label("On the page", "heading"))
        column.addWidget(self._peaks)
        column.addLayout(_row("P, QRS, T", *self._waves.values()))
        column.addSpacing(6)
        column.addWidget(self._average)
        column.addStretch()

    def _search_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._whole)
        row.addWidget(self._stop)
        row.addStretch()
        return row

    def _figure_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(7)
        for row, (name, _) in enumerate(figure_rows(None)):
            value = label("")
            value.setAccessibleName(name)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(name), row, 0)
            grid.addWidget(value, row, 1)
            self._values.append(value)
        return grid

    def refresh(self) -> None:
        """Show what the state says."""
        state = self._session.state
        beats, figures = state.beats, figures_of(state)
        self._figure.setText(rate_text(figures))
        intervals = figures.intervals if figures else 0
        self._caption.setText(f"beats a minute\nmean of {intervals} RR" if intervals else "")
        self._stretch.setText(stretch_words(state))
        self._sentence.setText(self._sentence_of())
        self._sentence.setVisible(bool(self._sentence.text()))
        for value, (_, text) in zip(self._values, figure_rows(figures), strict=True):
            value.setText(text)
        stretch = figures_stretch(state)
        self._whole.setVisible(stretch is not None and stretch.what == "Page")
        self._stop.setVisible(beats.whole and bool(beats.progress))
        self._fill_leads()
        self._peaks.setChecked(beats.peaks)
        for shown, choice in self._waves.items():
            choice.setChecked(beats.waves == shown)
        self._average.setChecked(beats.shown)

    def _sentence_of(self) -> str:
        state = self._session.state
        if state.recording is not None and searched_stretch(state) is None:
            return _TOO_LONG
        if state.beats.progress is not None and state.beats.progress[1]:
            done, total = state.beats.progress
            return f"Finding beats… {done / total:.0%}"
        problems = (state.beats.rhythm_problem, state.beats.waves_problem)
        return " ".join(problem for problem in problems if problem)

    def _fill_leads(self) -> None:
        state = self._session.state
        choices = [AUTOMATIC, *measured_leads(state)]
        if [self._lead.itemText(at) for at in range(self._lead.count())] != choices:
            self._lead.clear()
            self._lead.addItems(choices)
        self._lead.setCurrentIndex(max(0, self._lead.findText(state.beats.lead or AUTOMATIC)))

    def _choose_lead(self, index: int) -> None:
        lead = self._lead.itemText(index) if index else ""
        self._session.update(beats=self._session.state.beats.with_lead(lead))

    def _choose_waves(self, shown: WavesShown) -> None:
        self._session.beats.change(waves=shown)
        self.refresh()

    def _search_all(self) -> None:
        self._session.beats.change(whole=True)


def _row(name: str, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    row.addWidget(label(name), 1)
    for widget in widgets:
        row.addWidget(widget)
        if isinstance(widget, QPushButton):
            widget.setAccessibleName(f"{name}: {widget.text()}")
    return row

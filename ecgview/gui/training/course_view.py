"""One run in the middle of the page: how far it is, how it goes, and what to do with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ecgview.engine.events import Progress
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.theme import Theme
from ecgview.gui.training.curves import CurvePlot, Legend, curves_of, legend_of
from ecgview.gui.training.example_view import ExampleView
from ecgview.gui.training.fact_table import FactTable
from ecgview.gui.training.heat_map import HeatMap
from ecgview.gui.training.state import Course
from ecgview.gui.training.words import left_out_tip, status_line, subtitle_of
from ecgview.gui.widgets import button, label, menu_button

_BAR_STEPS = 1000
# Room for the word in bold, which the chosen segment has.
_SEGMENT_PX = 76
_TABLES = "Evaluate and save tables…"


class CourseView(QWidget):
    """The view of one run; its buttons only tell what is wanted."""

    stop_wanted = Signal()
    discard_wanted = Signal()
    go_on_wanted = Signal()
    use_wanted = Signal()
    history_wanted = Signal()
    tables_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._course: Course | None = None
        self._epoch = 0
        self._title, self._subtitle = ElidedLabel("", "title"), ElidedLabel("", "secondary")
        self._title.setObjectName("run-title")
        self._subtitle.setObjectName("run-subtitle")
        self._subtitle.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._figure, self._caption = label("", "figure"), label("", "secondary")
        self._figure.setObjectName("run-figure")
        self._caption.setObjectName("run-caption")
        self._bar = QProgressBar()
        self._bar.setProperty("big", "true")
        self._bar.setRange(0, _BAR_STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the training")
        self._status = label("", "secondary")
        self._status.setObjectName("run-status")
        self.stop = button("Stop and keep", self.stop_wanted.emit)
        self.stop.setObjectName("stop-and-keep")
        self.stop.setToolTip("End after the batches under way; the best weights so far are kept")
        self.discard = button("Cancel and discard", self.discard_wanted.emit)
        self.discard.setObjectName("cancel-and-discard")
        self.go_on = button("Go on", self.go_on_wanted.emit, role="link")
        self.go_on.setObjectName("go-on")
        self.use = button("Use in viewer", self.use_wanted.emit, primary="true")
        self.use.setObjectName("use-in-viewer")
        self.export, menu = menu_button("Export", "Export")
        menu.addAction("History as CSV…").triggered.connect(lambda *_: self.history_wanted.emit())
        self.tables = menu.addAction(_TABLES)
        self.tables.triggered.connect(lambda *_: self.tables_wanted.emit())
        self.delete = button("Delete", self.delete_wanted.emit)
        self.delete.setObjectName("delete-run")
        self._curves, self._legend, self._map = CurvePlot(), Legend(), HeatMap()
        self.example, self._facts = ExampleView(), FactTable()
        self.example.header.epoch_chosen.connect(self.look_at)
        self._curves.epoch_chosen.connect(self.look_at)
        self._map.epoch_chosen.connect(self.look_at)
        self._segments = {
            name: button(name.capitalize(), checkable=True, segment="small")
            for name in ("example", "details")
        }
        self._lower = QStackedWidget()
        self._lower.setObjectName("run-lower")
        self._lower.addWidget(self.example)
        self._lower.addWidget(_inset(self._facts))
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addLayout(self._progress_row())
        column.addLayout(self._plots(), 2)
        column.addLayout(self._lower_head())
        column.addWidget(self._lower, 3)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        row.addWidget(self._figure)
        row.addWidget(self._caption)
        row.addSpacing(12)
        for made in (self.stop, self.discard, self.use, self.export, self.delete):
            row.addWidget(made)
        return row

    def _progress_row(self) -> QVBoxLayout:
        words = QHBoxLayout()
        words.setSpacing(16)
        words.addWidget(self._status)
        words.addWidget(self.go_on)
        words.addWidget(self._subtitle, 1)
        rows = QVBoxLayout()
        rows.setContentsMargins(20, 0, 20, 0)
        rows.setSpacing(5)
        rows.addWidget(self._bar)
        rows.addLayout(words)
        return rows

    def _plots(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(20, 4, 12, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        heading = QHBoxLayout()
        heading.addWidget(label("Loss", "heading"))
        heading.addStretch()
        heading.addWidget(self._legend)
        grid.addLayout(heading, 0, 0)
        grid.addWidget(label("PCC by lead and epoch", "heading"), 0, 1)
        grid.addWidget(self._curves, 1, 0)
        grid.addWidget(self._map, 1, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 4)
        grid.setRowStretch(1, 1)
        return grid

    def _lower_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 20, 0)
        row.setSpacing(4)
        group = QButtonGroup(self)
        for number, (name, made) in enumerate(self._segments.items()):
            made.setObjectName(f"lower-{name}")
            made.setMinimumWidth(_SEGMENT_PX)
            made.clicked.connect(partial(self._show_lower, number))
            group.addButton(made)
            row.addWidget(made)
        row.addWidget(self.example.header, 1)
        row.addStretch()
        return row

    def _show_lower(self, number: int, *_: object) -> None:
        """Show the example or the details."""
        self._lower.setCurrentIndex(number)
        self.example.header.setVisible(number == 0)
        list(self._segments.values())[number].setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        for part in (self._curves, self._legend, self._map, self.example):
            part.set_theme(theme)

    def show_course(
        self,
        course: Course,
        *,
        has_model: bool,
        can_score: bool,
        can_go_on: bool = False,
        obstacle: str = "",
        scoring: Progress | None = None,
    ) -> None:
        """Show a run.

        Parameters
        ----------
        course : Course
            The run.
        has_model : bool
            Whether its model can be used.
        can_score : bool
            Whether there is data to evaluate on, and nothing is being evaluated.
        can_go_on : bool
            Whether it was interrupted.
        obstacle : str
            Why it cannot go on here, empty where it can.
        scoring : Progress, optional
            Of an evaluation under way.
        """
        has_example = course.is_running or bool(course.examples)
        before = self._course
        begins = before is not None and course.is_running and not before.is_running
        if before is None or before.file != course.file or begins:
            self._epoch = 0
            self._show_lower(0 if has_example else 1)
        self._segments["example"].setVisible(has_example)
        self._course = course
        running = course.is_running
        self._title.setText(course.name)
        for made in (self.stop, self.discard):
            made.setVisible(running)
        for made in (self.use, self.export, self.delete):
            made.setVisible(not running)
        self.stop.setEnabled(course.phase == "training")
        self.discard.setEnabled(course.phase != "discarding")
        self.go_on.setVisible(can_go_on)
        self.go_on.setEnabled(not obstacle)
        left = course.epochs - len(course.history)
        self.go_on.setToolTip(obstacle or f"Train the {left:,} epochs that are left")
        self.use.setEnabled(has_model)
        self.export.setEnabled(bool(course.history))
        self.tables.setEnabled(has_model and can_score)
        lacking = has_model and not can_score and scoring is None
        self.tables.setText(f"{_TABLES} (choose recordings first)" if lacking else _TABLES)
        self.show_progress(course)
        if scoring is not None:
            self._status.setText(f"Evaluating. {scoring.message}…")
        self._show_best(course)
        self._facts.show_courses([course])
        self._draw()

    def show_progress(self, course: Course) -> None:
        """Show how far a run is; called often."""
        self._course = course
        self._subtitle.setText(subtitle_of(course))
        self._subtitle.setToolTip(left_out_tip(course))
        fraction = course.fraction
        self._bar.setRange(0, _BAR_STEPS if fraction is not None else 0)
        if fraction is not None:
            self._bar.setValue(round(fraction * _BAR_STEPS))
        self._bar.setVisible(course.is_running)
        self._status.setText(_first_capital(status_line(course)))

    def _show_best(self, course: Course) -> None:
        best = course.best
        pcc = best.mean_pcc if best else None
        self._figure.setText("" if pcc is None else f"{pcc:.2f}")
        words = f"mean PCC,\nbest epoch {best.epoch}" if best and pcc is not None else ""
        self._caption.setText(words)

    def look_at(self, epoch: int) -> None:
        """Show the example and the figures of an epoch; 0 for always the latest."""
        course = self._course
        if course is not None and epoch >= len(course.history):
            epoch = 0
        if epoch != self._epoch:
            self._epoch = epoch
            self._draw()

    def _draw(self) -> None:
        course = self._course
        if course is None:
            return
        epochs = max(course.epochs if course.is_running else len(course.history), 1)
        curves = curves_of(course.history, "accent")
        self._curves.show_curves(curves, epochs, self._epoch)
        self._legend.show_entries(legend_of(course))
        self._map.show_history(course.history, epochs, self._epoch)
        self.example.show_examples(course.examples, self._epoch)


def _inset(widget: QWidget) -> QWidget:
    """Line a table up with the headings above it."""
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(12, 0, 10, 10)
    column.addWidget(widget)
    return place


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""How well it went: the right panel with the headline figure and the table."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.agreement_cells import AgreementModel, RowDelegate
from ecgview.gui.agreement_copy import as_html, as_tsv
from ecgview.gui.agreement_table import (
    NO_FIGURE,
    columns,
    headline,
    is_calibrated,
    stretch_text,
    table_rows,
)
from ecgview.gui.comparisons_list import EstimateList
from ecgview.gui.comparisons_table import (
    estimate_rows,
    estimates_tsv,
    overlays_of,
    placing_text,
    shown_state,
)
from ecgview.gui.long_words import can_go_on, growth_text, is_growing
from ecgview.gui.session import Session
from ecgview.gui.side_panel import PANEL_SHARE, PANEL_WIDTH_PX
from ecgview.gui.text_size import hold, scaled
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, dress_table, label, scroll_area
from ecgview.gui.worst_windows import WorstPanel

ROW_HEIGHT_PX = 31
TIGHT_ROW_HEIGHT_PX = 24
_HEAD_HEIGHT_PX = 34
_COLUMN_WIDTHS_PX = (32, 34, 42, 36, 36, 38, 34)
_WIDTHS_CALIBRATED_PX = (32, 14, 36, 36, 66, 34, 34)
_COLUMN_SHARE, _ROW_SHARE = 0.9, 0.5
"""How much of the growth of words they follow: the air between them need not grow."""


class AgreementPanel(QFrame):
    """The right panel.

    Parameters
    ----------
    session : Session
        Shown; its raw/clean choice and its choice among estimates are changed here.
    """

    compare_asked = Signal()
    """The user wants to compare with files."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("agreement-panel")
        self.setProperty("panel", "true")
        self._figure = label(NO_FIGURE, "figure")
        self._figure.setObjectName("headline-figure")
        self._caption = label("", "secondary", wrap=True)
        self._caption.setObjectName("headline-caption")
        self._second = label("", "secondary")
        self._stretch = label("", "secondary", wrap=True)
        self._stretch.setObjectName("agreement-stretch")
        self._raw, self._clean = self._switch("Raw", False), self._switch("Clean", True)
        self._placing = label("", "secondary", wrap=True)
        self._placing.setObjectName("estimate-placing")
        self._estimates = EstimateList()
        self._estimates.chosen.connect(session.comparisons.choose)
        self._estimates.removed.connect(session.comparisons.remove)
        self._growth = label("", "secondary", wrap=True)
        self._growth.setObjectName("growth")
        self._stop = button(
            "Stop", session.reconstructions.stop_or_go_on, role="link",
            tip="Stop reconstructing, or go on; what is computed stays (Ctrl+.)",
        )  # fmt: skip
        self._stop.setObjectName("stop-reconstructing")
        self._table = self._make_table()
        self._set_column_widths()
        self.worst = WorstPanel(session)
        self._compare = button(
            "Compare with…", self.compare_asked.emit, role="link",
            tip="Lay estimates from files over this recording (Ctrl+D)",
        )  # fmt: skip
        self._compare.setObjectName("compare-with")
        self._copy = button("Copy table", self.copy, tip="Copy as a table (Ctrl+C)", role="link")
        self._lay_out()
        for signal in (
            session.result_changed,
            session.recording_changed,
            session.available_changed,
            session.model_changed,
            session.view_changed,
            session.busy_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def _switch(self, text: str, clean: bool) -> QPushButton:
        tips = {
            False: "Compare the signals as they are, median removed",
            True: "Compare after a zero-phase 0.5 Hz high-pass: no baseline wander",
        }
        return button(
            text, lambda: self._choose(clean), tip=tips[clean], checkable=True, segment="small"
        )

    def _choose(self, clean: bool) -> None:
        self._session.set_clean(clean)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView()
        dress_table(table, "Agreement of each lead")
        table.setModel(AgreementModel(table))
        table.setProperty("tight", "true")
        self._delegate = RowDelegate(table)
        table.setItemDelegate(self._delegate)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(1)  # the style's is wider than a bar here
        hold(header, height=_HEAD_HEIGHT_PX)
        return table

    def _set_column_widths(self) -> None:
        calibrated = is_calibrated(shown_state(self._session.state))
        for column, width in enumerate(_WIDTHS_CALIBRATED_PX if calibrated else _COLUMN_WIDTHS_PX):
            self._table.setColumnWidth(column, scaled(width, _COLUMN_SHARE))

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(0)
        heading.addWidget(label("Agreement", "heading"))
        heading.addStretch()
        heading.addWidget(self._raw)
        heading.addWidget(self._clean)
        figures = QHBoxLayout()
        figures.setSpacing(10)
        figures.addWidget(self._figure)
        figures.addWidget(self._caption, 1)
        # Estimates and banners take room: what no longer fits can be scrolled to.
        inside, around = QWidget(), QVBoxLayout(self)
        inside.setProperty("panel", "true")
        hold(inside, width=PANEL_WIDTH_PX - 1, share=PANEL_SHARE)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll_area(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(19, 12, 19, 12)
        column.setSpacing(4)
        links = QHBoxLayout()
        links.addWidget(self._copy)
        links.addStretch()
        links.addWidget(self._compare)
        for row in (heading, figures, links):
            row.setContentsMargins(0, 0, 0, 0)
        column.addLayout(heading)
        column.addWidget(self._estimates)
        column.addLayout(figures)
        for text in (self._second, self._stretch, self._placing):
            column.addWidget(text)
        growth = QHBoxLayout()
        growth.setContentsMargins(0, 0, 0, 0)
        growth.addWidget(self._growth, 1)
        growth.addWidget(self._stop)
        column.addLayout(growth)
        column.addSpacing(4)
        column.addWidget(self._table)
        column.addLayout(links)
        column.addSpacing(8)
        column.addWidget(self.worst)
        column.addStretch()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._delegate.theme = theme
        self._set_column_widths()
        self.refresh()
        self.worst.fit_words()
        self._estimates.set_theme(theme)
        self._table.viewport().update()

    def refresh(self) -> None:
        """Show what the state says."""
        whole = self._session.state
        state = shown_state(whole)
        shown = headline(state)
        rows = estimate_rows(whole)
        self._estimates.show_rows(rows)
        is_tight = bool(rows) or whole.windows is not None
        self._set_row_height(TIGHT_ROW_HEIGHT_PX if is_tight else ROW_HEIGHT_PX)
        self._growth.setText(growth_text(whole))
        self._growth.setVisible(bool(self._growth.text()))
        self._stop.setVisible(is_growing(whole) or can_go_on(whole))
        self._stop.setText("Go on" if can_go_on(whole) else "Stop")
        self._delegate.style = overlays_of(whole).style
        self._table.viewport().update()
        self._placing.setText(placing_text(whole))
        self._placing.setVisible(bool(self._placing.text()))
        self._compare.setEnabled(whole.recording is not None)
        self._figure.setText(shown.figure)
        self._caption.setText(shown.caption)
        self._second.setText(shown.second)
        self._second.setVisible(bool(shown.second))
        for text in (self._figure, self._caption, self._second):
            font = text.font()
            font.setItalic(shown.expected)
            text.setFont(font)
        self._stretch.setText(stretch_text(state))
        self._raw.setChecked(not state.clean)
        self._clean.setChecked(state.clean)
        model = self._table.model()
        assert isinstance(model, AgreementModel)
        model.set_rows(table_rows(state))
        model.set_columns(columns(state))
        self._set_column_widths()
        self._copy.setEnabled(state.reconstruction is not None)

    def _set_row_height(self, height_px: int) -> None:
        """Make room for the list of estimates, or take it back."""
        height_px = scaled(height_px, _ROW_SHARE)
        if self._table.verticalHeader().defaultSectionSize() != height_px:
            self._table.verticalHeader().setDefaultSectionSize(height_px)
        self._table.setFixedHeight(scaled(_HEAD_HEIGHT_PX) + 12 * height_px + 2)

    def copy(self) -> None:
        """Copy the table to the clipboard, as text and as HTML; as text the estimates too."""
        state = self._session.state
        data = QMimeData()
        data.setText(as_tsv(shown_state(state)) + estimates_tsv(state))
        data.setHtml(as_html(shown_state(state)))
        QGuiApplication.clipboard().setMimeData(data)

"""One row of controls at the top; each names its current value."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.action_groups.interval import INTERVAL_IDS
from ecgview.gui.action_groups.paper import FILTER_ACTIONS, PAPER_IDS, RHYTHM_IDS
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.interval_words import interval_tip, interval_title
from ecgview.gui.lead_panel import PANEL_WIDTH_PX
from ecgview.gui.pages import PageSwitcher
from ecgview.gui.qt_actions import Actions
from ecgview.gui.session import Session
from ecgview.gui.text_size import hold
from ecgview.gui.theme import restyle
from ecgview.gui.top_bar_words import (
    SHOW_TITLES,
    filter_words,
    layout_words,
    subtitle_of,
    title_of,
)
from ecgview.gui.viewer.labels import speed_words
from ecgview.gui.viewer.state import GAINS_MM_MV, LAYOUTS, SCALES, SHOWS, SPEEDS_MM_S
from ecgview.gui.widgets import button, menu_button

HEIGHT_PX = 52
_GROUP_GAP_PX = 6
_TITLE_PX = (96, PANEL_WIDTH_PX - 36)
_PART_PX = 96
TIME_IDS = ["time.more", "time.less", "time.usual", "time.whole"]
_MIDDLE = Qt.TextElideMode.ElideMiddle


class TopBar(QFrame):
    """The bar; its `part_asked` tells which part of the file is asked for.

    Parameters
    ----------
    session : Session
        Shown.
    actions : Actions
        What the buttons do.
    """

    part_asked = Signal(str)

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self._actions = actions
        self.setObjectName("top-bar")
        self.setProperty("panel", "true")
        hold(self, height=HEIGHT_PX)
        self.pages = PageSwitcher(session)
        self._title = ElidedLabel("", "title")
        self._subtitle = ElidedLabel("", "secondary")
        self._open = self._action_button("open", "Open")
        self._previous = self._action_button("previous", "\u2039")
        self._next = self._action_button("next", "\u203a")
        view = [f"view.layout.{layout}" for layout in LAYOUTS]
        scales = [f"view.scale.{scale}" for scale in SCALES]
        self._layout = self._choice(
            "Layout and scale", view, [*scales, "calibrate"], [*PAPER_IDS, "vectorcardiogram"]
        )
        self._add_submenu("Rhythm strips", RHYTHM_IDS)
        speeds = [f"view.speed_mm_s.{speed}" for speed in SPEEDS_MM_S]
        gains = [f"view.gain_mm_mv.{gain}" for gain in GAINS_MM_MV]
        self._speed = self._choice("Speed", speeds, TIME_IDS)
        self._gain = self._choice("Gain", gains)
        self._paper_menus = (
            self._add_submenu("Speed", [*speeds, *TIME_IDS]),
            self._add_submenu("Gain", gains),
        )
        self._filters = self._choice("Filters", *_filter_groups())
        self._shows = {
            show: self._action_button(f"view.show.{show}", SHOW_TITLES[show]) for show in SHOWS
        }
        self._shading = self._action_button("shading", "Shading")
        shows = [f"view.show.{show}" for show in SHOWS]
        self._interval = self._choice("Interval", INTERVAL_IDS[:1], INTERVAL_IDS[1:])
        self._what = self._choice(
            "What to show", shows, ["shading"], INTERVAL_IDS[:1], INTERVAL_IDS[1:]
        )
        self._part, self._parts = menu_button("", "Part of the file", "Part of the file")
        self._part.setObjectName("menu-part")
        self._export = self._choice(
            "Export",
            ["page.export", "page.report", "page.print"],
            ["page.copy", "copy.table", "save.picture"],
            ["save.reconstruction", "save.recording", "save.anonymised"],
        )
        self._export.setText("Export")
        self.menu_button, self.menu = menu_button("☰", "Menu", "Menu (F10)")
        self.menu_button.setShortcut("F10")
        self.menu_button.setProperty("menu", "sign")
        self._for_recordings = (
            self._open, self._previous, self._next, self._layout, self._speed, self._gain,
            self._filters, self._export,
        )  # fmt: skip
        self._lay_out()
        for signal in (
            session.recording_changed, session.files_changed, session.view_changed,
            session.page_changed,
        ):  # fmt: skip
            signal.connect(self.refresh)
        self.refresh()

    def _action_button(self, action_id: str, text: str) -> QPushButton:
        """Make a button that does an action and follows its state."""
        action = self._actions[action_id]
        keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        made = button(
            text, action.trigger, name=action.text(), checkable=action.isCheckable(),
            tip=f"{action.text()} ({keys})" if keys else action.text(),
        )  # fmt: skip
        made.setObjectName(f"button-{action_id}")

        def follow() -> None:
            made.setEnabled(action.isEnabled())
            made.setChecked(action.isChecked())

        action.changed.connect(follow)
        made.clicked.connect(follow)
        follow()
        return made

    def _choice(self, name: str, *groups: list[str]) -> QPushButton:
        made, menu = menu_button("", name, name)
        made.setObjectName(f"menu-{name.split()[0].lower()}")
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions([self._actions[action_id] for action_id in group])
        return made

    def _add_submenu(self, title: str, action_ids: Iterable[str]) -> QMenu:
        """Put a submenu before the end of the layout's menu."""
        made = QMenu(title, self._layout.menu())
        made.addActions([self._actions[action_id] for action_id in action_ids])
        self._layout.menu().insertMenu(self._actions["vectorcardiogram"], made)
        return made

    def _lay_out(self) -> None:
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addStretch()
        titles.addWidget(self._title)
        titles.addWidget(self._subtitle)
        titles.addStretch()
        for title in (self._title, self._subtitle):
            title.setMinimumWidth(_TITLE_PX[0])
            title.setMaximumWidth(_TITLE_PX[1])
            title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(6)
        row.addWidget(self.pages)
        row.addSpacing(6)
        row.addLayout(titles, 100)
        row.addSpacing(4)
        hold(self._previous, width=30)
        hold(self._next, width=30)
        groups = (
            (self._open, self._previous, self._next, self._part),
            (self._layout, self._speed, self._gain, self._filters),
            tuple(self._shows.values()),
            (self._shading, self._interval, self._what),
        )
        for group in groups:
            for widget in group:
                row.addWidget(widget)
            row.addSpacing(_GROUP_GAP_PX)
        row.addStretch(1)
        row.addWidget(self._export)
        row.addWidget(self.menu_button)

    def refresh(self) -> None:
        """Name the current values."""
        state = self._session.state
        self._title.setText(title_of(state))
        self._subtitle.setText(subtitle_of(state))
        view = state.view
        self._layout.setText("VCG" if state.shows_loops else layout_words(view))
        self._speed.setText(speed_words(view))
        self._gain.setText(f"{view.gain_mm_mv:g} mm/mV")
        self._say_filters()
        self._what.setText(SHOW_TITLES[view.show])
        self._interval.setText(interval_title(view.interval))
        self._interval.setToolTip(f"{interval_tip(view.interval)} (I)")
        viewing = state.page == "viewer"
        for title in (self._title, self._subtitle):
            title.setVisible(viewing)
        for widget in self._for_recordings:
            widget.setVisible(viewing and state.recording is not None)
        self._show_parts(viewing)
        self._fit()

    def _say_filters(self) -> None:
        """Say which filters are on, in the colour of warnings."""
        state = self._session.state
        filters = state.view.filters
        self._filters.setText(filter_words(filters))
        input_too = ", the model's input too" if state.filter_input and filters else ""
        self._filters.setToolTip(f"Filters: {filters.words}{input_too} (Shift+F for none)")
        self._filters.setAccessibleName(f"Filters: {filters.words}{input_too}")
        is_on = "true" if filters else "false"
        if self._filters.property("warns") != is_on:
            self._filters.setProperty("warns", is_on)
            restyle(self._filters)

    def _show_parts(self, viewing: bool) -> None:
        """Offer the parts of a file that holds several."""
        recording = self._session.state.recording
        parts = recording.parts if recording is not None else ()
        self._part.setVisible(viewing and len(parts) > 1)
        self._parts.clear()
        if recording is None or not self._part.isVisibleTo(self):
            return
        self._part.setText(self.fontMetrics().elidedText(recording.part, _MIDDLE, _PART_PX))
        for part in parts:
            action = self._parts.addAction(part)
            action.setCheckable(True)
            action.setChecked(part == recording.part)
            action.triggered.connect(partial(self._on_part, part))

    def _on_part(self, part: str, *_: object) -> None:
        self.part_asked.emit(part)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Put what to show into a menu where the row would not fit."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit the row anew when a button says something longer."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Fold into menus what the row has no room for: what to show, speed and gain, the rest."""
        state = self._session.state
        viewing = state.page == "viewer" and state.recording is not None
        shows = (*self._shows.values(), self._shading, self._interval)
        paper = (self._speed, self._gain)
        always = [one for one in self._for_recordings if one not in paper]
        is_tight = self.width() < self._width_of(*always, *paper, *shows)
        is_tighter = self.width() < self._width_of(*always, *paper, self._what)
        # Large words leave room for little: the menu of all actions has these too.
        rest = (self._previous, self._next, self._export)
        is_tightest = self.width() < self._width_of(*always, self._what)
        for widget in rest:
            widget.setVisible(viewing and not is_tightest)
        kept = [self._layout, self._open, self._filters]
        while kept and self.width() < self._width_of(*kept, self._what):
            kept.pop()
        for widget in (self._layout, self._open, self._filters):
            widget.setVisible(viewing and widget in kept)
        for widget in shows:
            widget.setVisible(viewing and not is_tight)
        has_room = self.width() >= self._width_of(*always, *paper, self._what, self._interval)
        self._interval.setVisible(viewing and has_room)
        self._what.setVisible(viewing and is_tight)
        for widget, menu in zip(paper, self._paper_menus, strict=True):
            widget.setVisible(viewing and not is_tighter)
            menu.menuAction().setVisible(is_tighter)

    def _width_of(self, *shown: QPushButton) -> int:
        """Width that the row takes with these buttons besides those that are always there."""
        row = self.layout()
        assert row is not None
        part = (self._part,) if self._part.isVisibleTo(self) else ()
        widgets = (self.pages, *shown, self.menu_button, *part)
        edges = row.contentsMargins().left() + row.contentsMargins().right()
        # Qt puts no spacing beside the gaps between groups.
        gaps = len(widgets) * row.spacing() + 6 * _GROUP_GAP_PX
        return edges + gaps + _TITLE_PX[0] + sum(map(_needed_px, widgets))


def _needed_px(widget: QWidget) -> int:
    # The steps to the files beside are held wider than their signs.
    return max(widget.sizeHint().width(), widget.minimumWidth())


def _filter_groups() -> list[list[str]]:
    """Give the filters' actions, parted where the menu parts them."""
    groups: list[list[str]] = [[]]
    for spec in FILTER_ACTIONS:
        if spec.section:
            groups.append([])
        groups[-1].append(spec.id)
    return groups

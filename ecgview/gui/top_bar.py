"""One row of controls at the top; each names its current value."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from ecgview.gui.action_spec import has_correction
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.lead_panel import PANEL_WIDTH_PX
from ecgview.gui.pages import PageSwitcher
from ecgview.gui.qt_actions import Actions
from ecgview.gui.session import Session
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import (
    GAINS_MM_MV,
    LAYOUT_TITLES,
    LAYOUTS,
    SCALES,
    SHOWS,
    SPEEDS_MM_S,
    ViewState,
)
from ecgview.gui.widgets import button, menu_button
from ecgview.recording import Recording

HEIGHT_PX = 52
_GROUP_GAP_PX = 6
_TITLE_PX = (96, PANEL_WIDTH_PX - 36)
_PART_PX = 96
_MIDDLE = Qt.TextElideMode.ElideMiddle
SHOW_TITLES = {
    "overlay": "Overlay",
    "original": "Original",
    "reconstruction": "Reconstruction",
    "side": "Side by side",
}
SCALE_TITLES = {"fit": "fit", "true": "true size"}


def title_of(state: SessionState) -> str:
    """Give the recording's name, or the application's."""
    return state.recording.name if state.recording else "ecgview"


def subtitle_of(state: SessionState) -> str:
    """Give the facts about the recording in a line."""
    recording = state.recording
    if recording is None:
        return "Twelve leads from the ones you have"
    parts = ["simulated"] if recording.simulated else []
    parts += ["corrected"] if has_correction(state) else []
    # What stands nowhere else comes before what may be cut off.
    parts += [f"{state.index + 1} of {len(state.files)}"] if len(state.files) > 1 else []
    derived = len(recording.derived_leads)
    leads = len(recording.leads) - derived
    said = f"{leads} lead{'s' if leads != 1 else ''}"
    parts += [f"{said} + {derived} derived" if derived else said, f"{recording.fs_hz:g} Hz"]
    parts += [_duration(recording), recording.format_name]
    if recording.other_channels:
        parts.append(f"+ {len(recording.other_channels)} other")
    text = " · ".join(part for part in parts if part)
    return text[0].upper() + text[1:]


def _duration(recording: Recording) -> str:
    seconds = recording.duration_s
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


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
        self.setFixedHeight(HEIGHT_PX)
        self.pages = PageSwitcher(session)
        self._title = ElidedLabel("", "title")
        self._subtitle = ElidedLabel("", "secondary")
        self._open = self._action_button("open", "Open")
        self._previous = self._action_button("previous", "\u2039")
        self._next = self._action_button("next", "\u203a")
        view = [f"view.layout.{layout}" for layout in LAYOUTS]
        scales = [f"view.scale.{scale}" for scale in SCALES]
        self._layout = self._choice("Layout and scale", view, scales, ["vectorcardiogram"])
        self._speed = self._choice("Speed", [f"view.speed_mm_s.{v}" for v in SPEEDS_MM_S])
        self._gain = self._choice("Gain", [f"view.gain_mm_mv.{v}" for v in GAINS_MM_MV])
        self._shows = {
            show: self._action_button(f"view.show.{show}", SHOW_TITLES[show]) for show in SHOWS
        }
        self._shading = self._action_button("shading", "Shading")
        shows = [f"view.show.{show}" for show in SHOWS]
        self._what = self._choice("What to show", shows, ["shading"])
        self._part, self._parts = menu_button("", "Part of the file", "Part of the file")
        self._part.setObjectName("menu-part")
        self._export = self._choice(
            "Export",
            ["copy.table", "save.picture"],
            ["save.reconstruction", "save.recording", "save.anonymised"],
        )
        self._export.setText("Export")
        self.menu_button, self.menu = menu_button("☰", "Menu", "Menu (F10)")
        self.menu_button.setShortcut("F10")
        self.menu_button.setProperty("menu", "sign")
        self._for_recordings = (
            self._open, self._previous, self._next, self._layout, self._speed, self._gain,
            self._export,
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
        self._previous.setFixedWidth(30)
        self._next.setFixedWidth(30)
        groups = (
            (self._open, self._previous, self._next, self._part),
            (self._layout, self._speed, self._gain),
            tuple(self._shows.values()),
            (self._shading, self._what),
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
        view: ViewState = state.view
        scale = SCALE_TITLES[view.scale]
        if view.zoom != 1:
            scale = f"{scale}, {view.zoom * 100:.0f} %"
        paper = f"{LAYOUT_TITLES[view.layout]} · {scale}"
        self._layout.setText("VCG" if state.loops.shown else paper)
        self._speed.setText(f"{view.speed_mm_s:g} mm/s")
        self._gain.setText(f"{view.gain_mm_mv:g} mm/mV")
        self._what.setText(SHOW_TITLES[view.show])
        viewing = state.page == "viewer"
        for title in (self._title, self._subtitle):
            title.setVisible(viewing)
        for widget in self._for_recordings:
            widget.setVisible(viewing and state.recording is not None)
        self._show_parts(viewing)
        self._fit()

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
        """Lay out what to show as buttons where there is room for them, else as one menu."""
        state = self._session.state
        viewing = state.page == "viewer" and state.recording is not None
        is_tight = self.width() < self._wide_px()
        for widget in (*self._shows.values(), self._shading):
            widget.setVisible(viewing and not is_tight)
        self._what.setVisible(viewing and is_tight)

    def _wide_px(self) -> int:
        """Width that the row takes with a button for each thing to show."""
        row = self.layout()
        assert row is not None
        widgets = (
            self.pages, *self._for_recordings, *self._shows.values(), self._shading,
            self.menu_button, *((self._part,) if self._part.isVisibleTo(self) else ()),
        )  # fmt: skip
        edges = row.contentsMargins().left() + row.contentsMargins().right()
        # Qt puts no spacing beside the gaps between groups.
        gaps = len(widgets) * row.spacing() + 6 * _GROUP_GAP_PX
        return edges + gaps + _TITLE_PX[0] + sum(widget.sizeHint().width() for widget in widgets)

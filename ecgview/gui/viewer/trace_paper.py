"""The paper with the traces of a recording: what is shown, painted and said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from ecgview.gui.theme import LIGHT, THEMES, Theme
from ecgview.gui.viewer.drawing import Layer
from ecgview.gui.viewer.filtered_signals import Unfiltered, drawn_filters
from ecgview.gui.viewer.labels import description, lead_details
from ecgview.gui.viewer.layout import Page, Window, within_bounds
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.gui.viewer.paint import label_rect, paint_band
from ecgview.gui.viewer.paint_drawing import paint_drawing
from ecgview.gui.viewer.picture import TilePicture
from ecgview.gui.viewer.scene import Scene, bands_of, build_scene
from ecgview.gui.viewer.signals import Signals, Stretch
from ecgview.gui.viewer.state import ViewState
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement


class TracePaper(QWidget):
    """Twelve leads on ECG paper; `TraceArea` adds the ways to move over it."""

    signalsChanged = Signal()  # noqa: N815
    """`signals` gives other readers than before."""
    grown = Signal()
    """More of what is being worked out is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = ViewState()
        self._theme = LIGHT
        self._unfiltered: Unfiltered | None = None
        self._filters = Filters()
        self._signals: Signals | None = None
        self._agreement: Agreement | None = None
        self._scene: Scene | None = None
        self._scene_key: object = None
        self._picture = TilePicture()
        self._drawn: Scene | None = None
        self._layers: dict[str, Layer] = {}
        self._screen_layers: set[str] = set()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("ECG traces")
        self._describe()

    # What to show

    def set_recording(self, recording: Recording | None) -> None:
        """Show another recording from its start, without reconstruction and mark."""
        self._unfiltered = None if recording is None else Unfiltered(recording)
        self._read_anew()
        self._agreement = None
        self._set(replace(self._view, start_s=0.0, mark_s=None, scroll_mm=(0.0, 0.0)))
        self._redraw()

    def set_reconstruction(
        self,
        reconstruction: Reconstruction | None,
        agreement: Agreement | None = None,
        overlays: Overlays = NO_OVERLAYS,
    ) -> None:
        """Draw a reconstruction of the recording, quote its correlations; others are lines."""
        if self._signals is not None and self._unfiltered is not None:
            self._agreement = agreement
            before = self._unfiltered
            if reconstruction is not before.reconstruction or overlays != before.overlays:
                self._unfiltered = Unfiltered(before.recording, reconstruction, overlays)
                signals = self._unfiltered.estimates(self._signals, self._filters)
                self._take(signals)
        self._redraw()

    def set_view(self, view: ViewState) -> None:
        """Show this view, or the nearest possible; `viewChanged` is not emitted."""
        self._set(view)

    def refresh_filters(self) -> None:
        """Filter the traces as the view says, once that is possible."""
        unfiltered = self._unfiltered
        wanted = drawn_filters(self._view.filters, unfiltered.recording if unfiltered else None)
        if wanted != self._filters:
            self._read_anew()
            self._redraw()

    def _read_anew(self) -> None:
        """Make the readers of what is shown, filtered as the view says."""
        unfiltered = self._unfiltered
        recording = unfiltered.recording if unfiltered else None
        self._filters = drawn_filters(self._view.filters, recording)
        self._take(unfiltered.signals(self._filters) if unfiltered else None)

    def _take(self, signals: Signals | None) -> None:
        self._signals = signals.wait_for_nothing() if signals else None
        self._scene = None
        self.signalsChanged.emit()

    def signals(self) -> Signals | None:
        """Give the readers of what is shown; None without a recording."""
        return self._signals

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is on."""
        return bool(self._filters)

    def _follow_growth(self, signals: Signals) -> None:
        new = signals.refresh()
        if new:
            self.show_filled(new)
            # Not while painting.
            QTimer.singleShot(0, self, self.grown.emit)

    def show_filled(self, stretches: tuple[Stretch, ...]) -> None:
        """Draw samples anew that were not there, or not known to far views, before."""
        if self._signals is not None and self._scene is not None and stretches:
            self._picture.forget(stretches, self._scene, self._signals.recording.fs_hz)
            self._drawn = None
            self.update()

    def set_layer(self, name: str, layer: Layer, *, on_screen_only: bool = False) -> None:
        """Lay something over the page; asked at each paint, so that it may change any time.

        Parameters
        ----------
        name : str
            Takes the place of an earlier layer of that name; layers are painted in the order in
            which their names first came.
        layer : callable
            See `drawing.Layer`; not asked while there is no recording. Call `update` when what it
            shows has changed.
        on_screen_only : bool
            Whether it stays out of pictures and prints, as the user's own notes do.
        """
        self._layers[name] = layer
        if on_screen_only:
            self._screen_layers.add(name)
        self.update()

    def layers(self) -> tuple[Layer, ...]:
        """Give what is laid over the page and belongs into pictures of it, lowest first."""
        return tuple(
            layer for name, layer in self._layers.items() if name not in self._screen_layers
        )

    def set_theme(self, theme: Theme | str) -> None:
        """Paint in another theme, given or named."""
        self._theme = THEMES[theme] if isinstance(theme, str) else theme
        self._redraw()

    def view(self) -> ViewState:
        """Give the current view."""
        return self._view

    def scene(self) -> Scene:
        """Give what is painted at the current size."""
        bare = self._scene_at(self.devicePixelRatioF())
        if self._drawn is None:
            self._drawn = self._build(bare.dpr, traces=True)
        return replace(self._drawn, bands=bare.bands)

    def _scene_at(self, dpr: float) -> Scene:
        """Give the page without its traces, which are painted tile by tile."""
        # The mark is put in afterwards: dragging it out must not work out the page anew.
        drawn = replace(self._view, mark_s=None, filters=self._filters)
        key = (drawn, self.width(), self.height(), dpr)
        if self._scene is None or self._scene_key != key:
            self._scene_key, self._drawn = key, None
            self._scene = self._build(dpr, traces=False)
        return replace(self._scene, bands=bands_of(self._view, self._scene.page))

    def _page(self) -> Page:
        return self._scene_at(self.devicePixelRatioF()).page

    def _build(self, dpr: float, *, traces: bool) -> Scene:
        signals = self._signals
        return build_scene(
            replace(self._view, mark_s=None, filters=self._filters),
            signals.recording if signals else None,
            signals.reconstruction if signals else None,
            self._agreement,
            self.width(),
            self.height(),
            dpr,
            signals=signals,
            traces=traces,
        )

    def footer_text(self) -> str:
        """Give the scale in words, for the line under the paper."""
        return self._scene_at(self.devicePixelRatioF()).footer

    def _window(self) -> Window:
        return Window(self.width(), self.height(), self.devicePixelRatioF())

    def extent(self) -> tuple[float, Window]:
        """Give the length of the recording in seconds, and the window on it."""
        return self._extent()

    def _extent(self) -> tuple[float, Window]:
        """Length of the recording in seconds, and the window on it."""
        return self._signals.recording.duration_s if self._signals else 0.0, self._window()

    def _set(self, view: ViewState) -> bool:
        """Take over a view as far as possible; tell whether anything changed."""
        view = within_bounds(view, *self._extent())
        changed = view != self._view
        self._view = view
        self.refresh_filters()
        self.update()
        return changed

    def _redraw(self) -> None:
        self._scene = self._drawn = None
        self._describe()
        self.update()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Show the page as painted, and the mark over it."""
        painter = QPainter(self)
        # The painter's own scale: a window rendered into a picture may have another than the
        # screen.
        scene = self._scene_at(painter.deviceTransform().m11())
        if self._signals is not None:
            self._follow_growth(self._signals)
        self._picture.paint(painter, scene, self._signals, self._view, self._theme)
        paint_band(painter, scene, self._theme)
        if self._signals is not None:
            for layer in self._layers.values():
                drawing = layer(scene.page, scene.width, scene.height)
                paint_drawing(painter, drawing, self._theme)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Show a tooltip over a lead's label."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._details_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    # Words

    def _details_at(self, place: QPointF) -> str:
        if self._signals is None:
            return ""
        panels = self._scene_at(self.devicePixelRatioF()).panels
        shown = [panel.label for panel in panels if panel.label]
        lead = next((label.lead for label in shown if label_rect(label).contains(place)), None)
        return "" if lead is None else lead_details(lead, *self._subject())

    def _describe(self) -> None:
        """Tell screen readers what is on the paper."""
        if self._signals is None:
            self.setAccessibleDescription("No recording")
        else:
            self.setAccessibleDescription(description(*self._subject()))

    def _subject(self) -> tuple[Recording, Reconstruction | None, Agreement | None]:
        assert self._signals is not None
        return self._signals.recording, self._signals.reconstruction, self._agreement

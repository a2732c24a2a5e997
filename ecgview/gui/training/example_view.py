"""One validation recording, drawn again after each epoch: the reconstruction getting better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from ecgview.engine.training_events import Example
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.theme import LIGHT, Theme
from ecgview.gui.training.example_page import example_page, rebuilt_chest_leads
from ecgview.gui.viewer.picture import PagePicture
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.widgets import label
from ecgview.leads import LEAD_INDEX, LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array

_EMPTY_S = 8.192
_VIEW = ViewState(speed_mm_s=25.0, gain_mm_mv=10.0)


def example_recording(example: Example) -> Recording:
    """Give the recording of an example."""
    rows = dict(zip(LEADS, example.truth_mv, strict=True))
    return recording_from_array(example.name, rows, example.fs_hz)


def example_reconstruction(example: Example) -> Reconstruction:
    """Give what the network made of it."""
    return Reconstruction(
        example.available, lead_origins(example.available), ArraySource(example.estimate_mv),
        "in training", example.fs_hz / 2, "cpu", 0.0,
    )  # fmt: skip


class ExamplePaper(QWidget):
    """The rebuilt chest leads on ECG paper."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._example: Example | None = None
        self._picture = PagePicture()
        self._scene: Scene | None = None
        self._key: object = None
        self.setMinimumHeight(150)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Example recording")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wider than high."""
        return QSize(640, 300)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def show_example(self, example: Example | None) -> None:
        """Draw an example."""
        if example is not self._example:
            self._example, self._scene = example, None
            self.update()

    def scene_at(self, dpr: float) -> Scene:
        """Work out what is drawn."""
        key = (self.width(), self.height(), dpr)
        if self._scene is None or self._key != key:
            self._key, self._scene = key, _scene(self._example, *key)
        return self._scene

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw paper and traces."""
        painter = QPainter(self)
        scene = self.scene_at(painter.deviceTransform().m11())
        painter.drawPixmap(0, 0, self._picture.of(scene, self._theme))
        painter.end()


def _scene(example: Example | None, width: float, height: float, dpr: float) -> Scene:
    if example is None:
        page = example_page((), _EMPTY_S, 1.0, width, height, dpr)
        return build_scene(_VIEW, None, None, None, width, height, dpr, page=page)
    from ecgview.engine.metrics import agreement

    recording, reconstruction = example_recording(example), example_reconstruction(example)
    leads = rebuilt_chest_leads(example.available)
    chest_mv = example.truth_mv[[LEAD_INDEX[lead] for lead in leads]]
    reach_mv = float(np.ptp(chest_mv, axis=1).max(initial=1.0))
    page = example_page(leads, recording.duration_s, reach_mv, width, height, dpr)
    figures = agreement(recording, reconstruction, clean=False)
    return build_scene(_VIEW, recording, reconstruction, figures, width, height, dpr, page=page)


class ExampleHeader(QWidget):
    """Names the recording, with a slider over the epochs."""

    epoch_chosen = Signal(int)
    """An epoch to look at; 0 for always the latest."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0
        self._title = ElidedLabel("", "secondary")
        self._title.setObjectName("example-title")
        self._epoch = label("", "secondary")
        self._epoch.setMinimumWidth(56)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("example-epoch")
        self.slider.setAccessibleName("Epoch of the example")
        self.slider.setFixedWidth(140)
        self.slider.valueChanged.connect(self._on_moved)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._title, 1)
        row.addWidget(self._epoch)
        row.addWidget(self.slider)

    def show_example(self, example: Example | None, epoch: int, epochs: Sequence[int]) -> None:
        """Name an example and the epoch it is of, among those that there are."""
        self._last = max(epochs, default=0)
        text = "After the first epoch"
        if example is not None:
            name, given = example.name.rpartition("/")[2], ", ".join(example.available)
            text = f"{name}, not trained on; from {given} alone"
        self._title.setText(text)
        self._epoch.setText(f"Epoch {epoch}" if epoch else "")
        self.slider.blockSignals(True)
        self.slider.setRange(min(epochs, default=0), self._last)
        self.slider.setValue(epoch)
        self.slider.blockSignals(False)
        self.slider.setVisible(len(epochs) > 1)

    def _on_moved(self, epoch: int) -> None:
        self.epoch_chosen.emit(0 if epoch == self._last else epoch)


class ExampleView(QWidget):
    """The paper and its header, which stands elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.header, self.paper = ExampleHeader(), ExamplePaper()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.paper)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.paper.set_theme(theme)

    def show_examples(self, examples: Mapping[int, Example], epoch: int = 0) -> None:
        """Show the example of an epoch, or of the last one before it; the latest for 0."""
        last = max(examples, default=0)
        shown = max((e for e in examples if e <= (epoch or last)), default=last)
        self.paper.show_example(examples.get(shown))
        self.header.show_example(examples.get(shown), shown, sorted(examples))

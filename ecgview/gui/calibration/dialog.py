"""The dialog in which a screen is measured."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.calibration.known_length import KnownLength
from ecgview.gui.calibration.screens import RANGE_PX_PER_MM
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import button, label, resize_to_fit

RULER_MM = (20.0, 400.0)
_USUAL_RULER_MM = 100.0
_SIZE_PX = (720, 560)


class CalibrationDialog(QDialog):
    """Asks to make a bank card, or a ruler of a length, as large as a real one.

    Parameters
    ----------
    theme : Theme
        Of the drawing.
    px_per_mm : float
        To begin with.
    screen_name : str
        Whose size is measured.
    is_measured : bool
        Whether there is an earlier measurement to forget.
    parent : QWidget, optional
        Owner.

    Attributes
    ----------
    is_forgotten : bool
        Whether the user wants the screen to count as not measured.
    """

    def __init__(
        self,
        theme: Theme,
        px_per_mm: float,
        screen_name: str,
        is_measured: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_forgotten = False
        self.setWindowTitle("Calibrate the screen")
        self._known = KnownLength(theme, px_per_mm)
        self._known.changed.connect(self._on_dragged)
        self._card = QRadioButton("Bank card")
        self._ruler = QRadioButton("Ruler of")
        self._length = _field("ruler-length", "Length of the ruler", RULER_MM, " mm", 1)
        self._length.setValue(_USUAL_RULER_MM)
        self._scale = _field("px-per-mm", "Pixels per millimetre", RANGE_PX_PER_MM, " px/mm", 3)
        self._scale.setSingleStep(0.01)
        self._scale.setValue(px_per_mm)
        self._scale.valueChanged.connect(self._known.set_px_per_mm)
        self._length.valueChanged.connect(self._choose)
        group = QButtonGroup(self)
        for choice in (self._card, self._ruler):
            group.addButton(choice)
        self._card.setChecked(True)
        group.buttonToggled.connect(self._choose)
        forget = button("Forget", self._forget, tip="Count this screen as not calibrated")
        forget.setEnabled(is_measured)
        self._lay_out(screen_name, forget)
        resize_to_fit(self, *_SIZE_PX)
        self._known.setFocus()

    @property
    def px_per_mm(self) -> float:
        """What the user made of it."""
        return self._known.px_per_mm

    def _lay_out(self, screen_name: str, forget: QWidget) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(12)
        for widget in (self._card, self._ruler, self._length):
            choices.addWidget(widget)
        choices.addStretch()
        choices.addWidget(self._scale)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(forget)
        row.addStretch()
        row.addWidget(button("Cancel", self.reject))
        save = button("Save", self.accept, primary="true")
        save.setDefault(True)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("How large is a millimetre on this screen?", "title"))
        said = (
            "Hold a bank card, or a ruler, flat against the screen and drag the right edge of the "
            "drawing until both are equally wide. 25 mm/s and 10 mm/mV are then true."
        )
        column.addWidget(label(said, wrap=True))
        column.addLayout(choices)
        column.addWidget(self._known, 1)
        column.addWidget(
            label(f"Remembered for this screen: {screen_name}", "secondary", wrap=True)
        )
        column.addLayout(row)

    def _choose(self, *_: object) -> None:
        if self._card.isChecked():
            self._known.show_card()
        else:
            self._known.show_ruler(self._length.value())

    def _on_dragged(self, px_per_mm: float) -> None:
        # The field rounds; what was dragged counts.
        self._scale.blockSignals(True)
        self._scale.setValue(px_per_mm)
        self._scale.blockSignals(False)

    def _forget(self) -> None:
        self.is_forgotten = True
        self.accept()


def _field(
    name: str, title: str, limits: tuple[float, float], unit: str, decimals: int
) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setToolTip(title)
    made.setDecimals(decimals)
    made.setRange(*limits)
    made.setSuffix(unit)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made

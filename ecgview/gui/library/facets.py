"""Buttons that choose values of one fact, each with how many recordings it would leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ecgview.gui.flow_layout import FlowLayout
from ecgview.gui.widgets import button, clear, label


class Facet(QWidget):
    """A heading and a button for each value; hidden where there is nothing to choose.

    Parameters
    ----------
    name : str
        Field of the query.
    title : str
        The heading.
    words : callable
        Says a value in a word or two.
    tip : callable
        Says it in full.
    toggle : callable
        Called with the value of a button that is pressed.
    counted : bool
        Whether the buttons say how many; their tooltips do in any case.
    """

    def __init__(
        self,
        name: str,
        title: str,
        words: Callable[[object], str],
        tip: Callable[[object], str],
        toggle: Callable[[object], object],
        *,
        counted: bool = True,
    ) -> None:
        super().__init__()
        self._counted = counted
        self.name, self._words, self._tip, self._toggle = name, words, tip, toggle
        self._buttons: dict[object, QPushButton] = {}
        flow = QWidget()
        self._flow = FlowLayout(4, flow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(title, "heading"))
        column.addWidget(flow)

    def show_values(
        self,
        values: Sequence[object],
        counts: Mapping[object, int],
        chosen: frozenset[object],
        *,
        least: int = 2,
    ) -> None:
        """Show what can be chosen.

        Parameters
        ----------
        values : sequence
            In order.
        counts : dict
            How many recordings each would leave.
        chosen : frozenset
            Those that are asked for.
        least : int
            With fewer values there is no choice, and nothing is shown.
        """
        self.setVisible(len(values) >= least)
        if list(values) != list(self._buttons):
            self._make(values)
        for value, made in self._buttons.items():
            count = counts.get(value, 0)
            words = self._words(value)
            made.setText(f"{words}  {count:,}" if self._counted else words)
            made.setChecked(value in chosen)
            full = self._tip(value)
            made.setToolTip(f"{full}: {count:,}")
            made.setAccessibleName(f"{full}, {count:,} recordings")

    def _make(self, values: Sequence[object]) -> None:
        clear(self._flow)
        self._buttons = {}
        for value in values:
            made = button("", checkable=True, facet="true")
            made.setObjectName(f"{self.name}-{value}")
            made.clicked.connect(lambda _, value=value: self._toggle(value))
            self._flow.addWidget(made)
            self._buttons[value] = made

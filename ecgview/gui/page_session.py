"""The state of a page with signals of what changed: what the sessions of pages have in common."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QObject


class StatefulSession(QObject):
    """Holds one frozen state, and tells which part of it changed."""

    _signal_of_field: ClassVar[Mapping[str, str]]
    """The signal that each field belongs to."""
    _differs: ClassVar[Callable[[Any, Any], bool]] = operator.is_not
    _state: Any

    def update(self, **changes: Any) -> None:
        """Change fields of the state and tell each signal they belong to once."""
        before, self._state = self._state, replace(self._state, **changes)
        differs = type(self)._differs
        changed = [name for name in changes if differs(getattr(before, name), changes[name])]
        for signal in dict.fromkeys(self._signal_of_field[name] for name in changed):
            getattr(self, signal).emit()

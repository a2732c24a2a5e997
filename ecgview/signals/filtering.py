"""Filters of the display and of a model's input, chosen by name: zero phase, gaps stay gaps."""

from __future__ import annotations

from dataclasses import dataclass

HIGH_PASSES_HZ = (0.05, 0.15, 0.5, 0.67)
LOW_PASSES_HZ = (40.0, 100.0, 150.0)
MAINS_HZ = (50.0, 60.0)


@dataclass(frozen=True)
class Filters:
    """What a signal is filtered with; nothing by default.

    Attributes
    ----------
    high_pass_hz, low_pass_hz : float or None
        Corners of the pass band.
    mains_hz : float or None
        Frequency of the mains whose hum is taken out.
    baseline : bool
        Whether the wander of the baseline is followed and taken off.
    """

    high_pass_hz: float | None = None
    low_pass_hz: float | None = None
    mains_hz: float | None = None
    baseline: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def words(self) -> str:
        """Name the filters that are on; ``filters off`` where none is."""
        parts = []
        if self.high_pass_hz is not None:
            parts.append(f"high-pass {self.high_pass_hz:g} Hz")
        if self.low_pass_hz is not None:
            parts.append(f"low-pass {self.low_pass_hz:g} Hz")
        if self.mains_hz is not None:
            parts.append(f"mains {self.mains_hz:g} Hz")
        if self.baseline:
            parts.append("baseline removed")
        return ", ".join(parts) or "filters off"

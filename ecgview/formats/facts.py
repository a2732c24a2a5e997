"""What a file says of its signals, before it is a recording."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.formats.units import mv_per_unit


@dataclass(frozen=True)
class SignalFacts:
    """What a file says of one of its signals.

    Attributes
    ----------
    name : str
        The name in the file.
    unit : str
        The unit in the file.
    resolution : float or None
        One unit of the last digit, in the unit of the file; None where unknown.
    """

    name: str
    unit: str
    resolution: float | None

    @property
    def resolution_mv(self) -> float | None:
        """One unit of the last digit in mV, None where that is unknown."""
        size_mv = mv_per_unit(self.unit)
        return None if size_mv is None or self.resolution is None else self.resolution * size_mv

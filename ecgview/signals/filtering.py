"""Filters of the display and of a model's input: which there are, and what they are called.

`zero_phase` runs them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ecgview.errors import EcgviewError

HIGH_PASSES_HZ = (0.05, 0.15, 0.5, 0.67)
LOW_PASSES_HZ = (40.0, 100.0, 150.0)
MAINS_HZ = (50.0, 60.0)
WANDER_HZ = 0.5
"""What lies below is wander of the baseline rather than ECG."""

# What a filter still knows of a sample these times its slowest period later is below a millionth.
_MARGIN_PERIODS = 4.0
_PADDING_PERIODS = 2.0
_LEAST_MARGIN_S = 3.0
_OPTIONS = {"high_pass_hz": "high-pass", "low_pass_hz": "low-pass", "mains_hz": "mains"}
_HINT = "Such as: high-pass=0.5,low-pass=40,mains=50,baseline"


class FilterError(EcgviewError):
    """A filter that is not understood, or that the sampling rate cannot carry."""


@dataclass(frozen=True)
class Filters:
    """What a signal is filtered with; nothing by default.

    Attributes
    ----------
    high_pass_hz, low_pass_hz : float or None
        Corners of the pass band: 3 dB down.
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
        for field, name in _OPTIONS.items():
            value = getattr(self, field)
            if value is not None:
                parts.append(f"{name} {value:g} Hz")
        if self.baseline:
            parts.append("baseline removed")
        return ", ".join(parts) or "filters off"

    @property
    def removes_wander(self) -> bool:
        """Whether next to nothing below 0.5 Hz is left of a signal."""
        return self.baseline or (self.high_pass_hz or 0.0) >= WANDER_HZ

    @property
    def option(self) -> str:
        """Write them as `parse_filters` reads them; empty where none is on."""
        parts = [
            f"{name}={getattr(self, field):g}"
            for field, name in _OPTIONS.items()
            if getattr(self, field) is not None
        ]
        return ",".join([*parts, *(["baseline"] if self.baseline else [])])

    @property
    def margin_s(self) -> float:
        """How far to either side a sample is felt."""
        return self._periods_s(_MARGIN_PERIODS) if self else 0.0

    @property
    def padding_s(self) -> float:
        """How far a signal is mirrored at its ends while it is filtered."""
        return self._periods_s(_PADDING_PERIODS)

    def _periods_s(self, periods: float) -> float:
        slowest_s = periods / self.high_pass_hz if self.high_pass_hz else 0.0
        return max(slowest_s, _LEAST_MARGIN_S)


def parse_filters(text: str) -> Filters:
    """Read filters such as ``high-pass=0.5,low-pass=40,mains=50,baseline``.

    Parameters
    ----------
    text : str
        Parts between commas; ``off`` or nothing for no filter.

    Returns
    -------
    Filters
        Any positive frequency is taken; `check_rate` says what a recording can carry.

    Raises
    ------
    FilterError
        If a part is not understood.
    """
    found: dict[str, Any] = {}
    for part in text.replace(" ", "").split(","):
        if part in ("", "off"):
            continue
        name, _, value = part.partition("=")
        field = next((field for field, option in _OPTIONS.items() if option == name), None)
        if part == "baseline":
            found["baseline"] = True
        elif field is not None:
            found[field] = _frequency(part, value)
        else:
            raise FilterError(f"{part} is no filter.", _HINT)
    filters = Filters(**found)
    if (filters.high_pass_hz or 0.0) >= (filters.low_pass_hz or float("inf")):
        raise FilterError("The high-pass must lie below the low-pass.", _HINT)
    return filters


def _frequency(part: str, text: str) -> float:
    try:
        value = float(text.lower().removesuffix("hz"))
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise FilterError(f"{part} names no frequency.", _HINT)
    return value


def refusal(filters: Filters, fs_hz: float) -> str:
    """Say why a sampling rate cannot carry some filters; empty where it can.

    Parameters
    ----------
    filters : Filters
        What is wished for.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    str
        A sentence that names the filter and the rate.
    """
    for field, name in _OPTIONS.items():
        value = getattr(filters, field)
        if value is not None and value >= fs_hz / 2:
            return (
                f"{name.capitalize()} at {value:g} Hz needs more than {2 * value:g} samples a "
                f"second; this recording has {fs_hz:g}."
            )
    return ""


def carried(filters: Filters, fs_hz: float) -> Filters:
    """Leave out the filters that a sampling rate cannot carry."""
    beyond: dict[str, Any] = {
        field: None
        for field in _OPTIONS
        if refusal(Filters(**{field: getattr(filters, field)}), fs_hz)
    }
    return replace(filters, **beyond)


def check_rate(filters: Filters, fs_hz: float) -> None:
    """Refuse filters that a sampling rate cannot carry.

    Raises
    ------
    FilterError
        With the sentence of `refusal`.
    """
    sentence = refusal(filters, fs_hz)
    if sentence:
        raise FilterError(sentence, "Leave this filter out.")

"""Puts what the user says of a file in the place of what the file says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ecgview.errors import RecordingError
from ecgview.formats.facts import SignalFacts
from ecgview.formats.sources import ScaledSource
from ecgview.formats.units import mv_per_unit
from ecgview.leads import normalise_lead_name, normalise_other_lead
from ecgview.recording import ImportOptions, Source


def check_options(options: ImportOptions) -> None:
    """Refuse what no file can have.

    Raises
    ------
    RecordingError
        If the rate is not above 0, a gain is 0, or the unit is not one of voltage.
    """
    rate_hz, gains, unit = options.rate_hz, options.gains or (), options.unit
    if rate_hz is not None and not (math.isfinite(rate_hz) and rate_hz > 0):
        raise RecordingError(
            f"{rate_hz:g} Hz was given as the sampling rate.", "Give a rate above 0, such as 500."
        )
    if not all(math.isfinite(gain) and gain != 0 for gain in gains):
        raise RecordingError(
            f"{', '.join(f'{gain:g}' for gain in gains)} was given to multiply amplitudes by.",
            "Give numbers other than 0, such as 0.5 or -1.",
        )
    if unit is not None and mv_per_unit(unit) is None:
        raise RecordingError(
            f"“{unit}” is not a unit of voltage.",
            "Use mV, uV, V or nV, or steps per unit: 200/mV is 5 uV a step.",
        )


def apply_options(
    options: ImportOptions, fs_hz: float, signals: Sequence[SignalFacts], source: Source
) -> tuple[float, tuple[SignalFacts, ...], Source]:
    """Apply names, rate, unit and gains; what a reader has applied already stays as it is.

    Parameters
    ----------
    options : ImportOptions
        What the user says.
    fs_hz : float
        The file's sampling rate.
    signals : sequence of SignalFacts
        What the file says of its signals.
    source : Source
        Voltages in mV, other quantities in the unit of the file.

    Returns
    -------
    fs_hz : float
        The rate to use.
    signals : tuple of SignalFacts
        With names, units and resolutions as they are now.
    source : Source
        The same, or one that multiplies.

    Raises
    ------
    RecordingError
        If the numbers of names or gains do not fit, the rate or a gain is none, the unit is not a
        voltage, or a gain is given for a file that does not say its converter steps.
    """
    check_options(options)
    signals = _named(options.leads, signals)
    factors = [1.0] * len(signals)
    if options.unit is not None:
        signals, factors = _in_unit(options.unit, signals)
    if options.gains is not None:
        gains = _gains(options.gains, len(signals))
        factors = [factor * gain for factor, gain in zip(factors, gains, strict=True)]
        signals = tuple(
            replace(signal, resolution=signal.resolution and signal.resolution * abs(gain))
            for signal, gain in zip(signals, gains, strict=True)
        )
    if any(factor != 1 for factor in factors):
        source = ScaledSource(source, tuple(factors))
    return options.rate_hz or fs_hz, tuple(signals), source


def _named(
    names: tuple[str, ...] | None, signals: Sequence[SignalFacts]
) -> tuple[SignalFacts, ...]:
    if names is None:
        return tuple(signals)
    if len(names) != len(signals):
        raise RecordingError(
            f"{len(names)} lead names were given, but there are {len(signals)} signals.",
            "Name every signal in the order of the file.",
        )
    return tuple(replace(signal, name=name) for signal, name in zip(signals, names, strict=True))


def _in_unit(
    unit: str, signals: Sequence[SignalFacts]
) -> tuple[tuple[SignalFacts, ...], list[float]]:
    size_mv = mv_per_unit(unit) or 1.0
    changed, factors = [], []
    for signal in signals:
        is_lead = normalise_lead_name(signal.name) or normalise_other_lead(signal.name)
        if signal.unit == unit or not is_lead:
            changed.append(signal)
            factors.append(1.0)
            continue
        was_mv = mv_per_unit(signal.unit) or 1.0
        if "/" not in unit:
            changed.append(replace(signal, unit=unit))
            factors.append(size_mv / was_mv)
        elif signal.resolution:
            # The steps themselves are kept: one of them is now 1 in the new unit.
            changed.append(replace(signal, unit=unit, resolution=1.0))
            factors.append(size_mv / (signal.resolution * was_mv))
        else:
            raise RecordingError(
                f"The converter steps of {signal.name} are not known: the gain {unit} cannot be "
                "applied.",
                "Give a unit (mV, uV) or a factor instead.",
            )
    return tuple(changed), factors


def _gains(gains: tuple[float, ...], n_signals: int) -> tuple[float, ...]:
    if len(gains) == 1:
        return gains * n_signals
    if len(gains) != n_signals:
        raise RecordingError(
            f"{len(gains)} gains were given, but there are {n_signals} signals.",
            "Give one for all, or one for each in the order of the file.",
        )
    return gains


def combined(in_force: ImportOptions, suggestion: ImportOptions) -> ImportOptions:
    """Add a suggestion to what is in force.

    Parameters
    ----------
    in_force : ImportOptions
        The recording was opened with them.
    suggestion : ImportOptions
        Made for the recording as it is, see `ImportWarning`; its factors are multiplied with those
        in force.
    """
    said = {name: value for name, value in vars(suggestion).items() if value is not None}
    if in_force.gains is not None and suggestion.gains is not None:
        n_gains = max(len(in_force.gains), len(suggestion.gains))
        before, more = (_gains(gains, n_gains) for gains in (in_force.gains, suggestion.gains))
        said["gains"] = tuple(a * b for a, b in zip(before, more, strict=True))
    return replace(in_force, **said)

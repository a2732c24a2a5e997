"""The signals of many recordings at one rate, ready for training or evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.dataset import Entry
from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.errors import DatasetError, EcgviewError
from ecgview.formats import open_recording
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS
from ecgview.recording import Recording
from ecgview.signals.filters import median
from ecgview.signals.resampling import RateRatio, resample

LARGEST_CHEST_MV = 6.0
DURATION_S = 10.0
_FLAT_MV = 1e-4


@dataclass(frozen=True, eq=False)
class SignalSet:
    """Recordings of a data set in memory, ready for training or evaluation.

    Attributes
    ----------
    entries : tuple of Entry
        The recordings that were kept, in order.
    signals_mv : ndarray, shape (recordings, 8, samples)
        The eight independent leads at `fs_hz`, float32, each lead's median removed.
    fs_hz : float
        Sampling rate.
    left_out : tuple of (str, str)
        Names of recordings that were left out, each with the reason.
    """

    entries: tuple[Entry, ...]
    signals_mv: NDArray[np.float32]
    fs_hz: float
    left_out: tuple[tuple[str, str], ...]

    def reasons(self) -> dict[str, int]:
        """Count the recordings left out by reason."""
        reasons = [reason for _, reason in self.left_out]
        return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def fault(recording: Recording, leads_mv: NDArray[np.floating]) -> str:
    """Say why a recording cannot serve, or nothing if it can.

    Parameters
    ----------
    recording : Recording
        The recording.
    leads_mv : ndarray, shape (8, samples)
        Its independent leads at its own rate, medians removed.

    Returns
    -------
    str
        Empty, or the reason in a few words.
    """
    if recording.duration_s < DURATION_S:
        return f"shorter than {DURATION_S:g} s"
    if not np.isfinite(leads_mv).all():
        return "has gaps"
    if (np.ptp(leads_mv, axis=1) < _FLAT_MV).any():
        return "flat lead"
    if np.abs(leads_mv[-len(CHEST_LEADS) :]).max() > LARGEST_CHEST_MV:
        return f"chest lead beyond {LARGEST_CHEST_MV:g} mV"
    if any(warning.code == "limb-identity" for warning in recording.warnings):
        return "limb leads disagree"
    return ""


def load_events(entries: Sequence[Entry], fs_hz: float) -> Iterator[Event]:
    """Read the first ten seconds of recordings at one rate; a generator of events.

    Parameters
    ----------
    entries : sequence of Entry
        What to read.
    fs_hz : float
        The rate wanted.

    Yields
    ------
    Event
        `Progress`, `Failed` for a file that cannot be read, `Finished` with a `SignalSet`.
    """
    kept: list[Entry] = []
    signals: list[NDArray[np.floating]] = []
    left_out: list[tuple[str, str]] = []
    for done, entry in enumerate(entries, start=1):
        try:
            leads_mv, reason = _read_entry(entry, fs_hz)
        except EcgviewError as error:
            yield Failed(entry.name, str(error))
            reason = "unreadable"
        if reason:
            left_out.append((entry.name, reason))
        else:
            kept.append(entry)
            signals.append(leads_mv)
        yield Progress(done, len(entries), "Reading recordings")
    if not kept:
        raise DatasetError("None of the recordings can be used.", f"The first: {left_out[0]}.")
    yield Finished(SignalSet(tuple(kept), np.stack(signals), fs_hz, tuple(left_out)))


def _read_entry(entry: Entry, fs_hz: float) -> tuple[NDArray[np.floating], str]:
    recording = open_recording(entry.path)
    absent = [lead for lead in INDEPENDENT_LEADS if lead not in recording.leads]
    if absent:
        return np.empty(0), f"no lead {', '.join(absent)}"
    stop = min(recording.n_samples, round(DURATION_S * recording.fs_hz))
    leads_mv = recording.read(INDEPENDENT_LEADS, 0, stop)
    leads_mv = leads_mv - median(leads_mv)[:, None]
    if reason := fault(recording, leads_mv):
        return leads_mv, reason
    resampled = resample(leads_mv, RateRatio.between(recording.fs_hz, fs_hz))
    return resampled.astype(np.float32)[:, : round(DURATION_S * fs_hz)], ""


def load(entries: Sequence[Entry], fs_hz: float) -> SignalSet:
    """Read recordings as `load_events` does, without telling."""
    *_, last = load_events(entries, fs_hz)
    assert isinstance(last, Finished)
    return last.result


def second_moments(signals_mv: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean products of the leads over recordings, each recording weighing the same.

    Parameters
    ----------
    signals_mv : ndarray, shape (recordings, leads, samples)
        Signals without baseline.

    Returns
    -------
    ndarray, shape (leads, leads)
        Relative to the mean power of each recording.
    """
    products = np.einsum("rit,rjt->rij", signals_mv, signals_mv, optimize=True).astype(np.float64)
    power = np.trace(products, axis1=1, axis2=2)[:, None, None]
    return (products / power).mean(axis=0)

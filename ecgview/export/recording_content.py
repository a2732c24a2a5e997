"""What a figure of a recording shows, before anything is drawn: numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.metrics import Agreement, agreement
from ecgview.errors import EcgviewError
from ecgview.leads import CHEST_LEADS, LIMB_LEADS, Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filters import clean as high_passed
from ecgview.signals.filters import median

_FILTER_MARGIN_S = 10.0


@dataclass(frozen=True)
class Stretch:
    """What to draw: samples ``[start, stop)``, high-passed at 0.5 Hz if `clean`.

    `level` is that of the interval around a reconstruction that stands alone, 0 for none.
    """

    start: int
    stop: int
    clean: bool
    level: float = 0.0


@dataclass(frozen=True, eq=False)
class Panel:
    """One lead; traces in mV with their medians removed, None where there is none.

    Attributes
    ----------
    lead, tag : str
        Its name, and its origin in words.
    recorded_mv : ndarray, shape (samples,), or None
        The recorded trace.
    estimates_mv : tuple of (ndarray or None)
        One for each reconstruction.
    pcc : tuple of (float or None)
        One for each reconstruction.
    half_mv : ndarray, shape (samples,), or None
        Half width of the interval around the first estimate; None for none.
    """

    lead: str
    tag: str
    recorded_mv: NDArray[np.floating] | None
    estimates_mv: tuple[NDArray[np.floating] | None, ...]
    pcc: tuple[float | None, ...]
    half_mv: NDArray[np.floating] | None = None

    @property
    def traces_mv(self) -> list[NDArray[np.floating]]:
        """All that is drawn."""
        drawn = [trace for trace in (self.recorded_mv, *self.estimates_mv) if trace is not None]
        return [*drawn, *(self.band_mv or ())]

    @property
    def band_mv(self) -> tuple[NDArray[np.floating], NDArray[np.floating]] | None:
        """Lower and upper end of the interval."""
        estimate_mv = self.estimates_mv[0]
        if self.half_mv is None or estimate_mv is None:
            return None
        return estimate_mv - self.half_mv, estimate_mv + self.half_mv


@dataclass(frozen=True, eq=False)
class Content:
    """All that a figure of a recording shows.

    Attributes
    ----------
    title : str
        Over the figure.
    times_s : ndarray, shape (samples,)
        Time of each sample in the recording.
    columns : tuple of tuple of Panel
        Limb leads, chest leads; a group without leads is not there.
    labels : tuple of str
        Name of each reconstruction.
    notes : tuple of str
        Lines that must stand at the foot.
    level : float
        Of the interval that is drawn; 0 for none.
    """

    title: str
    times_s: NDArray[np.floating]
    columns: tuple[tuple[Panel, ...], ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    level: float = 0.0

    @property
    def row_ranges_mv(self) -> list[tuple[float, float]]:
        """Lowest and highest mV of each row of panels, to the next tenth."""
        ranges = []
        for row in range(max(map(len, self.columns))):
            panels = [column[row] for column in self.columns if row < len(column)]
            traces = [trace for panel in panels for trace in panel.traces_mv]
            low = min(-0.2, *(float(np.nanmin(trace)) for trace in traces)) - 0.05
            high = max(0.3, *(float(np.nanmax(trace)) for trace in traces)) + 0.05
            ranges.append((float(np.floor(low * 10) / 10), float(np.ceil(high * 10) / 10)))
        return ranges


def gather_content(
    recording: Recording,
    reconstructions: Sequence[Reconstruction],
    leads: Sequence[str],
    labels: Sequence[str],
    stretch: Stretch,
) -> Content:
    """Read what a figure shows.

    Parameters
    ----------
    recording : Recording
        What was recorded.
    reconstructions : sequence of Reconstruction
        Of the same recording, at its rate and length.
    leads : sequence of str
        Leads to show.
    labels : sequence of str
        Names of the reconstructions; those of the models if empty.
    stretch : Stretch
        Which part.

    Raises
    ------
    EcgviewError
        If the stretch is not in the recording, or none of the leads is there.
    """
    if not 0 <= stretch.start < stretch.stop - 1:
        raise EcgviewError(
            f"{recording.name} has nothing to draw from {stretch.start / recording.fs_hz:g} s on.",
            f"It lasts {recording.duration_s:g} s.",
        )
    if not any(one.reconstructed_leads for one in reconstructions):
        raise EcgviewError(
            "No lead of the twelve is reconstructed.", "Take fewer leads, or another model."
        )
    names = tuple(labels) or _model_names(reconstructions)
    if len(reconstructions) > 1 or reconstructions[0].interval is None:
        stretch = replace(stretch, level=0.0)
    figures = [
        agreement(recording, one, clean=stretch.clean, start=stretch.start, stop=stretch.stop)
        for one in reconstructions
    ]
    panel = partial(_panel, recording, reconstructions, figures, stretch)
    groups = [
        tuple(made for lead in group if lead in leads and (made := panel(lead)) is not None)
        for group in (LIMB_LEADS, CHEST_LEADS)
    ]
    if not any(groups):
        raise EcgviewError(f"{recording.name} has none of the leads {', '.join(leads)}.")
    return Content(
        recording.name + (" (simulated)" if recording.simulated else ""),
        np.arange(stretch.start, stretch.stop) / recording.fs_hz,
        tuple(group for group in groups if group),
        names,
        _notes(reconstructions, names, stretch),
        stretch.level,
    )


def _panel(
    recording: Recording,
    reconstructions: Sequence[Reconstruction],
    figures: Sequence[Agreement],
    stretch: Stretch,
    lead: str,
) -> Panel | None:
    origins = [one.origins[lead] for one in reconstructions]
    recorded_mv = None
    if lead in recording.leads:
        recorded_mv = _trace(recording, lead, recording.fs_hz, stretch)
    estimates_mv = tuple(
        _trace(one, lead, recording.fs_hz, stretch)
        if origin is Origin.RECONSTRUCTED or recorded_mv is None
        else None
        for one, origin in zip(reconstructions, origins, strict=True)
    )
    if recorded_mv is None and all(estimate is None for estimate in estimates_mv):
        return None
    estimated = Origin.RECONSTRUCTED in origins
    tag = Origin.RECONSTRUCTED.value if estimated else origins[0].value
    if estimated and all(estimate is None for estimate in estimates_mv):
        tag = "not rebuilt"
    elif recorded_mv is None:
        tag += ", not recorded"
    pcc = tuple(row.pcc for each in figures for row in each.rows if row.lead == lead)
    half_mv = _half_width(reconstructions[0], lead, stretch) if stretch.level else None
    return Panel(lead, tag, recorded_mv, estimates_mv, pcc, half_mv)


def _half_width(
    reconstruction: Reconstruction, lead: str, stretch: Stretch
) -> NDArray[np.floating] | None:
    interval = reconstruction.interval
    if interval is None or lead not in reconstruction.reconstructed_leads:
        return None
    start, stop = stretch.start, stretch.stop
    return interval.half_width([lead], start, stop, level=stretch.level, clean=stretch.clean)[0]


def _trace(
    source: Recording | Reconstruction, lead: str, fs_hz: float, stretch: Stretch
) -> NDArray[np.floating] | None:
    """Read a lead, filtered with room on either side; None where all of it is a gap."""
    margin = round(_FILTER_MARGIN_S * fs_hz) if stretch.clean else 0
    whole = source.source.n_samples
    first, last = max(0, stretch.start - margin), min(whole, stretch.stop + margin)
    signal_mv = source.read((lead,), first, last)
    if stretch.clean:
        signal_mv = high_passed(signal_mv, fs_hz)
    signal_mv = signal_mv[:, stretch.start - first : stretch.stop - first]
    if not np.isfinite(signal_mv).any():
        return None
    return (signal_mv - median(signal_mv)[:, None])[0]


def _model_names(reconstructions: Sequence[Reconstruction]) -> tuple[str, ...]:
    """Name each by its model, and by its leads where a model comes twice."""
    names = [one.model_name for one in reconstructions]
    return tuple(
        f"{one.model_name} ({', '.join(one.available)})"
        if names.count(one.model_name) > 1
        else one.model_name
        for one in reconstructions
    )


def _notes(
    reconstructions: Sequence[Reconstruction], names: Sequence[str], stretch: Stretch
) -> tuple[str, ...]:
    lines = []
    for one, name in zip(reconstructions, names, strict=True):
        limited = np.isfinite(one.bandwidth_hz) and one.bandwidth_hz > 0
        limit = f"; nothing above {one.bandwidth_hz:g} Hz" if limited else ""
        lines.append(f"{name}: reconstructed from {', '.join(one.available)}{limit}.")
    if stretch.level:
        lines.append(
            f"{100 * stretch.level:.0f} % interval: calibrated on recordings that the model had "
            "not seen; on average over patients, no guarantee for one."
        )
    kind = "high-passed at 0.5 Hz, zero phase" if stretch.clean else "not filtered"
    return (*lines, f"Signals {kind}, medians removed. PCC over the stretch shown.")

"""What is drawn of a recording and its estimates when filters are on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecgview.filtered import filtered_reconstruction, filtered_recording
from ecgview.gui.signal_processing import is_loaded
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.gui.viewer.signals import Signals
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters, carried


@dataclass(frozen=True, eq=False)
class Unfiltered:
    """A recording, its reconstruction and other estimates as they are.

    Attributes
    ----------
    recording : Recording
        What is shown.
    reconstruction : Reconstruction or None
        The one that labels and shading belong to.
    overlays : Overlays
        Other estimates.
    """

    recording: Recording
    reconstruction: Reconstruction | None = None
    overlays: Overlays = NO_OVERLAYS

    def signals(self, filters: Filters) -> Signals:
        """Give readers of all of them, filtered alike."""
        return self.estimates(Signals.of(filtered_recording(self.recording, filters)), filters)

    def estimates(self, signals: Signals, filters: Filters) -> Signals:
        """Put the estimates beside a recording whose reader is there, filtered as it is."""
        fs_hz = self.recording.fs_hz
        others = tuple(
            replace(one, reconstruction=filtered_reconstruction(one.reconstruction, filters, fs_hz))
            for one in self.overlays.others
        )
        made = self.reconstruction
        if made is not None:
            made = filtered_reconstruction(made, filters, fs_hz)
        overlays = replace(self.overlays, others=others)
        return signals.with_reconstruction(made, overlays, clean=filters.removes_wander)


def drawn_filters(filters: Filters, recording: Recording | None) -> Filters:
    """Give the filters that are drawn: those the rate carries, once what runs them is loaded."""
    if recording is None or not is_loaded():
        return Filters()
    return carried(filters, recording.fs_hz)

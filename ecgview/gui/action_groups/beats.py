"""Beats: R peaks, waves, rate, and the average beat."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, gives_nothing_away, has_recording
from ecgview.gui.beats.state import WavesShown
from ecgview.gui.state import SessionState


def _has_average(state: SessionState) -> bool:
    return has_recording(state) and state.beats.shown and state.beats.average is not None


def _waves(shown: WavesShown, text: str) -> ActionSpec:
    return ActionSpec(
        f"beats.waves.{shown}",
        "Measure/P, QRS and T",
        text,
        lambda commands: commands.beats.show_waves(shown),
        (),
        has_recording,
        lambda state: state.beats.waves == shown,
    )


BEAT_ACTIONS = (
    ActionSpec(
        "beats.panel", "Measure", "Heart rate and RR intervals", lambda c: c.beats.show_panel(),
        ("Ctrl+Shift+B",), gives_nothing_away, section=True,
    ),
    ActionSpec(
        "beats.peaks", "Measure", "Mark R peaks", lambda c: c.beats.toggle_peaks(),
        ("Shift+B",), has_recording, lambda state: state.beats.peaks,
    ),
    ActionSpec(
        "beats.waves", "Measure", "Mark P, QRS and T", lambda c: c.beats.toggle_waves(),
        ("Shift+W",), has_recording, lambda state: state.beats.waves != "off",
    ),
    _waves("off", "Not marked"),
    _waves("lead", "In the lead they were found in"),
    _waves("all", "In all leads"),
    ActionSpec(
        "beats.average", "Measure", "Average beat", lambda c: c.beats.toggle_average(),
        ("B",), has_recording, lambda state: state.beats.shown, section=True,
    ),
    ActionSpec(
        "beats.copy", "Measure", "Copy the table of the average beat",
        lambda c: c.beats.copy_markers(), ("Ctrl+Shift+C",), _has_average,
    ),
    ActionSpec(
        "beats.save", "Measure", "Save the average beat as a picture…",
        lambda c: c.beats.save_picture(), (), _has_average,
    ),
)  # fmt: skip

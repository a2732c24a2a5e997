"""What the top bar says: title, facts about the recording, and each control's current value."""

from __future__ import annotations

from ecgview.gui.action_spec import has_correction
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.layouts import rhythm_leads
from ecgview.gui.viewer.state import LAYOUT_TITLES, Scale, Show, ViewState
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

SHOW_TITLES: dict[Show, str] = {
    "overlay": "Overlay",
    "original": "Original",
    "reconstruction": "Reconstruction",
    "side": "Side by side",
    "available": "Guess",
}
SCALE_TITLES: dict[Scale, str] = {"fit": "fit", "true": "true size"}
_LONGEST_FILTERS = 18


def title_of(state: SessionState) -> str:
    """Give the recording's name, or the application's."""
    return state.recording.name if state.recording else "ecgview"


def window_title_of(state: SessionState) -> str:
    """Give what the window is called: the recording and the application."""
    if state.recording is None:
        return "ecgview"
    mark = " (simulated)" if state.recording.simulated else ""
    return f"{title_of(state)}{mark} \N{EN DASH} ecgview"


def subtitle_of(state: SessionState) -> str:
    """Give the facts about the recording in a line."""
    recording = state.recording
    if recording is None:
        return "Twelve leads from the ones you have"
    parts = ["simulated"] if recording.simulated else []
    parts += ["corrected"] if has_correction(state) else []
    # What stands nowhere else comes before what may be cut off.
    parts += [f"{state.index + 1} of {len(state.files)}"] if len(state.files) > 1 else []
    derived = len(recording.derived_leads)
    leads = len(recording.leads) - derived
    said = f"{leads} lead{'s' if leads != 1 else ''}"
    parts += [f"{said} + {derived} derived" if derived else said, f"{recording.fs_hz:g} Hz"]
    parts += [_duration(recording), recording.format_name]
    if recording.other_channels:
        parts.append(f"+ {len(recording.other_channels)} other")
    text = " · ".join(part for part in parts if part)
    return text[0].upper() + text[1:]


def _duration(recording: Recording) -> str:
    seconds = recording.duration_s
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def layout_words(view: ViewState) -> str:
    """Name layout and scale; a single rhythm strip by its lead."""
    strips = rhythm_leads(view)
    title = LAYOUT_TITLES[view.layout]
    if len(strips) == 1:
        title = f"{LAYOUT_TITLES['3x4']} + {strips[0]}"
    # The footer says which scale it is that is magnified.
    scale = SCALE_TITLES[view.scale] if view.zoom == 1 else f"{view.zoom * 100:.0f} %"
    return f"{title} · {scale}"


def filter_words(filters: Filters) -> str:
    """Name the filters that are on in few words; how many where these are too long."""
    low, high = filters.high_pass_hz, filters.low_pass_hz
    parts = []
    if low is not None and high is not None:
        parts.append(f"{low:g}\N{EN DASH}{high:g} Hz")
    elif low is not None:
        parts.append(f"≥ {low:g} Hz")
    elif high is not None:
        parts.append(f"≤ {high:g} Hz")
    if filters.mains_hz is not None:
        parts.append(f"no {filters.mains_hz:g} Hz")
    if filters.baseline:
        parts.append("level")
    said = ", ".join(parts)
    if len(said) > _LONGEST_FILTERS:
        values = (low, high, filters.mains_hz, filters.baseline or None)
        return f"{sum(value is not None for value in values)} filters"
    return said or "Filters off"

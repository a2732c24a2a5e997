"""What the paper shows: order of the leads, rhythm strips, half gain, filters, the true scale."""

from __future__ import annotations

from collections.abc import Iterator

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.gui.viewer.layouts import rhythm_leads
from ecgview.gui.viewer.state import RHYTHM_LEADS
from ecgview.leads import LEADS
from ecgview.signals.filtering import HIGH_PASSES_HZ, LOW_PASSES_HZ, MAINS_HZ, Filters

ORDER_TITLES = {"standard": "Standard order", "cabrera": "Cabrera order (aVL, I, -aVR, II …)"}

SCALE_MENU = "View/Scale and zoom"
PAPER_IDS = ("view.order.cabrera", "half_chest")
RHYTHM_IDS = tuple(f"rhythm.{lead}" for lead in LEADS)


def rhythm_with(rhythm: tuple[str, ...], lead: str) -> tuple[str, ...]:
    """Put a lead first among the rhythm strips; the others move down."""
    others = tuple(other for other in (*rhythm, *RHYTHM_LEADS) if other != lead)
    return (lead, *dict.fromkeys(others))[: len(RHYTHM_LEADS)]


def _rhythm(lead: str) -> ActionSpec:
    return ActionSpec(
        f"rhythm.{lead}",
        "View/Rhythm strips",
        f"Rhythm strip {lead} first",
        lambda commands: commands.session.change_view(
            rhythm=rhythm_with(commands.session.state.view.rhythm, lead)
        ),
        enabled=lambda state: has_recording(state) and bool(rhythm_leads(state.view)),
        checked=lambda state: lead in rhythm_leads(state.view),
    )


def _filter(field: str, name: str, value: float, *, section: bool = False) -> ActionSpec:
    return ActionSpec(
        f"filter.{field}.{value:g}",
        "View/Filters",
        f"{name} {value:g} Hz",
        lambda commands: commands.filtering.choose(**{field: value}),
        enabled=has_recording,
        checked=lambda state: getattr(state.view.filters, field) == value,
        section=section,
    )


def _filters() -> Iterator[ActionSpec]:
    groups = (
        ("high_pass_hz", "High-pass", HIGH_PASSES_HZ),
        ("low_pass_hz", "Low-pass", LOW_PASSES_HZ),
        ("mains_hz", "Mains", MAINS_HZ),
    )
    for field, name, values in groups:
        for number, value in enumerate(values):
            yield _filter(field, name, value, section=not number)


FILTER_ACTIONS = (
    ActionSpec(
        "filter.off", "View/Filters", "Filters off",
        lambda c: c.filtering.set(Filters()), ("Shift+F",), has_recording,
        lambda state: not state.view.filters,
    ),
    *_filters(),
    ActionSpec(
        "filter.baseline", "View/Filters", "Remove the baseline",
        lambda c: c.filtering.choose(baseline=True), (), has_recording,
        lambda state: state.view.filters.baseline, section=True,
    ),
    ActionSpec(
        "filter.input", "View/Filters", "Filter the model's input too",
        lambda c: c.filtering.filter_input(not c.session.state.filter_input), (), has_recording,
        lambda state: state.filter_input, section=True,
    ),
)  # fmt: skip

PAPER_ACTIONS = (
    ActionSpec(
        "calibrate", SCALE_MENU, "Calibrate the screen…", lambda c: c.calibrating.ask(),
        enabled=has_recording,
    ),
    ActionSpec(
        "view.order.cabrera", "View/Layout", ORDER_TITLES["cabrera"],
        lambda c: c.session.change_view(
            order="standard" if c.session.state.view.order == "cabrera" else "cabrera"
        ),
        ("Shift+C",), has_recording, lambda state: state.view.order == "cabrera", section=True,
    ),
    ActionSpec(
        "half_chest", "View/Layout", "Chest leads at half gain",
        lambda c: c.session.change_view(half_chest=not c.session.state.view.half_chest),
        ("Shift+H",), has_recording, lambda state: state.view.half_chest,
    ),
    *(_rhythm(lead) for lead in LEADS),
    *FILTER_ACTIONS,
)  # fmt: skip

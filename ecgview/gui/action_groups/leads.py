"""The available leads: presets and single leads."""

from __future__ import annotations

from ecgview.gui.action_spec import ActionSpec, has_recording
from ecgview.leads import LEADS, PRESETS, in_order


def _preset(number: int, name: str) -> ActionSpec:
    leads = PRESETS[name]
    return ActionSpec(
        f"preset.{name}",
        "Leads",
        f"Give {', '.join(leads)}" if len(leads) < 5 else f"Give {name.lower()} leads",
        lambda commands: commands.session.set_available(leads),
        (f"Ctrl+{number}",),
        has_recording,
        lambda state: state.available == in_order(leads),
    )


def _lead(lead: str) -> ActionSpec:
    return ActionSpec(
        f"lead.{lead}",
        "Leads/Single leads",
        lead,
        lambda commands: commands.session.toggle_lead(lead),
        (),
        lambda state: lead in state.leads and has_recording(state),
        lambda state: lead in state.available,
    )


LEAD_ACTIONS = (
    *(_preset(number, name) for number, name in enumerate(PRESETS, start=1)),
    *(_lead(lead) for lead in LEADS),
)

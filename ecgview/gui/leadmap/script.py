"""What the lead map shows as a script: pure questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ecgview.gui.leadmap.state import map_stretch, shown_map
from ecgview.gui.scripting.descriptions import has_source, question_of

if TYPE_CHECKING:
    from ecgview.export.script import Script
    from ecgview.formats.corrections import Corrections
    from ecgview.gui.leadmap.session import LeadMapSession


def map_script_of(
    leadmap: LeadMapSession | None, corrections: Corrections | None = None
) -> Script | None:
    """Make the script of the map that is shown; None where none is."""
    if leadmap is None or not leadmap.shown.rows:
        return None
    from ecgview.export.leadmap_script import (
        MapChoice,
        population_map_script,
        recording_map_script,
    )

    page, window = leadmap.state, leadmap.window.state
    shown = shown_map(page, window)
    choice = MapChoice(shown.measure, shown.clean, page.by_mean)
    if shown.source == "population":
        return population_map_script(window.model, replace(choice, every_set=page.every_set))
    if not has_source(window):
        return None
    question = replace(question_of(window, corrections), leads=(), stretch=None)
    start, stop = map_stretch(window)
    assert window.recording is not None
    if (start, stop) != (0, window.recording.n_samples):
        question = replace(question, stretch=(start, stop))
    return recording_map_script(question, choice, difference=shown.source == "difference")

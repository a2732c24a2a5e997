"""Everything the window can be told to do, in one table.

Menus, toolbar, shortcuts, their overlay (?) and the palette (Ctrl+K) all come from `ACTIONS`;
`qt_actions` makes them for Qt.
"""

from __future__ import annotations

from ecgview.gui.action_groups.agreement_study import AGREEMENT_ACTIONS
from ecgview.gui.action_groups.beats import BEAT_ACTIONS
from ecgview.gui.action_groups.edit import EDIT_ACTIONS
from ecgview.gui.action_groups.file import FILE_ACTIONS
from ecgview.gui.action_groups.help import HELP_ACTIONS
from ecgview.gui.action_groups.leadmap import LEADMAP_ACTIONS
from ecgview.gui.action_groups.leads import LEAD_ACTIONS
from ecgview.gui.action_groups.measure import MEASURE_ACTIONS
from ecgview.gui.action_groups.personal import PERSONAL_ACTIONS
from ecgview.gui.action_groups.scripting import SCRIPTING_ACTIONS
from ecgview.gui.action_groups.teaching import TEACHING_ACTIONS
from ecgview.gui.action_groups.view import VIEW_ACTIONS
from ecgview.gui.action_spec import ActionSpec

MENUS = ("File", "Edit", "View", "Measure", "Leads", "Model", "Help")

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *EDIT_ACTIONS,
    *SCRIPTING_ACTIONS,
    *VIEW_ACTIONS,
    *TEACHING_ACTIONS,
    *MEASURE_ACTIONS,
    *BEAT_ACTIONS,
    *LEAD_ACTIONS,
    *PERSONAL_ACTIONS,
    *LEADMAP_ACTIONS,
    *AGREEMENT_ACTIONS,
    *HELP_ACTIONS,
)

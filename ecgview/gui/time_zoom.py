"""More or less time on the page: from one second to the whole recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecgview.gui.viewer.navigate import page_of, zoom_time

if TYPE_CHECKING:
    from ecgview.gui.commands import Commands

STEP = 1.5
USUAL_PAGE_S = 10.0


def change_time(commands: Commands, factor: float) -> None:
    """Put so many times the time on the page, about its middle."""
    area = commands.window.trace_area
    commands.session.set_view(zoom_time(area.view(), 1 / factor, area.width() / 2, *area.extent()))


def show_time(commands: Commands, page_s: float | None = None) -> None:
    """Put some seconds on the page, or the whole recording."""
    area = commands.window.trace_area
    duration_s, window = area.extent()
    commands.session.set_view(page_of(area.view(), page_s or duration_s, duration_s, window))

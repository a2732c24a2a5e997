"""Moving over the recording: pure functions from a view to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecgview.gui.viewer.layout import Window, lay_out, scroll_limits_mm, within_bounds
from ecgview.gui.viewer.state import PAGE_MM, SPEEDS_MM_S, ViewState

SHORTEST_PAGE_S = 1.0


def pan(
    view: ViewState, right_mm: float, down_mm: float, duration_s: float, window: Window
) -> ViewState:
    """Move the window over the paper.

    A page wider than the window is scrolled first; what is left of the way moves on in time.

    Parameters
    ----------
    view : ViewState
        Where it is.
    right_mm, down_mm : float
        Way of the window over the paper.
    duration_s : float
        Length of the recording.
    window : Window
        Size of the window.

    Returns
    -------
    ViewState
        As far as there is something to see.
    """
    limit_mm, _ = scroll_limits_mm(view, window)
    wanted_mm = view.scroll_mm[0] + right_mm
    scroll_mm = min(max(wanted_mm, 0.0), limit_mm)
    moved = replace(
        view,
        scroll_mm=(scroll_mm, view.scroll_mm[1] + down_mm),
        start_s=view.start_s + (wanted_mm - scroll_mm) / view.speed_mm_s,
    )
    return within_bounds(moved, duration_s, window)


@dataclass(frozen=True)
class Reach:
    """How far a view has moved, and how far it can, along one axis of the paper.

    Attributes
    ----------
    at_mm, limit_mm : float
        Both 0 where everything is in sight.
    window_mm : float
        What the window shows at once.
    """

    at_mm: float
    limit_mm: float
    window_mm: float


def reach(view: ViewState, duration_s: float, window: Window) -> tuple[Reach, Reach]:
    """Tell how far a view has moved to the right (page and time together) and down."""
    limit_x, limit_y = scroll_limits_mm(view, window)
    later_s = max(0.0, duration_s - view.page_s)
    px_per_mm = lay_out(view, window).px_per_mm
    at_x = view.scroll_mm[0] + view.start_s * view.speed_mm_s
    return (
        Reach(at_x, limit_x + later_s * view.speed_mm_s, window.width / px_per_mm),
        Reach(view.scroll_mm[1], limit_y, window.height / px_per_mm),
    )


def zoom_about(
    view: ViewState, factor: float, x: float, y: float, duration_s: float, window: Window
) -> ViewState:
    """Magnify the page so that the spot of paper at (x, y) stays where it is.

    Parameters
    ----------
    view : ViewState
        Where it is.
    factor : float
        Above 1 magnifies.
    x, y : float
        The spot in logical pixels.
    duration_s : float
        Length of the recording.
    window : Window
        Size of the window.

    Returns
    -------
    ViewState
        Within the range of zooms.
    """
    zoomed = within_bounds(replace(view, zoom=view.zoom * factor), duration_s, window)
    before = lay_out(view, window)
    after = lay_out(replace(zoomed, scroll_mm=(0.0, 0.0)), window)
    growth = after.px_per_mm / before.px_per_mm
    scroll_mm = (
        (after.left + (x - before.left) * growth - x) / after.px_per_mm,
        (after.baselines[0] + (y - before.baselines[0]) * growth - y) / after.px_per_mm,
    )
    return within_bounds(replace(zoomed, scroll_mm=scroll_mm), duration_s, window)


def zoom_time(
    view: ViewState, factor: float, x: float, duration_s: float, window: Window
) -> ViewState:
    """Stretch the time axis so that the time at `x` stays where it is.

    Parameters
    ----------
    view : ViewState
        Where it is.
    factor : float
        Above 1 shows less time.
    x : float
        In logical pixels.
    duration_s : float
        Length of the recording.
    window : Window
        Size of the window.

    Returns
    -------
    ViewState
        With one second to the whole recording on the page.
    """
    speed_mm_s = speed_within(view.speed_mm_s * factor, duration_s)
    before, after = lay_out(view, window), lay_out(replace(view, speed_mm_s=speed_mm_s), window)
    time_s = min(max(before.time_of(x), before.start_s), before.start_s + view.paper_s)
    start_s = time_s - (x - after.left) / after.px_per_s
    return within_bounds(replace(view, speed_mm_s=speed_mm_s, start_s=start_s), duration_s, window)


def page_of(view: ViewState, page_s: float, duration_s: float, window: Window) -> ViewState:
    """Put so many seconds on the page, about its middle."""
    middle_s = view.start_s + view.page_s / 2
    halves = view.paper_s / view.page_s
    speed_mm_s = speed_within(PAGE_MM / (page_s * halves), duration_s * halves)
    changed = replace(view, speed_mm_s=speed_mm_s, zoom=1.0, scroll_mm=(0.0, 0.0))
    start_s = middle_s - changed.page_s / 2
    return within_bounds(replace(changed, start_s=start_s), duration_s, window)


def speed_within(speed_mm_s: float, duration_s: float) -> float:
    """Bring a speed to where a page holds a second at least, and the recording at most."""
    slowest = min(PAGE_MM / max(duration_s, SHORTEST_PAGE_S), SPEEDS_MM_S[0])
    return min(max(speed_mm_s, slowest), PAGE_MM / SHORTEST_PAGE_S)


def go_to(view: ViewState, start_s: float, duration_s: float, window: Window) -> ViewState:
    """Put a time at the left edge of the page and the page at the left of the window."""
    return within_bounds(
        replace(view, start_s=start_s, scroll_mm=(0.0, view.scroll_mm[1])), duration_s, window
    )


def go_to_end(view: ViewState, duration_s: float, window: Window) -> ViewState:
    """Show the end of the recording."""
    limit_mm, _ = scroll_limits_mm(view, window)
    end = replace(view, start_s=duration_s, scroll_mm=(limit_mm, view.scroll_mm[1]))
    return within_bounds(end, duration_s, window)


def mark(
    view: ViewState, from_x: float, to_x: float, duration_s: float, window: Window
) -> ViewState:
    """Mark the stretch between two places; nothing is marked where none of it has ECG."""
    page = lay_out(view, window)
    # Of two halves the one counts where the mark begins.
    second = page.middle_s is not None and page.time_of(from_x) >= page.middle_s
    delay_s = view.page_s if second else 0.0
    times_s = sorted(page.time_of(x) - delay_s for x in (from_x, to_x))
    start_s = max(times_s[0], view.start_s, 0.0)
    stop_s = min(times_s[1], view.start_s + view.page_s, duration_s)
    return replace(view, mark_s=(start_s, stop_s) if stop_s > start_s else None)

"""What a run is doing, in words."""

from __future__ import annotations

from ecgview.engine.recipes import RECIPES
from ecgview.gui.training.state import Course


def duration_text(seconds: float) -> str:
    """Say how long something takes, roughly."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 60:
        return f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"


def status_line(course: Course) -> str:
    """Say what a run is doing, in one line."""
    if course.phase == "discarding":
        return "Discarding…"
    if course.phase == "preparing":
        step = course.step
        if step is None:
            return "Loading the engine…"
        return f"{step.message}: {step.done} of {step.total}" if step.total else step.message
    if not course.is_running:
        return f"{course.ending}{_after(course)}"
    epoch = min(len(course.history) + 1, course.epochs)
    parts = [f"Epoch {epoch} of {course.epochs}"]
    if course.left_s is not None:
        parts.append(f"{duration_text(course.left_s)} left")
    if course.phase == "stopping":
        parts[1:] = ["stopping after this batch…"]
    return " · ".join(parts)


def _after(course: Course) -> str:
    """Say how far a run came that did not come to its end."""
    done = len(course.history)
    is_short = course.is_unfinished and 0 < done < course.epochs
    return f" · {done} of {course.epochs} epochs" if is_short else ""


def subtitle_of(course: Course) -> str:
    """Give the facts about a run in a line."""
    recipe = RECIPES.get(course.recipe)
    parts = [recipe.title.split(" (")[0] if recipe else course.recipe]
    run = course.run
    if run is not None:
        parts += [f"{run.recordings:,} recordings", run.device.upper()]
    if course.is_running and course.windows_per_s:
        parts.append(f"{course.windows_per_s:.0f} windows/s")
    left_out = sum(course.left_out.values())
    if left_out:
        parts.append(f"{left_out:,} left out")
    return " · ".join(parts)


def left_out_tip(course: Course) -> str:
    """Say which recordings were left out, and why."""
    lines = [f"{count:,}: {reason}" for reason, count in course.left_out.items()]
    lines += [failed.message for failed in course.unreadable[:8]]
    return "\n".join(["Left out:", *lines]) if lines else ""

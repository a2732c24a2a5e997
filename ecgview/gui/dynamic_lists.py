"""What can be done that no table knows before: recent files, demos, parts, models and devices.

Menus and the palette are made from the same lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ecgview.gui.commands import Commands
from ecgview.gui.model_panel import DEVICE_TITLES, menu_title
from ecgview.gui.start_page import CASE_TITLES


@dataclass(frozen=True)
class Item:
    """One entry of a list.

    Attributes
    ----------
    id : str
        Unique among all actions and items.
    text : str
        What the menu says.
    do : callable
        Does it.
    checked : bool or None
        Whether it has a check mark; None where it never has one.
    tip : str
        The whole of what `text` shortens.
    """

    id: str
    text: str
    do: Callable[[], object]
    checked: bool | None = None
    tip: str = ""


def recent_files(commands: Commands) -> list[Item]:
    """List the files opened last."""
    return [
        Item(f"recent.{path}", path.name, partial(commands.open_paths, [path]), tip=str(path))
        for path in commands.settings.recent_files()
    ]


def demos(commands: Commands) -> list[Item]:
    """List the simulator's cases."""
    return [
        Item(f"demo.{case}", title, partial(commands.open_demo, case))
        for case, title in CASE_TITLES.items()
    ]


def parts(commands: Commands) -> list[Item]:
    """List the parts of the file shown; none where it holds one thing only."""
    recording = commands.session.state.recording
    if recording is None or len(recording.parts) < 2:
        return []
    return [
        Item(
            f"part.{part}", part, partial(commands.importing.open_part, part),
            part == recording.part,
        )
        for part in recording.parts
    ]  # fmt: skip


def models(commands: Commands) -> list[Item]:
    """List the installed models."""
    session, state = commands.session, commands.session.state
    items = []
    for card in state.models:
        title = menu_title(card, state.models)
        text = f"{title} ({card.headline})" if card.headline else title
        chosen = card.name == state.model
        items.append(
            Item(f"model.{card.name}", text, partial(session.set_model, card.name), chosen)
        )
    return items


def devices(commands: Commands) -> list[Item]:
    """List the devices that the model can run on."""
    session, state = commands.session, commands.session.state
    return [
        Item(
            f"device.{name}", DEVICE_TITLES.get(name, name), partial(session.set_device, name),
            name == state.device,
        )
        for name in ("auto", *state.devices)
    ]  # fmt: skip


LISTS: dict[str, Callable[[Commands], list[Item]]] = {
    "File/Open recent": recent_files,
    "File/Try the demo": demos,
    "File/Part of the file": parts,
    "Model": models,
    "Model/Device": devices,
}
"""Where each list stands."""

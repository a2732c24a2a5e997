"""Keys in sentences, written as the system writes them: ``Ctrl+K`` is ``⌘K`` on macOS."""

from __future__ import annotations

import re
import sys

_SIGNS = {"Ctrl": "⌘", "Alt": "⌥", "Shift": "⇧"}
_APPLES_ORDER = ("Alt", "Shift", "Ctrl")
_KEYS = {
    "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "↩", "PgUp": "⇞", "PgDown": "⇟",
}  # fmt: skip
_HELD = r"(?:Ctrl|Alt|Shift)"
# With a key, several held together, or with the mouse; a word alone may be part of a name.
_SEQUENCE = re.compile(
    rf"\b(?P<held>{_HELD}(?:\+{_HELD}\b)*)"
    rf"(?:\+(?P<key>{'|'.join(_KEYS)})\b|\+(?=\S)|(?=-click| \+ )|(?<=\+Alt)\b|(?<=\+Shift)\b)"
)


def with_keys(text: str, platform: str = sys.platform) -> str:
    """Write the keys named in a text as the system does.

    Parameters
    ----------
    text : str
        Names keys as ``Ctrl+Shift+F``, ``Ctrl + wheel`` or ``Ctrl-click``.
    platform : str
        As in `sys.platform`; nothing changes but on macOS, where Qt's Ctrl is Command.
    """
    return _SEQUENCE.sub(_signs, text) if platform == "darwin" else text


def _signs(found: re.Match[str]) -> str:
    held = found["held"].split("+")
    signs = "".join(_SIGNS[one] for one in _APPLES_ORDER if one in held)
    return signs + _KEYS.get(found["key"], "")

"""How many definitions and channels an MFER file announces, told without keeping them."""

from __future__ import annotations

from ecgview.errors import RecordingError

MAX_DEFINITIONS = 200_000
"""A file of twelve leads has about a hundred; one of a day with a mark for each beat, 100,000."""
MAX_CHANNELS = 256

_CHANNELS, _OF_CHANNEL, _SET, _END = 0x05, 0x3F, 0x67, 0x80


def check_mfer(content: bytes, name: str) -> None:
    """Refuse a file whose definitions would keep the parser busy for minutes.

    Definitions inside of others are walked through as if they stood in a row.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        For the message.

    Raises
    ------
    RecordingError
        If there are too many definitions or channels.
    """
    place = 0
    for _ in range(MAX_DEFINITIONS):
        place = _next(content, place, name)
        if place >= len(content):
            return
    raise RecordingError(
        f"{name} consists of more than {MAX_DEFINITIONS} definitions.",
        "The file is damaged; export it again.",
    )


def _next(content: bytes, place: int, name: str) -> int:
    """Give the place of the next definition; the end where this one cannot be read."""
    tag, place = content[place], place + 1
    if tag == 0:
        return place
    if tag == _END:
        return len(content)
    if tag == _OF_CHANNEL:
        while content[place : place + 1] >= b"\x80":
            place += 1
        place += 1
    length, place = _length(content, place)
    if tag == _CHANNELS:
        value = content[place : place + min(length, 8)]
        if min(int.from_bytes(value, "big"), int.from_bytes(value, "little")) > MAX_CHANNELS:
            raise RecordingError(
                f"{name} announces more than {MAX_CHANNELS} channels.",
                "The file is damaged; export it again.",
            )
    return place if tag in (_OF_CHANNEL, _SET) else place + length


def _length(content: bytes, place: int) -> tuple[int, int]:
    first = content[place] if place < len(content) else 0
    if first < 0x80:
        return first, place + 1
    n_bytes = first & 0x7F
    return int.from_bytes(content[place + 1 : place + 1 + n_bytes], "big"), place + 1 + n_bytes

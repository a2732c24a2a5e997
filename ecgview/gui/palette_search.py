"""Which entries of the palette answer to what is typed, the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FUZZY_LEAST = 2
_SPREAD = 100
"""Score of letters that stand in their order; any number of better words has less."""
_INTO = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
_WORDS = re.compile(r"[^\s/:(),…→]+")


@dataclass(frozen=True)
class Entry:
    """One thing that the palette offers.

    Attributes
    ----------
    id : str
        Unique.
    text : str
        What it is called.
    place : str
        Where it stands in the menus, such as ``View/Speed``.
    do : callable
        Does it.
    keys : str
        Its shortcuts as they are written here.
    enabled : bool
        Whether it can be done now.
    checked : bool
        Whether it is the present choice.
    """

    id: str
    text: str
    place: str
    do: Callable[[], object]
    keys: str = ""
    enabled: bool = True
    checked: bool = False

    @property
    def where(self) -> str:
        """Its place in words."""
        return self.place.replace("/", f" {_INTO} ")

    @property
    def spoken(self) -> str:
        """All that a row shows, for who hears it."""
        parts = [self.text, self.where, self.keys]
        parts += ["chosen"] if self.checked else []
        parts += [] if self.enabled else ["not available now"]
        return ", ".join(part for part in parts if part)


def matching(entries: Sequence[Entry], query: str, recent: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Give the entries that answer to all words of a query.

    Letters that merely stand in their order count only where nothing answers better.

    Parameters
    ----------
    entries : sequence of Entry
        In the order of the menus.
    query : str
        Beginnings of words, parts of words, or letters in their order; everything if empty.
    recent : sequence of str
        Ids of what was done last, latest first.

    Returns
    -------
    tuple of Entry
        Those whose words begin so before those that only contain it; among equals what can be
        done first, then what was done last, then the order of the menus.
    """
    words = query.casefold().split()
    ranks = {id_: rank for rank, id_ in enumerate(recent)}
    found = []
    for number, entry in enumerate(entries):
        score = _score(entry, words)
        if score is not None:
            rank = ranks.get(entry.id, len(ranks))
            found.append((score, not entry.enabled, rank, number, entry))
    if any(score < _SPREAD for score, *_ in found):
        found = [item for item in found if item[0] < _SPREAD]
    return tuple(item[-1] for item in sorted(found, key=lambda item: item[:-1]))


def _score(entry: Entry, words: Sequence[str]) -> int | None:
    """Tell how badly an entry answers to words; None where it does not."""
    text = entry.text.casefold()
    title, place = _words_of(text), _words_of(entry.place.casefold())
    total = 0
    for word in words:
        score = _word_score(word, text, title, place)
        if score is None:
            return None
        total += score
    return total


def _word_score(word: str, text: str, title: list[str], place: list[str]) -> int | None:
    if text.startswith(word):
        return 0
    if any(one.startswith(word) for one in title):
        return 1
    if word in text:
        return 2
    if any(one.startswith(word) for one in place):
        return 3
    if len(word) >= _FUZZY_LEAST and _is_spread(word, text):
        return _SPREAD
    return None


def _words_of(text: str) -> list[str]:
    return _WORDS.findall(text)


def _is_spread(word: str, text: str) -> bool:
    """Tell whether letters stand in a text in their order, the first at a word's beginning."""
    begin = re.search(rf"\b{re.escape(word[0])}", text)
    if begin is None:
        return False
    at = begin.start()
    for letter in word:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True

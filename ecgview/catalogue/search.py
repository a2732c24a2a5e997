"""Finding recordings by words: each word may be the beginning of one that is looked for.

Words of one thing are looked for together: in one statement, or in the text of one recording
(report, comments, name). *anterior infarct* finds an anterior infarction, not an inferior one
beside an anterior block. Several things are set apart by commas.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ecgview.catalogue.entries import Catalogue, Entry

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]

_WORD = re.compile(r"[a-z0-9]+")
_AFTER_ALL = "\uffff"


def words_of(text: str) -> list[str]:
    """Cut a text into words: small letters and digits, accents taken off.

    Parameters
    ----------
    text : str
        In any language of Latin letters; umlauts read as their vowels.
    """
    bare = text.casefold()
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _WORD.findall(bare)


class WordIndex:
    """Which texts hold which words.

    Parameters
    ----------
    texts : iterable of str
        One a row.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        found: dict[str, list[int]] = defaultdict(list)
        self._n_rows = 0
        for row, text in enumerate(texts):
            self._n_rows = row + 1
            for word in set(words_of(text)):
                found[word].append(row)
        self._words = sorted(found)
        self._rows = [np.array(found[word], dtype=np.int32) for word in self._words]

    def rows_with(self, beginnings: Collection[str]) -> Mask:
        """Tell the rows that have a word with each of some beginnings, shape (rows,)."""
        together = np.ones(self._n_rows, dtype=bool)
        for beginning in beginnings:
            first = bisect_left(self._words, beginning)
            last = bisect_left(self._words, beginning + _AFTER_ALL)
            has = np.zeros(self._n_rows, dtype=bool)
            for rows in self._rows[first:last]:
                has[rows] = True
            together &= has
        return together


class Search:
    """Finds the recordings of a catalogue by words.

    Parameters
    ----------
    catalogue : Catalogue
        Searched.
    rows_of_code : dict of str to ndarray
        The rows that have each statement.
    """

    def __init__(self, catalogue: Catalogue, rows_of_code: dict[str, Rows]) -> None:
        vocabulary = catalogue.vocabulary
        self._codes = list(rows_of_code)
        self._rows_of_code = rows_of_code
        self._statements = WordIndex(vocabulary.search_words(code) for code in self._codes)
        self._texts = WordIndex(_text_of(entry) for entry in catalogue.entries)

    def codes(self, thing: str) -> list[str]:
        """Name the statements that some words describe; no words describe none."""
        beginnings = words_of(thing)
        found = self._statements.rows_with(beginnings) & bool(beginnings)
        return [code for code, is_it in zip(self._codes, found, strict=True) if is_it]

    def rows(self, text: str) -> Mask:
        """Tell which recordings a search finds, shape (recordings,).

        Parameters
        ----------
        text : str
            Things apart by commas; all of them must be found. Nothing finds everything.
        """
        found = self._texts.rows_with(())
        for thing in _things(text):
            of_text = self._texts.rows_with(words_of(thing))
            for code in self.codes(thing):
                of_text[self._rows_of_code[code]] = True
            found &= of_text
        return found


def _text_of(entry: Entry) -> str:
    return " ".join((entry.report, *entry.comments, entry.name.replace("/", " ")))


def _things(text: str) -> Iterator[str]:
    return (thing for thing in text.split(",") if words_of(thing))

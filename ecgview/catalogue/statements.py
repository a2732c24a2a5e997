"""What is said of a recording: statements with likelihoods, and what their codes mean."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from ecgview.catalogue.codes import CODES, OTHER_WORDS, SUBCLASSES, SUPERCLASSES
from ecgview.errors import DatasetError

Kind = Literal["diagnostic", "form", "rhythm"]
KINDS: tuple[Kind, ...] = ("diagnostic", "form", "rhythm")
_STATEMENT = re.compile(r"""(['"])(.+?)\1\s*:\s*(-?[0-9.]+)""")


@dataclass(frozen=True)
class Statement:
    """A statement on a recording.

    Attributes
    ----------
    code : str
        Such as ``AMI``.
    likelihood : float
        In percent; 0 where it is not stated, as in PTB-XL.
    """

    code: str
    likelihood: float = 0.0


@dataclass(frozen=True)
class Meaning:
    """What a code stands for.

    Attributes
    ----------
    code, words : str
        The code, and the statement in words.
    kinds : tuple of str
        Out of `KINDS`.
    superclass, subclass : str
        Of a diagnostic statement; empty otherwise.
    """

    code: str
    words: str
    kinds: tuple[Kind, ...] = ()
    superclass: str = ""
    subclass: str = ""

    @property
    def is_diagnostic(self) -> bool:
        """Whether it counts for a superclass."""
        return "diagnostic" in self.kinds


def _own_meanings() -> dict[str, Meaning]:
    return {
        code: Meaning(
            code,
            words,
            tuple(kind for kind in KINDS if kind[0] in kinds),
            SUBCLASSES.get(subclass, ""),
            subclass,
        )
        for code, (words, subclass, kinds) in CODES.items()
    }


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What the codes of a data set mean.

    Parameters
    ----------
    meanings : dict of str to Meaning
        By code; what is not in it stands for itself.
    """

    meanings: Mapping[str, Meaning]

    def __getitem__(self, code: str) -> Meaning:
        """Give the meaning of a code; of one that nobody knows, the code itself."""
        return self.meanings.get(code) or Meaning(code, code)

    @cached_property
    def superclass_names(self) -> Mapping[str, str]:
        """The superclasses that occur, in words."""
        found = {its.superclass for its in self.meanings.values()} - {""}
        known = {name: words for name, words in SUPERCLASSES.items() if name in found}
        return known | {name: name for name in sorted(found - set(known))}

    def superclasses(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        """Give the diagnostic superclasses of a recording.

        Parameters
        ----------
        statements : iterable of Statement
            What is said of it.

        Returns
        -------
        tuple of str
            Those of all its diagnostic statements whatever their likelihood, as in PTB-XL's own
            example: a likelihood of 0 means there that it is not known.
        """
        found = {self[one.code].superclass for one in statements}
        return tuple(name for name in self.superclass_names if name in found)

    def search_words(self, code: str) -> str:
        """Give all words that a statement may be looked for by."""
        meaning = self[code]
        own = CODES[code][0] if code in CODES else ""
        words = f"{meaning.words} {own}"
        return " ".join((code, words, *_apart(words), OTHER_WORDS.get(code, "")))

    def in_order(self, statements: Iterable[Statement]) -> list[Statement]:
        """Sort statements for people: diagnoses first, the likely before the less likely."""
        return sorted(statements, key=self._rank)

    def _rank(self, statement: Statement) -> tuple[int, float]:
        kinds = self[statement.code].kinds
        return (KINDS.index(kinds[0]) if kinds else len(KINDS), -statement.likelihood)


_COMPOUND = re.compile(r"\b(?:antero|infero|postero|latero)+\w+", re.IGNORECASE)
_PARTS = (("antero", "anterior"), ("infero", "inferior"), ("postero", "posterior"))


def _apart(words: str) -> Iterator[str]:
    """Take words such as ``anteroseptal`` apart, so that ``anterior`` finds them."""
    for compound in _COMPOUND.findall(words):
        rest = compound.lower()
        for part, word in _PARTS:
            if part in rest:
                yield word
                rest = rest.replace(part, " ")
        yield rest
    if "ischem" in words or "ischaem" in words:
        yield "ischemia ischaemia ischemic ischaemic"


OWN_VOCABULARY = Vocabulary(_own_meanings())
"""For data sets that bring no table of statements."""


def read_vocabulary(table: Path) -> Vocabulary:
    """Read a data set's own table of statements (PTB-XL's ``scp_statements.csv``).

    Parameters
    ----------
    table : Path
        Need not exist.

    Returns
    -------
    Vocabulary
        Of the table; codes that it lacks are taken from our own.

    Raises
    ------
    DatasetError
        If it is there and cannot be read.
    """
    if not table.is_file():
        return OWN_VOCABULARY
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"{table} cannot be read ({error}).", "Download it again.") from error
    # Its first column, the code, has no name in PTB-XL.
    heads = ["code", *rows[0][1:]] if rows else []
    read = (_meaning(dict(zip(heads, row, strict=False))) for row in rows[1:] if row)
    return Vocabulary({**OWN_VOCABULARY.meanings, **{its.code: its for its in read}})


def _meaning(row: Mapping[str, str]) -> Meaning:
    code = row["code"].strip()
    return Meaning(
        code,
        row.get("description", "").strip() or code,
        tuple(kind for kind in KINDS if row.get(kind, "").strip() in ("1", "1.0")),
        row.get("diagnostic_class", "").strip(),
        row.get("diagnostic_subclass", "").strip(),
    )


def parse_statements(text: str) -> tuple[Statement, ...]:
    """Read statements as PTB-XL writes them: ``{'AMI': 100.0, 'SR': 0.0}``.

    Parameters
    ----------
    text : str
        What cannot be read of it is passed over.

    Returns
    -------
    tuple of Statement
        In the order of the text.
    """
    found = []
    for _, code, number in _STATEMENT.findall(text):
        try:
            found.append(Statement(code, float(number)))
        except ValueError:
            found.append(Statement(code))
    return tuple(found)

"""A catalogue ready to be filtered: its facts in columns, its words in an index."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ecgview.catalogue.entries import OVER_OLDEST, QUALITIES, Catalogue
from ecgview.catalogue.query import Query
from ecgview.catalogue.search import Mask, Rows, Search

FACETS = (
    "text", "superclasses", "statements", "sexes", "ages", "folds", "qualities", "rates_hz",
)  # fmt: skip
"""The fields of a query that choose among recordings, each by itself."""


class Shelf:
    """A catalogue, sorted into columns; to be made in a worker.

    Parameters
    ----------
    catalogue : Catalogue
        What is filtered.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        entries = catalogue.entries
        self.n = len(entries)
        self.ages = _numbers([entry.age for entry in entries])
        self.rates_hz = _numbers([entry.rate_hz for entry in entries])
        self.folds = np.array([entry.fold for entry in entries], dtype=np.int32)
        self.rows_of_sex = _rows_of([(entry.sex,) for entry in entries])
        self.rows_of_quality = _rows_of([entry.qualities for entry in entries])
        self._likelihoods: dict[str, NDArray[np.float32]] = {}
        self.rows_of_code = self._statements()
        self.search = Search(catalogue, self.rows_of_code)
        self.name_ranks = _ranks([entry.name for entry in entries])
        self.words_ranks = _ranks([catalogue.words(entry).casefold() for entry in entries])

    def _statements(self) -> dict[str, Rows]:
        rows: dict[str, list[int]] = {}
        likelihoods: dict[str, list[float]] = {}
        for row, entry in enumerate(self.catalogue.entries):
            for one in {its.code: its for its in entry.statements}.values():
                rows.setdefault(one.code, []).append(row)
                likelihoods.setdefault(one.code, []).append(one.likelihood)
        self._likelihoods = {
            code: np.array(its, dtype=np.float32) for code, its in likelihoods.items()
        }
        return {code: np.array(its, dtype=np.int32) for code, its in rows.items()}

    # What there is to choose among

    @property
    def superclasses(self) -> tuple[str, ...]:
        """Superclasses that occur, in the order of the vocabulary."""
        vocabulary = self.catalogue.vocabulary
        there = {vocabulary[code].superclass for code in self.rows_of_code}
        return tuple(name for name in vocabulary.superclass_names if name in there)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the statements that occur, the frequent first."""
        return tuple(sorted(self.rows_of_code, key=lambda code: -len(self.rows_of_code[code])))

    @property
    def sexes(self) -> tuple[str, ...]:
        """Sexes that are told."""
        return tuple(sorted(set(self.rows_of_sex) - {""}))

    @property
    def qualities(self) -> tuple[str, ...]:
        """What is told of the quality, in the order of `QUALITIES`."""
        there = set(self.rows_of_quality)
        return (*(q for q in QUALITIES if q in there), *sorted(there - set(QUALITIES)))

    @property
    def all_folds(self) -> tuple[int, ...]:
        """Folds that occur."""
        return tuple(int(fold) for fold in np.unique(self.folds) if fold > 0)

    @property
    def has_ages(self) -> bool:
        """Whether any age is told."""
        return bool(np.isfinite(self.ages).any())

    @property
    def all_rates_hz(self) -> tuple[float, ...]:
        """Sampling rates that occur."""
        return tuple(float(rate) for rate in np.unique(self.rates_hz[np.isfinite(self.rates_hz)]))

    # Filtering

    def select(self, query: Query) -> Mask:
        """Tell which recordings a query asks for, shape (recordings,)."""
        return _all_of(self.facet_masks(query).values(), self.n)

    def asked_codes(self, query: Query) -> frozenset[str]:
        """Name the statements that a query is after, by words, codes or superclasses."""
        found = [code for thing in query.text.split(",") for code in self.search.codes(thing)]
        vocabulary = self.catalogue.vocabulary
        classes = (c for c in self.rows_of_code if vocabulary[c].superclass in query.superclasses)
        return query.statements.union(found, classes)

    def rows(self, query: Query) -> Rows:
        """Give the places of the recordings that a query asks for, shape (found,)."""
        return np.flatnonzero(self.select(query)).astype(np.int32)

    def facet_masks(self, query: Query) -> dict[str, Mask]:
        """Tell, for each field of a query that matters, which recordings it lets through."""
        masks: dict[str, Mask] = {}
        if query.text.strip():
            masks["text"] = self.search.rows(query.text)
        if query.superclasses:
            masks["superclasses"] = self._any_superclass(query.superclasses, query.min_likelihood)
        if query.statements:
            masks["statements"] = self._any_code(query.statements, query.min_likelihood)
        elif query.min_likelihood and not query.superclasses:
            diagnostic = [code for code in self.rows_of_code if self._is_diagnostic(code)]
            masks["statements"] = self._any_code(diagnostic, query.min_likelihood)
        if query.sexes:
            masks["sexes"] = self._any_of(query.sexes, self.rows_of_sex)
        if any(limit is not None for limit in query.ages):
            masks["ages"] = self._within(query)
        if query.folds:
            masks["folds"] = np.isin(self.folds, list(query.folds))
        if query.qualities:
            masks["qualities"] = self._any_of(query.qualities, self.rows_of_quality)
        if query.rates_hz:
            masks["rates_hz"] = np.isin(self.rates_hz, list(query.rates_hz))
        return masks

    def counts(self, query: Query) -> dict[str, dict[object, int]]:
        """Count, for each field, how many recordings each of its values would leave.

        Parameters
        ----------
        query : Query
            What is asked for; a field does not narrow its own counts.

        Returns
        -------
        dict of str to dict
            By the names of `FACETS` (but text and ages), then by value.
        """
        masks = self.facet_masks(query)

        def others(facet: str) -> Mask:
            return _all_of([mask for name, mask in masks.items() if name != facet], self.n)

        least = query.min_likelihood
        classes, codes = others("superclasses"), others("statements")
        folds, rates = others("folds"), others("rates_hz")
        return {
            "superclasses": {
                name: int((self._any_superclass((name,), least) & classes).sum())
                for name in self.superclasses
            },
            "statements": {
                code: int(codes[self._rows_of_code(code, least)].sum())
                for code in self.rows_of_code
            },
            "sexes": _counts(self.rows_of_sex, others("sexes")),
            "qualities": _counts(self.rows_of_quality, others("qualities")),
            "folds": {fold: int((folds & (self.folds == fold)).sum()) for fold in self.all_folds},
            "rates_hz": {
                rate: int((rates & (self.rates_hz == rate)).sum()) for rate in self.all_rates_hz
            },
        }

    def counts_among(self, mask: Mask) -> dict[str, dict[object, int]]:
        """Count the values of each field among some recordings; see `counts`.

        Parameters
        ----------
        mask : ndarray of bool, shape (recordings,)
            Which ones.
        """
        return {
            "superclasses": {
                name: int((self._any_superclass((name,), 0.0) & mask).sum())
                for name in self.superclasses
            },
            "sexes": _counts(self.rows_of_sex, mask),
            "qualities": _counts(self.rows_of_quality, mask),
            "folds": {fold: int((mask & (self.folds == fold)).sum()) for fold in self.all_folds},
            "rates_hz": {
                rate: int((mask & (self.rates_hz == rate)).sum()) for rate in self.all_rates_hz
            },
        }

    def _is_diagnostic(self, code: str) -> bool:
        return self.catalogue.vocabulary[code].is_diagnostic

    def _rows_of_code(self, code: str, least: float) -> Rows:
        """Rows with a statement; only diagnostic ones have a likelihood that can be too low."""
        rows = self.rows_of_code.get(code)
        if rows is None:
            return np.zeros(0, dtype=np.int32)
        if not least or not self._is_diagnostic(code):
            return rows
        return rows[self._likelihoods[code] >= least]

    def _any_code(self, codes: Collection[str], least: float) -> Mask:
        mask = np.zeros(self.n, dtype=bool)
        for code in codes:
            mask[self._rows_of_code(code, least)] = True
        return mask

    def _any_superclass(self, names: Collection[str], least: float) -> Mask:
        vocabulary = self.catalogue.vocabulary
        wanted = [code for code in self.rows_of_code if vocabulary[code].superclass in names]
        return self._any_code(wanted, least)

    def _any_of(self, values: Collection[str], rows_of: Mapping[str, Rows]) -> Mask:
        mask = np.zeros(self.n, dtype=bool)
        for value in values:
            mask[rows_of.get(value, np.zeros(0, dtype=np.int32))] = True
        return mask

    def _within(self, query: Query) -> Mask:
        first, last = query.ages
        mask = np.isfinite(self.ages)
        if first is not None:
            mask &= self.ages >= min(first, OVER_OLDEST)
        if last is not None:
            # How far above 89 someone is, nobody tells.
            mask &= self.ages <= last
        return mask


def _all_of(masks: Collection[Mask], n: int) -> Mask:
    return reduce(np.logical_and, masks, np.ones(n, dtype=bool))


def _counts(rows_of: Mapping[str, Rows], mask: Mask) -> dict[object, int]:
    return {value: int(mask[rows].sum()) for value, rows in rows_of.items() if value}


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _rows_of(values: Sequence[Sequence[str]]) -> dict[str, Rows]:
    found: dict[str, list[int]] = {}
    for row, its in enumerate(values):
        for value in its:
            found.setdefault(value, []).append(row)
    return {value: np.array(rows, dtype=np.int32) for value, rows in found.items()}


def _ranks(texts: Sequence[str]) -> NDArray[np.int32]:
    """Give each text its place among all of them sorted."""
    ranks = np.empty(len(texts), dtype=np.int32)
    place = {text: rank for rank, text in enumerate(sorted(set(texts)))}
    for row, text in enumerate(texts):
        ranks[row] = place[text]
    return ranks

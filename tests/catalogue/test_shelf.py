import csv
import json
from ast import literal_eval

import numpy as np
import pytest

from ecgview.catalogue.ordering import Scores, ordered
from ecgview.catalogue.query import Query, parse_ages
from ecgview.catalogue.rows import as_csv, as_data
from ecgview.catalogue.search import words_of
from ecgview.catalogue.triage import TriageFigures
from ecgview.errors import EcgviewError


def found(shelf, **query):
    return list(shelf.rows(Query(**query)))


def test_plain_words_find_statements_by_what_they_mean(shelf):
    assert found(shelf, text="anterior infarct") == [1, 4]  # not the block beside an inferior one
    assert shelf.search.codes("anterior infarct") == ["ASMI", "AMI"]
    assert found(shelf, text="anterior") == [1, 3, 4]
    assert found(shelf, text="AMI") == [4]
    assert found(shelf, text="af") == [4]


def test_several_things_stand_apart_by_commas(shelf):
    assert found(shelf, text="infarct, left anterior") == [1, 3]
    assert found(shelf, text="infarct left anterior") == []
    assert found(shelf, text=" , ") == [0, 1, 2, 3, 4]


def test_reports_are_searched_in_their_own_language(shelf):
    assert found(shelf, text="Hinterwand") == [3]
    assert found(shelf, text="MOGLICH") == found(shelf, text="möglich") == [1]
    assert found(shelf, text="00002") == [2]
    assert found(shelf, text="wandinfarkt") == []


def test_words_are_bare_letters():
    assert words_of("Straße, ÄQ-Welle (V1)") == ["strasse", "aq", "welle", "v1"]
    assert words_of("—!") == []


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"superclasses": frozenset({"MI"})}, [1, 3, 4]),
        ({"superclasses": frozenset({"MI", "NORM"})}, [0, 1, 3, 4]),
        ({"superclasses": frozenset({"MI"}), "min_likelihood": 50.0}, [1, 3]),
        ({"min_likelihood": 50.0}, [0, 1, 3]),
        ({"statements": frozenset({"SR"}), "min_likelihood": 100.0}, [0, 3]),
        ({"statements": frozenset({"NOSUCH"})}, []),
        ({"sexes": frozenset({"female"})}, [1, 3]),
        ({"ages": (40.0, None)}, [0, 1, 3]),
        ({"ages": (95.0, None)}, [1]),
        ({"ages": (None, 89.0)}, [0, 3, 4]),
        ({"ages": (17.0, 17.0)}, [4]),
        ({"folds": frozenset({9, 10})}, [1, 2, 3]),
        ({"qualities": frozenset({"clean"})}, [0, 2, 4]),
        ({"qualities": frozenset({"drift", "static"})}, [1, 3]),
        ({"rates_hz": frozenset({100.0})}, []),
        ({"folds": frozenset({9}), "sexes": frozenset({"female"}), "text": "block"}, [1, 3]),
    ],
)
def test_a_query_lets_through_what_it_asks_for(shelf, query, rows):
    assert found(shelf, **query) == rows


def test_counts_say_what_a_choice_would_leave(shelf):
    counts = shelf.counts(Query(superclasses=frozenset({"NORM"}), sexes=frozenset({"female"})))
    assert counts["superclasses"] == {"NORM": 0, "MI": 2, "CD": 2}
    assert counts["sexes"] == {"male": 1, "female": 0}
    assert counts["folds"] == {1: 0, 2: 0, 9: 0, 10: 0}
    assert shelf.counts(Query())["statements"]["LAFB"] == 2
    assert shelf.counts(Query(min_likelihood=60.0))["statements"]["ASMI"] == 0


def test_ages_are_parsed():
    assert parse_ages("40-60") == (40.0, 60.0)
    assert parse_ages(" 65 - ") == (65.0, None)
    assert parse_ages("-17") == (None, 17.0)
    assert parse_ages("50") == (50.0, 50.0)
    assert parse_ages("") == (None, None)
    for wrong in ("old", "60-40", "-", "40-60-80"):
        with pytest.raises(EcgviewError, match="not a range of ages"):
            parse_ages(wrong)


def rows_by(shelf, column, scores=None, **how):
    return list(ordered(shelf, np.arange(shelf.n), column, scores, **how))


def test_rows_are_sorted_and_what_is_unknown_comes_last(shelf):
    assert rows_by(shelf, "age") == [4, 0, 3, 1, 2]
    assert rows_by(shelf, "age", descending=True) == [1, 3, 0, 4, 2]
    assert rows_by(shelf, "fold") == [0, 4, 1, 3, 2]
    assert rows_by(shelf, "name", descending=True) == [4, 3, 2, 1, 0]
    assert rows_by(shelf, "sex") == [1, 3, 0, 4, 2]
    assert rows_by(shelf, "quality") == [0, 2, 4, 3, 1]
    assert rows_by(shelf, "") == [0, 1, 2, 3, 4]
    assert rows_by(shelf, "worst") == [0, 1, 2, 3, 4]


def test_figures_sort_with_the_undefined_behind(shelf):
    scores = Scores(shelf.n)
    for row, worst in ((3, 0.2), (1, 0.9), (4, -0.5)):
        scores.put(row, TriageFigures(worst, "V3", worst + 0.05, 100.0))
    scores.put(0, TriageFigures(problem="flat"))
    assert rows_by(shelf, "worst", scores) == [4, 3, 1, 0, 2]
    assert rows_by(shelf, "worst", scores, descending=True) == [1, 3, 4, 0, 2]
    assert list(scores.known) == [True, True, False, True, True]


def test_a_row_becomes_data(shelf):
    catalogue = shelf.catalogue
    figures = TriageFigures(0.5, "V2", 0.8, 120.0, ("V3",))
    data = as_data(catalogue, catalogue.entries[1], figures)
    json.dumps(data)
    assert (data["age"], data["sex"], data["quality"]) == ("90+", "female", ["static"])
    assert data["statements"][0] == {
        "code": "LAFB", "words": "left anterior fascicular block", "likelihood": 100.0,
    }  # fmt: skip
    assert (data["worst_lead"], data["undefined_leads"]) == ("V2", ["V3"])
    assert "worst_pcc" not in as_data(catalogue, catalogue.entries[1])


def test_rows_become_a_table_that_reads_back(shelf):
    catalogue = shelf.catalogue
    text = as_csv(catalogue, [(entry, None) for entry in catalogue.entries], scored=True)
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 5
    assert rows[1]["statements"] == "LAFB 100; ASMI 50"
    assert rows[4]["report"] == 'he said ""infarkt"", not sure'
    assert rows[1]["worst_pcc"] == ""
    assert as_csv(catalogue, [], scored=True).splitlines() == [text.splitlines()[0]]


@pytest.fixture(scope="module")
def table(data_dir):
    with (data_dir / "ptb-xl/ptbxl_database.csv").open(encoding="utf-8") as file:
        return [row | {"codes": literal_eval(row["scp_codes"])} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def class_of(data_dir):
    with (data_dir / "ptb-xl/scp_statements.csv").open(encoding="utf-8") as file:
        return {row[""]: row["diagnostic_class"] for row in csv.DictReader(file)}


@pytest.mark.real_data
def test_superclasses_are_counted_as_the_data_set_does(real_shelf, table, class_of):
    counts = real_shelf.counts(Query())["superclasses"]
    for name in ("NORM", "MI", "STTC", "CD", "HYP"):
        direct = sum(any(class_of[code] == name for code in row["codes"]) for row in table)
        assert counts[name] == direct > 100


@pytest.mark.real_data
def test_an_anterior_infarct_is_shown_to_who_asks_for_it(real_shelf, table):
    rows = found(real_shelf, text="anterior infarct")
    direct = [
        row
        for row, its in enumerate(table)
        if {"AMI", "ASMI", "ALMI"} & set(its["codes"])
        or all(
            any(word.startswith(begin) for word in words_of(its["report"]))
            for begin in ("anterior", "infarct")
        )
    ]
    assert rows == direct
    assert len(rows) > 250


@pytest.mark.real_data
def test_filters_count_as_the_table_does(real_shelf, table):
    asked = Query(
        sexes=frozenset({"female"}), ages=(40.0, 75.0), folds=frozenset({9}),
        superclasses=frozenset({"MI"}), min_likelihood=100.0,
    )  # fmt: skip
    mi = {
        code
        for code, meaning in real_shelf.catalogue.vocabulary.meanings.items()
        if meaning.superclass == "MI"
    }
    direct = [
        row
        for row, its in enumerate(table)
        if its["sex"] == "1"
        and its["age"]
        and 40 <= float(its["age"]) <= 75
        and its["strat_fold"] == "9"
        and any(code in mi and likelihood >= 100 for code, likelihood in its["codes"].items())
    ]
    assert list(real_shelf.rows(asked)) == direct
    assert len(direct) > 2

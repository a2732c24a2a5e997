"""Facts on patients as many formats write them."""

from __future__ import annotations

import pytest

from ecgview.formats.patients import age_between, month_number, sex_of


@pytest.mark.parametrize(
    ("written", "sex"),
    [("M", "male"), ("Female", "female"), ("w", "female"), ("O", "other"), ("X", ""), ("U", "")],
)
def test_sexes(written: str, sex: str) -> None:
    assert sex_of(f" {written} ") == sex


def test_a_sex_that_is_not_known_stays_as_written() -> None:
    assert sex_of("intersex ") == "intersex"


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        ("1950-03-02", "2020-03-02T10:00:00", "70"),
        ("1950-03-02", "2020-03-01", "69"),
        ("2020-03-02", "2020-03-02", "0"),
        ("2020-03-02", "2020-03-01", ""),
        ("1950", "2020-03-01", ""),
        ("1950-03-02", "", ""),
    ],
)
def test_ages(birth_date: str, day: str, age: str) -> None:
    assert age_between(birth_date, day) == age


def test_months() -> None:
    assert [month_number(name) for name in ("Jan", "DEC")] == [1, 12]
    with pytest.raises(ValueError):
        month_number("Mai")

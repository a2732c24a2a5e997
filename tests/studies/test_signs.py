"""Tables of how often signs are right."""

import csv
import json

import pytest

from ecgview.studies.signs.tables import RateRow, share_of, table_text, write_tables


def test_shares_carry_wilson_intervals():
    half = share_of([True] * 5 + [False] * 5)
    assert (half.share, half.count, half.of) == (0.5, 5, 10)
    assert (half.low, half.high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    none = share_of([False] * 10)
    assert (none.low, none.high) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert (share_of([]).low, share_of([]).high) == (0.0, 1.0)


def test_tables_say_found_named_and_false_alarms(tmp_path):
    row = RateRow(
        "mistake", "V1 and V2", "I,II", share_of([True, True, False]), share_of([True]),
        share_of([False] * 50), "few",
    )  # fmt: skip
    table, as_json = write_tables([row], {"command": "ecgview study signs"}, tmp_path)
    (line,) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert (line["found_count"], line["found_of"], line["false_alarms_of"]) == ("2", "3", "50")
    content = json.loads(as_json.read_text(encoding="utf-8"))
    assert content["rows"][0]["found"]["share"] == pytest.approx(2 / 3)
    assert "66.7% [20.8% 93.9%]" in table_text([row])

"""The study of calibrations: choices on others, honest intervals, tables, and what is noticed."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import list_models
from ecgview.engine.crossfit import COUNT, crossfit_name
from ecgview.engine.layouts import PTB_XL, Entry
from ecgview.engine.personal.lesson import wanted_rows
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.studies.personal.choosing import Trials, choose
from ecgview.studies.personal.jobs import stranger_pairs
from ecgview.studies.personal.narrowing import Inside, Residuals, coverage, narrowings, widths_of
from ecgview.studies.personal.people import Pair, pairs_of, recorded_more_than_once
from ecgview.studies.personal.resemblance import exchanges
from ecgview.studies.personal.results import lead_row
from ecgview.studies.personal.trials import (
    N_LEADS,
    SHRINKAGES,
    WAYS,
    Stretch,
    after_each,
    before,
)


def entry(name: str, patient: str, fold: int) -> Entry:
    return Entry(PTB_XL, name, Path(f"{name}.hea"), patient, fold)


def test_every_earlier_recording_is_paired_with_every_later_one() -> None:
    entries = [entry("c", "1", 1), entry("a", "1", 1), entry("b", "1", 1), entry("d", "2", 2)]
    dates = {"a": datetime(1990, 1, 1), "b": datetime(1990, 1, 11), "c": datetime(1991, 1, 1)}
    kept = recorded_more_than_once(entries)
    assert [one.name for one in kept] == ["c", "a", "b"]
    pairs = pairs_of(kept, dates)
    named = [(kept[p.first].name, kept[p.second].name, p.days) for p in pairs]
    assert named == [("a", "b", 10.0), ("a", "c", 365.0), ("b", "c", 355.0)]


def test_strangers_are_others_that_the_same_network_has_not_seen() -> None:
    entries = [entry(str(n), str(n // 2), 1 + n // 2) for n in range(16)]
    pairs = [Pair(2 * n, 2 * n + 1, None) for n in range(8)]
    strangers = stranger_pairs(entries, pairs)
    assert len(strangers) == 8
    for pair in strangers:
        first, second = entries[pair.first], entries[pair.second]
        assert first.person != second.person
        assert (first.fold - 1) // 2 == (second.fold - 1) // 2


def stretch(seed: int, gain: float) -> Stretch:
    rng = np.random.default_rng(seed)
    given = rng.normal(size=(8, 600))
    truth = gain * given + 0.1 * rng.normal(size=given.shape)
    truth[:2] = given[:2]
    return Stretch(given, truth, 125.0, np.ones_like(given))


def test_trials_find_a_gain_by_every_way() -> None:
    wanted = wanted_rows(("I", "II"))
    plain = before(stretch(1, 2.0), wanted)
    figures = after_each(stretch(0, 2.0), stretch(1, 2.0), wanted)
    assert figures.shape == (2, len(WAYS), len(SHRINKAGES), N_LEADS)
    assert np.isnan(figures[:, :, :, :2]).all()
    assert plain[1, 2:] == pytest.approx(1000, rel=0.1)
    assert figures[1, :, 0, 2:] == pytest.approx(100, rel=0.2)
    assert (np.diff(figures[1, 2, :, 4]) > 0).all()


def trials(best: dict[int, int]) -> Trials:
    """Two people a group; each group has another best shrinkage."""
    groups = np.repeat(list(best), 2)
    after = np.full((len(groups), 2, len(WAYS), len(SHRINKAGES), N_LEADS), 100.0)
    for trial, group in enumerate(groups):
        after[trial, 1, :, best[group]] = 50.0
    people = tuple(str(number) for number in range(len(groups)))
    before = np.full((len(groups), 2, N_LEADS), 200.0)
    return Trials(people, groups, np.ones(len(groups), bool), before, after)


def test_nobody_chooses_for_themselves() -> None:
    its = trials({1: 3, 2: 5, 3: 5, 4: 3})
    chosen = choose([its])
    assert chosen.places[0][1] == 5
    assert chosen.places[0][2] == 3
    nested = its.nested(chosen)
    # Groups 1 and 4 are best at 3, but for them the others decide.
    assert (nested[its.groups == 1, 1] == 100.0).all()
    assert its.nested(chosen, per_lead=True).shape == its.before.shape


def test_fold_9_is_never_chosen_on() -> None:
    its = trials({1: 3, 2: 5, 3: 5, 4: 5})
    held_out = its.groups == 1
    kept = Trials(its.people, its.groups, ~held_out, its.before, its.after)
    assert SHRINKAGES[choose([kept]).places[0][-1]] == SHRINKAGES[5]


def test_the_factor_holds_nine_in_ten_and_its_interval_is_over_people() -> None:
    rng = np.random.default_rng(0)
    made = [
        [Residuals(np.abs(rng.normal(size=500)), 0.5 * np.abs(rng.normal(size=500)))]
        for _ in range(60)
    ]
    (_, its) = narrowings([inside(made)], 0.7)
    assert its.people == 30
    assert its.factor == pytest.approx(0.5, abs=0.02)
    assert its.low < its.factor < its.high < 0.55
    assert its.allowed == pytest.approx(np.ceil(its.high * 100) / 100)
    # Normal errors of half the size, in widths of 1.645: beyond them 1 in 1000, by 0.7 2 in 100.
    assert its.unscaled[0] == pytest.approx(0.999, abs=0.002)
    assert its.scaled[0] == pytest.approx(0.979, abs=0.005)
    assert its.scaled[1] < its.scaled[0] < its.scaled[2]
    worse = [[Residuals(one[0].before, 3 * one[0].after)] for one in made]
    assert narrowings([inside(worse)], 0.7)[-1].allowed == 1.0


def inside(trials: list[list[Residuals]]) -> Inside:
    """Two trials a person."""
    widths = widths_of(trials)
    people = tuple(str(number // 2) for number in range(len(trials)))
    return Inside(("I", "II"), people, np.stack([coverage(one, widths) for one in trials]))


def test_the_lowest_lead_is_told_beside_the_mean_of_a_set() -> None:
    half, size = np.full(500, 0.5), np.linspace(0, 1, 500)
    made = [[Residuals(half, size), Residuals(half, size / 4)] for _ in range(4)]
    shares = np.stack([coverage(one, [1.0, 1.0]) for one in made])
    one, every = narrowings([Inside(("I",), ("a", "a", "b", "b"), shares)], 0.5)
    assert one.available == "I"
    assert one.scaled == pytest.approx((0.75, 0.75, 0.75), abs=0.01)
    assert one.lowest_lead == pytest.approx(0.5, abs=0.01)
    assert every.available == "all sets"
    assert every.scaled == one.scaled


def test_people_weigh_the_same_however_often_they_were_recorded() -> None:
    before = np.array([[0.8, 100.0]] * 3 + [[0.6, 200.0]])
    after = np.array([[0.9, 50.0]] * 3 + [[0.5, 250.0]])
    row = lead_row("V3", ("a", "a", "a", "b"), before, after)
    assert (row.pcc_before, row.rmse_before_uv) == pytest.approx((0.7, 150.0))
    assert row.rmse_gain_uv[0] == pytest.approx(0.0)
    assert (row.n_people, row.n_better, row.n_worse) == (2, 1, 1)


def test_exchanges_are_those_that_show() -> None:
    assert set(exchanges(("I",))) == {"arms exchanged"}
    chest = exchanges(("I", "II", "V6"))["chest leads one place on"]
    v5, v6 = INDEPENDENT_LEADS.index("V5"), INDEPENDENT_LEADS.index("V6")
    assert chest == {v6: ((v5, 1.0),)}


@pytest.fixture
def networks(tmp_path: Path) -> Path:
    """A folder of networks that stand in for cross-fitted ones."""
    linear = next((card for card in list_models() if card.name == "anylead-linear"), None)
    if linear is None:
        pytest.skip("no model is bundled")
    folder = tmp_path / "networks"
    folder.mkdir()
    for number in range(1, COUNT + 1):
        for suffix in (".safetensors", ".json"):
            content = linear.path.with_suffix(suffix).read_bytes()
            (folder / f"{crossfit_name(number)}{suffix}").write_bytes(content)
    return folder


def test_the_command_studies_simulated_people(
    small_data_set: Path, networks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six people of two recordings each, in folds 1 to 4; any networks will do here."""
    command = ["study", "personal", "--data", str(small_data_set), "--networks", str(networks)]
    command += ["--output", str(tmp_path / "out"), "--inputs", "I,II;II,V1,V5"]
    command += ["--model", "anylead-linear", "--no-cache"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "6 people, 12 recordings, 6 trials" in printed
    assert "The data set has no dates." in printed
    with (tmp_path / "out" / "personal.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["lead"] for row in rows} == {"chest", "I", "V1", "V2", "V3", "V4", "V5", "V6"}
    same = [row for row in rows if "first half" in row["calibrated_from"]]
    assert same
    assert all(float(row["rmse_after_uv"]) < float(row["rmse_before_uv"]) for row in same)
    document = json.loads((tmp_path / "out" / "personal.json").read_text())
    assert [one["people"] for one in document["situations"]] == [6, 6, 6]
    assert document["noticing"][0]["n_same"] == 6
    rows = document["situations"][0]["interval"]
    assert [row["available"] for row in rows] == ["I,II", "II,V1,V5", "all sets"]
    assert document["situations"][0]["interval_of"].startswith("of constant width")
    assert "Inside the 90 % interval around calibrated leads" in printed
    with (tmp_path / "out" / "pairs.csv").open() as file:
        pairs = list(csv.DictReader(file))
    assert len([row for row in pairs if "earlier" in row["calibrated_from"]]) == 12


def test_networks_are_trained_only_on_the_data_that_they_are_for(
    small_data_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the folder has no networks, the recordings of the model that ships are needed."""
    command = ["study", "personal", "--data", str(small_data_set), "--output", str(tmp_path)]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert "anylead.records.txt are not in the data set" in said


def test_nobody_recorded_twice_is_told(
    tmp_path: Path, networks: Path, small_data_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    for file in sorted((small_data_set / "records500" / "00000").glob("00000_hr.*")):
        (alone / file.name).write_bytes(file.read_bytes())
    command = ["study", "personal", "--data", str(alone), "--networks", str(networks)]
    assert main([*command, "--output", str(tmp_path / "out")]) == 1
    assert "Nobody in these folders was recorded twice." in capsys.readouterr().err

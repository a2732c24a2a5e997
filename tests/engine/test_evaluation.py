from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array
from launch import side_by_side

from ecgview.cli import main
from ecgview.cli.text import score_table
from ecgview.engine.cards import ModelCard, find_model, list_models, read_card
from ecgview.engine.checkpoint import save_model
from ecgview.engine.companions import linear_companion, with_companions
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Finished
from ecgview.engine.input_sets import PAPER_SETS, QUALITY_SETS
from ecgview.engine.models.lead_set import LeadSetUNet
from ecgview.engine.models.linear import LeastSquares
from ecgview.engine.reports import write_into_card, write_tables
from ecgview.engine.scores import COLUMNS, Report
from ecgview.errors import ModelError
from ecgview.formats import save_recording

SETS = [("I", "II"), ("I", "II", "V2")]
needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
Output = pytest.CaptureFixture[str]


def report_of(
    cards: list[ModelCard], data: Path, sets: list[tuple[str, ...]], folds: tuple[int, ...] = (2, 3)
) -> Report:
    entries = choose_entries([data], folds, None)
    *_, last = evaluate_models(cards, entries, sets, "cpu", cache=False)
    assert isinstance(last, Finished)
    assert isinstance(last.result, Report)
    return last.result


@pytest.fixture(scope="module")
def linear_card(tiny_card: ModelCard) -> ModelCard:
    """A linear model that stands beside the tiny network."""
    mixing = np.random.default_rng(3).normal(size=(8, 8))
    path = tiny_card.path.with_name("tiny-linear.safetensors")
    card = replace(
        tiny_card, name="tiny-linear", architecture="least-squares", arguments={}, path=path
    )
    return save_model(LeastSquares(mixing @ mixing.T / 100), card)


@pytest.fixture(scope="module")
def one_set_card(tiny_card: ModelCard) -> ModelCard:
    """A model that takes I, II and V2 and gives five chest leads."""
    leads = ("I", "II", "V2")
    card = replace(
        tiny_card,
        name="one-set",
        architecture="lead-set-unet",
        arguments={"leads": list(leads), "base_width": 4},
        leads=leads,
        rebuilds=("V1", "V3", "V4", "V5", "V6"),
        path=tiny_card.path.with_name("one-set.safetensors"),
    )
    return save_model(LeadSetUNet(leads, base_width=4).eval(), card)


def test_a_report_counts_recordings_patients_and_what_is_left_out(
    tiny_card: ModelCard, small_data_set: Path
) -> None:
    report = report_of([tiny_card], small_data_set, SETS)
    assert (report.found, report.recordings, report.patients) == (6, 5, 4)
    assert report.left_out == {"flat lead": 1}
    assert report.folds == (2, 3)
    assert [row.available for row in report.scores] == SETS
    assert [row.recordings for row in report.scores] == [5, 5]


def test_segments_of_long_recordings_count_for_their_patient(
    linear_card: ModelCard, tmp_path: Path
) -> None:
    for number in (1, 2):
        signals_mv = twelve_lead_array(1000.0, 30.0, seed=number)
        save_recording(f"s000{number}_re", signals_mv, 1000.0, tmp_path / f"patient00{number}")
    report = report_of([linear_card], tmp_path, [("I", "II")], tuple(range(1, 11)))
    assert (report.segments, report.recordings, report.found, report.patients) == (6, 2, 2, 2)
    assert report.scores[0].recordings == 6
    assert "6 segments of 2 of 2 recordings of 2 patients" in score_table(report)


def test_a_model_of_one_set_has_a_row_for_it_alone(
    tiny_card: ModelCard, one_set_card: ModelCard, small_data_set: Path
) -> None:
    report = report_of([tiny_card, one_set_card], small_data_set, SETS)
    (row,) = report.of("one-set")
    assert row.available == ("I", "II", "V2")
    assert [lead.lead for lead in row.leads] == ["V1", "V3", "V4", "V5", "V6"]
    # Any two limb leads tell the same.
    (same,) = report_of([one_set_card], small_data_set, [("II", "aVL", "V2")]).scores
    assert same.available == ("II", "aVL", "V2")
    with pytest.raises(ModelError, match="takes only I, II, V2") as caught:
        report_of([one_set_card], small_data_set, [("I",)])
    assert '--inputs "I,II,V2"' in caught.value.hint


def test_the_linear_model_of_the_same_recordings_comes_along(
    tiny_card: ModelCard, linear_card: ModelCard, small_data_set: Path
) -> None:
    assert [card.name for card in with_companions([tiny_card])] == ["tiny", "tiny-linear"]
    assert [card.name for card in with_companions([linear_card, tiny_card])] == [
        "tiny-linear",
        "tiny",
    ]
    report = report_of([tiny_card, linear_card], small_data_set, SETS)
    against_line = [each for each in report.differences if each.other_model != each.model]
    assert [(each.model, each.available) for each in against_line] == [
        ("tiny", leads) for leads in SETS
    ]
    rows = {(row.model, row.available): row for row in report.scores}
    difference = rows["tiny", SETS[0]].raw_pcc - rows["tiny-linear", SETS[0]].raw_pcc
    assert against_line[0].means["raw_pcc"][0] == pytest.approx(difference)


@needs_model
def test_a_network_without_its_own_linear_model_gets_the_bundled_one(tmp_path: Path) -> None:
    card = replace(find_model("anylead"), name="other", path=tmp_path / "other.safetensors")
    companion = linear_companion(card)
    assert companion is not None
    assert companion.name == "anylead-linear"
    assert linear_companion(companion) is None


def test_tables_on_disk_agree(
    tiny_card: ModelCard, linear_card: ModelCard, small_data_set: Path, tmp_path: Path
) -> None:
    report = report_of([tiny_card, linear_card], small_data_set, SETS)
    write_tables(report, tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    written = json.loads((folder / "evaluation.json").read_text())
    with (folder / "sets.csv").open() as file:
        sets = list(csv.DictReader(file))
    with (folder / "leads.csv").open() as file:
        leads = list(csv.DictReader(file))
    assert [row["available"] for row in sets] == ["I,II", "I,II,V2"] * 2
    assert len(leads) == 2 * (6 + 5)
    assert set(COLUMNS) < set(leads[0])
    for row, score, in_json in zip(sets, report.scores, written["scores"], strict=True):
        assert float(row["clean_pcc_mean"]) == in_json["clean_pcc_mean"] == score.clean_pcc
        assert float(row["raw_rmse_uv_p95"]) >= float(row["raw_rmse_uv_median"])
    mean = np.mean([float(row["clean_pcc_mean"]) for row in leads[:6]])
    assert float(sets[0]["clean_pcc_mean"]) == pytest.approx(mean)
    with (folder / "differences.csv").open() as file:
        assert [row["other_model"] for row in csv.DictReader(file)] == ["tiny-linear"] * 2


def test_figures_go_into_the_card_of_their_model(
    tiny_card: ModelCard, small_data_set: Path, tmp_path: Path
) -> None:
    card = replace(tiny_card, path=tmp_path / "tiny.safetensors")
    card.path.write_bytes(tiny_card.path.read_bytes())
    report = report_of([card], small_data_set, [*SETS, ("V6",)])
    write_into_card(card, report, "ecgview evaluate ...")
    read = read_card(card.path)
    assert sorted(read.metrics["table"]) == ["I,II", "I,II,V2"]
    assert read.metrics["table"]["I,II"]["clean_median"] == round(report.scores[0].clean_median, 4)
    expected = read.expected(("V6",))
    assert expected is not None
    assert expected["V1"].pcc == pytest.approx(report.scores[2].leads[6].clean_pcc, abs=5e-4)
    assert read.metrics["command"] == "ecgview evaluate ..."


def test_the_command_writes_tables_and_figures_and_names_the_linear_model(
    tiny_card: ModelCard,
    linear_card: ModelCard,
    small_data_set: Path,
    tmp_path: Path,
    capsys: Output,
) -> None:
    command = ["evaluate", "--data", str(small_data_set), "--folds", "3", "--device", "cpu"]
    command += ["--model", str(tiny_card.path), "--inputs", "I,II;I,II,V4", "--no-cache"]
    assert main([*command, "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "tiny-linear" in printed.err
    assert printed.out.count("I,II,V4") == 2
    names = {path.name for path in tmp_path.iterdir()}
    tables = {"evaluation.json", "sets.csv", "leads.csv", "differences.csv"}
    figures = {
        f"{model}-{version}-pcc{suffix}"
        for model in ("tiny", "tiny-linear")
        for version in ("raw", "clean")
        for suffix in (".png", ".svg")
    }
    assert names == tables | figures


def test_two_processes_make_the_same_tables(
    tiny_card: ModelCard, linear_card: ModelCard, small_data_set: Path, tmp_path: Path
) -> None:
    command = ["evaluate", "--data", str(small_data_set), "--folds", "1-4", "--device", "cpu"]
    command += ["--model", str(tiny_card.path), "--inputs", "I;I,II;I,II,V2"]
    alone, together = tmp_path / "alone", tmp_path / "together"
    assert main([*command, "--output", str(alone)]) == 0
    done = side_by_side("-m", "ecgview", *command, "--output", str(together))
    assert done.returncode == 0, done.stderr
    for name in ("evaluation.json", "sets.csv", "leads.csv", "differences.csv"):
        assert (together / name).read_bytes() == (alone / name).read_bytes()
    assert done.stdout.count("clean PCC") == 1


def test_the_command_tells_what_the_rate_costs(
    linear_card: ModelCard, small_data_set: Path, tmp_path: Path, capsys: Output
) -> None:
    command = ["evaluate", "--data", str(small_data_set), "--folds", "3", "--device", "cpu"]
    command += ["--model", str(linear_card.path), "--inputs", "I,II", "--rate-loss", "--json"]
    assert main([*command, "--output", str(tmp_path)]) == 0
    lost = json.loads(capsys.readouterr().out)["rate_loss"]
    with (tmp_path / "rate_loss.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["lead"] for row in rows] == [one["lead"] for one in lost]
    assert all(float(row["kept"]) < 1 for row in rows)


@needs_model
@pytest.mark.real_data
def test_published_figures_come_out_to_the_last_digit(data_dir: Path) -> None:
    """Fold 9 as the README prints it: computed before and after must not differ."""
    sets = [("I", "II", "V2")]
    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)
    cards = with_companions([find_model("anylead")])
    *_, last = evaluate_models(cards, entries, sets, "cpu")
    assert isinstance(last, Finished)
    report = last.result
    assert (report.found, report.recordings, report.patients) == (267, 265, 260)
    network, line = report.scores
    promised = find_model("anylead").metrics["table"]["I,II,V2"]
    assert (round(network.raw_pcc, 3), round(network.clean_pcc, 3)) == (0.858, 0.921)
    for column, value in promised.items():
        assert getattr(network, column) == pytest.approx(value, abs=1e-4)
    assert (round(line.raw_pcc, 3), round(line.clean_pcc, 3)) == (0.793, 0.883)
    # Every measure is defined, and QRS is where errors are large.
    assert None not in network.columns().values()
    assert network.summaries["clean_qrs_rmse_uv"].mean > 1.5 * network.clean_rmse_uv
    better = next(each for each in report.differences if each.other_model == "anylead-linear")
    assert better.means["clean_pcc"][1] > 0.02


def test_the_sets_of_the_paper_are_its_25() -> None:
    assert len(set(PAPER_SETS)) == 25
    assert {len(leads) for leads in PAPER_SETS} == {1, 2, 3, 4}
    assert set(QUALITY_SETS) - set(PAPER_SETS) == {("II", "V1", "V5")}

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import find_model, read_card
from ecgview.engine.crossfit import left_out_by
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Finished, Progress
from ecgview.engine.input_sets import distinct_sets
from ecgview.leads import INDEPENDENT_LEADS
from ecgview.studies.additions.choices import rank_leads
from ecgview.studies.additions.out_of_fold import OutOfFoldTask, _blocks, out_of_fold_errors
from ecgview.studies.additions.set_errors import read_errors

FOLDS = (1, 2)


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Four quick models in the place of the cross-fitted networks."""
    folder, linear = tmp_path_factory.mktemp("crossfit"), find_model("anylead-linear")
    for number in range(1, 5):
        for suffix in (".safetensors", ".json"):
            shutil.copy(linear.path.with_suffix(suffix), folder / f"crossfit-{number}{suffix}")
    return tuple(read_card(folder / f"crossfit-{number}.safetensors") for number in range(1, 5))


@pytest.fixture
def task(small_data_set: Path, networks, tmp_path):
    return OutOfFoldTask((small_data_set,), networks, FOLDS, 0, tmp_path / "blocks", "a command")


def finished(events):
    return next(event.result for event in events if isinstance(event, Finished))


def test_the_errors_are_those_of_an_evaluation_of_the_same_recordings(task):
    errors = finished(out_of_fold_errors(task))
    entries = choose_entries(task.data_dirs, FOLDS, None)
    sets = [("I",), ("I", "II", "V2"), ("aVL", "V5"), ("V1", "V2", "V3", "V4", "V5", "V6")]
    report = finished(evaluate_models([task.networks[0]], entries, sets, "cpu", cache=False))
    assert errors.recordings == report.recordings
    assert errors.patients == report.patients
    for score in report.scores:
        wanted = {one.lead: one for one in score.leads if one.lead in INDEPENDENT_LEADS}
        for lead, one in wanted.items():
            key = ",".join(score.available)
            assert errors.rmse_uv[key][lead] == pytest.approx(one.clean_rmse_uv, rel=0.01)
            assert errors.pcc[key][lead] == pytest.approx(one.clean_pcc, abs=0.005)
    assert errors.provenance["folds"] == list(FOLDS)
    assert errors.provenance["command"] == "a command"
    assert len(rank_leads(errors, ("I", "II")).choices) == 6


def test_what_is_measured_is_kept_and_what_is_cut_off_is_measured_again(task):
    first = finished(out_of_fold_errors(task))
    (block,) = task.output.glob("*.npz")
    again = list(out_of_fold_errors(task))
    of_sets = [one for one in again if isinstance(one, Progress) and one.total == 510]
    assert of_sets == []
    assert finished(again).rmse_uv == first.rmse_uv
    block.write_bytes(block.read_bytes()[:100])
    assert finished(out_of_fold_errors(task)).rmse_uv == first.rmse_uv


def test_a_study_that_is_stopped_leaves_no_half_block(task):
    events = out_of_fold_errors(task)
    for event in events:
        if isinstance(event, Progress) and event.total == len(distinct_sets()):
            break
    events.close()
    assert list(task.output.glob("*")) == []


def test_recordings_are_dealt_to_the_networks_that_left_them_out(small_data_set):
    entry = choose_entries([small_data_set], (1,), None)[0]
    entries = [replace(entry, fold=fold, patient=f"{fold}-{k}")
               for fold in range(1, 9) for k in range(40)]  # fmt: skip
    blocks = list(_blocks(entries, 0))
    assert sorted(row for _, rows in blocks for row in rows) == list(range(320))
    assert all(left_out_by(entries[row]) == network + 1 for network, rows in blocks for row in rows)
    assert [network for network, _ in blocks[:5]] == [0, 1, 2, 3, 0]
    some = list(_blocks(entries, 70))
    assert some == blocks[: len(some)]
    assert sum(len(rows) for _, rows in some) == 96
    assert np.unique([row for _, rows in some for row in rows]).size == 96


def test_the_command_goes_on_and_writes_beside_the_model(
    small_data_set: Path, networks, tmp_path, capsys
):
    for suffix in (".safetensors", ".json"):
        shutil.copy(find_model("anylead-linear").path.with_suffix(suffix), tmp_path / f"my{suffix}")
    card = read_card(tmp_path / "my.safetensors")
    command = ["study", "additions", "--data", str(small_data_set), "--folds", "1-2"]
    command += ["--networks", str(networks[0].path.parent), "--output", str(tmp_path / "blocks")]
    command += ["--model", str(card.path), "--device", "cpu", "--into-model"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "of folds 1-2, each by a network that had not seen the patient" in said
    errors = read_errors(card)
    assert errors is not None
    assert errors.provenance["command"].startswith("ecgview study additions --data")
    assert len(errors.points_uv) == len(distinct_sets())
    assert main([*command, "--output", str(card.path)]) == 1
    assert "is not a folder" in capsys.readouterr().err

"""The bundled models on real recordings: what the cards say must come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files
from ecgview.engine.cards import find_model, list_models
from ecgview.engine.dataset import choose_entries, list_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Failed, Finished
from ecgview.engine.input_sets import QUALITY_SETS
from ecgview.engine.metrics import agreement
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.formats import open_recording
from ecgview.leads import LEAD_INDEX, LIMB_FROM_I_II

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not list_models(), reason="no model is bundled"),
]


def test_figures_of_the_card_come_out_on_part_of_fold_9(data_dir: Path) -> None:
    card = find_model("anylead")
    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)[::4]
    *_, last = evaluate_models([card], entries, QUALITY_SETS, "cpu", cache=False)
    assert isinstance(last, Finished)
    assert last.result.recordings == 67
    for score in last.result.scores:
        promised = card.metrics["table"][",".join(score.available)]
        assert score.clean_pcc == pytest.approx(promised["clean_pcc"], abs=0.04)
        assert score.clean_rmse_uv == pytest.approx(promised["clean_rmse_uv"], rel=0.15)


def test_the_network_adds_to_least_squares(data_dir: Path) -> None:
    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)[::8]
    cards = [find_model(name) for name in ("anylead", "anylead-linear")]
    *_, last = evaluate_models(cards, entries, [("I", "II"), ("II",)], "cpu", cache=False)
    assert isinstance(last, Finished)
    network, linear = np.split(np.array([score.clean_pcc for score in last.result.scores]), 2)
    assert (network - linear).min() > 0.1


def test_no_training_record_is_in_fold_9_or_held_out(data_dir: Path) -> None:
    card = find_model("anylead")
    names = set(card.path.with_name(card.training["records"]).read_text().split())
    assert len(names) == card.training["recordings"]
    in_data = list_entries(data_dir / "ptb-xl")
    trained_patients = {entry.patient for entry in in_data if entry.name in names}
    reported = [entry for entry in in_data if entry.fold == 9]
    assert len(trained_patients) > 1900
    assert len(reported) == 267
    assert not trained_patients & {entry.patient for entry in reported}
    held_out = [name for name in names if name.startswith("set-a/") and name[-1] in "05"]
    assert held_out == []


@pytest.mark.parametrize(
    ("name", "available"),
    [
        ("formats/wfdb/s0010_re.hea", ("I", "II", "V2")),
        ("formats/wfdb/HR06000.hea", ("aVR", "V3")),
        ("formats/wfdb/JS00001.hea", ("II", "V1", "V5")),
        ("formats/csv_500hz.csv", ("I", "II")),
    ],
)
def test_other_devices_and_rates(data_dir: Path, name: str, available: tuple[str, ...]) -> None:
    recording = open_recording(data_dir / name)
    result = reconstruct(recording, available, device="cpu")
    twelve = result.read()
    assert twelve.shape == (12, recording.n_samples)
    rows = [LEAD_INDEX[lead] for lead in available]
    assert np.array_equal(twelve[rows], recording.read(available))
    np.testing.assert_allclose(twelve[:6], LIMB_FROM_I_II @ twelve[:2], atol=2e-3)
    figures = agreement(recording, result, clean=True)
    assert figures.mean_pcc_chest is not None
    assert figures.mean_pcc_chest > 0.5


def test_a_folder_with_a_bad_file_is_done_in_batches(data_dir: Path, tmp_path: Path) -> None:
    entries = list_entries(data_dir / "ptb-xl")[:40]
    bad = tmp_path / "bad.hea"
    bad.write_text("bad 12 500 0\n")
    paths = [entry.path for entry in entries[:20]] + [bad] + [entry.path for entry in entries[20:]]
    task = BatchTask(("I", "II", "V2"), clean=True)
    events = list(reconstruct_files(paths, task, load_reconstructor(device="cpu")))
    done = [event for event in events if isinstance(event, RecordDone)]
    assert [event.path for event in done] == [entry.path for entry in entries]
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.item == str(bad)
    pcc = [event.agreement.mean_pcc_chest for event in done]
    assert np.mean([value for value in pcc if value is not None]) > 0.85

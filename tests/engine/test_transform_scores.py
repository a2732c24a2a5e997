"""Rows of the table for published transforms, over the recordings that hold the leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.engine.companions import with_companions
from ecgview.engine.dataset import choose_entries
from ecgview.engine.evaluation import evaluate_models
from ecgview.engine.events import Finished
from ecgview.engine.scores import Report, SetScore
from ecgview.errors import ModelError
from ecgview.formats import open_recording, save_recording
from ecgview.leads import FRANK_LEADS, INDEPENDENT_LEADS, LEADS
from ecgview.signals.resampling import RateRatio, resample
from ecgview.signals.transforms import DOWER, INVERSE_DOWER, KORS

FS_HZ = 500.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five recordings whose V leads are Dower's of their Frank leads; two without those."""
    top = tmp_path_factory.mktemp("frank")
    for number in range(7):
        twelve_mv = twelve_lead_array(FS_HZ, 10.0, seed=number)
        eight_mv = twelve_mv[[LEADS.index(lead) for lead in INDEPENDENT_LEADS]]
        frank_mv = KORS @ eight_mv
        twelve_mv[6:] = (DOWER @ frank_mv)[2:]
        signals = np.vstack([twelve_mv, frank_mv + 0.5]) if number < 5 else twelve_mv
        names = (*LEADS, "vx", "vy", "vz")[: len(signals)]
        save_recording(f"r{number}", signals, FS_HZ, top, leads=names)
    return top


def rows(folder: Path, *models: str) -> dict[str, SetScore]:
    entries = choose_entries([folder], range(1, 11), None)
    cards = [find_model(model) for model in models]
    *_, last = evaluate_models(cards, entries, [], "cpu", cache=False)
    assert isinstance(last, Finished)
    report = last.result
    assert isinstance(report, Report)
    return {score.model: score for score in report.scores}


def test_dower_is_scored_on_all_twelve_from_the_frank_leads(folder: Path) -> None:
    score = rows(folder, "dower")["dower"]
    assert (score.available, score.recordings) == (FRANK_LEADS, 5)
    assert [lead.lead for lead in score.leads] == list(LEADS)
    by_lead = {lead.lead: lead for lead in score.leads}
    for lead in LEADS[6:]:  # the offset of the Frank leads makes no difference
        assert by_lead[lead].raw_pcc > 0.999
        assert by_lead[lead].raw_rmse_uv < 5
    assert by_lead["I"].raw_pcc < 0.999
    assert score.raw_pcc > 0.999  # the headline is the chest leads'


def test_kors_is_scored_on_the_recorded_frank_leads(folder: Path) -> None:
    found = rows(folder, "kors", "inverse-dower")
    for score in found.values():
        assert [lead.lead for lead in score.leads] == list(FRANK_LEADS)
        assert score.available == INDEPENDENT_LEADS
        assert score.recordings == 5
        # The mean of the row is that of X, Y and Z, and its interval holds it.
        means = [lead.raw_pcc for lead in score.leads]
        assert score.raw_pcc == pytest.approx(np.mean(means))
        summary = score.summaries["raw_pcc"]
        assert summary.ci95_low <= score.raw_pcc <= summary.ci95_high
    for name, weights in (("kors", KORS), ("inverse-dower", INVERSE_DOWER)):
        expected = np.mean([by_hand(folder / f"r{number}.hea", weights) for number in range(5)])
        assert found[name].raw_pcc == pytest.approx(expected, abs=0.001)


def by_hand(path: Path, weights: np.ndarray) -> float:
    """Mean PCC of X, Y and Z over the first 8.192 s at 125 Hz, transformed at the file's rate."""
    recording = open_recording(path)
    estimate_mv = weights @ recording.read(INDEPENDENT_LEADS)
    both = (recording.read(FRANK_LEADS), estimate_mv)
    pairs = zip(*(resample(mv, RateRatio(1, 4))[:, :1024] for mv in both), strict=True)
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs]))


def test_no_linear_model_stands_beside_a_transform() -> None:
    assert [card.name for card in with_companions([find_model("dower")])] == ["dower"]


def test_without_the_leads_there_is_no_row_but_a_sentence(folder: Path) -> None:
    with pytest.raises(ModelError, match="None of the recordings holds ES, AS, AI"):
        rows(folder, "easi")


def test_the_command_writes_them_to_its_tables(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", "--data", str(folder), "--folds", "1-10", "--no-cache"]
    models = ["--model", "dower", "--model", "kors"]
    assert main([*command, *models, "--output", str(tmp_path)]) == 0
    assert "VX,VY,VZ" in capsys.readouterr().out
    leads = (tmp_path / "leads.csv").read_text(encoding="utf-8")
    assert 'kors,"I,II,V1,V2,V3,V4,V5,V6",VZ' in leads
    assert (tmp_path / "dower-clean-pcc.svg").is_file()
    assert not list(tmp_path.glob("kors*"))
    assert main([*command, "--model", "kors", "--into-card"]) == 1
    assert "kors has no card to write into" in capsys.readouterr().err

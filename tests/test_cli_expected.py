"""What to expect of a model, on the command line, before anything is computed."""

import json

import pytest

from ecgview.cli import main
from ecgview.engine.cards import find_model


def test_expected_figures_are_those_of_the_card(capsys):
    assert main(["models", "anylead", "--expected", "I,II,V2"]) == 0
    told = capsys.readouterr().out.splitlines()
    usual = find_model("anylead").expected(("I", "II", "V2"))
    assert [line.split()[0] for line in told[2:-1]] == list(usual)
    for line in told[2:-1]:
        lead, pcc, rmse_uv = line.split()
        assert float(pcc) == pytest.approx(usual[lead].pcc, abs=5e-4)
        assert float(rmse_uv) == pytest.approx(usual[lead].rmse_uv, abs=0.5)
    mean = sum(one.pcc for one in usual.values()) / len(usual)
    assert f"chest leads: {mean:.3f}," in told[-1]


def test_leads_that_leave_nothing_are_refused_in_a_sentence(capsys):
    assert main(["models", "anylead", "--expected", "I,II,V1,V2,V3,V4,V5,V6"]) == 1
    assert "has no figures for I, II, V1" in capsys.readouterr().err


def test_a_model_of_other_leads_says_so(capsys):
    assert main(["models", "dower", "--expected", "I,II"]) == 1
    assert "dower takes VX, VY, VZ" in capsys.readouterr().err


@pytest.mark.real_data
def test_score_tells_what_was_to_be_expected(data_dir, capsys):
    path = next((data_dir / "ptb-xl" / "records500").rglob("*.hea"))
    assert main(["score", str(path), "--leads", "I,II,V4", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert set(content["expected"]) == {"V1", "V2", "V3", "V5", "V6"}
    assert content["expected"]["V3"]["pcc"] == find_model().expected(("I", "II", "V4"))["V3"].pcc

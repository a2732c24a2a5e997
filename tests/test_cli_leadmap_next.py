"""``ecgview leadmap --next`` and ``--electrodes``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.formats import save_recording
from ecgview.leads import LEADS
from ecgview.simulate import simulate
from ecgview.studies.additions.choices import greedy_path, rank_electrodes, rank_leads
from ecgview.studies.additions.set_errors import read_errors

Captured = pytest.CaptureFixture[str]


def answer(capsys: Captured, *words: str) -> dict:
    assert main(["leadmap", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_next_lead_is_ranked_as_the_numbers_say(capsys: Captured) -> None:
    said = answer(capsys, "--next", "--leads", "I,II")
    errors = read_errors(find_model())
    assert errors is not None
    ranking = rank_leads(errors, ("I", "II"))
    assert [one["adds"] for one in said["choices"]] == [list(c.adds) for c in ranking.choices]
    assert [one["error_uv"] for one in said["choices"]] == [c.error_uv for c in ranking.choices]
    assert said["error_uv"] == ranking.error_uv
    path = greedy_path(errors, ("I", "II"))
    assert [one["adds"] for one in said["path"]] == [list(step.adds) for step in path]
    assert said["over"]["recordings"] == errors.recordings


def test_text_says_the_same(capsys: Captured) -> None:
    said = answer(capsys, "--next", "--leads", "I,II")
    assert main(["leadmap", "--next", "--leads", "I,II"]) == 0
    text = capsys.readouterr().out
    for choice in said["choices"]:
        (line,) = [
            one for one in text.splitlines() if one.lstrip("= ").startswith(choice["adds"][0])
        ]
        assert f"{choice['error_uv']:.1f}" in line
    assert "From I, II: error" in text
    assert "measured ones counting 0" in text


def test_electrodes_are_ranked_within_a_budget(capsys: Captured) -> None:
    said = answer(capsys, "--electrodes", "5", "--have", "RA,LA,LL,V2")
    errors = read_errors(find_model())
    assert errors is not None
    ranking = rank_electrodes(errors, 5, ("RA", "LA", "LL", "V2"))
    assert [one["adds"] for one in said["choices"]] == [list(c.adds) for c in ranking.choices]
    assert len(said["choices"]) == 5
    assert said["available"] == ["I", "II", "V2"]
    one_more = answer(capsys, "--have", "RA,LA,LL,V2")
    assert one_more["choices"] == said["choices"]
    nothing = answer(capsys, "--electrodes", "2")
    assert nothing["error_uv"] is None
    assert nothing["choices"][0]["available"] in (["I"], ["II"])


def test_the_reference_is_placed_first(capsys: Captured) -> None:
    said = answer(capsys, "--have", "RA,V2")
    assert [one["adds"] for one in said["choices"]] == [["LA", "LL"]]


def test_a_recording_is_measured_beside_it(tmp_path: Path, capsys: Captured) -> None:
    record = save_recording("one", simulate("normal", seed=3).read_twelve(), 500.0, tmp_path)
    for words in (("--next", "--leads", "I,II"), ("--electrodes", "4", "--have", "RA,LA,LL")):
        said = answer(capsys, str(record), *words)
        found = [one["measured_error_uv"] for one in said["choices"]]
        assert len(found) == 6
        assert all(0 < value < 500 for value in found)
        assert main(["leadmap", str(record), *words]) == 0
        assert "this file" in capsys.readouterr().out


def test_a_recording_is_measured_over_the_stretch_that_is_named(
    tmp_path: Path, capsys: Captured
) -> None:
    signals_mv = simulate("normal", seed=3).read_twelve()
    half = signals_mv.shape[1] // 2
    signals_mv[:, half:] *= 2
    record = save_recording("louder", signals_mv, 500.0, tmp_path)
    question = (str(record), "--next", "--leads", "I,II")
    quiet = answer(capsys, *question, "--duration", "4")
    loud = answer(capsys, *question, "--start", "6", "--duration", "4")
    ratios = [
        late["measured_error_uv"] / early["measured_error_uv"]
        for early, late in zip(quiet["choices"], loud["choices"], strict=True)
    ]
    assert min(ratios) > 1.5


def test_a_lead_that_is_all_gaps_is_not_the_best_to_add(tmp_path: Path, capsys: Captured) -> None:
    signals_mv = simulate("normal", seed=3).read_twelve()
    signals_mv[8] = np.nan
    record = save_recording("gap", signals_mv, 500.0, tmp_path)
    said = answer(capsys, str(record), "--next", "--leads", "I,II")
    found = {one["adds"][0]: one.get("measured_error_uv") for one in said["choices"]}
    assert found.pop("V3") is None
    assert all(error > 0 for error in found.values()) and len(found) == 5
    assert main(["leadmap", str(record), "--next", "--leads", "I,II"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("  V3 ")]
    assert line.endswith("n/a")
    one = save_recording("one", simulate("normal").read_twelve()[:, :1], 500.0, tmp_path)
    for words in (("--next", "--leads", "I,II"), ("--electrodes", "4")):
        assert main(["leadmap", str(one), *words]) == 1
        assert "one has nothing there to compare" in capsys.readouterr().err


def test_a_recording_without_all_leads_is_refused(tmp_path: Path, capsys: Captured) -> None:
    signals_mv = simulate("normal", seed=3).read_twelve()
    record = save_recording("few", signals_mv[:8], 500.0, tmp_path, leads=LEADS[:8])
    assert main(["leadmap", str(record), "--next", "--leads", "I"]) == 1
    assert "lacks V3, V4, V5, V6" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--electrodes", "1"), "1 electrode cannot be placed"),
        (("--electrodes", "0"), "0 electrodes cannot be placed"),
        (("--electrodes", "2", "--have", "RA,V2"), "2 electrodes with V2 give no chest lead"),
        (("--have", "RA,V7"), "There is no electrode “V7”"),
        (("--next", "--electrodes", "4"), "count electrodes"),
        (("--leads", "I"), "--leads goes with --next"),
        (("--next", "--leads", "I", "--data", "."), "Leave --data out"),
        (("--next", "--leads", "I", "--output", "there"), "Leave --output out"),
    ],
)
def test_what_makes_no_sense_is_said(words: tuple[str, ...], said: str, capsys: Captured) -> None:
    assert main(["leadmap", *words]) == 1
    assert said in capsys.readouterr().err


def test_all_leads_leave_nothing_to_add(capsys: Captured) -> None:
    assert main(["leadmap", "--next", "--leads", "all"]) == 0
    assert "Nothing is left to add." in capsys.readouterr().out

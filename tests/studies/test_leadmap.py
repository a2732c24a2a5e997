"""Lead maps: of one recording, of a model's card, of an evaluation and of its tables."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ecgview import agreement, reconstruct
from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.engine.events import Finished
from ecgview.engine.input_sets import PAPER_SETS
from ecgview.errors import EcgviewError, LeadError, ModelError, RecordingError
from ecgview.formats import save_recording
from ecgview.leads import CHEST_LEADS, LEADS, Origin
from ecgview.recording import Recording, recording_from_array
from ecgview.simulate import simulate
from ecgview.studies.leadmap.live import leadmap_events
from ecgview.studies.leadmap.population import map_of_card, read_map
from ecgview.studies.leadmap.table import (
    USUAL_SETS,
    CellFigures,
    LeadMap,
    MapRow,
    RowDone,
    difference,
    sorted_rows,
)

LINEAR = "anylead-linear"


def made(recording: Recording, **how) -> LeadMap:
    *_, last = leadmap_events(recording, how.pop("model", LINEAR), "cpu", **how)
    assert isinstance(last, Finished)
    return last.result


def some_leads(leads: tuple[str, ...], fs_hz: float = 500.0) -> Recording:
    whole = simulate("normal", seed=4)
    return recording_from_array("some", dict(zip(leads, whole.read(leads), strict=True)), fs_hz)


def same_as_agreement(lead_map: LeadMap, recording: Recording, leads, model, **stretch) -> None:
    """Compare a row with what the reconstruction of that set alone gives."""
    row = lead_map.row(leads)
    assert row is not None
    result = reconstruct(recording, leads, model, "cpu")
    for clean in (False, True):
        figures = agreement(recording, result, clean=clean, **stretch)
        for each in figures.rows:
            assert row.origins[each.lead] is each.origin
            expected = each.pcc if each.origin is Origin.RECONSTRUCTED else None
            assert row.value(each.lead, "pcc", clean=clean) == pytest.approx(expected, abs=2e-5)
            if expected is not None:
                value = row.value(each.lead, "rmse_uv", clean=clean)
                assert value == pytest.approx(each.rmse_uv, abs=0.02)
        for chest, mean in ((True, figures.mean_pcc_chest), (False, figures.mean_pcc_all)):
            assert row.mean("pcc", clean=clean, chest=chest) == pytest.approx(mean, abs=2e-5)


def test_the_usual_sets_are_those_of_the_paper_and_all_single_leads() -> None:
    assert set(PAPER_SETS) <= set(USUAL_SETS)
    assert {(lead,) for lead in LEADS} <= set(USUAL_SETS)
    assert len(USUAL_SETS) == len(set(USUAL_SETS)) == 34
    order = [USUAL_SETS.index(leads) for leads in PAPER_SETS]
    assert order == sorted(order)


def test_each_row_is_what_that_set_alone_gives() -> None:
    recording = simulate("normal", seed=3)
    lead_map = made(recording, model="anylead")
    assert [row.available for row in lead_map.rows] == list(USUAL_SETS)
    for leads in (("aVR",), ("I", "II", "V2"), ("V3",)):
        same_as_agreement(lead_map, recording, leads, "anylead")


@pytest.mark.real_data
def test_figures_of_real_recordings_are_those_of_score(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = sorted((data_dir / "ptb-xl").glob("records500/*/*_hr.hea"))[:2]
    headers += sorted((data_dir / "challenge-2011/set-a").glob("*.hea"))[:1]
    assert len(headers) == 3
    for header in headers:
        path = str(header.with_suffix(""))
        assert main(["leadmap", path, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        by_set = {",".join(row["available"]): row for row in rows}
        assert len(by_set) == 34
        for leads in ("I", "I,II,V2,V4", "V6"):
            for option in ([], ["--clean"]):
                assert main(["score", path, "--leads", leads, "--json", *option]) == 0
                score = json.loads(capsys.readouterr().out)
                kind = "clean" if option else "raw"
                row = by_set[leads]
                mean = row[f"mean_{kind}_pcc_chest"]
                assert mean == pytest.approx(score["mean_pcc_chest"], abs=2e-5)
                for lead, its in score["leads"].items():
                    cell = row["leads"][lead]
                    assert cell["kind"] == its["origin"]
                    if its["origin"] == "reconstructed":
                        assert cell[f"{kind}_pcc"] == pytest.approx(its["pcc"], abs=2e-5)
                        assert cell[f"{kind}_rmse_uv"] == pytest.approx(its["rmse_uv"], abs=0.02)


def test_rows_come_one_by_one_and_nothing_is_done_after_the_last_one_taken() -> None:
    events = leadmap_events(simulate("normal"), LINEAR, "cpu")
    rows = []
    for event in events:
        if isinstance(event, RowDone):
            rows.append(event)
        if len(rows) == 3:
            break
    events.close()
    assert [row.done for row in rows] == [1, 2, 3]
    assert {row.total for row in rows} == {34}
    assert next(events, None) is None


def test_a_stretch_of_a_long_recording_is_as_score_has_it() -> None:
    """Five windows of the model, of which the stretch touches two."""
    minute = simulate("normal", seed=5)
    tiled = {lead: np.tile(minute.read([lead])[0], 7) for lead in LEADS}
    rng = np.random.default_rng(1)
    wander = np.cumsum(rng.normal(size=35_000)) * 0.001
    recording = recording_from_array(
        "long", {lead: signal + wander for lead, signal in tiled.items()}, 500.0
    )
    stretch = (14_000, 20_500)
    lead_map = made(recording, sets=[("I", "II"), ("V2",)], stretch=stretch)
    assert lead_map.over == "28 to 41 s of 70 s"
    for leads in (("I", "II"), ("V2",)):
        where = {"start": stretch[0], "stop": stretch[1]}
        same_as_agreement(lead_map, recording, leads, LINEAR, **where)
    assert made(recording, sets=[("I",)]).over == "0 to 60 s of 70 s"


def test_sets_that_the_recording_lacks_keep_a_row_with_the_reason() -> None:
    recording = some_leads(("I", "II", "V2", "V5"))
    lead_map = made(recording)
    reasons = {row.available: row.reason for row in lead_map.rows if row.reason}
    assert reasons[("I", "II", "V3", "V4")] == "This recording has no V3 and no V4."
    assert ("I", "II", "V2", "V5") not in reasons
    assert ("V2",) not in reasons
    row = lead_map.row(("I", "II", "V2"))
    assert row is not None
    assert row.value("V5", "pcc", clean=True) is not None
    assert row.value("V4", "pcc", clean=True) is None
    assert row.origins["V4"] is Origin.RECONSTRUCTED
    assert row.mean("pcc", clean=True) == row.value("V5", "pcc", clean=True)


def test_a_flat_lead_has_no_figure_and_counts_in_no_mean() -> None:
    signals = dict(zip(LEADS, simulate("normal").read(LEADS), strict=True))
    signals["V3"] = np.zeros_like(signals["V3"])
    row = made(recording_from_array("flat", signals, 500.0)).row(("I", "II"))
    assert row is not None
    assert row.value("V3", "pcc", clean=False) is None
    others = [row.value(lead, "pcc", clean=False) for lead in CHEST_LEADS if lead != "V3"]
    assert row.mean("pcc", clean=False) == pytest.approx(np.mean(others))


def test_what_cannot_be_mapped_is_said() -> None:
    with pytest.raises(RecordingError):
        made(simulate("normal"), stretch=(6000, 7000))
    empty = recording_from_array("none", {"resp": np.zeros(1000)}, 100.0)
    with pytest.raises(LeadError, match="none of the twelve"):
        made(empty)
    with pytest.raises(ModelError, match="nothing to map"):
        made(simulate("normal"), model="kors")


def test_the_map_of_the_card_holds_what_the_card_says() -> None:
    card = find_model("anylead")
    lead_map = map_of_card(card)
    assert lead_map.title == "PTB-XL"
    assert "265 recordings of 260 patients, fold 9" in lead_map.over
    assert lead_map.versions == (True,)
    row = lead_map.row(("I", "II", "V2"))
    assert row is not None
    expected = card.expected(("I", "II", "V2"))
    assert expected is not None
    assert row.reconstructed == tuple(expected)
    assert row.value("V3", "rmse_uv", clean=True) == expected["V3"].rmse_uv
    assert row.mean("pcc", clean=True) == pytest.approx(
        card.metrics["table"]["I,II,V2"]["clean_pcc"], abs=6e-4
    )


def test_rows_by_mean_have_the_best_first_and_those_without_one_last() -> None:
    lead_map = map_of_card(find_model("anylead"))
    by_pcc = [row.mean("pcc", clean=True) for row in sorted_rows(lead_map.rows, "pcc", clean=True)]
    by_rmse = sorted_rows(lead_map.rows, "rmse_uv", clean=True)
    assert all(a >= b for a, b in pairwise(by_pcc))
    assert len(by_pcc) == 34
    assert by_rmse[0].mean("rmse_uv", clean=True) < by_rmse[-1].mean("rmse_uv", clean=True)
    assert sorted_rows(lead_map.rows, "pcc", clean=False) == lead_map.rows


def test_a_difference_is_one_less_the_other() -> None:
    card_map = map_of_card(find_model("anylead"))
    mine = made(simulate("normal", seed=3), model="anylead")
    first, second = mine.row(("I",)), card_map.row(("I",))
    assert first is not None
    assert second is not None
    less = difference(first, second)
    assert less.value("V3", "pcc", clean=True) == pytest.approx(
        first.value("V3", "pcc", clean=True) - second.value("V3", "pcc", clean=True)
    )
    assert less.value("V3", "pcc", clean=False) is None
    assert difference(first, None).reason


def test_data_sets_and_their_tables_give_the_same_map(
    small_data_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = ["--data", str(small_data_set), "--folds", "1-4", "--model", LINEAR]
    sets = ["--inputs", "I;I,II,V2"]
    tables = tmp_path / "tables"
    assert main(["evaluate", *question, *sets, "--output", str(tables)]) == 0
    capsys.readouterr()
    assert main(["leadmap", *question, *sets, "--json"]) == 0
    computed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["available"] for row in computed] == [["I"], ["I", "II", "V2"]]
    for path in (tables, tables / "evaluation.json", tables / "leads.csv"):
        assert main(["leadmap", str(path), "--model", LINEAR, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rows"] == computed
    with (tables / "sets.csv").open() as file:
        score = {row["available"]: row for row in csv.DictReader(file) if row["model"] == LINEAR}
    mean = computed[1]["mean_clean_pcc_chest"]
    assert mean == pytest.approx(float(score["I,II,V2"]["clean_pcc_mean"]), abs=1e-6)


def test_tables_and_figures_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = save_recording("normal", simulate("normal").read_twelve(), 500.0, tmp_path)
    folder = tmp_path / "map"
    words = ["leadmap", str(record), "--model", LINEAR, "--inputs", "single"]
    assert main([*words, "--output", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    assert {"leadmap.json", "leadmap-leads.csv", "leadmap-sets.csv"} < names
    assert {"leadmap-raw-rmse.svg", "leadmap-clean-pcc.png"} < names
    with (folder / "leadmap-leads.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 * 12
    (cell,) = [row for row in rows if (row["available"], row["lead"]) == ("V1", "V2")]
    svg = (folder / "leadmap-raw-pcc.svg").read_text()
    assert f">{float(cell['raw_pcc']):.3f}<" in svg
    printed = capsys.readouterr().out.splitlines()
    line = next(line for line in printed if line.startswith("V1 "))
    assert line.split()[8] == f"{float(cell['clean_pcc']):.3f}"
    assert line.split()[7] == "*"


def test_long_maps_are_drawn_as_far_as_a_page_goes() -> None:
    from ecgview.engine.input_sets import distinct_sets
    from ecgview.export.leadmap_figure import MOST_ROWS, leadmap_figure

    lead_map = map_of_card(find_model("anylead"), distinct_sets())
    assert len(lead_map.rows) == 510
    figure = leadmap_figure(lead_map)
    assert len(figure.axes[0].patches) == 14 * MOST_ROWS
    assert any("The best 64 of 510" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--raw"], "clean signals only"),
        (["--inputs", "nonsense"], "is not one of the twelve leads"),
        (["--model", "kors"], "no figures"),
        (["/nowhere/tables"], "/nowhere/tables"),
        (["record", "--data", "folder"], "cannot be mapped together"),
    ],
)
def test_bad_questions_get_a_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leadmap", *words]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evaluation.json", "{"),
        ("evaluation.json", '{"scores": [1]}'),
        ("leads.csv", "a,b\n1,2\n"),
        ("evaluation.json", '{"scores": []}'),
    ],
)
def test_damaged_tables_are_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(EcgviewError):
        read_map(tmp_path)
    with pytest.raises(EcgviewError, match="neither"):
        read_map(tmp_path / "elsewhere")


def test_means_of_nothing_are_none() -> None:
    origins = dict.fromkeys(LEADS, Origin.MEASURED)
    row = MapRow(LEADS, origins, {True: {}})
    assert row.mean("pcc", clean=True) is None
    assert row.value("V1", "pcc", clean=False) is None
    assert CellFigures() == CellFigures(None, None)

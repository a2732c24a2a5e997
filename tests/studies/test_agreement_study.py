"""The study of agreement as a job, on simulated and on real recordings."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from agreement_example import example_report

from ecgview.engine.cards import list_models
from ecgview.engine.events import Failed, Finished, Progress
from ecgview.engine.folds import fold_phrase, fold_words, parse_folds
from ecgview.errors import DatasetError, LeadError, ModelError
from ecgview.export.agreement_report import document_of
from ecgview.formats import open_recording, save_recording
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.measurements.average import average_beat
from ecgview.paths import bundled_models_dir
from ecgview.recording import recording_from_array
from ecgview.simulate import simulate
from ecgview.studies.agreement.presacan2025 import claims, write_claims
from ecgview.studies.agreement.results import MARKERS, AgreementReport
from ecgview.studies.agreement.study import agreement_events
from ecgview.studies.agreement.tables import write_agreement_tables
from ecgview.studies.agreement.task import AgreementTask

pytestmark = pytest.mark.skipif(not list_models(), reason="no model is bundled")
SETS = (("I",), ("I", "II"))
N = 14


def rows_in(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def studied(task: AgreementTask) -> AgreementReport:
    *_, last = agreement_events(task)
    assert isinstance(last, Finished)
    report: AgreementReport = last.result
    return report


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen simulated people in PTB-XL's layout; one has two recordings, one no heart beat."""
    folder = tmp_path_factory.mktemp("people") / "ptb-xl"
    rows = []
    for number in range(N + 2):
        twelve_mv = simulate("normal", seed=number + 1).read_twelve()
        if number == N + 1:
            noise = np.random.default_rng(0).normal(scale=0.2, size=(8, 5000))
            twelve_mv[[0, 1, *range(6, 12)]] = noise
            twelve_mv[2:6] = [noise[1] - noise[0], -noise[:2].mean(axis=0),
                              noise[0] - noise[1] / 2, noise[1] - noise[0] / 2]  # fmt: skip
        name = f"records500/00000/{number:05d}_hr"
        save_recording(Path(name).name, twelve_mv, 500.0, folder / Path(name).parent)
        patient = 0 if number == N else number
        statements = "{'NORM': 100.0}" if number % 2 else "{'NORM': 50.0, 'IMI': 100.0}"
        rows.append((name, f"{patient}.0", 9, statements))
    broken = folder / "records500" / "00000" / "broken_hr.hea"
    broken.write_text("broken 12 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    rows.append(("records500/00000/broken_hr", "99.0", 9, "{}"))
    with (folder / "ptbxl_database.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["filename_hr", "patient_id", "strat_fold", "scp_codes"])
        table.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def report(people: Path) -> AgreementReport:
    return studied(AgreementTask((people,), SETS, cache=False))


def test_who_is_in_it_is_told(people: Path) -> None:
    events = list(agreement_events(AgreementTask((people,), (("I",),), cache=False)))
    assert sum(isinstance(event, Progress) for event in events) > 4
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert "broken" in failed.item
    *_, last = events
    assert isinstance(last, Finished)
    told: AgreementReport = last.result
    assert (told.found, len(told.recordings), told.patients) == (N + 3, N + 2, N + 1)
    assert [one.name for one in told.left_out] == [
        "records500/00000/broken_hr", f"records500/00000/{N + 1:05d}_hr",
    ]  # fmt: skip
    assert told.left_out[1].available == ("I",) and "too noisy" in told.left_out[1].reason


def test_of_each_patient_one_recording_counts(report: AgreementReport) -> None:
    everyone = report.subset("all")
    assert (everyone.recordings, everyone.patients, len(everyone.rows)) == (N + 2, N + 1, N)
    assert everyone.rows == tuple(range(N))  # the second recording of the first is left out
    row = report.row("anylead", ("I",), "all", "V3", "R")
    assert (row.recordings, row.patients) == (N + 1, N)
    points = report.points(row)
    assert points.rows.tolist() == list(range(N))
    assert row.bias_uv == pytest.approx(np.mean(points.estimated_uv - points.real_uv))


def test_subsets_without_enough_people_say_so(report: AgreementReport) -> None:
    assert [one.key for one in report.subsets] == ["all", "normal", "MI", "STTC", "CD", "HYP"]
    normal, infarct, none = (report.subset(key) for key in ("normal", "MI", "HYP"))
    assert normal.rows == (1, 3, 5, 7, 9, 11, 13)
    assert normal.reason == "7 patients; statistics take 10"
    assert infarct.recordings == 8 and infarct.patients == 7 and none.patients == 0
    rows = list(report.rows_of("anylead", ("I",), "normal"))
    assert rows and all(row.reason and np.isnan(row.variance_ratio) for row in rows)
    assert report.matrix("anylead", ("I",), "normal", "R") is None
    assert claims(report) == ()


def test_rows_are_of_reconstructed_leads_and_both_models(report: AgreementReport) -> None:
    assert [one.name for one in report.models] == ["anylead", "anylead-linear"]
    from_one = {row.lead for row in report.rows_of("anylead", ("I",))}
    from_two = {row.lead for row in report.rows_of("anylead-linear", ("I", "II"))}
    assert from_one == set(LEADS) - {"I"} and from_two == set(LEADS[6:])
    assert len(report.rows) == 2 * 6 * len(MARKERS) * (11 + 6)
    best = report.row("anylead", ("I",), "all", "aVL", "R")
    others = [report.row(m.name, ("I",), "all", "aVL", "R") for m in report.models]
    assert best.best_r2 == max(row.r2 for row in others if row.r > 0)


def test_markers_are_those_of_the_window(people: Path, report: AgreementReport) -> None:
    """The same recording in `average_beat`, which the window and `ecgview beats` use."""
    values = report.values_of("anylead", ("I", "II"))
    recording = open_recording(people / "records500" / "00000" / "00003_hr.hea")
    average = average_beat(recording, None, ("I", "II"))
    assert values.windows_from[3] == average.lead
    np.testing.assert_allclose(values.real_uv[3], 1000 * average.original.values_mv, atol=1.0)
    known = [LEAD_INDEX[lead] for lead in LEADS[:6]]
    np.testing.assert_array_equal(values.estimated_uv[3, known], values.real_uv[3, known])


def test_estimates_are_those_of_the_reconstruction(people: Path, report: AgreementReport) -> None:
    from ecgview.engine.reconstruct import reconstruct

    recording = open_recording(people / "records500" / "00000" / "00003_hr.hea")
    rebuilt = reconstruct(recording, ("I",), "anylead-linear")
    average = average_beat(recording, rebuilt, ("I",))
    found = report.values_of("anylead-linear", ("I",)).estimated_uv[3]
    chest = [LEAD_INDEX[lead] for lead in LEADS[6:]]
    np.testing.assert_allclose(found[chest], 1000 * average.rebuilt.values_mv[chest], atol=6.0)


def test_it_is_the_same_every_time(people: Path, report: AgreementReport) -> None:
    again = studied(AgreementTask((people,), SETS, cache=False))
    assert again.as_dict() == report.as_dict()


def test_tables_hold_everything(report: AgreementReport, tmp_path: Path) -> None:
    files = write_agreement_tables(report, tmp_path, values=True)
    assert [file.name for file in files] == [
        "agreement.json", "markers.csv", "inter_lead.csv", "values.csv",
    ]  # fmt: skip
    told = json.loads(files[0].read_text(encoding="utf-8"))
    assert told["tests"] == sum(
        row[test] is not None for row in told["rows"] for test in ("t_p", "f_p", "pitman_p")
    )
    assert told["models"][0]["sha256"][0] and told["folds"] == [9]
    rows = rows_in(files[1])
    assert len(rows) == len(report.rows) == len(told["rows"])
    one = report.row("anylead", ("I", "II"), "all", "V3", "R")
    (same,) = [
        row for row in rows
        if (row["model"], row["available"], row["subset"], row["lead"], row["marker"])
        == ("anylead", "I,II", "all", "V3", "R")
    ]  # fmt: skip
    assert float(same["bias_uv"]) == pytest.approx(one.bias_uv, rel=1e-5)
    values = rows_in(files[3])
    assert {row["recording"] for row in values} == {
        f"records500/00000/{n:05d}_hr" for n in range(N + 1)
    }
    assert not any("patient" in column for column in values[0])
    pairs = rows_in(files[2])
    assert len(pairs) == len(report.matrices) * 66


def test_the_papers_statements_are_counted(tmp_path: Path) -> None:
    made = example_report()
    found = claims(made)
    (v3,) = [one for one in found if "V3 is explained" in one.claim and one.model == "network"]
    row = made.row("network", ("I",), "normal", "V3", "R")
    assert f"R2 {row.error_r2:.2f}" in v3.ours and v3.patients == row.patients == 60
    smaller = next(one for one in found if "F-test" in one.claim and one.model == "network")
    n = sum(
        each.variance_ratio < 1 and each.f_p_holm < 0.05
        for each in made.rows_of("network", ("I",), "normal")
    )
    assert smaller.ours.startswith(f"{n} of 55")
    lines = write_claims(found, tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(found) + 1


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"input_sets": ()}, LeadError, "No set of available leads"),
        ({"models": ("nonsense",)}, ModelError, "There is no model"),
        ({"models": ("kors",)}, ModelError, "transform"),
        ({"folds": (1,)}, DatasetError, "No recording lies in fold 1"),
    ],
)
def test_bad_wishes_are_refused_in_a_sentence(
    people: Path, change: dict[str, object], error: type[Exception], sentence: str
) -> None:
    task = {"data_dirs": (people,), "input_sets": SETS, "cache": False} | change
    with pytest.raises(error, match=sentence):
        studied(AgreementTask(**task))  # type: ignore[arg-type]


def test_recordings_without_beats_end_in_a_sentence(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = recording_from_array(
        "noise",
        {lead: rng.normal(scale=0.2, size=5000) for lead in (*LEADS[:2], *LEADS[6:])},
        500.0,
    )
    save_recording("noise", noise.read(noise.leads), 500.0, tmp_path, leads=noise.leads)
    with pytest.raises(DatasetError, match="Beats were found in none"):
        studied(AgreementTask((tmp_path,), (("II",),), folds=tuple(range(1, 11)), cache=False))


def test_one_recording_has_values_and_no_statistics(tmp_path: Path) -> None:
    save_recording("one", simulate("normal", seed=1).read_twelve(), 500.0, tmp_path)
    told = studied(AgreementTask((tmp_path,), (("I",),), folds=tuple(range(1, 11)), cache=False))
    assert told.subset("all").reason == "1 patient; statistics take 10"
    assert told.subset("normal").reason == "the data set states no diagnoses"
    assert told.tests == 0 and np.isfinite(told.values[0].estimated_uv[0, 8]).all()


def test_a_folder_of_cross_fitted_networks_is_one_model(tmp_path: Path) -> None:
    from ecgview.studies.agreement.estimators import find_estimators

    linear = bundled_models_dir() / "anylead-linear.safetensors"
    folder = tmp_path / "fitted"
    folder.mkdir()
    card = json.loads(linear.with_suffix(".json").read_text(encoding="utf-8"))
    for number in range(1, 5):
        shutil.copy(linear, folder / f"crossfit-{number}.safetensors")
        text = json.dumps({**card, "name": f"crossfit-{number}"})
        (folder / f"crossfit-{number}.json").write_text(text, encoding="utf-8")
    (one,) = find_estimators([str(folder)])
    assert one.name == "fitted" and len(one.cards) == 4 and one.warning([]) == ""
    with pytest.raises(ModelError, match="missing"):
        find_estimators([str(tmp_path)])


def test_a_set_that_no_model_takes_is_said_and_left_out(people: Path, tmp_path: Path) -> None:
    linear = bundled_models_dir() / "anylead-linear.safetensors"
    shutil.copy(linear, tmp_path / "from-one.safetensors")
    card = json.loads(linear.with_suffix(".json").read_text(encoding="utf-8"))
    text = json.dumps({**card, "name": "from-one", "leads": ["I"]})
    (tmp_path / "from-one.json").write_text(text, encoding="utf-8")
    models = (str(tmp_path / "from-one.safetensors"),)
    told = studied(AgreementTask((people,), SETS, models, cache=False))
    assert told.input_sets == (("I",),)
    assert told.warnings[0] == "No model here takes just I, II: there are no figures of it."
    assert document_of(told).blocks


def test_statements_need_the_leads_they_are_of() -> None:
    made = example_report()
    rows = tuple(row for row in made.rows if row.lead != "V3")
    matrices = tuple(
        replace(one, reconstructed_r2=np.full_like(one.reconstructed_r2, np.nan))
        for one in made.matrices
    )
    found = [one.claim for one in claims(replace(made, rows=rows, matrices=matrices))]
    assert found and not any("V3" in claim for claim in found)


def test_folds_are_written_as_they_are_read() -> None:
    for folds, words in (((1, 2, 3), "1-3"), ((9,), "9"), ((1, 3, 4), "1, 3, 4"), ((), "")):
        assert fold_words(folds) == words
    assert parse_folds("1-3") == (1, 2, 3)
    for folds, words in (((8, 9), "folds 8-9"), ((9,), "fold 9"), ((), "")):
        assert fold_phrase(folds) == words


@pytest.mark.real_data
def test_a_model_that_has_seen_the_folds_is_told(data_dir: Path) -> None:
    from ecgview.engine.dataset import choose_entries
    from ecgview.studies.agreement.estimators import find_estimators

    network, _ = find_estimators(["anylead"])
    ptb_xl = [data_dir / "ptb-xl"]
    some = choose_entries(ptb_xl, (8, 9), None)
    unseen = choose_entries(ptb_xl, (9,), None)
    assert f"trained on 275 of these {len(some)} recordings" in network.warning(some)
    assert network.warning(unseen) == ""
    held_out = bundled_models_dir() / "held-out-challenge-2011.txt"
    elsewhere = choose_entries([data_dir / "challenge-2011"], (), held_out)
    assert len(elsewhere) > 100 and network.warning(elsewhere) == ""


@pytest.mark.real_data
def test_real_recordings_show_what_the_paper_shows(data_dir: Path, tmp_path: Path) -> None:
    from ecgview.engine.dataset import choose_entries

    entries = choose_entries([data_dir / "ptb-xl"], (9,), None)
    names = tmp_path / "names.txt"
    names.write_text("\n".join(entry.name for entry in entries[::4]), encoding="utf-8")
    task = AgreementTask((data_dir / "ptb-xl",), (("I",),), records=names, subsets=("all",))
    told = studied(task)
    row = told.row("anylead", ("I",), "all", "V3", "R")
    assert row.patients > 50
    assert row.variance_ratio < 0.5 and row.pitman_p < 0.001 and row.slope_on_mean < -0.5
    assert row.error_r2 > 0.8
    matrix = told.matrix("anylead", ("I",), "all", "R")
    assert matrix is not None
    assert matrix.reconstructed_r2[0, 8] > matrix.real_r2[0, 8] + 0.05
    np.testing.assert_allclose(matrix.real_r2[:1, :1], 1.0)

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples
from pdf_parts import n_pages, size_mm, text_of
from stand_ins import Card

from ecgview import DISCLAIMER
from ecgview.cli import main
from ecgview.engine.metrics import agreement
from ecgview.errors import EcgviewError
from ecgview.formats import save_recording
from ecgview.gui.printing.paint_report import report_image, report_pdf
from ecgview.gui.printing.report import report_of
from ecgview.gui.state import SessionState
from ecgview.leads import LEADS
from ecgview.recording import ArraySource, Patient, recording_from_array
from ecgview.simulate import simulate

GIVEN = ("I", "II", "V2")


def waves(n_samples=5000):
    time_s = np.arange(n_samples) / 500
    return {
        lead: np.sin(2 * np.pi * (1 + row / 12) * time_s) * 0.5 for row, lead in enumerate(LEADS)
    }


def state_of(recording, available=GIVEN, **changes):
    made = rebuilt(recording, available, 0.1)
    card = replace_card(sha256="ab" * 32, fs_hz=125.0)
    figures = agreement(recording, made, clean=False)
    state = SessionState(
        recording=recording, available=available, models=(card,), model=card.name,
        reconstruction=made, agreement=figures,
    )  # fmt: skip
    return replace(state, **changes)


def replace_card(**facts):
    card = Card(description="A network for tests.")
    card.metrics = {"folds": [9]}
    card.training = {"recordings": 1234, "folds": [1, 2, 3]}
    for name, fact in facts.items():
        setattr(card, name, fact)
    return card


def test_the_report_says_all_it_is_for_on_one_page(qapp):
    recording = replace(recording_from_array("case-7", waves(), 500.0), format_name="WFDB")
    pdf = report_pdf(report_of(state_of(recording)))
    text = text_of(pdf)
    assert n_pages(pdf) == 1
    assert size_mm(pdf) == pytest.approx((210, 297), abs=0.2)
    said = (
        "case-7", "12 leads · 500 Hz · 10.0 s · WFDB", "available: I, II and V2",
        "mean PCC over 5 reconstructed chest leads", "= derived", "≈ reconstructed",
        "reduced to 69 %, not to scale", "25 mm/s · 10 mm/mV · filters off", "First model",
        "mean clean PCC 0.75 on fold 9", "Trained on 1,234 recordings, folds 1 to 3.",
        "Weights abababababab", "nothing above 62.5 Hz", DISCLAIMER,
    )  # fmt: skip
    assert [words for words in said if words not in text] == []
    assert text.count("1.00 0.75 0 0") == 5  # a constant offset is no difference
    assert "SIMULATED" not in text


def test_a_lead_that_is_flat_or_missing_has_no_figures(qapp):
    recording = recording_from_array("flat-V3", {**waves(), "V3": np.zeros(5000)}, 500.0)
    assert "V3 ≈ reconstructed n/a" in text_of(report_pdf(report_of(state_of(recording))))
    without = {lead: wave for lead, wave in waves().items() if lead != "V5"}
    text = text_of(report_pdf(report_of(state_of(recording_from_array("no-V5", without, 500.0)))))
    assert "V5 ≈ reconstructed n/a 0.75 n/a n/a" in text


def test_simulated_recordings_and_patients_on_the_report(qapp):
    text = text_of(report_pdf(report_of(state_of(simulate("normal")))))
    assert "SIMULATED" in text
    patient = Patient("QX4711", "44", "female", "Geheimrat, Anna", "1950-01-02")
    recording = replace(
        flat_recording(), patient=patient, started="2020-02-03", name="geheimrat-anna"
    )
    silent = text_of(report_pdf(report_of(state_of(recording))))
    assert not [word for word in ("eheimrat", "QX4711", "1950", "2020") if word in silent]
    asked = text_of(report_pdf(report_of(state_of(recording), with_patient=True)))
    assert "Geheimrat, Anna · ID QX4711 · born 1950-01-02 · recorded 2020-02-03" in asked


def test_letter_has_its_own_size_and_nothing_above_the_paper_of_the_ecg(qapp):
    report = report_of(state_of(recording_from_array("case", waves(), 500.0)), paper="letter")
    assert size_mm(report_pdf(report)) == pytest.approx((215.9, 279.4), abs=0.2)
    tops = [panel.label.y - 13 for panel in report.scene.panels if panel.label]
    assert len(tops) == 13
    assert min(tops) > 0


def test_available_electrodes_are_filled(qapp):
    def shown(available):
        report = report_of(state_of(recording_from_array("case", waves(), 500.0), available))
        left, top, width, height = report.electrodes_mm
        return report_image(report, dots_per_mm=4).copy(
            *(round(4 * mm) for mm in (left, top, width, height))
        )

    def blue(image):
        return sum(
            image.pixelColor(x, y).name().upper() == "#0B6E99"
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )

    limb, more = blue(shown(("I", "II"))), blue(shown(("I", "II", "V2", "V4", "V5")))
    assert limb > 100
    assert more > 1.5 * limb


def test_without_a_reconstruction_there_is_no_report(qapp):
    with pytest.raises(EcgviewError, match="no reconstruction to report"):
        report_of(SessionState(recording=flat_recording()))


def test_a_long_recording_is_reported_on_when_all_of_it_is_rebuilt(qapp):
    state = state_of(recording_from_array("case", waves(), 500.0))
    half = ArraySource(state.reconstruction.read())
    object.__setattr__(half, "done", ((0, 400),))
    with pytest.raises(EcgviewError, match="still being rebuilt"):
        report_of(replace(state, reconstruction=replace(state.reconstruction, source=half)))


@pytest.fixture
def folder(tmp_path):
    for name, seed in (("a/one", 1), ("a/two", 2)):
        recording = simulate("normal", seed=seed)
        path = tmp_path / "in" / name
        save_recording(path.name, recording.read(LEADS), recording.fs_hz, path.parent)
    (tmp_path / "in" / "broken.hea").write_text("broken 12 500 5000\nno.dat 16\n", encoding="utf-8")
    return tmp_path / "in"


def run(folder, output, *more):
    words = ["report", str(folder), "--leads", "I,II,V2", "--model", "anylead-linear"]
    return main([*words, "--output", str(output), *more])


def test_a_folder_gives_a_pdf_each_and_a_table_and_goes_on_after_bad_files(
    qapp, folder, tmp_path, capsys
):
    output = tmp_path / "out"
    assert run(folder, output, "--json", "--paper", "letter") == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["name"] for one in told] == ["one", "two"]
    for one in ("one", "two"):
        assert one in text_of((output / "a" / f"{one}.pdf").read_bytes())
    with (output / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["report"] for row in rows if not row["problem"]] == ["a/one.pdf", "a/two.pdf"]
    (bad,) = [row for row in rows if row["problem"]]
    assert bad["file"].endswith("broken.hea")
    good = rows[-1] if rows[-1]["report"] else rows[-2]
    name = good["report"].split("/")[1].removesuffix(".pdf")
    figures = next(one for one in told if one["name"] == name)
    assert float(good["pcc_V3"]) == pytest.approx(figures["leads"]["V3"]["pcc"], abs=1e-4)
    scored = {lead: figures["leads"][lead]["pcc"] for lead in ("V1", "V3", "V4", "V5", "V6")}
    assert good["worst_lead"] == min(scored, key=scored.get)


def test_reports_are_not_replaced_unasked(qapp, folder, tmp_path, capsys):
    output = tmp_path / "out"
    run(folder / "a", output)
    before = (output / "one.pdf").read_bytes()
    assert run(folder / "a", output) == 1
    assert "already holds summary.csv" in capsys.readouterr().err
    (output / "summary.csv").unlink()
    assert run(folder / "a", output) == 1
    assert "already holds one.pdf" in capsys.readouterr().err
    assert (output / "one.pdf").read_bytes() == before
    assert run(folder / "a", output, "--overwrite") == 0


def test_two_files_of_one_name_do_not_overwrite_each_other(qapp, folder, tmp_path, capsys):
    one = folder / "a" / "one.hea"
    words = ["report", str(one), str(one), "--leads", "I", "--model", "anylead-linear"]
    assert main([*words, "--output", str(tmp_path / "out")]) in (0, 1)
    assert (tmp_path / "out" / "one.pdf").is_file()


def test_an_empty_folder_says_so(qapp, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    assert run(tmp_path / "in", tmp_path / "out") == 1
    assert "No recording was found" in capsys.readouterr().err


def test_an_output_that_is_no_folder_is_refused_before_any_work(qapp, folder, tmp_path, capsys):
    output = tmp_path / "out"
    output.write_text("a file", encoding="utf-8")
    for command in ("report", "reconstruct"):
        words = [command, str(folder), "--leads", "I", "--model", "anylead-linear"]
        assert main([*words, "--output", str(output)]) == 1
        said = capsys.readouterr()
        assert said.err.count("is not a folder") == 1
        assert not said.out
    assert output.read_text(encoding="utf-8") == "a file"


@pytest.mark.real_data
def test_reports_on_real_recordings(qapp, data_dir, tmp_path):
    real = sorted((data_dir / "ptb-xl").rglob("*_hr.hea"))[:2]
    words = ["report", *map(str, real), "--leads", "I,II,V3", "--clean"]
    assert main([*words, "--filter", "high-pass=0.5", "--output", str(tmp_path / "out")]) == 0
    assert len(real) == 2
    for path in real:
        text = text_of((tmp_path / "out" / f"{path.stem}.pdf").read_bytes())
        assert "high-pass 0.5 Hz" in text
        assert "Agreement lead by lead, 0.5 Hz high-pass" in text


def test_samples_are_unchanged_by_a_report(qapp):
    recording = flat_recording()
    before = samples(recording).copy()
    report_pdf(report_of(state_of(recording)))
    assert (samples(recording) == before).all()

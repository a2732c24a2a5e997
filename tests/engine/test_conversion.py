from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.engine.conversion import (
    AnonymisationTask,
    ConversionTask,
    Written,
    anonymise_files,
    convert_files,
)
from ecgview.engine.events import Failed, Progress
from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, open_recording, save_recording
from ecgview.formats.inputs import files_of
from ecgview.formats.writers import WRITERS
from ecgview.leads import LEADS
from ecgview.recording import Mark, Patient

FORMATS = sorted(WRITERS)
SIGNALS_MV = twelve_lead_array(500.0, 4.0)


def save(name: str, folder: Path, format: str = "wfdb", **facts: object) -> Path:
    return save_recording(name, SIGNALS_MV, 500, folder, format=format, **facts)  # type: ignore[arg-type]


def convert(paths: Sequence[Path], output: Path, **how: object) -> tuple[list[Path], list[str]]:
    events = list(convert_files(paths, ConversionTask(output, **how)))  # type: ignore[arg-type]
    written = [event.written for event in events if isinstance(event, Written)]
    failed = [event.message for event in events if isinstance(event, Failed)]
    progress = [event for event in events if isinstance(event, Progress)]
    assert len(progress) == len(written) + len(failed)
    return written, failed


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two recordings, one of them in a folder below, and a damaged third."""
    folder = tmp_path / "in"
    save("one", folder)
    save("two", folder / "ward", "dicom")
    (folder / "broken.hea").write_text("broken 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    return folder


def names_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_folders_are_kept_and_a_bad_file_stops_nothing(source: Path, tmp_path: Path) -> None:
    written, failed = convert([source], tmp_path / "out", file_format="csv")
    assert names_below(tmp_path / "out") == {"one.csv", str(Path("ward") / "two.csv")}
    assert len(written) == 2
    assert len(failed) == 1
    assert "missing.dat" in failed[0]
    for path in written:
        np.testing.assert_allclose(open_recording(path).read(LEADS), SIGNALS_MV, atol=0.00051)


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("origin", FORMATS)
def test_every_format_into_every_other(tmp_path: Path, origin: str, target: str) -> None:
    facts = {"marks": (Mark(1.0, "N"),), "comments": ["sinus rhythm"]}
    path = save("one", tmp_path / "in", origin, **facts)
    written, failed = convert([path], tmp_path / "out", file_format=target)
    assert failed == []
    recording = open_recording(written[0])
    assert (recording.fs_hz, recording.n_samples, recording.leads) == (500, 2000, LEADS)
    np.testing.assert_allclose(recording.read(LEADS), SIGNALS_MV, atol=0.00051)
    origin_name = WRITERS[origin].name.rstrip("+")
    assert any(f"converted from {origin_name}" in line for line in recording.comments)
    assert "sinus rhythm" not in " ".join(recording.comments)


def test_one_file_into_a_file_of_the_ending(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "ecg.dcm"
    written, _ = convert([source / "one.hea"], target)
    assert written == [target]
    assert open_recording(target).format_name == "DICOM"


def test_a_stretch_and_a_choice_of_leads(source: Path, tmp_path: Path) -> None:
    written, _ = convert(
        [source / "one.hea"], tmp_path / "o", leads=("V5",), start_s=1.0, duration_s=2.0
    )
    recording = open_recording(written[0])
    assert (recording.leads, recording.n_samples) == (("V5",), 1000)
    expected = SIGNALS_MV[LEADS.index("V5"), 500:1500]
    np.testing.assert_allclose(recording.read(["V5"])[0], expected, atol=0.00051)


def test_corrections_are_applied_and_written(source: Path, tmp_path: Path) -> None:
    options = ImportOptions(rate_hz=250, gains=(2.0,))
    written, _ = convert([source / "one.hea"], tmp_path / "o", options=options)
    recording = open_recording(written[0])
    assert recording.fs_hz == 250
    np.testing.assert_allclose(recording.read(LEADS), 2 * SIGNALS_MV, atol=0.00101)
    said = "corrected by the user: rate set to 250 Hz; amplitudes multiplied by 2"
    assert said in recording.comments


@pytest.mark.parametrize("format", FORMATS)
def test_the_patient_is_written_only_when_asked_for(tmp_path: Path, format: str) -> None:
    patient = Patient("P-4711", "60", "female", "Example, Ada", "1950-02-03")
    path = save("one", tmp_path / "in", "dicom", patient=patient, started="2010-06-07T08:09:10")
    plain, _ = convert([path], tmp_path / "plain", file_format=format)
    kept, _ = convert([path], tmp_path / "kept", file_format=format, keep_patient=True)
    anonymous, named = open_recording(plain[0]), open_recording(kept[0])
    assert (anonymous.patient.identifier, anonymous.patient.name) == ("", "")
    assert (anonymous.patient.sex, anonymous.started) == ("female", "")
    assert named.patient.identifier == "P-4711"
    assert {*named.patient.name.replace(",", "").split()} == {"Ada", "Example"}
    assert named.started == "2010-06-07T08:09:10"


def test_files_that_would_get_the_same_name(tmp_path: Path) -> None:
    paths = [save("a", tmp_path / "1"), save("A", tmp_path / "2"), save("b", tmp_path / "2")]
    written, failed = convert(paths, tmp_path / "out")
    assert [path.name for path in written] == ["a.hea", "b.hea"]
    assert "written over the result of" in failed[0]


def test_all_parts_of_files_become_recordings(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    save("plain", folder, "csv")
    batch = np.stack([SIGNALS_MV, 2 * SIGNALS_MV, 3 * SIGNALS_MV])
    np.save(folder / "batch.npy", batch.astype(np.float32))
    options = ImportOptions(leads=LEADS, rate_hz=500, unit="mV", part="all")
    written, failed = convert([folder], tmp_path / "out", options=options)
    assert failed == []
    names = ["batch-1.hea", "batch-2.hea", "batch-3.hea", "plain.hea"]
    assert [path.name for path in written] == names
    third = open_recording(written[2]).read(LEADS)
    np.testing.assert_allclose(third, 3 * SIGNALS_MV, atol=0.00151)
    task = AnonymisationTask(tmp_path / "anonymous", options=options)
    events = list(anonymise_files([folder / "batch.npy"], task))
    names = ["ecg-0001.npz", "ecg-0002.npz", "ecg-0003.npz"]
    assert [event.written.name for event in events if isinstance(event, Written)] == names
    with pytest.raises(RecordingError, match="3 recordings cannot be written into one file"):
        convert([folder / "batch.npy"], tmp_path / "one.edf", options=options)


def test_names_of_any_script_stay_apart(tmp_path: Path) -> None:
    names = ["Müller", "Møller", "张三", "李四", "Иванов", "ö", "ü"]
    paths = [save(f"r{n}", tmp_path / "in", "npz") for n in range(len(names))]
    paths = [path.rename(path.with_stem(name)) for path, name in zip(paths, names, strict=True)]
    written, failed = convert(paths, tmp_path / "out")
    assert failed == []
    assert len({path.stem for path in written}) == len(names)
    assert {"Muller", "o", "u"} <= {path.stem for path in written}
    assert all(path.stem.isascii() for path in written)


def test_nothing_is_replaced_unasked_and_inputs_never(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    path, text = save("a", folder), save("b", folder, "csv")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for inputs, how in (
        ([path], {"file_format": "wfdb"}),
        ([path], {"file_format": "wfdb", "overwrite": True}),
        ([text], {"file_format": "csv", "overwrite": True}),
        ([text, path], {"file_format": "csv", "overwrite": True, "leads": ("I",)}),
    ):
        _, failed = convert(inputs, folder, **how)
        assert len(failed) >= 1
        assert before.items() <= {file.name: file.read_bytes() for file in folder.iterdir()}.items()
    written, _ = convert([text], tmp_path / "out", file_format="csv")
    _, failed = convert([text], tmp_path / "out", file_format="csv", leads=("I",))
    assert "already holds b.csv" in failed[0]
    convert([text], tmp_path / "out", file_format="csv", leads=("I",), overwrite=True)
    assert open_recording(written[0]).leads == ("I",)


def test_an_input_that_cannot_be_written_is_still_an_input(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    paths = [save("a", folder, "csv"), save("a", folder, "dicom")]
    before = paths[1].read_bytes()
    _, failed = convert(paths, folder, file_format="dicom", overwrite=True)
    assert len(failed) == 2
    assert paths[1].read_bytes() == before


def test_signals_of_another_record_are_not_replaced(tmp_path: Path) -> None:
    """The header calls its signal file by a name that another output would get."""
    folder = tmp_path / "in"
    path = save("a", folder)
    (folder / "a.dat").rename(folder / "b.dat")
    path.write_text(path.read_text().replace("a.dat", "b.dat"))
    text = save("b", folder, "csv")
    before = (folder / "b.dat").read_bytes()
    _, failed = convert([path, text], folder, overwrite=True)
    assert len(failed) == 2
    assert "b.dat in" in failed[1]
    assert (folder / "b.dat").read_bytes() == before
    assert files_of(path) == {(folder / name).resolve() for name in ("a.hea", "b.dat")}


def test_a_link_to_an_input_is_not_followed(tmp_path: Path) -> None:
    path = save("a", tmp_path / "in", "csv")
    content = path.read_bytes()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").symlink_to(path)
    convert([path], tmp_path / "out", file_format="csv", leads=("I",), overwrite=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize("output", ["in", "in/one.hea", "in/../in"])
def test_an_output_that_is_an_input_is_refused(source: Path, tmp_path: Path, output: str) -> None:
    with pytest.raises(RecordingError, match="both read and written"):
        convert([source, source / "one.hea"], tmp_path / output)


def test_outputs_that_make_no_sense(source: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be written into one file"):
        convert([source], tmp_path / "all.csv")
    with pytest.raises(RecordingError, match="has not the ending"):
        convert([source / "one.hea"], tmp_path / "one.csv", file_format="dicom")
    with pytest.raises(RecordingError, match=r"does not write \.xml files"):
        convert([source / "one.hea"], tmp_path / "one.xml")


def test_a_folder_that_takes_no_files_is_refused_before_anything_is_read(
    source: Path, tmp_path: Path
) -> None:
    (tmp_path / "note").write_text("no folder", encoding="utf-8")
    with pytest.raises(RecordingError, match="inside cannot be written"):
        convert([source], tmp_path / "note" / "inside")


def test_what_was_written_before_is_not_read_again(source: Path) -> None:
    out = source / "out"
    first, _ = convert([source], out, file_format="csv")
    again, failed = convert([source], out, file_format="csv", overwrite=True)
    assert again == first
    assert len(failed) == 1
    assert names_below(out) == {"one.csv", str(Path("ward") / "two.csv")}


def test_nothing_is_written_outside_the_output(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "..hidden.." / "x"
    save("one", folder)
    before = names_below(tmp_path)
    written, failed = convert([tmp_path / "in"], tmp_path / "out")
    assert failed == []
    assert all(path.is_relative_to(tmp_path / "out") for path in written)
    assert {name for name in names_below(tmp_path) - before if not name.startswith("out")} == set()


def test_anonymised_files_keep_their_format_and_lose_their_names(
    source: Path, tmp_path: Path
) -> None:
    save("three", source, "csv")
    events = list(anonymise_files([source], AnonymisationTask(tmp_path / "out")))
    written = {e.path.name: e.written.name for e in events if isinstance(e, Written)}
    assert written == {
        "one.hea": "ecg-0002.hea",
        "three.csv": "ecg-0003.csv",
        "two.dcm": "ecg-0004.dcm",
    }
    assert [e.item for e in events if isinstance(e, Failed)] == [str(source / "broken.hea")]
    assert names_below(tmp_path / "out") == {*written.values(), "ecg-0002.dat"}


def test_names_and_folders_are_kept_when_asked_for(source: Path, tmp_path: Path) -> None:
    task = AnonymisationTask(tmp_path / "out", "csv", keep_names=True)
    written = [e.written for e in anonymise_files([source], task) if isinstance(e, Written)]
    assert {str(path.relative_to(tmp_path / "out")) for path in written} == {
        "one.csv",
        str(Path("ward") / "two.csv"),
    }

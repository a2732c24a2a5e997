"""Files of arrays: what is a signal, which way round it lies, what is stated and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.errors import RecordingError
from ecgview.formats import Corrections, ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LEADS
from ecgview.recording import Mark, Recording

ALL_MV = ImportOptions(leads=LEADS, rate_hz=500, unit="mV")
Save = Callable[[Path, dict[str, Any]], Path]


def save_npz(folder: Path, variables: dict[str, Any]) -> Path:
    path = folder / "rec.npz"
    np.savez(path, **{name: np.asarray(value) for name, value in variables.items()})
    return path


def save_matlab(folder: Path, variables: dict[str, Any]) -> Path:
    from scipy.io import savemat

    texts = {
        name: np.array(value, dtype=object) if isinstance(value, tuple) else value
        for name, value in variables.items()
    }
    savemat(folder / "rec.mat", texts, do_compression=True)
    return folder / "rec.mat"


def save_hdf5(folder: Path, variables: dict[str, Any]) -> Path:
    import h5py

    path = folder / "rec.h5"
    with h5py.File(path, "w") as file:
        for name, value in variables.items():
            file[name] = list(value) if isinstance(value, tuple) else value
    return path


EVERY = pytest.mark.parametrize("save", [save_npz, save_matlab, save_hdf5])


def signals_mv(n_samples: int = 1000) -> np.ndarray:
    """Whole microvolts in mV, so that every way of storing them gives the same."""
    return np.rint(1000 * twelve_lead_array(500, n_samples / 500)) / 1000


def question(path: Path, options: ImportOptions | None = None) -> NeedsOptions:
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path, options=options)
    return caught.value


def assert_holds(recording: Recording, expected_mv: np.ndarray) -> None:
    assert recording.leads == LEADS
    np.testing.assert_allclose(recording.read_twelve(), expected_mv, atol=2e-6)


@EVERY
def test_a_file_that_states_everything_opens_without_options(tmp_path: Path, save: Save) -> None:
    ecg_mv = signals_mv()
    variables = {"ecg": ecg_mv, "fs": 500.0, "lead_names": LEADS, "units": "mV", "sex": "F"}
    recording = open_recording(save(tmp_path, {**variables, "age": 61}))
    assert_holds(recording, ecg_mv)
    assert recording.fs_hz == 500
    assert recording.resolution_mv == pytest.approx(0.001, rel=1e-3)
    assert (recording.patient.sex, recording.patient.age) == ("female", "61")
    assert recording.parts == ()
    assert [warning.code for warning in recording.warnings] == []


@EVERY
def test_what_is_not_stated_is_asked_and_nothing_guessed(tmp_path: Path, save: Save) -> None:
    ecg_mv = signals_mv()
    path = save(tmp_path, {"val": ecg_mv})
    preview = question(path).preview
    assert preview.missing == ("leads", "rate_hz", "unit")
    assert [column.name for column in preview.columns] == [""] * 12
    assert preview.first_rows[3] == tuple(f"{value:.6g}" for value in ecg_mv[:, 3])
    assert "12 signals of 1000 samples" in preview.found
    assert "III, aVR, aVL, aVF: the standard order is likely" in preview.found
    assert_holds(open_recording(path, options=ALL_MV), ecg_mv)
    assert question(path, ImportOptions(leads=LEADS, rate_hz=500)).preview.missing == ("unit",)
    # Files of one layout are of one kind, whatever their length.
    (tmp_path / "other").mkdir()
    longer = save(tmp_path / "other", {"val": signals_mv(1500)})
    assert question(longer).preview.kind == preview.kind


def test_no_order_is_likely_where_the_limb_leads_do_not_fit(tmp_path: Path) -> None:
    shuffled = signals_mv()[[1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]
    assert "likely" not in question(save_npz(tmp_path, {"val": shuffled})).preview.found


@EVERY
def test_the_short_axis_is_that_of_the_leads(tmp_path: Path, save: Save) -> None:
    ecg_mv = signals_mv()
    recording = open_recording(save(tmp_path, {"ecg": ecg_mv.T}), options=ALL_MV)
    assert_holds(recording, ecg_mv)
    np.testing.assert_allclose(recording.read(("V2",), 10, 20), ecg_mv[[7], 10:20], atol=2e-6)
    np.testing.assert_allclose(recording.read(("V6", "I"), 0, 3), ecg_mv[[11, 0], :3], atol=2e-6)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 2, 0), (2, 1, 0)])
def test_records_of_a_batch_are_parts(tmp_path: Path, order: tuple[int, int, int]) -> None:
    batch = np.stack([factor * signals_mv() for factor in (1, 2, 3)])
    path = save_npz(tmp_path, {"X": batch.transpose(order), "y": np.arange(3)})
    recording = open_recording(path, options=ALL_MV)
    assert recording.parts == ("X 1", "X 2", "X 3")
    assert recording.part == "X 1"
    third = ImportOptions(leads=LEADS, rate_hz=500, unit="mV", part="X 3")
    assert_holds(open_recording(path, options=third), 3 * signals_mv())


@EVERY
def test_several_arrays_are_parts_and_the_likeliest_is_opened(tmp_path: Path, save: Save) -> None:
    ecg_mv = signals_mv()
    other = np.random.default_rng(1).normal(size=(3, 1000))
    path = save(tmp_path, {"accel": other, "ecg": ecg_mv})
    recording = open_recording(path, options=ALL_MV)
    assert recording.parts == ("ecg", "accel")
    assert recording.part == "ecg"
    with pytest.raises(RecordingError, match="no part “resp” that holds signals"):
        open_recording(path, options=ImportOptions(part="resp"))


@EVERY
def test_an_array_for_each_lead(tmp_path: Path, save: Save) -> None:
    ecg_mv = signals_mv()
    variables = {f"{lead}_mV": row for lead, row in zip(LEADS, ecg_mv, strict=True)}
    variables |= {"time": np.arange(1000) / 500, "resp": ecg_mv[0]}
    recording = open_recording(save(tmp_path, {**variables, "y": np.ones(300)}))
    assert_holds(recording, ecg_mv)
    assert recording.fs_hz == 500
    assert recording.other_channels == ("resp",)
    assert recording.parts == ()


def test_columns_named_otherwise_keep_their_names(tmp_path: Path) -> None:
    path = save_npz(tmp_path, {"ch1": signals_mv()[0], "ch2": signals_mv()[1], "fs": 500})
    assert [column.name for column in question(path).preview.columns] == ["ch1", "ch2"]
    options = ImportOptions(leads=("V1", "pleth"), unit="mV")
    assert open_recording(path, options=options).leads == ("V1",)


@EVERY
def test_converter_steps_need_a_gain(tmp_path: Path, save: Save) -> None:
    steps = np.rint(200 * signals_mv()).astype(np.int16)
    known: dict[str, Any] = {"p": steps + 100, "fs": 500, "leads": LEADS}
    for stated in ({}, {"units": "mV"}, {"gain": 200}):
        path = save(tmp_path, known | stated)
        assert question(path).preview.missing == ("unit",)
    assert question(path).preview.columns[0].unit == ""
    stated = {"adc_gain": np.full(12, 200), "units": "mV", "baseline": 100}
    recording = open_recording(save(tmp_path, known | stated))
    np.testing.assert_allclose(recording.read_twelve(), steps / 200, rtol=1e-6)
    assert recording.resolution_mv == pytest.approx(0.005)
    recording = open_recording(path, options=ImportOptions(unit="100/mV"))
    np.testing.assert_allclose(recording.read(("V1",))[0], steps[6] / 100, rtol=1e-6)


def test_whole_microvolts_are_believed(tmp_path: Path) -> None:
    steps = np.rint(1000 * signals_mv()).astype(np.int32)
    path = save_npz(tmp_path, {"ecg_uV": steps, "fs": 500, "leads": np.array(LEADS)})
    assert_holds(open_recording(path), steps / 1000)
    # Whole numbers in floating point are steps too: 900 mV cannot be meant.
    known = {"ecg": steps.astype(float), "fs": 500, "leads": np.array(LEADS), "unit": "mV"}
    assert question(save_npz(tmp_path, known)).preview.missing == ("unit",)


@pytest.mark.parametrize(
    ("name", "value", "rate_hz"),
    [
        ("Fs", 360, 360),
        ("sampling_rate", "250 ", 250),
        ("dt", 0.001, 1000),
        ("dt", 2.0, None),
        ("rate", 72, None),
        ("fs", -5, None),
        ("fs", np.nan, None),
        ("fs", [500, 250], None),
    ],
)
def test_stated_rates(tmp_path: Path, name: str, value: Any, rate_hz: float | None) -> None:
    path = save_npz(tmp_path, {"ecg": signals_mv(), name: value})
    assert question(path).preview.rate_hz == rate_hz


@EVERY
def test_corrections_hold_for_files_of_the_same_layout(tmp_path: Path, save: Save) -> None:
    kind = question(save(tmp_path, {"val": signals_mv()})).preview.kind
    corrections = Corrections(tmp_path / "corrections")
    corrections.remember(kind, ALL_MV)
    other = save(tmp_path, {"val": 2 * signals_mv(700)})
    recording = open_recording(other, corrections=corrections)
    assert_holds(recording, 2 * signals_mv(700))
    assert "corrected" in [warning.code for warning in recording.warnings]
    with pytest.raises(NeedsOptions):
        open_recording(save(tmp_path, {"x": signals_mv()}), corrections=corrections)


def test_what_stands_beside_an_array_goes_before_what_stands_elsewhere(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "rec.h5"
    with h5py.File(path, "w") as file:
        file.attrs["fs"] = 125.0
        for name, rate_hz in (("a", 250.0), ("b", 1000.0)):
            data = file.create_dataset(f"{name}/ecg", data=signals_mv(), compression="gzip")
            file[name].attrs.update({"fs": rate_hz, "unit": "mV", "leads": list(LEADS)})
            assert data.chunks
    assert open_recording(path).fs_hz == 250
    assert open_recording(path, options=ImportOptions(part="b/ecg")).fs_hz == 1000
    with h5py.File(path, "a") as file:
        file["b/ecg"].attrs["sampling_frequency"] = 2000
    assert open_recording(path, options=ImportOptions(part="b/ecg")).fs_hz == 2000


def test_gaps_and_marks_for_missing_samples(tmp_path: Path) -> None:
    ecg_mv = signals_mv()
    ecg_mv[1, 10:20], ecg_mv[2, 5] = np.nan, 1e30
    recording = open_recording(save_npz(tmp_path, {"ecg": ecg_mv}), options=ALL_MV)
    found = np.isnan(recording.read_twelve())
    assert (found[1].sum(), found[2].sum(), found.sum()) == (10, 1, 11)


@EVERY
@pytest.mark.parametrize(
    ("variables", "part"),
    [
        ({"y": np.arange(5), "m": np.ones((200, 300))}, "m 200 x 300"),
        ({"note": "hello"}, "no array that can be signals"),
        ({"c": np.ones((12, 500), dtype=complex)}, "no array that can be signals"),
    ],
)
def test_files_without_signals(
    tmp_path: Path, save: Save, variables: dict[str, Any], part: str
) -> None:
    with pytest.raises(RecordingError, match=part) as caught:
        open_recording(save(tmp_path, variables))
    assert not isinstance(caught.value, NeedsOptions)


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    path = save_npz(tmp_path, {"ecg": signals_mv()})
    with pytest.raises(RecordingError, match="2 lead names were given, but rec"):
        open_recording(path, options=ImportOptions(leads=("I", "II")))
    with pytest.raises(RecordingError, match="“adu” is not a unit"):
        open_recording(path, options=ImportOptions(unit="adu"))


def test_a_written_archive_says_it_all(tmp_path: Path) -> None:
    from ecgview.formats import save_recording
    from ecgview.recording import Patient

    ecg_mv = signals_mv()
    marks = (Mark(0.5, "N"), Mark(1.25, "noise, here", 0.5, "V2"))
    path = save_recording(
        "rec",
        ecg_mv,
        500,
        tmp_path,
        format="npz",
        comments=["one", "two"],
        patient=Patient("4711", "61", "female", "Example, Ada", "1950-02-03"),
        started="2010-06-07T08:09:10",
        marks=marks,
        resolution_mv=0.005,
    )
    with np.load(path, allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["signals_mv"], ecg_mv.astype(np.float32))
        assert archive["leads"].tolist() == list(LEADS)
    recording = open_recording(path)
    assert recording.patient == Patient("4711", "61", "female", "Example, Ada", "1950-02-03")
    assert recording.started == "2010-06-07T08:09:10"
    assert recording.marks == marks
    assert recording.comments[:2] == ("one", "two")
    assert recording.resolution_mv == pytest.approx(0.005)


# Parquet


def save_parquet(folder: Path, columns: dict[str, Any]) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    path = folder / "rec.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def test_columns_of_a_parquet_file(tmp_path: Path) -> None:
    ecg_mv = signals_mv()
    columns = {"time_s": np.arange(1000) / 500, "sample": np.arange(1000), "who": ["x"] * 1000}
    columns |= {f"{lead}_mV": row for lead, row in zip(LEADS, ecg_mv, strict=True)}
    recording = open_recording(save_parquet(tmp_path, columns))
    assert_holds(recording, ecg_mv)
    assert recording.fs_hz == 500
    assert recording.other_channels == ()


def test_missing_cells_of_a_parquet_file_are_gaps(tmp_path: Path) -> None:
    steps = [None if number in (3, 4) else number for number in range(200)]
    path = save_parquet(tmp_path, {"I": steps, "II": list(range(200))})
    recording = open_recording(path, options=ImportOptions(rate_hz=500, unit="uV"))
    assert np.flatnonzero(np.isnan(recording.read(("I",))[0])).tolist() == [3, 4]


def test_rows_of_lists_in_a_parquet_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="its column “ecg” is no column of numbers"):
        open_recording(save_parquet(tmp_path, {"ecg": [[0.1] * 500] * 12}))


# Real files


@pytest.mark.real_data
def test_a_real_hdf5_file(data_dir: Path) -> None:
    path = data_dir / "formats" / "hdf5_sph.h5"
    preview = question(path).preview
    assert preview.missing == ("leads", "rate_hz", "unit")
    assert preview.kind == "HDF5; ecg float16; 12 signals"
    assert "the standard order is likely" in preview.found
    recording = open_recording(path, options=ALL_MV)
    assert (recording.leads, recording.n_samples, recording.duration_s) == (LEADS, 5000, 10)
    lowest = recording.read_twelve().min(axis=1)
    np.testing.assert_allclose(lowest[:8:7], [-0.3047, -1.693], atol=5e-4)
    assert [warning.code for warning in recording.warnings] in ([], ["limb-rounding"])


@pytest.mark.real_data
def test_a_real_record_of_the_challenges_without_its_header(data_dir: Path, tmp_path: Path) -> None:
    source = data_dir / "formats" / "wfdb" / "JS00001.mat"
    lone = tmp_path / "JS00001.mat"
    lone.write_bytes(source.read_bytes())
    preview = question(lone).preview
    assert preview.kind == "MATLAB; val int16; 12 signals"
    alone = open_recording(lone, options=ImportOptions(LEADS, 500, "1000/mV"))
    with_header = open_recording(source)
    assert with_header.format_name == "WFDB"
    np.testing.assert_allclose(alone.read_twelve(), with_header.read_twelve(), rtol=1e-6)

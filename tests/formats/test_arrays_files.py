"""Files of arrays: variants of each format, and files that lie, point elsewhere or are bombs."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import pickle
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.formats.arrays import apart
from ecgview.formats.arrays.matlab5 import read_variables
from ecgview.leads import LEADS

ALL_MV = ImportOptions(leads=LEADS, rate_hz=500, unit="mV")
ECG_MV = twelve_lead_array(500, 2)


def refusal(path: Path, part: str) -> RecordingError:
    with pytest.raises(RecordingError, match=part) as caught:
        open_recording(path, options=ALL_MV)
    assert not isinstance(caught.value, NeedsOptions)
    assert caught.value.hint
    return caught.value


def save_hdf5(path: Path, values: np.ndarray) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file["ecg"] = values


def peak_bytes(path: Path) -> int:
    """Give what opening a file, which must be refused, takes at most."""
    tracemalloc.start()
    try:
        with pytest.raises(RecordingError):
            open_recording(path, options=ALL_MV)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# MATLAB


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["f8", "f4", "i2", "u1", "i4", "u4", "i8", "i1", "u2"])
def test_matlab_arrays_are_what_scipy_reads(tmp_path: Path, dtype: str, compressed: bool) -> None:
    from scipy.io import loadmat, savemat

    path = tmp_path / "rec.mat"
    values = np.arange(3 * 200 * 2).reshape(3, 200, 2).astype(dtype)
    savemat(path, {"a": values, "b": values[:, :, 0] * 1.0}, do_compression=compressed)
    ours = dict(read_variables(path, path.read_bytes()))
    theirs = loadmat(path)
    assert sorted(ours) == ["a", "b"]
    for name, value in ours.items():
        np.testing.assert_array_equal(value, theirs[name])


def test_matlab_structures_cells_and_texts(tmp_path: Path) -> None:
    from scipy.io import savemat
    from scipy.sparse import eye

    path = tmp_path / "A0001.mat"
    cells = np.array(list(LEADS), dtype=object)
    ecg = {"sex": "Male", "age": 74, "data": ECG_MV, "info": {"fs": 500, "sig_name": cells}}
    others = {"s": eye(300).tocsc(), "z": np.ones(300) * 1j, "flag": np.array([True])}
    savemat(path, {"ECG": ecg, **others, "rows": np.array(["ab", "cde"])})
    found = dict(read_variables(path, path.read_bytes()))
    assert found["rows"] == ["ab", "cde"]
    assert found["ECG"]["info"]["sig_name"] == list(LEADS)
    assert (found["s"], found["z"]) == (None, None)
    recording = open_recording(path, options=ImportOptions(unit="mV", rate_hz=250))
    assert (recording.leads, recording.fs_hz) == (LEADS, 250)
    assert (recording.patient.sex, recording.patient.age) == ("male", "74")
    np.testing.assert_allclose(recording.read_twelve(), ECG_MV, rtol=1e-6)


@pytest.mark.parametrize("form", ["4", "5"])
def test_both_levels_of_matlab(tmp_path: Path, form: Any) -> None:
    from scipy.io import savemat

    path = tmp_path / "rec.dat"
    savemat(path, {"val": ECG_MV.astype(float), "note": "hello", "fs": 500.0}, format=form)
    recording = open_recording(path, options=ImportOptions(leads=LEADS, unit="mV"))
    assert (recording.format_name, recording.fs_hz) == ("MATLAB", 500)
    np.testing.assert_allclose(recording.read_twelve(), ECG_MV, rtol=1e-6)


def test_matlab_of_a_big_endian_machine(tmp_path: Path) -> None:
    def element(kind: int, content: bytes) -> bytes:
        return struct.pack(">II", kind, len(content)) + content + b"\0" * (-len(content) % 8)

    steps = np.arange(12 * 200, dtype=">i2").reshape(12, 200)
    body = element(6, struct.pack(">II", 10, 0)) + element(5, struct.pack(">ii", 12, 200))
    body += element(1, b"val") + element(3, steps.tobytes(order="F"))
    path = tmp_path / "rec.mat"
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(124) + b"\1\0MI" + element(14, body))
    recording = open_recording(path, options=ImportOptions(LEADS, 500, "uV"))
    np.testing.assert_allclose(recording.read_twelve(), steps / 1000, rtol=1e-6)


def matlab5(kind: int, shape: tuple[int, ...], compressed: bool = False) -> bytes:
    """Make a file of one variable that states a shape and has but one byte of samples."""

    def element(kind: int, content: bytes) -> bytes:
        return struct.pack("<II", kind, len(content)) + content + b"\0" * (-len(content) % 8)

    body = element(6, struct.pack("<II", kind, 0))
    body += element(5, struct.pack(f"<{len(shape)}i", *shape)) + element(1, b"x") + element(2, b"1")
    variable = element(14, body)
    if compressed:
        variable = struct.pack("<II", 15, len(variable)) + zlib.compress(variable)
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + variable


@pytest.mark.parametrize("kind", [1, 2, 4, 6, 10])
@pytest.mark.parametrize("shape", [(30_000, 10_000), (2**31 - 1, 2**31 - 1, 16), (-5, 7)])
def test_a_matlab_header_takes_no_memory(tmp_path: Path, kind: int, shape: tuple[int, ...]) -> None:
    path = tmp_path / "rec.mat"
    path.write_bytes(matlab5(kind, shape))
    assert peak_bytes(path) < 5_000_000


def test_a_matlab_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = zlib.compress(struct.pack("<II", 14, 10**9) + bytes(10**8))
    head = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"
    path = tmp_path / "rec.mat"
    path.write_bytes(head + struct.pack("<II", 15, len(packed)) + packed)
    assert "would unpack to" in refusal(path, "rec.mat").message
    assert peak_bytes(path) < 5_000_000


def test_matlab_structures_nested_without_end(tmp_path: Path) -> None:
    def element(kind: int, content: bytes) -> bytes:
        return struct.pack("<II", kind, len(content)) + content + b"\0" * (-len(content) % 8)

    body = b""
    for _ in range(3000):
        start = element(6, struct.pack("<II", 1, 0)) + element(5, struct.pack("<ii", 1, 1))
        body = element(14, start + element(1, b"x") + body)
    path = tmp_path / "rec.mat"
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + body)
    refusal(path, "nested too deep")


# NumPy


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2"])
def test_arrays_of_any_layout_by_window(tmp_path: Path, order: Any, dtype: str) -> None:
    path = tmp_path / "rec.npy"
    np.save(path, np.asarray(ECG_MV.T.astype(dtype), order=order))
    recording = open_recording(path, options=ALL_MV)
    exact = ECG_MV.astype(dtype)
    np.testing.assert_allclose(recording.read_twelve(), exact, rtol=1e-6)
    np.testing.assert_allclose(recording.read(("V3", "I"), 7, 9), exact[[8, 0], 7:9], rtol=1e-6)


def test_a_long_array_is_read_by_window(tmp_path: Path) -> None:
    path = tmp_path / "rec.npy"
    long = np.lib.format.open_memmap(path, "w+", np.int16, (12, 8_000_000))
    long[:, 7_000_000] = range(1, 13)
    del long
    tracemalloc.start()
    try:
        recording = open_recording(path, options=ImportOptions(LEADS, 1000, "uV"))
        found = recording.read(LEADS, 7_000_000, 7_000_001)[:, 0]
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    np.testing.assert_allclose(found, np.arange(1, 13) / 1000, rtol=1e-6)


def test_fields_of_a_structured_array_are_leads(tmp_path: Path) -> None:
    path = tmp_path / "rec.npy"
    rows = np.zeros(500, dtype=[("I", "f4"), ("V2", "f4")])
    rows["I"], rows["V2"] = ECG_MV[0, :500], ECG_MV[7, :500]
    np.save(path, rows)
    recording = open_recording(path, options=ImportOptions(rate_hz=500, unit="mV"))
    assert recording.leads == ("I", "V2")
    np.testing.assert_array_equal(recording.read(("V2",))[0], ECG_MV[7, :500])


def test_the_name_of_the_file_is_no_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "Example_Ada.npy"
    for values in (ECG_MV, ECG_MV[0]):
        np.save(path, values)
        with pytest.raises(NeedsOptions) as asked:
            open_recording(path)
        assert "Ada" not in asked.value.preview.kind


def test_a_file_that_changes_while_it_is_open(tmp_path: Path) -> None:
    for save, name in ((np.save, "rec.npy"), (save_hdf5, "rec.h5")):
        path = tmp_path / name
        save(path, ECG_MV)
        recording = open_recording(path, options=ALL_MV)
        path.write_bytes(path.read_bytes()[:500])
        with pytest.raises(RecordingError, match="cannot be read as"):
            recording.read(("V1",))


class Harm:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("ending", [".npy", ".npz"])
def test_nothing_is_unpickled(tmp_path: Path, ending: str) -> None:
    mark, path = tmp_path / "harm", tmp_path / f"rec{ending}"
    objects = np.array([Harm(mark)] * 12, dtype=object)
    if ending == ".npy":
        np.save(path, objects, allow_pickle=True)
    else:
        np.savez(path, ecg=objects)
    refusal(path, "pickled objects")
    assert not mark.exists()
    pickle.loads(pickle.dumps(Harm(mark)))
    assert mark.exists()  # it would have done harm


def npy_header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (npy_header("(12, 100000000000)"), "would unpack to"),
        (npy_header("(12, 5000)"), "ends before its array does"),
        (npy_header("(12, -5000)"), "rec.npy"),
        (npy_header("__import__('os').getcwd()"), "cannot be read as NumPy"),
        (npy_header("(12, 500)", "'|O'"), "pickled objects"),
        (b"\x93NUMPY\1\0\xff\xff{'descr'", "cannot be read as NumPy"),
        (b"\x93NUMPY\7\0", "cannot be read as NumPy"),
    ],
)
def test_headers_that_lie(tmp_path: Path, header: bytes, part: str) -> None:
    path = tmp_path / "rec.npy"
    path.write_bytes(header + bytes(64))
    refusal(path, part)


@pytest.mark.parametrize("shape", ["(12, 40000000)", "(12, 1000000)"])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "rec.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ecg.npy", "w", force_zip64=True) as member,
    ):
        member.write(npy_header(shape))
        for _ in range(300):
            member.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    refusal(path, "would unpack to")
    assert peak_bytes(path) < 5_000_000


def test_an_archive_whose_member_is_shorter_than_it_says(tmp_path: Path) -> None:
    path = tmp_path / "rec.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ecg.npy", npy_header("(12, 5000)") + bytes(800))
    refusal(path, "“ecg” of rec.npz is shorter than it says")


# HDF5


@pytest.fixture
def h5py() -> Any:
    return pytest.importorskip("h5py")


def test_hdf5_behind_other_bytes(tmp_path: Path, h5py: Any) -> None:
    path = tmp_path / "rec.dat"
    with h5py.File(path, "w", userblock_size=1024) as file:
        file["ecg"] = ECG_MV
    recording = open_recording(path, options=ALL_MV)
    assert recording.format_name == "HDF5"
    np.testing.assert_array_equal(recording.read_twelve(), ECG_MV)


def test_matlab_7_3_with_cells_of_names(tmp_path: Path, h5py: Any) -> None:
    path = tmp_path / "rec.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        names = []
        for number, lead in enumerate(LEADS):
            codes = np.array([[ord(letter)] for letter in lead], dtype=np.uint16)
            text = file.create_dataset(f"#refs#/{number}", data=codes)
            text.attrs["MATLAB_class"] = np.bytes_("char")
            names.append(text.ref)
        file.create_dataset("leads", data=np.array(names, dtype=h5py.ref_dtype).reshape(12, 1))
        file["val"], file["fs"] = ECG_MV.T, np.array([[250.0]])
    start = b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM"
    path.write_bytes(start + path.read_bytes()[len(start) :])
    recording = open_recording(path, options=ImportOptions(unit="mV"))
    assert (recording.format_name, recording.fs_hz) == ("MATLAB", 250)
    np.testing.assert_array_equal(recording.read_twelve(), ECG_MV)


def test_links_out_of_an_hdf5_file_are_not_followed(tmp_path: Path, h5py: Any) -> None:
    secret, path = tmp_path / "secret.h5", tmp_path / "rec.h5"
    with h5py.File(secret, "w") as file:
        file["ecg"] = ECG_MV
    ECG_MV.tofile(tmp_path / "secret.dat")
    layout = h5py.VirtualLayout(ECG_MV.shape, ECG_MV.dtype)
    layout[:] = h5py.VirtualSource(str(secret), "ecg", ECG_MV.shape)
    outside = {"external": [(str(tmp_path / "secret.dat"), 0, h5py.h5f.UNLIMITED)]}
    for make in (
        lambda file: file.__setitem__("ecg", h5py.ExternalLink(str(secret), "ecg")),
        lambda file: file.create_virtual_dataset("ecg", layout),
        lambda file: file.create_dataset("ecg", ECG_MV.shape, ECG_MV.dtype, **outside),
    ):
        with h5py.File(path, "w") as file:
            make(file)
            file["alias"] = h5py.SoftLink("/ecg")
        with h5py.File(path) as file:
            np.testing.assert_array_equal(file["ecg"][:], ECG_MV)  # it would be found
        refusal(path, "not followed|another file")


def test_groups_that_hold_themselves_and_deep_ones(tmp_path: Path, h5py: Any) -> None:
    path = tmp_path / "rec.h5"
    with h5py.File(path, "w") as file:
        file["a/b/ecg"] = ECG_MV
        file["a/b/again"] = file["a"]
        file["twice"] = file["a/b/ecg"]
        file["/".join("d" * 300)] = np.zeros((12, 500))
    recording = open_recording(path, options=ALL_MV)
    assert (recording.part, recording.parts) == ("", ())
    np.testing.assert_array_equal(recording.read_twelve(), ECG_MV)


def test_hdf5_shapes_without_samples(tmp_path: Path, h5py: Any) -> None:
    path = tmp_path / "rec.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("ecg", (12, 10**12), "f4", chunks=(12, 1000))
        refused = file.create_dataset("val", (12, 10**9), "f4", chunks=(12, 1000))
        refused[0, 0] = 1
    refusal(path, "would unpack to")
    with h5py.File(path, "a") as file:
        del file["val"]
    refusal(path, "no array that can be signals")


def test_hdf5_filters_that_need_a_plug_in(tmp_path: Path, h5py: Any) -> None:
    path = tmp_path / "rec.h5"
    with h5py.File(path, "w") as file:
        made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        made.set_chunk((12, 100))
        made.set_filter(305, h5py.h5z.FLAG_OPTIONAL)
        space = h5py.h5s.create_simple((12, 500))
        h5py.h5d.create(file.id, b"ecg", h5py.h5t.IEEE_F32LE, space, made)
    refusal(path, "needs a plug-in")


@pytest.mark.parametrize(
    ("library", "first_bytes"), [("h5py", b"\x89HDF\r\n\x1a\n"), ("pyarrow", b"PAR1")]
)
def test_libraries_that_are_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, first_bytes: bytes
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    path = tmp_path / "rec.bin"
    path.write_bytes(first_bytes + bytes(500))
    hint = refusal(path, f"needs the library {library}").hint
    assert f"python -m pip install {library}" in hint


# The process apart


@pytest.mark.parametrize("call", ["time:sleep", "os:_exit"])
def test_a_library_that_does_not_come_back(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    process = apart.Apart()
    monkeypatch.setattr(apart, "TIME_LIMIT_S", 0.5)
    assert process.call(Path("x"), "X", "math:factorial", 5, size=10**9) == 120
    with pytest.raises(RecordingError, match="did not come back"):
        process.call(Path("x"), "X", call, 30)
    assert process.call(Path("x"), "X", "math:factorial", 6, size=10**9) == 720
    with pytest.raises(RecordingError, match="not defined for negative"):
        process.call(Path("x"), "X", "math:factorial", -1, size=10**9)
    process.stop()


def test_a_worker_that_may_start_no_process_reads_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = apart.Apart()
    assert process.call(Path("x"), "X", "os:getpid") != os.getpid()
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    assert process.call(Path("x"), "X", "os:getpid") == os.getpid()
    process.stop()

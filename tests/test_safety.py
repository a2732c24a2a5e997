"""Nothing leaves the machine, nothing is written elsewhere, nothing is told to logs."""

from __future__ import annotations

import logging
import socket
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from samples import SAMPLES, Sample, make_ecg
from samples.dicom import dicom
from samples.ecg import FIRST_NAME, IDENTIFIER, LAST_NAME

from ecgview.errors import RecordingError
from ecgview.formats import READERS, describe, open_recording, save_recording
from ecgview.formats.writers import WRITERS
from ecgview.leads import LEADS

KNOWN = {reader.name for reader in READERS}
OF_KNOWN_READERS = [
    pytest.param(sample, id=sample.name) for sample in SAMPLES if sample.reader in KNOWN
]
EVERY_SAMPLE = pytest.mark.parametrize("sample", OF_KNOWN_READERS)
SIGNALS_MV = make_ecg(500).signals_mv


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_keywords: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
    monkeypatch.setattr(socket.socket, "sendto", refuse)
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder whose surroundings are looked at when the test is over."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@EVERY_SAMPLE
def test_no_network_code_runs(sample: Sample, tmp_path: Path, no_network: None) -> None:
    recording = open_recording(sample.make(tmp_path, make_ecg(1000)), options=sample.options)
    assert len(recording.marks) <= sample.n_marks
    leads_mv = recording.read(recording.leads)
    for format in WRITERS:
        written = save_recording(
            "copy",
            leads_mv,
            recording.fs_hz,
            tmp_path / format,
            format=format,
            leads=recording.leads,
        )
        assert open_recording(written).leads == recording.leads


@EVERY_SAMPLE
def test_logs_hold_no_names(
    sample: Sample, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture
) -> None:
    path = sample.make(tmp_path, make_ecg(1000))
    with caplog.at_level(logging.DEBUG):
        recording = open_recording(path, options=sample.options)
        describe(recording)
        path.write_bytes(path.read_bytes()[:-700])
        try:
            open_recording(path, options=sample.options)
        except RecordingError as error:
            logging.getLogger("ecgview").warning("%s", error)
    said = "".join(capfd.readouterr()) + caplog.text
    assert [word for word in (FIRST_NAME, LAST_NAME, IDENTIFIER) if word in said] == []


def test_a_refusal_does_not_quote_a_damaged_dicom_file(tmp_path: Path) -> None:
    """A length that is damaged makes all that follows, the patient too, part of the class."""
    path = dicom(tmp_path, make_ecg(500))
    content = path.read_bytes()
    at = content.index(b"\x08\0\x16\0UI") + 6
    path.write_bytes(content[:at] + b"\xff\x07" + content[at + 2 :])
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert [word for word in (LAST_NAME, IDENTIFIER) if word in str(caught.value)] == []


def test_a_hundred_openings_leave_no_handle(tmp_path: Path) -> None:
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("this system does not list the handles of a process")
    paths = []
    for number, param in enumerate(OF_KNOWN_READERS):
        (tmp_path / str(number)).mkdir()
        sample: Sample = param.values[0]
        paths.append((sample.make(tmp_path / str(number), make_ecg(1000)), sample.options))
    counts = []
    for _ in range(6):
        for path, options in paths:
            recording = open_recording(path, options=options)
            recording.read(recording.leads, 0, 100)
            assert recording.marks is not None
        counts.append(len(list(handles.iterdir())))
    assert len(paths) * (len(counts) - 1) >= 100
    assert counts[1:] == counts[:1] * (len(counts) - 1)


@EVERY_SAMPLE
def test_exports_leave_the_patient_out(sample: Sample, tmp_path: Path) -> None:
    recording = open_recording(sample.make(tmp_path, make_ecg(1000)), options=sample.options)
    leads_mv = recording.read(recording.leads)
    for format in WRITERS:
        folder = tmp_path / format
        save_recording("r", leads_mv, recording.fs_hz, folder, format=format, leads=recording.leads)
        written = b"".join(path.read_bytes() for path in folder.iterdir())
        assert LAST_NAME.encode() not in written
        assert IDENTIFIER.encode() not in written


NAMES = [
    "../up",
    "../../etc/passwd",
    "/tmp/absolute",
    "a/b",
    "a\\b",
    "C:\\x",
    "nul\0byte",
    "line\nbreak",
    "..",
    ".",
    "",
    "ends with a dot.",
    "CON",
    "con.txt",
    "COM1",
    "aux",
    "~",
    "*?<>|",
    "心電図",
    "-rf",
]


@pytest.mark.parametrize("format", sorted(WRITERS))
@pytest.mark.parametrize("name", NAMES)
def test_writers_stay_in_their_folder(folder: Path, format: str, name: str) -> None:
    path = save_recording(name, SIGNALS_MV, 500, folder, format=format)
    assert path.parent == folder
    assert [entry.name for entry in folder.parent.iterdir()] == ["here"]
    assert path in set(folder.iterdir())
    for entry in folder.iterdir():
        reserved = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10))}
        assert entry.stem.split(".")[0].lower() not in reserved | {""}
        assert entry.name.isprintable()
        assert not set(entry.name) & set('<>:"/\\|?*')
    assert open_recording(path).leads == LEADS


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_a_name_too_long_for_the_disk(folder: Path, format: str) -> None:
    with pytest.raises(RecordingError) as caught:
        save_recording("x" * 400, SIGNALS_MV, 500, folder, format=format)
    assert caught.value.hint
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_a_link_in_the_place_of_the_file_is_replaced_not_followed(
    folder: Path, format: str
) -> None:
    precious = folder.parent / "precious"
    precious.write_text("keep me")
    path = folder / f"r{WRITERS[format].ending}"
    path.symlink_to(precious)
    save_recording("r", SIGNALS_MV, 500, folder, format=format, overwrite=True)
    assert precious.read_text() == "keep me"
    assert not path.is_symlink()
    assert np.isfinite(open_recording(path).read_twelve()).all()

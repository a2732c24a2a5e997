"""Small files made to take minutes or gigabytes: endless definitions, elements, lines, leads."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from memory import peak_memory
from samples import documents, make_ecg, signal_files
from samples.dicom import dicom

from ecgview.errors import RecordingError
from ecgview.formats import find_recordings, open_recording
from ecgview.leads import LEADS

MOST_BYTES = 400_000_000
ECG = make_ecg(500)


def mfer_of_channels(folder: Path) -> Path:
    path = signal_files.mfer(folder, ECG)
    content = path.read_bytes().replace(b"\x05\x01\x08", b"\x05\x04" + struct.pack("<I", 4_000_000))
    path.write_bytes(content.replace(b"\x80\0", bytes(8_000_000) + b"\x80\0"))
    return path


def mfer_of_definitions(folder: Path) -> Path:
    path = signal_files.mfer(folder, ECG)
    content = path.read_bytes()
    path.write_bytes(content[:34] + b"\x16\0" * 300_000 + content[34:])
    return path


def mfer_of_nested_definitions(folder: Path) -> Path:
    path = signal_files.mfer(folder, ECG)
    content, inside = path.read_bytes(), b"\x16\0" * 300_000
    group = b"\x67\x84" + struct.pack(">I", len(inside)) + inside
    path.write_bytes(content[:34] + group + content[34:])
    return path


def dicom_of_elements(folder: Path) -> Path:
    path = dicom(folder, ECG)
    empty = [
        struct.pack("<HH2sH", 0x7FE1 + 2 * (n >> 12), 0x1000 | n & 0xFFF, b"LO", 0)
        for n in range(400_000)
    ]
    path.write_bytes(path.read_bytes() + b"".join(empty))
    return path


def dicom_of_items(folder: Path) -> Path:
    """Write a sequence of annotations, of which one million are empty."""
    path = dicom(folder, ECG)
    content, items = path.read_bytes(), struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 1_000_000
    sequence = struct.pack("<HH2sHI", 0x0040, 0xB020, b"SQ", 0, len(items)) + items
    at = content.index(struct.pack("<HH2s", 0x5400, 0x0100, b"SQ"))
    path.write_bytes(content[:at] + sequence + content[at:])
    return path


def text_of_lines(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(b"I,II\n" + b"1,\n" * 6_100_000)
    return folder / "a.csv"


def wfdb_of_signals(folder: Path) -> Path:
    (folder / "s.dat").write_bytes(bytes(400_000))
    (folder / "s.hea").write_text("s 100000 500 2\n" + "s.dat 16 1 I\n" * 100_000)
    return folder / "s.hea"


def wfdb_of_segments(folder: Path) -> Path:
    signal_files.wfdb(folder, ECG)
    (folder / "m.hea").write_text("m/30000 12 500 15000000\n" + "rec 500\n" * 30_000)
    return folder / "m.hea"


def edf_of_records(folder: Path) -> Path:
    """Write data records of one sample: a lead, and two letters of annotations."""
    head = bytearray(signal_files._edf(ECG, ("I",), b"0       ", "EDF+D", ()))
    head[256 + 2 * 216 : 256 + 2 * 224] = b"1       1       "
    head[236:244] = b"-1      "
    (folder / "r.edf").write_bytes(bytes(head) + bytes(4 * 1_100_000))
    return folder / "r.edf"


def xml_of_attributes(folder: Path) -> Path:
    path = documents.schiller(folder, ECG)
    attributes = " ".join(f'a{n}=""' for n in range(250_000))
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("<patdata>", f"<patdata {attributes}>"))
    return path


def xml_of_digits(folder: Path) -> Path:
    path = documents.aecg(folder, ECG)
    path.write_text(path.read_text().replace("<digits>", "<digits>" + "12 " * 6_000_000, 1))
    return path


def scp_of_samples(folder: Path) -> Path:
    """Announce two thousand million samples of lead V1."""
    path = signal_files.scp(folder, ECG)
    lead = struct.pack("<IIB", 1, 500, 3)
    content = path.read_bytes()
    assert lead in content
    path.write_bytes(content.replace(lead, struct.pack("<IIB", 1, 2**31, 3)))
    return path


def philips_of_leads(folder: Path) -> Path:
    path = documents.philips_plain(folder, ECG)
    count = "<numberchannelsallocated>12<"
    path.write_text(path.read_text().replace(count, count.replace("12", "4294967295")))
    return path


def npy_of_a_header(folder: Path) -> Path:
    (folder / "a.npy").write_bytes(b"\x93NUMPY\2\0\xff\xff\xff\xff" + bytes(1000))
    return folder / "a.npy"


SAID: dict[Callable[[Path], Path], str] = {
    mfer_of_channels: "more than 256 channels",
    mfer_of_definitions: "more than 200000 definitions",
    mfer_of_nested_definitions: "more than 200000 definitions",
    dicom_of_elements: "far more elements",
    dicom_of_items: "far more elements",
    text_of_lines: "6 million lines",
    wfdb_of_signals: "announces 100000 signals",
    wfdb_of_segments: "announces 30000 signals or segments",
    edf_of_records: "1100000 data records",
    xml_of_attributes: "more than 200000 elements",
    xml_of_digits: "larger than 16 MB",
    scp_of_samples: "2147483648 samples of a lead are announced",
    philips_of_leads: "more than 100 leads",
    npy_of_a_header: "a header of 4294967295 bytes",
}


@pytest.mark.parametrize("make", SAID, ids=lambda make: make.__name__)
def test_it_is_refused_without_work(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    with peak_memory() as rise, pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert re.search(SAID[make], caught.value.message)
    assert caught.value.hint
    assert rise[0] < MOST_BYTES


def test_a_sentence_stays_a_sentence(tmp_path: Path) -> None:
    path = documents.schiller(tmp_path, ECG)
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("<name>I</name>", f"<name>{'no lead ' * 9000}</name>"))
    open_recording(path)
    path.write_text(path.read_text().replace(">COMMASEPARATE<", f">{'x' * 9000}<"))
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert len(caught.value.message) <= 1000
    assert caught.value.message.endswith("is not known.")


def test_links_that_lie_in_a_folder_are_followed(tmp_path: Path) -> None:
    """Whoever put the link there may read what it leads to; a name in a file is another matter."""
    (tmp_path / "store").mkdir()
    (tmp_path / "here").mkdir()
    header = signal_files.wfdb(tmp_path / "store", ECG)
    (tmp_path / "here" / "rec.hea").write_bytes(header.read_bytes())
    (tmp_path / "here" / "rec.dat").symlink_to(tmp_path / "store" / "rec.dat")
    assert open_recording(tmp_path / "here" / "rec.hea").leads == LEADS


def test_links_in_a_circle_are_not_searched_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    header = signal_files.wfdb(tmp_path / "a", ECG)
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "itself.csv").symlink_to(tmp_path / "a" / "itself.csv")
    assert find_recordings([tmp_path]) == [header]
    with pytest.raises(RecordingError):
        open_recording(tmp_path / "a" / "itself.csv")

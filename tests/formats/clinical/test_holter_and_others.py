"""ISHNE Holter, MFER, AliveCor and Schiller: what is special about each."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from memory import peak_memory
from samples import make_ecg
from samples.documents import alivecor, schiller
from samples.signal_files import ishne, mfer

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LIMB_LEADS
from ecgview.recording import Recording

HEADER_BYTES = 522
N_LEADS_AT, CODES_AT, STEPS_AT, RATE_AT = 156, 158, 206, 272


def codes_of(recording: Recording) -> set[str]:
    return {warning.code for warning in recording.warnings}


def holter(folder: Path, changes: dict[int, bytes] | None = None) -> Path:
    path = ishne(folder, make_ecg())
    content = bytearray(path.read_bytes())
    for place, value in (changes or {}).items():
        content[place : place + len(value)] = value
    path.write_bytes(content)
    return path


def test_ishne_is_read_by_window(tmp_path: Path) -> None:
    recording = open_recording(holter(tmp_path))
    expected_mv = make_ecg().rows_mv(["V1", "I"])[:, 700:900]
    np.testing.assert_allclose(recording.read(["V1", "I"], 700, 900), expected_mv, atol=1e-6)


def test_ishne_scales_each_lead(tmp_path: Path) -> None:
    path = holter(tmp_path, {STEPS_AT: struct.pack("<3h", 500, 2000, 5000)})
    recording = open_recording(path)
    expected_mv = make_ecg().rows_mv(["I", "II", "V1"]) * np.array([[0.5], [2], [5]])
    np.testing.assert_allclose(recording.read(["I", "II", "V1"]), expected_mv, rtol=1e-6)
    assert recording.resolution_mv == pytest.approx(0.005)


def test_lost_contact_is_a_gap(tmp_path: Path) -> None:
    fault = struct.pack("<h", -32768)
    path = holter(tmp_path, {HEADER_BYTES + 2 * (3 * 100 + 1): fault})
    lead_mv = open_recording(path).read(["II"])[0]
    assert np.flatnonzero(np.isnan(lead_mv)).tolist() == [100]


def test_leads_that_are_only_bipolar_are_asked_for(tmp_path: Path) -> None:
    path = holter(tmp_path, {CODES_AT: struct.pack("<3h", 1, 0, 1)})
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    preview = caught.value.preview
    assert preview.missing == ("leads",)
    assert [column.name for column in preview.columns] == ["Lead 1", "Lead 2", "Lead 3"]
    assert preview.rate_hz == 500
    named = open_recording(path, options=ImportOptions(leads=("V5", "V1", "aVF")))
    assert named.kind == preview.kind
    np.testing.assert_allclose(named.read(["V5"]), make_ecg().rows_mv(["I"]), atol=1e-6)


def test_leads_without_a_scale_are_asked_for(tmp_path: Path) -> None:
    path = holter(tmp_path, {STEPS_AT: struct.pack("<3h", 0, 0, 0)})
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit="2000/mV"))
    np.testing.assert_allclose(recording.read(["II"]), make_ecg().rows_mv(["II"]) / 2, atol=1e-6)


def test_a_remark_before_the_samples(tmp_path: Path) -> None:
    path = holter(tmp_path)
    content = bytearray(path.read_bytes())
    remark = b"Fitted at night\0\0"
    content[10:14] = struct.pack("<i", len(remark))
    content[HEADER_BYTES:HEADER_BYTES] = remark
    path.write_bytes(content)
    recording = open_recording(path)
    assert recording.comments == ("Fitted at night",)
    np.testing.assert_allclose(recording.read(["V1"]), make_ecg().rows_mv(["V1"]), atol=1e-6)


def test_checksums_in_either_order_of_bytes(tmp_path: Path) -> None:
    import binascii

    content = holter(tmp_path).read_bytes()
    crc = binascii.crc_hqx(content[10:HEADER_BYTES], 0xFFFF)
    for stored, warned in ((struct.pack("<H", crc), False), (struct.pack(">H", crc), False)):
        recording = open_recording(holter(tmp_path, {8: stored}))
        assert ("checksum" in codes_of(recording)) == warned
    assert "checksum" in codes_of(open_recording(holter(tmp_path, {8: b"\1\1"})))


def test_a_file_cut_in_the_middle_of_a_sample(tmp_path: Path) -> None:
    path = holter(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    recording = open_recording(path)
    assert recording.n_samples == make_ecg().n_samples - 1
    assert "bent-format" in codes_of(recording)


@pytest.mark.parametrize(
    "changes",
    [
        {N_LEADS_AT: struct.pack("<h", 0)},
        {N_LEADS_AT: struct.pack("<h", 13)},
        {RATE_AT: struct.pack("<h", -1)},
        {10: struct.pack("<i", -4)},
        {10: struct.pack("<i", 2_000_000_000)},
    ],
)
def test_impossible_headers_are_refused(tmp_path: Path, changes: dict[int, bytes]) -> None:
    with pytest.raises(RecordingError) as caught:
        open_recording(holter(tmp_path, changes))
    assert caught.value.message.startswith("rec.ecg ")


def test_a_day_of_twelve_leads_takes_little_memory(tmp_path: Path) -> None:
    """The file is sparse: 24 h at 200 Hz, 415 MB."""
    path = holter(
        tmp_path,
        {
            N_LEADS_AT: struct.pack("<h", 12),
            CODES_AT: struct.pack("<12h", *range(5, 17)),
            STEPS_AT: struct.pack("<12h", *[1000] * 12),
            RATE_AT: struct.pack("<h", 200),
        },
    )
    with path.open("r+b") as file:
        file.truncate(HEADER_BYTES + 24 * 3600 * 200 * 12 * 2)
    with peak_memory() as rise:
        recording = open_recording(path)
        recording.read_twelve(10_000_000, 10_002_000)
    assert recording.duration_s == 24 * 3600
    assert rise[0] < 200_000_000


def test_a_file_cut_while_it_is_open(tmp_path: Path) -> None:
    path = holter(tmp_path)
    recording = open_recording(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(RecordingError, match="was cut since it was opened"):
        recording.read(["I"])


def test_the_enhanced_signal_of_alivecor_is_a_part(tmp_path: Path) -> None:
    path = alivecor(tmp_path, make_ecg())
    document = json.loads(path.read_text())
    raw = document["data"]["raw"]
    doubled = {lead: [2 * sample for sample in row] for lead, row in raw["samples"].items()}
    document["data"]["enhanced"] = raw | {"samples": doubled}
    path.write_text(json.dumps(document))
    recording = open_recording(path)
    assert recording.parts == ("rhythm", "enhanced")
    enhanced = open_recording(path, options=ImportOptions(part="enhanced"))
    np.testing.assert_allclose(enhanced.read(["II"]), 2 * recording.read(["II"]), atol=1e-6)
    assert recording.leads == LIMB_LEADS
    assert recording.device == "AliveCor KardiaMobile 6L"
    assert "normal" in recording.comments


def test_alivecor_without_a_resolution_is_asked_for(tmp_path: Path) -> None:
    path = alivecor(tmp_path, make_ecg())
    path.write_text(path.read_text().replace("amplitudeResolution", "somethingElse"))
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)


def test_twelve_leads_of_alivecor_are_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "kardia.json"
    path.write_text(json.dumps({"recordedAt": "2020-01-01T00:00:00Z", "data12L": {"leadI": [1]}}))
    with pytest.raises(RecordingError, match="Kardia 12L recordings are not supported") as caught:
        open_recording(path)
    assert str(tmp_path) not in str(caught.value)


def test_mfer_in_big_endian(tmp_path: Path) -> None:
    """Big-endian is what MFER assumes where nothing is said."""
    ecg, n = make_ecg(), make_ecg().n_samples
    leads = {"I": 1, "II": 2, "V5": 7}

    def item(tag: int, value: bytes) -> bytes:
        length = (
            bytes([len(value)]) if len(value) < 128 else b"\x84" + struct.pack(">I", len(value))
        )
        return bytes([tag]) + length + value

    content = item(0x40, b"MFR ".ljust(32))
    content += item(0x0B, b"\0\0" + struct.pack(">H", 500)) + item(0x0C, b"\0\xf9" + b"\0\x0a")
    content += item(0x04, struct.pack(">I", n)) + item(0x05, b"\3") + item(0x06, b"\1")
    for place, code in enumerate(leads.values()):
        content += b"\x3f" + bytes([place]) + b"\4" + item(0x09, struct.pack(">H", code))
    event = struct.pack(">Hii", 7, 250, 50) + b"button"
    content += item(0x41, event)
    content += item(0x1E, b"".join(ecg.lead_uv(lead).astype(">i2").tobytes() for lead in leads))
    (tmp_path / "rec.bin").write_bytes(content)
    recording = open_recording(tmp_path / "rec.bin")
    np.testing.assert_allclose(recording.read(tuple(leads)), ecg.rows_mv(tuple(leads)), atol=1e-6)
    assert [(mark.start_s, mark.duration_s, mark.text) for mark in recording.marks] == [
        (0.5, 0.1, "button")
    ]


def test_mfer_without_a_sensitivity_is_asked_for(tmp_path: Path) -> None:
    path = mfer(tmp_path, make_ecg())
    sensitivity = b"\x0c\4\0\xfa" + struct.pack("<H", 1)
    content = path.read_bytes()
    assert sensitivity in content
    path.write_bytes(content.replace(sensitivity, b""))
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)


def schiller_with(folder: Path, old: str, new: str) -> Path:
    path = schiller(folder, make_ecg())
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")
    return path


def test_schiller_averages_are_a_part(tmp_path: Path) -> None:
    path = schiller(tmp_path, make_ecg())
    text = path.read_text(encoding="utf-8-sig")
    rhythm = text[text.index("<wavedata>") : text.index("</wavedata>") + len("</wavedata>")]
    average = rhythm.replace("ECG_RHYTHMS", "ECG_AVERAGES").replace(">1.0<", ">2.0<")
    path.write_text(text.replace(rhythm, average + rhythm))
    recording = open_recording(path)
    assert (recording.parts, recording.part) == (("rhythm", "median beat"), "rhythm")
    median = open_recording(path, options=ImportOptions(part="median beat"))
    np.testing.assert_allclose(median.read(["V2"]), 2 * recording.read(["V2"]), atol=1e-6)


def test_schiller_units(tmp_path: Path) -> None:
    path = schiller_with(
        tmp_path, "<unitperbit>1.0</unitperbit><units>UV", "<unitperbit>0.002</unitperbit><units>MV"
    )
    recording = open_recording(path)
    np.testing.assert_allclose(recording.read(["V2"]), 2 * make_ecg().rows_mv(["V2"]), atol=1e-5)


def test_an_unknown_rate_or_unit_of_schiller_is_asked_for(tmp_path: Path) -> None:
    path = schiller_with(tmp_path, "<exponent>1</exponent>", "<exponent>2</exponent>")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("rate_hz",)
    assert open_recording(path, options=ImportOptions(rate_hz=500)).fs_hz == 500
    path = schiller_with(tmp_path, "<units>UV", "<units>BIT")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit="uV"))
    np.testing.assert_allclose(recording.read(["V2"]), make_ecg().rows_mv(["V2"]), atol=1e-6)


def test_a_lead_of_schiller_that_is_cut_short_ends_in_a_gap(tmp_path: Path) -> None:
    path = schiller(tmp_path, make_ecg())
    text = path.read_text(encoding="utf-8-sig")
    end = text.rindex("</data>")
    path.write_text(text[: text.rindex(",", 0, end)] + text[end:])
    recording = open_recording(path)
    assert np.isnan(recording.read(["V6"])[0, -1])
    assert np.isfinite(recording.read(["V5"])).all()
    assert "unequal-leads" in codes_of(recording)


@pytest.mark.parametrize(("old", "new"), [("COMMASEPARATE", "BASE64"), ("<data>", "<data>x,")])
def test_samples_of_schiller_that_are_not_numbers(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(RecordingError, match=r"schiller\.xml"):
        open_recording(schiller_with(tmp_path, old, new))


@pytest.mark.real_data
def test_the_real_file_of_schiller(data_dir: Path) -> None:
    recording = open_recording(data_dir / "formats/schiller.xml")
    assert (recording.fs_hz, recording.n_samples) == (500, 4998)
    assert recording.parts == ("rhythm", "median beat")
    assert recording.device == "Schiller AT-110"
    assert recording.started == "2006-05-02T14:06:10"
    assert recording.derived_leads == ()
    np.testing.assert_allclose(recording.read(["I"])[0, :3] * 1000, [-25, -65, -135], atol=1e-3)

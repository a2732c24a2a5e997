from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import wfdb

from ecgview.formats import open_recording
from ecgview.formats.wfdb import reader as wfdb_reader
from ecgview.leads import LEADS, LIMB_LEADS


def codes(recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


def decode_16(header: Path) -> np.ndarray:
    """Decode a 16-bit record by nothing but numpy, in mV, shape (signals, samples)."""
    lines = [line.split() for line in header.read_text().splitlines() if line and line[0] != "#"]
    n_samples, signals, files = int(lines[0][3]), [], {}
    for words in lines[1:]:
        files.setdefault(words[0], []).append(words)
    for name, group in files.items():
        offset = int(group[0][1].partition("+")[2] or 0)
        raw = np.frombuffer((header.parent / name).read_bytes()[offset:], dtype="<i2")
        raw = raw[: n_samples * len(group)].reshape(n_samples, len(group))
        for column, words in enumerate(group):
            gain, _, rest = words[2].partition("/")[0].partition("(")
            signals.append((raw[:, column] - float(rest.rstrip(")") or 0)) / float(gain))
    return np.array(signals)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "fs_hz", "n_samples", "n_channels"),
    [
        ("HR06000", 500, 5000, 12),
        ("JS00001", 500, 5000, 12),
        ("ludb_1", 500, 5000, 12),
        ("s0010_re", 1000, 38400, 15),
    ],
)
def test_real_records_equal_an_independent_decoding(
    data_dir: Path, name: str, fs_hz: float, n_samples: int, n_channels: int
) -> None:
    header = data_dir / "formats" / "wfdb" / f"{name}.hea"
    recording = open_recording(header)
    assert (recording.fs_hz, recording.n_samples) == (fs_hz, n_samples)
    assert len(recording.channels) == n_channels
    assert recording.leads == LEADS
    everything = recording.source.read(0, n_samples, range(n_channels))
    assert everything.dtype == np.float32
    np.testing.assert_allclose(everything, decode_16(header), rtol=1e-6, atol=1e-7)


@pytest.mark.real_data
@pytest.mark.parametrize("folder", ["ptb-xl/records500", "challenge-2011"])
def test_a_sample_of_each_data_set_equals_an_independent_decoding(
    data_dir: Path, folder: str
) -> None:
    headers = sorted((data_dir / folder).rglob("*.hea"))
    for header in headers[:: len(headers) // 15]:
        recording = open_recording(header)
        assert recording.leads == LEADS
        assert (recording.fs_hz, recording.n_samples) == (500, 5000)
        np.testing.assert_allclose(recording.read(LEADS), decode_16(header), rtol=1e-6, atol=1e-7)


@pytest.mark.real_data
def test_first_samples_of_ptb_xl_are_the_initial_values_of_the_header(data_dir: Path) -> None:
    recording = open_recording(data_dir / "ptb-xl/records500/00000/00034_hr")
    assert recording.read(("I", "II"), 0, 1).tolist() == [
        [np.float32(0.935)],
        [np.float32(0.270)],
    ]
    assert recording.resolution_mv == 0.001
    assert "limb-identity" not in codes(recording)


@pytest.mark.real_data
def test_frank_leads_are_kept_from_their_own_file(data_dir: Path) -> None:
    recording = open_recording(data_dir / "formats/wfdb/s0010_re.xyz")
    assert recording.other_channels == ("vx", "vy", "vz")
    assert codes(recording) == ["other-channels"]
    assert recording.patient.age == "81"
    assert recording.patient.sex == "female"
    vx_mv = recording.source.read(0, 1, [12])[0, 0]
    assert vx_mv == pytest.approx(-3 / 2000)


@pytest.mark.real_data
def test_wrong_gains_of_ludb_are_told(data_dir: Path) -> None:
    recording = open_recording(data_dir / "formats/wfdb/ludb_1.hea")
    (warning,) = recording.warnings
    assert warning.code == "limb-identity"
    assert "III differs from II - I by up to 363 uV" in warning.message
    assert warning.suggestion is not None
    assert warning.suggestion.unit == "1000/mV"


@pytest.mark.parametrize(
    ("unit", "gain", "mv_per_step"),
    [
        ("mV", 1000, 1e-3),
        ("mv", 1000, 1e-3),
        ("uV", 0.5, 2e-3),
        ("µV", 0.5, 2e-3),
        ("μV", 0.5, 2e-3),
        ("V", 200_000, 5e-3),
        ("nV", 0.001, 1e-3),
    ],
)
def test_units_become_millivolts(write_record, wave, unit, gain, mv_per_step) -> None:
    recording = open_recording(write_record(wave, units=unit, gains=gain))
    np.testing.assert_allclose(recording.read(("I", "II")), wave * mv_per_step, rtol=1e-6)
    assert recording.resolution_mv == pytest.approx(mv_per_step)


def test_a_signal_that_is_no_voltage_is_kept_in_its_own_unit(write_record, wave) -> None:
    header = write_record(wave, names=("I", "ART"), units=("mV", "mmHg"), gains=(1000, 10))
    recording = open_recording(header)
    assert recording.leads == ("I",)
    assert recording.channels[1].unit == "mmHg"
    np.testing.assert_allclose(recording.source.read(0, 9, [1])[0], wave[1, :9] / 10, rtol=1e-6)
    assert codes(recording) == ["other-channels"]


def test_a_lead_in_an_unknown_unit_is_left_out_and_named(write_record, wave) -> None:
    recording = open_recording(write_record(wave, units=("mV", "adu")))
    assert recording.leads == ("I",)
    (warning,) = recording.warnings
    assert warning.code == "unknown-unit"
    assert "II (adu)" in warning.message


def test_lead_names_are_normalised_and_the_second_of_a_name_is_not_used(write_record) -> None:
    steps = np.outer([1, 3, 2], np.arange(1000) - 500)
    recording = open_recording(write_record(steps, names=("Lead I", "MLII", "ii")))
    measured = [channel.lead for channel in recording.channels if not channel.derived]
    assert measured == ["I", "II", None]
    assert recording.derived_leads == ("III", "aVR", "aVL", "aVF")
    assert recording.other_channels == ("ii",)
    assert recording.read(("II",))[0, 0] == pytest.approx(-1.5)
    assert codes(recording) == ["duplicate-lead", "completed"]


def test_invalid_samples_are_gaps(write_record, wave) -> None:
    wave[1, 100:200] = -32768
    recording = open_recording(write_record(wave))
    assert np.flatnonzero(np.isnan(recording.read(("II",))[0])).tolist() == list(range(100, 200))
    assert not np.isnan(recording.read(("I",))).any()
    assert codes(recording) == ["completed", "gap"]


def test_one_lead_is_a_recording(write_record, wave) -> None:
    recording = open_recording(write_record(wave[:1], names=("V3",)))
    assert recording.leads == ("V3",)
    assert recording.warnings == ()


@pytest.mark.parametrize("name", ["rec.hea", "rec.dat", "rec"])
def test_a_record_opens_by_header_signal_file_or_name(write_record, wave, name) -> None:
    folder = write_record(wave).parent
    recording = open_recording(str(folder / name))
    assert recording.path == folder / "rec.hea"
    assert recording.name == "rec"


def test_a_length_left_to_the_signal_file_is_counted(write_record, wave) -> None:
    assert open_recording(write_record(wave, length="")).n_samples == 1000
    assert open_recording(write_record(wave, length="0")).n_samples == 1000


def test_defaults_of_the_format_are_told(write_record, wave) -> None:
    header = write_record(wave, fs="", length="", gains=(1000, 0))
    recording = open_recording(header)
    assert recording.fs_hz == 250
    assert codes(recording) == ["default-rate", "default-gain", "completed"]
    np.testing.assert_allclose(recording.read(("II",))[0], wave[1] / 200, rtol=1e-6)


# Signal formats: bytes made here from the published layout, or by wfdb where it can write them.


def encode_8(frames: np.ndarray) -> bytes:
    return np.diff(frames, axis=0, prepend=0).astype(np.int8).tobytes()


def encode_310(frames: np.ndarray) -> bytes:
    first, second, third = frames.reshape(-1, 3).astype(np.int64).T & 0x3FF
    low = (first << 1) | ((third & 0x1F) << 11)
    high = (second << 1) | ((third >> 5) << 11)
    return np.stack([low, high], axis=1).astype("<u2").tobytes()


def encode_311(frames: np.ndarray) -> bytes:
    first, second, third = frames.reshape(-1, 3).astype(np.int64).T & 0x3FF
    return (first | (second << 10) | (third << 20)).astype("<u4").tobytes()


ENCODERS = {
    "8": encode_8,
    "61": lambda frames: frames.astype(">i2").tobytes(),
    "80": lambda frames: (frames + 128).astype(np.uint8).tobytes(),
    "160": lambda frames: (frames + 32768).astype("<u2").tobytes(),
    "310": encode_310,
    "311": encode_311,
}


@pytest.mark.parametrize("fmt", ENCODERS)
def test_rare_signal_formats(tmp_path: Path, fmt: str) -> None:
    slow = np.arange(600) / 40
    frames = np.rint(np.stack([90 * np.sin(slow), 60 * np.cos(slow)], axis=1)).astype(int)
    (tmp_path / "r.dat").write_bytes(ENCODERS[fmt](frames))
    (tmp_path / "r.hea").write_text(
        f"r 2 250 600\nr.dat {fmt} 100 12 0 0 0 0 I\nr.dat {fmt} 100 12 0 0 0 0 II\n"
    )
    recording = open_recording(tmp_path / "r.hea")
    np.testing.assert_allclose(recording.read(("I", "II")), frames.T / 100, rtol=1e-6)


@pytest.mark.parametrize("fmt", ["16", "24", "32", "80", "212", "508", "516", "524"])
@pytest.mark.parametrize("n_samples", [601, 602])
def test_formats_that_wfdb_writes(tmp_path: Path, fmt: str, n_samples: int) -> None:
    slow = np.arange(n_samples) / 40
    frames = np.rint(np.stack([90 * np.sin(slow), 60 * np.cos(slow)], axis=1)).astype(int)
    wfdb.wrsamp(
        "r",
        fs=250,
        units=["mV"] * 2,
        sig_name=["I", "V2"],
        d_signal=frames,
        fmt=[fmt] * 2,
        adc_gain=[100.0] * 2,
        baseline=[3, 0],
        write_dir=str(tmp_path),
    )
    recording = open_recording(tmp_path / "r.hea")
    expected_mv = (frames - [3, 0]).T / 100
    np.testing.assert_allclose(recording.read(("I", "V2")), expected_mv, rtol=1e-6, atol=1e-9)
    assert recording.resolution_mv == pytest.approx(0.01)


def test_signals_of_several_rates_come_at_the_rate_of_the_leads(tmp_path: Path) -> None:
    lead, pressure = np.arange(40), np.arange(10)
    frames = np.column_stack([lead.reshape(10, 4), pressure]).astype("<i2")
    (tmp_path / "r.dat").write_bytes(frames.tobytes())
    (tmp_path / "r.hea").write_text(
        "r 2 125 10\nr.dat 16x4 100 16 0 0 0 0 II\nr.dat 16 1/mmHg 16 0 0 0 0 ART\n"
    )
    recording = open_recording(tmp_path / "r.hea")
    assert (recording.fs_hz, recording.n_samples) == (500, 40)
    np.testing.assert_allclose(recording.read(("II",))[0], lead / 100, rtol=1e-6)
    held = recording.source.read(0, 40, [1])[0]
    assert held.tolist() == np.repeat(pressure, 4).tolist()
    assert "mixed-rates" in codes(recording)


def test_windows_of_several_rates_need_not_start_at_a_frame(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(wfdb_reader, "SAMPLES_IN_MEMORY", 0)
    lead = np.arange(40)
    (tmp_path / "r.dat").write_bytes(lead.astype("<i2").tobytes())
    (tmp_path / "r.hea").write_text("r 1 125 10\nr.dat 16x4 100 16 0 0 0 0 II\n")
    recording = open_recording(tmp_path / "r.hea")
    for start, stop in [(0, 40), (3, 5), (4, 4), (39, 40), (7, 33)]:
        np.testing.assert_allclose(
            recording.read(("II",), start, stop)[0], lead[start:stop] / 100, rtol=1e-6
        )


def test_skewed_signals_are_aligned(tmp_path: Path) -> None:
    wave = np.arange(50)
    frames = np.stack([wave, np.roll(wave, 2)], axis=1).astype("<i2")
    (tmp_path / "r.dat").write_bytes(frames.tobytes())
    (tmp_path / "r.hea").write_text(
        "r 2 250 50\nr.dat 16 100 16 0 0 0 0 I\nr.dat 16:2 100 16 0 0 0 0 V1\n"
    )
    first, second = open_recording(tmp_path / "r.hea").read(("I", "V1"))
    np.testing.assert_allclose(second[:48], first[:48])
    assert np.isnan(second[48:]).all()


def write_segment(folder: Path, name: str, signals: dict[str, np.ndarray], gain: str) -> None:
    frames = np.stack(list(signals.values()), axis=1).astype("<i2")
    (folder / f"{name}.dat").write_bytes(frames.tobytes())
    lines = [f"{name} {len(signals)} 250 {len(frames)}"]
    lines += [f"{name}.dat 16 {gain} 16 0 0 0 0 {signal}" for signal in signals]
    (folder / f"{name}.hea").write_text("\n".join(lines) + "\n")


def write_variable_layout(folder: Path) -> tuple[Path, np.ndarray]:
    """Write a record whose second segment lacks V1, whose third is a gap; give it in mV."""
    ramp = np.arange(1, 101)
    (folder / "m_layout.hea").write_text(
        "m_layout 2 250 0\n~ 0 0 0 0 0 0 0 II\n~ 0 0 0 0 0 0 0 V1\n"
    )
    write_segment(folder, "m_1", {"V1": ramp, "II": -ramp}, "100/mV")
    write_segment(folder, "m_2", {"II": 2 * ramp}, "0.1/uV")
    write_segment(folder, "m_3", {"II": 3 * ramp, "V1": 4 * ramp}, "1000/mV")
    (folder / "m.hea").write_text(
        "m/5 2 250 350\nm_layout 0\nm_1 100\nm_2 100\n~ 50\nm_3 100\n# Age: 60\n"
    )
    gap, half = np.full(100, np.nan), np.full(50, np.nan)
    two = np.concatenate([-ramp / 100, 2 * ramp / 100, half, 3 * ramp / 1000])
    chest = np.concatenate([ramp / 100, gap, half, 4 * ramp / 1000])
    return folder / "m.hea", np.stack([two, chest])


@pytest.mark.parametrize("in_memory", [True, False])
def test_segments_of_a_variable_layout(tmp_path: Path, monkeypatch, in_memory: bool) -> None:
    if not in_memory:
        monkeypatch.setattr(wfdb_reader, "SAMPLES_IN_MEMORY", 0)
    header, expected_mv = write_variable_layout(tmp_path)
    recording = open_recording(header)
    assert recording.leads == ("II", "V1")
    assert recording.patient.age == "60"
    for start, stop in [(0, 350), (90, 110), (199, 251), (210, 240), (349, 350)]:
        np.testing.assert_allclose(
            recording.read(("II", "V1"), start, stop), expected_mv[:, start:stop], rtol=1e-6
        )
    assert "gap" in codes(recording)


def test_segments_of_a_variable_layout_equal_wfdb(tmp_path: Path) -> None:
    header, _ = write_variable_layout(tmp_path)
    theirs = wfdb.rdrecord(str(header.with_suffix(""))).p_signal.T
    theirs[0, 100:200] /= 1000  # wfdb does not convert the uV of the second segment
    np.testing.assert_allclose(open_recording(header).read(("II", "V1")), theirs, rtol=1e-6)


def test_segments_of_a_fixed_layout(tmp_path: Path) -> None:
    ramp = np.arange(100)
    write_segment(tmp_path, "f_1", {"I": ramp, "II": ramp + 5}, "100/mV")
    write_segment(tmp_path, "f_2", {"I": 2 * ramp, "II": 2 * ramp + 5}, "50/mV")
    (tmp_path / "f.hea").write_text("f/2 2 250 200\nf_1 100\nf_2 100\n")
    recording = open_recording(tmp_path / "f.hea")
    both_mv = np.concatenate([ramp / 100, 2 * ramp / 50])
    np.testing.assert_allclose(recording.read(("I",))[0], both_mv, rtol=1e-6)
    assert recording.n_samples == 200
    assert recording.resolution_mv == pytest.approx(0.01)


@pytest.mark.real_data
def test_windows_of_a_long_record_equal_the_whole(data_dir: Path, monkeypatch) -> None:
    header = data_dir / "formats/wfdb/s0010_re.hea"
    whole = open_recording(header)
    monkeypatch.setattr(wfdb_reader, "SAMPLES_IN_MEMORY", 0)
    lazy = open_recording(header)
    assert type(lazy.source) is not type(whole.source)
    channels = [14, 0, 11]
    for start, stop in [(0, 1), (1234, 5678), (38399, 38400)]:
        np.testing.assert_array_equal(
            lazy.source.read(start, stop, channels), whole.source.read(start, stop, channels)
        )
    np.testing.assert_array_equal(lazy.read(LIMB_LEADS), whole.read(LIMB_LEADS))

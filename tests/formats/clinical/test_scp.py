"""SCP-ECG: every way to pack samples, and every way to bend the file that is known."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from scp_files import (
    DEFAULT_CODE,
    EIGHT,
    definitions,
    file_of,
    leads_uv,
    packed,
    plain_sections,
    section,
    tags,
)

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LEADS
from ecgview.recording import Recording


def opened(folder: Path, content: bytes, options: ImportOptions | None = None) -> Recording:
    path = folder / "rec.scp"
    path.write_bytes(content)
    return open_recording(path, options=options)


def eight_uv(recording: Recording) -> np.ndarray:
    return recording.read(tuple(EIGHT)) * 1000


def codes_of(recording: Recording) -> set[str]:
    return {warning.code for warning in recording.warnings}


def messages_of(recording: Recording) -> str:
    return " ".join(warning.message for warning in recording.warnings)


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_all_packings_give_the_same_samples(tmp_path: Path, order: int, coded: bool) -> None:
    rows = leads_uv()
    sections = plain_sections(rows)
    if coded:
        sections[2] = section(2, DEFAULT_CODE)
    sections[6] = section(6, packed(rows, order=order, coded=coded))
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert recording.leads == LEADS
    assert recording.derived_leads == ("III", "aVR", "aVL", "aVF")
    assert "bent-format" not in codes_of(recording)
    assert (recording.patient.name, recording.patient.sex) == ("Example", "female")


def test_a_multiplier_of_nanovolts(tmp_path: Path) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | {6: section(6, packed(rows, nv=2500))}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows * 2.5, atol=0.01)
    assert recording.resolution_mv == pytest.approx(0.0025)


@pytest.mark.parametrize(("interval_us", "rate_hz"), [(1667, 600), (4000, 250), (3000, 1e6 / 3000)])
def test_rates_that_are_no_whole_microseconds(
    tmp_path: Path, interval_us: int, rate_hz: float
) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | {6: section(6, packed(rows, interval_us=interval_us))}
    assert opened(tmp_path, file_of(sections)).fs_hz == pytest.approx(rate_hz, abs=1e-9)


BEATS = ((101, 201, 301), (451, 551, 651))
"""First, fiducial and last sample of two beats, from 1."""


def beat_sections(flags: int, zones: bool) -> tuple[dict[int, bytes], np.ndarray]:
    """Write reference beats of 201 samples; give the sections and the beats, shape (8, 201)."""
    beats = leads_uv(201, seed=1) // 4
    rows = [struct.pack("<HIII", 0, *each) for each in BEATS]
    rows += [struct.pack("<II", first, last) for first, _, last in BEATS] if zones else []
    sections = {
        1: section(1, tags((2, b"P-1\0"))),
        2: section(2, DEFAULT_CODE),
        3: section(3, definitions(1000, flags=flags)),
        4: section(4, struct.pack("<HHH", 402, 101, len(BEATS)) + b"".join(rows)),
        5: section(5, packed(list(beats), order=1, coded=True)),
    }
    return sections, beats


def test_reference_beats_are_added_again(tmp_path: Path) -> None:
    rows = leads_uv()
    sections, beats = beat_sections(flags=5, zones=False)
    residuals = rows.copy()
    for first, _, last in BEATS:
        residuals[:, first - 1 : last] -= beats
    sections[6] = section(6, packed(list(residuals), order=2, coded=True))
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert [(mark.start_s, mark.text) for mark in recording.marks] == [(0.4, "QRS"), (1.1, "QRS")]
    assert recording.parts == ("rhythm", "median beat")
    median = opened(tmp_path, file_of(sections), ImportOptions(part="median beat"))
    np.testing.assert_allclose(eight_uv(median), beats, atol=0.01)
    assert median.marks == ()


def thinned(row: np.ndarray, factor: int) -> np.ndarray:
    """Keep the mean of every `factor` samples outside the beats, as bimodal compression does."""
    pieces, at = [], 0
    for first, last in [*((first - 1, last) for first, _, last in BEATS), (len(row), len(row))]:
        n_whole = (first - at) // factor
        pieces.append(row[at : at + n_whole * factor].reshape(-1, factor).mean(axis=1))
        pieces.append(row[at + n_whole * factor : last])
        at = last
    return np.rint(np.concatenate(pieces)).astype(np.int64)


@pytest.mark.parametrize("subtracted", [False, True])
def test_bimodal_compression(tmp_path: Path, subtracted: bool) -> None:
    """Between the beats a slow wave comes back by straight lines, in them every sample."""
    time = np.arange(1000) / 500
    rows = np.rint([400 * np.sin(2 * time + lead) for lead in range(8)]).astype(np.int64)
    sections, beats = beat_sections(flags=5 if subtracted else 4, zones=True)
    residuals = rows.copy()
    for first, _, last in BEATS:
        rows[:, first - 1 : last] += beats
        if not subtracted:
            residuals[:, first - 1 : last] += beats
    stored = [thinned(row, 4) for row in residuals]
    assert len(stored[0]) < 650
    sections[6] = section(6, packed(stored, order=1, coded=True, interval_us=8000, flag=1))
    recording = opened(tmp_path, file_of(sections))
    assert recording.fs_hz == 500
    assert recording.n_samples == 1000
    off_uv = np.abs(eight_uv(recording) - rows)
    for first, _, last in BEATS:
        assert off_uv[:, first - 1 : last].max() < 0.01
    assert off_uv.max() < 4
    assert "bimodal" in messages_of(recording)


def test_samples_counted_from_nought(tmp_path: Path) -> None:
    rows = leads_uv()
    content = definitions(rows.shape[1] + 1, start=0)
    sections = plain_sections(rows) | {3: section(3, content)}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "counted from 0" in messages_of(recording)


def test_more_samples_announced_than_there_are(tmp_path: Path) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | {3: section(3, definitions(1500))}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "1500 samples a lead are announced, 1000 are there" in messages_of(recording)


def test_a_number_of_samples_far_from_the_announced_is_refused(tmp_path: Path) -> None:
    """Perhaps they are packed in a way of their own: read as they stand, they would be noise."""
    sections = plain_sections(leads_uv()) | {3: section(3, definitions(30_000))}
    with pytest.raises(RecordingError, match="30000 samples of a lead are announced, 1000 are"):
        opened(tmp_path, file_of(sections))


def test_numbers_in_the_other_order_of_bytes_are_refused(tmp_path: Path) -> None:
    content = bytes([1, 4 | 1 << 3]) + struct.pack(">II", 1, 1000) + b"\2"
    rows = leads_uv()[:1]
    sections = plain_sections(leads_uv()) | {3: section(3, content), 6: section(6, packed(rows))}
    with pytest.raises(RecordingError, match="bytes in the other order, as Healforce has them"):
        opened(tmp_path, file_of(sections))


@pytest.mark.parametrize("shift", [-5, 5, 12])
def test_sections_that_stand_elsewhere(tmp_path: Path, shift: int) -> None:
    """An anonymiser changed the length of section 1 and nothing else."""
    rows = leads_uv()
    recording = opened(tmp_path, file_of(plain_sections(rows), shift=shift))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "Sections 3, 6 stand elsewhere than the file says" in messages_of(recording)


def test_a_section_that_is_not_listed(tmp_path: Path) -> None:
    rows = leads_uv()
    recording = opened(tmp_path, file_of(plain_sections(rows), unlisted=[6]))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "Section 6 is missing in the list of sections" in messages_of(recording)


def test_a_wrong_checksum_is_said(tmp_path: Path) -> None:
    rows = leads_uv()
    content = bytearray(file_of(plain_sections(rows)))
    content[0] ^= 0x55
    recording = opened(tmp_path, bytes(content))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "checksum" in codes_of(recording)


@pytest.mark.parametrize("size", [0, 300, 60_000, 2**32 - 1])
def test_a_wrong_record_size(tmp_path: Path, size: int) -> None:
    rows = leads_uv()
    content = bytearray(file_of(plain_sections(rows)))
    content[2:6] = struct.pack("<I", size)
    np.testing.assert_allclose(eight_uv(opened(tmp_path, bytes(content))), rows, atol=0.01)


def test_bytes_behind_the_record(tmp_path: Path) -> None:
    rows = leads_uv()
    recording = opened(tmp_path, file_of(plain_sections(rows)) + bytes(100))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "bent-format" not in codes_of(recording)


def test_huffman_tables_that_are_not_used(tmp_path: Path) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | {2: section(2, DEFAULT_CODE)}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert "not coded" in messages_of(recording)


@pytest.mark.parametrize("coded", [False, True])
def test_a_file_cut_short_keeps_its_whole_leads(tmp_path: Path, coded: bool) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | ({2: section(2, DEFAULT_CODE)} if coded else {})
    sections[6] = section(6, packed(rows, order=1, coded=coded))
    content = file_of(sections)
    lost = len(packed(rows[6:], order=1, coded=coded)) - 6 - 4
    recording = opened(tmp_path, content[: len(content) - lost - 101])
    # Of V4, samples that are not coded can be had up to where the file ends.
    assert recording.leads == (LEADS[:9] if coded else LEADS[:10])
    samples_uv = recording.read(tuple(EIGHT)[:5]) * 1000
    np.testing.assert_allclose(samples_uv, rows[:5], atol=0.01)
    if not coded:
        fourth_uv = recording.read(["V4"])[0] * 1000
        n_left = int(np.isfinite(fourth_uv).sum())
        assert 900 < n_left < 1000
        np.testing.assert_allclose(fourth_uv[:n_left], rows[5, :n_left], atol=0.01)
    assert "cut short" in messages_of(recording)


def test_a_broken_section_of_findings_costs_only_the_findings(tmp_path: Path) -> None:
    rows = leads_uv()
    sections = plain_sections(rows) | {7: section(7, b"\xff\xff\0\0\0\0")}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert recording.patient.identifier == "P-1"
    assert "Sections 7 cannot be read" in messages_of(recording)


def test_an_overlong_value_in_section_1_costs_only_that_value(tmp_path: Path) -> None:
    """As where REMOVED was written over a height of three bytes."""
    rows = leads_uv()
    broken = struct.pack("<BH", 6, 3) + b"REMOVED\0"
    patient = tags((2, b"P-9\0"))[:-3] + broken + tags((8, b"\1"), (25, b"\xe1\x07\5\4"))
    sections = plain_sections(rows) | {1: section(1, patient)}
    recording = opened(tmp_path, file_of(sections))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    assert recording.patient.identifier == "P-9"
    assert recording.patient.sex == "male"


def test_leads_without_a_multiplier_are_asked_for(tmp_path: Path) -> None:
    rows = leads_uv()
    content = file_of(plain_sections(rows) | {6: section(6, packed(rows, nv=0))})
    with pytest.raises(NeedsOptions) as caught:
        opened(tmp_path, content)
    assert caught.value.preview.missing == ("unit",)
    recording = opened(tmp_path, content, ImportOptions(unit="uV"))
    np.testing.assert_allclose(eight_uv(recording), rows, atol=0.01)
    half = opened(tmp_path, content, ImportOptions(unit="2000/mV"))
    np.testing.assert_allclose(eight_uv(half), rows / 2, atol=0.01)


def test_leads_recorded_one_after_the_other(tmp_path: Path) -> None:
    """Four leads of the first second, four of the second: the rest is a gap, not zero."""
    rows = leads_uv(500)
    starts = [1] * 4 + [501] * 4
    content = bytes([8, 4 << 3]) + b"".join(
        struct.pack("<IIB", start, start + 499, code)
        for start, code in zip(starts, EIGHT.values(), strict=True)
    )
    recording = opened(tmp_path, file_of(plain_sections(rows) | {3: section(3, content)}))
    samples_uv = eight_uv(recording)
    np.testing.assert_allclose(samples_uv[:4, :500], rows[:4], atol=0.01)
    np.testing.assert_allclose(samples_uv[4:, 500:], rows[4:], atol=0.01)
    assert np.isnan(samples_uv[:4, 500:]).all()
    assert np.isnan(samples_uv[4:, :500]).all()
    assert "unequal-leads" in codes_of(recording)


def test_leads_absurdly_far_apart_are_refused(tmp_path: Path) -> None:
    rows = leads_uv()
    content = bytes([8, 4 << 3]) + b"".join(
        struct.pack("<IIB", start, start + 999, code)
        for start, code in zip([1] * 7 + [4_000_000_000], EIGHT.values(), strict=True)
    )
    with pytest.raises(RecordingError, match="far apart"):
        opened(tmp_path, file_of(plain_sections(rows) | {3: section(3, content)}))


def test_a_lead_of_another_kind_is_kept_beside_the_twelve(tmp_path: Path) -> None:
    rows = leads_uv()
    codes = (1, 2, 11, 4, 9, 6, 200, 8)
    sections = plain_sections(rows) | {3: section(3, definitions(1000, codes))}
    recording = opened(tmp_path, file_of(sections))
    assert recording.other_channels == ("V3R", "V7", "Lead200")
    assert "V3" not in recording.leads


def test_a_file_without_rhythm_says_so(tmp_path: Path) -> None:
    sections = plain_sections(leads_uv())
    del sections[6]
    with pytest.raises(RecordingError, match=r"rec\.scp cannot be read as SCP-ECG: .*Section 6"):
        opened(tmp_path, file_of(sections))


def test_a_part_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="has no part “median beat”"):
        opened(tmp_path, file_of(plain_sections(leads_uv())), ImportOptions(part="median beat"))


@pytest.mark.real_data
def test_the_raw_file_of_1000_hz(data_dir: Path) -> None:
    """Samples from 0 to 10000 are announced, 10000 are there; all checksums hold."""
    recording = open_recording(data_dir / "formats/scp_raw_1000hz.scp")
    assert (recording.fs_hz, recording.n_samples) == (1000, 10_000)
    assert "counted from 0" in messages_of(recording)
    assert "checksum" not in codes_of(recording)
    content = (data_dir / "formats/scp_raw_1000hz.scp").read_bytes()
    steps = np.frombuffer(content, "<i2", 80_000, len(content) - 160_000).reshape(8, -1)
    np.testing.assert_allclose(eight_uv(recording), steps * 0.183, atol=1e-3)


@pytest.mark.real_data
def test_the_file_whose_sections_are_displaced(data_dir: Path) -> None:
    """Somebody put REMOVED over three bytes of section 1: all else, checksums too, is whole."""
    recording = open_recording(data_dir / "formats/scp_malformed.scp")
    assert (recording.fs_hz, recording.n_samples) == (600, 6000)
    assert "Sections 2, 3, 4, 5, 6, 7, 8, 10 stand elsewhere" in messages_of(recording)
    assert "(+5 bytes)" in messages_of(recording)
    assert "The checksum does not match in section 1." in messages_of(recording)
    assert recording.started == "2017-05-04T16:35:07"
    assert recording.device == "Welch Allyn Cardio Control MDW14"
    spread_mv = np.ptp(recording.read(LEADS), axis=1)
    assert spread_mv.min() > 0.2
    assert spread_mv.max() < 2

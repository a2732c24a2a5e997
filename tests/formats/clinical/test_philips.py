"""Philips' Sierra XML: its pulse, its versions, its encodings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from samples import make_ecg
from samples.documents import philips, philips_plain
from samples.ecg import Ecg

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LEADS
from ecgview.recording import Recording

PULSE_UV = np.concatenate([np.zeros(60), np.full(100, 1000), np.zeros(40)])


def with_pulse(ecg: Ecg) -> Ecg:
    return Ecg(np.hstack([ecg.steps_uv, np.tile(PULSE_UV, (12, 1))]).astype(np.int16))


def codes_of(recording: Recording) -> set[str]:
    return {warning.code for warning in recording.warnings}


@pytest.mark.parametrize("make", [philips, philips_plain], ids=["XLI", "plain"])
def test_the_calibration_pulse_is_cut_and_said(
    tmp_path: Path, make: Callable[[Path, Ecg], Path]
) -> None:
    ecg = make_ecg()
    recording = open_recording(make(tmp_path, with_pulse(ecg)))
    assert recording.n_samples == ecg.n_samples
    np.testing.assert_allclose(recording.read(LEADS), ecg.signals_mv, atol=1e-6)
    notes = [each for each in recording.warnings if each.code == "calibration-pulse"]
    assert [each.is_note for each in notes] == [True]
    assert "The last 0.40 s" in notes[0].message


def test_a_file_without_a_pulse_keeps_its_end(tmp_path: Path) -> None:
    ecg = make_ecg()
    recording = open_recording(philips(tmp_path, ecg))
    assert recording.n_samples == ecg.n_samples
    assert "calibration-pulse" not in codes_of(recording)


def changed(folder: Path, old: str, new: str, encoding: str = "utf-8") -> Path:
    path = philips_plain(folder, make_ecg())
    text = path.read_text()
    assert old in text
    path.write_bytes(text.replace(old, new).encode(encoding))
    return path


def test_a_later_version_is_read_as_the_newest_known_and_said(tmp_path: Path) -> None:
    path = changed(tmp_path, "<documentversion>1.03<", "<documentversion>1.04.07<")
    recording = open_recording(path)
    np.testing.assert_allclose(recording.read(LEADS), make_ecg().signals_mv, atol=1e-6)
    messages = [each.message for each in recording.warnings]
    assert "Version 1.04.07 of the format is read as version 1.04.02." in messages


def test_another_version_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "<documentversion>1.03<", "<documentversion>2.0<")
    with pytest.raises(RecordingError, match=r"SierraECG 2\.0 are unsupported"):
        open_recording(path)


def test_utf_16(tmp_path: Path) -> None:
    path = changed(tmp_path, 'encoding="UTF-8"', 'encoding="UTF-16"', "utf-16")
    assert open_recording(path).format_name == "Philips XML"
    np.testing.assert_allclose(open_recording(path).read(LEADS), make_ecg().signals_mv, atol=1e-6)


def test_a_namespace_prefix(tmp_path: Path) -> None:
    path = philips_plain(tmp_path, make_ecg())
    text = re.sub(r"<(/?)(?=[a-z])", r"<\1p:", path.read_text()).replace("xmlns=", "xmlns:p=")
    path.write_text(text)
    np.testing.assert_allclose(open_recording(path).read(LEADS), make_ecg().signals_mv, atol=1e-6)


def test_lower_case_base64(tmp_path: Path) -> None:
    path = changed(tmp_path, 'dataencoding="Base64"', 'dataencoding="base64"')
    assert open_recording(path).leads == LEADS


def test_median_beats_that_cannot_be_read_cost_only_themselves(tmp_path: Path) -> None:
    beats = '<repbeats dataencoding="Huffman"><repbeat leadname="I">AAAA</repbeat></repbeats>'
    recording = open_recording(changed(tmp_path, "</waveforms>", f"{beats}</waveforms>"))
    assert recording.leads == LEADS
    assert recording.parts == ()
    assert "bent-format" in codes_of(recording)


def test_an_unstated_resolution_is_asked_for(tmp_path: Path) -> None:
    path = changed(tmp_path, "<signalresolution>1</signalresolution>", "")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit="uV"))
    np.testing.assert_allclose(recording.read(LEADS), make_ecg().signals_mv, atol=1e-6)


def test_damaged_base64_is_refused(tmp_path: Path) -> None:
    path = philips_plain(tmp_path, make_ecg())
    text = path.read_text()
    middle = text.index("nbitspersample") + 1000
    path.write_text(text[:middle] + "*#*" + text[middle:])
    with pytest.raises(RecordingError, match="Base64"):
        open_recording(path)


def test_cut_compressed_data_is_refused(tmp_path: Path) -> None:
    path = philips(tmp_path, make_ecg())
    start, end = path.read_text().split("</parsedwaveforms>")
    path.write_text(start[: -4 * (len(start) // 16)] + "</parsedwaveforms>" + end)
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert caught.value.message.startswith("philips.xml cannot be read as Philips XML: ")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "n_samples", "n_parts"), [("philips_1.03", 5264, 0), ("philips_1.04.01", 5300, 2)]
)
def test_real_files_end_where_their_pulse_starts(
    data_dir: Path, name: str, n_samples: int, n_parts: int
) -> None:
    """Both hold 5500 samples; the flat baseline before the pulse starts at different places."""
    recording = open_recording(data_dir / f"formats/{name}.xml")
    assert (recording.fs_hz, recording.n_samples) == (500, n_samples)
    assert len(recording.parts) == n_parts
    last_mv = recording.read(LEADS, n_samples - 20)
    assert np.ptp(last_mv, axis=0).max() > 0.01
    assert {"calibration-pulse"} <= codes_of(recording)
    assert "limb-identity" not in codes_of(recording)

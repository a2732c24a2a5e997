"""GE CardioSoft (CardiologyXML): its scale, its median beat, what it leaves unsaid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from samples import make_ecg
from samples.documents import cardiosoft

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LEADS


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    path = cardiosoft(folder, make_ecg())
    text = path.read_text(encoding="latin-1")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="latin-1")
    return path


@pytest.mark.parametrize(("size", "factor"), [("5", 5.0), ("4.88", 4.88), ("2,5", 2.5)])
def test_the_size_of_a_step_is_applied(tmp_path: Path, size: str, factor: float) -> None:
    recording = open_recording(changed(tmp_path, ('uVperLsb">1<', f'uVperLsb">{size}<')))
    np.testing.assert_allclose(recording.read(LEADS), factor * make_ecg().rows_mv(LEADS), atol=1e-5)
    assert recording.resolution_mv == pytest.approx(factor / 1000)


@pytest.mark.parametrize("change", [("uVperLsb", "steps"), ('uVperLsb">1<', 'uVperLsb">none<')])
def test_a_scale_that_is_not_known_is_asked_for(tmp_path: Path, change: tuple[str, str]) -> None:
    path = changed(tmp_path, change)
    with pytest.raises(NeedsOptions) as asked:
        open_recording(path)
    assert asked.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit="1000/mV"))
    np.testing.assert_allclose(recording.read(LEADS), make_ecg().rows_mv(LEADS), atol=1e-5)


def test_the_median_beat_is_a_part(tmp_path: Path) -> None:
    beat = (
        '<RestingECGMeasurements><VentricularRate units="BPM">61</VentricularRate>'
        '<PAxis units="degree">-7</PAxis><MedianSamples>'
        '<SampleRate units="Hz">500</SampleRate><Resolution units="uVperLsb">2</Resolution>'
        f'<WaveformData lead="II">{",".join(map(str, range(600)))}</WaveformData>'
        "</MedianSamples></RestingECGMeasurements><StripData>"
    )
    path = changed(tmp_path, ("<StripData>", beat))
    recording = open_recording(path)
    assert (recording.parts, recording.part) == (("rhythm", "median beat"), "rhythm")
    assert "Measured by the recorder: heart rate 61 /min, P axis -7°" in recording.comments
    median = open_recording(path, options=ImportOptions(part="median beat"))
    np.testing.assert_allclose(median.read(("II",))[0], np.arange(600) / 500, atol=1e-6)


def test_lines_and_tabs_between_samples(tmp_path: Path) -> None:
    recording = open_recording(changed(tmp_path, (",", ",\n\t")))
    np.testing.assert_allclose(recording.read(LEADS), make_ecg().rows_mv(LEADS), atol=1e-5)


def test_what_is_no_number_or_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="a sample of I is not a number"):
        open_recording(changed(tmp_path, ('lead="I">', 'lead="I">x,')))
    short = open_recording(changed(tmp_path, ('lead="V6">', 'lead="V6">1,2,3,')))
    assert "unequal-leads" in {warning.code for warning in short.warnings}
    with pytest.raises(RecordingError, match="holds no waveforms"):
        open_recording(changed(tmp_path, ("WaveformData", "Nothing")))

"""GE MUSE and HL7 aECG: several rhythms, missing leads, scales, encodings."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from samples import make_ecg
from samples.documents import aecg, mortara, muse

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, NeedsOptions, open_recording
from ecgview.leads import LEADS
from ecgview.recording import Recording
from ecgview.signals.beats import find_beats

EIGHT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")


def codes_of(recording: Recording) -> set[str]:
    return {warning.code for warning in recording.warnings}


def muse_with(folder: Path, old: str, new: str, count: int = -1) -> Path:
    path = muse(folder, make_ecg())
    text = path.read_text(encoding="latin-1")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="latin-1")
    return path


def assert_same(recording: Recording, factor: float = 1.0) -> None:
    ecg_mv = make_ecg().rows_mv(EIGHT) * factor
    np.testing.assert_allclose(recording.read(EIGHT), ecg_mv, atol=1e-5)


def test_a_second_rhythm_is_a_part(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = path.read_text(encoding="latin-1")
    first = text[text.index("<Waveform>") : text.index("</Waveform>") + len("</Waveform>")]
    second = first.replace("UnitsPerBit>1<", "UnitsPerBit>2<")
    median = first.replace(">Rhythm<", ">Median<").replace("UnitsPerBit>1<", "UnitsPerBit>3<")
    path.write_text(text.replace(first, first + second + median), encoding="latin-1")
    recording = open_recording(path)
    assert recording.parts == ("rhythm", "rhythm 2", "median beat")
    assert recording.part == "rhythm"
    assert_same(recording)
    assert_same(open_recording(path, options=ImportOptions(part="rhythm 2")), 2)
    assert_same(open_recording(path, options=ImportOptions(part="median beat")), 3)
    with pytest.raises(RecordingError, match="has no part “rhythm 3”"):
        open_recording(path, options=ImportOptions(part="rhythm 3"))


def test_units_per_bit_are_applied(tmp_path: Path) -> None:
    recording = open_recording(muse_with(tmp_path, "UnitsPerBit>1<", "UnitsPerBit>4.88<"))
    assert_same(recording, 4.88)
    assert recording.resolution_mv == pytest.approx(0.00488)


def test_an_unstated_unit_is_asked_for(tmp_path: Path) -> None:
    path = muse_with(tmp_path, "<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits>", "")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    assert_same(open_recording(path, options=ImportOptions(unit="uV")))


@pytest.mark.parametrize("unit", ["uV", "mV"])
def test_a_scale_without_its_unit_is_applied(tmp_path: Path, unit: str) -> None:
    """The unit that is asked for is that of 4.88, not that of the converter's steps."""
    path = muse_with(tmp_path, "UnitsPerBit>1<", "UnitsPerBit>4.88<")
    text = re.sub(r"<LeadAmplitudeUnits>\w*", "<LeadAmplitudeUnits>", path.read_text("latin-1"))
    path.write_text(text, encoding="latin-1")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    recording = open_recording(path, options=ImportOptions(unit=unit))
    assert_same(recording, 4.88 * (1 if unit == "uV" else 1000))
    assert not any("[" in warning.message for warning in recording.warnings)


def test_a_lead_without_samples_is_left_out(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = path.read_text(encoding="latin-1")
    head, _, tail = text.rpartition("<WaveFormData>")
    path.write_text(
        f"{head}<WaveFormData></WaveFormData>{tail.partition('</WaveFormData>')[2]}",
        encoding="latin-1",
    )
    recording = open_recording(path)
    assert "V6" not in recording.leads
    assert len(recording.leads) == 11
    assert "empty-leads" in codes_of(recording)


def test_announced_numbers_that_do_not_fit_are_said(tmp_path: Path) -> None:
    path = muse_with(tmp_path, "<LeadByteCountTotal>4000<", "<LeadByteCountTotal>4002<")
    recording = open_recording(path)
    assert_same(recording)
    assert "bent-format" in codes_of(recording)


def test_a_wrong_checksum_of_a_lead_is_said(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = re.sub(
        r"<LeadDataCRC32>\d", "<LeadDataCRC32>9", path.read_text(encoding="latin-1"), count=1
    )
    path.write_text(text, encoding="latin-1")
    assert "checksum" in codes_of(open_recording(path))


def test_base64_without_its_padding(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = path.read_text(encoding="latin-1")
    bare = re.sub(r"=+(\s*</WaveFormData>)", r"\1", text)
    path.write_text(bare, encoding="latin-1")
    assert bare != text
    assert_same(open_recording(path))


@pytest.mark.parametrize("make", [muse, aecg, mortara])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_8_that_calls_itself_utf_16(tmp_path: Path, make: object, mark: str) -> None:
    path = make(tmp_path, make_ecg())  # type: ignore[operator]
    text = re.sub(r"^<\?xml[^>]*\?>", "", path.read_text(encoding="latin-1"))
    head = '<?xml version="1.0" encoding="UTF-16" standalone="yes"?>'
    path.write_text(mark + head + text, encoding="utf-8")
    assert_same(open_recording(path))


def test_many_wrong_checksums_are_said_once(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = re.sub(r"<LeadDataCRC32>\d", "<LeadDataCRC32>9", path.read_text(encoding="latin-1"))
    path.write_text(text, encoding="latin-1")
    said = [warning for warning in open_recording(path).warnings if warning.code == "checksum"]
    assert len(said) == 1
    assert f"{text.count('<LeadDataCRC32>') - 1} more checksums do not match" in said[0].message


def test_median_beats_that_cannot_be_read_cost_only_themselves(tmp_path: Path) -> None:
    median = "<Waveform><WaveformType>Median</WaveformType><SampleBase>x</SampleBase></Waveform>"
    recording = open_recording(muse_with(tmp_path, "</RestingECG>", f"{median}</RestingECG>"))
    assert_same(recording)
    assert "bent-format" in codes_of(recording)


def test_names_in_latin_1_that_call_themselves_utf_8(tmp_path: Path) -> None:
    path = muse(tmp_path, make_ecg())
    text = path.read_text(encoding="latin-1").replace("ISO-8859-1", "UTF-8")
    path.write_bytes(text.replace(">Example<", ">Müller<").encode("latin-1"))
    recording = open_recording(path)
    assert recording.patient.name.endswith("Müller")
    assert_same(recording)


@pytest.mark.parametrize("make", [muse, aecg, mortara])
def test_control_characters_and_bare_ampersands(tmp_path: Path, make: object) -> None:
    """Free text that a program wrote into its XML as it was typed."""
    assert callable(make)
    path = make(tmp_path, make_ecg())
    text = path.read_bytes().decode("latin-1").replace("P-4711", "P\x1c & Q")
    path.write_bytes(text.encode("latin-1"))
    recording = open_recording(path)
    assert recording.patient.identifier == "P & Q"
    assert_same(recording)


def aecg_with(folder: Path, old: str, new: str) -> Path:
    path = aecg(folder, make_ecg())
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("scale", "factor"),
    [
        ('value="1" unit="mV"', 1000),
        ('value="0.005" unit="mV"', 5),
        ('value="2.5" unit="uV"', 2.5),
        ('value="2,5" unit="uV"', 2.5),
    ],
)
def test_scales_of_aecg(tmp_path: Path, scale: str, factor: float) -> None:
    recording = open_recording(
        aecg_with(tmp_path, '<scale value="1" unit="uV"/>', f"<scale {scale}/>")
    )
    assert_same(recording, factor)


def test_an_origin_in_another_unit(tmp_path: Path) -> None:
    path = aecg_with(tmp_path, '<origin value="0" unit="uV"/>', '<origin value="0.5" unit="mV"/>')
    recording = open_recording(path)
    ecg_mv = make_ecg().rows_mv(["V1"]) + 0.5
    np.testing.assert_allclose(recording.read(["V1"]), ecg_mv, atol=1e-5)


def test_leads_without_a_scale_are_asked_for(tmp_path: Path) -> None:
    path = aecg_with(tmp_path, '<scale value="1" unit="uV"/>', "")
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)
    assert_same(open_recording(path, options=ImportOptions(unit="1000/mV")))


@pytest.mark.parametrize("value", ["0", "NaN", "about 5", ""])
def test_a_scale_that_is_no_number_is_asked_for(tmp_path: Path, value: str) -> None:
    path = aecg_with(tmp_path, 'scale value="1"', f'scale value="{value}"')
    with pytest.raises(NeedsOptions) as caught:
        open_recording(path)
    assert caught.value.preview.missing == ("unit",)


def test_a_lead_of_a_null_flavour_is_left_out(tmp_path: Path) -> None:
    path = aecg(tmp_path, make_ecg())
    text = path.read_text()
    start = text.index("<value", text.index('"MDC_ECG_LEAD_V3"'))
    stop = text.index("</sequence>", start)
    path.write_text(f'{text[:start]}<value xsi:type="SLIST_PQ" nullFlavor="NI"/>{text[stop:]}')
    recording = open_recording(path)
    assert [lead for lead in LEADS if lead not in recording.leads] == ["V3"]
    assert any("V3" in each.message for each in recording.warnings if each.code == "empty-leads")
    np.testing.assert_allclose(recording.read(["V6"]), make_ecg().rows_mv(["V6"]), atol=1e-5)


def test_namespace_prefix_of_aecg(tmp_path: Path) -> None:
    path = aecg(tmp_path, make_ecg())
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1hl7:", path.read_text())
    path.write_text(text.replace("xmlns=", "xmlns:hl7="))
    assert_same(open_recording(path))


def test_a_rate_that_is_no_whole_number(tmp_path: Path) -> None:
    recording = open_recording(
        aecg_with(tmp_path, 'value="0.002" unit="s"', 'value="3.9" unit="ms"')
    )
    assert recording.fs_hz == pytest.approx(1000 / 3.9)


def series_twice(folder: Path, split_sets: bool) -> Path:
    """Write a second series, or a second set of sequences in the same, of twice the amplitude."""
    path = aecg(folder, make_ecg())
    text = path.read_text()
    mark = "<component><sequenceSet>" if split_sets else "<component><series>"
    close = "</sequenceSet></component>" if split_sets else "</series></component>"
    first = text[text.index(mark) : text.index(close) + len(close)]
    second = first.replace('<scale value="1"', '<scale value="2"')
    path.write_text(text.replace(first, first + second))
    return path


@pytest.mark.parametrize("split_sets", [False, True])
def test_further_series_are_parts(tmp_path: Path, split_sets: bool) -> None:
    path = series_twice(tmp_path, split_sets)
    recording = open_recording(path)
    assert (recording.parts, recording.part) == (("rhythm", "rhythm 2"), "rhythm")
    assert_same(recording)
    assert_same(open_recording(path, options=ImportOptions(part="rhythm 2")), 2)
    assert not any("only the first" in each.message for each in recording.warnings)


def test_a_set_for_each_lead_is_one_rhythm(tmp_path: Path) -> None:
    path = aecg(tmp_path, make_ecg())
    text = path.read_text()
    time = text[
        text.index("<component><sequence>") : text.index('<component><sequence><code code="MDC')
    ]
    between = f"</sequenceSet></component><component><sequenceSet>{time}"
    head, *leads = text.split('<component><sequence><code code="MDC')
    path.write_text(
        head + between.join(f'<component><sequence><code code="MDC{lead}' for lead in leads)
    )
    recording = open_recording(path)
    assert recording.parts == ()
    assert recording.leads == LEADS
    assert recording.derived_leads == ()
    assert_same(recording)


@pytest.mark.real_data
def test_the_same_recording_as_aecg_and_scp(data_dir: Path) -> None:
    """A converter made one from the other: every sample of rhythm and beat is the same."""
    for part in ("rhythm", "median beat"):
        options = ImportOptions(part=part)
        first = open_recording(data_dir / "formats/hl7_aecg.xml", options=options)
        second = open_recording(data_dir / "formats/scp_huffman_500hz.scp", options=options)
        assert first.n_samples == second.n_samples > 500
        np.testing.assert_array_equal(first.read(LEADS), second.read(LEADS))
        assert first.started == second.started


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "rate_bpm"),
    [
        ("muse.xml", 48),
        ("philips_1.03.xml", 41),
        ("philips_1.04.01.xml", 64),
        ("schiller.xml", 59),
        ("scp_8lead_600hz.scp", 82),
        ("scp_malformed.scp", 60),
    ],
)
def test_the_heart_beats_as_the_recorder_says(data_dir: Path, name: str, rate_bpm: int) -> None:
    """A wrong rate or wrong samples would not give the heart rate that the file states."""
    recording = open_recording(data_dir / "formats" / name)
    assert f"heart rate {rate_bpm} /min" in " ".join(recording.comments)
    beats = find_beats(recording.read(["I"]), recording.fs_hz)[0]
    between_s = np.median(np.diff(beats.onsets)) / recording.fs_hz
    assert 60 / between_s == pytest.approx(rate_bpm, abs=1.1)


@pytest.mark.real_data
def test_the_marks_of_muse_lie_on_its_beats(data_dir: Path) -> None:
    recording = open_recording(data_dir / "formats/muse.xml")
    assert len(recording.marks) == 8
    beats = find_beats(recording.read(["II"]), recording.fs_hz)[0]
    for mark in recording.marks:
        place = mark.start_s * recording.fs_hz
        assert np.min(np.abs((beats.onsets + beats.offsets) / 2 - place)) < 0.05 * recording.fs_hz

"""The adapter around ecgdatakit: threads, warnings, sentences, leads that do not fit together."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ecgdatakit.models import ECGRecord, Lead
from samples import make_ecg
from samples.documents import aecg, muse, philips
from scp_files import file_of, leads_uv, plain_sections

from ecgview.errors import RecordingError
from ecgview.formats import open_recording
from ecgview.formats.clinical.kit import Kit, refusal
from ecgview.formats.clinical.signals import signals_of
from ecgview.formats.clinical.simple import MORTARA


def lead(label: str, samples: list[float], **facts: object) -> Lead:
    known = {"sampling_rate": 500, "resolution": 1.0, "resolution_unit": "uV", "is_raw": True}
    return Lead(label=label, samples=np.array(samples, dtype=float), **(known | facts))


def test_leads_of_other_rates_are_left_out_and_said() -> None:
    leads = [lead("I", [1, 2]), lead("II", [3, 4]), lead("V1", [5], sampling_rate=250)]
    signals = signals_of(ECGRecord(leads=leads), leads)
    assert [fact.name for fact in signals.facts] == ["I", "II"]
    assert signals.fs_hz == 500
    assert [each.code for each in signals.warnings] == ["other-rate"]
    assert "V1" in signals.warnings[0].message


def test_shorter_leads_end_in_a_gap() -> None:
    leads = [lead("I", [1, 2, 3]), lead("II", [4])]
    signals = signals_of(ECGRecord(leads=leads), leads)
    np.testing.assert_allclose(
        signals.samples, [[0.001, 0.002, 0.003], [0.004, np.nan, np.nan]], rtol=1e-6
    )
    assert [each.code for each in signals.warnings] == ["unequal-leads"]


def test_empty_leads_are_left_out_and_said() -> None:
    leads = [lead("I", [1, 2]), lead("II", [])]
    signals = signals_of(ECGRecord(leads=leads), leads)
    assert [fact.name for fact in signals.facts] == ["I"]
    assert [each.code for each in signals.warnings] == ["empty-leads"]


def test_no_samples_at_all_are_refused() -> None:
    leads = [lead("I", [])]
    with pytest.raises(RecordingError, match="no samples"):
        signals_of(ECGRecord(leads=leads), leads)


def test_scale_offset_and_other_quantities() -> None:
    leads = [
        lead("I", [10, 20], resolution=5.0, offset=100.0),
        lead("II", [1, 2], resolution_unit="mV", is_raw=False),
        lead("V1", [7, 8], resolution_unit=""),
        lead("SpO2", [97, 98], resolution_unit="", adc_resolution=1.0, adc_resolution_unit="%"),
    ]
    signals = signals_of(ECGRecord(leads=leads), leads)
    np.testing.assert_allclose(signals.samples, [[0.15, 0.2], [1, 2], [7, 8], [97, 98]], rtol=1e-6)
    assert [fact.unit for fact in signals.facts] == ["uV", "mV", "", "%"]


def test_sentences_hold_no_folders_and_no_words_for_developers(tmp_path: Path) -> None:
    from ecgdatakit import CorruptedFileError, UnsupportedFormatError

    path = tmp_path / "x.xml"
    error = refusal(MORTARA, path, CorruptedFileError(f"SCP-ECG: bad thing in {path}: see 3"))
    assert error.message == "x.xml cannot be read as Mortara XML: Bad thing: see 3."
    error = refusal(MORTARA, path, UnsupportedFormatError("no; see raw_metadata['x'] for more"))
    assert error.message == "x.xml cannot be read as Mortara XML: No."
    error = refusal(Kit("F", "", ""), path, KeyError("leads"))
    assert error.message == "x.xml cannot be read as F: its content contradicts itself (KeyError)."
    assert error.hint


def test_files_opened_side_by_side_keep_their_own_remarks(tmp_path: Path) -> None:
    """The library warns through a state of the whole process."""
    ecg, paths = make_ecg(1000), []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        bent = folder / "rec.scp"
        bent.write_bytes(file_of(plain_sections(leads_uv(seed=number)), shift=number + 1))
        paths += [bent, aecg(folder, ecg), muse(folder, ecg), philips(folder, ecg)]
    alone = [open_recording(path) for path in paths]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(open_recording, paths))
    for first, second in zip(alone, together, strict=True):
        assert first.warnings == second.warnings
        np.testing.assert_array_equal(first.read(first.leads), second.read(second.leads))
    said = [each.message for each in together[4].warnings if each.code == "bent-format"]
    assert any("(-2 bytes)" in message for message in said)


def test_the_library_still_reads_paths(tmp_path: Path) -> None:
    from ecgdatakit.parsing.parsers.scp_ecg import SCPECGParser

    (tmp_path / "bent.scp").write_bytes(file_of(plain_sections(leads_uv()), shift=5))
    (tmp_path / "rec.scp").write_bytes(file_of(plain_sections(leads_uv())))
    open_recording(tmp_path / "bent.scp")
    for path in (tmp_path / "rec.scp", str(tmp_path / "rec.scp")):
        assert len(SCPECGParser().parse(path).leads) == 8


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mended file holds a patient's data: it must not touch the disk."""
    (tmp_path / "rec.scp").write_bytes(file_of(plain_sections(leads_uv()), shift=5))

    def refuse(*_args: object, **_keywords: object) -> SimpleNamespace:
        raise AssertionError("a file was written")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert open_recording(tmp_path / "rec.scp").n_samples == 1000

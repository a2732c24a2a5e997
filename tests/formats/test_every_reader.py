"""What every reader owes, tried on made files of every format and on real ones."""

from __future__ import annotations

import gc
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from cases import BY_CONTENT, CASES, MADE, Case
from samples import SAMPLES, make_ecg
from samples.ecg import AGE, BIRTH_DATE, FS_HZ, IDENTIFIER, LAST_NAME, SEX, STARTED

from ecgview.formats import READERS, describe, open_recording, save_recording
from ecgview.formats.head import read_head
from ecgview.formats.table import find_reader
from ecgview.formats.writers import WRITERS
from ecgview.leads import LIMB_FROM_I_II, LIMB_LEADS
from ecgview.recording import Recording


@dataclass(frozen=True)
class Opened:
    case: Case
    path: Path
    recording: Recording
    signals_mv: np.ndarray

    def again(self, path: Path | None = None) -> Recording:
        return open_recording(path or self.path, options=self.case.options)


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())
    }


@pytest.fixture(scope="module", params=CASES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    case: Case = request.param
    data = request.getfixturevalue("data_dir") if case.real else None
    path = case.place(tmp_path_factory.mktemp("case"), data)
    recording = open_recording(path, options=case.options)
    everything = range(recording.source.n_channels)
    return Opened(case, path, recording, recording.source.read(0, recording.n_samples, everything))


def test_the_right_reader_takes_the_file(opened: Opened) -> None:
    reader = find_reader(read_head(opened.path))
    assert reader is not None
    assert reader.name == opened.case.reader


def test_every_reader_has_a_sample() -> None:
    assert {reader.name for reader in READERS} == {sample.reader for sample in SAMPLES}


@pytest.mark.parametrize("opened", BY_CONTENT, indirect=True)
def test_the_file_is_known_by_its_content(opened: Opened, tmp_path: Path) -> None:
    nameless = tmp_path / "file.bin"
    shutil.copyfile(opened.path, nameless)
    again_mv = opened.again(nameless).read_twelve()
    np.testing.assert_array_equal(again_mv, opened.recording.read_twelve())


@pytest.mark.parametrize("opened", BY_CONTENT, indirect=True)
def test_no_reader_takes_the_file_for_its_name(opened: Opened, tmp_path: Path) -> None:
    """A wrong ending, that of any other format, changes nothing."""
    endings = {ending for reader in READERS for ending in reader.endings if ending != ".hea"}
    for ending in sorted(endings):
        wrong = tmp_path / f"file{ending}"
        shutil.copyfile(opened.path, wrong)
        reader = find_reader(read_head(wrong))
        assert reader is not None
        assert reader.name == opened.case.reader, ending


def test_recognisers_never_raise(opened: Opened, tmp_path: Path) -> None:
    content = opened.path.read_bytes()
    for n_bytes in (0, 1, 7, 16, 100, 300, 700):
        (tmp_path / "cut").write_bytes(content[:n_bytes])
        head = read_head(tmp_path / "cut")
        assert {type(reader.recognises(head)) for reader in READERS} == {bool}


def test_samples_are_float32_millivolts(opened: Opened) -> None:
    recording, signals_mv = opened.recording, opened.signals_mv
    assert signals_mv.dtype == np.float32
    assert signals_mv.shape == (len(recording.channels), recording.n_samples)
    leads_mv = recording.read(recording.leads)
    spread_mv = np.nanpercentile(leads_mv, 99.9, axis=1) - np.nanpercentile(leads_mv, 0.1, axis=1)
    assert 0.2 < np.median(spread_mv) < 10
    assert 1e-6 < recording.resolution_mv < 0.05


def test_length_and_rate(opened: Opened) -> None:
    recording = opened.recording
    assert 100 <= recording.fs_hz <= 2000
    assert recording.duration_s == pytest.approx(recording.n_samples / recording.fs_hz)
    assert 1 <= recording.duration_s < 130


@pytest.mark.parametrize("opened", MADE, indirect=True)
def test_known_contents(opened: Opened) -> None:
    sample, recording = opened.case.sample, opened.recording
    assert sample is not None
    assert recording.fs_hz == pytest.approx(FS_HZ)
    assert recording.leads == sample.leads
    truth_mv = make_ecg().rows_mv(sample.leads)
    leads_mv = recording.read(sample.leads)
    if sample.gap_s is not None:
        first, last = (round(second * FS_HZ) for second in sample.gap_s)
        assert np.isnan(leads_mv[:, first:last]).all()
        leads_mv = np.delete(leads_mv, np.s_[first:last], axis=1)
    np.testing.assert_allclose(leads_mv, truth_mv, atol=0.00051)
    assert len(recording.marks) == sample.n_marks


@pytest.mark.parametrize("opened", MADE, indirect=True)
def test_known_patient(opened: Opened) -> None:
    sample, recording = opened.case.sample, opened.recording
    assert sample is not None
    patient = recording.patient
    said = {
        "identifier": patient.identifier == IDENTIFIER,
        "name": LAST_NAME in patient.name,
        "birth_date": patient.birth_date == BIRTH_DATE,
        "age": patient.age.split()[:1] == [str(AGE)],
        "sex": patient.sex == SEX,
        "started": recording.started.startswith(STARTED),
    }
    assert [fact for fact in sample.knows if not said[fact]] == []


def test_limb_leads_obey_their_identities_or_a_warning_says_so(opened: Opened) -> None:
    recording = opened.recording
    limb_mv = recording.read(LIMB_LEADS)
    off_mv = np.nanmax(np.abs(LIMB_FROM_I_II.astype(np.float32) @ limb_mv[:2] - limb_mv))
    warned = any("limb" in warning.code for warning in recording.warnings)
    assert warned or off_mv <= max(2.6 * recording.resolution_mv, 1e-4)


def test_windows_are_parts_of_the_whole(opened: Opened) -> None:
    source, n_samples = opened.recording.source, opened.recording.n_samples
    random = np.random.default_rng(3)
    ends = [(0, 0), (n_samples, n_samples), (0, 1), (n_samples - 1, n_samples)]
    windows = [*ends, *(sorted(random.integers(0, n_samples + 1, 2)) for _ in range(12))]
    for start, stop in windows:
        chosen = random.permutation(source.n_channels)[: random.integers(1, 4)].tolist()
        window = source.read(int(start), int(stop), chosen)
        assert window.dtype == np.float32
        expected = opened.signals_mv[chosen, start:stop]
        np.testing.assert_allclose(window, expected, rtol=1e-6, atol=1e-6)
    assert source.read(0, n_samples, []).shape == (0, n_samples)


def test_the_caller_may_change_what_it_has_read(opened: Opened) -> None:
    source, n_samples = opened.recording.source, opened.recording.n_samples
    everything = range(source.n_channels)
    source.read(0, n_samples, everything)[:] = 7
    np.testing.assert_array_equal(source.read(0, n_samples, everything), opened.signals_mv)


def test_marks_lie_within_the_recording(opened: Opened) -> None:
    starts_s = [mark.start_s for mark in opened.recording.marks]
    assert starts_s == sorted(starts_s)
    assert all(0 <= start_s <= opened.recording.duration_s for start_s in starts_s)
    assert all(mark.duration_s >= 0 and mark.text for mark in opened.recording.marks)


def test_facts_are_ready_for_json(opened: Opened) -> None:
    facts = describe(opened.recording)
    assert json.loads(json.dumps(facts, allow_nan=False))["format"] == opened.recording.format_name


def test_opening_again_gives_the_same(opened: Opened) -> None:
    again = opened.again()
    assert describe(again) == describe(opened.recording)
    assert again.marks == opened.recording.marks
    everything = range(again.source.n_channels)
    np.testing.assert_array_equal(
        again.source.read(0, again.n_samples, everything), opened.signals_mv
    )


def test_nothing_is_written_and_no_handle_stays_open(opened: Opened) -> None:
    before = files_of(opened.path.parent)
    handles = Path("/proc/self/fd")
    n_handles = len(list(handles.iterdir())) if handles.is_dir() else 0
    recording = opened.again()
    recording.read(recording.leads, 0, 10)
    assert recording.marks == opened.recording.marks
    if n_handles:
        assert len(list(handles.iterdir())) == n_handles
    del recording
    gc.collect()
    assert files_of(opened.path.parent) == before


def test_any_name_and_place_will_do(opened: Opened, tmp_path: Path) -> None:
    """Blanks, letters of other alphabets, a file and a folder that may only be read, a link."""
    folder = tmp_path / "Aufnahmen für Ä 心電図"
    shutil.copytree(opened.path.parent, folder)
    odd = folder / f"b c é 波{opened.path.suffix}"
    (folder / opened.path.name).rename(odd)
    os.chmod(odd, 0o444)  # noqa: PTH101 (a folder's mode follows)
    os.chmod(folder, 0o555)  # noqa: PTH101
    linked = tmp_path / f"link{opened.path.suffix}"
    neighbours = [path for path in folder.iterdir() if path != odd]
    for path in neighbours:
        (tmp_path / path.name).symlink_to(path)
    linked.symlink_to(odd)
    for path in (odd, linked):
        again_mv = opened.again(path).read_twelve()
        np.testing.assert_array_equal(again_mv, opened.recording.read_twelve())
    os.chmod(folder, 0o755)  # noqa: PTH101


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_every_writer_writes_it(opened: Opened, tmp_path: Path, format: str) -> None:
    recording = opened.recording
    leads = recording.leads
    stop = min(recording.n_samples, round(4 * recording.fs_hz))
    leads_mv = recording.read(leads, 0, stop)
    written = save_recording(
        "rec",
        leads_mv,
        recording.fs_hz,
        tmp_path,
        format=format,
        resolution_mv=recording.resolution_mv,
        leads=leads,
    )
    again = open_recording(written)
    assert again.leads == leads
    assert again.fs_hz == pytest.approx(recording.fs_hz, rel=1e-6)
    assert again.n_samples >= stop
    np.testing.assert_allclose(again.read(leads, 0, stop), leads_mv, atol=0.00051, rtol=1e-6)

"""Corrections: applied, remembered, forgotten, put in words."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import (
    Corrections,
    ImportOptions,
    NeedsOptions,
    describe_options,
    open_recording,
)
from ecgview.formats.assemble import assemble
from ecgview.formats.facts import SignalFacts
from ecgview.recording import ArraySource, Mark

SAID = ImportOptions(leads=("II", "I"), rate_hz=250.0, unit="200/mV", gains=(1.0, -1.0))


@pytest.fixture
def store(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "config" / "corrections")


def test_what_is_remembered_is_recalled_for_its_kind_alone(store: Corrections) -> None:
    assert store.recall("a") is None
    store.remember("a", SAID)
    store.remember("b", ImportOptions(unit="uV", part="median beat"))
    assert store.recall("a") == SAID
    assert store.recall("b") == ImportOptions(unit="uV"), "which part is no correction"
    assert store.everything() == {"a": SAID, "b": ImportOptions(unit="uV")}


def test_a_later_correction_takes_the_place_of_the_first_until_forgotten(
    store: Corrections,
) -> None:
    store.remember("a", SAID)
    store.remember("a", ImportOptions(rate_hz=500.0))
    assert store.recall("a") == ImportOptions(rate_hz=500.0)
    assert store.forget("a") is True
    assert store.recall("a") is None
    assert store.forget("a") is False


def test_kinds_may_be_any_text(store: Corrections) -> None:
    kind = "CSV; ../../..; \udc80 µV, " + "V1 " * 500
    store.remember(kind, SAID)
    assert store.recall(kind) == SAID
    (file,) = store.folder.parent.rglob("*.json")
    assert file.parent == store.folder


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"[]", b"{", b'{"kind": "a"}', b'{"kind": "a", "options": [1]}',
     b'{"kind": "a", "options": {"gains": ["x"]}}', b'{"kind": "a", "options": {"gains": [NaN]}}',
     b'{"kind": "a", "options": {"rate_hz": Infinity}}', b"[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_corrects_nothing_and_is_replaced(
    store: Corrections, content: bytes
) -> None:
    store.remember("a", SAID)
    store.remember("b", SAID)
    (file,) = [f for f in store.folder.iterdir() if '"a"' in f.read_text()]
    file.write_bytes(content)
    assert store.recall("a") is None
    assert store.recall("b") == SAID
    store.remember("a", SAID)
    assert store.recall("a") == SAID


def test_programs_that_remember_at_once_do_not_undo_each_other(store: Corrections) -> None:
    kinds = [f"kind {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda kind: store.remember(kind, ImportOptions(unit=kind)), kinds))
        list(pool.map(lambda _: store.remember("same", SAID), kinds))
    assert {kind: o.unit for kind, o in store.everything().items() if kind != "same"} == {
        kind: kind for kind in kinds
    }
    assert store.recall("same") == SAID
    assert {file.suffix for file in store.folder.iterdir()} == {".json"}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordingError, match="could not be remembered"):
        Corrections(tmp_path / "file").remember("a", SAID)


def test_files_of_the_same_kind_are_corrected_and_others_are_not(
    store: Corrections, write_record, wave
) -> None:
    first = open_recording(write_record(wave, name="one"))
    store.remember(first.kind, ImportOptions(gains=(1.0, -1.0)))
    same = open_recording(write_record(2 * wave, name="two"), corrections=store)
    note = same.warnings[0]
    assert (note.code, note.is_note) == ("corrected", True)
    assert note.message.endswith("kind: amplitudes multiplied: II by -1.")
    np.testing.assert_allclose(same.read(("I", "II")), [2e-3 * wave[0], -2e-3 * wave[1]], rtol=1e-6)
    other = open_recording(write_record(wave, names=("I", "V1"), name="three"), corrections=store)
    assert other.options == ImportOptions()


def test_steps_of_another_size_are_another_kind_and_steps_that_differ_are_one(
    write_record, wave
) -> None:
    kinds = [
        open_recording(write_record(wave, gains=gains, name=f"rec{number}")).kind
        for number, gains in enumerate([1000, 1000, 200, (1000, 900), (700, 800)])
    ]
    assert kinds[0] == kinds[1] != kinds[2]
    assert kinds[3] == kinds[4] not in kinds[:3]


def test_what_is_said_now_goes_before_what_is_remembered(
    store: Corrections, write_record, wave
) -> None:
    path = write_record(wave)
    store.remember(open_recording(path).kind, ImportOptions(gains=(5.0,)))
    now = open_recording(path, options=ImportOptions(rate_hz=250), corrections=store)
    assert now.options == ImportOptions(rate_hz=250)
    assert open_recording(path).options == ImportOptions()


def test_a_correction_that_does_not_fit_is_left_out_and_told(
    store: Corrections, write_record, wave
) -> None:
    path = write_record(wave)
    store.remember(open_recording(path).kind, ImportOptions(leads=("I", "II", "V1")))
    recording = open_recording(path, corrections=store)
    assert recording.warnings[0].code == "correction-unfit"
    assert "3 lead names were given, but there are 2 signals" in recording.warnings[0].message
    np.testing.assert_allclose(recording.read(("I", "II")), 1e-3 * wave, rtol=1e-6)


def test_what_a_file_does_not_say_is_asked_once(store: Corrections, tmp_path: Path) -> None:
    table = "\n".join(f"{k % 7},{k % 5}" for k in range(400))
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(table)
    with pytest.raises(NeedsOptions) as asked:
        open_recording(tmp_path / "one.csv", corrections=store)
    said = ImportOptions(leads=("I", "II"), rate_hz=100.0, unit="mV")
    store.remember(asked.value.preview.kind, said)
    recording = open_recording(tmp_path / "two.csv", corrections=store)
    assert recording.options == said
    assert recording.leads[:2] == ("I", "II")


def test_corrections_are_put_in_words_with_the_names_of_the_file(write_record, wave) -> None:
    recording = open_recording(write_record(wave, names=("I", "aux")), options=SAID)
    assert describe_options(recording.options, recording.channels) == (
        "I renamed II, aux renamed I",
        "rate set to 250 Hz",
        "unit set to 200/mV",
        "amplitudes multiplied: I by -1",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ImportOptions(), ()),
        (ImportOptions(part="median beat"), ()),
        (ImportOptions(gains=(1.0, 1.0)), ()),
        (ImportOptions(gains=(0.001,)), ("amplitudes multiplied by 0.001",)),
        (ImportOptions(leads=("I", "V1")), ("leads named I, V1",)),
    ],
)
def test_words_without_a_recording(options: ImportOptions, words: tuple[str, ...]) -> None:
    assert describe_options(options) == words


def test_the_store_can_be_read_by_people(store: Corrections) -> None:
    store.remember("WFDB; ; I mV, II mV", SAID)
    (file,) = store.folder.iterdir()
    assert json.loads(file.read_text()) == {
        "kind": "WFDB; ; I mV, II mV",
        "options": {
            "leads": ["II", "I"],
            "rate_hz": 250.0,
            "unit": "200/mV",
            "gains": [1.0, -1.0],
        },
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (ImportOptions(rate_hz=0.0), "0 Hz was given"),
        (ImportOptions(rate_hz=float("nan")), "nan Hz was given"),
        (ImportOptions(gains=(1.0, 0.0)), "1, 0 was given"),
        (ImportOptions(gains=(float("inf"),)), "inf was given"),
        (ImportOptions(gains=(1.0, 1.0, 1.0)), "3 gains were given, but there are 2"),
        (ImportOptions(unit="bpm"), "is not a unit of voltage"),
    ],
)
def test_what_cannot_be_is_refused(
    write_record, wave, options: ImportOptions, sentence: str
) -> None:
    with pytest.raises(RecordingError, match=sentence):
        open_recording(write_record(wave), options=options)


def test_annotations_stay_at_their_samples_when_the_rate_is_corrected() -> None:
    facts = [SignalFacts("I", "mV", 0.001)]
    source = ArraySource(np.ones((1, 1000), dtype=np.float32))
    recording = assemble(
        Path("a"), "none", 500.0, facts, source,
        options=ImportOptions(rate_hz=250.0), mark_reader=lambda: (Mark(1.0, "N", 0.5),),
    )  # fmt: skip
    assert recording.marks == (Mark(2.0, "N", 1.0),)


def test_other_channels_are_scaled_with_a_gain_of_their_own_and_keep_their_unit(
    write_record, wave
) -> None:
    path = write_record(wave, names=("I", "Resp"), units=("mV", "NU"))
    recording = open_recording(path, options=ImportOptions(unit="uV", gains=(1.0, 2.0)))
    np.testing.assert_allclose(
        recording.source.read(0, 1000, [0, 1]), [1e-6 * wave[0], 2e-3 * wave[1]], rtol=1e-6
    )
    assert recording.channels[1].unit == "NU"
    assert recording.resolution_mv == pytest.approx(1e-6)

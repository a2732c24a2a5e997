"""Long reconstructions: usable while they grow, the same in whatever order they are made."""

from __future__ import annotations

import errno
import gc
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import make_recording, twelve_lead_array
from memory import peak_memory

from ecgview.engine import estimates, reconstructor, windows
from ecgview.engine.cards import ModelCard
from ecgview.engine.estimates import Estimates
from ecgview.engine.events import Finished, Grown, Progress
from ecgview.engine.reconstruct import reconstruction_events
from ecgview.engine.reconstructor import Reconstructor
from ecgview.errors import EcgviewError
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording

CHEST = [LEAD_INDEX[lead] for lead in ("V1", "V3", "V4", "V5", "V6")]


@pytest.fixture(params=["materialised", "put together when read", "in a file"])
def _kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconstructor, "_WINDOWS_IN_A_BATCH", 2)
    if request.param != "materialised":
        monkeypatch.setattr(windows, "_MATERIALISED_SAMPLES", 0)
    if request.param == "in a file":
        monkeypatch.setattr(estimates.Estimates.__init__, "__defaults__", (0,))


def grow(
    card: ModelCard,
    recording: Recording,
    first: tuple[int, int] | None,
    wanted: Callable[[], tuple[int, int] | None] | None = None,
    leads: tuple[str, ...] = ("I", "II", "V2"),
) -> tuple[Reconstruction, list[tuple[int, int]]]:
    """Reconstruct; give the result and the stretches in the order in which they came."""
    came: list[tuple[int, int]] = []
    events = reconstruction_events(
        recording, leads, str(card.path), "cpu", first=first, wanted=wanted
    )
    for event in events:
        if isinstance(event, Grown):
            came.append((event.start, event.stop))
        elif isinstance(event, Finished):
            return event.result, came
    raise AssertionError("it never finished")


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize("leads", [("I", "II", "V2"), ("aVF", "V3"), LEADS])
def test_the_order_of_windows_does_not_matter(tiny_card: ModelCard, leads: tuple[str, ...]) -> None:
    recording = make_recording(duration_s=180.0)
    in_order, _ = grow(tiny_card, recording, None, leads=leads)
    rng = np.random.default_rng(1)

    def anywhere() -> tuple[int, int]:
        start = int(rng.integers(0, recording.n_samples))
        return start, start + 5000

    mixed, came = grow(tiny_card, recording, (50_000, 55_000), anywhere, leads)
    assert sorted(came) != came
    assert mixed.is_whole
    assert np.array_equal(in_order.read(), mixed.read())


@pytest.mark.parametrize("leads", [("I", "II", "V2"), ("aVF",), ("V1", "V5"), ("I", "aVL", "V3")])
@pytest.mark.parametrize("fs_hz", [125.0, 257.0, 500.0, 1000.0])
def test_leads_put_together_when_read_are_those_that_are_kept(
    tiny: Reconstructor,
    monkeypatch: pytest.MonkeyPatch,
    fs_hz: float,
    leads: tuple[str, ...],
) -> None:
    recording = with_gap(make_recording(fs_hz, duration_s=70.0))
    kept = tiny.windows(recording, leads)
    monkeypatch.setattr(windows, "_MATERIALISED_SAMPLES", 0)
    read = tiny.windows(recording, leads)
    assert kept.is_materialised
    assert not read.is_materialised
    for job in (kept, read):
        assert sum(1 for _ in tiny.run([job])) >= 1
    estimated = [
        LEAD_INDEX[lead] for lead in ("V1", "V2", "V3", "V4", "V5", "V6") if lead not in leads
    ]
    rng = np.random.default_rng(2)
    places = sorted(rng.integers(0, recording.n_samples, size=(40, 2)).tolist())
    for start, stop in (sorted(place) for place in places):
        expected = kept.signals_mv[:, start:stop]
        found = read.read_leads(start, stop, range(12))
        assert np.array_equal(found[estimated], expected[estimated], equal_nan=True)
        np.testing.assert_allclose(found, expected, atol=1e-6)
        of_two = read.read_leads(start, stop, [7, 2])
        np.testing.assert_allclose(of_two, expected[[7, 2]], atol=1e-6)


def with_gap(recording: Recording) -> Recording:
    source = recording.source
    assert isinstance(source, ArraySource)
    signals_mv = source.signals_mv.copy()
    signals_mv[LEAD_INDEX["V2"], 2000:2300] = np.nan
    signals_mv[LEAD_INDEX["aVF"], 3000:3001] = np.nan
    return replace(recording, source=ArraySource(signals_mv))


@pytest.mark.usefixtures("_kept")
def test_the_first_part_is_there_first_and_stays_as_it_is(tiny_card: ModelCard) -> None:
    recording = make_recording(duration_s=180.0)
    first = (60_000, 65_000)
    events = reconstruction_events(recording, ("I", "II", "V2"), str(tiny_card.path), first=first)
    grown = next(event for event in events if isinstance(event, Grown))
    partial = grown.reconstruction
    assert grown.start <= first[0] < grown.stop
    assert partial.done == ((grown.start, grown.stop),)
    assert not partial.is_whole
    early = partial.read(LEADS, grown.start, grown.stop)
    assert np.isfinite(early).all()
    assert np.isnan(partial.read(LEADS, 0, grown.start)).all()
    assert np.isnan(partial.read(LEADS, grown.stop, recording.n_samples)).all()
    last = list(events)[-1]
    assert isinstance(last, Finished)
    assert last.result.source is partial.source
    assert partial.done == ((0, recording.n_samples),)
    assert np.array_equal(partial.read(LEADS, grown.start, grown.stop), early)
    assert last.result.elapsed_s > 0


@pytest.mark.usefixtures("_kept")
def test_one_that_was_left_goes_on(tiny_card: ModelCard) -> None:
    recording, question = make_recording(duration_s=180.0), (("I", "II", "V2"), str(tiny_card.path))
    events = reconstruction_events(recording, *question, first=(40_000, 45_000))
    begun = next(event for event in events if isinstance(event, Grown)).reconstruction
    events.close()
    before = begun.done
    again = list(reconstruction_events(recording, *question, first=(0, 1), begun=begun))
    came = [(event.start, event.stop) for event in again if isinstance(event, Grown)]
    assert came[0][0] == 0
    assert before[0] not in came
    assert sum(b - a for a, b in (*came, *before)) == recording.n_samples
    assert again[-1].result.source is begun.source
    whole, _ = grow(tiny_card, recording, None)
    assert np.array_equal(again[-1].result.read(), whole.read())
    progress = [event.done for event in again if isinstance(event, Progress)][1:]
    assert progress == sorted(progress)
    assert progress[0] > 2


@pytest.mark.usefixtures("_kept")
def test_a_wanted_place_moves_to_the_front(tiny_card: ModelCard) -> None:
    recording = make_recording(duration_s=300.0)
    wishes = iter([None, None, (120_000, 125_000)])
    _, came = grow(tiny_card, recording, (0, 5000), lambda: next(wishes, (10_000, 15_000)))
    assert came[0][0] == 0
    assert came[1][0] == came[0][1]
    assert came[2][0] <= 120_000 < came[2][1]
    # Then on from the next wish, and at last what lies behind it.
    assert came[3][0] == came[1][1]
    assert sorted(came)[-1][1] == recording.n_samples
    assert sum(stop - start for start, stop in came) == recording.n_samples


def test_nothing_before_the_end_is_told_to_those_who_do_not_ask(tiny_card: ModelCard) -> None:
    recording = make_recording(duration_s=120.0)
    events = list(reconstruction_events(recording, ("I",), str(tiny_card.path)))
    assert {type(event) for event in events} == {Progress, Finished}
    assert isinstance(events[-1], Finished)
    assert isinstance(events[-1].result.source, ArraySource)


def test_closing_in_the_middle_keeps_what_is_done_until_it_is_dropped(
    tiny_card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "_MATERIALISED_SAMPLES", 0)
    monkeypatch.setattr(reconstructor, "_WINDOWS_IN_A_BATCH", 2)
    monkeypatch.setattr(estimates.Estimates.__init__, "__defaults__", (0,))
    recording = make_recording(duration_s=120.0)
    events = reconstruction_events(recording, ("I",), str(tiny_card.path), first=(0, 5000))
    grown = next(event for event in events if isinstance(event, Grown))
    events.close()
    partial = grown.reconstruction
    assert np.isfinite(partial.read(LEADS, 0, grown.stop)).all()
    kept = partial.source.job._estimates
    file = kept._file
    assert kept.is_filed
    assert not file.closed
    del grown, partial, events, kept
    gc.collect()
    assert file.closed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes it when it is closed")
def test_the_temporary_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = Estimates(in_memory_bytes=0)
    kept.put(3, np.arange(12, dtype=np.float32).reshape(2, 6))
    assert kept.is_filed
    assert list(tmp_path.iterdir()) == []
    assert np.array_equal(kept.get(3), np.arange(12).reshape(2, 6))
    assert kept.get(2) is None


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(EcgviewError, match=r"no room for the reconstruction.*No space left"):
        Estimates(in_memory_bytes=0).put(0, np.zeros((2, 6), dtype=np.float32))


def test_reading_while_it_grows(tiny_card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_MATERIALISED_SAMPLES", 0)
    monkeypatch.setattr(reconstructor, "_WINDOWS_IN_A_BATCH", 1)
    recording = make_recording(duration_s=200.0)
    whole, _ = grow(tiny_card, recording, None)
    expected = whole.read()
    events = reconstruction_events(recording, ("I", "II", "V2"), str(tiny_card.path), first=(0, 1))
    partial = next(event for event in events if isinstance(event, Grown)).reconstruction
    worker = threading.Thread(target=lambda: list(events))
    worker.start()
    reads, wrong = 0, 0
    while worker.is_alive() or not reads:
        for start, stop in partial.done:
            found = partial.read(LEADS, start, stop)
            wrong += not np.array_equal(found[CHEST], expected[CHEST, start:stop])
            reads += 1
    worker.join()
    assert reads
    assert not wrong
    assert partial.is_whole


class DaySource:
    """Beats that repeat every minute, made when they are read."""

    n_channels = 12

    def __init__(self, n_samples: int) -> None:
        self.n_samples = n_samples
        self._minute = twelve_lead_array(500.0, 60.0)

    def read(self, start: int, stop: int, channels: list[int]) -> np.ndarray:
        places = np.arange(start, stop) % self._minute.shape[1]
        return self._minute[np.ix_(list(channels), places)]


def test_memory_stays_bounded(tiny_card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates.Estimates.__init__, "__defaults__", (1 << 20,))
    recording = replace(make_recording(), source=DaySource(500 * 3600))
    grow(tiny_card, make_recording(), (0, 1))  # what is loaded once is not counted
    with peak_memory() as rise:
        result, _ = grow(tiny_card, recording, (0, 5000))
    assert result.is_whole
    assert result.source.job._estimates.is_filed
    # Twelve leads of an hour are 86 MB; a batch of windows is what is in memory at a time.
    assert rise[0] < 60e6

"""Pyramids filled in the background and kept on disk, and the strip of the whole recording."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from ecg import rebuilt
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QSignalSpy, QTest
from test_long_view import FS_HZ, Growing, noisy, view_of
from waiting import wait_until

from ecgview.cli import main
from ecgview.engine.events import Finished
from ecgview.engine.overview_files import (
    clear_overviews,
    list_overviews,
    load_overview,
    overview_key,
)
from ecgview.errors import RecordingError
from ecgview.gui.overviews import Filled, Overviews, overview_job
from ecgview.gui.theme import DARK, LIGHT
from ecgview.gui.viewer.overview_scene import MARGIN_PX, Scale, overview_trace
from ecgview.gui.viewer.overview_strip import HEIGHT_PX, OverviewStrip
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.leads import lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ImportOptions, Recording

pytestmark = pytest.mark.usefixtures("qapp")
WIDTH = 800


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    return tmp_path / "cache" / "overviews"


@pytest.fixture(scope="module")
def made() -> Recording:
    return noisy()


@pytest.fixture
def recording(made: Recording, tmp_path: Path) -> Recording:
    """One that says it was read from a file."""
    path = tmp_path / "holter.hea"
    path.write_text("header")
    path.with_suffix(".dat").write_bytes(b"samples")
    return replace(made, path=path)


def run(leads: LevelledLeads, recording: Recording | None, first: int = 0) -> list[object]:
    return list(overview_job(leads, first, recording))


def low_and_high(leads: LevelledLeads) -> NDArray[np.float32]:
    assert leads.pyramid is not None
    edges = np.arange(0, leads.n_samples + 1, 10_000)
    found = leads.pyramid.columns(1, edges, 4096)
    return np.stack([found.lowest, found.highest])


# The cache


def test_the_second_opening_has_it_at_once(recording: Recording, cache: Path) -> None:
    first = LevelledLeads.of_recording(recording)
    run(first, recording)
    (kept,) = list_overviews()
    assert kept.path.parent == cache
    assert "holter" not in kept.name, "names of files may be names of patients"
    second = LevelledLeads.of_recording(recording)

    def read(start: int, stop: int) -> NDArray[np.float32]:
        assert stop <= 60 * FS_HZ, "only the zero lines are read"
        return recording.read_twelve(start, stop)

    second._read = read
    events = run(second, recording)
    assert events == [Filled(((0, recording.n_samples),)), Finished(None)]
    assert second.pyramid is not None
    assert second.pyramid.is_complete
    assert np.array_equal(low_and_high(first), low_and_high(second), equal_nan=True)
    for one, other in zip(first.pyramid.levels, second.pyramid.levels, strict=True):
        assert np.array_equal(one.lowest, other.lowest, equal_nan=True)
        assert np.array_equal(one.highest, other.highest, equal_nan=True)
        assert (one.holed == other.holed).all()


def test_another_state_of_the_file_is_another_overview(recording: Recording) -> None:
    key = overview_key(recording)
    assert key == overview_key(replace(recording))
    assert overview_key(replace(recording, options=ImportOptions(rate_hz=2.0))) != key
    assert recording.path is not None
    recording.path.with_suffix(".ecgnotes").write_bytes(b"a note changes no sample")
    assert overview_key(recording) == key
    os.utime(recording.path.with_suffix(".dat"), (1, 1))
    touched = overview_key(recording)
    assert touched != key
    recording.path.with_suffix(".dat").write_bytes(b"other samples")
    assert overview_key(recording) not in (key, touched)
    assert overview_key(replace(recording, path=None)) is None


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", None])
def test_what_cannot_be_read_is_built_again(recording: Recording, damage: bytes | None) -> None:
    run(LevelledLeads.of_recording(recording), recording)
    (kept,) = list_overviews()
    whole = kept.path.read_bytes()
    kept.path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    leads = LevelledLeads.of_recording(recording)
    key = overview_key(recording)
    assert key is not None
    assert leads.pyramid is not None
    assert not load_overview(key, leads.pyramid, leads.medians_mv())
    run(leads, recording)
    assert leads.pyramid.is_complete
    assert load_overview(key, leads.pyramid, leads.medians_mv())


def test_other_zero_lines_are_not_taken_over(recording: Recording) -> None:
    leads = LevelledLeads.of_recording(recording)
    run(leads, recording)
    key = overview_key(recording)
    assert key is not None
    assert leads.pyramid is not None
    assert not load_overview(key, leads.pyramid, leads.medians_mv() + np.float32(0.1))


def test_the_oldest_go_when_there_are_too_many(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(LevelledLeads.of_recording(recording), recording)
    (oldest,) = list_overviews()
    os.utime(oldest.path, (1, 1))
    given_up, begun = (oldest.path.with_name(name) for name in ("a.1.part", "b.2.part"))
    given_up.write_bytes(b"of a process that was ended")
    begun.write_bytes(b"of another one that runs")
    os.utime(given_up, (1, 1))
    monkeypatch.setattr("ecgview.engine.overview_files.MOST_BYTES", 2.5 * oldest.size_bytes)
    for rate_hz in (2.0, 3.0):
        other = replace(recording, options=ImportOptions(rate_hz=rate_hz))
        run(LevelledLeads.of_recording(other), other)
    left = [kept.path for kept in list_overviews()]
    assert len(left) == 2
    assert oldest.path not in left
    assert (given_up.exists(), begun.exists()) == (False, True)


def test_a_folder_that_takes_no_files_costs_nothing_else(recording: Recording, cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("a file stands where the folder would be")
    leads = LevelledLeads.of_recording(recording)
    run(leads, recording)
    assert leads.pyramid is not None
    assert leads.pyramid.is_complete
    assert list_overviews() == []


def test_the_command_line_lists_and_removes_them(recording: Recording, capsys) -> None:
    assert main(["cache"]) == 0
    assert "nothing is kept" in capsys.readouterr().out
    run(LevelledLeads.of_recording(recording), recording)
    (kept,) = list_overviews()
    assert main(["cache"]) == 0
    listed = capsys.readouterr().out
    assert kept.name in listed
    assert f"{kept.size_bytes / 1e6:.1f} MB" in listed
    assert main(["cache", "--json"]) == 0
    assert f'"{kept.name}"' in capsys.readouterr().out
    assert main(["cache", "--clear", "mystery"]) == 1
    assert list_overviews()
    assert main(["cache", "--clear", kept.name[:14]]) == 0
    assert "removed 1" in capsys.readouterr().out
    assert list_overviews() == []
    run(LevelledLeads.of_recording(recording), recording)
    assert main(["cache", "--clear"]) == 0
    assert clear_overviews() == []


# The work in the background


def test_what_is_in_sight_comes_first_and_cancelling_leaves_the_rest(recording) -> None:
    leads = LevelledLeads.of_recording(recording)
    assert leads.pyramid is not None
    job = overview_job(leads, 4 * leads.pyramid.block, recording)
    import ecgview.gui.overviews as module

    before, module.TOLD_EVERY_S = module.TOLD_EVERY_S, -1.0
    try:
        assert next(job) == Filled(((4 * 65536, 5 * 65536),))
        assert next(job) == Filled(((5 * 65536, 6 * 65536),))
        job.close()
    finally:
        module.TOLD_EVERY_S = before
    assert leads.pyramid.built.tolist() == [part in (4, 5) for part in range(10)]
    assert list_overviews() == []
    run(leads, recording)
    assert leads.pyramid.is_complete


@pytest.fixture
def area() -> Iterator[TraceArea]:
    shown = TraceArea()
    shown.resize(900, 600)
    yield shown
    shown.deleteLater()


@pytest.fixture
def overviews(area: TraceArea) -> Iterator[Overviews]:
    keeper = Overviews(area, area)
    yield keeper
    keeper.close()


def test_recording_and_reconstruction_are_filled(area, overviews, recording) -> None:
    spy = QSignalSpy(overviews.changed)
    area.set_recording(recording)
    area.set_reconstruction(rebuilt(recording, ("I",)))
    signals = area.signals()
    assert overviews.fraction < 1 or signals.recorded.pyramid.is_complete
    wait_until(lambda: all(leads.pyramid.is_complete for leads in signals.all))
    wait_until(lambda: len(list_overviews()) == 1)
    assert overviews.fraction == 1
    assert spy.count() >= 3


def test_another_recording_ends_the_work_for_the_first(area, overviews, recording, made) -> None:
    area.set_recording(recording)
    first = area.signals()
    area.set_recording(replace(made, name="other"))
    second = area.signals()
    wait_until(lambda: second.recorded.pyramid.is_complete)
    assert second is not first
    area.set_recording(None)
    assert overviews.fraction == 1


def test_a_file_that_cannot_be_read_any_more_is_told_of_once(area, overviews, made) -> None:
    class Lost:
        n_channels, n_samples = 12, made.n_samples

        def read(self, start: int, stop: int, channels: list[int]) -> NDArray[np.float32]:
            if stop > 200_000:
                raise RecordingError("holter.dat cannot be read.", "Is the disk still there?")
            return made.source.read(start, stop, channels)

    spy = QSignalSpy(overviews.failed)
    area.set_recording(replace(made, source=Lost()))
    wait_until(lambda: spy.count() == 1)
    assert str(spy.at(0)[0]).startswith("holter.dat cannot be read.")
    assert overviews.fraction == 1, "nobody is told to wait for it"
    area.grown.emit()
    area.set_recording(made)
    wait_until(lambda: area.signals().recorded.pyramid.is_complete)
    assert spy.count() == 1


def test_a_reconstruction_is_followed_as_it_grows(area, overviews, made) -> None:
    source = Growing(np.nan_to_num(made.read_twelve()))
    growing = Reconstruction(("I",), lead_origins(("I",)), source, "grows", 62.5, "cpu", 0.0)
    source.done = ((0, 200_000),)
    area.set_recording(made)
    area.set_reconstruction(growing)
    pyramid = area.signals().rebuilt.pyramid
    wait_until(lambda: pyramid.built[:3].all())
    assert not pyramid.built[3:].any()
    source.done = ((0, made.n_samples),)
    area.grab()
    wait_until(lambda: pyramid.is_complete)


# The strip


@pytest.fixture
def strip(made: Recording) -> Iterator[OverviewStrip]:
    signals = Signals.of(made)
    signals.recorded.fill(0, made.n_samples)
    shown = OverviewStrip()
    shown.resize(WIDTH, HEIGHT_PX)
    shown.set_signals(signals, 1.0)
    shown.set_view(view_of(120.0, 300.0))
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def moves(strip: OverviewStrip) -> list[float]:
    """Where the strip asks to go; it is taken there."""
    asked: list[float] = []

    def go(start_s: float) -> None:
        asked.append(start_s)
        strip.set_view(view_of(120.0, start_s))

    strip.moved.connect(go)
    return asked


def at(strip: OverviewStrip, time_s: float) -> QPoint:
    return QPoint(round(strip.scale().x_of(time_s)), 20)


def test_a_click_puts_the_middle_of_the_page_there(strip) -> None:
    asked = moves(strip)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at(strip, 900.0))
    assert asked == [pytest.approx(840.0, abs=1)]
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at(strip, 1199.0))
    assert asked[1] == pytest.approx(1080.0), "not beyond the end"


def test_dragging_takes_the_frame_along(strip) -> None:
    asked = moves(strip)
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(strip, 330.0))
    assert asked == [], "taking hold moves nothing"
    QTest.mouseMove(strip, at(strip, 530.0))
    assert asked[-1] == pytest.approx(500.0, abs=2)
    QTest.mouseMove(strip, at(strip, 100.0))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, 100.0))
    assert asked[-1] == pytest.approx(70.0, abs=2)
    QTest.mouseMove(strip, at(strip, 700.0))
    assert asked[-1] == pytest.approx(70.0, abs=2), "let go"


@pytest.mark.parametrize(
    ("key", "start_s"),
    [
        (Qt.Key.Key_Left, 180.0),
        (Qt.Key.Key_Right, 420.0),
        (Qt.Key.Key_PageUp, 0.0),
        (Qt.Key.Key_PageDown, 1080.0),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 1080.0),
    ],
)
def test_keys_move_by_pages(strip, key, start_s) -> None:
    asked = moves(strip)
    QTest.keyClick(strip, key)
    assert asked == [pytest.approx(start_s)]


def test_it_says_where_the_page_is(strip) -> None:
    assert strip.accessibleName() == "Overview of the recording"
    assert strip.accessibleDescription().startswith("5:00.0 to 7:00.0 of 20:00.0")
    strip.set_signals(None, 1.0)
    assert not strip.has_use


def test_it_is_of_use_where_there_is_more_than_a_page(strip) -> None:
    assert strip.has_use
    strip.set_view(view_of(1200.0, 0.0))
    assert not strip.has_use


def pixels(strip: OverviewStrip) -> NDArray[np.uint8]:
    image = QImage(WIDTH, HEIGHT_PX, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    strip.render(painter, QPoint())
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT_PX, WIDTH, 4)[..., :3].copy()


def test_ticks_stand_at_their_times(strip) -> None:
    before = pixels(strip)
    strip.set_ticks("marks", (30.0, 1000.0), "accent")
    changed = np.flatnonzero((pixels(strip) != before).any(axis=(0, 2)))
    wanted = {round(strip.scale().x_of(time_s)) for time_s in (30.0, 1000.0)}
    assert all(min(abs(column - x) for x in wanted) <= 1 for column in changed)
    assert len(changed) >= 2
    assert strip.ticks("marks") == (30.0, 1000.0)
    strip.set_ticks("marks", (), "accent")
    assert (pixels(strip) == before).all()


def test_dark_is_dark(strip) -> None:
    light = pixels(strip)
    strip.set_theme(DARK)
    assert pixels(strip).mean() < 0.6 * light.mean()
    strip.set_theme(LIGHT)
    assert (pixels(strip) == light).all()


def test_moving_the_frame_does_not_read_the_recording_again(strip, monkeypatch) -> None:
    pixels(strip)
    monkeypatch.setattr("ecgview.gui.viewer.overview_strip.overview_trace", None)
    strip.set_view(view_of(120.0, 777.0))
    pixels(strip)


def test_the_trace_shows_gaps_and_what_is_not_known_yet(made: Recording) -> None:
    signals = Signals.of(made).wait_for_nothing()
    nothing = overview_trace(signals, WIDTH, 40.0, 1.0)
    assert len(nothing.bars) == 0
    assert nothing.unknown.tolist() == [[MARGIN_PX, WIDTH - MARGIN_PX]]
    signals.recorded.fill(0, made.n_samples)
    trace = overview_trace(signals, WIDTH, 40.0, 1.0)
    scale = Scale(1200.0, WIDTH)
    ((left, right),) = trace.gaps
    assert (left, right) == pytest.approx((scale.x_of(500.0), scale.x_of(620.0)), abs=1.5)
    assert len(trace.unknown) == 0
    assert len(trace.bars) == pytest.approx((WIDTH - 2 * MARGIN_PX) * 0.9, abs=3)
    assert trace.bars[:, [1, 3]].min() >= 0
    assert trace.bars[:, [1, 3]].max() <= 40


@pytest.mark.parametrize("duration_s", [3.0, 11.0, 600.0, 86400.0, 14 * 86400.0])
def test_times_have_room_and_begin_at_nought(duration_s: float) -> None:
    labels = Scale(duration_s, WIDTH).labels()
    places = [x for x, _ in labels]
    assert labels[0] == (MARGIN_PX, "0:00")
    assert 2 <= len(labels) <= 12 or duration_s < 11
    assert all(later - x >= 50 for x, later in pairwise(places))

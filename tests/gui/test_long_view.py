"""Far views: what the pixel columns hold, tiles, gaps, and what is still being worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from ecgview.formats import open_recording
from ecgview.gui.theme import DARK, LIGHT, Theme
from ecgview.gui.viewer.columns import EDGE_PX
from ecgview.gui.viewer.layout import Window
from ecgview.gui.viewer.navigate import page_of, zoom_time
from ecgview.gui.viewer.paint import paint_scene
from ecgview.gui.viewer.picture import MOST_WINDOWS, TilePicture
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.signals import LONG_SAMPLES, LevelledLeads, Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.tiling import TILE_PX, runs, tiles_scene
from ecgview.gui.viewer.time_grid import TimeLabel
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.leads import LEAD_INDEX, LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording, recording_from_array
from ecgview.signals.pyramid import fill
from ecgview.simulate import simulate

FS_HZ = 500.0
WIDTH, HEIGHT = 1000, 800
WINDOW = Window(WIDTH, HEIGHT)


def noisy(duration_s: float = 1200.0, gap: bool = True) -> Recording:
    """Beats, noise and a step, so that no two columns are alike; two minutes are missing."""
    rng = np.random.default_rng(3)
    time_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    beat_mv = np.exp(-((((time_s % 0.8) - 0.3) / 0.02) ** 2))
    signals = {
        lead: (beat_mv * (1 + row / 8) + rng.normal(0, 0.1, time_s.size)).astype(np.float32)
        for row, lead in enumerate(LEADS)
    }
    if gap:
        for lead_mv in signals.values():
            lead_mv[round(500 * FS_HZ) : round(620 * FS_HZ)] = np.nan
    return recording_from_array("noisy", signals, FS_HZ)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return noisy()


@pytest.fixture(scope="module")
def reconstruction(recording: Recording) -> Reconstruction:
    made = rebuilt(recording, ("I", "II", "V2"))
    made.source.signals_mv[:] *= 0.8
    made.source.signals_mv[:, round(500 * FS_HZ) : round(620 * FS_HZ)] = np.nan
    return made


@pytest.fixture
def area(qapp: object, recording: Recording, reconstruction: Reconstruction) -> Iterator[TraceArea]:
    made = TraceArea()
    made.resize(WIDTH, HEIGHT)
    made.set_recording(recording)
    made.set_reconstruction(reconstruction)
    signals = made.signals()
    assert signals is not None
    for leads in signals.all:
        assert leads.pyramid is not None
        assert list(fill(leads.pyramid, leads.read))
    yield made
    made.deleteLater()


def picture_of(area: TraceArea, scale: float = 1.0) -> NDArray[np.int64]:
    image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    area.render(painter, QPoint())
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., :3].astype(np.int64)


def view_of(page_s: float, start_s: float = 100.0, layout: str = "12x1") -> ViewState:
    return ViewState(layout=layout, speed_mm_s=250 / page_s, start_s=start_s)


def panel_of(scene: Scene, lead: str):
    return next(panel for panel in scene.panels if panel.cell.lead == lead)


# What a column holds


@pytest.mark.parametrize("page_s", [12.0, 30.0, 60.0, 200.0, 333.0, 1200.0])
@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_every_column_spans_its_lowest_and_highest_sample(recording, page_s, dpr) -> None:
    scene = build_scene(view_of(page_s, 7.3), recording, None, None, WIDTH, HEIGHT, dpr)
    page, checked = scene.page, 0
    signals = Signals.of(recording)
    for lead in ("II", "V6"):
        panel = panel_of(scene, lead)
        lead_mv = signals.recorded.window(0, recording.n_samples)[LEAD_INDEX[lead]]
        bars = {round(bar[0] * dpr - 0.5): bar for bar in panel.original}
        assert len(bars) == len(panel.original), "one bar a pixel column"
        for column in sorted(bars)[3:-3:7]:
            times_s = [page.time_of((column + part) / dpr) for part in (1e-6, 1 - 1e-6)]
            first, stop = (int(np.ceil(time_s * FS_HZ)) for time_s in times_s)
            inside = lead_mv[first:stop]
            if not len(inside) or np.isnan(inside).any():
                continue
            _, top, _, bottom = bars[column]
            assert top <= panel.baseline - inside.max() * page.px_per_mv + 0.5
            assert bottom >= panel.baseline - inside.min() * page.px_per_mv - 0.5
            checked += 1
    assert checked > 150


@pytest.mark.real_data
def test_the_peaks_of_real_recordings_are_seen_from_afar(data_dir: Path) -> None:
    paths = sorted((data_dir / "ptb-xl").rglob("*_hr.hea"))[:60]
    assert len(paths) == 60
    leads_mv = np.concatenate([open_recording(path).read(LEADS) for path in paths], axis=1)
    long = recording_from_array("long", dict(zip(LEADS, leads_mv, strict=True)), FS_HZ)
    assert long.n_samples > LONG_SAMPLES
    scene = build_scene(view_of(600.0, 0.0), long, None, None, WIDTH, HEIGHT)
    levelled = Signals.of(long).recorded.window(0, long.n_samples)
    for lead, lead_mv in zip(LEADS, levelled, strict=True):
        panel = panel_of(scene, lead)
        top = panel.baseline - float(lead_mv.max()) * scene.page.px_per_mv
        bottom = panel.baseline - float(lead_mv.min()) * scene.page.px_per_mv
        assert panel.original[:, 1].min() == pytest.approx(top, abs=1)
        assert panel.original[:, 3].max() == pytest.approx(bottom, abs=1)
        at_s = scene.page.time_of(panel.original[panel.original[:, 1].argmin(), 0])
        assert at_s == pytest.approx(int(lead_mv.argmax()) / FS_HZ, abs=1.0)


@pytest.mark.parametrize("page_s", [60.0, 1200.0])
def test_no_bar_is_taller_than_what_lies_around_it(recording, page_s) -> None:
    scene = build_scene(view_of(page_s, 0.0), recording, None, None, WIDTH, HEIGHT)
    panel, page = panel_of(scene, "V4"), scene.page
    lead_mv = Signals.of(recording).recorded.window(0, recording.n_samples)[LEAD_INDEX["V4"]]
    checked = 0
    for x, top, _, bottom in panel.original[5:-5:9]:
        first, stop = (round(page.time_of(x + way) * FS_HZ) for way in (-1.6, 1.6))
        around = lead_mv[first:stop]
        if np.isfinite(around).all():
            assert top >= panel.baseline - around.max() * page.px_per_mv - 1
            assert bottom <= panel.baseline - around.min() * page.px_per_mv + 1
            checked += 1
    assert checked > 50


@pytest.mark.parametrize("page_s", [15.0, 200.0, 900.0])
def test_nothing_wiggles_in_panning(recording, page_s) -> None:
    signals = Signals.of(recording)

    def bars(start_s: float) -> dict[int, tuple[float, float]]:
        """Bars by their place on the endless paper, in device pixels."""
        view = view_of(page_s, start_s)
        scene = build_scene(view, recording, None, None, WIDTH, HEIGHT, signals=signals)
        zero = scene.page.x_of(0.0)
        found = panel_of(scene, "V2").original
        return {round(x - zero): (top, bottom) for x, top, _, bottom in found}

    first, later = bars(20.0), bars(20.0 + 0.0317 * page_s)
    common = sorted(set(first) & set(later))[3:-3]
    assert len(common) > 500
    assert [first[x] for x in common] == [later[x] for x in common]


@pytest.mark.parametrize("page_s", [60.0, 400.0, 1200.0])
def test_a_gap_stays_a_gap_at_every_distance(recording, reconstruction, page_s) -> None:
    view = view_of(page_s, max(0.0, 560 - page_s / 2))
    scene = build_scene(view, recording, reconstruction, None, WIDTH, HEIGHT)
    left, right = scene.page.x_of(500.0) + 1.5, scene.page.x_of(620.0) - 1.5
    panel = panel_of(scene, "V5")
    for segments in (panel.original, panel.reconstruction, panel.shading):
        inside = (segments[:, 0] > left) & (segments[:, 0] < right)
        assert not inside.any()
    if page_s > 200:
        assert len(panel.original) > 500
        assert len(panel.reconstruction) > 300
        assert len(panel.shading) > 300


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_dense_reconstructions_are_dashed_along_both_ends(recording, reconstruction, dpr) -> None:
    scene = build_scene(view_of(900.0, 620.0), recording, reconstruction, None, WIDTH, HEIGHT, dpr)
    panel = panel_of(scene, "V5")
    bars = {round(bar[0] * dpr - 0.5): bar for bar in panel.original}
    dashes = panel.reconstruction
    assert (panel.original[:, 3] - panel.original[:, 1]).max() > 20
    assert (dashes[:, 3] - dashes[:, 1]).max() <= EDGE_PX + 1e-9
    columns = np.unique(np.rint(dashes[:, 0] * dpr - 0.5).astype(int))
    assert len(columns) / len(bars) == pytest.approx(4 / 6.5, abs=0.02)
    assert len(dashes) > 1.8 * len(columns), "an upper and a lower end"
    # The estimate has four fifths of the height.
    upper = dashes[: len(dashes) // 2]
    inside = [y > bars[round(x * dpr - 0.5)][1] - 1 for x, y, _, _ in upper]
    assert np.mean(inside) > 0.95


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_dense_tiles_are_what_a_picture_of_the_page_shows(area, theme: Theme, scale) -> None:
    area.set_theme(theme)
    area.set_view(view_of(700.0, 300.0, "3x4+1"))
    window = picture_of(area, scale)
    scene = replace(area._scene_at(scale), panels=area._build(scale, traces=True).panels)
    image = QImage(*window.shape[1::-1], QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    paint_scene(painter, scene, theme)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(window.shape[0], -1, 4)
    differs = np.abs(rows[..., :3].astype(np.int64) - window).max(axis=2)
    shown = differs[: round(0.97 * len(differs))]
    # Bars two pixels wide reach to the right here, and to both sides there.
    assert (shown > 60).mean() < (0.001 if scale == 1 else 0.02)


def test_times_leave_room_for_the_notice(qapp) -> None:
    simulated = simulate("normal", duration_s=600.0)
    scene = build_scene(view_of(600.0, 0.0), simulated, None, None, WIDTH, HEIGHT)
    scene = replace(scene, times=(*scene.times, TimeLabel("9:59", WIDTH - 80.0, 13.0)))

    def head(times: tuple[TimeLabel, ...]) -> NDArray[np.uint8]:
        image = QImage(WIDTH, 40, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        paint_scene(painter, replace(scene, times=times), LIGHT)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).reshape(40, WIDTH, 4).copy()

    assert scene.notice == "SIMULATED"
    assert len(scene.times) > 5
    with_times, without = head(scene.times), head(())
    assert (with_times != without).any()
    assert np.array_equal(with_times[:, -110:], without[:, -110:])


# Tiles


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("layout", ["12x1", "3x4+1", "6x2"])
@pytest.mark.parametrize("page_s", [4.0, 10.0, 700.0])
def test_panned_tiles_are_what_a_fresh_picture_would_show(area, page_s, layout, scale) -> None:
    view = view_of(page_s, 301.0, layout)
    area.set_view(view)
    picture_of(area, scale)
    for part in (0.013, 0.13, -0.31, 0.7771, 0.05):
        view = replace(view, start_s=view.start_s + part * page_s)
        area.set_view(view)
        panned = picture_of(area, scale)
    area._picture = TilePicture()
    fresh = picture_of(area, scale)
    differs = np.abs(panned - fresh).max(axis=2)
    # A painter rounds lines where they begin, which is elsewhere in a strip of other tiles.
    assert differs.max() <= (8 if page_s < 8 and scale == 2 else 0)
    assert (np.abs(fresh - fresh[:1, :1]).max(axis=2) > 100).sum() > 1000, "something is drawn"


def test_side_by_side_pans_in_tiles_too(area) -> None:
    view = replace(view_of(20.0, 40.0), show="side")
    area.set_view(view)
    picture_of(area)
    area.set_view(replace(view, start_s=43.3))
    panned = picture_of(area)
    area._picture = TilePicture()
    assert (panned == picture_of(area)).all()


def test_panning_paints_new_tiles_only(area, monkeypatch) -> None:
    painted: list[range] = []

    def watched(view, scene, signals, group, tiles):
        painted.append(tiles)
        return tiles_scene(view, scene, signals, group, tiles)

    monkeypatch.setattr("ecgview.gui.viewer.picture.tiles_scene", watched)
    area.set_view(view_of(60.0, 100.0))
    picture_of(area)
    first = sum(len(tiles) for tiles in painted)
    assert WIDTH // TILE_PX <= first <= WIDTH // TILE_PX + 2
    painted.clear()
    picture_of(area)
    assert painted == []
    area.set_view(view_of(60.0, 102.0))
    picture_of(area)
    area.set_view(view_of(60.0, 100.0))
    picture_of(area)
    assert sum(len(tiles) for tiles in painted) <= 1


@pytest.mark.parametrize(
    "change",
    [{"gain_mm_mv": 20.0}, {"shading": False}, {"half_chest": True}, {"show": "original"}],
)
def test_a_change_of_look_paints_all_tiles_anew(area, change) -> None:
    view = view_of(30.0, 50.0)
    area.set_view(view)
    before = picture_of(area)
    area.set_view(replace(view, **change))
    changed = picture_of(area)
    area._picture = TilePicture()
    assert (changed == picture_of(area)).all()
    assert (changed != before).any()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_theme_and_another_reconstruction_paint_all_tiles_anew(
    area, recording, theme: Theme
) -> None:
    area.set_view(view_of(30.0, 50.0))
    picture_of(area)
    area.set_theme(theme)
    area.set_reconstruction(rebuilt(recording, ("I",), 0.3))
    changed = picture_of(area)
    area._picture = TilePicture()
    assert (changed == picture_of(area)).all()


def test_tiles_take_bounded_memory(area) -> None:
    for start_s in range(0, 1100, 7):
        area.set_view(view_of(10.0, float(start_s), "3x4+1"))
        picture_of(area)
    assert area._picture.n_bytes <= (MOST_WINDOWS + 4) * WIDTH * HEIGHT * 4


def test_numbers_in_runs() -> None:
    assert runs([]) == []
    assert runs([3, 4, 5, 8, 10, 11]) == [range(3, 6), range(8, 9), range(10, 12)]


# What grows


class Growing:
    """A source of which a part is there."""

    n_channels = 12

    def __init__(self, signals_mv: NDArray[np.float32]) -> None:
        self.signals_mv = signals_mv
        self.n_samples = signals_mv.shape[1]
        self.done: tuple[tuple[int, int], ...] = ()

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        found = np.full((len(channels), stop - start), np.nan, dtype=np.float32)
        for first, last in self.done:
            low, high = max(first, start), min(last, stop)
            if low < high:
                found[:, low - start : high - start] = self.signals_mv[list(channels), low:high]
        return found


@pytest.fixture
def growing(recording: Recording) -> Reconstruction:
    source = Growing(np.nan_to_num(recording.read_twelve()) * np.float32(0.7) + np.float32(5))
    origins = lead_origins(("I", "II"))
    return Reconstruction(("I", "II"), origins, source, "grows", 62.5, "cpu", 0.0)


def test_a_growing_reconstruction_is_drawn_as_far_as_it_is_there(area, growing) -> None:
    area.set_view(view_of(20.0, 100.0))
    area.set_reconstruction(growing)
    alone = picture_of(area)
    assert len(panel_of(area.scene(), "V3").reconstruction) == 0
    growing.source.done = ((round(90 * FS_HZ), round(110 * FS_HZ)),)
    picture_of(area)  # it is noticed in painting
    scene = area.scene()
    drawn = panel_of(scene, "V3").reconstruction
    assert len(drawn) > 100
    assert drawn[:, 2].max() <= scene.page.x_of(110.0) + 1.5
    halfway = picture_of(area)
    assert (halfway != alone).any()
    growing.source.done = ((round(90 * FS_HZ), round(130 * FS_HZ)),)
    picture_of(area)
    whole = picture_of(area)
    area._picture = TilePicture()
    assert (whole == picture_of(area)).all()
    assert panel_of(area.scene(), "V3").reconstruction[:, 2].max() > scene.page.x_of(118.0)


def test_the_zero_line_of_what_grows_is_that_of_its_first_stretch(growing) -> None:
    leads = LevelledLeads.of_reconstruction(growing, FS_HZ)
    assert np.isnan(leads.window(0, 1000)).all()
    first = (round(200 * FS_HZ), round(300 * FS_HZ))
    growing.source.done = (first,)
    assert leads.refresh() == (first,)
    assert abs(np.median(leads.window(*first)[3])) < 0.05
    before = leads.window(*first).copy()
    growing.source.done = ((0, round(50 * FS_HZ)), first)
    assert leads.refresh() == ((0, round(50 * FS_HZ)),)
    assert (leads.window(*first) == before).all(), "what was seen does not jump"
    assert leads.refresh() == ()


def test_the_pyramid_of_what_grows_forgets_what_has_come(growing) -> None:
    leads = LevelledLeads.of_reconstruction(growing, FS_HZ)
    assert leads.pyramid is not None
    growing.source.done = ((0, round(400 * FS_HZ)),)
    leads.refresh()
    list(fill(leads.pyramid, leads.read))
    growing.source.done = ((0, growing.source.n_samples),)
    leads.refresh()
    first = round(400 * FS_HZ) // leads.pyramid.block
    assert leads.pyramid.built.tolist() == [part < first for part in range(10)]


def test_what_is_read_already_is_kept_when_the_reconstruction_is_told_again(growing) -> None:
    signals = Signals.of(noisy(20.0)).with_reconstruction(growing)
    again = signals.with_reconstruction(replace(growing, elapsed_s=3.0))
    assert again.rebuilt is signals.rebuilt


# Reading


def test_far_views_of_the_window_wait_for_nothing_and_pictures_for_all(recording) -> None:
    assert recording.n_samples > LONG_SAMPLES
    view = view_of(1200.0, 0.0)
    window = Signals.of(recording).wait_for_nothing()
    blank = build_scene(view, recording, None, None, WIDTH, HEIGHT, signals=window)
    assert len(panel_of(blank, "V1").original) == 0
    picture = build_scene(view, recording, None, None, WIDTH, HEIGHT)
    assert len(panel_of(picture, "V1").original) > 700


def test_short_recordings_need_no_pyramid() -> None:
    signals = Signals.of(flat_recording(60.0)).wait_for_nothing()
    assert signals.recorded.pyramid is None
    view = view_of(60.0, 0.0)
    scene = build_scene(view, signals.recording, None, None, WIDTH, HEIGHT, signals=signals)
    assert len(panel_of(scene, "II").original) > 800


# Time on the page


@pytest.mark.parametrize("layout", ["12x1", "3x4+1"])
def test_zooming_in_time_keeps_the_time_under_the_pointer(layout) -> None:
    view = view_of(10.0, 300.0, layout)
    area_x = 640.0
    for factor in (0.5, 1.7, 8.0):
        zoomed = zoom_time(view, factor, area_x, 1200.0, WINDOW)
        before = build_scene(view, None, None, None, WIDTH, HEIGHT).page.time_of(area_x)
        after = build_scene(zoomed, None, None, None, WIDTH, HEIGHT).page
        assert after.time_of(area_x) == pytest.approx(before, abs=1.5 / after.px_per_s)
        assert zoomed.page_s == pytest.approx(10 / factor)


def test_a_page_holds_a_second_at_least_and_the_recording_at_most() -> None:
    view = view_of(10.0, 300.0)
    assert zoom_time(view, 1e6, 400.0, 1200.0, WINDOW).page_s == pytest.approx(1.0)
    whole = zoom_time(view, 1e-6, 400.0, 1200.0, WINDOW)
    assert (whole.start_s, whole.page_s) == (0.0, pytest.approx(1200.0))
    assert page_of(view, 86400.0, 86400.0, WINDOW).page_s == pytest.approx(86400.0)
    assert page_of(view, 60.0, 1200.0, WINDOW).start_s == pytest.approx(275.0)
    assert page_of(view, 10.0, 4.0, WINDOW).page_s == pytest.approx(10.0)


def test_side_by_side_shows_the_time_asked_for_in_each_half() -> None:
    view = replace(view_of(10.0, 300.0), show="side")
    assert page_of(view, 60.0, 1200.0, WINDOW).page_s == pytest.approx(60.0)
    assert page_of(view, 1200.0, 1200.0, WINDOW).page_s == pytest.approx(1200.0)


def test_samples_are_not_changed_by_looking(recording) -> None:
    before = samples(recording)[:, :1000].copy()
    build_scene(view_of(1200.0, 0.0), recording, None, None, WIDTH, HEIGHT)
    assert np.array_equal(samples(recording)[:, :1000], before)

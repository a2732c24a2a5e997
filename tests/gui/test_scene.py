"""The scene: what is drawn where, worked out without a window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples, with_impulse
from numpy.typing import NDArray

from ecgview.engine.metrics import Agreement, LeadAgreement
from ecgview.gui.viewer import lines
from ecgview.gui.viewer.chunks import CHUNK
from ecgview.gui.viewer.labels import clock, origin_texts
from ecgview.gui.viewer.layout import Window, lay_out, within_bounds
from ecgview.gui.viewer.navigate import go_to_end, mark, pan, reach, zoom_about
from ecgview.gui.viewer.overlays import Overlay, Overlays, legend_of
from ecgview.gui.viewer.scene import Panel, Scene, build_scene
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import GAINS_MM_MV, SPEEDS_MM_S, ViewState
from ecgview.leads import LEADS, Origin
from ecgview.recording import ArraySource, Recording

TRUE_SIZE = ViewState(layout="12x1", scale="true", px_per_mm=4.0)
WINDOW = Window(1000.0, 800.0)


def scene_of(view: ViewState, recording: Recording | None, dpr: float = 1.0, **others) -> Scene:
    reconstruction, agreement = others.get("reconstruction"), others.get("agreement")
    return build_scene(view, recording, reconstruction, agreement, 1200.0, 900.0, dpr)


def panel_of(scene: Scene, lead: str, row: int | None = None) -> Panel:
    return next(p for p in scene.panels if p.cell.lead == lead and row in (None, p.cell.row))


def peak_of(panel: Panel) -> tuple[float, float]:
    """x and y of the highest point of the solid line."""
    ends = np.vstack([panel.original[:, :2], panel.original[:, 2:]])
    x, y = ends[ends[:, 1].argmin()]
    return float(x), float(y)


# Scale


def test_true_size_puts_an_impulse_where_a_ruler_finds_it() -> None:
    scene = scene_of(TRUE_SIZE, with_impulse(flat_recording(), 1.3))
    panel = panel_of(scene, "V2")
    x, y = peak_of(panel)
    assert x - scene.page.left == pytest.approx(1.3 * 25 * 4)
    assert panel.baseline - y == pytest.approx(10 * 4)


@pytest.mark.parametrize("speed", SPEEDS_MM_S)
@pytest.mark.parametrize("gain", GAINS_MM_MV)
def test_every_speed_and_gain_is_exact_in_the_fitted_scale_too(speed: float, gain: float) -> None:
    view = ViewState(layout="12x1", speed_mm_s=speed, gain_mm_mv=gain)
    scene = scene_of(view, with_impulse(flat_recording(), 1.3, 0.5))
    x, y = peak_of(panel_of(scene, "I"))
    across_mm = (x - scene.page.left) / scene.page.px_per_mm
    up_mm = (panel_of(scene, "I").baseline - y) / scene.page.px_per_mm
    assert across_mm == pytest.approx(1.3 * speed)
    assert up_mm == pytest.approx(0.5 * gain)


def test_calibration_pulse_is_one_millivolt_by_a_fifth_of_a_second() -> None:
    scene = scene_of(TRUE_SIZE, flat_recording())
    x, y = scene.pulses[:, ::2], scene.pulses[:, 1::2]
    first_row = y.max(axis=1) <= scene.page.baselines[0]
    assert scene.page.baselines[0] - y.min() == pytest.approx(10 * 4)
    top = scene.pulses[first_row & (y[:, 0] == y.min()) & (y[:, 1] == y.min())]
    assert top[0, 2] - top[0, 0] == pytest.approx(0.2 * 25 * 4)
    assert x.max() < scene.page.left
    assert len(scene.pulses) == 5 * 12


def test_pulses_taller_than_a_row_are_drawn_once() -> None:
    scene = scene_of(replace(TRUE_SIZE, gain_mm_mv=40.0), flat_recording())
    assert len(scene.pulses) == 5
    assert scene.pulses[:, 1].max() == scene.page.baselines[-1]


@pytest.mark.parametrize("size", [(724, 700), (1040, 890), (1900, 600), (400, 1200)])
@pytest.mark.parametrize("layout", ["3x4+1", "12x1"])
@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_fitted_page_is_all_in_sight_on_whole_pixels(
    size: tuple[int, int], layout: str, dpr: float
) -> None:
    page = lay_out(ViewState(layout=layout), Window(*size, dpr))
    assert page.left > 0
    assert page.width_mm * page.px_per_mm <= size[0] + 0.5
    assert 0 < page.baselines[0] < page.baselines[-1] < size[1]
    square = 5 * page.px_per_mm * dpr
    assert square == pytest.approx(round(square))


def test_a_page_takes_as_many_seconds_as_the_speed_says() -> None:
    assert [ViewState(speed_mm_s=speed).page_s for speed in SPEEDS_MM_S] == [20.0, 10.0, 5.0, 2.5]


# Columns and time


def test_columns_share_one_time_axis() -> None:
    view = ViewState(start_s=2.0)
    recording = with_impulse(flat_recording(20.0), 8.1)
    scene = scene_of(view, recording)
    for panel in scene.panels:
        drawn = panel.original[:, ::2]
        assert drawn.min() >= scene.page.x_of(panel.cell.from_s) - 1e-6
        assert drawn.max() < scene.page.x_of(panel.cell.to_s)
    column_starts = [panel_of(scene, lead).cell.from_s for lead in ("I", "aVR", "V1", "V4")]
    assert column_starts == pytest.approx([2.0, 4.5, 7.0, 9.5], abs=0.5 / scene.page.px_per_s)
    in_column, in_strip = panel_of(scene, "V1"), panel_of(scene, "II", row=3)
    assert peak_of(in_column)[0] == pytest.approx(peak_of(in_strip)[0])
    assert peak_of(in_column)[0] == pytest.approx(scene.page.x_of(8.1))
    assert peak_of(panel_of(scene, "I"))[1] == panel_of(scene, "I").baseline


def test_a_short_recording_leaves_the_rest_of_the_paper_blank() -> None:
    scene = scene_of(ViewState(), flat_recording(4.0))
    drawn = [panel for panel in scene.panels if len(panel.original)]
    assert {panel.cell.lead for panel in drawn} == {"I", "II", "III", "aVR", "aVL", "aVF"}
    assert max(panel.original[:, 2].max() for panel in drawn) == pytest.approx(
        scene.page.x_of(3.99)
    )


def test_every_column_of_a_median_beat_begins_at_its_start() -> None:
    beat = with_impulse(flat_recording(1.2, leads=LEADS), 0.5)
    reconstruction = rebuilt(flat_recording(1.2), ("I", "II", "V2"))
    scene = scene_of(ViewState(), beat, reconstruction=reconstruction)
    column_px = 2.5 * scene.page.px_per_s
    for column, lead in enumerate(("I", "aVR", "V1", "V4")):
        panel = panel_of(scene, lead)
        x, _ = peak_of(panel)
        assert x - scene.page.left - column * column_px == pytest.approx(
            0.5 * scene.page.px_per_s, abs=0.01
        )
    estimated = panel_of(scene, "V4")
    for drawn in (estimated.original, estimated.reconstruction, estimated.shading):
        assert len(drawn)
        assert drawn[:, 0].min() >= estimated.x - 1
        assert drawn[:, 0].max() <= estimated.x + 1.2 * scene.page.px_per_s + 1


def test_marked_stretch_spans_its_times() -> None:
    scene = scene_of(ViewState(mark_s=(2.0, 3.5)), flat_recording())
    assert scene.bands == ((scene.page.x_of(2.0), scene.page.x_of(3.5)),)


# Lines


def crossing(segments: NDArray[np.float64], x: float) -> NDArray[np.float64]:
    """Lines that run past a place, and the bar of the pixel column that it lies in."""
    return segments[(segments[:, 0] <= x + 0.5) & (segments[:, 2] > x - 0.5)]


@pytest.mark.parametrize("fs_hz", [100.0, 5000.0])
def test_a_gap_breaks_the_line(fs_hz: float) -> None:
    recording = flat_recording(fs_hz=fs_hz)
    gap = slice(round(4.0 * fs_hz), round(4.5 * fs_hz))
    samples(recording)[:, gap] = np.nan
    scene = scene_of(replace(TRUE_SIZE, zoom=1.0), recording)
    line = panel_of(scene, "III").original
    assert np.isfinite(line).all()
    assert len(crossing(line, scene.page.x_of(4.25))) == 0
    assert len(crossing(line, scene.page.x_of(3.5) + 0.01)) >= 1
    before, after = (
        line[line[:, 2] < scene.page.x_of(4.25)],
        line[line[:, 0] > scene.page.x_of(4.25)],
    )
    assert before[:, 2].max() == pytest.approx(scene.page.x_of(4.0), abs=1.01)
    assert after[:, 0].min() == pytest.approx(scene.page.x_of(4.5), abs=1.01)


def test_a_gap_inside_a_bin_still_breaks_the_line() -> None:
    signal_mv = np.arange(40.0)
    signal_mv[17] = np.nan
    thinned = lines.thin(signal_mv, 0, 4)
    # Bin 4 holds the gap: the line ends before it and starts again behind it.
    assert thinned.joined.tolist() == [i not in (7, 9) for i in range(len(thinned.joined))]


def test_a_sample_between_gaps_is_a_dot() -> None:
    signal_mv = np.array([np.nan, 0.5, np.nan, 1.0, 1.0])
    drawn = lines.segments(lines.thin(signal_mv, 0, 1), 1.0, 10.0, 10.0)
    assert drawn.tolist() == [[30.0, -10.0, 40.0, -10.0], [9.5, -5.0, 10.5, -5.0]]


def test_thinning_keeps_every_extreme() -> None:
    signal_mv = np.random.default_rng(5).normal(size=1000)
    thinned = lines.thin(signal_mv, first=3, per_bin=7)
    kept = dict(zip(thinned.samples.tolist(), thinned.values_mv.tolist(), strict=True))
    for start in range(4, 990, 7):
        within = signal_mv[start : start + 7]
        assert kept[start + 3 + int(within.argmax())] == within.max()
        assert kept[start + 3 + int(within.argmin())] == within.min()
    assert (np.diff(thinned.samples) >= 0).all()


def test_a_peak_of_one_sample_survives_thinning_on_the_page() -> None:
    scene = scene_of(TRUE_SIZE, with_impulse(flat_recording(fs_hz=5000.0), 2.0002, 0.8))
    panel = panel_of(scene, "V6")
    assert len(panel.original) < 3000
    x, y = peak_of(panel)
    assert panel.baseline - y == pytest.approx(0.8 * 40, abs=0.5)
    assert x == pytest.approx(scene.page.x_of(2.0002), abs=0.5)


def test_panning_by_samples_keeps_the_same_extremes() -> None:
    signal_mv = np.random.default_rng(6).normal(size=3000)

    def inner(first: int) -> set[tuple[int, float]]:
        thinned = lines.thin(signal_mv[first : first + 2000], first, 9)
        points = zip(thinned.samples.tolist(), thinned.values_mv.tolist(), strict=True)
        return {point for point in points if 200 <= point[0] < 1800}

    assert inner(0) == inner(1) == inner(37)


def test_dashes_are_four_pixels_on_and_two_and_a_half_off() -> None:
    level = np.array([[float(x), 7.0, x + 1.0, 7.0] for x in range(65)])
    dashes = lines.dashed(level)
    assert (dashes[:, 2] - dashes[:, 0]).sum() == pytest.approx(10 * 4.0)
    starts = np.sort(dashes[:, 0][dashes[:, 0] % 6.5 < 1e-9])
    assert starts == pytest.approx(np.arange(10) * 6.5)
    assert (dashes[:, [1, 3]] == 7.0).all()


def test_what_runs_far_out_of_the_window_is_not_cut_into_millions_of_dashes() -> None:
    far = np.array([[float(x), -1e9, x + 1.0, 1e9] for x in range(2000)])
    np.testing.assert_array_equal(lines.dashed(far), far)


def test_a_steep_line_is_dashed_along_its_height() -> None:
    dashes = lines.dashed(np.array([[0.0, 0.0, 1.0, -65.0]]))
    assert len(dashes) == 10
    assert np.abs(dashes[:, 3] - dashes[:, 1]) == pytest.approx(4.0)
    assert (np.abs(dashes[:, 0] * 65 + dashes[:, 1]) < 1e-9).all()


def test_dashes_stand_still_on_the_paper_in_panning() -> None:
    recording = flat_recording(30.0)
    reconstruction = rebuilt(recording, ("I",))
    view = replace(TRUE_SIZE, start_s=1.0)
    moved = replace(view, start_s=1.5)
    dashes = [
        panel_of(scene_of(v, recording, reconstruction=reconstruction), "V3").reconstruction
        for v in (view, moved)
    ]
    # Half a second is 50 px: the dash that starts at x is then at x - 50.
    later = set(np.round(dashes[1][:, 0], 6))
    expected = dashes[0][(dashes[0][:, 0] > 300) & (dashes[0][:, 0] < 600), 0] - 50
    assert set(np.round(expected, 6)) <= later


# Which lines are drawn


def lines_drawn(scene: Scene, lead: str) -> tuple[bool, bool, bool]:
    panel = panel_of(scene, lead)
    return len(panel.original) > 0, len(panel.reconstruction) > 0, len(panel.shading) > 0


def test_the_median_of_each_lead_is_its_zero_line() -> None:
    recording = flat_recording()
    samples(recording)[:] += 3.0
    scene = scene_of(TRUE_SIZE, recording, reconstruction=rebuilt(recording, ("I",), 1.0))
    panel = panel_of(scene, "V1")
    assert (panel.original[:, 1] == panel.baseline).all()
    assert (panel.reconstruction[:, 1] == panel.baseline).all()
    assert len(panel.shading) == 0


@pytest.mark.parametrize(
    ("show", "measured", "derived", "estimated"),
    [
        ("overlay", (True, False, False), (True, False, False), (True, True, True)),
        ("original", (True, False, False), (True, False, False), (True, False, False)),
        ("reconstruction", (True, False, False), (True, False, False), (False, True, False)),
    ],
)
def test_what_is_shown(show, measured, derived, estimated) -> None:
    recording = flat_recording()
    reconstruction = rebuilt(recording, ("I", "II", "V2"))
    row = LEADS.index("V5")
    reconstruction.source.signals_mv[row, 100:300] += 0.5
    scene = scene_of(replace(TRUE_SIZE, show=show), recording, reconstruction=reconstruction)
    assert lines_drawn(scene, "V2") == measured
    assert lines_drawn(scene, "aVL") == derived
    assert lines_drawn(scene, "V5") == estimated


def test_leads_that_the_file_lacks() -> None:
    recording = flat_recording(leads=("I", "II"))
    alone = scene_of(TRUE_SIZE, recording)
    assert lines_drawn(alone, "V3") == lines_drawn(alone, "aVF") == (False, False, False)
    assert panel_of(alone, "V3").label.texts[0] == "not in file"
    both = scene_of(TRUE_SIZE, recording, reconstruction=rebuilt(recording, ("I", "II")))
    assert lines_drawn(both, "V3") == (False, True, False)
    assert lines_drawn(both, "aVF") == (True, False, False), "exact algebra is a solid line"


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_the_difference_is_filled_between_the_lines(dpr: float) -> None:
    recording = flat_recording()
    reconstruction = rebuilt(recording, ("I", "II", "V2"))
    reconstruction.source.signals_mv[LEADS.index("V5"), 200:400] += 0.5
    panel = panel_of(scene_of(TRUE_SIZE, recording, dpr, reconstruction=reconstruction), "V5")
    bars = panel.shading
    assert len(bars) == pytest.approx(2.0 * 100 * dpr, abs=4)
    assert ((bars[:, 0] * dpr) % 1 == 0.5).all(), "bars fill whole pixel columns"
    assert (np.diff(bars[:, 0]) == 1 / dpr).all(), "each column once"
    assert np.median(bars[:, 1]) == panel.baseline
    assert panel.baseline - np.median(bars[:, 3]) == pytest.approx(0.5 * 40)


def test_shading_can_be_switched_off() -> None:
    recording = flat_recording()
    reconstruction = rebuilt(recording, ("I",))
    reconstruction.source.signals_mv[:, 200:400] += 0.5
    view = replace(TRUE_SIZE, shading=False)
    assert lines_drawn(scene_of(view, recording, reconstruction=reconstruction), "V5") == (
        True,
        True,
        False,
    )


def test_no_fill_across_a_gap() -> None:
    recording = flat_recording()
    reconstruction = rebuilt(recording, ("I",))
    reconstruction.source.signals_mv[:] = 0
    reconstruction.source.signals_mv[LEADS.index("V1"), ::2] = 1.0
    reconstruction.source.signals_mv[:, 400:500] = np.nan
    scene = scene_of(TRUE_SIZE, recording, reconstruction=reconstruction)
    x = panel_of(scene, "V1").shading[:, 0]
    inside = (x > scene.page.x_of(4.0)) & (x < scene.page.x_of(4.99))
    assert len(x) > 500
    assert not inside.any()


# Words


def agreement_of(figures: dict[str, float | None]) -> Agreement:
    rows = tuple(
        LeadAgreement(lead, Origin.RECONSTRUCTED, figures.get(lead), None, None) for lead in LEADS
    )
    return Agreement(
        rows=rows, clean=False, mean_pcc_chest=None, n_chest=0, mean_pcc_all=None, n_all=0
    )


def texts_of(scene: Scene, leads: Sequence[str]) -> list[str]:
    return [panel_of(scene, lead).label.texts[0] for lead in leads]


def test_labels_say_origin_and_correlation() -> None:
    recording = flat_recording(leads=("I", "II", "V2", "V4", "V5"))
    scene = scene_of(
        ViewState(),
        recording,
        reconstruction=rebuilt(recording, ("I", "II", "V2")),
        agreement=agreement_of({"V4": 0.938, "V5": None}),
    )
    assert texts_of(scene, ["V2", "aVL", "V4", "V5", "V6"]) == [
        "measured",
        "= derived",
        "≈ reconstructed · 0.94",
        "≈ reconstructed · n/a",
        "≈ reconstructed",
    ]


def test_shorter_labels_keep_mark_and_figure() -> None:
    assert origin_texts(Origin.RECONSTRUCTED, "0.94") == ("≈ reconstructed · 0.94", "≈ 0.94", "≈")


def test_labels_stay_inside_their_column_and_above_the_trace() -> None:
    scene = build_scene(ViewState(), flat_recording(), None, None, 724.0, 700.0)
    for panel in scene.panels:
        assert panel.label.x >= panel.x
        assert panel.label.x + panel.label.room <= panel.x + panel.width
        assert panel.label.y < panel.baseline


def test_tall_waves_lift_the_labels() -> None:
    low = scene_of(ViewState(), with_impulse(flat_recording(), 1.0, 0.3))
    tall = scene_of(ViewState(), with_impulse(flat_recording(), 1.0, 2.0))
    rises = [panel.baseline - panel.label.y for panel in (low.panels[0], tall.panels[0])]
    assert rises[0] < rises[1]
    assert rises[1] > 2.0 * tall.page.px_per_mv


def test_a_name_scrolled_out_stays_in_sight_with_its_trace() -> None:
    view = ViewState(zoom=3.0, scroll_mm=(30.0, 0.0))
    scene = scene_of(view, flat_recording())
    first = panel_of(scene, "I")
    assert first.x < 0 < first.label.x < 20


def test_footer_tells_the_scale() -> None:
    recording = flat_recording(fs_hz=500.0)
    footer = "25 mm/s · 10 mm/mV · filters off · 500 Hz"
    assert scene_of(ViewState(), recording).footer == f"{footer} · fitted, not to scale"
    uncalibrated = scene_of(TRUE_SIZE, recording).footer
    assert uncalibrated == f"{footer} · true size, screen not calibrated"
    calibrated = scene_of(replace(TRUE_SIZE, calibrated=True), recording)
    assert calibrated.footer == f"{footer} · to scale (calibrated)"
    zoomed = scene_of(replace(TRUE_SIZE, zoom=2.0), recording)
    assert zoomed.footer == f"{footer} · zoomed, not to scale"


def test_simulated_recordings_are_labelled() -> None:
    recording = flat_recording()
    assert scene_of(ViewState(), recording).notice == ""
    assert scene_of(ViewState(), replace(recording, simulated=True)).notice == "SIMULATED"


def test_the_time_is_told_where_there_is_more_than_a_page() -> None:
    assert scene_of(ViewState(), flat_recording(10.0)).stretch == ""
    scene = scene_of(ViewState(start_s=75.5), flat_recording(4000.0, 20.0))
    assert scene.stretch == "1:15.5 to 1:25.5 of 1:06:40.0"
    assert clock(59.96) == "1:00.0"


def test_without_a_recording_there_is_paper_only() -> None:
    scene = scene_of(ViewState(), None)
    assert scene.panels == ()
    assert len(scene.pulses) == len(scene.breaks) == 0
    assert scene.page.px_per_mm > 0


# Reading


class CountingSource:
    """Zeros that remember which samples were read."""

    n_channels = 12

    def __init__(self, n_samples: int) -> None:
        self.n_samples = n_samples
        self.reads: list[tuple[int, int]] = []

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        self.reads.append((start, stop))
        return np.zeros((len(channels), stop - start), dtype=np.float32)


def test_only_what_is_in_sight_is_read_and_only_once() -> None:
    source = CountingSource(24 * 3600 * 500)
    recording = replace(flat_recording(fs_hz=500.0), source=source)
    signals = Signals.of(recording)

    def draw(start_s: float) -> None:
        view = ViewState(start_s=start_s)
        build_scene(view, recording, None, None, 1200.0, 900.0, signals=signals)

    draw(40_000.0)
    assert source.reads[0] == (0, 60 * 500), "the zero lines"
    wanted = (40_000 * 500, 40_010 * 500)
    assert source.reads[1][0] <= wanted[0] < wanted[1] <= source.reads[-1][1]
    assert sum(stop - start for start, stop in source.reads[1:]) <= 2 * CHUNK
    before = list(source.reads)
    draw(40_000.0)
    draw(40_001.0)
    assert source.reads == before, "moving a little reads nothing"
    draw(40_100.0)
    assert len(source.reads) > len(before)


def test_a_lead_without_samples_and_a_recording_of_gaps() -> None:
    recording = flat_recording()
    samples(recording)[:] = np.nan
    scene = scene_of(ViewState(), recording, reconstruction=rebuilt(recording, ("I",)))
    assert all(len(panel.original) == 0 for panel in scene.panels)
    empty = replace(recording, source=ArraySource(np.zeros((12, 0), dtype=np.float32)))
    assert all(len(panel.original) == 0 for panel in scene_of(ViewState(), empty).panels)


# Moving


def test_panning_stops_at_both_ends() -> None:
    view = ViewState(start_s=3.0)
    assert pan(view, 50.0, 0.0, 60.0, WINDOW).start_s == pytest.approx(5.0)
    assert pan(view, -500.0, 0.0, 60.0, WINDOW).start_s == 0.0
    assert pan(view, 5000.0, 0.0, 60.0, WINDOW).start_s == pytest.approx(50.0)
    assert pan(view, 50.0, 0.0, 4.0, WINDOW).start_s == 0.0


def test_a_page_wider_than_the_window_is_scrolled_before_time_moves() -> None:
    view = ViewState(zoom=2.0)
    limit_mm = reach(view, 10.0, WINDOW)[0].limit_mm
    assert limit_mm == pytest.approx(265 / 2, abs=10)
    first = pan(view, 20.0, 0.0, 60.0, WINDOW)
    assert (first.scroll_mm[0], first.start_s) == (20.0, 0.0)
    onward = pan(view, limit_mm + 25.0, 0.0, 60.0, WINDOW)
    assert onward.scroll_mm[0] == pytest.approx(limit_mm)
    assert onward.start_s == pytest.approx(1.0)


def test_zoom_keeps_the_spot_under_the_cursor() -> None:
    view, spot = ViewState(layout="12x1"), (430.0, 300.0)
    before = lay_out(view, WINDOW)
    zoomed = zoom_about(view, 2.5, *spot, 10.0, WINDOW)
    after = lay_out(zoomed, WINDOW)
    assert after.px_per_mm == pytest.approx(2.5 * before.px_per_mm, rel=0.02)
    assert after.time_of(spot[0]) == pytest.approx(before.time_of(spot[0]), abs=0.01)
    rows = [(spot[1] - page.baselines[0]) / page.pitch for page in (before, after)]
    assert rows[1] == pytest.approx(rows[0], abs=0.02)


def test_zoom_has_ends_and_returns_to_the_whole_page() -> None:
    far = zoom_about(ViewState(), 1000.0, 10.0, 10.0, 10.0, WINDOW)
    assert far.zoom == 16.0
    back = zoom_about(far, 1e-4, 10.0, 10.0, 10.0, WINDOW)
    assert (back.zoom, back.scroll_mm) == (1.0, (0.0, 0.0))


def test_true_size_scrolls_where_the_window_is_too_small() -> None:
    view = replace(TRUE_SIZE, px_per_mm=6.0)
    right, down = reach(view, 10.0, WINDOW)
    assert right.limit_mm == pytest.approx(265 - 1000 / 6)
    assert down.limit_mm == pytest.approx(12 * 20 - 800 / 6)
    bottom = pan(view, 0.0, 1e4, 10.0, WINDOW)
    assert lay_out(bottom, WINDOW).baselines[-1] < 800


def test_the_end_of_a_recording_is_the_right_edge_of_the_page() -> None:
    end = go_to_end(ViewState(layout="12x1"), 60.0, WINDOW)
    assert end.start_s + end.page_s == 60.0


def test_a_mark_keeps_to_the_recording() -> None:
    view = ViewState(layout="12x1")
    page = lay_out(view, WINDOW)
    backwards = mark(view, page.x_of(6.0), page.x_of(2.0), 4.0, WINDOW)
    assert backwards.mark_s == pytest.approx((2.0, 4.0))
    assert mark(view, page.x_of(5.0), page.x_of(6.0), 4.0, WINDOW).mark_s is None


def test_an_impossible_view_is_made_possible() -> None:
    view = within_bounds(ViewState(start_s=99.0, zoom=0.01, scroll_mm=(-5.0, 1e6)), 30.0, WINDOW)
    assert (view.start_s, view.zoom, view.scroll_mm) == (20.0, 1.0, (0.0, 0.0))


def test_the_scene_needs_no_qt() -> None:
    code = (
        "import sys, ecgview.gui.viewer.scene, ecgview.gui.viewer.navigate\n"
        "heavy = {'PySide6', 'torch', 'scipy', 'pandas', 'wfdb'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# Several estimates


def several(recording: Recording, chosen: int = 0) -> Scene:
    """Three estimates of a recording: one that lacks V5, one without V3 among its own."""
    made = [
        rebuilt(recording, ("I", "II"), 0.1),
        rebuilt(recording, ("I", "II", "V3"), 0.2),
        replace(rebuilt(recording, ("I", "II"), 0.3), absent=("V5",)),
    ]
    names = ("model", "theirs", "ours")
    others = tuple(
        Overlay(names[style], style, one) for style, one in enumerate(made) if style != chosen
    )
    overlays = Overlays(names[chosen], chosen, others)
    return build_scene(TRUE_SIZE, recording, made[chosen], None, 1200, 900, overlays=overlays)


def test_other_estimates_are_lines_where_they_hold_an_estimate() -> None:
    scene = several(with_impulse(flat_recording(), 1.3))
    assert [style for style, _ in panel_of(scene, "V2").others] == [1, 2]
    assert [style for style, _ in panel_of(scene, "V3").others] == [2]
    assert [style for style, _ in panel_of(scene, "V5").others] == [1]
    assert panel_of(scene, "I").others == ()
    assert all(len(segments) for _, segments in panel_of(scene, "V2").others)


def test_each_style_has_dashes_of_its_own() -> None:
    recording = flat_recording()
    samples(recording)[:] = np.linspace(0, 1, 1000)
    scene = several(recording)
    panel = panel_of(scene, "V2")
    drawn = {0: panel.reconstruction, **dict(panel.others)}
    longest = {style: max(np.abs(s[:, 2] - s[:, 0])) for style, s in drawn.items()}
    # Samples lie a pixel apart, so that only the pieces of a dash can be seen: count the gaps.
    gaps = {style: int((np.diff(np.sort(s[:, 0])) > 1.6).sum()) for style, s in drawn.items()}
    assert max(longest.values()) < 2
    assert len(set(gaps.values())) == 3
    # Dash and gap of 4 + 2.5, 9 + 3 and 2 + 2.5 pixels over the same 999 pixels.
    assert gaps[0] == pytest.approx(999 / 6.5, rel=0.05)
    assert gaps[1] == pytest.approx(999 / 12, rel=0.05)
    assert gaps[2] == pytest.approx(999 / 4.5, rel=0.05)


def test_the_legend_names_all_and_marks_the_one_that_is_shown() -> None:
    made = rebuilt(flat_recording(), ("I", "II"))
    overlays = Overlays("theirs", 1, (Overlay("model", 0, made), Overlay("ours", 2, made)))
    assert [(e.name, e.style, e.is_shown) for e in legend_of(overlays, True)] == [
        ("model", 0, False), ("theirs", 1, True), ("ours", 2, False),
    ]  # fmt: skip
    assert [e.name for e in legend_of(overlays, False)] == ["model", "ours"]


def test_one_model_alone_needs_no_legend() -> None:
    assert legend_of(Overlays("model", 0), True) == ()
    assert [entry.name for entry in legend_of(Overlays("theirs", 1), True)] == ["theirs"]


def test_the_style_of_the_chosen_estimate_is_that_of_the_scene() -> None:
    assert several(flat_recording(), chosen=1).style == 1
    assert scene_of(TRUE_SIZE, flat_recording()).style == 0


def test_the_original_alone_shows_no_estimate() -> None:
    recording = flat_recording()
    made = rebuilt(recording, ("I", "II"))
    overlays = Overlays("model", 0, (Overlay("theirs", 1, made),))
    view = replace(TRUE_SIZE, show="original")
    scene = build_scene(view, recording, made, None, 1200, 900, overlays=overlays)
    assert panel_of(scene, "V2").others == ()


def test_a_lead_that_the_estimate_lacks_shows_the_recording_alone() -> None:
    scene = several(with_impulse(flat_recording(), 1.3), chosen=2)
    panel = panel_of(scene, "V5")
    assert len(panel.original)
    assert not len(panel.reconstruction)
    assert panel.label is not None
    assert panel.label.origin is Origin.MEASURED

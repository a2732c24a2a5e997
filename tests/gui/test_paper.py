"""Layouts, orders of the leads, half gain, halves, pulses and the lines of slow paper, as drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples
from numpy.typing import NDArray

from ecgview.gui.viewer.labels import duration_words, speed_words
from ecgview.gui.viewer.layout import Page, Window, lay_out
from ecgview.gui.viewer.navigate import go_to_end, mark
from ecgview.gui.viewer.scene import Panel, Scene, build_scene
from ecgview.gui.viewer.state import (
    GAINS_MM_MV,
    LAYOUT_TITLES,
    LAYOUTS,
    ORDERS,
    PAGE_MM,
    SHOWS,
    SPEEDS_MM_S,
    ViewState,
    layout_named,
)
from ecgview.gui.viewer.time_grid import clock_words, line_places, time_grid, time_labels
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

WINDOW = Window(1200.0, 900.0)
GIVEN = ("I", "II", "V2")
TWELVE = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
CABRERA = ["aVL", "I", "-aVR", "II", "aVF", "III", "V1", "V2", "V3", "V4", "V5", "V6"]

# What stands in each row, from left to right.
ROWS = {
    ("3x4", "standard"): ["I aVR V1 V4", "II aVL V2 V5", "III aVF V3 V6"],
    ("3x4", "cabrera"): ["aVL II V1 V4", "I aVF V2 V5", "-aVR III V3 V6"],
    ("4x3", "standard"): ["I aVL V3", "II aVF V4", "III V1 V5", "aVR V2 V6"],
    ("4x3", "cabrera"): ["aVL aVF V3", "I III V4", "-aVR V1 V5", "II V2 V6"],
    ("6x2", "standard"): ["I V1", "II V2", "III V3", "aVR V4", "aVL V5", "aVF V6"],
    ("6x2", "cabrera"): ["aVL V1", "I V2", "-aVR V3", "II V4", "aVF V5", "III V6"],
    ("12x1", "standard"): TWELVE,
    ("12x1", "cabrera"): CABRERA,
}
STRIPS = {"3x4+1": ["II"], "3x4+3": ["II", "V1", "V5"]}
EVERY = list(product(LAYOUTS, ORDERS, SHOWS))


def rows_wanted(layout: str, order: str) -> list[list[str]]:
    rows = ROWS[layout.partition("+")[0], order]
    return [row.split() for row in [*rows, *STRIPS.get(layout, [])]]


def height_mv(lead: str) -> float:
    """Height of the spikes of a lead: another for each."""
    return 0.1 + 0.05 * LEAD_INDEX[lead]


def spiked(duration_s: float = 12.0) -> Recording:
    """A spike in all leads each 0.2 s, 0.1 s behind the full fifths."""
    recording = flat_recording(duration_s)
    for row, lead in enumerate(LEADS):
        samples(recording)[row, 10::20] = height_mv(lead)
    return recording


def doubled(recording: Recording) -> Reconstruction:
    """A reconstruction whose estimated leads are twice as tall as the recorded ones."""
    made = rebuilt(recording, GIVEN)
    for lead in made.reconstructed_leads:
        made.source.signals_mv[LEAD_INDEX[lead]] *= 2
    return made


def scene_of(view: ViewState, reconstruction: bool = True) -> Scene:
    recording = spiked()
    made = doubled(recording) if reconstruction else None
    return build_scene(view, recording, made, None, WINDOW.width, WINDOW.height)


def deflection_mv(segments: NDArray[np.float64], panel: Panel, page: Page) -> float:
    """The largest deflection of a line, upwards, as its full-size pulse measures it."""
    y = np.concatenate([segments[:, 1], segments[:, 3]]) - panel.baseline
    return float(-y[np.abs(y).argmax()] / page.px_per_mv)


# Each lead where it must be


@pytest.mark.parametrize(("layout", "order", "show"), EVERY)
def test_each_lead_is_where_it_must_be(layout: str, order: str, show: str) -> None:
    scene = scene_of(ViewState(layout=layout, order=order, show=show))
    page = scene.page
    wanted = rows_wanted(layout, order)
    halves = [("original", 0.0), ("reconstruction", 5.0)] if show == "side" else [(show, 0.0)]
    page_s = 10.0 / len(halves)
    found = {(p.cell.row, p.cell.column, p.cell.shows): p for p in scene.panels}
    assert len(found) == len(scene.panels) == len(halves) * sum(len(row) for row in wanted)
    for (number, row), (shows, delay_s) in product(enumerate(wanted), halves):
        for column, title in enumerate(row):
            panel = found[number, column, shows]
            cell, lead = panel.cell, title.removeprefix("-")
            assert (cell.lead, cell.title, panel.label.name) == (lead, title, title)
            assert panel.baseline == page.baselines[number]
            assert cell.delay_s == delay_s
            from_s = delay_s + page_s * column / len(row)
            assert (cell.from_s, cell.to_s) == pytest.approx((from_s, from_s + page_s / len(row)))
            check_lines(panel, page, title)


def check_lines(panel: Panel, page: Page, title: str) -> None:
    """Both lines are those of the lead, as tall as they are, and inside their stretch."""
    cell, sign = panel.cell, -1 if title.startswith("-") else 1
    estimated = cell.lead not in GIVEN and cell.lead in CHEST_LEADS
    solid = cell.shows != "reconstruction" or not estimated
    dashed = cell.shows != "original" and estimated
    assert (len(panel.original) > 0, len(panel.reconstruction) > 0) == (solid, dashed)
    for drawn, there, factor in (
        (panel.original, solid, 1),
        (panel.reconstruction, dashed, 2),
    ):
        if there:
            expected = sign * factor * height_mv(cell.lead)
            assert deflection_mv(drawn, panel, page) == pytest.approx(expected, rel=0.02)
            assert drawn[:, ::2].min() >= page.x_of(cell.from_s) - 1
            assert drawn[:, ::2].max() <= page.x_of(cell.to_s) + 1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("show", ["overlay", "side"])
def test_columns_go_on_in_time_and_spikes_stand_at_their_times(layout: str, show: str) -> None:
    scene = scene_of(ViewState(layout=layout, show=show, start_s=1.0))
    page = scene.page
    assert len(scene.panels) >= 12
    for panel in scene.panels:
        if panel.cell.shows == "reconstruction":
            continue
        times_s = np.arange(1.1, 11.0, 0.2)
        x = np.array([page.x_in(panel.cell, time_s) for time_s in times_s])
        inside = (x > panel.x + 1) & (x < panel.x + panel.width - 1)
        tips = panel.original[panel.original[:, 1] < panel.baseline - 1, 0]
        assert inside.sum() >= 5
        assert all(np.abs(tips - spike).min() < 0.01 for spike in x[inside])


@pytest.mark.parametrize(("layout", "order", "show"), EVERY)
def test_a_spot_of_the_page_reads_back_as_what_was_put_there(
    layout: str, order: str, show: str
) -> None:
    view = ViewState(layout=layout, order=order, show=show, half_chest=True, start_s=2.0)
    page = lay_out(view, WINDOW)
    assert len(page.cells) >= 12
    for cell in page.cells:
        time_s = (cell.from_s + cell.to_s) / 2 - cell.delay_s
        place = page.place_at(page.x_in(cell, time_s), page.y_in(cell, 0.3))
        assert place is not None
        assert place.cell == cell
        assert (place.time_s, place.value_mv) == pytest.approx((time_s, 0.3))


def test_minus_avr_is_avr_turned_round() -> None:
    turned = scene_of(ViewState(order="cabrera", layout="12x1"))
    plain = scene_of(ViewState(layout="12x1"))
    one, other = (
        next(panel for panel in scene.panels if panel.cell.lead == "aVR")
        for scene in (turned, plain)
    )
    assert len(one.original) == len(other.original) > 500
    np.testing.assert_allclose(
        one.original[:, 1::2] - one.baseline, other.baseline - other.original[:, 1::2]
    )


@pytest.mark.parametrize("order", ORDERS)
def test_half_gain_halves_the_chest_leads_alone(order: str) -> None:
    scene = scene_of(ViewState(half_chest=True, order=order))
    assert {panel.cell.lead for panel in scene.panels} == set(LEADS)
    for panel in scene.panels:
        factor = 0.5 if panel.cell.lead in CHEST_LEADS else 1.0
        expected = factor * height_mv(panel.cell.lead)
        drawn = abs(deflection_mv(panel.original, panel, scene.page))
        assert drawn == pytest.approx(expected, rel=0.02)
    assert "chest leads 5" in scene.footer


def test_shading_follows_half_gain_and_turning() -> None:
    view = ViewState(layout="12x1", half_chest=True)
    panel = next(p for p in scene_of(view).panels if p.cell.lead == "V5")
    lengths = np.abs(panel.shading[:, 3] - panel.shading[:, 1])
    page = lay_out(view, WINDOW)
    # The difference is as large as the recorded spike, at half gain, averaged over a column.
    assert 0 < lengths.max() <= height_mv("V5") * page.px_per_mv / 2 + 1


@pytest.mark.parametrize(
    ("chosen", "layout", "drawn"),
    [
        (("V1", "II", "V5"), "3x4+1", ["V1"]),
        (("aVF", "V2", "V6"), "3x4+3", ["aVF", "V2", "V6"]),
        (("V1", "II", "V5"), "3x4", []),
    ],
)
def test_rhythm_strips_are_the_leads_of_choice(
    chosen: tuple[str, ...], layout: str, drawn: list[str]
) -> None:
    scene = scene_of(ViewState(layout=layout, rhythm=chosen))
    strips = [panel for panel in scene.panels if panel.cell.row >= 3]
    assert [panel.cell.lead for panel in strips] == drawn
    assert all(panel.cell.to_s - panel.cell.from_s == 10.0 for panel in strips)


def test_layouts_of_earlier_versions_are_known() -> None:
    assert layout_named("3x4+II") == "3x4+1"
    assert layout_named("6x2") == "6x2"
    assert layout_named("5x5") is None
    assert set(LAYOUT_TITLES) == set(LAYOUTS)


# Column breaks and halves


def test_column_breaks_are_marked_and_a_line_parts_the_halves() -> None:
    single, double = scene_of(ViewState()), scene_of(ViewState(show="side"))
    assert len(single.breaks) == 9
    tall = double.breaks[double.breaks[:, 3] - double.breaks[:, 1] > 2 * double.page.pitch]
    assert tall[:, 0].tolist() == [double.page.x_of(5.0)]
    assert len(double.breaks) == 18 + 1
    starts = {panel.x for panel in double.panels if panel.cell.column}
    assert {line[0] for line in double.breaks} == starts | {double.page.x_of(5.0)}


def test_the_halves_are_named_and_show_the_same_times() -> None:
    scene = scene_of(ViewState(show="side", start_s=1.0))
    assert [heading.text for heading in scene.headings] == ["Original", "Reconstruction"]
    assert scene_of(ViewState()).headings == ()
    middle = scene.page.x_of(6.0)
    assert scene.headings[0].x < middle < scene.headings[1].x
    assert all(heading.y < scene.panels[0].label.y for heading in scene.headings)
    first, second = (p.cell for p in scene.panels if p.cell.lead == "V4")
    assert scene.page.x_in(second, 5.0) - scene.page.x_in(first, 5.0) == pytest.approx(
        5.0 * scene.page.px_per_s
    )


def test_the_half_of_a_reconstruction_that_is_not_there_is_empty_and_says_so() -> None:
    scene = scene_of(ViewState(show="side"), reconstruction=False)
    right = [panel for panel in scene.panels if panel.cell.shows == "reconstruction"]
    assert len(right) == 13
    for panel in right:
        assert not len(panel.original)
        assert not len(panel.reconstruction)
        assert panel.label.texts[0] == "not reconstructed"


def test_a_mark_shows_in_both_halves_and_can_be_made_in_either() -> None:
    view = ViewState(show="side", start_s=1.0, mark_s=(2.0, 3.0))
    scene = scene_of(view)
    page = scene.page
    assert scene.bands == (
        (page.x_of(2.0), page.x_of(3.0)),
        (page.x_of(7.0), page.x_of(8.0)),
    )
    for offset_s in (0.0, 5.0):
        ends = page.x_of(2.5 + offset_s), page.x_of(4.0 + offset_s)
        made = mark(replace(view, mark_s=None), *ends, 12.0, WINDOW)
        assert made.mark_s == pytest.approx((2.5, 4.0), abs=0.01)


def test_two_halves_end_where_the_recording_ends() -> None:
    assert ViewState(show="side").page_s == 5.0
    assert go_to_end(ViewState(show="side"), 12.0, WINDOW).start_s == 7.0
    assert go_to_end(ViewState(), 12.0, WINDOW).start_s == 2.0


# Pulses


def pulse_of_row(scene: Scene, row: int) -> NDArray[np.float64]:
    """Segments of a row's pulse, from its base line up, in mm."""
    page = scene.page
    per_row = len(scene.pulses) // len(page.baselines)
    pulse = scene.pulses[row * per_row : (row + 1) * per_row].copy()
    pulse[:, 1::2] = page.baselines[row] - pulse[:, 1::2]
    return pulse / page.px_per_mm


@pytest.mark.parametrize("gain", GAINS_MM_MV[:3])
@pytest.mark.parametrize("speed", SPEEDS_MM_S)
def test_the_pulse_follows_speed_and_gain(gain: float, speed: float) -> None:
    view = ViewState(speed_mm_s=speed, gain_mm_mv=gain, scale="true", px_per_mm=4.0)
    pulse = pulse_of_row(scene_of(view), 0)
    assert pulse[:, 1::2].max() == pytest.approx(gain)
    top = pulse[(pulse[:, 1] > 0) & (pulse[:, 1] == pulse[:, 3])]
    assert (top[:, 2] - top[:, 0]).tolist() == pytest.approx([0.2 * speed])


def test_chest_rows_have_a_pulse_of_half_the_height() -> None:
    view = ViewState(layout="12x1", half_chest=True, scale="true", px_per_mm=4.0)
    scene = scene_of(view)
    heights = [pulse_of_row(scene, row)[:, 1::2].max() for row in range(12)]
    assert heights == pytest.approx([10.0] * 6 + [5.0] * 6)


def test_a_row_of_both_gains_has_a_pulse_with_a_step() -> None:
    view = ViewState(layout="6x2", half_chest=True, scale="true", px_per_mm=4.0)
    pulse = pulse_of_row(scene_of(view), 0)
    level = pulse[(pulse[:, 1] > 0) & (pulse[:, 1] == pulse[:, 3])]
    assert level[:, 1].tolist() == pytest.approx([10.0, 5.0])
    assert (level[:, 2] - level[:, 0]).tolist() == pytest.approx([2.5, 2.5])


@pytest.mark.parametrize("speed", [PAGE_MM / 86400, 1.0, 250.0])
def test_where_a_pulse_would_be_a_hair_or_a_wall_a_bar_stands_for_the_voltage(
    speed: float,
) -> None:
    scene = scene_of(ViewState(speed_mm_s=speed))
    pulse = pulse_of_row(scene, 0)
    assert pulse[:, 1::2].max() == pytest.approx(10.0)
    upright = pulse[pulse[:, 0] == pulse[:, 2]]
    assert upright[:, 3].tolist() == pytest.approx([10.0])
    assert scene.page.left < 60
    assert scene.pulses[:, ::2].max() < scene.page.left


# Lines of slow paper


def paper_of(seconds: float, **fields: object) -> Page:
    return lay_out(ViewState(speed_mm_s=PAGE_MM / seconds, **fields), WINDOW)


@pytest.mark.parametrize(
    ("seconds", "heavy_s"),
    [(60, 5), (120, 10), (600, 30), (3600, 300), (6 * 3600, 1800), (86400, 7200)],
)
def test_slow_paper_has_its_lines_at_times_that_people_count_in(
    seconds: float, heavy_s: float
) -> None:
    page = paper_of(seconds, start_s=1234.0)
    grid = time_grid(page)
    assert grid is not None
    assert grid.heavy_s == heavy_s
    places = line_places(page, grid.heavy_s, WINDOW.width)
    assert len(places) > 5
    for x, time_s in places:
        assert time_s % heavy_s == 0
        assert page.time_of(x) == pytest.approx(time_s)
    if grid.fine_s is not None:
        assert (grid.heavy_s / grid.fine_s) % 1 == 0
        assert grid.fine_s * page.px_per_s >= 6


@pytest.mark.parametrize("speed", [*SPEEDS_MM_S, 250.0])
def test_paper_of_carts_has_its_millimetres(speed: float) -> None:
    assert time_grid(lay_out(ViewState(speed_mm_s=speed), WINDOW)) is None
    assert scene_of(ViewState(speed_mm_s=speed)).times == ()


def test_each_half_of_slow_paper_has_its_own_times() -> None:
    page = paper_of(60, show="side")
    texts = [label.text for label in time_labels(page, WINDOW.width)]
    assert texts == ["0:00", "0:05", "0:10", "0:15", "0:20", "0:25"] * 2
    for label in time_labels(page, WINDOW.width):
        assert 0 < label.x < WINDOW.width
        assert label.y < page.baselines[0] - 0.5 * page.pitch


def test_times_are_written_as_clocks_do() -> None:
    assert [clock_words(s) for s in (0, 65, 3600, 86399)] == ["0:00", "1:05", "1:00:00", "23:59:59"]


# Words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "500 ms"), (1, "1 s"), (60, "60 s"), (120, "2 min"), (600, "10 min"),
        (5400, "90 min"), (7200, "2 h"), (86400, "24 h"),
    ],
)  # fmt: skip
def test_lengths_of_time_are_said_in_the_unit_that_suits(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_a_speed_that_no_cart_has_is_said_by_the_page() -> None:
    assert speed_words(ViewState(speed_mm_s=25.0)) == "25 mm/s"
    assert speed_words(ViewState(speed_mm_s=PAGE_MM / 600)) == "10 min a page"
    assert speed_words(ViewState(speed_mm_s=PAGE_MM / 600, show="side")) == "5 min a page"


def test_the_footer_tells_gain_filters_and_whether_the_scale_is_true() -> None:
    view = ViewState(half_chest=True, filters=Filters(high_pass_hz=0.5), scale="true")
    scene = build_scene(view, flat_recording(fs_hz=500.0), None, None, 1200.0, 900.0)
    assert scene.footer == (
        "25 mm/s · 10 mm/mV, chest leads 5 · high-pass 0.5 Hz · 500 Hz · "
        "true size, screen not calibrated"
    )
    assert scene.filters == "Filtered: high-pass 0.5 Hz"
    assert scene_of(ViewState()).filters == ""


@pytest.mark.parametrize("size", [(624, 556), (724, 716), (884, 816), (1388, 966), (1900, 600)])
@pytest.mark.parametrize("show", ["overlay", "side"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_name_runs_out_of_the_page(layout: str, show: str, size: tuple[int, int]) -> None:
    view = ViewState(layout=layout, show=show)
    scene = build_scene(view, spiked(), None, None, *map(float, size))
    assert len(scene.panels) >= 12
    words_y = [panel.label.y for panel in scene.panels if panel.label]
    words_y += [heading.y for heading in scene.headings]
    assert min(words_y) >= 10
    assert max(words_y) <= size[1]

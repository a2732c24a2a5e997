"""The band behind reconstructed leads: where it lies, what it looks like, how it is chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples, with_impulse
from made_interval import with_interval
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from stand_ins import FakeEngine, ecg, main_window, settle, show

from ecgview.engine.events import Finished
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.interval_words import NO_INTERVAL
from ecgview.gui.printing.files import image_of, svg_of
from ecgview.gui.printing.geometry import Layout
from ecgview.gui.printing.paper import PX_PER_MM, SCHEMES
from ecgview.gui.printing.sheet import sheets_of
from ecgview.gui.printing.subject import Subject
from ecgview.gui.session_file import SavedSession, as_document
from ecgview.gui.session_jobs import saved_of
from ecgview.gui.session_reading import from_document
from ecgview.gui.settings import Settings
from ecgview.gui.theme_tokens import THEMES
from ecgview.gui.viewer.labels import lead_details
from ecgview.gui.viewer.paint import interval_colour
from ecgview.gui.viewer.scene import build_scene
from ecgview.gui.viewer.signals import LevelledLeads, Signals
from ecgview.gui.viewer.state import LAYOUTS, ViewState
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.signals.filtering import Filters

GIVEN = ("I", "II", "V2")
CHEST = ("V1", "V3", "V4", "V5", "V6")
ONE_COLUMN = ViewState(layout="12x1", scale="true", px_per_mm=4.0)


def panels_of(view, recording, reconstruction, width=1200.0, **others):
    scene = build_scene(view, recording, reconstruction, None, width, 900.0, **others)
    return scene, {
        (panel.cell.lead, panel.cell.row, panel.cell.shows): panel for panel in scene.panels
    }


def banded(view, recording, reconstruction):
    """Leads with a band."""
    _, panels = panels_of(view, recording, reconstruction)
    return {lead for (lead, _, _), panel in panels.items() if len(panel.band)}


def bar_at(panel, x):
    """Top and bottom of the bar nearest to a place."""
    bars = panel.band
    bar = bars[np.abs(bars[:, 0] - x).argmin()]
    assert abs(bar[0] - x) < 1
    return min(bar[1], bar[3]), max(bar[1], bar[3])


@pytest.mark.parametrize("level, share", [(0.9, 1.0), (0.8, 0.8), (0.5, 0.5)])
def test_bars_reach_from_minus_to_plus_half_a_width_about_the_line(level, share):
    recording = flat_recording(fs_hz=100.0)
    made = with_interval(rebuilt(recording, GIVEN), np.linspace(0.1, 0.5, 1000))
    scene, panels = panels_of(replace(ONE_COLUMN, interval=level), recording, made)
    panel = panels["V3", 8, "overlay"]
    top, bottom = bar_at(panel, scene.page.x_of(2.5))
    half_px = share * 0.2 * scene.page.px_per_mv
    assert panel.baseline - top == pytest.approx(half_px, abs=0.1)
    assert bottom - panel.baseline == pytest.approx(half_px, abs=0.1)


def test_the_band_follows_the_rebuilt_line_not_the_recorded_one():
    recording = with_impulse(flat_recording(fs_hz=50.0), 4.0, 1.0)
    low = with_impulse(flat_recording(fs_hz=50.0), 4.0, 0.4)
    scene, panels = panels_of(ONE_COLUMN, recording, with_interval(rebuilt(low, GIVEN), 0.1))
    top, _ = bar_at(panels["V4", 9, "overlay"], scene.page.x_of(4.0))
    up_mv = (panels["V4", 9, "overlay"].baseline - top) / scene.page.px_per_mv
    assert up_mv == pytest.approx(0.5, abs=0.03)


def test_neighbouring_bars_of_a_steep_line_meet():
    recording = with_impulse(flat_recording(fs_hz=50.0), 4.0, 3.0)
    made = with_interval(rebuilt(recording, GIVEN), 0.05)
    scene, panels = panels_of(ONE_COLUMN, recording, made)
    bars = panels["V4", 9, "overlay"].band
    near = bars[np.abs(bars[:, 0] - scene.page.x_of(4.0)) < 6]
    assert len(near) >= 8
    low, high = np.sort(near[:, [1, 3]], axis=1).T
    assert (low[1:] <= high[:-1]).all()
    assert (high[1:] >= low[:-1]).all()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_reconstructed_leads_have_a_band_in_every_layout(layout):
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN))
    assert banded(ViewState(layout=layout), recording, made) == set(CHEST)


def test_no_level_no_interval_and_the_original_alone_draw_none():
    recording = flat_recording()
    made = rebuilt(recording, GIVEN)
    with_one = with_interval(made)
    assert banded(ViewState(), recording, made) == set()
    assert banded(ViewState(interval=0.0), recording, with_one) == set()
    assert banded(ViewState(show="original"), recording, with_one) == set()
    assert banded(ViewState(show="reconstruction"), recording, with_one) == set(CHEST)
    assert banded(ViewState(shading=False), recording, with_one) == set(CHEST)


def test_guessing_leaks_no_band():
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN))
    scene, panels = panels_of(ViewState(show="available"), recording, made)
    assert [panel for panel in panels.values() if len(panel.band)] == []
    assert "interval" not in scene.footer


def test_the_label_of_a_lead_explains_its_interval():
    recording = flat_recording()
    made = rebuilt(recording, GIVEN)
    told = lead_details("V4", recording, with_interval(made), None)
    assert "Its interval: calibrated on recordings the model never saw" in told
    assert "interval" not in lead_details("V4", recording, made, None)
    assert "interval" not in lead_details("V2", recording, with_interval(made), None)


def test_side_by_side_has_the_band_in_the_right_half_alone():
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN))
    scene, panels = panels_of(ViewState(show="side"), recording, made)
    shown = {key[2] for key, panel in panels.items() if len(panel.band)}
    assert shown == {"reconstruction"}
    middle = scene.page.x_of(scene.page.middle_s)
    assert min(p.band[:, 0].min() for p in panels.values() if len(p.band)) >= middle - 4


def test_half_gain_halves_it_and_turning_round_keeps_it():
    recording = flat_recording()
    made = with_interval(rebuilt(recording, ("V1", "V2")), 0.2)
    view = replace(ONE_COLUMN, order="cabrera", half_chest=True)
    scene, panels = panels_of(view, recording, made)
    by_lead = {lead: panel for (lead, _, _), panel in panels.items()}
    for lead, half_mv in (("V3", 0.1), ("aVR", 0.2), ("aVL", 0.2)):
        top, bottom = bar_at(by_lead[lead], scene.page.x_of(3.0))
        assert (bottom - top) / 2 / scene.page.px_per_mv == pytest.approx(half_mv, abs=0.01)
        assert (top + bottom) / 2 == pytest.approx(by_lead[lead].baseline, abs=0.5)


def test_a_gap_breaks_it():
    recording = flat_recording()
    samples(recording)[:, 400:500] = np.nan
    estimate = rebuilt(recording, GIVEN)
    estimate.source.signals_mv[:, 400:500] = np.nan
    scene, panels = panels_of(ONE_COLUMN, recording, with_interval(estimate))
    x = panels["V5", 10, "overlay"].band[:, 0]
    inside = (x > scene.page.x_of(4.05)) & (x < scene.page.x_of(4.95))
    assert not inside.any()
    assert ((x > scene.page.x_of(3.0)) & (x < scene.page.x_of(3.9))).any()


@pytest.mark.parametrize(
    "filters, half_mv",
    [
        (Filters(), 0.05),
        (Filters(high_pass_hz=0.05), 0.05),
        (Filters(low_pass_hz=40.0), 0.05),
        (Filters(high_pass_hz=0.5), 0.03),
        (Filters(high_pass_hz=0.67), 0.03),
        (Filters(baseline=True), 0.03),
    ],
)
def test_wander_counts_unless_a_filter_takes_it_out(filters, half_mv):
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN), 0.03, wander_mv=0.04)
    view = replace(ONE_COLUMN, filters=filters, gain_mm_mv=40.0)
    scene, panels = panels_of(view, recording, made)
    top, bottom = bar_at(panels["V3", 8, "overlay"], scene.page.x_of(3.0))
    assert (bottom - top) / 2 / scene.page.px_per_mv == pytest.approx(half_mv, abs=0.002)


@pytest.mark.parametrize("page_s", [120.0, 240.0, 540.0])
def test_far_views_widen_what_columns_span(page_s):
    recording = flat_recording(600.0, 100.0)
    samples(recording)[:] = 0.3 * np.sin(np.arange(60_000))
    made = with_interval(rebuilt(recording, GIVEN), 0.25)
    view = replace(ONE_COLUMN, speed_mm_s=250 / page_s)
    scene, panels = panels_of(view, recording, made)
    panel = panels["V6", 11, "overlay"]
    top, bottom = bar_at(panel, scene.page.x_of(page_s / 2))
    assert (panel.baseline - top) / scene.page.px_per_mv == pytest.approx(0.55, abs=0.03)
    assert (bottom - panel.baseline) / scene.page.px_per_mv == pytest.approx(0.55, abs=0.03)


def test_a_long_recording_keeps_widths_in_a_pyramid():
    recording = flat_recording(3600.0, 100.0)
    half_mv = np.full(360_000, 0.1)
    half_mv[200_000:200_100] = 0.8
    signals = Signals.of(recording, with_interval(rebuilt(recording, GIVEN), half_mv))
    assert signals.half is not None and signals.half.pyramid is not None
    edges = np.arange(0, 360_001, 1000)
    found = signals.half.columns([LEAD_INDEX["V3"]], edges)
    assert signals.half.pyramid.built.any()
    assert found.highest[0, 200] == pytest.approx(0.8, rel=1e-3)
    assert found.highest[0, 100] == pytest.approx(0.1, rel=1e-2)
    assert signals.all[-1] is signals.half


class Growing:
    """A source that is known up to some sample."""

    n_channels = 12

    def __init__(self, signals_mv):
        self.signals_mv, self.known = signals_mv, 0
        self.n_samples = signals_mv.shape[1]

    @property
    def done(self):
        return ((0, self.known),) if self.known else ()

    def read(self, start, stop, channels):
        part = self.signals_mv[list(channels), start:stop].astype(np.float32)
        part[:, max(0, self.known - start) :] = np.nan
        return part


def test_a_growing_reconstruction_grows_its_band():
    recording = flat_recording(20.0)
    whole = with_interval(rebuilt(recording, GIVEN))
    line = Growing(whole.source.signals_mv)
    half = Growing(whole.interval.source.signals_mv)
    made = replace(whole, source=line, interval=replace(whole.interval, source=half))
    line.known = half.known = 300
    signals = Signals.of(recording, made)
    _, panels = panels_of(ONE_COLUMN, recording, made, signals=signals)
    before = panels["V3", 8, "overlay"].band[:, 0].max()
    line.known = half.known = 900
    assert (300, 900) in signals.refresh()
    scene, panels = panels_of(ONE_COLUMN, recording, made, signals=signals)
    after = panels["V3", 8, "overlay"].band[:, 0].max()
    assert before == pytest.approx(scene.page.x_of(3.0), abs=2.5)
    assert after == pytest.approx(scene.page.x_of(9.0), abs=2.5)


def test_what_was_read_of_an_interval_is_kept_but_not_for_other_filters():
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN))
    signals = Signals.of(recording, made)
    assert signals.with_reconstruction(replace(made, elapsed_s=2.0)).half is signals.half
    assert signals.with_reconstruction(made, clean=True).half is not signals.half
    assert signals.with_reconstruction(replace(made, interval=None)).half is None
    assert isinstance(signals.half, LevelledLeads)


# Pixels


def painted(area):
    image = QImage(area.width(), area.height(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    area.render(painter, QPoint())
    painter.end()
    return image


@pytest.mark.parametrize("fs_hz", [100.0, 1000.0])
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_pixels_of_the_band_are_tinted_paper(qapp, theme, fs_hz):
    recording = flat_recording(fs_hz=fs_hz)
    area = TraceArea()
    area.resize(1200, 900)
    area.set_theme(theme)
    area.set_recording(recording)
    area.set_view(replace(area.view(), layout="12x1", gain_mm_mv=40.0))
    area.set_reconstruction(with_interval(rebuilt(recording, GIVEN), 0.2))
    page = area.page()
    band = painted(area)
    area.set_view(replace(area.view(), interval=0.0))
    bare = painted(area)
    x = round(page.x_of(4.0))
    y = {lead: round(page.baselines[LEAD_INDEX[lead]]) for lead in LEADS}
    inside = round(0.1 * page.px_per_mv)
    tint = interval_colour(THEMES[theme])
    for lead in ("V3", "V5"):
        before = QColor(bare.pixel(x, y[lead] - inside))
        after = QColor(band.pixel(x, y[lead] - inside))
        alpha = tint.alphaF()
        wanted = alpha * tint.blue() + (1 - alpha) * before.blue()
        assert after.blue() == pytest.approx(wanted, abs=2)
        outside = y[lead] - round(0.23 * page.px_per_mv)
        assert band.pixel(x, outside) == bare.pixel(x, outside)
    assert band.pixel(x, y["V2"] - inside) == bare.pixel(x, y["V2"] - inside)
    area.deleteLater()
    QCoreApplication.sendPostedEvents(area, 0)


def lightness(colour):
    return 0.2126 * colour.red() + 0.7152 * colour.green() + 0.0722 * colour.blue()


def over(colour, paper):
    alpha, below = colour.alphaF(), QColor(paper)
    mixed = (
        alpha * one + (1 - alpha) * two
        for one, two in zip(colour.getRgb()[:3], below.getRgb()[:3], strict=True)
    )
    return QColor(*(round(part) for part in mixed))


@pytest.mark.parametrize("theme", THEMES.values(), ids=sorted(THEMES))
def test_the_band_is_seen_on_paper_and_is_fainter_than_the_lines(theme):
    paper, tinted = QColor(theme.paper), over(interval_colour(theme), theme.paper)
    assert abs(lightness(tinted) - lightness(paper)) > 12
    assert abs(lightness(tinted) - lightness(paper)) < 80
    # Told from the difference without colours too: a different shade.
    shade = QColor(theme.reconstruction)
    shade.setAlphaF(theme.shade_alpha)
    difference = over(shade, theme.paper)
    assert abs(difference.red() - tinted.red()) + abs(difference.blue() - tinted.blue()) > 25


# The window


class Engine(FakeEngine):
    """Gives intervals with its estimates."""

    def events(self, *args, **kwargs):
        for event in super().events(*args, **kwargs):
            done = isinstance(event, Finished)
            yield Finished(with_interval(event.result)) if done else event


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path, Engine()) as made:
        yield made


def drawn(window):
    return {panel.cell.lead for panel in window.trace_area.scene().panels if len(panel.band)}


def press(window, key):
    QTest.keyClick(window, key)
    settle(window)


def test_a_key_takes_the_band_away_and_brings_it_back(window):
    window.session.update(wanted=GIVEN)
    show(window, ecg())
    assert drawn(window) == set(CHEST)
    assert "90 % interval" in window.centre.footer_text()
    assert "90 % interval" in window.findChild(ElidedLabel, "scale-note").text()
    press(window, Qt.Key.Key_I)
    assert drawn(window) == set()
    assert "interval" not in window.centre.footer_text()
    window.actions_table["undo"].trigger()
    assert drawn(window) == set(CHEST)
    press(window, Qt.Key.Key_I)
    press(window, Qt.Key.Key_I)
    assert window.session.state.view.interval == 0.9


def test_the_bar_names_the_level_and_its_menu_chooses_another(window):
    window.resize(1920, 1000)
    show(window, ecg())
    button = window.top_bar._interval
    assert button.text() == "90 % interval"
    assert "no guarantee" in button.toolTip()
    assert max(map(len, button.toolTip().splitlines())) < 90
    actions = {action.text(): action for action in button.menu().actions() if action.text()}
    actions["50 % interval"].trigger()
    settle(window)
    assert window.session.state.view.interval == 0.5
    assert button.text() == "50 % interval"
    assert actions["50 % interval"].isChecked() and not actions["90 % interval"].isChecked()
    assert "50 % interval" in window.centre.footer_text()


def test_a_model_without_interval_says_so(qapp, tmp_path):
    with main_window(tmp_path, FakeEngine()) as window:
        show(window, ecg())
        assert drawn(window) == set()
        assert "interval" not in window.centre.footer_text()
        said = []
        window.say = said.append
        press(window, Qt.Key.Key_I)
        press(window, Qt.Key.Key_I)
        assert said == [NO_INTERVAL]


def test_the_level_is_kept_in_session_files_and_settings(window, tmp_path):
    show(window, ecg())
    window.actions_table["interval.80"].trigger()
    document = as_document(saved_of(window.session.state))
    assert document["view"]["interval"] == 0.8
    window.close()
    assert Settings.in_file(tmp_path / "settings.ini")["view/interval"] == 0.8


def test_a_level_that_is_none_is_not_taken_from_a_session_file():
    document = as_document(SavedSession())
    document["view"]["interval"] = 0.77
    saved, not_understood = from_document(document, "made")
    assert saved.view.interval == ViewState().interval
    assert not_understood == ("view interval",)
    del document["view"]["interval"]
    assert from_document(document, "made") == (SavedSession(), ())


def test_a_lesson_shows_the_band_with_the_reconstruction_and_not_before(window):
    window.session.update(wanted=("I", "II"))
    show(window, ecg())
    press(window, Qt.Key.Key_F8)
    assert drawn(window) == set()
    assert "interval" not in window.centre.footer_text()
    press(window, Qt.Key.Key_I)
    press(window, Qt.Key.Key_I)
    assert drawn(window) == set()
    press(window, Qt.Key.Key_R)
    assert drawn(window) == {"V1", "V2", "V3", "V4", "V5", "V6"}


# Paper


def sheet(level, scheme="pink"):
    recording = flat_recording()
    made = with_interval(rebuilt(recording, GIVEN), 0.3)
    view = ViewState(layout="12x1", interval=level)
    (found,) = sheets_of(Subject(recording, made), view, Layout("a4", True, "page"))
    return found, SCHEMES[scheme]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_printed_pages_have_the_band_and_name_it(qapp, scheme):
    colour = interval_colour(SCHEMES[scheme]).name()
    with_band, without = (
        svg_of(*sheet(level, scheme)).decode().lower().count(f'fill="{colour}"')
        for level in (0.9, 0.0)
    )
    assert with_band > without
    assert "90 % interval" in sheet(0.9)[0].foot[0][0]
    assert "interval" not in sheet(0.0)[0].foot[0][0]


def test_pixels_of_a_picture_are_tinted_within_the_band(qapp):
    (found, theme), (bare, _) = sheet(0.9), sheet(0.0)
    images = [image_of(one, theme, 8.0) for one in (found, bare)]
    page = found.scene.page
    mm = 8.0 / PX_PER_MM
    x = round(found.left_mm * 8 + page.x_of(3.0) * mm)
    base = found.top_mm * 8 + page.baselines[LEAD_INDEX["V4"]] * mm
    tinted = []
    for height_mv in (0.15, 0.4):
        y = round(base - height_mv * page.px_per_mv * mm)
        tinted.append(images[0].pixel(x, y) != images[1].pixel(x, y))
    assert tinted == [True, False]

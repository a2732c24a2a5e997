"""Beats in the window: asked for when shown, drawn where they are, and none left for the next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ecg import rebuilt
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QPushButton
from stand_ins import FakeEngine, main_window, settle, show
from waiting import wait_until

from ecgview.errors import RecordingError
from ecgview.formats import save_recording
from ecgview.gui.beats import jobs
from ecgview.gui.beats.layers import beats_drawing
from ecgview.gui.beats.page import average_page
from ecgview.gui.beats.sheet import average_sheet
from ecgview.gui.beats.state import (
    BeatsState,
    averaged_stretch,
    figures_stretch,
    measured_leads,
    searched_stretch,
    waves_stretch,
)
from ecgview.gui.beats.table import as_html, as_tsv, average_words, marker_rows
from ecgview.gui.main_window import MainWindow
from ecgview.gui.printing.paper import PX_PER_MM
from ecgview.gui.session import Session
from ecgview.gui.state import SessionState
from ecgview.gui.theme import DARK, LIGHT
from ecgview.gui.viewer.layout import Window, lay_out
from ecgview.gui.viewer.paint import paint_scene
from ecgview.gui.viewer.paint_drawing import paint_drawing
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS
from ecgview.measurements.average import AverageBeat, average_beat
from ecgview.measurements.rhythm import Rhythm
from ecgview.measurements.rhythm_search import rhythm_of
from ecgview.measurements.waves import Waves
from ecgview.recording import Patient, Recording
from ecgview.simulate import simulate

AVAILABLE = ("I", "II", "V2")


@pytest.fixture(scope="module")
def normal() -> Recording:
    return simulate("normal", seed=3)


@pytest.fixture(scope="module")
def average(normal: Recording) -> AverageBeat:
    return average_beat(normal, rebuilt(normal, AVAILABLE, 0.0), AVAILABLE)


def found(window: MainWindow) -> BeatsState:
    """What the window knows once nothing is asked any more."""
    settle(window)
    wait_until(lambda: not window.session.beats.is_busy)
    return window.session.state.beats


def text_of(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert label is not None
    return label.text()


# What is asked


def state_of(recording: Recording, **changes: object) -> SessionState:
    view = replace(ViewState(), **changes)
    return SessionState(recording=recording, available=AVAILABLE, view=view)


def test_the_stretch_is_the_mark_or_the_whole_or_the_page_of_a_long_recording() -> None:
    short = simulate("normal", duration_s=12.0, fs_hz=100.0)
    whole = figures_stretch(state_of(short))
    assert whole is not None
    assert (whole.start, whole.stop, whole.words(100.0)) == (0, 1200, "Whole recording, 12.0 s")
    marked = figures_stretch(state_of(short, mark_s=(2.0, 6.5)))
    assert marked is not None
    assert (marked.start, marked.stop) == (200, 650)
    assert marked.words(100.0) == "Marked stretch, 2.00 s to 6.50 s"
    long = simulate("normal", duration_s=700.0, fs_hz=100.0)
    state = state_of(long, start_s=100.0)
    page, searched = figures_stretch(state), searched_stretch(state)
    assert page is not None and searched is not None
    assert (page.start, page.stop, page.what) == (10_000, 11_000, "Page")
    assert (searched.start, searched.stop) == (9000, 12_000)
    asked = replace(state, beats=BeatsState(whole=True))
    everything = searched_stretch(asked)
    assert everything is not None and (everything.start, everything.stop) == (0, 70_000)
    around = averaged_stretch(state)
    assert around is not None and (around.start, around.stop) == (10_000, 11_000)
    waves = waves_stretch(state)
    assert waves is not None and waves.start <= 10_000 and waves.stop >= 11_000
    assert (waves.stop - waves.start) / 100 <= 90


def test_a_reconstructed_lead_is_never_offered(normal: Recording) -> None:
    state = state_of(normal)
    assert measured_leads(state) == (*LEADS[:6], "V2")
    only_v5 = replace(state, available=("V5",))
    assert measured_leads(only_v5) == ("V5",)


def test_nothing_is_asked_while_nothing_shows_it(qapp, tmp_path: Path, normal: Recording) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        beats = found(window)
        assert beats.rhythm is None and beats.average is None
        window.session.beats.change(peaks=True)
        assert found(window).rhythm is not None
        assert window.session.state.beats.average is None
        assert window.session.state.beats.found_waves is None


def test_nothing_is_asked_before_the_first_paint(qapp, normal: Recording) -> None:
    session = Session(FakeEngine().backend)
    session.show_recording(normal)
    session.beats.change(peaks=True, shown=True)
    assert not session.beats.is_busy and not session.state.beats.searching
    session.start_engine()
    assert session.beats.is_busy and session.state.beats.searching
    wait_until(lambda: not session.beats.is_busy)
    assert session.state.beats.rhythm is not None
    session.close()


# Over the page


def test_ticks_stand_at_the_peaks_and_intervals_between_them() -> None:
    page = lay_out(ViewState(layout="12x1"), Window(1600, 1000))
    peaks = np.array([500, 900, 1340, 2500])
    rhythm = Rhythm("II", 500.0, 0, 5000, peaks, np.array([[1400, 2400]]))
    drawing = beats_drawing(BeatsState(peaks=True, rhythm=rhythm), page, 1600, 1000)
    cell = next(cell for cell in page.cells if cell.lead == "II")
    (ticks,) = drawing.strokes
    expected = [page.x_in(cell, peak / 500) for peak in peaks]
    np.testing.assert_allclose(ticks.segments[:, 0], expected)
    assert (np.abs(ticks.segments[:, 1] - page.baselines[cell.row]) < page.pitch / 2).all()
    assert [word.text for word in drawing.words[:2]] == ["800", "880"]
    assert drawing.words[0].x == pytest.approx((expected[0] + expected[1]) / 2)
    assert "R peaks in II, RR in ms" in drawing.words[-1].text
    # Nothing is said across what was left out, and nothing where there is no room.
    assert len(drawing.words) == 3
    narrow = lay_out(ViewState(layout="12x1"), Window(300, 1000))
    assert len(beats_drawing(BeatsState(peaks=True, rhythm=rhythm), narrow, 300, 1000).words) == 1


def test_bands_stand_where_the_waves_are() -> None:
    page = lay_out(ViewState(layout="12x1"), Window(1600, 1000))
    nan = np.nan
    waves = Waves(
        "II", 500.0, 0, 5000,
        p=np.array([[400.0, 425, 450], [nan, nan, nan]]),
        qrs=np.array([[480.0, 500, 530], [980, 1000, 1030]]),
        t=np.array([[600.0, 650, 700], [1100, 1150, 1200]]),
    )  # fmt: skip
    one = beats_drawing(BeatsState(waves="lead", found_waves=waves), page, 1600, 1000)
    cell = next(cell for cell in page.cells if cell.lead == "II")
    edges = [(400, 450), (480, 530), (980, 1030), (600, 700), (1100, 1200)]
    assert len(one.bars) == len(edges)
    for bar, (first, last) in zip(one.bars, edges, strict=True):
        assert bar.x == pytest.approx(page.x_in(cell, first / 500))
        assert bar.x + bar.width == pytest.approx(page.x_in(cell, last / 500))
    every = beats_drawing(BeatsState(waves="all", found_waves=waves), page, 1600, 1000)
    assert len(every.bars) == 12 * len(edges)
    nothing = beats_drawing(BeatsState(found_waves=waves), page, 1600, 1000)
    assert nothing.bars == nothing.strokes == nothing.words == ()


def test_peaks_are_painted_in_the_window(qapp, tmp_path: Path, normal: Recording) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        before = window.trace_area.grab().toImage()
        QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
        rhythm = found(window).rhythm
        assert rhythm is not None and len(rhythm.peaks) == 12
        after = window.trace_area.grab().toImage()
        assert after != before
        page = window.trace_area.scene().page
        cell = page.cells[-1]
        assert cell.lead == "II"
        changed = [
            x
            for x in range(after.width())
            if any(
                after.pixelColor(x, y) != before.pixelColor(x, y)
                for y in range(round(page.baselines[-1]), after.height() - 18)
            )
        ]
        assert len(rhythm.peaks) > 5
        for peak in rhythm.peaks:
            x = page.x_in(cell, peak / normal.fs_hz)
            assert min(abs(x - one) for one in changed) <= 1.5
        QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
        assert window.trace_area.grab().toImage() == before


# The panel


def test_the_panel_shows_rate_and_intervals_of_the_stretch(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.update(side="beats")
        rhythm = found(window).rhythm
        assert rhythm is not None
        figures = rhythm.figures()
        assert text_of(window, "heart-rate") == f"{figures.rate_bpm:.0f}"
        assert text_of(window, "beats-stretch") == "Whole recording, 10.0 s · lead II"
        values = {x.accessibleName(): x.text() for x in window.findChildren(QLabel)}
        assert values["Beats"] == str(figures.beats)
        assert values["RR mean"] == f"{figures.rr_mean_ms:.0f} ms"
        assert values["RR longest"] == f"{figures.rr_max_ms:.0f} ms"
        window.session.change_view(mark_s=(2.0, 5.0))
        assert text_of(window, "beats-stretch") == "Marked stretch, 2.00 s to 5.00 s · lead II"
        marked = rhythm.within(1000, 2500).figures()
        values = {x.accessibleName(): x.text() for x in window.findChildren(QLabel)}
        assert values["Beats"] == str(marked.beats) != str(figures.beats)


def test_the_lead_is_of_choice(qapp, tmp_path: Path, normal: Recording) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.set_available(AVAILABLE)
        window.session.update(side="beats")
        found(window)
        box = next(
            x for x in window.findChildren(QComboBox) if x.accessibleName().startswith("Lead that")
        )
        offered = [box.itemText(row) for row in range(box.count())]
        assert offered == ["Clearest", *LEADS[:6], "V2"]
        box.setCurrentIndex(offered.index("V2"))
        box.activated.emit(offered.index("V2"))
        rhythm = found(window).rhythm
        assert rhythm is not None and rhythm.lead == "V2"
        window.session.set_available(("I", "II"))
        rhythm = found(window).rhythm
        assert rhythm is not None and rhythm.lead == "II"


def test_the_choices_of_the_panel_change_what_is_drawn(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.update(side="beats")
        found(window)
        (peaks,) = (x for x in window.findChildren(QCheckBox) if x.text().startswith("R peaks"))
        peaks.click()
        assert found(window).peaks
        for text, shown in (("All leads", "all"), ("One lead", "lead"), ("Off", "off")):
            buttons = window.findChildren(QPushButton)
            (choice,) = (x for x in buttons if x.accessibleName() == f"P, QRS, T: {text}")
            choice.click()
            assert found(window).waves == shown and choice.isChecked()
        assert found(window).found_waves is not None


def test_a_flat_lead_says_so_and_gives_no_rate(qapp, tmp_path: Path) -> None:
    with main_window(tmp_path) as window:
        leads_mv = np.zeros((12, 5000), dtype=np.float32)
        flat = replace(simulate("normal"), name="flat", simulated=False)
        flat = replace(flat, source=type(flat.source)(leads_mv))
        show(window, flat)
        window.session.update(side="beats")
        beats = found(window)
        assert beats.rhythm is None
        assert text_of(window, "heart-rate") == "\N{EN DASH}"
        assert "Lead II of flat is flat" in text_of(window, "beats-sentence")
        QTest.keyClick(window, Qt.Key.Key_B)
        assert "is flat" in found(window).average_problem
        assert window.centre.average.canvas.page() is None
        assert "is flat" in window.centre.average.canvas.accessibleDescription()
        window.grab()


# The next recording


def test_nothing_of_one_recording_is_left_for_the_next(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        show(window, normal, replace(simulate("normal", seed=8), name="second"))
        window.session.beats.change(peaks=True, waves="lead", shown=True, lead="V2", whole=True)
        first = found(window)
        assert first.rhythm is not None and first.average is not None
        seen: list[BeatsState] = []
        window.session.recording_changed.connect(lambda: seen.append(window.session.state.beats))
        window.session.files.step(1)
        wait_until(lambda: bool(seen))
        assert (seen[0].rhythm, seen[0].found_waves, seen[0].average) == (None, None, None)
        assert (seen[0].lead, seen[0].whole, seen[0].peaks, seen[0].shown) == (
            "",
            False,
            True,
            True,
        )
        second = found(window)
        assert second.rhythm is not None and second.average is not None
        assert not np.array_equal(second.rhythm.peaks, first.rhythm.peaks)


def test_an_answer_for_the_last_recording_is_dropped(
    qapp, tmp_path: Path, normal: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun = threading.Event(), threading.Event()
    plain = jobs.rhythm_job

    def held(question: jobs.Question) -> Iterator[object]:
        if question.recording.name == normal.name:
            begun.set()
            gate.wait(20)
        yield from plain(question)

    monkeypatch.setattr("ecgview.gui.beats.finder._KINDS", _with_job(held))
    with main_window(tmp_path) as window:
        show(window, normal, replace(simulate("normal", seed=8), name="second"))
        window.session.beats.change(peaks=True)
        wait_until(begun.is_set)
        window.session.files.step(1)
        settle(window)
        gate.set()
        rhythm = found(window).rhythm
        other = window.session.state.recording
        assert rhythm is not None and other is not None and other.name == "second"
        np.testing.assert_array_equal(
            rhythm.peaks, rhythm_of(other, measured_leads(window.session.state)).peaks
        )


def _with_job(job: object) -> tuple[object, ...]:
    from ecgview.gui.beats.finder import _KINDS

    return tuple(replace(kind, job=job) if kind.name == "rhythm" else kind for kind in _KINDS)


def test_a_search_of_a_long_recording_is_asked_for_and_can_be_stopped(
    qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = simulate("normal", duration_s=700.0, fs_hz=100.0)
    gate, closed = threading.Event(), threading.Event()
    plain = jobs.rhythm_job

    def held(question: jobs.Question) -> Iterator[object]:
        try:
            for event in plain(question):
                yield event
                if question.stretch.stop == long.n_samples:
                    gate.wait(20)
        finally:
            if question.stretch.stop == long.n_samples:
                closed.set()

    monkeypatch.setattr("ecgview.gui.beats.finder._KINDS", _with_job(held))
    with main_window(tmp_path) as window:
        show(window, long)
        window.session.update(side="beats")
        page = found(window).rhythm
        assert page is not None and page.stop < 3000
        assert text_of(window, "beats-stretch").startswith("Page, 0.00 s to 10.00 s")
        (whole,) = (x for x in window.findChildren(QPushButton) if x.text().startswith("Search"))
        stop = window.findChild(QPushButton, "stop-beats")
        assert stop is not None
        assert whole.isVisible() and not stop.isVisible()
        whole.click()
        wait_until(stop.isVisible)
        assert "Finding beats…" in text_of(window, "beats-sentence")
        stop.click()
        gate.set()
        wait_until(closed.is_set)
        beats = found(window)
        assert not beats.whole and not stop.isVisible()
        assert beats.rhythm is not None and beats.rhythm.stop < 3000
        whole.click()
        beats = found(window)
        assert beats.rhythm is not None and beats.rhythm.stop == long.n_samples
        assert text_of(window, "beats-stretch").startswith("Whole recording, 0:11:40")


# The average beat


def test_b_shows_the_average_beat_in_the_place_of_the_traces(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.set_available(AVAILABLE)
        QTest.keyClick(window, Qt.Key.Key_B)
        beats = found(window)
        view = window.centre.average
        assert view.isVisible() and not window.trace_area.isVisible()
        assert "Average beat" in window.centre.footer_text()
        assert beats.average is not None and beats.average.model_name == "test model"
        # The stand-in adds 0.1 mV throughout, which the baseline of each takes away.
        row = LEADS.index("V4")
        np.testing.assert_allclose(beats.average.differences_uv[row], 0, atol=1)
        assert view.table.item(row, 0).text() == "V4"
        assert view.table.item(row, 3).text() in ("0", "+1", "\N{MINUS SIGN}1")
        assert view.table.item(row, 16).text() == "1.000"
        assert view.table.item(1, 2).text() == "", "a measured lead has no estimate"
        page = view.canvas.page()
        assert page is not None and len(page.scene.panels) == 12
        QTest.keyClick(window, Qt.Key.Key_V)
        assert window.centre.loops.isVisible() and not window.session.state.beats.shown
        QTest.keyClick(window, Qt.Key.Key_B)
        assert view.isVisible() and not window.session.state.loops.shown
        QTest.keyClick(window, Qt.Key.Key_B)
        assert window.trace_area.isVisible()


def test_the_average_follows_leads_mark_and_what_is_shown(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    engine = FakeEngine()
    with main_window(tmp_path, engine) as window:
        show(window, normal)
        window.session.set_available(AVAILABLE)
        QTest.keyClick(window, Qt.Key.Key_B)
        first = found(window).average
        assert first is not None
        window.session.toggle_lead("V5")
        second = found(window).average
        assert second is not None
        five = LEADS.index("V5")
        assert np.isfinite(first.pcc[five]) and np.isnan(second.pcc[five])
        window.session.change_view(mark_s=(1.0, 6.0))
        third = found(window).average
        assert third is not None and third.beats < second.beats
        assert "1.00 s to 6.00 s" in text_of(window, "average-words")
        window.session.change_view(show="original")
        fourth = found(window).average
        assert fourth is not None and np.isnan(fourth.rebuilt_mv).all()
        window.session.change_view(show="available")
        found(window)
        assert window.centre.average.canvas.hidden == ("V1", "V3", "V4", "V6")
        assert window.centre.average.table.item(LEADS.index("V4"), 1).text() == ""


def test_nothing_is_measured_on_traces_that_the_average_beat_covers(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        measuring = [window.actions_table[name] for name in ("caliper.here", "note.here", "goto")]
        assert all(action.isEnabled() for action in measuring)
        QTest.keyClick(window, Qt.Key.Key_B)
        assert not any(action.isEnabled() for action in measuring)


def test_the_table_is_copied(qapp, tmp_path: Path, normal: Recording) -> None:
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.set_available(AVAILABLE)
        QTest.keyClick(window, Qt.Key.Key_B)
        average = found(window).average
        assert average is not None
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(window, Qt.Key.Key_C, keys)
        lines = QGuiApplication.clipboard().text().splitlines()
        assert "demo-normal (simulated)" in lines[0] and "beats averaged" in lines[0]
        heads, v3 = lines[1].split("\t"), lines[2 + LEADS.index("V3")].split("\t")
        row = LEADS.index("V3")
        cell = v3[heads.index("R original µV")]
        assert float(cell) == pytest.approx(1000 * average.original.values_mv[row, 1], abs=0.51)
        assert len(lines) == 14 and {len(line.split("\t")) for line in lines[1:]} == {17}


def test_traces_and_markers_are_drawn_to_one_scale(average: AverageBeat) -> None:
    page = average_page(average, 1000, 500)
    at = page.scene.page
    assert at.px_per_s == pytest.approx(5 * at.px_per_mv)
    assert at.px_per_mm * 5 == pytest.approx(round(at.px_per_mm * 5))
    for panel in page.scene.panels:
        row = LEADS.index(panel.cell.lead)
        top = panel.original[:, [1, 3]].min()
        expected = at.y_in(panel.cell, average.original_mv[row].max())
        assert top == pytest.approx(expected, abs=0.01)
        assert top > 0 and panel.original[:, [1, 3]].max() < 500
        assert panel.x <= panel.original[:, 0].min()
        assert panel.original[:, 2].max() <= panel.x + panel.width
    original, estimate = page.markers.strokes
    assert len(original.segments) == 12 * 5 and original.colour == "original"
    assert len(estimate.segments) == 5 * 5 and estimate.colour == "reconstruction"
    two = next(panel.cell for panel in page.scene.panels if panel.cell.lead == "II")
    tick_y = at.y_in(two, average.original.values_mv[1, 1])
    assert np.abs(original.segments[:, 1] - tick_y).min() < 0.01


@pytest.mark.parametrize("size", [(724, 380), (1100, 420), (3000, 1500), (330, 230)])
def test_the_panels_fit_whatever_the_room(average: AverageBeat, size: tuple[int, int]) -> None:
    page = average_page(average, *size, dpr=2.0)
    lines = np.concatenate([panel.original for panel in page.scene.panels])
    assert lines[:, [0, 2]].min() >= 0 and lines[:, [0, 2]].max() <= size[0]
    if size[1] >= 380:
        assert lines[:, [1, 3]].min() >= 0 and lines[:, [1, 3]].max() <= size[1]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_average_beat_is_painted(qapp, average: AverageBeat, theme) -> None:
    image = QImage(900, 450, QImage.Format.Format_RGB32)
    page = average_page(average, 900, 450, notice="SIMULATED")
    painter = QPainter(image)
    paint_scene(painter, page.scene, theme)
    paint_drawing(painter, page.markers, theme)
    painter.end()
    seen = {image.pixelColor(x, y).name().upper() for x in range(900) for y in range(0, 450, 2)}
    assert {theme.paper.upper(), theme.original.upper()} <= seen


def test_what_is_said_of_the_average(average: AverageBeat) -> None:
    words = average_words(average, 10.0)
    assert words.startswith(f"{average.beats} beats averaged")
    assert "whole recording" in words and "windows from II" in words
    some = replace(average, unlike=2, gaps=1, from_s=4.0, to_s=9.0)
    assert "2 left out as unlike the others · 1 left out for gaps" in average_words(some, 10.0)
    assert "4.00 s to 9.00 s" in average_words(some, 10.0)
    rows = marker_rows(average, hidden=("V1",))
    assert rows[6] == ("V1", *[""] * 16)
    assert as_tsv("title", rows).splitlines()[0] == "title"
    assert as_html("<title>", rows).startswith("<p>&lt;title&gt;</p><table><tr><th>Lead</th>")


def test_the_median_beat_of_a_file_is_shown_as_one_beat(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    with main_window(tmp_path) as window:
        rhythm = average_beat(normal, None, ("II",)).original_mv
        beat = replace(normal, name="one", source=type(normal.source)(rhythm.astype(np.float32)))
        assert beat.duration_s < 2
        show(window, beat)
        QTest.keyClick(window, Qt.Key.Key_B)
        average = found(window).average
        assert average is not None and average.beats == 1
        assert text_of(window, "average-words").startswith("1 beat averaged · whole recording")


def test_a_foreseen_failure_is_a_sentence_and_another_is_reported(
    qapp, tmp_path: Path, normal: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException] = [RecordingError("No beat here."), ZeroDivisionError("oh")]

    def fail(*anything: object, **more: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr("ecgview.measurements.average.average_beat", fail)
    with main_window(tmp_path) as window:
        show(window, normal)
        reported: list[BaseException] = []
        window.session.problem.disconnect()
        window.session.problem.connect(lambda error, details: reported.append(error))
        QTest.keyClick(window, Qt.Key.Key_B)
        assert found(window).average_problem == "No beat here."
        assert not reported
        window.session.change_view(mark_s=(1.0, 6.0))
        assert found(window).average_problem == "Something unexpected failed."
        assert [type(error) for error in reported] == [ZeroDivisionError]


def test_the_average_beat_is_saved_to_scale(
    qapp, tmp_path: Path, normal: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(
        normal, name="Doe_Jane", patient=Patient(name="Doe^Jane", identifier="4711"), simulated=True
    )
    with main_window(tmp_path) as window:
        show(window, named)
        window.session.set_available(AVAILABLE)
        assert not window.actions_table["beats.save"].isEnabled()
        QTest.keyClick(window, Qt.Key.Key_B)
        found(window)
        state = window.session.state
        sheet = average_sheet(window.commands.printing.subject(), state)
        page = sheet.scene.page
        assert page.px_per_mm == PX_PER_MM
        assert page.px_per_mv == pytest.approx(10 * PX_PER_MM)
        assert page.px_per_s == pytest.approx(50 * PX_PER_MM)
        assert "to scale" in sheet.foot[0][0] and "reduced" not in sheet.foot[0][0]
        said = " ".join((*sheet.head, *sheet.right))
        assert "Doe" not in said and "beats averaged" in said and "test model" in said
        target = tmp_path / "average.pdf"
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *args: (str(target), "PDF (*.pdf)")
        )
        window.actions_table["beats.save"].trigger()
        wait_until(target.exists)
        (paper,) = PdfReader(target).pages
        assert float(paper.mediabox.width) == pytest.approx(297 * 72 / 25.4, abs=0.5)
        text = paper.extract_text()
        assert "Reconstructed leads are model estimates" in text and "SIMULATED" in text
        assert "Doe" not in text and "4711" not in text


def test_the_chosen_estimate_of_a_comparison_is_averaged(
    qapp, tmp_path: Path, normal: Recording
) -> None:
    estimate_mv = normal.read_twelve()
    estimate_mv[LEADS.index("V4")] *= 0.5
    path = save_recording("other", estimate_mv, normal.fs_hz, tmp_path / "estimates")
    with main_window(tmp_path) as window:
        show(window, normal)
        window.session.set_available(AVAILABLE)
        QTest.keyClick(window, Qt.Key.Key_B)
        found(window)
        window.session.comparisons.add([path])
        wait_until(lambda: bool(window.session.state.estimates))
        wait_until(lambda: not window.session.state.comparing)
        window.session.comparisons.choose(window.session.state.estimates[0].name)
        average = found(window).average
        assert average is not None and average.model_name != "test model"
        row = LEADS.index("V4")
        half_uv = -500 * average.original.values_mv[row]
        np.testing.assert_allclose(average.differences_uv[row], half_uv, atol=3)
        (style,) = {one.style for one in window.session.state.estimates}
        page = window.centre.average.canvas.page()
        assert page is not None and page.scene.style == style
        assert page.markers.strokes[1].colour == f"estimate_{style}"

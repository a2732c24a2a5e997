"""Calipers on the real window: made, moved, read, marched out."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from paper import NO, Paper
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import ecg, settle
from waiting import wait_until

from ecgview.formats import open_recording
from ecgview.gui.app import dress
from ecgview.gui.measuring.calipers import Values
from ecgview.gui.measuring.drawing import card_size, row_span
from ecgview.gui.measuring.state import Caliper
from ecgview.gui.measuring.time_dialog import TimeDialog
from ecgview.gui.text_size import enlarged
from ecgview.gui.theme import LIGHT
from ecgview.leads import LEADS

SHIFT = Qt.KeyboardModifier.ShiftModifier


def wave(lead: str, time_s: float) -> float:
    """What `ecg` holds, its median removed."""
    signal_mv = ecg().read([lead])[0]
    return float(signal_mv[round(time_s * 100)] - np.median(signal_mv))


def test_a_drag_with_the_tool_makes_a_caliper_that_reads_both_signals(paper: Paper) -> None:
    paper.open(ecg())
    paper.key(Qt.Key.Key_M)
    assert paper.measuring.tool == "lead"
    paper.drag(paper.at("V5", 2.0, 0.0), paper.at("V5", 2.75, 1.0))
    (caliper,) = paper.calipers
    (reading,) = paper.readings
    assert caliper.lead == "V5"
    assert caliper.start_s * 100 == pytest.approx(round(caliper.start_s * 100))
    assert reading.interval_ms == pytest.approx(750, abs=15)
    assert reading.rate_bpm == pytest.approx(60_000 / reading.interval_ms)
    assert reading.width_mm == pytest.approx(reading.interval_ms / 40)
    assert reading.height_mv == pytest.approx(1.0, abs=0.06)
    assert reading.height_mm == pytest.approx(reading.height_mv * 10)
    change = wave("V5", caliper.stop_s) - wave("V5", caliper.start_s)
    assert reading.lead.change.original_mv == pytest.approx(change, abs=0.001)
    assert reading.lead.change.rebuilt_mv == pytest.approx(change, abs=0.001)
    assert reading.lead.start.original_mv == pytest.approx(wave("V5", caliper.start_s), abs=0.01)


def test_an_end_near_the_trace_is_on_it(paper: Paper) -> None:
    paper.open(ecg())
    paper.act("caliper.lead")
    paper.drag(paper.at("I", 1.0, 0.02), paper.at("I", 1.25, 0.47))
    (caliper,) = paper.calipers
    assert caliper.start_mv == pytest.approx(wave("I", caliper.start_s), abs=1e-3)
    assert caliper.stop_mv == pytest.approx(wave("I", caliper.stop_s), abs=1e-3)


def test_snapping_finds_the_peak(paper: Paper) -> None:
    paper.open(ecg())
    paper.act("caliper.snap")
    paper.act("caliper.lead")
    paper.drag(paper.at("I", 1.25, 0.45) + QPoint(5, 0), paper.at("I", 2.25, 0.45) - QPoint(5, 0))
    (caliper,) = paper.calipers
    assert (caliper.start_s, caliper.stop_s) == (1.25, 2.25)
    assert caliper.start_mv == pytest.approx(0.5, abs=0.01)


def test_shift_keeps_it_level(paper: Paper) -> None:
    paper.open(ecg())
    paper.act("caliper.lead")
    paper.drag(paper.at("II", 3.0, 1.5), paper.at("II", 4.0, -0.9), SHIFT)
    (caliper,) = paper.calipers
    assert caliper.start_mv == caliper.stop_mv
    assert paper.window.session.state.view.mark_s is None


def test_ends_and_the_whole_are_dragged_without_the_tool(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(2.0, 3.0, "V2", 1.0, 1.6),))
    before = paper.window.session.state.view
    paper.drag(paper.at("V2", 3.0, 1.6), paper.at("V2", 4.0, 1.6))
    assert paper.calipers[0].stop_s == pytest.approx(4.0, abs=0.015)
    assert paper.calipers[0].start_s == 2.0
    paper.window.session.undo()
    assert paper.calipers == (Caliper(2.0, 3.0, "V2", 1.0, 1.6),)
    middle = paper.at("V2", 2.5, 1.0)
    paper.drag(middle, middle + QPoint(40, 0))
    moved = paper.calipers[0]
    assert moved.start_s == pytest.approx(2.0 + 40 / paper.page.px_per_s, abs=0.011)
    assert moved.interval_s == pytest.approx(1.0)
    assert paper.window.session.state.view == before, "the paper stays"
    paper.window.session.undo()
    assert paper.calipers == (Caliper(2.0, 3.0, "V2", 1.0, 1.6),)


def test_keys_move_step_and_remove(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(1.0, 2.0, "I"), Caliper(3.0, 4.0)))
    paper.key(Qt.Key.Key_M)
    paper.key(Qt.Key.Key_Tab)
    assert (paper.measuring.selected, paper.measuring.end) == (0, "start")
    paper.key(Qt.Key.Key_Right)
    paper.key(Qt.Key.Key_Up)
    assert paper.calipers[0].start_s == pytest.approx(1.01)
    assert paper.calipers[0].start_mv == pytest.approx(0.01)
    paper.key(Qt.Key.Key_Tab)
    paper.key(Qt.Key.Key_Tab)
    paper.key(Qt.Key.Key_Left, SHIFT)
    assert paper.calipers[1].start_s == pytest.approx(2.9)
    assert paper.window.session.state.view.start_s == 0, "the paper stays"
    paper.key(Qt.Key.Key_Delete)
    assert [caliper.lead for caliper in paper.calipers] == ["I"]
    paper.window.session.undo()
    assert len(paper.calipers) == 2
    paper.key(Qt.Key.Key_Escape)
    assert paper.measuring.tool == ""
    assert paper.measuring.selected == -1


def test_what_the_keys_do_is_spoken(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(1.0, 2.0, "I", 0.0, 0.5),))
    spoken = paper.window.commands.measuring.spoken
    assert spoken.words() == ""
    paper.key(Qt.Key.Key_M)
    paper.key(Qt.Key.Key_Tab)
    QAccessible.setActive(True)
    try:
        paper.key(Qt.Key.Key_Left)
    finally:
        QAccessible.setActive(False)
    assert spoken.words().startswith("Caliper 1 in lead I, 0.990 s to 2.000 s; 1010 ms · 59 bpm")
    assert spoken.words().endswith("; first end chosen")


def test_tab_goes_on_after_the_last_end(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(1.0, 2.0, "I"),))
    paper.key(Qt.Key.Key_M)
    for _ in range(2):
        paper.key(Qt.Key.Key_Tab)
        assert paper.window.trace_area.hasFocus()
    paper.key(Qt.Key.Key_Tab)
    assert not paper.window.trace_area.hasFocus()


def test_a_caliper_is_put_down_by_key_alone(paper: Paper) -> None:
    paper.open(ecg(), layout="3x4+1")
    paper.act("caliper.here")
    (caliper,) = paper.calipers
    assert caliper.lead
    assert caliper.interval_s > 0.1
    paper.key(Qt.Key.Key_Right)
    assert paper.calipers[0].stop_s == pytest.approx(caliper.stop_s + 0.01)


def test_a_click_lets_go_and_drags_pan_without_the_tool(paper: Paper) -> None:
    paper.open(ecg(duration_s=60.0))
    paper.act("caliper.all")
    paper.drag(paper.at("I", 1.0, 0.0), paper.at("I", 2.0, 0.0))
    assert paper.calipers[0].lead == ""
    QTest.mouseClick(paper.window.trace_area, Qt.MouseButton.LeftButton, NO, paper.at("V4", 6, 0))
    assert paper.measuring.selected == -1
    assert len(paper.calipers) == 1
    paper.key(Qt.Key.Key_Escape)
    paper.drag(paper.at("I", 8.0, 0.0), paper.at("I", 6.0, 0.0))
    assert paper.window.session.state.view.start_s == pytest.approx(2.0, abs=0.1)
    assert len(paper.calipers) == 1


def test_over_all_leads_it_runs_down_the_page_and_reads_all(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(2.0, 2.5),))
    (strokes,) = paper.drawn("calipers").strokes
    upright = strokes.segments[strokes.segments[:, 0] == strokes.segments[:, 2]]
    xs = {round(paper.page.x_in(paper.cell("I"), time_s)) for time_s in (2.0, 2.5)}
    assert {round(x) for x in upright[:, 0]} == xs
    assert upright[:, 1].min() <= row_span(paper.page, 0)[0] + 1
    assert upright[:, 3].max() >= row_span(paper.page, 11)[1] - 1
    (reading,) = paper.readings
    assert [one.lead for one in reading.leads] == list(LEADS)
    paper.act("caliper.copy")
    table = QGuiApplication.clipboard().text().splitlines()
    assert len(table) == 13
    v6 = dict(zip(table[0].split("\t"), table[12].split("\t"), strict=True))
    assert v6["lead"] == "V6"
    assert float(v6["original_stop_mv"]) == pytest.approx(wave("V6", 2.5), abs=2e-3)
    assert float(v6["reconstruction_change_mv"]) == pytest.approx(
        wave("V6", 2.5) - wave("V6", 2.0), abs=2e-3
    )


def test_the_card_over_all_leads_stands_beside_the_caliper(paper: Paper) -> None:
    paper.open(ecg(), layout="3x4+1")
    paper.window.session.update(calipers=(Caliper(2.0, 3.3),))
    (card,) = [bar for bar in paper.drawn("calipers").bars if bar.colour == "paper"]
    assert card.x == pytest.approx(paper.page.x_of(3.3) + 4)


def test_marching_repeats_the_interval_to_both_ends(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(4.0, 4.75, "V1"),))
    paper.window.commands.measuring.change(selected=0)
    paper.act("caliper.march")
    dashed = next(one for one in paper.drawn("calipers").strokes if one.dashes)
    cell = paper.cell("V1")
    expected = [4.0 + 0.75 * step for step in range(-5, 9) if step not in (0, 1)]
    expected = [time_s for time_s in expected if 0 <= time_s <= 10]
    assert sorted(dashed.segments[:, 0]) == pytest.approx(
        [paper.page.x_in(cell, time_s) for time_s in expected]
    )
    paper.act("caliper.march")
    assert not any(one.dashes for one in paper.drawn("calipers").strokes)


def test_half_gain_and_minus_avr_are_read_as_they_are(paper: Paper) -> None:
    paper.open(ecg())
    session = paper.window.session
    session.change_view(half_chest=True, order="cabrera")
    paper.act("caliper.lead")
    for lead in ("V3", "aVR"):
        paper.drag(paper.at(lead, 1.0, 0.9), paper.at(lead, 2.0, -0.6))
    chest, limb = paper.readings
    assert chest.caliper.start_mv == pytest.approx(0.9, abs=0.06)
    assert chest.height_mv == pytest.approx(1.5, abs=0.1)
    assert chest.height_mm == pytest.approx(chest.height_mv * 5)
    assert limb.caliper.start_mv == pytest.approx(0.9, abs=0.06)
    assert limb.height_mm == pytest.approx(limb.height_mv * 10)


def test_side_by_side_it_stands_in_both_halves(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.change_view(show="side")
    paper.act("caliper.lead")
    paper.drag(paper.at("V4", 2.0, 1.0, number=1), paper.at("V4", 3.0, 1.4, number=1))
    (caliper,) = paper.calipers
    assert caliper.start_s == pytest.approx(2.0, abs=0.02)
    (strokes,) = paper.drawn("calipers").strokes
    xs = {round(x) for x in strokes.segments[:, 0]}
    ends = [paper.page.x_in(paper.cell("V4", half), caliper.start_s) for half in (0, 1)]
    assert {round(x) for x in ends} <= xs


def test_the_panel_lists_what_calipers_read(paper: Paper) -> None:
    paper.open(ecg())
    session = paper.window.session
    session.update(calipers=(Caliper(2.0, 2.8, "V5", 0.0, 0.5), Caliper(1.0, 2.0)), side="marks")
    model = paper.window.side_panel.marks.calipers.model()
    rows = [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert [row[:3] for row in rows] == [["V5", "800", "75"], ["all", "1000", "60"]]
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert spoken.startswith("Caliper 1 in lead V5, 2.000 s to 2.800 s; 800 ms")
    assert "reconstruction" in spoken
    paper.window.side_panel.marks.calipers.clicked.emit(model.index(0, 0))
    detail = paper.window.side_panel.marks._detail.text()
    assert "Height 0.500 mV · 5.0 mm" in detail


def test_the_readings_of_calipers_fit_their_columns(paper: Paper) -> None:
    paper.open(ecg())
    calipers = (Caliper(1.0, 2.03, "aVR", 0.0, 0.5), Caliper(2.0, 2.8, "V5", 0.0, 0.5))
    paper.window.session.update(calipers=calipers, side="marks")
    table = paper.window.side_panel.marks.calipers
    wait_until(table.isVisible)
    for column in range(table.model().columnCount()):
        assert table.sizeHintForColumn(column) <= table.columnWidth(column), column


@pytest.mark.parametrize("percent", [100, 200])
def test_no_figure_of_the_panel_is_cut(paper: Paper, percent: int) -> None:
    paper.open(ecg())
    session = paper.window.session
    session.update(text_size=percent)
    dress(paper.window, enlarged(LIGHT, percent))
    session.update(calipers=(Caliper(2.0, 2.8, "aVR", 0.0, 0.5), Caliper(1.0, 2.0)), side="marks")
    settle(paper.window)
    table = paper.window.side_panel.marks.calipers
    widths = {column: table.columnWidth(column) for column in range(5)}
    assert all(table.sizeHintForColumn(column) <= width for column, width in widths.items())


def test_the_panel_says_how_to_measure_when_it_is_first_looked_at(paper: Paper) -> None:
    paper.open(ecg())
    side = paper.window.side_panel
    tab = side.findChild(QPushButton, "side-marks")
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
    words = [one.text() for one in side.findChildren(QLabel) if one.isVisible()]
    assert "Calipers" in words
    assert any(word.startswith("Press M and drag") for word in words)


def test_a_typed_time_is_gone_to_and_no_other(paper: Paper) -> None:
    paper.open(ecg(duration_s=60.0))
    paper.window.actions_table["goto"].trigger()
    dialog = paper.window.findChild(TimeDialog)
    QTest.keyClicks(dialog.time, "1:30")
    assert not dialog.go.isEnabled()
    assert "No time of this recording, which lasts 1:00.0." in spoken(dialog)
    dialog.time.clear()
    QTest.keyClicks(dialog.time, "0:40")
    QTest.keyClick(dialog.time, Qt.Key.Key_Return)
    assert paper.window.session.state.view.start_s == pytest.approx(40.0)
    assert not dialog.isVisible()


def spoken(dialog: TimeDialog) -> list[str]:
    return [one.text() for one in dialog.findChildren(QLabel)]


def test_a_card_is_as_wide_as_its_words(paper: Paper) -> None:
    lines = ("900 ms \N{MIDDLE DOT} 67 bpm \N{MIDDLE DOT} 22.5 mm", "-0.010 mV")
    font = QFont()
    font.setPixelSize(11)
    font.setBold(True)
    assert card_size(lines)[0] > QFontMetricsF(font).horizontalAdvance(lines[0])


def test_nothing_leaks_into_the_next_recording(paper: Paper) -> None:
    paper.open(ecg("one"), ecg("two"))
    paper.window.session.update(calipers=(Caliper(1.0, 2.0, "I"),))
    paper.window.commands.measuring.change(selected=0, current_s=1.0, search="x", tool="lead")
    paper.window.session.files.step(1)
    settle(paper.window)
    assert paper.window.session.state.recording.name == "two"
    assert paper.calipers == ()
    assert (paper.measuring.selected, paper.measuring.current_s) == (-1, None)
    assert paper.measuring.search == ""
    assert paper.measuring.tool == "lead", "how one measures stays"
    assert not paper.drawn("calipers").strokes


def test_a_drag_that_is_under_way_dies_with_its_recording(paper: Paper) -> None:
    paper.open(ecg("one"), ecg("two"))
    paper.act("caliper.lead")
    area = paper.window.trace_area
    QTest.mousePress(area, Qt.MouseButton.LeftButton, NO, paper.at("I", 1.0, 0.0))
    paper.move(paper.at("I", 2.0, 0.5))
    assert paper.measuring.draft is not None
    paper.window.session.files.step(1)
    settle(paper.window)
    paper.move(paper.at("I", 3.0, 0.5))
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, NO, paper.at("I", 3.0, 0.5))
    assert paper.calipers == ()
    assert paper.measuring.draft is None


def test_the_crosshair_tells_both_signals_and_their_difference(paper: Paper) -> None:
    paper.open(ecg())
    paper.key(Qt.Key.Key_X)
    paper.move(paper.at("V5", 3.13, 0.3), buttons=Qt.MouseButton.NoButton)
    words = [one.text for one in paper.drawn("crosshair").words]
    time_s = float(words[0].removeprefix("V5 · ").removesuffix(" s"))
    assert time_s == pytest.approx(3.13, abs=0.011)
    said = f"{wave('V5', time_s):+.3f}".replace("-", "\N{MINUS SIGN}")
    assert words[1] == f"original {said} mV"
    assert len(words) == 4
    paper.key(Qt.Key.Key_X)
    assert not paper.drawn("crosshair").words


def test_a_lesson_is_not_given_away(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(calipers=(Caliper(2.0, 2.8, "V5", 1.0, 1.5), Caliper(1.0, 2.0)))
    paper.window.commands.teaching.start()
    hidden, everywhere = paper.readings
    assert hidden.lead.start == Values(None, None)
    known = {one.lead for one in everywhere.leads if one.start.original_mv is not None}
    assert known == {*LEADS[:6], "V2"}
    paper.window.commands.teaching.reveal()
    assert paper.readings[0].lead.start.original_mv is None
    assert paper.readings[0].lead.start.rebuilt_mv is not None
    paper.window.commands.teaching.reveal()
    assert paper.readings[0].lead.start.original_mv is not None


def test_cards_stay_in_the_window(paper: Paper) -> None:
    paper.open(ecg())
    paper.window.session.update(
        calipers=(
            Caliper(0.0, 0.1, "I", 3.0, 3.0),
            Caliper(9.8, 9.9, "V6", -1, -2),
            Caliper(9, 9.9),
        )
    )
    paper.window.commands.measuring.change(selected=1)
    bars = [bar for bar in paper.drawn("calipers").bars if bar.colour == "paper"]
    assert len(bars) == 3
    area = paper.window.trace_area
    for bar in bars:
        assert bar.x >= 0
        assert bar.y >= 0
        assert bar.x + bar.width <= area.width()
        assert bar.y + bar.height <= area.height()


@pytest.mark.real_data
@pytest.mark.parametrize("layout", ["12x1", "3x4+1"])
def test_rr_of_a_real_recording_is_that_of_its_samples(
    paper: Paper, data_dir: Path, tmp_path: Path, layout: str
) -> None:
    source = next((data_dir / "ptb-xl" / "records500").rglob("*_hr.hea"))
    for file in source.parent.glob(f"{source.stem}.*"):
        shutil.copy(file, tmp_path)
    recording = open_recording(tmp_path / source.name)
    paper.open(recording, layout=layout)
    cell = paper.cell("II", -1 if layout == "3x4+1" else 0)
    signals = paper.window.trace_area.signals()
    lead_mv = signals.recorded.window(0, recording.n_samples)[LEADS.index("II")]
    peaks = [int(lead_mv[:1000].argmax()), 0]
    peaks[1] = peaks[0] + 200 + int(lead_mv[peaks[0] + 200 : peaks[0] + 700].argmax())
    paper.act("caliper.snap")
    paper.act("caliper.lead")
    places = [
        QPoint(
            round(paper.page.x_in(cell, peak / 500)) + 2,
            round(paper.page.y_in(cell, float(lead_mv[peak]))),
        )
        for peak in peaks
    ]
    paper.drag(*places)
    (reading,) = paper.readings
    assert reading.interval_ms == pytest.approx((peaks[1] - peaks[0]) * 2)
    assert reading.lead.start.original_mv == pytest.approx(lead_mv[peaks[0]], abs=1e-6)
    assert reading.caliper.stop_mv == pytest.approx(lead_mv[peaks[1]], abs=1e-6)

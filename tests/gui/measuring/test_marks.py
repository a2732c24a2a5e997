"""Marks of the file on the page and in the list."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from paper import Paper
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from stand_ins import ecg, settle
from waiting import wait_until

from ecgview.gui.measuring.listing import MarkIndex, make_listing
from ecgview.gui.measuring.marks_drawing import Names, marks_drawing, tracks_of
from ecgview.gui.viewer.layout import Window, lay_out
from ecgview.gui.viewer.state import ViewState
from ecgview.recording import Mark, Recording

MARKS = (
    Mark(1.0, "N"),
    Mark(2.0, "(AFIB"),
    Mark(2.5, "V", channel="V3"),
    Mark(40.0, "noise", 2.0),
    Mark(41.0, "V"),
)


def marked(marks: tuple[Mark, ...] = MARKS, duration_s: float = 60.0, name: str = "m") -> Recording:
    return replace(ecg(name, duration_s=duration_s), mark_reader=lambda: marks)


def rows(paper: Paper) -> list[tuple[str, ...]]:
    model = paper.window.side_panel.marks.marks.model()
    return [
        tuple(model.index(row, column).data() for column in range(3))
        for row in range(model.rowCount())
    ]


def test_marks_are_listed_searched_and_counted(paper: Paper) -> None:
    paper.open(marked())
    paper.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert paper.window.session.state.side == "marks"
    assert [row[1] for row in rows(paper)] == ["N", "(AFIB", "V", "noise (2 s)", "V"]
    assert rows(paper)[2] == ("0:02.5", "V", "V3")
    field = paper.window.findChild(QLineEdit, "marks-search")
    wait_until(field.hasFocus)
    QTest.keyClicks(field, "v")
    assert [row[0] for row in rows(paper)] == ["0:02.5", "0:41.0"]
    assert paper.window.side_panel.marks._count.text() == "2 of 5 annotations"
    field.clear()
    assert len(rows(paper)) == 5


def test_marks_are_jumped_to_one_after_the_other(paper: Paper) -> None:
    paper.open(marked())
    found = []
    for _ in range(4):
        paper.act("marks.next")
        found.append(paper.measuring.current_s)
    assert found == [1.0, 2.0, 2.5, 40.0]
    view = paper.window.session.state.view
    assert view.start_s < 40.0 < view.start_s + view.page_s
    paper.act("marks.previous")
    assert paper.measuring.current_s == 2.5
    assert paper.window.session.state.view.start_s <= 2.5
    line = paper.drawn("marks").strokes[-1].segments
    assert line[:, 0] == pytest.approx(paper.page.x_of(2.5))


def test_a_searched_list_is_what_one_steps_through(paper: Paper) -> None:
    paper.open(marked())
    paper.window.commands.measuring.change(search="noise")
    paper.act("marks.next")
    assert paper.measuring.current_s == 40.0
    paper.act("marks.next")
    assert paper.measuring.current_s == 40.0, "there is no further one"


def test_a_click_and_enter_in_the_list_jump(paper: Paper) -> None:
    paper.open(marked())
    paper.act("marks.find")
    table = paper.window.side_panel.marks.marks
    place = table.visualRect(table.model().index(3, 1)).center()
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert paper.measuring.current_s == 40.0
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Up)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert paper.measuring.current_s == 2.5


def test_marks_stand_over_their_lead_and_can_be_hidden(paper: Paper) -> None:
    paper.open(marked())
    words = {(one.text, round(one.x)) for one in paper.drawn("marks").words}
    expected = round(paper.page.x_of(2.5))
    ticks = paper.drawn("marks").strokes[0].segments
    v3 = paper.cell("V3").row
    tops = ticks[np.isclose(ticks[:, 0], paper.page.x_of(2.5))][:, 1]
    assert len(tops) == 1
    assert abs(tops[0] - paper.page.baselines[v3]) < paper.page.pitch
    assert words <= {("N", round(paper.page.x_of(1.0))), ("(AFIB", round(paper.page.x_of(2.0))),
                     ("V", expected)}  # fmt: skip
    paper.act("marks.show")
    assert not paper.drawn("marks").words
    assert not paper.drawn("marks").strokes


@pytest.mark.parametrize("layout", ["3x4+1", "12x1"])
def test_words_of_many_marks_never_overlap(layout: str) -> None:
    recording = ecg(duration_s=100.0)
    rng = np.random.default_rng(0)
    times_s = np.sort(rng.uniform(0, 100, 100_000))
    codes = ("N", "V", "(AFIB", "+", "very long text that says much")
    marks = tuple(Mark(float(t), codes[at % 5]) for at, t in enumerate(times_s))
    tracks = tracks_of(marks, recording)
    page = lay_out(ViewState(layout=layout, start_s=30.0), Window(1200, 800))
    drawn = marks_drawing(page, tracks, Names(30.0))
    spans = sorted(
        (one.x - len(one.text) * 3.0, one.x + len(one.text) * 3.0) for one in drawn.words
    )
    assert len(spans) > 10
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    (strokes,) = drawn.strokes
    assert len(strokes.segments) <= 1200 / 3 + len(page.cells)


def test_the_codes_shown_stay_while_the_page_moves() -> None:
    recording = ecg(duration_s=100.0)
    marks = tuple(Mark(0.11 * at, str(at % 10)) for at in range(900))
    tracks = tracks_of(marks, recording)
    shown = []
    for start_s in (30.0, 30.37):
        page = lay_out(ViewState(layout="12x1", start_s=start_s), Window(1200, 800))
        shown.append(
            {
                round(page.time_of(one.x), 3)
                for one in marks_drawing(page, tracks, Names(30.0)).words
            }
        )
    common = [{time_s for time_s in one if 33 < time_s < 39} for one in shown]
    assert len(common[0]) > 20
    assert common[0] == common[1]


def test_a_hundred_thousand_marks_are_put_into_words_only_in_sight(paper: Paper) -> None:
    marks = tuple(Mark(at * 0.0005, "N" if at % 1000 else "(AFIB") for at in range(100_000))
    paper.open(marked(marks))
    paper.act("marks.find")
    model = paper.window.side_panel.marks.marks.model()
    wait_until(paper.window.side_panel.marks.marks.isVisible)
    asked = []
    cells = type(model.listing).cells

    def counted(listing: object, row: int) -> tuple[str, str, str]:
        asked.append(row)
        return cells(listing, row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(model.listing), "cells", counted)
        paper.window.side_panel.marks.marks.viewport().repaint()
    assert model.rowCount() == 100_000
    assert 0 < len(asked) < 500
    paper.window.commands.measuring.change(search="afib")
    assert model.rowCount() == 100


def test_marks_of_a_recording_that_was_left_do_not_come(paper: Paper) -> None:
    paper.open(marked(name="one"), ecg("two"))
    paper.window.session.files.step(1)
    settle(paper.window)
    assert paper.window.session.state.marks == ()
    paper.window.session.files.step(-1)
    settle(paper.window)
    wait_until(lambda: paper.window.session.state.marks == MARKS)


def test_the_overview_shows_what_is_rare(paper: Paper) -> None:
    beats = tuple(Mark(at * 0.5, "V" if at % 40 == 7 else "N") for at in range(120))
    paper.open(marked(beats))
    paper.window.session.update(notes=(Mark(12.0, "here"),))
    strip = paper.window.overview.strip
    assert strip.ticks("marks") == (3.5, 23.5, 43.5)
    assert strip.ticks("notes") == (12.0,)
    paper.act("marks.show")
    assert strip.ticks("marks") == ()


def test_a_listing_tells_kind_lead_and_neighbours() -> None:
    listing = make_listing(MarkIndex.of(MARKS), MarkIndex.of((Mark(2.2, "mine", channel="II"),)))
    assert [listing.is_note(row) for row in range(6)] == [False, False, True, False, False, False]
    assert listing.sentence(2) == "Own note at 2.200 s in II: mine"
    assert listing.step(2.0, 1) == 2
    assert len(make_listing(MarkIndex.of(MARKS), MarkIndex.of(()), "v3")) == 1
    assert listing.step(1.0, -1) == -1
    assert make_listing(MarkIndex.of(MARKS), MarkIndex.of(()), kind="notes").tsv().count("\n") == 1


@pytest.mark.real_data
def test_a_real_recording_shows_the_marks_of_each_lead(
    paper: Paper, data_dir: Path, tmp_path: Path
) -> None:
    for file in (data_dir / "formats" / "wfdb").glob("ludb_1.*"):
        shutil.copy(file, tmp_path)
    paper.window.session.files.open([tmp_path / "ludb_1.hea"])
    settle(paper.window)
    paper.window.session.change_view(layout="12x1")
    wait_until(lambda: len(paper.window.session.state.marks) > 0)
    state = paper.window.session.state
    assert len(state.marks) == 576
    tracks = tracks_of(state.marks, state.recording)
    assert set(tracks) == set(state.recording.leads)
    waves = [mark for mark in state.marks if mark.channel == "v3" and mark.text == "N"]
    assert len(waves) > 5
    ticks = paper.drawn("marks").strokes[0].segments[:, 0]
    for mark in waves:
        assert np.abs(ticks - paper.page.x_of(mark.start_s)).min() < 3

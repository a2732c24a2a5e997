from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from stand_ins import FakeEngine, compare, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.formats import save_recording
from ecgview.formats.notes import read_notes
from ecgview.gui.history import BURST_S, STEPS_KEPT, History, put_back
from ecgview.gui.measuring.state import Caliper
from ecgview.gui.state import SessionState
from ecgview.leads import LEADS
from ecgview.recording import Mark


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


class Run:
    """A history with the state it is about, and a clock that stands still."""

    def __init__(self):
        self.clock = Clock()
        self.history = History(self.clock)
        self.state = SessionState(recording=ecg(), available=("I", "II"))

    def change(self, **changes):
        before, self.state = self.state, replace(self.state, **changes)
        self.history.record(before, self.state)

    def view(self, **changes):
        self.change(view=replace(self.state.view, **changes))

    def undo(self):
        self.state = put_back(self.state, self.history.take_back())

    def redo(self):
        self.state = put_back(self.state, self.history.do_again())


@pytest.fixture
def run():
    return Run()


def test_steps_are_undone_and_redone_in_turn(run):
    run.change(available=("I",), wanted=("I",))
    run.view(gain_mm_mv=20.0)
    assert run.history.words == ("gain", "")
    run.undo()
    assert (run.state.view.gain_mm_mv, run.state.available) == (10.0, ("I",))
    assert run.history.words == ("lead choice", "gain")
    run.undo()
    assert (run.state.available, run.state.wanted) == (("I", "II"), ())
    assert run.history.words == ("", "lead choice")
    run.redo()
    run.redo()
    assert (run.state.view.gain_mm_mv, run.state.available) == (20.0, ("I",))


def test_a_new_choice_ends_what_could_be_redone(run):
    run.view(gain_mm_mv=20.0)
    run.undo()
    run.view(speed_mm_s=50.0)
    assert run.history.words == ("speed", "")


def test_moving_is_one_step_however_long_it_takes(run):
    for second in range(1, 30):
        run.clock.now_s += 10
        run.view(start_s=float(second))
    run.undo()
    assert run.state.view.start_s == 0
    assert run.history.words == ("", "moving")


def test_a_burst_of_zooming_is_one_step_and_a_later_one_another(run):
    for zoom in (1.2, 1.5, 2.0):
        run.clock.now_s += BURST_S / 2
        run.view(zoom=zoom, scroll_mm=(zoom, 0.0))
    run.clock.now_s += 2 * BURST_S
    run.view(zoom=4.0)
    run.undo()
    assert run.state.view.zoom == 2.0
    run.undo()
    assert (run.state.view.zoom, run.state.view.scroll_mm) == (1.0, (0.0, 0.0))


def test_moving_after_an_undo_is_a_step_of_its_own(run):
    run.view(start_s=3.0)
    run.view(gain_mm_mv=20.0)
    run.undo()
    run.view(start_s=5.0)
    run.undo()
    assert run.state.view.start_s == 3.0


def test_a_model_that_brings_its_leads_is_one_step(run):
    run.change(model="linear")
    run.change(available=("I", "II", "V2"))
    run.undo()
    assert (run.state.model, run.state.available) == ("", ("I", "II"))


def test_nudges_of_a_caliper_are_one_step_and_its_making_another(run):
    run.change(calipers=(Caliper(1.0, 2.0),))
    for nudge in (2.1, 2.2, 2.3):
        run.change(calipers=(Caliper(1.0, nudge),))
    run.undo()
    assert run.state.calipers == (Caliper(1.0, 2.0),)
    run.undo()
    assert run.state.calipers == ()


def test_what_a_lesson_shows_is_no_step(run):
    run.change(teaching=replace(run.state.teaching, is_on=True))
    run.view(show="original")
    assert run.history.words == ("", "")
    run.view(show="overlay", gain_mm_mv=20.0)
    assert run.history.words == ("gain", "")


def test_calibration_of_the_screen_is_no_step_and_outlives_one(run):
    run.view(layout="12x1")
    run.view(px_per_mm=5.0)
    assert run.history.words == ("layout", "")
    run.undo()
    assert run.state.view.layout != "12x1"
    assert run.state.view.px_per_mm == 5.0


def test_what_a_step_did_not_change_stays(run):
    run.view(gain_mm_mv=20.0)
    run.state = replace(run.state, view=replace(run.state.view, show="original"))
    run.undo()
    assert (run.state.view.gain_mm_mv, run.state.view.show) == (10.0, "original")


def test_another_recording_begins_an_empty_history(run):
    run.view(gain_mm_mv=20.0)
    run.change(recording=ecg("b"), available=("V1",), view=replace(run.state.view, start_s=0.0))
    assert run.history.words == ("", "")
    run.view(gain_mm_mv=5.0)
    run.undo()
    assert (run.state.recording.name, run.state.available) == ("b", ("V1",))
    assert run.state.view.gain_mm_mv == 20.0


def test_the_oldest_steps_are_dropped(run):
    for number in range(STEPS_KEPT + 5):
        run.view(gain_mm_mv=(10.0, 20.0)[number % 2 == 0])
    undone = 0
    while run.history.words[0]:
        run.undo()
        undone += 1
    assert undone == STEPS_KEPT


def test_nothing_is_recorded_where_nothing_is_open():
    history = History()
    history.record(SessionState(), SessionState(wanted=("I",)))
    assert history.words == ("", "")


# In the window


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def window(qapp, tmp_path, engine):
    with main_window(tmp_path, engine) as made:
        yield made


def undo(window):
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)


def redo(window):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_Z, both)
    settle(window)


def test_undoing_a_lead_choice_reconstructs_again(window, engine):
    show(window, ecg())
    action = window.actions_table["undo"]
    assert (action.text(), action.isEnabled()) == ("Undo", False)
    QTest.mouseClick(window.findChild(QPushButton, "chip-V5"), Qt.MouseButton.LeftButton)
    settle(window)
    assert (action.text(), action.isEnabled()) == ("Undo: lead choice", True)
    undo(window)
    assert engine.asked[-2:] == [("I", "II", "V2", "V5"), ("I", "II", "V2")]
    assert window.session.state.reconstruction.available == ("I", "II", "V2")
    assert window.actions_table["redo"].text() == "Redo: lead choice"
    redo(window)
    assert window.session.state.available == ("I", "II", "V2", "V5")
    assert engine.asked[-1] == ("I", "II", "V2", "V5")


def test_undoing_a_mark_compares_the_whole_again(window):
    asked = []

    def noted(recording, reconstruction, comparison):
        asked.append((comparison.start, comparison.stop))
        return compare(recording, reconstruction, comparison)

    show(window, ecg())
    window.session.backend = replace(window.session.backend, compare=noted)
    window.session.change_view(mark_s=(1.0, 2.0))
    settle(window)
    undo(window)
    assert window.session.state.view.mark_s is None
    assert asked == [(100, 200), (0, 1000)]


def test_notes_are_undone_on_screen_and_in_their_file(window, tmp_path):
    signals_mv = ecg().read(LEADS)
    path = save_recording("n", signals_mv, 100.0, tmp_path, format="wfdb", leads=LEADS)
    window.commands.open_paths([path])
    settle(window)
    wait_until(lambda: not window.session.state.measuring.reads_notes)
    note = Mark(2.0, "look here")
    window.session.update(notes=(note,))
    recording = window.session.state.recording
    wait_until(lambda: read_notes(recording).notes == (note,))
    assert window.actions_table["undo"].text() == "Undo: note"
    undo(window)
    assert window.session.state.notes == ()
    wait_until(lambda: read_notes(recording).notes == ())
    redo(window)
    assert window.session.state.notes == (note,)
    wait_until(lambda: read_notes(recording).notes == (note,))


def test_a_turn_of_the_wheel_is_undone_at_once(window):
    show(window, ecg(duration_s=60.0))
    area = window.trace_area
    for _ in range(6):
        place = QPointF(400, 300)
        turn = QWheelEvent(
            place, area.mapToGlobal(place), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(area, turn)
    assert window.session.state.view.start_s > 0
    undo(window)
    assert window.session.state.view.start_s == 0
    assert area.view().start_s == 0
    assert not window.session.state.undo


def test_history_does_not_leak_into_the_next_recording(window):
    show(window, ecg("a"), ecg("b"))
    window.session.set_available(("V1", "V2"))
    window.session.change_view(gain_mm_mv=20.0)
    settle(window)
    window.session.files.step(1)
    settle(window)
    assert window.session.state.recording.name == "b"
    assert not window.actions_table["undo"].isEnabled()
    undo(window)
    assert window.session.state.available == ("V1", "V2")

"""Signs in the window: looked for after the reconstruction, shown calmly, expanded, put away."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import FakeEngine, ecg, main_window, show
from waiting import wait_until

from ecgview.engine.events import Finished, Progress
from ecgview.engine.signs.sign import MISTAKE, OPENING, Rate, Sign
from ecgview.errors import ModelError
from ecgview.gui.signs.panel import SignRow
from ecgview.gui.signs.work import SignsBackend

SWAPPED = Sign(
    MISTAKE,
    ("V1", "V2"),
    "V2 does not fit the other leads: swapped with V1?",
    "Look before you change anything.",
    "V1 and V2",
    at_s=40.0,
    rate=Rate(0.83, 88, 0.012, 265),
)
NOISY = Sign("noisy", ("V4",), "V4 is noisier than usual.")


class Finder:
    """Stands in for the engine's search, which can be held."""

    def __init__(self, *signs, error=None):
        self.signs, self.error, self.asked = signs, error, []
        self.gate, self.closed = threading.Event(), 0
        self.gate.set()

    def find(self, recording, available, model):
        self.asked.append((recording.name, available))
        try:
            yield from self._found(self.signs)
        finally:
            self.closed += 1

    def _found(self, signs):
        self.gate.wait(20)
        yield Progress(0, 1, "Looking for signs")
        if self.error is not None:
            raise self.error
        yield Finished(signs)

    @property
    def backend(self):
        return SignsBackend(self.find, lambda card: card is not None)


@pytest.fixture
def open_with(qapp, tmp_path):
    windows = []

    def make(finder):
        engine = FakeEngine()
        holder = main_window(tmp_path, engine)
        window = holder.__enter__()
        windows.append(holder)
        window.session.backend = replace(window.session.backend, signs=finder.backend)
        return window

    yield make
    for holder in windows:
        holder.__exit__(None, None, None)


def rows(window):
    return [row for row in window.lead_panel.signs.findChildren(SignRow) if row.isVisible()]


def wait_for_signs(window, count):
    wait_until(lambda: not window.session.signs.is_busy and len(rows(window)) == count)


def part(row, kind, name):
    return row.findChild(kind, name)


def test_a_sign_is_a_sentence_and_tells_on_demand_how_often_it_is_right(open_with):
    finder = Finder(SWAPPED, NOISY)
    window = open_with(finder)
    show(window, ecg())
    wait_for_signs(window, 2)
    assert finder.asked == [("ecg", ("I", "II", "V2"))]
    first = rows(window)[0]
    assert part(first, QLabel, "sign-message").text() == SWAPPED.message
    details = part(first, QLabel, "sign-details")
    assert not details.isVisible()
    QTest.mouseClick(part(first, QPushButton, "sign-more"), Qt.MouseButton.LeftButton)
    assert details.isVisible()
    assert "found 83% of 88 such faults, false alarm in 1.2% of 265" in details.text()
    assert "found 83%" in first.toolTip()


def test_tab_goes_from_the_leads_to_the_signs_and_on_to_the_presets(open_with):
    window = open_with(Finder(SWAPPED, NOISY))
    show(window, ecg())
    wait_for_signs(window, 2)
    window.findChild(QPushButton, "chip-V6").setFocus()
    reached = []
    for _ in range(7):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        reached.append(window.focusWidget().objectName())
    of_a_sign = ["sign-more", "sign-show", "sign-dismiss"]
    assert reached[:6] == 2 * of_a_sign
    assert reached[6].startswith("preset-")


def test_a_dismissed_sign_stays_away_until_another_recording(open_with):
    window = open_with(Finder(SWAPPED, NOISY))
    show(window, ecg("one"), ecg("two"))
    wait_for_signs(window, 2)
    QTest.mouseClick(part(rows(window)[0], QPushButton, "sign-dismiss"), Qt.MouseButton.LeftButton)
    wait_for_signs(window, 1)
    assert rows(window)[0].sign == NOISY
    window.session.set_available(("I", "II"))
    wait_until(lambda: window.session.state.signs.found != ())
    wait_for_signs(window, 1)
    window.session.files.step(1)
    wait_until(lambda: window.session.state.recording.name == "two")
    wait_for_signs(window, 2)


def test_other_leads_forget_what_was_found_at_once(open_with):
    finder = Finder(SWAPPED)
    window = open_with(finder)
    show(window, ecg())
    wait_for_signs(window, 1)
    finder.signs = ()
    window.session.set_available(("I",))
    assert window.session.state.signs.found == ()
    wait_for_signs(window, 0)
    wait_until(lambda: len(finder.asked) == 2)
    assert not window.lead_panel.signs.isVisible()


def test_what_is_found_of_one_recording_is_not_said_of_the_next(open_with):
    finder = Finder(SWAPPED)
    window = open_with(finder)
    finder.gate.clear()
    show(window, ecg("one"), ecg("two"))
    wait_until(lambda: finder.asked == [("one", ("I", "II", "V2"))])
    finder.signs = ()
    window.session.files.step(1)
    wait_until(lambda: window.session.state.recording.name == "two")
    finder.gate.set()
    wait_until(lambda: len(finder.asked) == 2 and not window.session.signs.is_busy)
    assert window.session.state.signs.found == ()
    assert rows(window) == []


def test_a_window_closed_meanwhile_ends_the_search(qapp, tmp_path):
    finder = Finder(SWAPPED)
    finder.gate.clear()
    with main_window(tmp_path, FakeEngine()) as window:
        window.session.backend = replace(window.session.backend, signs=finder.backend)
        show(window, ecg())
        wait_until(lambda: len(finder.asked) == 1)
        finder.gate.set()
    assert finder.closed == 1


def test_show_goes_to_the_place_and_lights_the_leads_up(open_with):
    window = open_with(Finder(SWAPPED))
    show(window, ecg(duration_s=60.0))
    wait_for_signs(window, 1)
    QTest.mouseClick(part(rows(window)[0], QPushButton, "sign-show"), Qt.MouseButton.LeftButton)
    view = window.session.state.view
    assert view.start_s <= 40.0 <= view.start_s + view.page_s
    assert window.findChild(QPushButton, "chip-V1").font().underline()
    assert not window.findChild(QPushButton, "chip-V3").font().underline()


def test_what_the_banner_says_is_not_said_twice_and_an_error_says_nothing(open_with):
    finder = Finder(Sign(OPENING, (), "The limb leads contradict each other."))
    window = open_with(finder)
    show(window, ecg())
    wait_until(lambda: bool(finder.asked) and not window.session.signs.is_busy)
    assert rows(window) == []
    finder.error = ModelError("The thresholds are damaged.")
    window.session.set_available(("I", "V1"))
    wait_until(lambda: len(finder.asked) == 2 and not window.session.signs.is_busy)
    assert rows(window) == []
    assert not window.problem_banner.isVisible()

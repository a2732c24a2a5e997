import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.gui.session_file import as_document
from ecgview.gui.session_jobs import saved_of
from ecgview.gui.session_reading import from_document
from ecgview.gui.settings import Settings
from ecgview.gui.teaching.state import hidden_leads, next_leads, steps
from ecgview.leads import LEADS

CHEST = LEADS[6:]


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path, FakeEngine()) as made:
        yield made


def drawn(window):
    """Leads with a solid line, and leads with a dashed one."""
    panels = window.trace_area.scene().panels
    solid = {panel.cell.lead for panel in panels if len(panel.original)}
    dashed = {panel.cell.lead for panel in panels if len(panel.reconstruction)}
    return solid, dashed


def words(window):
    return {p.cell.lead: p.label.texts[0] for p in window.trace_area.scene().panels if p.label}


def question(window):
    return window.findChild(QLabel, "teaching-question").text()


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, key, modifier)
    settle(window)


def begin(window, leads=("I", "II")):
    window.session.update(wanted=leads)
    show(window, ecg())
    press(window, Qt.Key.Key_F8)


def test_leads_to_guess_are_hidden_then_rebuilt_then_recorded(window):
    begin(window)
    assert drawn(window) == (set(LEADS[:6]), set())
    assert words(window)["V3"] == "?"
    assert words(window)["III"] == "= derived"
    assert not window.side_panel.isVisible()
    assert question(window) == "Given: I, II. What will V1 to V6 look like?"
    press(window, Qt.Key.Key_R)
    assert drawn(window) == (set(LEADS[:6]), set(CHEST))
    assert words(window)["V3"] == "≈ reconstructed"
    assert not window.side_panel.isVisible()
    press(window, Qt.Key.Key_R)
    assert drawn(window) == (set(LEADS), set(CHEST))
    assert words(window)["V3"].startswith("≈ reconstructed · 1.")
    assert window.side_panel.isVisible()
    assert "Closest: V" in question(window)


def test_space_on_the_button_goes_on_to_the_next_leads(window):
    begin(window)
    button = window.findChild(QPushButton, "teaching-reveal")
    assert QApplication.focusWidget() is button
    for text in ("Show the recording", "Next leads"):
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert button.text() == text
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(window)
    assert window.session.state.available == ("I", "II", "V2")
    assert button.text() == "Show the reconstruction"
    assert drawn(window)[0] == {*LEADS[:6], "V2"}


def test_choosing_leads_by_hand_hides_the_others_again(window):
    begin(window)
    press(window, Qt.Key.Key_R)
    window.session.set_available(("I", "V6"))
    settle(window)
    assert window.session.state.teaching.stage == "guess"
    assert drawn(window)[0] == {"I", "V6"}


def test_nothing_is_shown_before_it_is_known_what_is_to_be_guessed(window):
    begin(window)
    window.session.update(reconstruction=None)
    assert drawn(window) == (set(), set())


def test_cases_are_the_open_files_or_else_simulated_ones(window):
    press(window, Qt.Key.Key_F8)
    assert window.session.state.recording.name == "demo-normal"
    press(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: window.session.state.recording.name == "demo-anterior-infarction")
    settle(window)
    assert window.session.state.teaching.stage == "guess"
    assert len(drawn(window)[0]) < 12


def test_leaving_puts_everything_back(window):
    show(window, ecg())
    window.session.change_view(show="original")
    window.session.update(side_panel=False)
    press(window, Qt.Key.Key_F8)
    assert window.session.state.text_size == 150
    press(window, Qt.Key.Key_F8)
    state = window.session.state
    assert (state.view.show, state.side_panel, state.text_size) == ("original", False, 100)
    assert not window.findChild(QFrame, "teaching-bar").isVisible()


def test_a_lesson_is_not_remembered_for_the_next_start(window, tmp_path):
    begin(window)
    window.close()
    settings = Settings.in_file(tmp_path / "settings.ini")
    assert settings["view/show"] == "overlay"
    assert settings["window/text_size"] == 100
    assert settings["window/side_panel"] is True


def test_steps_leave_something_to_guess():
    assert ("I", "II", "V2") in steps(LEADS)
    assert LEADS not in steps(LEADS)
    assert next_leads(("I",), LEADS) == ("II",)
    assert next_leads(("I",), LEADS, -1) == LEADS[:6]
    assert next_leads(("V1", "V6"), LEADS) == ("I",)
    assert next_leads(("I",), ("I",)) == ("I",)


ACTIONS_THAT_TELL = (
    "vectorcardiogram",
    "view.show.overlay",
    "copy.table",
    "page.report",
    "side.panel",
    "marks.find",
    "beats.panel",
)


def enabled(window):
    return {name for name in ACTIONS_THAT_TELL if window.actions_table[name].isEnabled()}


def test_what_would_tell_the_answer_waits_for_the_truth(window):
    begin(window)
    assert enabled(window) == set()
    press(window, Qt.Key.Key_R)
    assert enabled(window) == set()
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    press(window, Qt.Key.Key_F9)
    assert drawn(window) == (set(LEADS[:6]), set(CHEST))
    assert not window.side_panel.isVisible()
    press(window, Qt.Key.Key_R)
    assert enabled(window) == set(ACTIONS_THAT_TELL)


def test_a_vectorcardiogram_gives_way_to_the_traces_until_the_truth(window):
    show(window, ecg())
    window.commands.show_loops(True)
    press(window, Qt.Key.Key_F8)
    assert window.centre.currentWidget() is window.trace_area
    for _ in range(2):
        window.commands.teaching.reveal()
    assert window.centre.currentWidget() is window.centre.loops
    window.commands.show_loops(False)


def test_the_average_beat_keeps_the_leads_back_until_the_truth(window):
    begin(window)
    seen = []
    for _ in range(3):
        seen.append(hidden_leads(window.session.state))
        press(window, Qt.Key.Key_R)
    assert seen == [CHEST, CHEST, ()]


def test_the_strip_of_the_whole_recording_waits_where_its_lead_is_to_be_guessed(window):
    window.session.update(wanted=("I", "II"))
    show(window, ecg(duration_s=60.0))
    strip = window.overview.strip
    wait_until(strip.isVisible)
    press(window, Qt.Key.Key_F8)
    assert strip.isVisible()
    window.session.set_available(("V1",))
    settle(window)
    seen = []
    for _ in range(3):
        seen.append(strip.isVisible())
        press(window, Qt.Key.Key_R)
    assert seen == [False, False, True]


def test_undoing_brings_no_answer_back(window):
    begin(window)
    for _ in range(2):
        press(window, Qt.Key.Key_R)
    window.session.change_view(gain_mm_mv=20.0)
    press(window, Qt.Key.Key_R)
    before = drawn(window)
    assert window.session.state.undo == "lead choice"
    for _ in range(2):
        press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.state.view.gain_mm_mv == 10.0
    assert before[0] == {*LEADS[:6], "V2"}
    assert drawn(window) == (set(LEADS[:6]), set())


def test_a_lesson_leaves_nothing_to_undo_and_undoing_brings_none_of_it_back(window):
    begin(window)
    press(window, Qt.Key.Key_F8)
    assert window.session.state.undo == ""
    press(window, Qt.Key.Key_F8)
    window.session.change_view(gain_mm_mv=20.0)
    press(window, Qt.Key.Key_F8)
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    view = window.session.state.view
    assert (view.gain_mm_mv, view.show) == (10.0, "overlay")


def test_a_session_saved_in_a_lesson_is_understood_again(window):
    begin(window)
    saved, not_understood = from_document(as_document(saved_of(window.session.state)), "s.ecgview")
    assert not_understood == ()
    assert saved.view.show == "overlay"

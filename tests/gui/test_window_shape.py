import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import ecg, main_window, settle, show
from waiting import wait_until

from ecgview.gui.measuring.state import Caliper
from ecgview.recording import Mark
from ecgview.signals.filtering import Filters


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made


def test_panels_are_hidden_by_key_and_leave_their_room_to_the_traces(window):
    show(window, ecg())
    before = window.trace_area.width()
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert not window.lead_panel.isVisible()
    assert not window.side_panel.isVisible()
    assert not window.actions_table["side.panel"].isChecked()
    panels = window.lead_panel.width() + window.side_panel.width()
    wait_until(lambda: window.trace_area.width() == before + panels)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.side_panel.isVisible()


def test_the_window_fills_the_screen_and_comes_back(window):
    QTest.keyClick(window, Qt.Key.Key_F11)
    wait_until(window.isFullScreen)
    assert window.actions_table["full.screen"].isChecked()
    window.showNormal()  # the system's way out
    wait_until(lambda: not window.session.state.full_screen)
    assert not window.actions_table["full.screen"].isChecked()


def test_the_window_is_remembered_and_the_recording_is_not(qapp, tmp_path):
    with main_window(tmp_path) as window:
        show(window, ecg(duration_s=60.0))
        window.session.update(lead_panel=False, text_size=125, side="record")
        view = {"speed_mm_s": 50.0, "mark_s": (1.0, 2.0), "start_s": 5.0, "zoom": 2.0}
        window.session.change_view(**view)
        window.session.set_available(("V1", "V5"))
        settle(window)
        window.resize(1300, 820)
    with main_window(tmp_path) as window:
        state = window.session.state
        assert (state.lead_panel, state.side_panel) == (False, True)
        assert (state.text_size, state.side) == (125, "record")
        assert not window.lead_panel.isVisible()
        view = state.view
        assert (view.speed_mm_s, view.mark_s, view.start_s, view.zoom) == (50.0, None, 0.0, 1.0)
        assert not view.filters
        assert state.wanted == ()
        assert not state.undo


def test_nothing_of_one_recording_is_left_on_the_next(window):
    a, b = ecg("a", duration_s=60.0), ecg("b", duration_s=60.0)
    show(window, a, b)
    view = {"mark_s": (1.0, 2.0), "start_s": 5.0, "zoom": 2.0, "scroll_mm": (10.0, 5.0)}
    view["filters"] = Filters(mains_hz=50.0)
    window.session.change_view(**view, gain_mm_mv=20.0, layout="12x1")
    window.session.update(calipers=(Caliper(1.0, 2.0),), notes=(Mark(3.0, "here"),))
    settle(window)
    window.session.files.step(1)
    settle(window)
    state = window.session.state
    assert state.recording.name == "b"
    assert (state.view.mark_s, state.view.start_s, state.undo) == (None, 0.0, "")
    assert (state.view.zoom, state.view.scroll_mm) == (1.0, (0.0, 0.0))
    assert not state.view.filters
    assert (state.calipers, state.notes) == ((), ())
    # How one likes to see recordings stays.
    assert (state.view.gain_mm_mv, state.view.layout) == (20.0, "12x1")


def test_the_four_tabs_of_the_side_panel_fit(window):
    show(window, ecg())
    panel = window.side_panel
    for name, title in {"beats": "Beats", "marks": "Marks", "record": "Record"}.items():
        if panel.findChild(QPushButton, f"side-{name}") is None:
            panel.add(name, title, QLabel(title))
    for name in ("agreement", "beats", "marks", "record"):
        window.session.update(side=name)
        wait_until(lambda: panel.findChild(QPushButton, "side-record").width() > 20)
        tabs = [panel.findChild(QPushButton, f"side-{n}") for n in ("agreement", "record", name)]
        for tab in tabs:
            assert tab.width() >= tab.sizeHint().width(), (name, tab.text())
            assert tab.geometry().right() <= panel.width()

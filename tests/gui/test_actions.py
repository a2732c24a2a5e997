from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from stand_ins import ecg, main_window, settle, show

from ecgview.gui.actions import ACTIONS, MENUS
from ecgview.gui.start_page import CASE_TITLES
from ecgview.leads import PRESETS
from ecgview.simulate import CASES

OF_WIDGETS = ("Left", "Right", "Up", "Down", "Home", "End", "Tab", "Return", "Enter", "Space")
"""Keys that move over the paper, along calipers and lists, and press what has the keyboard."""
ALSO_OF_THE_PAPER = {
    "+": "zoom.in", "=": "zoom.in", "-": "zoom.out", "0": "zoom.reset", "Esc": "unmark",
}  # fmt: skip
"""Keys that the trace area takes too, to do the same."""


def test_ids_texts_and_shortcuts_are_unique_and_valid():
    ids = [spec.id for spec in ACTIONS]
    places = [(spec.menu, spec.text) for spec in ACTIONS]
    keys = [QKeySequence(key).toString() for spec in ACTIONS for key in spec.shortcuts]
    assert len(ids) == len(set(ids))
    assert all(spec.text.strip() for spec in ACTIONS)
    assert len(places) == len(set(places))
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_shortcuts_leave_the_keys_of_widgets_alone():
    by_key = {key: spec.id for spec in ACTIONS for key in spec.shortcuts}
    assert not set(OF_WIDGETS) & set(by_key)
    assert "F10" not in by_key  # opens the menu
    assert ALSO_OF_THE_PAPER.items() <= by_key.items()


def test_each_shortcut_reaches_its_action_and_no_other(qapp, tmp_path):
    with main_window(tmp_path) as window:
        show(window, ecg())
        done = []
        for spec in ACTIONS:
            action = window.actions_table[spec.id]
            action.triggered.disconnect()
            action.triggered.connect(lambda *_, name=spec.id: done.append(name))
            action.setEnabled(True)
        window.trace_area.setFocus()
        for spec in ACTIONS:
            for key in spec.shortcuts:
                QTest.keySequence(window.trace_area, QKeySequence(key))
                assert done == [spec.id], key
                done.clear()


def test_every_action_stands_in_a_menu():
    assert {spec.menu.split("/")[0] for spec in ACTIONS} == set(MENUS)


def test_what_needs_a_recording_is_off_without_one(qapp, tmp_path):
    with main_window(tmp_path) as window:
        actions = window.actions_table
        needy = ("next", "copy.table", "save.reconstruction", "save.recording", "import.report")
        for name in (*needy, "zoom.in", "unmark", "preset.All", "import.undo"):
            assert not actions[name].isEnabled(), name
        assert actions["open"].isEnabled()
        show(window, ecg("a"), ecg("b", ("I", "II", "V1")))
        for name in ("next", "copy.table", "save.reconstruction", "zoom.in", "preset.All"):
            assert actions[name].isEnabled(), name
        assert not actions["unmark"].isEnabled()
        window.session.change_view(mark_s=(1.0, 2.0))
        assert actions["unmark"].isEnabled()


def test_check_marks_follow_the_state(qapp, tmp_path):
    with main_window(tmp_path) as window:
        show(window, ecg())
        actions = window.actions_table
        assert actions["view.layout.3x4+1"].isChecked()
        assert actions["preset.+ V2"].isChecked()
        actions["view.layout.3x4+1"].trigger()
        assert actions["view.layout.3x4+1"].isChecked()
        actions["view.layout.12x1"].trigger()
        assert actions["view.layout.12x1"].isChecked()
        assert not actions["view.layout.3x4+1"].isChecked()
        actions["theme.dark"].trigger()
        assert window.session.state.theme == "dark"
        assert actions["theme.dark"].isChecked()
        assert not actions["theme.system"].isChecked()


def test_menu_of_the_window_holds_the_table(qapp, tmp_path):
    with main_window(tmp_path) as window:
        menu = window.top_bar.menu
        assert [action.text() for action in menu.actions()] == list(MENUS)
        leads = next(sub for sub in menu.findChildren(QMenu) if sub.title() == "Leads")
        assert len([a for a in leads.actions() if not a.menu()]) == len(PRESETS)


def test_menus_fit_the_smallest_window_and_file_ends_with_quit(qapp, tmp_path):
    with main_window(tmp_path) as window:
        menus = window.top_bar.menu.findChildren(QMenu)
        assert len(menus) > len(MENUS)
        heights = {menu.title(): menu.sizeHint().height() for menu in menus}
        assert {title: px for title, px in heights.items() if px > window.minimumHeight()} == {}
        assert submenu(window.top_bar.menu, "File").actions()[-1].objectName() == "quit"


def submenu(menu, title):
    return next(sub for sub in menu.findChildren(QMenu) if sub.title() == title)


def test_model_menu_lists_and_chooses_models(qapp, tmp_path):
    with main_window(tmp_path) as window:
        show(window, ecg())
        models = submenu(window.top_bar.menu, "Model")
        models.aboutToShow.emit()
        texts = [action.text() for action in models.actions() if action.text()]
        assert texts[:2] == [
            "First model (fold 9, I+II+V2: PCC 0.90)",
            "Second model (fold 9, I+II+V2: PCC 0.90)",
        ]
        models.actions()[1].trigger()
        settle(window)
        assert window.session.state.model == "second"
        assert window.lead_panel.model.models.currentText() == "Second model"


def test_recent_menu_opens_files(qapp, tmp_path):
    with main_window(tmp_path) as window:
        recent = submenu(window.top_bar.menu, "Open recent")
        recent.aboutToShow.emit()
        assert [action.isEnabled() for action in recent.actions()] == [False]
        path = tmp_path / "a.hea"
        path.write_text("a 0 500 0\n", encoding="utf-8")
        window.settings.remember_file(path)
        recent.aboutToShow.emit()
        recent.actions()[0].trigger()
        settle(window)
        assert window.problem_banner.isVisible()


def test_start_page_names_every_case_of_the_simulator():
    assert set(CASE_TITLES) == set(CASES)

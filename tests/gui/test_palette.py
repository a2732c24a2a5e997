import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from stand_ins import ecg, main_window, settle, show

from ecgview.gui.actions import ACTIONS
from ecgview.gui.palette import Palette
from ecgview.gui.palette_search import Entry, matching
from ecgview.gui.shortcuts import ShortcutsOverlay, in_columns, shortcut_lines


def entry(text, place="View", *, enabled=True):
    return Entry(text, text, place, lambda: None, enabled=enabled)


ENTRIES = (
    entry("Open…", "File"),
    entry("Save the reconstruction as…", "File"),
    entry("25 mm/s", "View/Speed"),
    entry("10 mm/mV", "View/Gain"),
    entry("Overlay"),
    entry("Shade the difference"),
    entry("Reset zoom", enabled=False),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("over", ["Overlay"]),
        ("rec", ["Save the reconstruction as…"]),
        ("save rec", ["Save the reconstruction as…"]),
        ("REC save", ["Save the reconstruction as…"]),
        ("speed 25", ["25 mm/s"]),
        ("str", ["Save the reconstruction as…"]),
        ("shdf", ["Shade the difference"]),
        ("zoom", ["Reset zoom"]),
        ("nothing of it", []),
    ],
)
def test_words_parts_and_letters_find_entries(query, found):
    assert [one.text for one in matching(ENTRIES, query)] == found


def test_beginnings_come_before_parts_and_recent_before_others():
    texts = ["Remember", "Filter member", "Membership", "Mem later"]
    entries = [entry(text) for text in texts]
    found = [one.text for one in matching(entries, "mem")]
    assert found == ["Membership", "Mem later", "Filter member", "Remember"]
    found = [one.text for one in matching(entries, "mem", recent=["Mem later", "Remember"])]
    assert found == ["Mem later", "Membership", "Filter member", "Remember"]
    assert matching(entries, "", recent=["Mem later"])[0].text == "Mem later"


def test_what_cannot_be_done_stands_below_its_equals():
    found = matching([entry("Zoom in", enabled=False), entry("Zoom out")], "zoom")
    assert [one.text for one in found] == ["Zoom out", "Zoom in"]
    assert found[1].spoken == "Zoom in, View, not available now"


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made


def palette(window):
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return window.findChildren(Palette)[-1]


def type_in(opened, text, key=None):
    QTest.keyClicks(opened.field, text)
    if key is not None:
        QTest.keyClick(opened.field, key)


def test_typing_finds_an_action_and_enter_does_it(window):
    show(window, ecg())
    opened = palette(window)
    assert opened.field.hasFocus()
    type_in(opened, "12x1" if opened.field.text() else "12")
    assert "12" in opened.chosen.text
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert window.session.state.view.layout == "12x1"
    assert not opened.isVisible()
    assert window.trace_area.hasFocus()
    assert palette(window).found[0].id == "view.layout.12x1"


def test_letters_typed_are_no_shortcuts_of_the_window(window):
    show(window, ecg())
    before = window.session.state.view
    opened = palette(window)
    type_in(opened, "tsvf12+0", Qt.Key.Key_PageDown)
    assert opened.field.text() == "tsvf12+0"
    assert window.session.state.view == before
    QTest.keyClick(opened.field, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert opened.isVisible()


def test_arrow_keys_go_round_and_are_said(window):
    show(window, ecg())
    opened = palette(window)
    type_in(opened, "mm/s")
    speeds = [one.text for one in opened.found if one.place == "View/Speed"]
    assert len(speeds) >= 4
    QTest.keyClick(opened.field, Qt.Key.Key_Up)
    assert opened.chosen is opened.found[-1]
    QTest.keyClick(opened.field, Qt.Key.Key_Down)
    assert opened.chosen is opened.found[0]
    assert opened.field.accessibleDescription() == opened.found[0].spoken
    spoken = opened.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "View" in spoken


def test_what_cannot_be_done_is_shown_with_its_place_and_not_done(window):
    opened = palette(window)
    type_in(opened, "reset zoom")
    assert (opened.chosen.where, opened.chosen.enabled) == (
        "View \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Scale and zoom",
        False,
    )
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert opened.isVisible()
    QTest.keyClick(opened.field, Qt.Key.Key_Escape)
    assert not opened.isVisible()


def test_a_click_beside_the_card_closes_it(window):
    opened = palette(window)
    QTest.mouseClick(opened, Qt.MouseButton.LeftButton, pos=opened.rect().bottomLeft())
    assert not opened.isVisible()


def test_models_demos_leads_and_recent_files_are_found(window, tmp_path):
    path = tmp_path / "some record.hea"
    path.touch()
    window.settings.remember_file(path)
    show(window, ecg())
    opened = palette(window)
    for query, id_ in (
        ("second model", "model.second"),
        ("atrial", "demo.atrial-fibrillation"),
        ("v5", "lead.V5"),
        ("some record", f"recent.{path}"),
    ):
        opened.field.clear()
        type_in(opened, query)
        assert id_ in [one.id for one in opened.found], query
    opened.field.clear()
    type_in(opened, "second model", Qt.Key.Key_Return)
    settle(window)
    assert window.session.state.model == "second"


def test_palette_and_menus_hold_every_action(window):
    def texts(menu):
        for action in menu.actions():
            if action.menu() is not None:
                yield from texts(action.menu())
            elif action.objectName():
                yield action.objectName()

    show(window, ecg())
    for menu in window.top_bar.menu.findChildren(QMenu):
        menu.aboutToShow.emit()
    in_menus = list(texts(window.top_bar.menu))
    ids = [spec.id for spec in ACTIONS]
    assert sorted(in_menus) == sorted(spec.id for spec in ACTIONS if spec.menu)
    offered = [one.id for one in palette(window).found]
    assert len(offered) == len(set(offered))
    assert set(ids) - set(offered) == {"palette"}


def test_shortcuts_are_all_on_one_card_and_any_key_closes_it(window):
    QTest.keyClicks(window, "?")
    overlay = window.findChild(ShortcutsOverlay)
    words = {label.text() for label in overlay.findChildren(QLabel)}
    assert {"Next file", "PgDown", "Ctrl+O", "Ctrl+K"} <= words
    QTest.keyClick(overlay, Qt.Key.Key_Shift)
    assert overlay.isVisible()
    QTest.keyClick(overlay, Qt.Key.Key_2)
    assert not overlay.isVisible()


def test_the_card_of_shortcuts_is_whole_at_the_smallest_sizes(window):
    window.resize(1280, 800)
    QTest.keyClicks(window, "?")
    overlay = window.findChild(ShortcutsOverlay)
    assert overlay.rect().contains(overlay.card.geometry())
    assert overlay._area.verticalScrollBar().maximum() == 0
    for label in overlay.card.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width(), label.text()
    window.resize(1180, 640)
    assert overlay.rect().contains(overlay.card.geometry())
    overlay.dismiss()


def test_columns_are_even_and_none_ends_in_a_heading():
    lines = shortcut_lines()
    for number in (1, 2, 3, 4):
        columns = in_columns(lines, number)
        assert not any(column[0].keys for column in columns)
        repeated = [column[0] for column in columns if column[0] not in lines]
        assert all(line.text.endswith(", continued") for line in repeated)
        assert [one for column in columns for one in column if one not in repeated] == lines
        assert all(column[-1].keys for column in columns)
        assert len(columns) == number


def test_the_palette_goes_where_what_had_the_keyboard_is_gone_meanwhile(window):
    before = QPushButton("a", window.centralWidget())
    before.show()
    before.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette.isVisible()
    before.deleteLater()
    QCoreApplication.sendPostedEvents(before, QEvent.Type.DeferredDelete)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()

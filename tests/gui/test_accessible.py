"""Who hears the window, or has no mouse, can use all of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QScrollArea,
    QScrollBar,
    QTableView,
)
from stand_ins import ecg, main_window, settle, show

from ecgview.gui.actions import ACTIONS
from ecgview.gui.pages import PAGES
from ecgview.gui.training.form import ParameterForm

LEAVES = {"quit", "close", "full.screen"}
"""Actions that would end the window under test."""


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made


def stops(root):
    """What Tab can reach below a widget, in the order of Tab."""
    found, widget = [], root.nextInFocusChain()
    while widget is not root:
        tabs = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        there = widget.isVisible() and widget.isEnabled() and root.isAncestorOf(widget)
        if tabs and there and not widget.objectName().startswith("qt_"):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def spoken_name(widget):
    """What Qt tells a screen reader: its name, its text, or the label that belongs to it."""
    own = widget.accessibleName() or (
        widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    )
    labels = [one for one in widget.window().findChildren(QLabel) if one.buddy() is widget]
    return own.strip() or " ".join(one.text() for one in labels)


def nameless(root):
    def told(widget):
        return f"{type(widget).__name__} {widget.objectName()} in {widget.parentWidget()}"

    silent = [told(widget) for widget in stops(root) if not spoken_name(widget)]
    for pressed in root.findChildren(QAbstractButton):
        inside = isinstance(pressed.parentWidget(), QTableView | QScrollBar | QHeaderView)
        if not inside and pressed.isVisible() and not (pressed.toolTip() or pressed.text()):
            silent.append(told(pressed))
    return silent


def pages(window):
    """Each page of the window and each panel at its side, one after the other."""
    yield "start"
    show(window, ecg("a"), ecg("b"))
    for side in window.side_panel._tabs:
        window.session.update(side=side)
        yield f"viewer {side}"
    window.commands.show_loops(True)
    yield "vectorcardiogram"
    window.commands.show_loops(False)
    for page in PAGES:
        window.session.update(page=page)
        yield page
    window.session.update(page="viewer")


def test_everything_that_takes_the_keyboard_has_a_name_on_every_page(window):
    seen = 0
    for page in pages(window):
        QApplication.processEvents()
        assert not nameless(window), page
        seen += len(stops(window))
    assert seen > 100


def test_tab_goes_in_the_order_of_reading(window):
    for page in pages(window):
        QApplication.processEvents()
        for region in regions(window):
            places = [place_of(widget, window) for widget in stops(region)]
            for (name, before), (following, after) in pairwise(places):
                below = after.top() >= before.top() + min(before.height(), after.height()) // 2
                beside = after.left() >= before.left()
                assert below or beside, f"{page}: {following} after {name}"


def regions(window):
    parts = (window.top_bar, window.lead_panel, window.side_panel, window.start_page)
    return [part for part in parts if part.isVisible()]


def place_of(widget, window):
    place = widget.rect().translated(widget.mapTo(window, QPoint()))
    return spoken_name(widget), place


def test_tab_goes_to_what_is_made_later_where_it_stands(window):
    show(window, ecg())
    window.session.update(side="record")
    window.actions_table["beats.average"].trigger()
    settle(window)
    found = stops(window)
    average = [at for at, one in enumerate(found) if window.centre.average.isAncestorOf(one)]
    side = [at for at, one in enumerate(found) if window.side_panel.isAncestorOf(one)]
    leads = [at for at, one in enumerate(found) if window.lead_panel.isAncestorOf(one)]
    assert max(leads) < min(average) <= max(average) < min(side)


def test_tab_goes_down_the_form_of_a_recipe(window):
    window.session.update(page="training")
    form = window.training.page.setup.findChild(ParameterForm)
    tops = [one.mapTo(form, QPoint(0, 0)).y() for one in stops(form)]
    assert len(tops) > 12
    assert tops == sorted(tops)


def test_regions_follow_each_other_from_left_to_right(window):
    show(window, ecg())
    order = stops(window)
    firsts = [
        next(at for at, widget in enumerate(order) if part.isAncestorOf(widget) or part is widget)
        for part in (window.top_bar, window.lead_panel, window.trace_area, window.side_panel)
    ]
    assert firsts == sorted(firsts)


def is_chosen_by_arrow(widget):
    """Whether it is one of several of which one is chosen: Tab goes to that, arrows to these."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and not widget.isChecked()


def test_arrow_keys_go_along_the_tabs(window):
    show(window, ecg())
    names = list(window.side_panel._tabs)
    window.side_panel._tabs[names[0]].setFocus()
    for name in names[1:]:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
        assert window.session.state.side == name
        assert window.side_panel._tabs[name].hasFocus()


def test_f6_goes_from_part_to_part_and_back(window):
    show(window, ecg())
    window.trace_area.setFocus()
    parts = (window.side_panel, window.top_bar, window.lead_panel, window.centre)
    for part in parts:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        assert part.isAncestorOf(QApplication.focusWidget()), part.objectName()
    for part in parts[-2::-1]:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert part.isAncestorOf(QApplication.focusWidget()), part.objectName()


def test_tab_reaches_everything_and_comes_round(window):
    show(window, ecg())
    window.trace_area.setFocus()
    expected = {id(one): spoken_name(one) for one in stops(window) if not is_chosen_by_arrow(one)}
    for _ in range(2 * len(expected)):
        expected.pop(id(QApplication.focusWidget()), None)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if not expected:
            break
    assert not expected


@pytest.mark.parametrize("action", [spec.id for spec in ACTIONS if spec.text.endswith("…")])
def test_every_dialog_can_be_heard_and_closed_by_esc(window, monkeypatch, action):
    def nothing(*args, **kwargs):
        return "", ""

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, nothing)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "")
    show(window, ecg())
    if not window.actions_table[action].isEnabled():
        pytest.skip("it wants more than a recording")
    window.actions_table[action].trigger()
    settle(window)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    for dialog in [one for one in window.findChildren(QDialog) if one.isVisible()]:
        assert dialog.windowTitle()
        assert stops(dialog)
        assert not nameless(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


def test_no_area_that_merely_scrolls_stops_tab(window):
    for page in pages(window):
        QApplication.processEvents()
        bare = [one for one in stops(window) if isinstance(one, QScrollArea)]
        assert not bare, page


def test_the_table_is_heard_cell_by_cell(window):
    show(window, ecg())
    model = window.side_panel.agreement.findChild(QTableView).model()
    role = Qt.ItemDataRole.AccessibleTextRole
    rows = {model.index(row, 0).data(): row for row in range(model.rowCount())}
    row = rows["V1"]
    assert model.index(row, 0).data(role) == (
        "V1, reconstructed, PCC 1.00, RMSE 0 microvolts, largest difference 0 microvolts"
    )
    assert model.index(row, 2).data(role) == "PCC of V1: 1.00"
    assert model.index(rows["I"], 0).data(role) == "I, measured"
    header = model.headerData(1, Qt.Orientation.Horizontal, role)
    assert header == "Origin"


def test_the_page_is_told_in_words(window):
    area = window.trace_area
    assert area.accessibleName() == "Traces"
    show(window, ecg("heard", duration_s=60.0))
    said = area.accessibleName()
    assert said.startswith("Traces of heard")
    assert "0.0 to 10.0 of 60.0 s" in said
    assert "V1: reconstructed from I, II, V2" in area.accessibleDescription()
    window.session.change_view(start_s=20.0, mark_s=(21.0, 22.0))
    settle(window)
    assert "20.0 to 30.0 of 60.0 s, marked 21.0 to 22.0 s" in area.accessibleName()


def test_the_copied_table_needs_no_mouse(window):
    show(window, ecg("copied"))
    window.trace_area.setFocus()
    QTest.keyClick(window.trace_area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QApplication.clipboard().text()
    assert text.startswith("copied")
    assert "V6\treconstructed" in text

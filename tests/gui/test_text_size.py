"""Words of twice the size: everything stays readable, nothing is cut."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
)
from stand_ins import ecg, main_window, show
from waiting import wait_until

from ecgview import DISCLAIMER
from ecgview.gui.app import dress
from ecgview.gui.elided_label import ElidedLabel
from ecgview.gui.text_size import enlarged, hold, scaled, text_scale
from ecgview.gui.theme import DARK, LIGHT, style_sheet


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        yield made
        dress(made, LIGHT)


def enlarge(window, percent):
    dress(window, enlarged(LIGHT, percent))
    window.resize(1440, 900)
    wait_until(lambda: window.width() == 1440)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QApplication.processEvents()


def test_the_style_sheet_grows_with_the_words():
    sheet, large = style_sheet(DARK), style_sheet(enlarged(DARK, 200))
    assert "QWidget { color: #E8EBEE; font-size: 12px; outline: none; }" in sheet
    assert "QWidget { color: #E8EBEE; font-size: 24px; outline: none; }" in large
    assert "max-height: 1px; min-height: 1px" in large  # hairlines
    assert enlarged(DARK, 100) is DARK


def test_held_sizes_follow_and_come_back(window):
    panel = window.lead_panel
    before = panel.width()
    label = QLabel(window)
    hold(label, width=10, height=20, share=0.5)
    dress(window, enlarged(LIGHT, 200))
    assert text_scale() == 2.0
    assert (label.width(), label.height()) == (15, 30)
    assert panel.width() > before
    assert scaled(11) == 22
    dress(window, LIGHT)
    assert (label.width(), label.height()) == (10, 20)
    assert panel.width() == before


def whole(widget, window):
    """Whether a widget has the size it asks for, inside the window or what scrolls."""
    hint = widget.sizeHint()
    room = widget.parentWidget()
    while room is not window and not isinstance(room.parentWidget(), QScrollArea):
        room = room.parentWidget()
    right = widget.mapTo(room, QPoint(widget.width(), 0)).x()
    return (widget.width() >= hint.width() or wraps(widget)) and right <= room.width()


def wraps(widget):
    return isinstance(widget, QLabel) and widget.wordWrap()


@pytest.mark.parametrize("percent", [125, 200])
@pytest.mark.parametrize(
    "page", ["start", "training", "leadmap", "agreement", "beats", "marks", "record"]
)
def test_no_word_is_cut(window, percent, page):
    if page in ("training", "leadmap"):
        window.session.update(page=page)
    elif page != "start":
        show(window, ecg("a"), ecg("b"))
        window.session.update(side=page)
    enlarge(window, percent)
    checked = 0
    for kind in (QPushButton, QLabel, QCheckBox):
        for widget in window.findChildren(kind):
            said = widget.text().strip()
            if not widget.isVisible() or len(said) < 2 or isinstance(widget, ElidedLabel):
                continue
            checked += 1
            assert whole(widget, window), f"{said!r} has {widget.width()} px"
    assert checked > 10


@pytest.mark.parametrize("width", [1180, 1440])
def test_the_fixed_wording_is_whole_in_large_words_too(window, width):
    show(window, ecg())
    enlarge(window, 200)
    window.resize(width, 900)
    wait_until(lambda: window.width() == width)
    QApplication.processEvents()
    wording = window.findChild(QLabel, "disclaimer")
    assert wording.text() == DISCLAIMER
    needed = wording.heightForWidth(wording.width()) if wording.wordWrap() else 0
    assert wording.height() >= needed
    assert wording.wordWrap() or wording.width() >= wording.sizeHint().width()
    assert wording.mapTo(window, QPoint(wording.width(), 0)).x() <= width


def test_the_menu_chooses_the_size_and_names_of_leads_grow(window):
    show(window, ecg())
    window.actions_table["text.150"].trigger()
    assert window.session.state.text_size == 150
    assert window.actions_table["text.150"].isChecked()


def of_dialogs(dialog):
    for kind in (QPushButton, QLabel, QCheckBox):
        for widget in dialog.findChildren(kind):
            if widget.isVisible() and len(widget.text().strip()) > 1:
                yield widget


@pytest.mark.parametrize("action", ["save.recording", "convert", "page.export", "about"])
def test_no_word_of_a_dialog_is_cut(window, action):
    show(window, ecg())
    enlarge(window, 200)
    window.actions_table[action].trigger()
    QApplication.processEvents()
    dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
    for widget in of_dialogs(dialog):
        if isinstance(widget, ElidedLabel):
            continue
        wide_enough = widget.width() >= widget.sizeHint().width()
        assert wide_enough or wraps(widget), widget.text()
    assert list(of_dialogs(dialog))
    dialog.reject()

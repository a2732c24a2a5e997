"""Widgets set in lines as text is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ecgview.gui.flow_layout import FlowLayout


def boxes(flow, count):
    made = [QWidget() for _ in range(count)]
    for box in made:
        box.setFixedSize(40, 20)
        flow.addWidget(box)
    return made


def test_lines_are_as_far_apart_as_said(qapp):
    around = QWidget()
    flow = FlowLayout(10, around, 2)
    boxes(flow, 3)
    assert [flow.heightForWidth(width) for width in (140, 90, 40)] == [20, 42, 64]


def test_what_is_hidden_takes_neither_room_nor_a_line(qapp):
    around = QWidget()
    flow = FlowLayout(10, around)
    *_, last = boxes(flow, 3)
    assert flow.heightForWidth(95) == 50
    last.hide()
    assert flow.heightForWidth(95) == 20

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.engine.cards import find_model
from ecgview.errors import ModelError
from ecgview.formats import open_recording
from ecgview.gui.teaching.tour_layer import pointed
from ecgview.gui.teaching.tour_steps import LIMB, WITH_V3, WITH_V6, tour_steps
from ecgview.leads import LEADS
from ecgview.studies.additions.set_errors import errors_of_card, read_errors

CARD = find_model("anylead")


class EngineWithCard(FakeEngine):
    """The stand-in, with the card of the real model."""

    @property
    def backend(self):
        return replace(super().backend, list_models=lambda: [CARD])


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path, EngineWithCard()) as made:
        made.session.load_models()
        yield made


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, key, modifier)
    settle(window)


def begin(window, leads=("I", "V6")):
    window.session.update(wanted=leads)
    show(window, ecg())
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)


def said(window, name="sentence"):
    return window.findChild(QLabel, f"tour-{name}").text()


def state(window):
    return window.session.state


# The steps


def test_every_figure_is_that_of_the_card():
    steps = tour_steps(CARD, read_errors(CARD))
    limb, v6, v3 = (CARD.expected(leads) for leads in (LIMB, WITH_V6, WITH_V3))
    assert f"{limb['V6'].pcc:.2f}" in steps[0].sentence
    assert f"{limb['V3'].pcc:.2f}" in steps[0].sentence
    fell = f"{limb['V5'].rmse_uv:.0f} to {v6['V5'].rmse_uv:.0f} µV"
    assert f"V5 gains most, its error falling from {fell}" in steps[2].sentence
    for lead in ("V2", "V4"):
        fell = f"{limb[lead].rmse_uv:.0f} to {v3[lead].rmse_uv:.0f} µV"
        assert fell in steps[3].sentence
    errors = read_errors(CARD)
    for leads in (LIMB, WITH_V3, WITH_V6):
        assert f"{errors.error_uv(leads):.0f}" in steps[4].sentence
    assert steps[5].leads == ("I", "II", "V2", "V4")
    assert f"{errors.error_uv(steps[5].leads):.0f} µV" in steps[5].sentence


def test_the_tour_tells_the_figures_of_any_card():
    others = {
        key: {lead: (pcc - 0.1, 3 * rmse) for lead, (pcc, rmse) in its.items()}
        for key, its in CARD.figures.items()
    }
    card = replace(CARD, figures=others)
    steps = tour_steps(card, errors_of_card(card))
    assert f"{CARD.expected(LIMB)['V3'].pcc - 0.1:.2f}" in steps[0].sentence
    assert len(steps) == 7
    assert {step.page for step in steps} == {"viewer", "leadmap"}


def test_an_error_that_does_not_change_is_said_to_stay():
    v6 = CARD.figures["I,II,V6"]
    limb = CARD.figures["I,II"]["V3"][1]
    for rmse_uv, said in ((limb, f"stays at {limb:.0f} µV"), (limb + 5, "goes from ")):
        its = {**v6, "V3": (v6["V3"][0], rmse_uv)}
        card = replace(CARD, figures={**CARD.figures, "I,II,V6": its})
        assert f"that of V3 {said}" in tour_steps(card, read_errors(CARD))[2].sentence


def test_a_card_without_these_sets_is_refused():
    card = replace(CARD, figures={"I,II": CARD.figures["I,II"]})
    with pytest.raises(ModelError, match="does not say what to expect"):
        tour_steps(card, errors_of_card(card))
    with pytest.raises(ModelError, match="does not say what to expect"):
        tour_steps(CARD, None)


# The tour in the window


def test_keys_lead_through_all_steps_and_the_last_one_puts_everything_back(window):
    begin(window)
    seen = []
    for _ in range(7):
        wait_until(lambda: not state(window).busy)
        seen.append((state(window).available, state(window).page, state(window).teaching.stage))
        assert said(window, "place") == f"Why V3 and not V6? · {len(seen)} of 7"
        press(window, Qt.Key.Key_R)
    assert seen == [
        (LIMB, "viewer", "guess"),
        (LIMB, "viewer", "truth"),
        (WITH_V6, "viewer", "truth"),
        (WITH_V3, "viewer", "truth"),
        (LIMB, "leadmap", "truth"),
        (("I", "II", "V2", "V4"), "viewer", "truth"),
        (WITH_V3, "viewer", "truth"),
    ]
    assert state(window).teaching.tour is None
    assert state(window).available == ("I", "V6")


def test_back_and_next_by_keys_and_by_buttons(window):
    begin(window)
    on = window.findChild(QPushButton, "tour-next")
    assert QApplication.focusWidget() is on
    QTest.keyClick(on, Qt.Key.Key_Space)
    settle(window)
    assert said(window, "place").endswith("2 of 7")
    press(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert said(window, "place").endswith("3 of 7")
    press(window, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert said(window, "place").endswith("2 of 7")
    back = window.findChild(QPushButton, "tour-back")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert said(window, "place").endswith("1 of 7")
    assert not back.isEnabled()


@pytest.mark.parametrize("steps", [0, 2, 4])
def test_leaving_at_any_time_puts_everything_back(window, steps):
    window.session.update(wanted=("I", "V6"))
    show(window, ecg())
    window.session.change_view(show="original", gain_mm_mv=20.0)
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(steps):
        press(window, Qt.Key.Key_R)
    assert window.findChild(QFrame, "tour-bar").isVisible()
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    now = state(window)
    assert (now.available, now.page, now.text_size) == (("I", "V6"), "viewer", 100)
    assert (now.view.show, now.view.gain_mm_mv) == ("original", 20.0)
    assert now.teaching.tour is None
    assert not now.teaching.is_on
    assert now.reconstruction.available == ("I", "V6")
    assert now.undo == "gain"
    assert not window.findChild(QFrame, "tour-bar").isVisible()


def test_the_first_step_keeps_the_answer_back_and_the_second_one_shows_it(window):
    begin(window)
    panels = {panel.cell.lead: panel for panel in window.trace_area.scene().panels}
    assert len(panels["V3"].original) == 0
    assert said(window, "live") == ""
    press(window, Qt.Key.Key_R)
    panels = {panel.cell.lead: panel for panel in window.trace_area.scene().panels}
    assert len(panels["V3"].original) > 0
    wait_until(lambda: state(window).agreement is not None)
    assert said(window, "live").startswith("PCC in this recording: V3 ")


def test_leads_to_look_at_are_framed(window):
    begin(window)
    page = window.trace_area.page()
    drawing = pointed(page, ("V3", "V6"))
    assert len(drawing.bars) == 2
    assert len(drawing.strokes[0].segments) == 8
    assert pointed(page, ()).bars == ()
    framed = [bar.x for bar in drawing.bars]
    cells = [cell for cell in page.cells if cell.lead in ("V3", "V6")]
    assert sorted(round(x - 3) for x in framed) == sorted(
        round(page.x_in(cell, cell.from_s)) for cell in cells
    )


def test_without_a_recording_the_demo_is_opened(window):
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    wait_until(lambda: state(window).recording is not None)
    settle(window)
    assert state(window).recording.name == "demo-normal"
    assert state(window).available == LIMB
    assert state(window).teaching.tour == 0
    press(window, Qt.Key.Key_R)
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert state(window).teaching.tour is None
    assert state(window).recording.name == "demo-normal"


def test_a_recording_without_all_leads_is_refused(window):
    show(window, ecg("limb", leads=LEADS[:6]))
    problems = []
    window.session.problem.connect(lambda error, details: problems.append(str(error)))
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert state(window).teaching.tour is None
    assert problems == [
        "The tour compares with all twelve leads; this recording lacks V1. "
        "Open another one, or a simulated one."
    ]


def test_another_recording_goes_on_at_the_same_step(window):
    show(window, ecg("one"), ecg("two"))
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(2):
        press(window, Qt.Key.Key_R)
    window.session.files.go_to(1)
    settle(window)
    assert state(window).recording.name == "two"
    assert said(window, "place").endswith("3 of 7")
    wait_until(lambda: state(window).available == WITH_V6)


def test_a_lesson_gives_way_to_the_tour(window):
    show(window, ecg())
    press(window, Qt.Key.Key_F8)
    assert state(window).text_size == 150
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert state(window).teaching.tour == 0
    assert not window.findChild(QFrame, "teaching-bar").isVisible()
    press(window, Qt.Key.Key_F8)
    assert not state(window).teaching.is_on
    assert state(window).text_size == 100


@pytest.mark.real_data
def test_the_tour_on_a_real_recording_says_how_its_leads_come_back(window, data_dir):
    file = sorted((data_dir / "ptb-xl").glob("records500/*/*_hr.hea"))[5]
    show(window, open_recording(file))
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    press(window, Qt.Key.Key_R)
    wait_until(lambda: state(window).agreement is not None and said(window, "live") != "")
    figures = {row.lead: row.pcc for row in state(window).agreement.rows}
    assert said(window, "live") == (
        f"PCC in this recording: V3 {figures['V3']:.2f}, V6 {figures['V6']:.2f}."
    )

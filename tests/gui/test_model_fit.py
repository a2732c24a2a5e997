"""Models with a set of leads of their own: what the window gives them, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import Card, FakeEngine, ecg, main_window, settle, show

from ecgview.engine.published import published_cards
from ecgview.gui.model_fit import leads_for
from ecgview.leads import LEADS

FIXED = Card("fixed", "Only I, II, V2", leads=("I", "II", "V2"), rebuilds=("V1", "V3"))
DOWER, _, KORS, _ = published_cards()


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def window(qapp, tmp_path, engine):
    with main_window(tmp_path, engine) as made:
        made.session.update(models=(Card(), FIXED, DOWER, KORS))
        yield made


def banner(window) -> str:
    return window.misfit_banner.findChild(QLabel, "misfit-message").text()


def press(window, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    settle(window)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (LEADS, ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")),
        (("III", "aVF", *LEADS[6:]), ("III", "aVF", *LEADS[6:])),
        (("I", *LEADS[6:]), ()),
        (LEADS[:11], ()),
    ],
)
def test_kors_is_given_the_eight_leads_or_what_stands_for_them(present, expected):
    assert leads_for(KORS, present) == expected


def test_models_of_any_leads_and_of_other_systems_leave_the_leads_alone():
    assert leads_for(Card(), LEADS) == ()
    assert leads_for(DOWER, LEADS) == ()


def test_choosing_a_model_of_one_set_gives_it_that_set(window, engine):
    show(window, ecg())
    window.session.set_available(("I", "V4"))
    settle(window)
    window.session.set_model("fixed")
    settle(window)
    assert window.session.state.available == ("I", "II", "V2")
    assert (engine.asked[-1], engine.models[-1]) == (("I", "II", "V2"), "fixed")
    assert not window.misfit_banner.isVisible()


def test_other_leads_are_not_run_but_explained_with_two_ways_on(window, engine):
    show(window, ecg())
    window.session.set_model("fixed")
    settle(window)
    asked = len(engine.asked)
    window.session.toggle_lead("V5")
    settle(window)
    assert len(engine.asked) == asked
    assert window.session.state.reconstruction is None
    assert banner(window) == "Only I, II, V2 takes I, II, V2 only."
    assert not window.problem_banner.isVisible()
    press(window, "misfit-give")
    assert window.session.state.available == ("I", "II", "V2")
    assert window.session.state.reconstruction is not None
    assert not window.misfit_banner.isVisible()
    window.session.toggle_lead("V5")
    press(window, "misfit-switch")
    assert engine.asked[-1] == ("I", "II", "V2", "V5")
    assert engine.models[-1] == "first"
    assert not window.misfit_banner.isVisible()


def test_a_file_without_a_lead_of_the_model_says_which(window, engine):
    window.session.set_model("fixed")
    show(window, ecg("short", leads=("I", "II", "V1")))
    assert engine.asked == []
    assert banner(window) == "Only I, II, V2 takes I, II, V2 only; this file has no V2."
    assert not window.findChild(QPushButton, "misfit-give").isVisible()
    show(window, ecg("whole"))
    window.session.files.step(1)
    settle(window)
    assert engine.asked[-1] == ("I", "II", "V2")
    assert not window.misfit_banner.isVisible()


def test_a_transform_of_frank_leads_runs_where_they_are_recorded(window, engine):
    window.session.set_model("dower")
    show(window, ecg())
    assert "Dower (1980) takes VX, VY, VZ only; this file has no VX, VY, VZ." in banner(window)
    recording = ecg("ptb")
    names = zip(recording.channels[9:], ("vx", "vy", "vz"), strict=True)
    frank = [replace(channel, lead=None, name=name) for channel, name in names]
    show(window, replace(recording, channels=(*recording.channels[:9], *frank)))
    window.session.files.step(1)
    settle(window)
    assert engine.models[-1] == "dower"
    assert not window.misfit_banner.isVisible()
    note = window.findChild(QLabel, "lead-note").text()
    assert note == "Dower (1980) takes VX, VY, VZ, none of the leads above"


def test_a_file_of_frank_leads_alone_is_shown_and_reconstructed(window, engine):
    frank = ecg("frank", leads=("I", "II", "V1"))
    names = zip(frank.channels, ("VX", "VY", "VZ"), strict=True)
    channels = [replace(channel, lead=None, name=name) for channel, name in names]
    show(window, replace(frank, channels=tuple(channels)))
    assert engine.asked == []
    assert banner(window) == "This file has none of the twelve leads, but VX, VY, VZ."
    press(window, "misfit-switch")
    assert (engine.asked[-1], engine.models[-1]) == ((), "dower")
    assert not window.misfit_banner.isVisible()

"""Filters in the window: chosen, drawn, written on the paper, given to the model or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.gui.main_window import MainWindow
from ecgview.gui.top_bar_words import filter_words
from ecgview.leads import LEAD_INDEX, LEADS
from ecgview.recording import Recording, recording_from_array
from ecgview.signals.filtering import Filters
from ecgview.signals.zero_phase import apply

WANDER_HZ, SLOW = 0.1, Filters(high_pass_hz=0.67)


@dataclasses.dataclass
class NotingEngine(FakeEngine):
    """An engine that keeps the recordings it was given."""

    given: list[Recording] = dataclasses.field(default_factory=list)

    def events(self, recording, available, model, device):
        self.given.append(recording)
        yield from super().events(recording, available, model, device)


@pytest.fixture
def engine() -> NotingEngine:
    return NotingEngine()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, engine: NotingEngine) -> Iterator[MainWindow]:
    with main_window(tmp_path, engine) as made:
        yield made


def wandering(name: str = "wandering") -> Recording:
    """Waves of some hertz on a wander of 2 mV."""
    recording = ecg(name)
    wander_mv = 2 * np.sin(2 * np.pi * WANDER_HZ * np.arange(recording.n_samples) / 100)
    signals_mv = recording.read_twelve() + wander_mv.astype(np.float32)
    return recording_from_array(name, dict(zip(LEADS, signals_mv, strict=True)), 100.0)


def choose(window: MainWindow, *action_ids: str) -> None:
    for action_id in action_ids:
        window.actions_table[action_id].trigger()
    filters = window.session.state.view.filters
    wait_until(lambda: ("filters off" in window.trace_area.footer_text()) != bool(filters))
    settle(window)


def drawn_mv(window: MainWindow, lead: str) -> np.ndarray:
    """Heights of the solid line at its samples, as drawn."""
    scene = window.trace_area.scene()
    panel = next(p for p in scene.panels if p.cell.lead == lead and p.cell.row == 3)
    return (panel.baseline - panel.original[:, 1]) / scene.page.px_per_mv


def test_a_filter_is_drawn_and_written_everywhere(window: MainWindow) -> None:
    recording = wandering()
    show(window, recording)
    before_mv = drawn_mv(window, "II")
    assert np.ptp(before_mv) > 3
    choose(window, "filter.high_pass_hz.0.67")
    expected = apply(SLOW, recording.read_twelve(), 100.0)[LEAD_INDEX["II"]]
    after_mv = drawn_mv(window, "II")
    np.testing.assert_allclose(
        after_mv, (expected - np.median(expected))[: len(after_mv)], atol=1e-3
    )
    assert "high-pass 0.67 Hz" in window.trace_area.footer_text()
    assert window.trace_area.scene().filters == "Filtered: high-pass 0.67 Hz"
    button = window.findChild(QPushButton, "menu-filters")
    assert button is not None
    assert button.text() == "≥ 0.67 Hz"
    assert button.property("warns") == "true"
    assert "high-pass 0.67 Hz" in button.accessibleName()


def test_the_estimate_is_filtered_like_the_original(window: MainWindow) -> None:
    show(window, wandering())
    choose(window, "filter.high_pass_hz.0.67", "view.layout.12x1")
    scene = window.trace_area.scene()
    panel = next(p for p in scene.panels if p.cell.lead == "V5")
    # The stand-in's estimate is the recording and an offset, which the median takes away.
    ends_px = [
        (line[:, 1::2].min(), line[:, 1::2].max())
        for line in (panel.original, panel.reconstruction)
    ]
    assert ends_px[0] == pytest.approx(ends_px[1], abs=1.5)


def test_the_same_choice_again_takes_the_filter_away(window: MainWindow) -> None:
    show(window, wandering())
    choose(window, "filter.high_pass_hz.0.67", "filter.low_pass_hz.40", "filter.baseline")
    assert window.session.state.view.filters == Filters(0.67, 40.0, None, baseline=True)
    assert window.actions_table["filter.baseline"].isChecked()
    choose(window, "filter.high_pass_hz.0.67", "filter.baseline")
    assert window.session.state.view.filters == Filters(low_pass_hz=40.0)
    choose(window, "filter.high_pass_hz.0.05", "filter.high_pass_hz.0.5")
    assert window.session.state.view.filters == Filters(0.5, 40.0)


def test_one_key_takes_all_filters_away(window: MainWindow) -> None:
    show(window, wandering())
    choose(window, "filter.high_pass_hz.0.67", "filter.low_pass_hz.40")
    assert window.actions_table["filter.off"].shortcut().toString() == "Shift+F"
    QTest.keyClick(window.trace_area, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert not window.session.state.view.filters
    assert "filters off" in window.trace_area.footer_text()
    button = window.findChild(QPushButton, "menu-filters")
    assert button is not None
    assert (button.text(), button.property("warns")) == ("Filters off", "false")


def test_what_the_rate_cannot_carry_is_refused_and_changes_nothing(window: MainWindow) -> None:
    show(window, wandering())
    choose(window, "filter.high_pass_hz.0.5")
    window.actions_table["filter.mains_hz.50"].trigger()
    assert window.session.state.view.filters == Filters(high_pass_hz=0.5)
    assert not window.actions_table["filter.mains_hz.50"].isChecked()
    assert window.problem_banner.isVisible()


def test_filters_do_not_leak_into_the_next_recording(window: MainWindow) -> None:
    show(window, wandering("a"), wandering("b"))
    choose(window, "filter.high_pass_hz.0.67", "filter.input")
    window.actions_table["next"].trigger()
    wait_until(lambda: window.session.state.recording.name == "b")
    settle(window)
    assert not window.session.state.view.filters
    assert not window.session.state.filter_input
    assert np.ptp(drawn_mv(window, "II")) > 3


def test_the_model_is_given_the_recording_as_it_is_until_one_chooses_otherwise(
    window: MainWindow, engine: NotingEngine
) -> None:
    recording = wandering()
    show(window, recording)
    choose(window, "filter.high_pass_hz.0.67")
    assert [given.source for given in engine.given] == [recording.source]
    choose(window, "filter.input")
    wait_until(lambda: len(engine.given) == 2)
    settle(window)
    expected = apply(SLOW, recording.read_twelve(), 100.0)
    np.testing.assert_allclose(engine.given[-1].read_twelve(), expected, atol=1e-5)
    button = window.findChild(QPushButton, "menu-filters")
    assert button is not None
    assert "model's input too" in button.toolTip()
    assert "model's input too" in window.centre.footer_text()
    choose(window, "filter.low_pass_hz.40")
    wait_until(lambda: len(engine.given) == 3)
    settle(window)
    choose(window, "filter.input")
    wait_until(lambda: len(engine.given) == 4)
    settle(window)
    assert engine.given[-1].source is recording.source


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), "Filters off"),
        (Filters(0.5, 40.0), "0.5–40 Hz"),  # noqa: RUF001
        (Filters(low_pass_hz=100.0), "≤ 100 Hz"),
        (Filters(mains_hz=60.0, baseline=True), "no 60 Hz, level"),
        (Filters(0.5, 40.0, 50.0, True), "4 filters"),
    ],
)
def test_the_button_names_the_filters_in_few_words(filters: Filters, words: str) -> None:
    assert filter_words(filters) == words


def test_the_scale_stays_on_screen_beside_a_message(window: MainWindow) -> None:
    show(window, wandering())
    short = window.findChild(QLabel, "short-scale")
    note = window.findChild(QLabel, "scale-note")
    assert short is not None
    assert note is not None
    assert not short.isVisible()
    window.say("Saved somewhere")
    assert (note.text(), short.isVisible()) == ("Saved somewhere", True)
    assert short.text() == "25 mm/s · 10 mm/mV · fitted"
    window.session.change_view(gain_mm_mv=20.0, scale="true")
    assert short.text() == "25 mm/s · 20 mm/mV · true size"
    window.session.update(page="training")
    assert not short.isVisible()

"""The band around a reconstruction in figures for papers, and its words in methods and scripts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_interval import with_interval

from ecgview.engine.cards import find_model
from ecgview.engine.reconstruct import reconstruct
from ecgview.export.methods import Setting, methods_paragraph
from ecgview.export.recording_content import Content, Stretch, gather_content
from ecgview.export.recording_figure import recording_figure
from ecgview.export.script import Opened, Question
from ecgview.export.scripts import agreement_script
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters
from ecgview.simulate import simulate


@pytest.fixture(scope="module")
def recording() -> Recording:
    return simulate("normal")


@pytest.fixture(scope="module")
def made(recording: Recording) -> Reconstruction:
    plain = reconstruct(recording, ("I", "II", "V2"), "anylead-linear")
    return with_interval(plain, 0.2, wander_mv=0.15)


def content(recording: Recording, made: list[Reconstruction], **how: object) -> Content:
    stretch = replace(Stretch(0, 1000, clean=False, level=0.9), **how)  # type: ignore[arg-type]
    return gather_content(recording, made, LEADS, (), stretch)


@pytest.mark.parametrize(
    ("how", "half_mv"),
    [({}, 0.25), ({"clean": True}, 0.2), ({"level": 0.5}, 0.125)],
)
def test_panels_of_reconstructed_leads_have_a_band(
    recording: Recording, made: Reconstruction, how: dict[str, object], half_mv: float
) -> None:
    found = content(recording, [made], **how)
    panels = {panel.lead: panel for column in found.columns for panel in column}
    band_mv = panels["V4"].band_mv
    assert band_mv is not None
    np.testing.assert_allclose(band_mv[1] - band_mv[0], 2 * half_mv, atol=1e-5)
    estimate_mv = panels["V4"].estimates_mv[0]
    assert estimate_mv is not None
    np.testing.assert_allclose((band_mv[0] + band_mv[1]) / 2, estimate_mv, atol=1e-5)
    assert panels["V2"].band_mv is None
    assert any("% interval: calibrated on recordings" in note for note in found.notes)
    for column in found.columns:
        for (low_mv, high_mv), panel in zip(found.row_ranges_mv, column, strict=False):
            for trace_mv in panel.traces_mv:
                assert low_mv <= trace_mv.min() and trace_mv.max() <= high_mv


def test_several_models_or_no_level_have_none(recording: Recording, made: Reconstruction) -> None:
    for shown, level in (([made, made], 0.9), ([made], 0.0), ([replace(made, interval=None)], 0.9)):
        found = content(recording, shown, level=level)
        assert found.level == 0.0
        assert all(panel.band_mv is None for column in found.columns for panel in column)
        assert not any("interval" in note for note in found.notes)


def test_the_figure_names_the_band_in_its_legend(
    recording: Recording, made: Reconstruction
) -> None:
    for level, named in ((0.8, True), (0.0, False)):
        figure = recording_figure(recording, [made], interval=level)
        texts = [text.get_text() for text in figure.legends[0].get_texts()]
        assert ("80 % interval" in texts) == named


def test_methods_say_what_the_interval_is_and_is_not() -> None:
    card = find_model("anylead")
    assert "conformally" not in methods_paragraph(card, Setting(("I", "II")))
    raw = methods_paragraph(card, Setting(("I", "II"), interval=0.8))
    assert "80 % interval" in raw
    assert "had not seen" in raw
    assert "no guarantee for a single patient" in raw
    assert "usual wander" in raw
    clean = methods_paragraph(card, Setting(("I", "II"), clean=True, interval=0.8))
    assert "80 % interval" in clean
    assert "usual wander" not in clean


def test_the_script_of_the_table_reads_half_widths() -> None:
    question = Question(Opened(None, 500.0, "normal"), ("I", "II"), "anylead", interval=0.8)
    text = agreement_script(question).python
    assert "result.interval.half_width(" in text
    assert "level=0.8, clean=False" in text
    filtered = replace(question, filters=Filters(high_pass_hz=0.5))
    assert "level=0.8, clean=True" in agreement_script(filtered).python
    assert "half_width" not in agreement_script(replace(question, interval=0.0)).python

"""Figures of recordings, read back from the SVG, where text is text."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from beats import make_recording

from ecgview import DISCLAIMER
from ecgview.errors import EcgviewError
from ecgview.export.recording_content import Stretch, gather_content
from ecgview.export.recording_figure import DIFFERENCE, STYLES, recording_figure
from ecgview.export.style import save_figure
from ecgview.leads import LEAD_INDEX, LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array

AVAILABLE = ("I", "II", "V2")
SVG = "{http://www.w3.org/2000/svg}"


def reconstruction(
    recording: Recording, available: tuple[str, ...] = AVAILABLE, scale: float = 0.7
) -> Reconstruction:
    origins = lead_origins(available)
    twelve_mv = recording.read_twelve()
    for lead in LEADS:
        if origins[lead].value == "reconstructed":
            twelve_mv[LEAD_INDEX[lead]] *= scale
    return Reconstruction(available, origins, ArraySource(twelve_mv), "made-up", 62.5, "cpu", 0.0)


def texts(path: Path) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.parse(path).iter(f"{SVG}text")]


def saved(tmp_path: Path, recording: Recording, *results: Reconstruction, **how: object) -> Path:
    figure = recording_figure(recording, results, **how)  # type: ignore[arg-type]
    return save_figure(figure, tmp_path / "figure.svg")


def test_every_lead_names_its_origin_and_the_foot_says_the_rest(tmp_path: Path) -> None:
    recording = make_recording(name="costs $5_x$")
    written = texts(saved(tmp_path, recording, reconstruction(recording)))
    assert [text for text in written if text in LEADS] == sorted(LEADS, key=written.index)
    assert written.count("measured") == 3
    assert written.count("derived") == 4
    assert written.count("reconstructed") == 5
    assert written.count("PCC") == 5
    assert written.count("1.00") == 5
    assert "costs $5_x$" in written
    assert DISCLAIMER in written
    foot = " ".join(written)
    assert "made-up: reconstructed from I, II, V2; nothing above 62.5 Hz." in foot
    assert "Signals not filtered, medians removed." in foot
    assert re.search(r"20 mm/s and 10 mm/mV at a width of 180 mm", foot)


def test_no_text_is_smaller_than_seven_points(tmp_path: Path) -> None:
    recording = make_recording()
    svg = saved(tmp_path, recording, reconstruction(recording)).read_text()
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ?[^;\"]*?([\d.]+)px", svg)]
    assert len(sizes) > 20
    assert min(sizes) >= 7
    width = re.search(r'width="([\d.]+)pt"', svg)
    assert width is not None
    assert float(width[1]) == pytest.approx(180 / 25.4 * 72, abs=0.1)


def test_the_panels_keep_the_scale_that_the_foot_names() -> None:
    recording = make_recording()
    figure = recording_figure(recording, [reconstruction(recording)])
    width_mm, height_mm = (25.4 * side for side in figure.get_size_inches())
    assert len(figure.axes) == 12
    for axes in figure.axes:
        box = axes.get_position()
        low, high = axes.get_ylim()
        assert box.height * height_mm == pytest.approx(10 * (high - low))
        assert box.width * width_mm == pytest.approx(20 * 4, rel=0.01)


def test_the_difference_is_filled_and_the_estimate_dashed_red(tmp_path: Path) -> None:
    recording = make_recording()
    figure = recording_figure(recording, [reconstruction(recording)])
    v3 = next(axes for axes in figure.axes if axes.texts[0].get_text() == "V3")
    recorded, estimate = v3.lines
    assert (recorded.get_color(), recorded.is_dashed()) == ("#000000", False)
    assert (estimate.get_color(), estimate.is_dashed()) == ("#D4212F", True)
    truth_mv = recording.read(["V3"], 0, 2000)[0]
    np.testing.assert_allclose(recorded.get_ydata(), truth_mv - np.median(truth_mv), atol=1e-6)
    (filled,) = v3.collections
    assert filled.get_facecolor()[0][:3] == pytest.approx(
        [int(DIFFERENCE[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    )
    measured = next(axes for axes in figure.axes if axes.texts[0].get_text() == "V2")
    assert len(measured.lines) == 1
    assert len(measured.collections) == 0


def test_several_estimates_are_told_apart_without_colour(tmp_path: Path) -> None:
    recording = make_recording()
    results = [reconstruction(recording, scale=scale) for scale in (0.9, 0.5)]
    results.append(reconstruction(recording, ("I",)))
    figure = recording_figure(recording, results, labels=["a", "b", "from I"])
    v3 = next(axes for axes in figure.axes if axes.texts[0].get_text() == "V3")
    assert [line.get_color() for line in v3.lines[1:]] == [colour for colour, _ in STYLES[:3]]
    assert len({dashes for _, dashes in STYLES}) == len(STYLES)
    assert not v3.collections
    written = texts(save_figure(figure, tmp_path / "several.svg"))
    assert {"reconstructed, a", "reconstructed, b", "reconstructed, from I"} <= set(written)
    # II was available for two of the three: its estimate is there, and it says so.
    ii = next(axes for axes in figure.axes if axes.texts[0].get_text() == "II")
    assert len(ii.lines) == 2
    assert ii.texts[1].get_text() == "reconstructed"
    with pytest.raises(EcgviewError, match="one to 4"):
        recording_figure(recording, [])


def test_models_that_come_twice_are_named_with_their_leads() -> None:
    recording = make_recording()
    results = [reconstruction(recording), reconstruction(recording, ("I",))]
    content = gather_content(recording, results, LEADS, (), Stretch(0, 2000, False))
    assert content.labels == ("made-up (I, II, V2)", "made-up (I)")


def test_flat_leads_gaps_and_absent_leads(tmp_path: Path) -> None:
    full = make_recording()
    leads_mv = {lead: full.read([lead])[0] for lead in LEADS if lead != "V6"}
    leads_mv["V4"] = np.zeros_like(leads_mv["V4"])
    recording = recording_from_array("odd", leads_mv, 500.0)
    twelve_mv = full.read_twelve()
    twelve_mv[LEAD_INDEX["V5"]] = np.nan
    result = Reconstruction(
        AVAILABLE, lead_origins(AVAILABLE), ArraySource(twelve_mv), "made-up", 62.5, "cpu", 0.0
    )
    panels = {
        panel.lead: panel
        for column in gather_content(
            recording, [result], LEADS, (), Stretch(0, 2000, False)
        ).columns
        for panel in column
    }
    assert panels["V4"].pcc == (None,)
    assert panels["V5"].tag == "not rebuilt"
    assert panels["V6"].tag == "reconstructed, not recorded"
    assert panels["V6"].recorded_mv is None
    written = texts(saved(tmp_path, recording, result))
    assert written.count("n/a") == 1


def test_clean_figures_are_filtered_and_say_so(tmp_path: Path) -> None:
    steady = make_recording(duration_s=30.0)
    wander_mv = np.sin(2 * np.pi * 0.1 * np.arange(15000) / 500)
    leads_mv = {lead: steady.read([lead])[0] + wander_mv for lead in LEADS}
    recording = recording_from_array("wandering", leads_mv, 500.0)
    stretch = {"start_s": 12.0, "duration_s": 2.0, "clean": True}
    figure = recording_figure(recording, [reconstruction(recording)], **stretch)  # type: ignore[arg-type]
    v2 = next(axes for axes in figure.axes if axes.texts[0].get_text() == "V2")
    truth_mv = steady.read(["V2"], 6000, 7000)[0]
    drawn_mv = np.asarray(v2.lines[0].get_ydata())
    assert np.abs(drawn_mv - (truth_mv - np.median(truth_mv))).max() < 0.15
    assert v2.get_xlim() == pytest.approx((12.0, 14.0))
    written = " ".join(texts(save_figure(figure, tmp_path / "clean.svg")))
    assert "high-passed at 0.5 Hz, zero phase" in written


def test_a_stretch_outside_the_recording_is_told() -> None:
    recording = make_recording()
    with pytest.raises(EcgviewError, match="nothing to draw from 11 s"):
        recording_figure(recording, [reconstruction(recording)], start_s=11.0)
    figure = recording_figure(recording, [reconstruction(recording)], start_s=8.0)
    assert figure.axes[0].get_xlim() == pytest.approx((8.0, 10.0))


def test_only_some_leads(tmp_path: Path) -> None:
    recording = make_recording()
    figure = recording_figure(recording, [reconstruction(recording)], leads=("V3", "V1"))
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["V1", "V3"]
    # The unit stays on the page though the panels are twice as wide.
    figure.draw_without_rendering()
    label = figure.axes[0].yaxis.get_label()
    assert label.get_text() == "mV"
    assert label.get_window_extent().x0 > 0


def test_nothing_is_written_over_anything() -> None:
    """No two texts of the fullest figure overlap, and all lie on the page."""
    recording = make_recording()
    results = [reconstruction(recording, ("I",), scale) for scale in (0.9, -0.5, 0.3, -0.1)]
    figure = recording_figure(recording, results, labels=["first", "second", "third", "fourth"])
    figure.draw_without_rendering()
    width, height = figure.canvas.get_width_height()
    boxes = [
        text.get_window_extent().padded(-0.5)
        for axes in figure.axes
        for text in axes.texts
        if text.get_text()
    ]
    boxes += [text.get_window_extent().padded(-0.5) for text in figure.texts]
    assert len(boxes) > 12 * 6
    for number, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
        assert not any(box.overlaps(other) for other in boxes[:number])

import numpy as np
import pytest
from courses import example, history
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QSignalSpy, QTest

from ecgview.gui.theme import DARK, LIGHT
from ecgview.gui.training.curves import CurvePlot, curves_of
from ecgview.gui.training.example_page import example_page, rebuilt_chest_leads
from ecgview.gui.training.example_view import ExampleView
from ecgview.gui.training.heat_map import HeatMap, table_of
from ecgview.leads import Origin

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(("width", "height"), [(730, 340), (500, 300), (1400, 300)])
@pytest.mark.parametrize("available", [("I",), ("I", "II", "V2"), ("I", "II", "V2", "V4")])
def test_all_rebuilt_leads_are_on_the_paper_at_one_time_axis(width, height, available):
    leads = rebuilt_chest_leads(available)
    page = example_page(leads, 8.192, 2.5, width, height)
    assert [cell.lead for cell in page.cells] == list(leads)
    columns = 1 + max(cell.column for cell in page.cells)
    for cell in page.cells:
        assert page.baselines[cell.row] < height
        assert page.x_of(cell.from_s) >= page.left
        assert page.x_of(cell.to_s) <= width
        assert cell.to_s - cell.from_s == pytest.approx(page.cells[0].to_s)
    assert page.cells[0].to_s * columns == pytest.approx(8.192, rel=0.02)


def test_tall_waves_get_a_smaller_gain_and_stay_in_their_row():
    leads = rebuilt_chest_leads(("I", "II", "V2"))
    low, tall = (example_page(leads, 8.192, reach, 730, 340) for reach in (1.0, 6.0))
    assert low.px_per_mv == pytest.approx(10 * low.px_per_mm)
    assert tall.px_per_mv < low.px_per_mv
    assert 6.0 * tall.px_per_mv <= tall.pitch


def test_the_example_shows_the_network_of_an_epoch():
    view = ExampleView()
    view.resize(730, 380)
    examples = {epoch: example(epoch) for epoch in (1, 2, 3)}
    view.show_examples(examples)
    scene = view.paper.scene_at(1.0)
    assert [panel.cell.lead for panel in scene.panels] == ["V1", "V3", "V4", "V5", "V6"]
    assert all(panel.label.origin is Origin.RECONSTRUCTED for panel in scene.panels)
    assert all(len(panel.original) and len(panel.reconstruction) for panel in scene.panels)
    latest = scene.panels[0].reconstruction
    chosen = QSignalSpy(view.header.epoch_chosen)
    view.header.slider.setValue(1)
    assert chosen.at(0) == [1]
    view.show_examples(examples, 1)
    first = view.paper.scene_at(1.0).panels[0].reconstruction
    assert first.shape != latest.shape or not np.allclose(first, latest)
    view.header.slider.setValue(3)
    assert chosen.at(1) == [0]  # the latest is followed from then on


def test_a_click_into_curves_or_map_chooses_its_epoch():
    for widget in (CurvePlot(), HeatMap()):
        widget.resize(400, 180)
        if isinstance(widget, CurvePlot):
            widget.show_curves(curves_of(history(5), "accent"), 5)
        else:
            widget.show_history(history(5), 5)
        chosen = QSignalSpy(widget.epoch_chosen)
        for x in (60, 340):
            QTest.mouseClick(
                widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, 60)
            )
        first, last = chosen.at(0)[0], chosen.at(1)[0]
        assert first == 1
        assert last in (4, 5)


def test_the_best_epoch_is_marked_on_the_validation_curve_alone():
    training, validation = curves_of(history(4), "accent")
    assert (training.best_epoch, validation.best_epoch) == (0, 4)
    assert training.is_dashed
    assert not validation.is_dashed


def test_table_of_correlations():
    leads, pcc = table_of(history(3))
    assert leads == ("V1", "V3", "V4", "V5", "V6")
    assert pcc.shape == (5, 3)
    assert pcc[0].tolist() == [0.5, 0.75, pytest.approx(1 - 0.5 / 3)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_better_correlation_stands_out_more_from_the_ground(theme):
    heat = HeatMap()
    heat.set_theme(theme)
    ground = heat.colour(-1.0)
    distances = []
    for pcc in (0.2, 0.5, 0.8, 1.0):
        colour = heat.colour(pcc)
        distances.append(abs(colour.lightnessF() - ground.lightnessF()))
    assert distances == sorted(distances)
    assert distances[-1] > 0.2


@pytest.mark.parametrize("epochs", [1, 400])
def test_maps_and_curves_of_few_and_many_epochs_are_painted(epochs):
    heat, plot = HeatMap(), CurvePlot()
    heat.show_history(history(epochs), epochs, epochs // 2)
    plot.show_curves(curves_of(history(epochs), "accent"), epochs, epochs // 2)
    for widget in (heat, plot):
        widget.resize(260, 160)
        picture = QPixmap(widget.size())
        widget.render(picture)
        image = picture.toImage()
        colours = {image.pixel(x, y) for x in range(0, 260, 3) for y in range(0, 160, 3)}
        assert len(colours) > 5

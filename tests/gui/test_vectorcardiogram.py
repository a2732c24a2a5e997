"""The vectorcardiogram: its axes, its scale, what it says, and how the window shows it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from ecg import rebuilt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from stand_ins import main_window, settle, show
from waiting import wait_until

from ecgview.engine.events import Finished, Progress
from ecgview.gui import centre
from ecgview.gui.theme import DARK, LIGHT
from ecgview.gui.viewer.loops import Loops, LoopsState, figure_rows, loops_of, sources_for
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.vectorcardiogram import build_loop_scene
from ecgview.gui.viewer.vectorcardiogram_paint import paint_loops
from ecgview.leads import INDEPENDENT_LEADS, LEADS
from ecgview.recording import ArraySource, Channel, Recording
from ecgview.signals.transforms import KORS
from ecgview.signals.vectorcardiogram import Loop
from ecgview.simulate import simulate

SHOWN = LoopsState(shown=True)


def loop(*vectors_mv: tuple[float, float, float]) -> Loop:
    """A QRS loop through some vectors, a small P before and a small T after it."""
    part = np.array([(0, 0, 0), *vectors_mv, (0, 0, 0)], dtype=float).T
    frank_mv = np.concatenate([0.05 * part, part, 0.2 * part], axis=1)
    n = part.shape[1]
    return Loop(frank_mv, 500.0, slice(n, 2 * n), slice(2 * n, 3 * n), 7)


def with_frank(recording: Recording, error_mv: float = 0.0) -> Recording:
    """The twelve leads and their Frank leads as PTB names them, by Kors's regression."""
    twelve_mv = recording.read(LEADS)
    eight_mv = twelve_mv[[LEADS.index(lead) for lead in INDEPENDENT_LEADS]]
    names = ("vx", "vy", "vz")
    return Recording(
        name="ptb",
        fs_hz=recording.fs_hz,
        channels=(
            *(Channel(lead, lead) for lead in LEADS),
            *(Channel(name, None) for name in names),
        ),
        source=ArraySource(np.vstack([twelve_mv, KORS @ eight_mv + error_mv])),
        resolution_mv=0.001,
    )


@pytest.fixture(scope="module")
def normal() -> Recording:
    return simulate("normal", seed=3)


@pytest.mark.parametrize(
    ("vector_mv", "places"),
    [
        # To the left: right on screen in frontal and horizontal plane.
        ((1.0, 0.0, 0.0), ((1, 0), (0, 0), (1, 0))),
        # To the feet: down in frontal and sagittal plane.
        ((0.0, 1.0, 0.0), ((0, 1), (0, 1), (0, 0))),
        # To the back: right in the left sagittal plane, up in the horizontal one.
        ((0.0, 0.0, 1.0), ((0, 0), (1, 0), (0, -1))),
    ],
)
def test_each_axis_points_where_its_plane_says(
    vector_mv: tuple[float, float, float], places: tuple[tuple[int, int], ...]
) -> None:
    scene = build_loop_scene(Loops(original=loop(vector_mv)), 800, 600)
    assert [panel.plane.title for panel in scene.panels] == [
        "Frontal", "Left sagittal", "Horizontal",
    ]  # fmt: skip
    for panel, place in zip(scene.panels, places, strict=True):
        qrs = next(line for line in panel.lines if line.part == "QRS")
        np.testing.assert_allclose(
            (qrs.points[1] - panel.origin) / scene.px_per_mv, place, atol=1e-9
        )


def test_ends_of_the_axes_are_named() -> None:
    scene = build_loop_scene(Loops(original=loop((1, 1, 1))), 800, 600)
    for panel in scene.panels:
        named = {word.text: word for word in panel.words}
        across, down = panel.plane.across, panel.plane.down
        assert named[across.positive].x > panel.origin[0] > named[across.negative].x
        lower, upper = (down.positive, down.negative)[:: int(down.sign)]
        assert named[lower].y > panel.origin[1] > named[upper].y


def test_all_planes_share_one_scale_and_hold_both_loops() -> None:
    both = Loops(loop((1.5, 0.4, 0.2), (0.5, 1.0, -0.8)), loop((0.2, -0.3, 1.9), (0.1, 0.2, 0.3)))
    scene = build_loop_scene(both, 700, 640, dots_ms=4)
    frontal, sagittal, horizontal = scene.panels
    assert frontal.origin[1] == pytest.approx(sagittal.origin[1])
    assert frontal.origin[0] == pytest.approx(horizontal.origin[0])
    for panel in scene.panels:
        for line in panel.lines:
            assert np.all(line.points > (panel.x, panel.y))
            assert np.all(line.points < (panel.x + panel.width, panel.y + panel.height))
    tones = [line.tone for line in frontal.lines]
    assert tones == ["original"] * 3 + ["reconstruction"] * 3


def test_dots_stand_at_equal_times_on_the_qrs_loop() -> None:
    scene = build_loop_scene(Loops(original=loop((1, 0, 0), (1, 1, 0))), 800, 600, dots_ms=2)
    qrs = next(line for line in scene.panels[0].lines if line.part == "QRS")
    ((tone, dots),) = scene.panels[0].dots
    assert tone == "original"
    np.testing.assert_allclose(dots, qrs.points, atol=1e-9)  # 500 Hz: a sample each 2 ms


def test_figures_are_lengths_angle_and_correlation() -> None:
    truth = loop((3.0, 4.0, 0.0))
    rows = figure_rows(Loops(truth, truth))
    assert rows[1] == ("QRS, mV", "5.00", "5.00")
    assert rows[2] == ("T, mV", "1.00", "1.00")
    assert rows[3] == ("QRS-T angle", "0°", "0°")
    assert rows[4] == ("PCC X, Y, Z", "", "1.00  1.00  n/a")


def test_frank_leads_are_measured_where_recorded_else_estimated(normal: Recording) -> None:
    ptb = with_frank(normal)
    assert sources_for(ptb) == ("measured", "kors", "inverse-dower")
    assert sources_for(normal) == ("kors", "inverse-dower")
    measured = loops_of(ptb, None, ViewState(), SHOWN)
    estimated = loops_of(normal, None, ViewState(), SHOWN)
    assert measured.original_words == "measured (Frank leads)"
    assert estimated.original_words == "estimated (Kors 1990)"
    assert measured.original is not None
    assert estimated.original is not None
    np.testing.assert_allclose(measured.original.frank_mv, estimated.original.frank_mv, atol=1e-4)
    dower = loops_of(ptb, None, ViewState(), LoopsState(True, "inverse-dower"))
    assert dower.original_words == "estimated (Inverse Dower 1988)"


def test_a_perfect_reconstruction_has_the_same_loops(normal: Recording) -> None:
    perfect = rebuilt(normal, ("I", "II", "V2"))
    loops = loops_of(normal, perfect, ViewState(), SHOWN)
    assert loops.reconstruction_words == "estimated (Kors 1990)"
    assert figure_rows(loops)[-1][-1] == "1.00  1.00  1.00"
    for show_, kept in (("original", "reconstruction"), ("reconstruction", "original")):
        assert getattr(loops_of(normal, perfect, ViewState(show=show_), SHOWN), kept) is None


def test_nothing_known_leaves_no_second_loop(normal: Recording) -> None:
    assert loops_of(normal, rebuilt(normal, LEADS), ViewState(), SHOWN).reconstruction is None


@pytest.mark.parametrize(
    ("leads", "said"),
    [(("I", "II", "V2"), "needs VX, VY, VZ"), (LEADS, "No whole beat")],
)
def test_what_cannot_be_shown_is_said(leads: tuple[str, ...], said: str) -> None:
    flat = Recording(
        "flat", 500.0, tuple(Channel(lead, lead) for lead in leads),
        ArraySource(np.zeros((len(leads), 5000))), 0.001,
    )  # fmt: skip
    loops = loops_of(flat, None, ViewState(), SHOWN)
    assert said in loops.problem
    scene = build_loop_scene(loops, 800, 600)
    assert scene.panels == ()
    assert [word.text for word in scene.words] == [loops.problem]


def test_the_stretch_follows_the_page() -> None:
    long = simulate("normal", seed=1, duration_s=40.0)
    loops = loops_of(long, None, ViewState(start_s=35.0), SHOWN)
    assert loops.stretch.endswith("0:30.0 to 0:40.0")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_both_loops_are_painted_in_their_colours(qapp, normal: Recording, theme) -> None:
    loops = loops_of(normal, rebuilt(normal, ("I",), 0.0), ViewState(), SHOWN)
    image = QImage(700, 640, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_loops(painter, build_loop_scene(loops, 700, 640), theme)
    painter.end()
    seen = {image.pixelColor(x, y).name().upper() for x in range(700) for y in range(0, 640, 2)}
    assert {theme.reconstruction.upper(), theme.paper.upper()} <= seen


def test_v_shows_the_loops_in_the_place_of_the_traces(qapp, tmp_path, normal: Recording) -> None:
    with main_window(tmp_path) as window:
        show(window, with_frank(normal))
        view = window.centre.loops
        assert window.trace_area.isVisible()
        assert not view.isVisible()
        QTest.keyClick(window, Qt.Key.Key_V)
        assert view.isVisible()
        assert not window.trace_area.isVisible()
        assert view.canvas.loops.original_words == "measured (Frank leads)"
        assert "Vectorcardiogram" in window.centre.footer_text()
        press(view, "Kors")
        assert view.canvas.loops.original_words == "estimated (Kors 1990)"
        press(view, "4 ms")
        assert window.session.state.loops == LoopsState(True, "kors", 4)
        assert all(panel.dots for panel in view.canvas.scene().panels)
        window.session.toggle_lead("V2")
        settle(window)
        assert view.canvas.loops.reconstruction is not None
        QTest.keyClick(window, Qt.Key.Key_V)
        assert window.trace_area.isVisible()


def test_the_window_goes_on_while_signal_processing_loads(
    qapp, tmp_path, normal: Recording, monkeypatch
) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(centre, "is_loaded", lambda: bool(loaded))
    may_load = threading.Event()

    def slow_load():
        yield Progress(0, 1, "")
        may_load.wait(20)
        loaded.append(True)
        yield Finished(None)

    monkeypatch.setattr(centre, "loading_job", slow_load)
    with main_window(tmp_path) as window:
        show(window, normal)
        QTest.keyClick(window, Qt.Key.Key_V)
        canvas = window.centre.loops.canvas
        assert canvas.isVisible()
        assert canvas.loops.problem == "Averaging the beats…"
        may_load.set()
        wait_until(lambda: canvas.loops.original is not None)
        assert canvas.loops.problem == ""


def press(view, text: str) -> None:
    pill = next(one for one in view.findChildren(QPushButton) if one.text() == text)
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert pill.isChecked()

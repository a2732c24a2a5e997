"""How long the trace area takes: twelve leads of 10 s at 500 Hz, two traces and shading.

Prints medians in milliseconds at 1600 x 1000. "new view" is what a step of panning costs
(working out the scene, then painting it on kept paper); "again" is what a repaint costs when
nothing has moved (hover, focus, dragging a mark).

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_paint.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from ecgview.gui.theme import LIGHT
from ecgview.gui.viewer.paint import paint_paper, paint_traces
from ecgview.gui.viewer.picture import PagePicture
from ecgview.gui.viewer.scene import Scene, build_scene
from ecgview.gui.viewer.signals import Signals
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array

WIDTH, HEIGHT, FS_HZ, DURATION_S, REPEATS = 1600, 1000, 500.0, 30.0, 15


def recording() -> Recording:
    """Narrow spikes, slow waves and noise: as hard to draw as a real ECG."""
    rng = np.random.default_rng(1)
    time_s = np.arange(round(FS_HZ * DURATION_S)) / FS_HZ
    phase_s = (time_s % 0.8) - 0.3
    beat_mv = 1.2 * np.exp(-((phase_s / 0.012) ** 2)) + 0.3 * np.exp(
        -(((phase_s - 0.25) / 0.05) ** 2)
    )
    return recording_from_array(
        "bench",
        {lead: beat_mv + rng.normal(0, 0.02, time_s.size) for lead in LEADS},
        FS_HZ,
    )


def reconstruction(of: Recording, available: tuple[str, ...]) -> Reconstruction:
    """Three quarters of the recording, without its noise."""
    signals_mv = of.read_twelve()
    kernel = np.ones(9) / 9
    smooth_mv = np.stack([np.convolve(lead, kernel, "same") for lead in signals_mv]) * 0.75
    return Reconstruction(
        available, lead_origins(available), ArraySource(smooth_mv), "bench", 62.5, "cpu", 0.0
    )


def median_ms(step: Callable[[int], None]) -> float:
    """Median time of a step over some repeats, after one to warm up."""
    times_s = []
    for index in range(REPEATS + 1):
        before = time.perf_counter()
        step(index)
        times_s.append(time.perf_counter() - before)
    return 1e3 * median(times_s[1:])


def row(view: ViewState, signals: Signals, dpr: int) -> str:
    """Measure one layout at one scale."""
    image = QImage(WIDTH * dpr, HEIGHT * dpr, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    picture = PagePicture()

    def scene_at(index: int) -> Scene:
        moved = replace(view, start_s=0.04 * index)
        return build_scene(
            moved, signals.recording, signals.reconstruction, None, WIDTH, HEIGHT, dpr,
            signals=signals,
        )  # fmt: skip

    def painted(paint: Callable[[QPainter], None]) -> None:
        painter = QPainter(image)
        paint(painter)
        painter.end()

    scenes = [scene_at(index) for index in range(REPEATS + 1)]
    scene_ms = median_ms(lambda index: (scene_at(index), None)[1])
    paint_ms = median_ms(
        lambda index: painted(lambda painter: paint_traces(painter, scenes[index], LIGHT))
    )
    paper_ms = median_ms(
        lambda index: painted(lambda painter: paint_paper(painter, scenes[0], LIGHT))
    )
    again_ms = median_ms(
        lambda index: painted(
            lambda painter: painter.drawPixmap(0, 0, picture.of(scenes[0], LIGHT))
        )
    )
    return (
        f"{view.layout:8} {dpr:5} {scene_ms:8.1f} {paint_ms:8.1f} {scene_ms + paint_ms:9.1f} "
        f"{again_ms:8.1f} {paper_ms:8.1f}"
    )


def main() -> None:
    """Print the tables."""
    application = QApplication([])
    made = recording()
    for available in (("I", "II", "V2"), ("V1",)):
        signals = Signals.of(made, reconstruction(made, available))
        print(f"available: {', '.join(available)}")
        print("layout   scale    scene    paint  new view    again    paper")
        for layout, dpr in product(("3x4+1", "12x1"), (1, 2)):
            print(row(ViewState(layout=layout), signals, dpr))
    application.quit()


if __name__ == "__main__":
    main()

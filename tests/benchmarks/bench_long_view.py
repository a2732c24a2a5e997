"""Panning and zooming over a day of twelve leads, beside a plain pyqtgraph browser in the same run.

    QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 python tests/benchmarks/bench_long_view.py [FOLDER]

writes a day of twelve leads at 500 Hz (EDF, 1.04 GB) into the folder, where it stays for the next
run; without a folder it is removed again. A frame is a change of view and its painting into a
picture of 1600 x 1000: two traces with shading and interval, grid, words and layers. pyqtgraph has
twelve PlotDataItems with `autoDownsample` and `clipToView`: one trace of each lead and a plain
grid, all samples in memory. Where one of its frames takes longer than 0.3 s, only four are
measured. All times are in milliseconds of the clock, so the load of the machine is printed too;
every frame of ours shows the true samples, none a picture that is stretched.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsView, QWidget

from ecgview.formats import open_recording
from ecgview.gui.app import dress, make_application, make_window
from ecgview.gui.settings import Settings
from ecgview.gui.start_files import open_at_start
from ecgview.gui.theme import LIGHT
from ecgview.gui.viewer.state import ViewState
from ecgview.gui.viewer.trace_area import TraceArea
from ecgview.interval import Interval
from ecgview.leads import LEADS, LIMB_FROM_I_II, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.pyramid import fill
from ecgview.simulate import simulate

WIDTH, HEIGHT, FS_HZ, HOURS = 1600, 1000, 500, 24
PAGES_S = (1.0, 10.0, 60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
STEPS = 40
UV_PER_STEP = 0.2
WANDER_UV = [*LIMB_FROM_I_II @ [150, 200], 200, 180, 150, 130, 120, 110]


def write_day(path: Path) -> None:
    """Write simulated ECG of many beats, with noise, wander and activity that rises and falls."""
    rng = np.random.default_rng(1)
    minutes = [simulate("normal", seed=seed, duration_s=60, fs_hz=FS_HZ) for seed in range(3)]
    ecg_uv = [1000 * one.read(LEADS) for one in minutes]
    noise_uv = rng.normal(0, 15, (12, 60 * FS_HZ))
    noise_uv[:6] = LIMB_FROM_I_II @ noise_uv[:2]
    columns = [
        (16, LEADS), (80, [""] * 12), (8, ["uV"] * 12), (8, [-6553.6] * 12), (8, [6553.4] * 12),
        (8, [-32768] * 12), (8, [32767] * 12), (80, [""] * 12), (8, [FS_HZ] * 12), (32, [""] * 12),
    ]  # fmt: skip
    head = f"{'0':<8}{'X X X X':<80}{'Startdate X X X X':<80}01.02.2003.04.05{256 * 13:<8}"
    head += f"{'EDF+C':<44}{3600 * HOURS:<8}{1:<8}{12:<4}"
    head += "".join(f"{value:<{width}}" for width, values in columns for value in values)
    with path.open("wb") as file:
        file.write(head.encode())
        for minute in range(60 * HOURS):
            loud = 1 + 4 * max(0.0, np.sin(minute / 90)) ** 2
            wander_uv = np.outer(WANDER_UV, np.sin(np.arange(60 * FS_HZ) / FS_HZ / 3 + minute))
            signal_uv = ecg_uv[minute % 3] + loud * np.roll(noise_uv, 97 * minute, 1) + wander_uv
            steps = np.rint(signal_uv / UV_PER_STEP).astype("<i2")
            file.write(steps.reshape(12, 60, FS_HZ).transpose(1, 0, 2).tobytes())


class Smaller:
    """A reconstruction that is worked out as it is read: a little smaller than the recording."""

    n_channels = 12

    def __init__(self, recording: Recording) -> None:
        self.n_samples = recording.n_samples
        self._source = recording.source

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read as any source does."""
        return self._source.read(start, stop, channels) * np.float32(0.75)


class Widths(Smaller):
    """Half widths of an interval: a quarter of what the signal deflects, and 0.05 mV."""

    def read(self, start: int, stop: int, channels: Sequence[int]) -> NDArray[np.float32]:
        """Read as any source does."""
        signals_mv = self._source.read(start, stop, channels)
        return np.abs(signals_mv) * np.float32(0.25) + np.float32(0.05)


def reconstruction_of(recording: Recording) -> Reconstruction:
    """Nine leads drawn twice, with an interval."""
    available = ("I", "II", "V2")
    source, one = Smaller(recording), np.ones(12)
    interval = Interval(Widths(recording), {0.5: 0.4 * one, 0.8: 0.8 * one, 0.9: one}, 0.05 * one)
    made = Reconstruction(available, lead_origins(available), source, "bench", 62.5, "cpu", 0.0)
    return replace(made, interval=interval)


class Frames:
    """Paints a widget into a picture and takes the time."""

    def __init__(
        self, widget: QWidget, scale: int = 1, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._widget, self._clock = widget, clock
        self._picture = QImage(WIDTH * scale, HEIGHT * scale, QImage.Format.Format_RGB32)
        self._picture.setDevicePixelRatio(scale)

    def ms(self, change: Callable[[], object]) -> float:
        """Change the view and paint it."""
        started_s = self._clock()
        change()
        painter = QPainter(self._picture)
        if isinstance(self._widget, QGraphicsView):
            self._widget.render(painter)
        else:
            self._widget.render(painter, QPoint())
        painter.end()
        return 1000 * (self._clock() - started_s)


def views(view: ViewState, steps: int) -> tuple[list[ViewState], list[ViewState]]:
    """Steps of a twentieth of a page to the right; and of a twentieth in time, out and in."""
    latest_s = HOURS * 3600 - view.page_s
    pans = [
        replace(view, start_s=min(view.start_s + 0.05 * step * view.page_s, latest_s))
        for step in range(1, steps + 1)
    ]
    half = steps // 2
    powers = [*range(1, half), *range(half, -half, -1)][:steps]
    zooms = [replace(view, speed_mm_s=view.speed_mm_s * 1.05**power) for power in powers]
    return pans, zooms


def ours(
    area: TraceArea,
    view: ViewState,
    scale: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[float], list[float]]:
    """Frames of panning and of zooming."""
    frames = Frames(area, scale, clock)
    pans, zooms = views(view, STEPS)
    frames.ms(lambda: area.set_view(view))
    panned = [frames.ms(lambda to=to: area.set_view(to)) for to in pans]
    frames.ms(lambda: area.set_view(view))
    zoomed = [frames.ms(lambda to=to: area.set_view(to)) for to in zooms]
    return panned, zoomed


class Plain:
    """A browser as anybody would write it with pyqtgraph."""

    def __init__(self, signals_mv: NDArray[np.float32]) -> None:
        self.widget = pyqtgraph.PlotWidget(background="w")
        self.widget.resize(WIDTH, HEIGHT)
        self.widget.showGrid(x=True, y=True)
        self.widget.getPlotItem().disableAutoRange()
        self.widget.setYRange(-2, 24, padding=0)
        times_s = np.arange(signals_mv.shape[1]) / FS_HZ
        for row, lead_mv in enumerate(signals_mv):
            item = pyqtgraph.PlotDataItem(pen=pyqtgraph.mkPen("k", width=1))
            self.widget.getPlotItem().addItem(item)
            item.setDownsampling(auto=True, method="peak")
            item.setClipToView(True)
            item.setData(times_s, lead_mv + np.float32(2 * (11 - row)))

    def show(self, view: ViewState) -> None:
        """Go where a view is."""
        self.widget.setXRange(view.start_s, view.start_s + view.page_s, padding=0)

    def frames(self, view: ViewState) -> tuple[list[float], list[float]]:
        """Frames of panning and of zooming; some only where each takes seconds."""
        frames = Frames(self.widget)
        frames.ms(lambda: self.show(view))
        moved = replace(view, start_s=view.start_s + 0.01 * view.page_s)
        steps = STEPS if frames.ms(lambda: self.show(moved)) < 300 else 4
        pans, zooms = views(view, steps)
        panned = [frames.ms(lambda to=to: self.show(to)) for to in pans]
        zoomed = [frames.ms(lambda to=to: self.show(to)) for to in zooms]
        return panned, zoomed


def page_words(page_s: float) -> str:
    """Name a length of time."""
    for unit, seconds in (("h", 3600), ("min", 60)):
        if page_s >= seconds:
            return f"{page_s / seconds:g} {unit}"
    return f"{page_s:g} s"


def figures(times_ms: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{np.median(times_ms):8.1f}{np.percentile(times_ms, 95):8.1f}"


def rss_mb() -> float:
    """Most memory that this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def paint_first(path: Path) -> None:
    """Open a file in a new window, as the command line does; tell when it has been painted."""
    make_application()
    window = make_window(Settings.forgetful())
    dress(window, LIGHT)
    open_at_start(window.session, [path])
    loop = QEventLoop()
    window.session.recording_changed.connect(lambda: QTimer.singleShot(0, loop, loop.quit))
    window.show()
    loop.exec()
    window.grab()
    # The monotonic clock is the machine's: the parent process reads the same one.
    print(time.perf_counter(), flush=True)
    os._exit(0)


def first_paint_s(path: Path) -> float:
    """Start a fresh process that opens a file, until it is painted; the best of three."""
    command = [sys.executable, __file__, "--paint", str(path)]
    elapsed_s = []
    for _ in range(3):
        started_s = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        elapsed_s.append(float(done.stdout.split()[-1]) - started_s)
    return min(elapsed_s)


def build(area: TraceArea) -> None:
    """Fill the pyramids, as the window does in the background."""
    signals = area.signals()
    assert signals is not None
    parts_of = (
        ("recording", signals.recorded),
        ("reconstruction", signals.rebuilt),
        ("interval", signals.half),
    )
    for name, leads in parts_of:
        assert leads is not None
        assert leads.pyramid is not None
        started_s, used_s = time.perf_counter(), time.process_time()
        parts = sum(1 for _ in fill(leads.pyramid, leads.read))
        wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - used_s
        size_mb = leads.pyramid.n_bytes / 1e6
        print(
            f"pyramid of the {name}: {wall_s:.1f} s ({cpu_s:.1f} s of one core) in {parts} parts, "
            f"{size_mb:.0f} MB"
        )


def compare(area: TraceArea, plain: Plain) -> None:
    """Print a row for each length of page."""
    print(f"{'':18}{'ours, pan':>16}{'zoom':>16}{'pyqtgraph, pan':>18}{'zoom':>16}   times faster")
    print(f"{'page':18}" + f"{'median':>8}{'p95':>8}" * 2 + "  " + f"{'median':>8}{'p95':>8}" * 2)
    print(f"{'load ' + ', '.join(f'{load:.1f}' for load in os.getloadavg()):18}")
    totals = np.zeros((2, 2))
    for layout in ("12x1", "3x4+1"):
        for page_s in PAGES_S:
            view = ViewState(layout=layout, speed_mm_s=250 / page_s, start_s=5 * 3600.0)
            mine, theirs = ours(area, view), plain.frames(view)
            totals += [[np.median(times_ms) for times_ms in both] for both in (mine, theirs)]
            ratios = [np.median(b) / np.median(a) for a, b in zip(mine, theirs, strict=True)]
            print(
                f"{layout + ', ' + page_words(page_s):18}{figures(mine[0])}{figures(mine[1])}  "
                f"{figures(theirs[0])}{figures(theirs[1])}{ratios[0]:9.1f}{ratios[1]:7.1f}"
            )
    pan, zoom = totals[1] / totals[0]
    both = totals[1].sum() / totals[0].sum()
    print(
        f"all medians added: {pan:.1f} times faster in panning, {zoom:.1f} in zooming, {both:.1f}"
    )


def compare_scales(area: TraceArea) -> None:
    """Print rows for display scale 2."""
    print(f"\n{'at scale 2':18}{'ours, pan':>16}{'zoom':>16}")
    for layout in ("12x1", "3x4+1"):
        for page_s in (10.0, 60.0, 3600.0):
            view = ViewState(layout=layout, speed_mm_s=250 / page_s, start_s=5 * 3600.0)
            panned, zoomed = ours(area, view, 2)
            print(f"{layout + ', ' + page_words(page_s):18}{figures(panned)}{figures(zoomed)}")


def compare_bands(area: TraceArea) -> None:
    """Print how much longer frames take with the interval behind the reconstruction.

    In milliseconds of the processor: in those of the clock the load of the machine shows more.
    """
    heads = f"{'without, pan':>16}{'zoom':>16}{'with, pan':>18}{'zoom':>16}   times"
    print(f"\n{'interval (CPU)':18}{heads}")
    totals = np.zeros((2, 2))
    for layout in ("12x1", "3x4+1"):
        for page_s in PAGES_S:
            view = ViewState(layout=layout, speed_mm_s=250 / page_s, start_s=5 * 3600.0)
            without, shown = (
                ours(area, replace(view, interval=one), clock=time.process_time)
                for one in (0.0, 0.9)
            )
            medians = np.array([[np.median(part) for part in both] for both in (without, shown)])
            totals += medians
            pan, zoom = medians[1] / medians[0]
            print(
                f"{layout + ', ' + page_words(page_s):18}{figures(without[0])}{figures(without[1])}"
                f"  {figures(shown[0])}{figures(shown[1])}{pan:8.2f}{zoom:6.2f}"
            )
    pan, zoom = totals[1] / totals[0]
    print(f"all medians added: {pan:.2f} times as long in panning, {zoom:.2f} in zooming")


def wander(area: TraceArea) -> None:
    """Pan all over the day, and print what memory that took."""
    before_mb, frames = rss_mb(), Frames(area)
    rng = np.random.default_rng(2)
    for page_s in PAGES_S:
        for start_s in rng.uniform(0, HOURS * 3600 - page_s, 60):
            view = ViewState(layout="12x1", speed_mm_s=250 / page_s, start_s=start_s)
            frames.ms(lambda view=view: area.set_view(view))
    print(
        f"\nmost memory: {before_mb:.0f} MB before, {rss_mb():.0f} MB after 420 places of the day"
    )


def main(folder: Path) -> None:
    """Print the tables."""
    path = folder / "day.edf"
    if not path.exists():
        write_day(path)
    print(f"{path.stat().st_size / 1e9:.2f} GB, start to first paint: {first_paint_s(path):.2f} s")
    make_application()
    recording = open_recording(path)
    area = TraceArea()
    area.resize(WIDTH, HEIGHT)
    area.set_recording(recording)
    area.set_reconstruction(reconstruction_of(recording))
    build(area)
    wander(area)
    print()
    compare_bands(area)
    print()
    compare(area, Plain(recording.read(LEADS)))
    compare_scales(area)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--paint"]:
        paint_first(Path(sys.argv[2]))
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))

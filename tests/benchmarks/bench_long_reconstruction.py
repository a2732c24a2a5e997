"""Reconstructing a day: time to the first page, to the whole, and how much memory it takes.

``python tests/benchmarks/bench_long_reconstruction.py [HOURS]`` (24 if not given) joins real
recordings of PTB-XL, if ``ECGVIEW_DATA`` names them, else simulated ones, into hours of twelve
leads at 500 Hz in a file of 16-bit samples (1 GB a day, removed again). Each way runs in a process
of its own; memory is what it takes beyond what engine and model do. The old way keeps the twelve
leads of the whole and shows nothing before its end; it is run over an hour at most, beside the new
way over the same. The last column is its time and memory over the new way's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from memory import peak_memory

from ecgview.engine import metrics, windows
from ecgview.engine.events import Finished, Grown
from ecgview.engine.metrics import agreement
from ecgview.engine.reconstruct import reconstruct, reconstruction_events
from ecgview.engine.tally import AgreementTally
from ecgview.formats import open_recording
from ecgview.leads import LEADS
from ecgview.recording import Recording, recording_from_array
from ecgview.simulate import simulate

FS_HZ, UNITS_PER_MV = 500, 1000
GIVEN = ("I", "II", "V2")
PIECES = 360
OLD_WAY_HOURS = 1.0


def pieces() -> list[np.ndarray]:
    """Ten-second recordings: real ones where there are any."""
    data = os.environ.get("ECGVIEW_DATA")
    files = sorted(Path(data, "ptb-xl", "records500").rglob("*.hea"))[:PIECES] if data else []
    if files:
        return [open_recording(path).read_twelve() for path in files]
    return [simulate("normal", seed=seed).read_twelve() for seed in range(12)]


def write(path: Path, hours: float) -> None:
    """Write the pieces one after another until the time is filled."""
    joined = np.nan_to_num(np.concatenate(pieces(), axis=1))
    joined = np.clip(np.rint(joined * UNITS_PER_MV), -32767, 32767).astype(np.int16)
    left = round(hours * 3600 * FS_HZ)
    with path.open("wb") as file:
        while left:
            part = joined[:, :left]
            file.write(np.ascontiguousarray(part.T).tobytes())
            left -= part.shape[1]


class Samples:
    """The file as a source; read piece by piece, as mapped pages would count as memory too."""

    n_channels = len(LEADS)

    def __init__(self, path: Path) -> None:
        self._path = path
        self.n_samples = path.stat().st_size // (2 * self.n_channels)

    def read(self, start: int, stop: int, channels: list[int]) -> np.ndarray:
        count = (stop - start) * self.n_channels
        offset = 2 * start * self.n_channels
        units = np.fromfile(self._path, np.int16, count, offset=offset)
        part = units.reshape(-1, self.n_channels).T[list(channels)]
        return (part / np.float32(UNITS_PER_MV)).astype(np.float32)


def open_day(path: Path) -> Recording:
    nothing = dict.fromkeys(LEADS, np.zeros(1, dtype=np.float32))
    return replace(recording_from_array("day", nothing, FS_HZ), source=Samples(path))


def grow(path: Path) -> dict[str, float]:
    """Rebuild and compare as the window does: what is visible first, counting on the way."""
    recording, found = open_day(path), {}
    reconstruct(simulate("normal"), GIVEN, device="cpu")
    with peak_memory() as rise:
        started_s = time.perf_counter()
        tally = None
        for event in reconstruction_events(recording, GIVEN, device="cpu", first=(0, 10 * FS_HZ)):
            if isinstance(event, Grown):
                if tally is None:
                    event.reconstruction.read(LEADS, 0, 10 * FS_HZ)
                    found["first_s"] = time.perf_counter() - started_s
                    tally = AgreementTally(recording, event.reconstruction, clean=False)
                for _ in tally.catch_up():
                    pass
            elif isinstance(event, Finished):
                result = event.result
        found["total_s"] = time.perf_counter() - started_s
    assert tally is not None
    found["mean_pcc"] = tally.agreement().mean_pcc_chest
    places = np.random.default_rng(0).integers(0, recording.n_samples - 5000, 50)
    started_s = time.perf_counter()
    for place in places.tolist():
        result.read(LEADS, place, place + 5000)
    found["page_ms"] = 1000 * (time.perf_counter() - started_s) / len(places)
    return found | {"memory_mb": rise[0] / 1e6}


def at_once(path: Path) -> dict[str, float]:
    """Rebuild and compare as it was done before: all twelve leads kept, nothing shown earlier."""
    windows._MATERIALISED_SAMPLES = metrics._AT_ONCE_SAMPLES = 10**9
    recording, found = open_day(path), {}
    reconstruct(simulate("normal"), GIVEN, device="cpu")
    with peak_memory() as rise:
        started_s = time.perf_counter()
        result = reconstruct(recording, GIVEN, device="cpu")
        found["mean_pcc"] = agreement(recording, result, clean=False).mean_pcc_chest
        found["total_s"] = found["first_s"] = time.perf_counter() - started_s
    return found | {"memory_mb": rise[0] / 1e6, "page_ms": float("nan")}


def run(way: str, path: Path) -> dict[str, float]:
    """Run a way in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, way, str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(title: str, found: dict[str, float], base: dict[str, float] | None = None) -> None:
    cells = (
        f"{title:<20}{found['first_s']:>9.2f}{found['total_s']:>9.1f}{found['memory_mb']:>11.0f}"
        f"{found['page_ms']:>9.1f}{found['mean_pcc']:>10.4f}"
    )
    if base is not None:
        ratio = found["memory_mb"] / max(base["memory_mb"], 1)
        cells += f"   {found['total_s'] / base['total_s']:.2f} / {ratio:.1f}"
    print(cells, flush=True)


def main(hours: float) -> None:
    heads = f"{'first s':>9}{'whole s':>9}{'memory MB':>11}{'page ms':>9}{'mean PCC':>10}"
    print(f"{'':<20}{heads}   time / memory")
    with tempfile.TemporaryDirectory() as folder:
        day, hour = Path(folder, "day.dat"), Path(folder, "hour.dat")
        write(day, hours)
        report(f"{hours:g} h as it grows", run("grow", day))
        write(hour, min(hours, OLD_WAY_HOURS))
        new = run("grow", hour)
        report(f"{min(hours, OLD_WAY_HOURS):g} h as it grows", new)
        report(f"{min(hours, OLD_WAY_HOURS):g} h at once", run("at_once", hour), new)


if __name__ == "__main__":
    if sys.argv[1:2] in (["grow"], ["at_once"]):
        way = grow if sys.argv[1] == "grow" else at_once
        print(json.dumps(way(Path(sys.argv[2]))))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 24.0)

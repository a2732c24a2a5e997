"""How long files of arrays take to open: `python tests/benchmarks/bench_arrays.py`.

The same made recording in each format; all in one run, beside WFDB.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
from bench_opening import best_ms
from pyarrow import parquet
from scipy.io import savemat

from ecgview.formats import ImportOptions, open_recording, save_recording
from ecgview.leads import LEADS

OPTIONS = ImportOptions(leads=LEADS, rate_hz=500, unit="mV")


def write_all(folder: Path, signals_mv: np.ndarray) -> list[Path]:
    np.save(folder / "rec.npy", signals_mv)
    np.savez_compressed(folder / "rec.npz", ecg=signals_mv)
    savemat(folder / "rec.mat", {"val": signals_mv}, do_compression=True)
    with h5py.File(folder / "rec.h5", "w") as file:
        file.create_dataset("ecg", data=signals_mv, compression="gzip")
    columns = dict(zip(LEADS, signals_mv, strict=True))
    parquet.write_table(pa.table(columns), folder / "rec.parquet")
    csv = save_recording("rec", signals_mv, 500, folder, format="csv")
    return [*(folder / f"rec.{ending}" for ending in ("npy", "npz", "mat", "h5", "parquet")), csv]


def read(path: Path, options: ImportOptions | None) -> np.ndarray:
    return open_recording(path, options=options).read_twelve()


def main() -> None:
    random = np.random.default_rng(0)
    for duration_s in (10, 600):
        signals_mv = random.normal(size=(12, 500 * duration_s)).astype(np.float32)
        with tempfile.TemporaryDirectory() as name:
            wfdb = save_recording("wfdb", signals_mv, 500, name)
            usual_ms = best_ms(lambda path=wfdb: read(path, None))
            print(f"{duration_s} s, opened, checked and read: WFDB {usual_ms:.1f} ms")
            for path in write_all(Path(name), signals_mv):
                ms = best_ms(lambda path=path: read(path, OPTIONS))
                print(f"  {path.suffix[1:]:8} {ms:7.1f} ms, {ms / usual_ms:5.2f} x WFDB")


if __name__ == "__main__":
    main()

"""MATLAB, NumPy, HDF5, Parquet and text files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ecgview.leads import LEADS
from samples.ecg import FS_HZ, Ecg


def matlab(folder: Path, ecg: Ecg) -> Path:
    from scipy.io import savemat

    path = folder / "rec.mat"
    savemat(path, {"val": ecg.steps_uv.astype(np.int16)})
    return path


def matlab_73(folder: Path, ecg: Ecg) -> Path:
    """Write MATLAB 7.3: HDF5 behind 512 bytes of its own, matrices turned round."""
    import h5py

    path = folder / "rec.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        data = file.create_dataset("val", data=ecg.steps_uv.T)
        data.attrs["MATLAB_class"] = np.bytes_("int16")
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + b"\0" * 8 + b"\0\2IM"
    content = bytearray(path.read_bytes())
    content[: len(head)] = head
    path.write_bytes(content)
    return path


def npy(folder: Path, ecg: Ecg) -> Path:
    path = folder / "rec.npy"
    np.save(path, ecg.signals_mv.astype(np.float32))
    return path


def npz(folder: Path, ecg: Ecg) -> Path:
    path = folder / "rec.npz"
    np.savez(path, signals=ecg.signals_mv, leads=np.array(LEADS), fs=FS_HZ, unit="mV")
    return path


def hdf5(folder: Path, ecg: Ecg) -> Path:
    import h5py

    path = folder / "rec.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("ecg", data=ecg.signals_mv.astype(np.float32))
        data.attrs["fs"], data.attrs["unit"] = FS_HZ, "mV"
        data.attrs["leads"] = list(LEADS)
    return path


def parquet(folder: Path, ecg: Ecg) -> Path:
    import pyarrow as pa
    from pyarrow import parquet as pq

    columns = dict(zip(LEADS, ecg.signals_mv, strict=True))
    path = folder / "rec.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def csv(folder: Path, ecg: Ecg) -> Path:
    lines = ["time_s," + ",".join(f"{lead} (mV)" for lead in LEADS)]
    lines += [
        f"{number / FS_HZ:.3f}," + ",".join(f"{step / 1000:.3f}" for step in steps)
        for number, steps in enumerate(ecg.steps_uv.T)
    ]
    path = folder / "rec.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def csv_german(folder: Path, ecg: Ecg) -> Path:
    """Write semicolons and decimal commas, as a spreadsheet does in half of Europe."""
    path = csv(folder, ecg)
    path.write_text(path.read_text().replace(",", ";").replace(".", ","))
    return path

"""One valid file of each format, made by small makers of the tests' own with known contents.

A reader added to `ecgview.formats.READERS` needs a line in `SAMPLES`: the battery of
``tests/formats/test_every_reader.py``, the fuzzing of ``tests/fuzz`` and the attacks of
``tests/test_safety.py`` all work through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ecgview.formats import ImportOptions
from ecgview.leads import LEADS, LIMB_LEADS
from samples import documents, signal_files, tables
from samples.dicom import dicom
from samples.ecg import FS_HZ, Ecg, make_ecg

__all__ = ["SAMPLES", "Ecg", "Sample", "make_ecg"]

_PERSON = ("identifier", "name", "birth_date", "age", "sex", "started")


@dataclass(frozen=True)
class Sample:
    """A file with known contents.

    Attributes
    ----------
    name : str
        For the names of tests.
    reader : str
        Of the line in `READERS` that it is for.
    make : callable
        Writes it (and what belongs to it) into a folder; gives the file to open.
    knows : tuple of str
        What it says: fields of `Patient`, ``started``.
    leads : tuple of str
        Those that come back, with the limb leads that follow from others.
    n_marks : int
        Annotations.
    gap_s : tuple of float
        Start and stop of a gap; the samples go on after it.
    by_content : bool
        False where the file is known by its name: the header of a WFDB record.
    options : ImportOptions
        What the user must say of it.
    """

    name: str
    reader: str
    make: Callable[[Path, Ecg], Path]
    knows: tuple[str, ...] = ()
    leads: tuple[str, ...] = LEADS
    n_marks: int = 0
    gap_s: tuple[float, float] | None = None
    by_content: bool = True
    options: ImportOptions = field(default_factory=ImportOptions)


_LEADS_MV = ImportOptions(leads=LEADS, rate_hz=FS_HZ, unit="mV")
_LEADS_UV = ImportOptions(leads=LEADS, rate_hz=FS_HZ, unit="uV")
_THREE = (*LIMB_LEADS, "V1")

SAMPLES = (
    Sample("WFDB", "WFDB", signal_files.wfdb, ("identifier", "age", "sex"), by_content=False),
    Sample("WFDB with beats", "WFDB", signal_files.wfdb_with_beats, n_marks=3, by_content=False),
    Sample("WFDB of MATLAB", "WFDB", signal_files.wfdb_matlab, ("age", "sex"), by_content=False),
    Sample(
        "EDF+C", "EDF", signal_files.edf, ("identifier", "name", "birth_date", "sex"), n_marks=4
    ),
    Sample("EDF+D", "EDF", signal_files.edf_with_gap, n_marks=4, gap_s=(1, 2)),
    Sample("BDF", "EDF", signal_files.bdf, ("identifier", "sex"), n_marks=4),
    Sample("DICOM", "DICOM", dicom, _PERSON),
    Sample("SCP-ECG", "SCP-ECG", signal_files.scp, _PERSON),
    Sample("HL7 aECG", "HL7 aECG", documents.aecg, ("identifier", "birth_date", "sex", "started")),
    Sample("GE MUSE", "GE MUSE XML", documents.muse, _PERSON),
    Sample(
        "Philips XLI", "Philips XML", documents.philips, ("identifier", "name", "sex", "started")
    ),
    Sample("Philips plain", "Philips XML", documents.philips_plain, ("identifier", "name", "sex")),
    Sample("Mortara", "Mortara XML", documents.mortara, _PERSON),
    Sample("Schiller", "Schiller XML", documents.schiller, ("identifier", "sex", "started")),
    Sample("CardioSoft", "GE CardioSoft XML", documents.cardiosoft, _PERSON),
    Sample("ISHNE", "ISHNE Holter", signal_files.ishne, _PERSON, leads=_THREE),
    Sample("MFER", "MFER", signal_files.mfer, _PERSON),
    Sample("AliveCor", "AliveCor JSON", documents.alivecor, ("identifier", "started"), LIMB_LEADS),
    Sample("MATLAB 5", "MATLAB", tables.matlab, options=_LEADS_UV),
    Sample("MATLAB 7.3", "MATLAB", tables.matlab_73, options=_LEADS_UV),
    Sample("NumPy array", "NumPy", tables.npy, options=_LEADS_MV),
    Sample("NumPy archive", "NumPy", tables.npz, options=_LEADS_MV),
    Sample("HDF5", "HDF5", tables.hdf5, options=_LEADS_MV),
    Sample("Parquet", "Parquet", tables.parquet, options=ImportOptions(rate_hz=FS_HZ, unit="mV")),
    Sample("CSV", "CSV", tables.csv),
    Sample("CSV of half of Europe", "CSV", tables.csv_german),
)
"""All of them; `reader` says which line of `READERS` each is for."""

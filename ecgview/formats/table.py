"""The table of readers: how each format is recognised, and what opens it.

To read another format, write a function that recognises its first bytes, one that opens it, and
a line of `READERS`; then a maker of a small file and its line in ``tests/samples/__init__.py``: the
tests of every reader, the damage at random and the attacks then run on it too. A reader::

    def open_x(path: Path, options: ImportOptions) -> Recording:
        content = read_bytes(path, 64_000_000, "Export a shorter piece.")
        with foreign_parser(path, "X"):  # whatever a library raises becomes a RecordingError
            names, unit, fs_hz, numbers = parse(content)  # numbers: (leads, samples)
        signals = [SignalFacts(name, unit, None) for name in names]
        source = ArraySource(numbers * (mv_per_unit(unit) or 1.0))
        kind = kind_of("X", "", signals)
        ask_what_is_missing(path, "X", fs_hz, signals, source, options, kind=kind)
        return assemble(path, "X", fs_hz, signals, source, options=options, kind=kind)

`ecgview.formats.assemble.assemble` does what all formats share: the user's corrections, leads by
their names, limb leads that follow from others, the checks. A file with several things in it names
them (``parts``) and opens the one of `ecgview.formats.asking.choose_part`; one too long for memory
gives a `ecgview.recording.Source` of its own instead of an array.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecgview.formats import recognise
from ecgview.formats.clinical import recognising as clinical
from ecgview.formats.head import Head
from ecgview.formats.options import ImportOptions
from ecgview.formats.text.finding import looks_like_samples
from ecgview.recording import Recording

Opener = Callable[[Path, ImportOptions], Recording]


@dataclass(frozen=True)
class Reader:
    """A format that ecgview reads.

    Attributes
    ----------
    name : str
        Name of the format as users know it.
    endings : tuple of str
        Usual endings of file names, for file dialogs; a file is known by its content.
    recognises : callable
        Tells from the `Head` of a file whether it is in this format. Cheap, and never raises.
    opener : str
        ``module:function``, imported when the first file of the format is opened; takes the path
        and the `ImportOptions`, gives a `Recording`, raises `RecordingError` only.
    finds : callable, optional
        A stricter test for files that only lie in a folder that is searched; `recognises` if not
        given.
    """

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[Head], bool]
    opener: str
    finds: Callable[[Head], bool] | None = None

    def open(self, path: Path, options: ImportOptions) -> Recording:
        """Open a file of this format.

        Numbers of damaged files may overflow: that is no warning for the user, what is not a
        number is a gap or refused.
        """
        module, function = self.opener.split(":")
        opener: Opener = getattr(importlib.import_module(module), function)
        with np.errstate(all="ignore"):
            return opener(path, options)


_XML = (".xml",)
_CLINICAL = "ecgview.formats.clinical"
_TEXT = (".csv", ".tsv", ".txt")

READERS: Sequence[Reader] = (
    Reader("WFDB", (".hea",), recognise.is_wfdb, "ecgview.formats.wfdb.reader:open_wfdb"),
    Reader(
        "EDF", (".edf", ".bdf", ".rec"), recognise.is_edf, "ecgview.formats.edf.reader:open_edf"
    ),
    Reader(
        "DICOM",
        (".dcm",),
        recognise.is_dicom,
        "ecgview.formats.dicom.reader:open_dicom",
        finds=recognise.is_dicom_waveform,
    ),
    Reader("MATLAB", (".mat",), recognise.is_matlab, "ecgview.formats.arrays.matlab:open_matlab"),
    Reader(
        "HDF5",
        (".h5", ".hdf5"),
        recognise.is_hdf5,
        "ecgview.formats.arrays.hdf5:open_hdf5",
    ),
    Reader(
        "NumPy",
        (".npy", ".npz"),
        recognise.is_numpy,
        "ecgview.formats.arrays.numpy_files:open_numpy",
    ),
    Reader(
        "Parquet",
        (".parquet",),
        recognise.is_parquet,
        "ecgview.formats.arrays.parquet:open_parquet",
    ),
    Reader("SCP-ECG", (".scp", ".ecg"), clinical.is_scp, f"{_CLINICAL}.scp:open_scp"),
    Reader("HL7 aECG", _XML, clinical.is_aecg, f"{_CLINICAL}.aecg:open_aecg"),
    Reader("GE MUSE XML", _XML, clinical.is_muse, f"{_CLINICAL}.muse:open_muse"),
    Reader("Philips XML", _XML, clinical.is_philips, f"{_CLINICAL}.philips:open_philips"),
    Reader("Mortara XML", _XML, clinical.is_mortara, f"{_CLINICAL}.simple:open_mortara"),
    Reader(
        "GE CardioSoft XML",
        _XML,
        clinical.is_cardiosoft,
        f"{_CLINICAL}.cardiosoft:open_cardiosoft",
    ),
    Reader("Schiller XML", _XML, clinical.is_schiller, f"{_CLINICAL}.schiller:open_schiller"),
    Reader("ISHNE Holter", (".ecg",), clinical.is_ishne, f"{_CLINICAL}.ishne:open_ishne"),
    Reader("MFER", (".mwf", ".mfer"), clinical.is_mfer, f"{_CLINICAL}.simple:open_mfer"),
    Reader("AliveCor JSON", (".json",), clinical.is_kardia, f"{_CLINICAL}.simple:open_kardia"),
    Reader(
        "CSV",
        _TEXT,
        recognise.is_text,
        "ecgview.formats.text.reader:open_csv",
        finds=looks_like_samples,
    ),
)
"""All formats; the first that recognises a file opens it, so that loose tests come last."""

ENDINGS = tuple(dict.fromkeys(ending for reader in READERS for ending in reader.endings))
"""Usual endings of file names of all formats."""


def find_reader(head: Head) -> Reader | None:
    """Tell by the beginning of a file which reader it is for."""
    return next((reader for reader in READERS if reader.recognises(head)), None)

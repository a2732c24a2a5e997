"""The types of files that installers tell the system about.

ecgview knows a file by its content; a desktop goes by endings. Of each type this says whether
ecgview is proposed as the program that opens it on a double-click, or only listed under *Open
with*, as for endings that are mostly something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.formats.table import ENDINGS
from product import IDENTIFIER


@dataclass(frozen=True)
class FileType:
    """A type of file.

    Attributes
    ----------
    name : str
        For people, in the singular: shown beside the file.
    endings : tuple of str
        With the dot.
    mime : str
        A registered type, or one of our own with ``x-``.
    proposed : bool
        Whether ecgview offers to be the program that opens it.
    """

    name: str
    endings: tuple[str, ...]
    mime: str
    proposed: bool = False

    @property
    def identifier(self) -> str:
        """Name of the type for systems that want one of the whole world."""
        return f"{IDENTIFIER}.{self.short_name}"

    @property
    def short_name(self) -> str:
        """Name of the type among ours."""
        return self.mime.rpartition("/")[2].removeprefix("x-")


SESSION = FileType("ecgview session", (".ecgview",), "application/x-ecgview-session", proposed=True)

FILE_TYPES = (
    SESSION,
    FileType("WFDB record", (".hea",), "application/x-wfdb-header", proposed=True),
    FileType("EDF recording", (".edf", ".bdf"), "application/x-edf", proposed=True),
    FileType("SCP-ECG recording", (".scp",), "application/x-scp-ecg", proposed=True),
    FileType("ECG recording", (".ecg",), "application/x-ecg", proposed=True),
    FileType("MFER recording", (".mwf", ".mfer"), "application/x-mfer", proposed=True),
    FileType("EDF recording", (".rec",), "application/x-edf-rec"),
    FileType("DICOM file", (".dcm",), "application/dicom"),
    FileType("MATLAB file", (".mat",), "application/x-matlab-data"),
    FileType("HDF5 file", (".h5", ".hdf5"), "application/x-hdf"),
    FileType("NumPy array", (".npy", ".npz"), "application/x-npy"),
    FileType("Parquet table", (".parquet",), "application/vnd.apache.parquet"),
    FileType("XML document", (".xml",), "application/xml"),
    FileType("JSON document", (".json",), "application/json"),
    FileType("CSV table", (".csv",), "text/csv"),
    FileType("Tab-separated table", (".tsv",), "text/tab-separated-values"),
    FileType("Text file", (".txt",), "text/plain"),
)
"""All types; those of the endings that the readers name, and sessions."""


def unlisted_endings() -> set[str]:
    """Name the endings of readers that no type has; a new reader may bring some."""
    listed = {ending for file_type in FILE_TYPES for ending in file_type.endings}
    return set(ENDINGS) - listed

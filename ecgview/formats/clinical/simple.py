"""Reads the clinical formats that need nothing but their parser."""

from __future__ import annotations

from pathlib import Path

from ecgview.formats.clinical.kit import Kit, read_content
from ecgview.formats.clinical.recordings import open_with
from ecgview.formats.clinical.xml_tree import check_xml
from ecgview.formats.options import ImportOptions
from ecgview.recording import Recording

MORTARA = Kit("Mortara XML", "mortara_el250", "MortaraEL250Parser")
KARDIA = Kit("AliveCor JSON", "alivecor_kardia", "AliveCorKardiaParser", 32_000_000)
MFER = Kit("MFER", "mfer", "MFERParser", 100_000_000)


def open_mortara(path: Path, options: ImportOptions) -> Recording:
    """Open the XML of a Mortara ELI electrocardiograph.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    check_xml(read_content(MORTARA, path), path.name)
    return open_with(MORTARA, path, options)


def open_kardia(path: Path, options: ImportOptions) -> Recording:
    """Open a recording of AliveCor's Kardia interface; parts are ``rhythm`` and ``enhanced``.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    return open_with(KARDIA, path, options)


def open_mfer(path: Path, options: ImportOptions) -> Recording:
    """Open an MFER file (ISO 22077); parts are ``rhythm`` and ``median beat``.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    return open_with(MFER, path, options)

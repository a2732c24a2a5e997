"""Reads the clinical formats that need nothing but their parser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ecgview.formats.clinical.kit import MEDIAN_LEFT_OUT, Kit, parse_first, read_content
from ecgview.formats.clinical.mfer_size import check_mfer
from ecgview.formats.clinical.recordings import make_recording
from ecgview.formats.clinical.xml_tree import checked_xml, read_tree, write_tree
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

MORTARA = Kit("Mortara XML", "mortara_el250", "MortaraEL250Parser", 8_000_000)
KARDIA = Kit("AliveCor JSON", "alivecor_kardia", "AliveCorKardiaParser", 32_000_000)
MFER = Kit("MFER", "mfer", "MFERParser", 100_000_000)


def _mortara_attempts(path: Path, content: bytes) -> Iterator[tuple[bytes, list[ImportWarning]]]:
    """Give the file, then what can be parsed of it, then without median beats."""
    yield content, []
    root = read_tree(content, path.name)
    yield write_tree(root), []
    for cycle in root.findall("TYPICAL_CYCLE"):
        root.remove(cycle)
    yield write_tree(root), [MEDIAN_LEFT_OUT]


def open_mortara(path: Path, options: ImportOptions) -> Recording:
    """Open the XML of a Mortara ELI electrocardiograph.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    content = read_content(MORTARA, path)
    content = checked_xml(content, path.name)
    parsed = parse_first(MORTARA, path, _mortara_attempts(path, content))
    return make_recording(MORTARA, path, options, parsed)


def open_kardia(path: Path, options: ImportOptions) -> Recording:
    """Open a recording of AliveCor's Kardia interface; parts are ``rhythm`` and ``enhanced``.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    parsed = parse_first(KARDIA, path, [(read_content(KARDIA, path), ())])
    return make_recording(KARDIA, path, options, parsed)


def open_mfer(path: Path, options: ImportOptions) -> Recording:
    """Open an MFER file (ISO 22077); parts are ``rhythm`` and ``median beat``.

    Raises
    ------
    RecordingError
        If it cannot be read, or the options do not fit.
    """
    content = read_content(MFER, path)
    check_mfer(content, path.name)
    return make_recording(MFER, path, options, parse_first(MFER, path, [(content, ())]))

"""Reads Philips' Sierra XML, and cuts off the calibration pulse behind its leads."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.calibration import calibration_start
from ecgview.formats.clinical.kit import MEDIAN_LEFT_OUT, Kit, parse_first
from ecgview.formats.clinical.recordings import make_recording
from ecgview.formats.clinical.signals import Signals
from ecgview.formats.clinical.xli import check_xli
from ecgview.formats.clinical.xml_tree import read_xml, write_tree
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

PHILIPS = Kit("Philips XML", "sierra_xml", "SierraXMLParser")

MAX_LEADS = 100
"""The format knows sets of up to 18."""

_COUNTS = ("numberchannelsallocated", "numberchannelsvalid")
_NEWEST = {"1.03": "1.03", "1.04": "1.04.02"}
"""Versions whose layout is known."""


def cut_calibration_pulse(signals: Signals) -> Signals:
    """Cut off the calibration pulse that every lead ends in, and say so.

    Parameters
    ----------
    signals : Signals
        As in the file.

    Returns
    -------
    Signals
        The same where there is no pulse.
    """
    start = calibration_start(signals.samples, signals.fs_hz)
    if not start:
        return signals
    length_s = (signals.samples.shape[1] - start) / signals.fs_hz
    note = ImportWarning(
        "calibration-pulse",
        f"The last {length_s:.2f} s, the recorder's calibration pulse of 1 mV, are cut off.",
        "They are no ECG.",
    )
    return replace(signals, samples=signals.samples[:, :start], warnings=(*signals.warnings, note))


def _known_version(root: ET.Element) -> list[ImportWarning]:
    """Let a version that is not known pass as the newest that is, and say so."""
    version = root.find("documentinfo/documentversion")
    stated = "" if version is None else (version.text or "").strip()
    newest = next((known for start, known in _NEWEST.items() if stated.startswith(start)), "")
    if version is None or not newest or stated == newest:
        return []
    version.text = newest
    message = f"Version {stated} of the format is read as version {newest}."
    return [ImportWarning("bent-format", message, "Look at the signals.")]


def _attempts(content: bytes, root: ET.Element) -> Iterator[tuple[bytes, list[ImportWarning]]]:
    """Give the file, then with its prolog and version normalised, then without median beats."""
    yield content, []
    for element in root.iter():
        if element.get("dataencoding"):
            element.set("dataencoding", element.get("dataencoding", "").capitalize())
    yield write_tree(root), []
    renamed = copy.deepcopy(root)
    remarks = _known_version(renamed)
    yield write_tree(renamed), remarks
    for parent in list(renamed.iter()):
        for beats in parent.findall("repbeats"):
            parent.remove(beats)
    yield write_tree(renamed), [*remarks, MEDIAN_LEFT_OUT]


def _check_lead_counts(root: ET.Element, name: str) -> None:
    """Refuse numbers of leads that the parser would count up to, however high."""
    stated = [element.text or "" for tag in _COUNTS for element in root.iter(tag)]
    counts: list[float] = [
        len(waveforms.get("leadlabels", "").split()) for waveforms in root.iter("parsedwaveforms")
    ]
    for text in stated:
        with suppress(ValueError):
            counts.append(float(text.replace(",", ".")))
    if max(counts, default=0) > MAX_LEADS:
        raise RecordingError(
            f"{name} announces more than {MAX_LEADS} leads.",
            "The file is damaged; copy or export it again.",
        )


def open_philips(path: Path, options: ImportOptions) -> Recording:
    """Open a Philips Sierra XML file.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm`` and ``median beat``.

    Returns
    -------
    Recording
        Without the calibration pulse.

    Raises
    ------
    RecordingError
        If it cannot be read.
    """
    content, root = read_xml(path, PHILIPS.format_name)
    _check_lead_counts(root, path.name)
    check_xli(root, path.name)
    parsed = parse_first(PHILIPS, path, _attempts(content, root))
    return make_recording(PHILIPS, path, options, parsed, change=cut_calibration_pulse)

"""Reads exports of GE's MUSE, with all rhythms that one holds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from ecgview.formats.asking import choose_part
from ecgview.formats.clinical.kit import MEDIAN_LEFT_OUT, Kit, parse_first
from ecgview.formats.clinical.recordings import make_recording, names_of_parts
from ecgview.formats.clinical.xml_tree import read_xml, write_tree
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

MUSE = Kit("GE MUSE XML", "ge_muse_xml", "GEMuseXMLParser")

_TOTALS = ("LeadByteCountTotal", "LeadSampleCountTotal")


def _kind(waveform: ET.Element) -> str:
    return (waveform.findtext("WaveformType") or "").strip().lower() or "rhythm"


def _rhythms(root: ET.Element) -> list[ET.Element]:
    return [waveform for waveform in root.findall("Waveform") if _kind(waveform) == "rhythm"]


def _keep_one_rhythm(root: ET.Element, number: int) -> None:
    for other, waveform in enumerate(_rhythms(root)):
        if other != number:
            root.remove(waveform)


def _drop_empty_leads(root: ET.Element) -> list[ImportWarning]:
    names = []
    for waveform in root.findall("Waveform"):
        for lead in waveform.findall("LeadData"):
            if not (lead.findtext("WaveFormData") or "").strip():
                names.append((lead.findtext("LeadID") or "?").strip())
                waveform.remove(lead)
    if not names:
        return []
    message = f"{', '.join(dict.fromkeys(names))} of the file hold no samples and are left out."
    return [ImportWarning("empty-leads", message)]


def _pad_samples(root: ET.Element) -> None:
    """Put back the padding of Base64, which some programs leave out."""
    for samples in root.iter("WaveFormData"):
        text = "".join((samples.text or "").split())
        samples.text = text + "=" * (-len(text) % 4)


def _drop_totals(root: ET.Element) -> list[ImportWarning]:
    for lead in root.iter("LeadData"):
        for total in [child for child in lead if child.tag in _TOTALS]:
            lead.remove(total)
    message = "The numbers of samples that the file announces are not those that it holds."
    return [ImportWarning("bent-format", message, "Was the file cut short?")]


def _drop_medians(root: ET.Element) -> list[ImportWarning]:
    for waveform in root.findall("Waveform"):
        if _kind(waveform) != "rhythm":
            root.remove(waveform)
    return [MEDIAN_LEFT_OUT]


def _attempts(
    content: bytes, root: ET.Element, rhythm: int | None
) -> Iterator[tuple[bytes, list[ImportWarning]]]:
    """Give the file or one of its rhythms, then mended, then without median beats."""
    if rhythm is None:
        yield content, []
    else:
        _keep_one_rhythm(root, rhythm)
        yield write_tree(root), []
    remarks = _drop_empty_leads(root)
    _pad_samples(root)
    yield write_tree(root), remarks
    remarks = remarks + _drop_totals(root)
    yield write_tree(root), remarks
    remarks = remarks + _drop_medians(root)
    yield write_tree(root), remarks


def open_muse(path: Path, options: ImportOptions) -> Recording:
    """Open an export of GE's MUSE.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm``, ``rhythm 2`` ... and ``median beat``.

    Returns
    -------
    Recording
        Of the rhythm that was asked for, the first by default.

    Raises
    ------
    RecordingError
        If it cannot be read or has no such part.
    """
    content, root = read_xml(path, MUSE.format_name)
    n_rhythms = len(_rhythms(root))
    if n_rhythms <= 1:
        parsed = parse_first(MUSE, path, _attempts(content, root, None))
        return make_recording(MUSE, path, options, parsed)
    has_median = any(_kind(waveform) == "median" for waveform in root.findall("Waveform"))
    parts = names_of_parts(n_rhythms, has_median=has_median)
    part = choose_part(path, parts, options.part)
    # The median beat, named last, comes with the first.
    rhythm = parts.index(part) % n_rhythms
    parsed = parse_first(MUSE, path, _attempts(content, root, rhythm))
    return make_recording(MUSE, path, options, parsed, parts=parts, part=part)

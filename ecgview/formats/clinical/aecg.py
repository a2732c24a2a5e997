"""Reads HL7's annotated electrocardiogram (aECG), with all series that a file holds."""

from __future__ import annotations

import copy
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from ecgview.formats.asking import choose_part
from ecgview.formats.clinical.kit import MEDIAN_LEFT_OUT, Kit, parse_first
from ecgview.formats.clinical.recordings import make_recording, names_of_parts
from ecgview.formats.clinical.xml_tree import read_xml, write_tree
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

AECG = Kit("HL7 aECG", "hl7_aecg", "HL7aECGParser")

_BEAT = "REPRESENTATIVE_BEAT"
_NUMBERS = ("scale", "origin", "increment", "head")
_DECIMAL_COMMA = re.compile(r"[-+]?\d{1,15},\d{1,15}(?:[eE][-+]?\d{1,2})?")


def _code(element: ET.Element) -> str:
    code = element.find("code")
    return "" if code is None else (code.get("code") or "").strip().upper()


def _is_lead(sequence: ET.Element) -> bool:
    return "_ECG_LEAD_" in _code(sequence)


def _sequence_sets(root: ET.Element) -> list[tuple[ET.Element, ET.Element]]:
    """Give the parts of the rhythm: each series with each of its sets of sequences with leads."""
    return [
        (series, holder)
        for series in root.findall("component/series")
        if _code(series) != _BEAT
        for holder in series.findall("component")
        if any(_is_lead(each) for each in holder.findall("sequenceSet/component/sequence"))
    ]


def _time_of(holder: ET.Element) -> tuple[str, ...]:
    """Give start and interval of a set of sequences."""
    for sequence in holder.findall("sequenceSet/component/sequence"):
        if _code(sequence).startswith("TIME_"):
            elements = [sequence.find("value/head"), sequence.find("value/increment")]
            values = [each.attrib for each in elements if each is not None]
            return tuple(f"{key}={value[key]}" for value in values for key in sorted(value))
    return ()


def _lead_holders(holder: ET.Element) -> list[tuple[str, ET.Element]]:
    """Give the leads of a set of sequences: code, and the element that holds each."""
    return [
        (_code(sequence), each)
        for each in holder.findall("sequenceSet/component")
        if (sequence := each.find("sequence")) is not None and _is_lead(sequence)
    ]


def _merge_sets(root: ET.Element) -> bool:
    """Join sets of other leads over the same time: some programs write one for each lead."""
    merged = False
    first: dict[tuple[int, tuple[str, ...]], ET.Element] = {}
    for series, holder in _sequence_sets(root):
        kept = first.setdefault((id(series), _time_of(holder)), holder)
        known = {code for code, _ in _lead_holders(kept)}
        leads = _lead_holders(holder)
        target = kept.find("sequenceSet")
        if kept is holder or target is None or known & {code for code, _ in leads}:
            continue
        target.extend(each for _, each in leads)
        series.remove(holder)
        merged = True
    return merged


def _has_median(root: ET.Element) -> bool:
    series = [*root.findall("component/series"), *root.iter("derivedSeries")]
    return any(
        (_code(each) == _BEAT or each.tag == "derivedSeries")
        and each.find("component/sequenceSet") is not None
        for each in series
    )


def _keep_one_set(root: ET.Element, number: int) -> None:
    """Leave one set of sequences of the rhythm, and the median beats."""
    kept = _sequence_sets(root)[number]
    for holder in root.findall("component"):
        series = holder.find("series")
        if series is not None and series is not kept[0] and _code(series) != _BEAT:
            root.remove(holder)
    for holder in kept[0].findall("component"):
        if holder is not kept[1] and holder.find("sequenceSet") is not None:
            kept[0].remove(holder)


def _drop_empty_leads(root: ET.Element) -> list[ImportWarning]:
    """Leave out leads without samples, such as those with a nullFlavor."""
    names = []
    for sequence_set in root.iter("sequenceSet"):
        for holder in sequence_set.findall("component"):
            sequence = holder.find("sequence")
            if sequence is None or not _is_lead(sequence):
                continue
            if not (sequence.findtext("value/digits") or "").split():
                names.append(_code(sequence).rpartition("_LEAD_")[2])
                sequence_set.remove(holder)
    if not names:
        return []
    message = f"{', '.join(dict.fromkeys(names))} of the file hold no samples and are left out."
    return [ImportWarning("empty-leads", message)]


def _mend_numbers(root: ET.Element) -> bool:
    """Put decimal commas right, and take the unit off a scale that is no number.

    The parser would take such a scale for 1; without a unit it is asked for.
    """
    mended = False
    for element in root.iter():
        value = (element.get("value") or "").strip()
        if element.tag in _NUMBERS and _DECIMAL_COMMA.fullmatch(value):
            element.set("value", value.replace(",", "."))
            mended = True
        if element.tag == "scale" and "unit" in element.attrib and not _is_scale(element):
            del element.attrib["unit"]
            mended = True
    return mended


def _is_scale(element: ET.Element) -> bool:
    try:
        scale = float(element.get("value") or "")
    except ValueError:
        return False
    return math.isfinite(scale) and scale != 0


def _without_medians(root: ET.Element) -> ET.Element:
    root = copy.deepcopy(root)
    for holder in root.findall("component"):
        if any(_code(series) == _BEAT for series in holder.findall("series")):
            root.remove(holder)
    for series in root.iter("series"):
        for derivation in series.findall("derivation"):
            series.remove(derivation)
    return root


def _attempts(
    content: bytes | None, root: ET.Element, remarks: list[ImportWarning]
) -> Iterator[tuple[bytes, list[ImportWarning]]]:
    """Give the file if nothing was changed, then what was made of it, then without median beats."""
    if content is not None:
        yield content, remarks
    yield write_tree(root), remarks
    yield write_tree(_without_medians(root)), [*remarks, MEDIAN_LEFT_OUT]


def open_aecg(path: Path, options: ImportOptions) -> Recording:
    """Open an annotated electrocardiogram.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm``, ``rhythm 2`` ... and ``median beat``.

    Returns
    -------
    Recording
        Of the series that was asked for, the first by default.

    Raises
    ------
    RecordingError
        If it cannot be read or has no such part.
    """
    content, root = read_xml(path, AECG.format_name)
    remarks = _drop_empty_leads(root)
    is_mended = _mend_numbers(root)
    merged = _merge_sets(root)
    n_rhythms = len(_sequence_sets(root))
    parts = names_of_parts(n_rhythms, has_median=_has_median(root))
    part = choose_part(path, parts, options.part)
    if n_rhythms > 1:
        # The median beat, named last, comes with the first.
        _keep_one_set(root, parts.index(part) % n_rhythms)
    is_changed = n_rhythms > 1 or bool(remarks) or merged or is_mended
    parsed = parse_first(AECG, path, _attempts(None if is_changed else content, root, remarks))
    if n_rhythms <= 1:
        return make_recording(AECG, path, options, parsed)
    return make_recording(AECG, path, options, parsed, parts=parts, part=part)

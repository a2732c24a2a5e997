"""Reads SCP-ECG (EN 1064, ISO 11073-91064), also where a cart bends the standard."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.clinical.kit import Kit, parse_first, read_content
from ecgview.formats.clinical.recordings import make_recording
from ecgview.formats.clinical.scp_coding import CodingError
from ecgview.formats.clinical.scp_mending import Mended, mend
from ecgview.formats.clinical.scp_sections import body, find_sections
from ecgview.formats.options import ImportOptions
from ecgview.recording import ImportWarning, Recording

SCP = Kit("SCP-ECG", "scp_ecg", "SCPECGParser", max_bytes=4_000_000)
"""A lead takes up to 65,535 bytes in rhythm and as many in the reference beat."""

_FINDINGS = (7, 8, 9, 10, 11)
_BEATS = (4, 5)
_PATIENT = (1,)


def _warnings(mended: Mended, without: tuple[int, ...]) -> list[ImportWarning]:
    hint = "The file bends the standard; the signals were read all the same: look at them."
    warnings = [ImportWarning("bent-format", remark, hint) for remark in mended.remarks]
    if mended.unsound:
        sections = ", ".join(map(str, mended.unsound))
        message = f"The checksum does not match in section {sections}."
        hint = "The file was changed after it was written, or is damaged: look at the signals."
        warnings.append(ImportWarning("checksum", message, hint))
    lost = [number for number in without if number in mended.contents]
    if lost:
        message = f"Sections {', '.join(map(str, lost))} cannot be read and are left out."
        warnings.append(
            ImportWarning("bent-format", message, "They hold patient, findings or beats.")
        )
    return warnings


def _is_absurd(content: bytes) -> bool:
    """Tell whether a lead announces more samples than the file has bits: room is made for them."""
    layout = find_sections(content)
    if layout is None or 3 not in layout.sections:
        return False
    definitions = body(content, layout.sections[3])[2:]
    whole = definitions[: len(definitions) // 9 * 9]
    leads = struct.iter_unpack("<IIB", whole)
    return any(last - first > 8 * len(content) for first, last, _ in leads)


def _attempts(path: Path, content: bytes) -> Iterator[tuple[bytes, list[ImportWarning]]]:
    """Give the file, then mended, then without the sections that are no signal."""
    try:
        mended, failure = mend(content), None
    except CodingError as error:
        mended, failure = None, error
    is_absurd = _is_absurd(content)
    if (mended is None or not mended.pretends) and not is_absurd:
        yield content, []
    if failure is not None:
        raise RecordingError(
            f"{path.name} cannot be read as SCP-ECG: {failure}.",
            "The file is damaged, or its maker bends the standard in a way not known here.",
        ) from failure
    if is_absurd:
        raise RecordingError(
            f"{path.name} announces leads of more samples than the file has bits.",
            "The file is damaged; copy or export it again.",
        )
    if mended is None:
        return
    beats = () if mended.subtracts_beats else _BEATS
    for without in ((), _FINDINGS, _FINDINGS + beats, _FINDINGS + beats + _PATIENT):
        yield mended.file(without), _warnings(mended, without)


def open_scp(path: Path, options: ImportOptions) -> Recording:
    """Open an SCP-ECG file.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        What the user says; parts are ``rhythm`` and ``median beat``.

    Returns
    -------
    Recording
        Warns of what was bent straight: displaced or unlisted sections, sample numbers from 0,
        wrong announced lengths, checksums, cut files, bimodal compression.

    Raises
    ------
    RecordingError
        If the samples cannot be had without guessing.
    """
    content = read_content(SCP, path)
    parsed = parse_first(SCP, path, _attempts(path, content))
    return make_recording(SCP, path, options, parsed)

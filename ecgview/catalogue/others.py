"""Data sets other than PTB-XL, and folders that are none: headers tell what there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ecgview.catalogue.entries import Catalogue, Entry
from ecgview.catalogue.tables import files_there, number
from ecgview.engine.layouts import CHALLENGE_TABLE, is_ptb, read_rows
from ecgview.errors import EcgviewError
from ecgview.formats import open_recording
from ecgview.formats.export import names_patient
from ecgview.leads import in_order, normalise_lead_name
from ecgview.recording import Patient

CHALLENGE_2011 = "Challenge 2011"
PTB = "PTB Diagnostic"

_PTB_REASON = re.compile(r"\s*reason for admission\s*:\s*(.*\S)", re.IGNORECASE)
_PERSONAL = re.compile(
    r"[\s<]*(?:(?:patient|subject)[ _-]?(?:name|id|number)|name|id|mrn|date[ _]of[ _]birth"
    r"|birth[ _]?date|dob|physician|address)\b",
    re.IGNORECASE,
)


def read_challenge_2011(folder: Path) -> Catalogue:
    """List set A of the Challenge 2011 with the grades of its recordings.

    Raises
    ------
    DatasetError
        If its table cannot be read.
    """
    rows = [row for row in read_rows(folder / CHALLENGE_TABLE) if row.get("record")]
    paths = [folder / f"set-a/{row['record']}.hea" for row in rows]
    there = files_there(paths)
    entries = tuple(
        Entry(
            name=f"set-a/{row['record']}",
            path=path,
            qualities=tuple(filter(None, (row.get("quality", "").strip(),))),
            is_read=False,
        )
        for row, path in zip(rows, paths, strict=True)
        if path in there
    )
    return Catalogue(folder, CHALLENGE_2011, entries, n_absent=len(rows) - len(entries))


def list_any(folder: Path, paths: Iterable[Path]) -> Catalogue:
    """List the recordings of a folder that is no known data set; only their names are known yet.

    Parameters
    ----------
    folder : Path
        The folder.
    paths : iterable of Path
        The recordings in it and below.
    """
    is_of_ptb = is_ptb(folder)
    entries = []
    for path in sorted(paths):
        inside = path.relative_to(folder)
        name = (inside.with_suffix("") if path.suffix == ".hea" else inside).as_posix()
        patient = inside.parts[0] if is_of_ptb else ""
        entries.append(Entry(name=name, path=path, patient=patient, is_read=False))
    return Catalogue(folder, PTB if is_of_ptb else folder.absolute().name, tuple(entries))


def with_header(entry: Entry) -> Entry:
    """Add to an entry what the header of its file says.

    Parameters
    ----------
    entry : Entry
        What its data set says of it stays.

    Returns
    -------
    Entry
        With a `problem` where the file cannot be read.
    """
    try:
        if entry.path.suffix.lower() == ".hea":
            return _with_wfdb_header(entry)
        recording = open_recording(entry.path)
    except EcgviewError as error:
        return replace(entry, is_read=True, problem=error.message)
    return _with_facts(
        replace(
            entry,
            rate_hz=float(recording.fs_hz),
            duration_s=recording.duration_s,
            leads=recording.leads,
            device=recording.device,
            recorded=recording.started[:10],
        ),
        recording.patient,
        recording.comments,
    )


def _with_wfdb_header(entry: Entry) -> Entry:
    from ecgview.formats.assemble import check_rate
    from ecgview.formats.wfdb.header import read_header

    header = read_header(entry.path)
    fs_hz = check_rate(header.frames_hz, entry.path.name)
    names = (normalise_lead_name(signal.name) for signal in header.signals)
    n_frames = header.n_frames
    return _with_facts(
        replace(
            entry,
            rate_hz=fs_hz,
            duration_s=None if n_frames is None else n_frames / fs_hz,
            leads=in_order(name for name in names if name),
            recorded=header.started[:10],
        ),
        header.patient,
        header.comments,
    )


def _with_facts(entry: Entry, patient: Patient, comments: tuple[str, ...]) -> Entry:
    kept = impersonal(comments, patient)
    reasons = (found[1] for line in kept if (found := _PTB_REASON.match(line)))
    return replace(
        entry,
        is_read=True,
        age=number(patient.age.removesuffix("+").rstrip("yY ")) if patient.age else entry.age,
        sex=patient.sex or entry.sex,
        comments=kept,
        report=entry.report or next(reasons, ""),
    )


def impersonal(comments: tuple[str, ...], patient: Patient) -> tuple[str, ...]:
    """Leave out lines that say whose recording it is, and empty ones.

    Parameters
    ----------
    comments : tuple of str
        Of a file's header.
    patient : Patient
        Whose name, number and date of birth are looked for.
    """
    return tuple(
        line
        for line in comments
        if line.strip()
        and not _PERSONAL.match(line)
        and not names_patient(line, patient)
        and not (patient.birth_date and patient.birth_date in line)
    )

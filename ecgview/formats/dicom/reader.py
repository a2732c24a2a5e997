"""Opens DICOM waveform objects: 12-lead, general and ambulatory ECG, and others with ECG leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.errors import RecordingError
from ecgview.formats.asking import ROWS_SHOWN
from ecgview.formats.assemble import assemble, kind_of
from ecgview.formats.dicom.annotations import marks_of, put_right, read_annotations
from ecgview.formats.dicom.dataset import FORMAT_NAME, quiet_pydicom, read_dataset
from ecgview.formats.dicom.groups import read_groups, text_of
from ecgview.formats.dicom.parts import Part, PartSource, find_parts
from ecgview.formats.dicom.study import acquired_of, device_of, patient_of, started_of
from ecgview.formats.facts import SignalFacts
from ecgview.formats.options import ImportColumn, ImportOptions, ImportPreview, NeedsOptions
from ecgview.formats.units import mv_per_unit
from ecgview.leads import normalise_lead_name, normalise_other_lead
from ecgview.recording import ImportWarning, Recording

if TYPE_CHECKING:
    from pydicom import Dataset


def open_dicom(path: Path, options: ImportOptions) -> Recording:
    """Open a DICOM waveform object.

    Parameters
    ----------
    path : Path
        The file.
    options : ImportOptions
        Which part to open (the rhythm if not given), and corrections.

    Returns
    -------
    Recording
        Of a part; the stored samples are held and scaled when they are read.

    Raises
    ------
    NeedsOptions
        If leads or their unit are not in the file.
    RecordingError
        If it is no waveform, or damaged.
    """
    with quiet_pydicom(path):
        dataset = read_dataset(path)
        class_name = _class_name(dataset)
        if not dataset.get("WaveformSequence"):
            raise _no_waveform(path, class_name)
        groups = read_groups(path, dataset)
        annotations = put_right(read_annotations(dataset), groups)
        patient, device = patient_of(dataset), device_of(dataset)
        acquired = acquired_of(dataset)
    parts = find_parts(groups)
    part = _chosen(path, parts, options.part)
    names = tuple(one.name for one in parts) if len(parts) > 1 else ()
    signals = _numbered([channel.facts for channel in part.channels])
    if not _is_complete(signals, options, is_ecg="ECG" in class_name):
        raise _question(path, part, names, signals, device)
    return assemble(
        path,
        FORMAT_NAME,
        part.fs_hz,
        signals,
        PartSource(part),
        options=options,
        patient=patient,
        comments=dict.fromkeys(one.text for one in annotations if not one.has_time),
        warnings=_warnings(part),
        started=started_of(acquired, part.offset_s),
        device=device,
        parts=names,
        part=part.name if names else "",
        mark_reader=lambda: marks_of(annotations, part, acquired),
    )


def _class_name(dataset: Dataset) -> str:
    """Give the name of the object's class; an unknown UID has itself as its name.

    Empty where it is no UID: what a damaged file holds there may be the patient's name.
    """
    from pydicom.uid import UID

    uid = UID(text_of(dataset, "SOPClassUID"))
    return uid.name if uid.is_valid else ""


def _no_waveform(path: Path, kind: str) -> RecordingError:
    if not kind:
        return RecordingError(
            f"{path.name} holds nothing that DICOM's waveform objects hold.",
            "The file is damaged, incomplete, or another format.",
        )
    hint = "Export the waveform itself, as a DICOM 12-lead ECG object."
    if "Directory" in kind:
        hint = "It lists the files of a disc; open those."
    elif "PDF" in kind or "Image" in kind:
        hint = f"A picture of an ECG has no samples. {hint}"
    return RecordingError(f"{path.name} is a DICOM file of another kind: {kind}.", hint)


def _chosen(path: Path, parts: list[Part], name: str | None) -> Part:
    if name is None:
        return parts[0]
    found = next((part for part in parts if part.name == name.strip().lower()), None)
    if found is None:
        names = ", ".join(part.name for part in parts)
        raise RecordingError(f"{path.name} has no part “{name}”.", f"It has {names}.")
    return found


def _numbered(signals: list[SignalFacts]) -> list[SignalFacts]:
    """Name the channels that have no name by their number."""
    return [
        SignalFacts(signal.name or f"channel {number}", signal.unit, signal.resolution)
        for number, signal in enumerate(signals, start=1)
    ]


def _is_complete(signals: Sequence[SignalFacts], options: ImportOptions, *, is_ecg: bool) -> bool:
    """Tell whether leads and their unit are known, or cannot be asked for: it is no ECG."""
    units = [mv_per_unit(signal.unit) for signal in signals]
    leads = [unit for unit, one in zip(units, signals, strict=True) if _names_a_lead(one.name)]
    if leads:
        return None not in leads or options.unit is not None
    may_be_leads = any(mv_per_unit(one.unit) or not one.unit for one in signals)
    if not (is_ecg and may_be_leads):
        return True
    has_unit = None not in units or options.unit is not None
    return options.leads is not None and has_unit


def _question(
    path: Path, part: Part, names: Sequence[str], signals: Sequence[SignalFacts], device: str
) -> NeedsOptions:
    first = PartSource(part).read(0, ROWS_SHOWN, range(len(signals)))
    preview = ImportPreview(
        path=path,
        format_name=FORMAT_NAME,
        found=f"{len(signals)} channels of {len(part.groups[0].steps)} samples.",
        columns=tuple(ImportColumn(signal.name, unit=signal.unit) for signal in signals),
        first_rows=tuple(tuple(f"{value:.4g}" for value in row) for row in first.T),
        rate_hz=part.fs_hz,
        rate_from="the file",
        parts=tuple(names),
        part=part.name if names else "",
        kind=kind_of(FORMAT_NAME, device, signals),
    )
    return NeedsOptions(preview)


def _names_a_lead(name: str) -> bool:
    return normalise_lead_name(name) is not None or normalise_other_lead(name) is not None


def _warnings(part: Part) -> list[ImportWarning]:
    return [
        ImportWarning(
            "truncated",
            f"The file announces {group.n_announced} samples and ends after {len(group.steps)}.",
            "What is there is shown; copy or export the file again to get the rest.",
        )
        for group in part.groups
        if len(group.steps) < group.n_announced
    ]

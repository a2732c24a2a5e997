"""Opens DICOM waveform objects: 12-lead, general and ambulatory ECG, and others with ECG leads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.errors import RecordingError
from ecgview.formats.asking import ask_what_is_missing, choose_part
from ecgview.formats.assemble import assemble, kind_of
from ecgview.formats.dicom.annotations import marks_of, put_right, read_annotations
from ecgview.formats.dicom.dataset import FORMAT_NAME, quiet_pydicom, read_dataset
from ecgview.formats.dicom.groups import read_groups, text_of
from ecgview.formats.dicom.parts import Part, PartSource, find_parts
from ecgview.formats.dicom.study import acquired_of, device_of, patient_of, started_of
from ecgview.formats.facts import SignalFacts
from ecgview.formats.naming import name_leads
from ecgview.formats.options import ImportOptions
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
    wanted = None if options.part is None else options.part.strip().lower()
    name = choose_part(path, [one.name for one in parts], wanted)
    part = next(one for one in parts if one.name == name)
    names = tuple(one.name for one in parts) if len(parts) > 1 else ()
    signals = _numbered([channel.facts for channel in part.channels])
    source, kind = PartSource(part), kind_of(FORMAT_NAME, device, signals)
    # Of a pressure or a sound it need not be asked which leads they are.
    if "ECG" in class_name or any(name_leads([signal.name for signal in signals])):
        ask_what_is_missing(
            path,
            FORMAT_NAME,
            part.fs_hz,
            signals,
            source,
            options,
            kind=kind,
            parts=names,
            part=name if names else "",
        )
    return assemble(
        path,
        FORMAT_NAME,
        part.fs_hz,
        signals,
        source,
        options=options,
        patient=patient,
        comments=dict.fromkeys(one.text for one in annotations if not one.has_time),
        warnings=_warnings(part),
        started=started_of(acquired, part.offset_s),
        device=device,
        parts=names,
        part=name if names else "",
        kind=kind,
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


def _numbered(signals: list[SignalFacts]) -> list[SignalFacts]:
    """Name the channels that have no name by their number."""
    return [
        SignalFacts(signal.name or f"channel {number}", signal.unit, signal.resolution)
        for number, signal in enumerate(signals, start=1)
    ]


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

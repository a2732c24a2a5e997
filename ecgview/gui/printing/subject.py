"""What is printed, and the words that say what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.formats.anonymous import safe_patient
from ecgview.formats.export import names_patient
from ecgview.gui.viewer.drawing import Layer
from ecgview.gui.viewer.overlays import NO_OVERLAYS, Overlays
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.metrics import Agreement

NAMELESS = "Recording"


@dataclass(frozen=True, eq=False)
class Subject:
    """A recording with what was made of it, ready to be put on paper.

    Attributes
    ----------
    recording : Recording
        Drawn solid.
    reconstruction : Reconstruction or None
        Drawn dashed.
    agreement : Agreement or None
        For the labels.
    card : ModelCard or None
        Of the model that made the reconstruction.
    overlays : Overlays
        Other estimates.
    layers : tuple of Layer
        What lies over the page, such as calipers.
    with_patient : bool
        Whether name, number, birth date and the date of the recording are printed.
    """

    recording: Recording
    reconstruction: Reconstruction | None = None
    agreement: Agreement | None = None
    card: ModelCard | None = None
    overlays: Overlays = NO_OVERLAYS
    layers: tuple[Layer, ...] = ()
    with_patient: bool = False


def title(subject: Subject) -> str:
    """Name the recording: its file's stem, unless that holds the patient's name or number."""
    recording = subject.recording
    if subject.with_patient or not names_patient(recording.name, recording.patient):
        return recording.name
    return NAMELESS


def facts(subject: Subject) -> str:
    """Say what kind of recording it is; sex and age, but nothing else of the patient."""
    recording = subject.recording
    derived = len(recording.derived_leads)
    leads = len(recording.leads) - derived
    counted = f"{leads} lead{'s' if leads != 1 else ''}" + (f" + {derived} derived" * bool(derived))
    patient = safe_patient(recording.patient, recording.started)
    age = f"{patient.age} years" if patient.age[:1].isdigit() and " " not in patient.age else ""
    parts = (
        "simulated" if recording.simulated else "",
        counted,
        f"{recording.fs_hz:g} Hz",
        duration(recording.duration_s),
        recording.format_name,
        recording.part,
        patient.sex,
        age or patient.age,
    )
    return " · ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Write a length of time."""
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def patient_line(subject: Subject) -> str:
    """Say whose it is and when it was recorded; empty unless that was asked for."""
    if not subject.with_patient:
        return ""
    patient, started = subject.recording.patient, subject.recording.started
    parts = (
        patient.name,
        f"ID {patient.identifier}" if patient.identifier else "",
        f"born {patient.birth_date}" if patient.birth_date else "",
        f"recorded {started.replace('T', ' ')}" if started else "",
    )
    return " · ".join(part for part in parts if part)


def model_lines(subject: Subject) -> tuple[str, str]:
    """Say which leads the model was given, and what its leads do not carry."""
    reconstruction = subject.reconstruction
    if reconstruction is None:
        return "recorded leads only", ""
    more = f"; {words}" if (words := reconstruction.calibration_words) else ""
    return (
        f"{given(reconstruction)} · model {reconstruction.model_name}",
        f"reconstructed leads carry nothing above {reconstruction.bandwidth_hz:g} Hz{more}",
    )


def given(reconstruction: Reconstruction) -> str:
    """Name the leads that a reconstruction was made from."""
    if not reconstruction.available:
        return "reconstructed"
    return f"reconstructed from {joined(reconstruction.available)}"


def joined(leads: Sequence[str]) -> str:
    """Write a list of leads as a reader says it."""
    return ", ".join(leads[:-1]) + f" and {leads[-1]}" if len(leads) > 1 else "".join(leads)

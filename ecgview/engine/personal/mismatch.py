"""Signs that a calibration does not fit a recording: said, never a block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ecgview.engine.layouts import NOBODY
from ecgview.engine.personal.beat import qrs_distance, reference_beat
from ecgview.engine.personal.chosen import USUAL_DISTANCES
from ecgview.personal import PersonalCalibration
from ecgview.record_facts import Patient
from ecgview.recording import Recording

Kind = Literal["patient", "order", "shape", "no-beat"]


@dataclass(frozen=True)
class Mismatch:
    """A sign that a calibration is not of this person, or not of these electrodes.

    Attributes
    ----------
    kind : str
        ``patient``: the files name different people; ``order``: the calibration ECG is the later
        one; ``shape``: QRS complexes differ more than those of the same person usually do;
        ``no-beat``: they could not be compared.
    sentence : str
        For people; names nobody.
    """

    kind: Kind
    sentence: str


def mismatches(recording: Recording, personal: PersonalCalibration) -> tuple[Mismatch, ...]:
    """Look for signs that a calibration does not fit a recording.

    Parameters
    ----------
    recording : Recording
        What is to be rebuilt; only the available leads are looked at.
    personal : PersonalCalibration
        What would be applied to it.

    Returns
    -------
    tuple of Mismatch
        Empty where nothing speaks against it.
    """
    if personal.situation == "same":
        return ()
    found: list[Mismatch] = []
    if different_people(recording.patient, personal.patient):
        found.append(
            Mismatch("patient", "The calibration ECG names another patient than this recording.")
        )
    if _is_later(personal.date, recording.started):
        found.append(Mismatch("order", "The calibration ECG is later than this recording."))
    beat_mv = reference_beat(recording, personal.available, personal.fs_hz)
    if not beat_mv.size or not personal.beat_mv.size:
        words = "No QRS complex was found to compare with the calibration ECG."
        return (*found, Mismatch("no-beat", words))
    distance = qrs_distance(beat_mv, personal.beat_mv, personal.fs_hz)
    if distance > usual_distance(len(beat_mv)):
        words = (
            f"{', '.join(personal.available)}: the QRS complexes differ from the calibration "
            "ECG's more than is usual for one person: is it the same person, with the electrodes "
            "in the same places?"
        )
        found.append(Mismatch("shape", words))
    return tuple(found)


def usual_distance(n_leads: int) -> float:
    """How far QRS complexes of one person may be apart, by the number of independent leads."""
    return USUAL_DISTANCES[min(n_leads, len(USUAL_DISTANCES)) - 1]


def different_people(one: Patient, other: Patient) -> bool:
    """Tell whether two files name different patients; False where either says nothing."""
    names = [its.identifier.strip() for its in (one, other)]
    if not any(name.lower() in NOBODY for name in names):
        return names[0] != names[1]
    known = [(one.birth_date, other.birth_date), (one.sex, other.sex)]
    return any(mine and its and mine != its for mine, its in known)


def _is_later(one: str, other: str) -> bool:
    try:
        first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return False
    return first.replace(tzinfo=None) > second.replace(tzinfo=None)

"""The cases of the demo: what differs from a healthy heart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ecgview.simulate.heart import HeartShape
from ecgview.simulate.person import Person, usual_person
from ecgview.simulate.sources import Scar


@dataclass(frozen=True)
class Case:
    """A diagnosis.

    Attributes
    ----------
    title : str
        For people.
    change : callable
        Gives the average person with the diagnosis from the healthy one.
    """

    title: str
    change: Callable[[Person], Person]


def _anterior_infarction(person: Person) -> Person:
    scar = Scar((0.8, 1.8, 3.0), 2.0, border_recovery_s=0.02)
    return replace(person, scar=scar)


def _inferior_infarction(person: Person) -> Person:
    scar = Scar((-0.5, -2.4, 0.5), 2.0, border_recovery_s=0.02)
    return replace(person, scar=scar)


def _left_bundle_branch_block(person: Person) -> Person:
    conduction = replace(person.conduction, left_sites=(), left_speed_cm_s=70)
    return replace(person, conduction=conduction)


def _right_bundle_branch_block(person: Person) -> Person:
    conduction = replace(person.conduction, right_sites=(), right_speed_cm_s=60)
    return replace(person, conduction=conduction)


def _left_ventricular_hypertrophy(person: Person) -> Person:
    shape = HeartShape(lv_radius_cm=3.6, lv_length_cm=6.5, lv_wall_cm=1.4)
    return replace(person, shape=shape)


def _atrial_fibrillation(person: Person) -> Person:
    rhythm = replace(person.rhythm, rr_s=0.72, fibrillation=True)
    return replace(person, rhythm=rhythm)


_CASES = {
    "normal": Case("Normal sinus rhythm", lambda person: person),
    "anterior-infarction": Case("Anterior infarction", _anterior_infarction),
    "inferior-infarction": Case("Inferior infarction", _inferior_infarction),
    "lbbb": Case("Left bundle branch block", _left_bundle_branch_block),
    "rbbb": Case("Right bundle branch block", _right_bundle_branch_block),
    "lvh": Case("Left ventricular hypertrophy", _left_ventricular_hypertrophy),
    "atrial-fibrillation": Case("Atrial fibrillation", _atrial_fibrillation),
}

CASES: dict[str, str] = {name: case.title for name, case in _CASES.items()}
"""Names of the cases and their titles."""


def average_patient(case: str) -> Person:
    """Give the average person with a diagnosis, one of `CASES`."""
    return _CASES[case].change(usual_person())

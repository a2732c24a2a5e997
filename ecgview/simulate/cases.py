"""The cases of the demo: what differs from a healthy heart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ecgview.simulate.heart import HeartShape
from ecgview.simulate.person import Person, usual_person
from ecgview.simulate.sources import Scar, Site
from ecgview.simulate.torso import Torso


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


def _reposed(
    person: Person, shift_cm: Sequence[float], turn_rad: Sequence[float], scale: float = 1.0
) -> Torso:
    """Move, turn and scale the heart: diseased hearts lie otherwise."""
    torso = person.torso
    return replace(
        torso,
        heart_cm=torso.heart_cm + shift_cm,
        turn_rad=torso.turn_rad + turn_rad,
        heart_scale=torso.heart_scale * scale,
    )


def _anterior_infarction(person: Person) -> Person:
    # The scar takes septum and anterior wall, all that points to the right and forwards.
    recovery = replace(
        person.recovery,
        duration_s=0.253,
        sequence=-0.43,
        inner_s=-0.0021,
        right_s=-0.0020,
        gradient_s=(0.0016, -0.0001, -0.0058),
        curve_s=(0.0, -0.0016, 0.0007),
        fall_s=0.0296,
        slope=0.189,
        slope_inner=-0.181,
        slope_gradient=(0.0, 0.0097, 0.0161),
    )
    return replace(
        person,
        torso=_reposed(person, (0.1, 0.7, 0.3), (-0.06, 0.05, -0.19)),
        conduction=replace(person.conduction, muscle_speed_cm_s=34),
        recovery=recovery,
        scar=Scar((2.45, 0.70, 2.45), 2.42, border_recovery_s=0.0144, injury=0.07),
        ventricular_strength=0.65 * person.ventricular_strength,
    )


def _inferior_infarction(person: Person) -> Person:
    # The scar takes the diaphragmatic wall: what points downwards early is lost.
    recovery = replace(
        person.recovery,
        sequence=-0.15,
        inner_s=0.0056,
        right_s=0.0137,
        gradient_s=(0.0036, 0.0009, -0.0052),
        curve_s=(0.0, -0.0025, 0.0005),
        fall_s=0.0331,
        slope=0.316,
        slope_inner=0.002,
        slope_gradient=(0.0, 0.0088, 0.0064),
    )
    return replace(
        person,
        torso=_reposed(person, (-0.8, -0.6, -0.3), (-0.06, 0.01, 0.07)),
        recovery=recovery,
        scar=Scar((0.8, -1.5, 2.1), 2.15, injury=0.05),
    )


def _left_bundle_branch_block(person: Person) -> Person:
    # The wave enters on the right only and crosses septum and left ventricle from muscle to
    # muscle; recovery follows in the same order, so T points away from QRS.
    conduction = replace(
        person.conduction,
        left_sites=(),
        right_sites=(Site((2.78, 1.93, 4.4), 0.0),),
        left_speed_cm_s=64,
        muscle_speed_cm_s=70,
    )
    recovery = replace(
        person.recovery,
        duration_s=0.257,
        sequence=-0.40,
        inner_s=0.0,
        right_s=0.0129,
        gradient_s=(0.0008, 0.0006, -0.0027),
        curve_s=(0.0, -0.0003, 0.0010),
        fall_s=0.0315,
        slope=0.187,
        slope_inner=-0.204,
        slope_gradient=(0.0, 0.0075, -0.0148),
    )
    return replace(
        person,
        torso=_reposed(person, (-0.5, 1.2, 0.1), (-0.08, 0.37, 0.25), 0.95),
        conduction=conduction,
        recovery=recovery,
        ventricular_strength=1.15 * person.ventricular_strength,
        atrial_strength=0.8 * person.atrial_strength,
        pr_s=0.165,
    )


def _right_bundle_branch_block(person: Person) -> Person:
    # The right ventricle is reached last, through the septum.
    septal, anterior, inferior, lateral = person.conduction.left_sites
    conduction = replace(
        person.conduction,
        left_sites=(
            replace(inferior, start_s=0.0),
            Site((1.59, 1.53, -1.41), 0.003),
            replace(septal, start_s=0.008),
            replace(anterior, start_s=0.011),
            replace(lateral, start_s=0.008),
        ),
        right_sites=(),
        right_speed_cm_s=53,
        muscle_speed_cm_s=48,
    )
    recovery = replace(
        person.recovery,
        duration_s=0.279,
        sequence=-0.86,
        inner_s=-0.0074,
        right_s=0.0083,
        gradient_s=(0.0031, -0.0010, -0.0043),
        curve_s=(0.0, -0.0020, 0.0006),
        fall_s=0.0344,
        slope=0.226,
        slope_inner=0.021,
        slope_gradient=(0.0, -0.0047, -0.0022),
    )
    return replace(
        person,
        torso=_reposed(person, (-0.4, 0.2, -1.0), (0.40, 0.21, -0.20)),
        conduction=conduction,
        recovery=recovery,
        atrial_strength=0.7 * person.atrial_strength,
        pr_s=0.165,
    )


def _left_ventricular_hypertrophy(person: Person) -> Person:
    # A thick wall gives high voltage, and recovers in the order in which it was excited: the
    # strain pattern.
    septal, anterior, inferior, lateral = person.conduction.left_sites
    conduction = replace(
        person.conduction,
        left_sites=(
            septal,
            replace(anterior, start_s=0.0118),
            replace(inferior, start_s=0.0061),
            replace(lateral, start_s=0.0160),
        ),
        right_sites=tuple(replace(site, start_s=0.019) for site in person.conduction.right_sites),
        muscle_speed_cm_s=39,
    )
    recovery = replace(
        person.recovery,
        duration_s=0.264,
        sequence=-0.41,
        inner_s=0.0087,
        right_s=0.0076,
        gradient_s=(-0.0009, 0.0006, -0.0013),
        curve_s=(0.0, -0.0010, 0.0001),
        fall_s=0.0372,
        slope=0.354,
        slope_inner=0.102,
        slope_gradient=(0.0, 0.0038, -0.0021),
    )
    return replace(
        person,
        torso=_reposed(person, (0.6, -0.8, 0.6), (0.0, 0.0, -0.15), 0.96),
        shape=HeartShape(lv_radius_cm=3.6, lv_length_cm=6.6, lv_wall_cm=1.3),
        conduction=conduction,
        recovery=recovery,
        ventricular_strength=1.7 * person.ventricular_strength,
    )


def _atrial_fibrillation(person: Person) -> Person:
    # The ventricles are healthy but beat without order.
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

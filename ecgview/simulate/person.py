"""People: the average heart and torso, and how they vary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ecgview.simulate.heart import Array, HeartShape
from ecgview.simulate.rhythm import Rhythm
from ecgview.simulate.sources import Conduction, Place, Recovery, Scar, Site
from ecgview.simulate.torso import Torso, usual_torso

_RAREST = 2.0  # standard deviations


@dataclass(frozen=True)
class Person:
    """Everything that makes one person's electrocardiogram.

    Attributes
    ----------
    torso : Torso
        Places of heart and electrodes.
    shape : HeartShape
        Sizes of the chambers.
    conduction : Conduction
        How the wave spreads.
    recovery : Recovery
        How the muscle recovers.
    rhythm : Rhythm
        When the heart beats.
    scar : Scar or None
        An old infarction.
    ventricular_strength, atrial_strength : float
        Strength of the sources.
    pr_s : float
        From the start of the P wave to the start of the QRS complex.
    breath_cm : ndarray, shape (3,)
        How far a full breath in shifts the heart.
    wander_mv, muscle_noise_mv : float
        Size of what each electrode picks up besides the heart.
    """

    torso: Torso
    shape: HeartShape
    conduction: Conduction
    recovery: Recovery
    rhythm: Rhythm
    scar: Scar | None
    ventricular_strength: float
    atrial_strength: float
    pr_s: float
    breath_cm: Array
    wander_mv: float
    muscle_noise_mv: float


CONDUCTION = Conduction(
    left_sites=(
        Site((2.24, 0.28, 0.68), 0.0),
        Site((-0.25, 1.87, 1.95), 0.005),
        Site((0.60, -1.22, 3.66), 0.005),
        Site((-1.98, 0.25, 1.24), 0.0125),
    ),
    right_sites=(Site((4.50, 1.47, 2.89), 0.011),),
    left_speed_cm_s=107,
    right_speed_cm_s=107,
    muscle_speed_cm_s=42,
    atrial_speed_cm_s=86,
    sinus_node_cm=(3.29, 0.94, -6.16),
)
"""Healthy conduction: the left bundle ends on the septum, the anterior, inferior and lateral
wall, the right bundle at the foot of the anterior papillary muscle."""

RECOVERY = Recovery(
    duration_s=0.266,
    sequence=-0.45,
    inner_s=0.0075,
    right_s=0.003,
    gradient_s=(0.0034, 0.0002, -0.0055),
    curve_s=(0.0, -0.00235, 0.00053),
    rise_s=0.0042,
    fall_s=0.0273,
    skew=1.74,
    slope=0.146,
    slope_inner=-0.083,
    slope_gradient=(0.0, 0.011, -0.001),
    atrial_s=0.160,
    left_atrial_s=-0.001,
)


def usual_person() -> Person:
    """Give the average adult at rest."""
    return Person(
        torso=usual_torso(),
        shape=HeartShape(),
        conduction=CONDUCTION,
        recovery=RECOVERY,
        rhythm=Rhythm(rr_s=0.85, respiration_hz=0.25),
        scar=None,
        ventricular_strength=6.1,
        atrial_strength=2.6,
        pr_s=0.162,
        breath_cm=np.array([0.0, 0.1, -0.35]),
        wander_mv=0.02,
        muscle_noise_mv=0.003,
    )


def vary(person: Person, rng: np.random.Generator) -> Person:
    """Draw a person like another one.

    Parameters
    ----------
    person : Person
        The average of those to draw from.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    Person
        With a torso, heart, conduction, recovery and rhythm of their own.
    """

    def about(value: float, relative: float) -> float:
        return float(value * np.exp(relative * _draw(rng)))

    rhythm = _vary_rhythm(person.rhythm, about, rng)
    return replace(
        person,
        torso=_vary_torso(person.torso, rng),
        conduction=_vary_conduction(person.conduction, about, rng),
        recovery=_vary_recovery(person.recovery, rhythm, about, rng),
        rhythm=rhythm,
        scar=_vary_scar(person.scar, about, rng),
        ventricular_strength=about(person.ventricular_strength, 0.13),
        atrial_strength=about(person.atrial_strength, 0.2),
        pr_s=float(np.clip(about(person.pr_s, 0.07), 0.142, 0.195)),
        wander_mv=about(person.wander_mv, 0.4),
        muscle_noise_mv=about(person.muscle_noise_mv, 0.4),
    )


_About = Callable[[float, float], float]


def _draw(rng: np.random.Generator, *shape: int) -> Array:
    """Draw from a normal distribution without its rarest members."""
    return np.clip(rng.standard_normal(shape), -_RAREST, _RAREST)


def _shifted(place_cm: Place, spread_cm: float, rng: np.random.Generator) -> Place:
    u, v, w = (float(x) for x in place_cm + spread_cm * _draw(rng, 3))
    return (u, v, w)


def _vary_torso(torso: Torso, rng: np.random.Generator) -> Torso:
    """Width, depth and height vary; the heart keeps its place among the ribs but for a little."""
    build = np.exp([0.05, 0.05, 0.06] * _draw(rng, 3))
    jitter_cm = _draw(rng, 9, 3) * [[0.45, 0.2, 0.45]]
    jitter_cm[:3] *= 1.5
    return replace(
        torso,
        heart_cm=torso.heart_cm * build + _draw(rng, 3) * [0.6, 0.35, 0.6],
        turn_rad=torso.turn_rad + _draw(rng, 3) * [0.12, 0.11, 0.12],
        heart_scale=torso.heart_scale * float(np.exp(0.03 * _draw(rng))),
        electrodes_cm=torso.electrodes_cm * build + jitter_cm,
        electrode_gain=torso.electrode_gain * np.exp(0.05 * _draw(rng, 9)),
    )


def _vary_conduction(conduction: Conduction, about: _About, rng: np.random.Generator) -> Conduction:
    def sites(those: tuple[Site, ...]) -> tuple[Site, ...]:
        return tuple(
            Site(
                _shifted(site.place_cm, 0.15, rng),
                site.start_s + 0.0015 * float(_draw(rng)),
            )
            for site in those
        )

    return replace(
        conduction,
        left_sites=sites(conduction.left_sites),
        right_sites=sites(conduction.right_sites),
        left_speed_cm_s=about(conduction.left_speed_cm_s, 0.05),
        right_speed_cm_s=about(conduction.right_speed_cm_s, 0.05),
        muscle_speed_cm_s=about(conduction.muscle_speed_cm_s, 0.04),
        atrial_speed_cm_s=about(conduction.atrial_speed_cm_s, 0.06),
    )


def _vary_recovery(
    recovery: Recovery, rhythm: Rhythm, about: _About, rng: np.random.Generator
) -> Recovery:
    # The action potential follows the cube root of the interval between beats (Fridericia).
    duration_s = recovery.duration_s * float(np.cbrt(rhythm.rr_s / 0.85))
    return replace(
        recovery,
        duration_s=about(duration_s, 0.03),
        inner_s=recovery.inner_s + 0.003 * float(_draw(rng)),
        right_s=recovery.right_s + 0.004 * float(_draw(rng)),
        gradient_s=_shifted(recovery.gradient_s, 0.0004, rng),
        fall_s=about(recovery.fall_s, 0.06),
        slope=about(recovery.slope, 0.15),
        slope_gradient=_shifted(recovery.slope_gradient, 0.002, rng),
    )


def _vary_scar(scar: Scar | None, about: _About, rng: np.random.Generator) -> Scar | None:
    if scar is None:
        return None
    return replace(
        scar,
        place_cm=_shifted(scar.place_cm, 0.15, rng),
        radius_cm=about(scar.radius_cm, 0.04),
        border_recovery_s=about(scar.border_recovery_s, 0.2),
    )


def _vary_rhythm(rhythm: Rhythm, about: _About, rng: np.random.Generator) -> Rhythm:
    first, second = rng.uniform(0, 2 * np.pi, 2)
    return replace(
        rhythm,
        rr_s=about(rhythm.rr_s, 0.1),
        respiration_hz=about(rhythm.respiration_hz, 0.12),
        respiratory_depth=about(rhythm.respiratory_depth, 0.3),
        slow_depth=about(rhythm.slow_depth, 0.3),
        phases=(float(first), float(second)),
    )

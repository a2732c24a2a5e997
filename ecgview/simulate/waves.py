"""Waves on the leads: one beat of the ventricles or the atria, laid along a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecgview.simulate.heart import Array, Patches, atria, ventricles
from ecgview.simulate.person import Person
from ecgview.simulate.sources import (
    Place,
    atrial_activation,
    atrial_potential,
    ventricular_activation,
    ventricular_potential,
)
from ecgview.simulate.torso import lead_field

_STEP_S = 0.001
_BEFORE_S = 0.03
_STRETCH_FROM_S = 0.12


@dataclass(frozen=True, eq=False)
class Wave:
    """What one activation of a chamber looks like.

    Attributes
    ----------
    leads_mv : ndarray, shape (16, samples)
        I, II, V1..V6 with the heart at rest, then what a full breath adds to them; one sample a
        millisecond, the activation begins 30 ms after the first.
    """

    leads_mv: Array

    @property
    def duration_s(self) -> float:
        """Length."""
        return self.leads_mv.shape[1] * _STEP_S


def _wave(person: Person, patches: Patches, potential: Array, strength: float) -> Wave:
    inward = lead_field(person.torso.moved(person.breath_cm), patches)
    outward = lead_field(person.torso.moved(-person.breath_cm), patches)
    seen = np.concatenate([inward + outward, inward - outward]) / 2
    return Wave(strength * seen @ potential)


def _times(end_s: float) -> Array:
    return np.arange(-_BEFORE_S, end_s, _STEP_S)


def ventricular_wave(person: Person) -> Wave:
    """Compute QRS complex and T wave of a person."""
    patches = ventricles(person.shape)
    activation_s = ventricular_activation(patches, person.conduction, person.scar)
    time_s = _times(activation_s.max() + person.recovery.duration_s + 0.2)
    potential = ventricular_potential(patches, activation_s, person.recovery, time_s, person.scar)
    return _wave(person, patches, potential, person.ventricular_strength)


def atrial_wave(person: Person, origin_cm: Place | None = None) -> Wave:
    """Compute the P wave of a person, or a wave from another origin than the sinus node."""
    patches = atria(person.shape)
    origin_cm = origin_cm or person.conduction.sinus_node_cm
    activation_s = atrial_activation(patches, origin_cm, person.conduction.atrial_speed_cm_s)
    time_s = _times(activation_s.max() + person.recovery.atrial_s + 0.15)
    potential = atrial_potential(patches, activation_s, person.recovery, time_s)
    return _wave(person, patches, potential, person.atrial_strength)


def lay(
    leads_mv: Array,
    wave: Wave,
    onset_s: float,
    fs_hz: float,
    *,
    height: float = 1.0,
    stretch: float = 1.0,
) -> None:
    """Add a wave to a recording in place.

    Parameters
    ----------
    leads_mv : ndarray, shape (16, samples)
        As in `Wave`; what falls outside is left out.
    wave : Wave
        What to add.
    onset_s : float
        When the activation begins.
    fs_hz : float
        Rate of `leads_mv`.
    height : float
        Factor on the amplitude.
    stretch : float
        Factor on the time after the QRS complex: a long interval before a beat lengthens its
        recovery.
    """
    end_s = onset_s + _STRETCH_FROM_S + (wave.duration_s - _STRETCH_FROM_S) * stretch
    first = max(int(np.ceil((onset_s - _BEFORE_S) * fs_hz)), 0)
    last = min(int(end_s * fs_hz), leads_mv.shape[1])
    if first >= last:
        return
    since_s = np.arange(first, last) / fs_hz - onset_s
    late = since_s > _STRETCH_FROM_S
    since_s[late] = _STRETCH_FROM_S + (since_s[late] - _STRETCH_FROM_S) / stretch
    position = np.clip((since_s + _BEFORE_S) / _STEP_S, 0, wave.leads_mv.shape[1] - 1.001)
    index = position.astype(int)
    share = position - index
    here, following = wave.leads_mv[:, index], wave.leads_mv[:, index + 1]
    leads_mv[:, first:last] += height * (here + share * (following - here))

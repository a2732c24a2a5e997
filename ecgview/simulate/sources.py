"""What happens in the muscle: where the wave starts, how it runs, how each place recovers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecgview.simulate.heart import Array, Layer, Patches, spread

Place = tuple[float, float, float]

_MIDDLE_CM = np.array([0.0, 0.0, 1.0])
_LEFT_REACH_CM, _RIGHT_REACH_CM, _NODE_REACH_CM = 1.3, 1.8, 1.6
_BORDER_CM = 1.3


@dataclass(frozen=True)
class Site:
    """A place on the inner face where the conduction system meets the muscle.

    Attributes
    ----------
    place_cm : tuple of float
        In the heart frame.
    start_s : float
        Delay after the first site of the chamber.
    """

    place_cm: Place
    start_s: float


@dataclass(frozen=True)
class Conduction:
    """How the wave starts and spreads.

    Attributes
    ----------
    left_sites, right_sites : tuple of Site
        Ends of the left and of the right bundle; none where the bundle is blocked.
    left_speed_cm_s, right_speed_cm_s : float
        Along the inner faces of the ventricles, with the help of the Purkinje network.
    muscle_speed_cm_s, atrial_speed_cm_s : float
        Through muscle alone.
    """

    left_sites: tuple[Site, ...]
    right_sites: tuple[Site, ...]
    left_speed_cm_s: float
    right_speed_cm_s: float
    muscle_speed_cm_s: float
    atrial_speed_cm_s: float
    sinus_node_cm: Place


@dataclass(frozen=True)
class Recovery:
    """Course of the transmembrane potential, as a fraction of its full height.

    Attributes
    ----------
    duration_s : float
        Action potential of the mid ventricle, at a heart rate of 70 per minute.
    sequence : float
        Change of the duration per second of later activation: what is reached late recovers
        sooner after it.
    inner_s, right_s : float
        Longer by so much on the inner face, in the right ventricle.
    gradient_s : tuple of float
        Longer by so much per cm along ``u``, ``v``, ``w``.
    curve_s : tuple of float
        Longer by so much per cm squared, away from the middle along ``u``, ``v``, ``w``.
    rise_s, fall_s : float
        Time constants of upstroke and recovery.
    skew : float
        Above 1 the recovery begins slowly and ends fast.
    slope : float
        Loss of the plateau in the first quarter second.
    slope_inner : float
        More of it on the inner face.
    slope_gradient : tuple of float
        More of it per cm along ``u``, ``v``, ``w``.
    atrial_s, left_atrial_s : float
        Action potential of the right atrium; longer by so much in the left.
    """

    duration_s: float
    sequence: float
    inner_s: float
    right_s: float
    gradient_s: Place
    curve_s: Place
    rise_s: float
    fall_s: float
    skew: float
    slope: float
    slope_inner: float
    slope_gradient: Place
    atrial_s: float
    left_atrial_s: float


@dataclass(frozen=True)
class Scar:
    """Dead muscle and its surroundings.

    Attributes
    ----------
    place_cm : tuple of float
        Its middle, in the heart frame.
    radius_cm : float
        Muscle within is dead.
    border_recovery_s : float
        Change of the action potential of the border.
    injury : float
        Loss of height of the action potential of the border.
    """

    place_cm: Place
    radius_cm: float
    border_recovery_s: float = 0.0
    injury: float = 0.0


def ventricular_activation(
    patches: Patches, conduction: Conduction, scar: Scar | None = None
) -> Array:
    """Compute when the wave reaches each patch of the ventricles.

    Parameters
    ----------
    patches : Patches
        The ventricles.
    conduction : Conduction
        Where the wave starts and how fast it is.
    scar : Scar, optional
        Slows the wave.

    Returns
    -------
    ndarray, shape (patches,)
        Seconds after the first patch.
    """
    speed = np.full(len(patches.layer), conduction.muscle_speed_cm_s)
    speed[patches.on(Layer.LV_ENDO)] = conduction.left_speed_cm_s
    speed[patches.on(Layer.RV_ENDO, Layer.SEPTUM_RIGHT)] = conduction.right_speed_cm_s
    start_s = np.full(len(speed), np.inf)
    for sites, layer, reach_cm in (
        (conduction.left_sites, Layer.LV_ENDO, _LEFT_REACH_CM),
        (conduction.right_sites, Layer.RV_ENDO, _RIGHT_REACH_CM),
    ):
        for site in sites:
            distance_cm = np.linalg.norm(patches.centre_cm - site.place_cm, axis=1)
            reached = patches.on(layer) & (distance_cm < reach_cm)
            arrival_s = np.where(reached, site.start_s + distance_cm / speed, np.inf)
            start_s = np.minimum(start_s, arrival_s)
    if scar is not None:
        speed = speed * (1 - 0.5 * _dead(patches, scar))
    time_s = spread(patches, start_s, speed)
    return time_s - time_s.min()


def atrial_activation(patches: Patches, origin_cm: Place, speed_cm_s: float) -> Array:
    """Compute when a wave from one place, such as the sinus node, reaches each atrial patch.

    Parameters
    ----------
    patches : Patches
        The atria.
    origin_cm : tuple of float
        Where the wave starts.
    speed_cm_s : float
        How fast it is.

    Returns
    -------
    ndarray, shape (patches,)
        Seconds after the first patch.
    """
    distance_cm = np.linalg.norm(patches.centre_cm - origin_cm, axis=1)
    near = distance_cm < max(_NODE_REACH_CM, distance_cm.min() + 0.1)
    start_s = np.where(near, distance_cm / speed_cm_s, np.inf)
    time_s = spread(patches, start_s, np.full(len(start_s), speed_cm_s))
    return time_s - time_s.min()


def ventricular_potential(
    patches: Patches,
    activation_s: Array,
    recovery: Recovery,
    time_s: Array,
    scar: Scar | None = None,
) -> Array:
    """Compute the course of the transmembrane potential of each patch of the ventricles.

    Parameters
    ----------
    patches : Patches
        The ventricles.
    activation_s : ndarray, shape (patches,)
        When the wave reaches each patch.
    recovery : Recovery
        Shape of the action potentials.
    time_s : ndarray, shape (samples,)
        On the same clock as `activation_s`.
    scar : Scar, optional
        Dead muscle has no action potential, its border a changed one.

    Returns
    -------
    ndarray, shape (patches, samples)
        0 at rest, about 1 while excited.
    """
    place_cm = patches.centre_cm - _MIDDLE_CM
    inner = patches.on(Layer.LV_ENDO)
    duration_s = (
        recovery.duration_s
        + recovery.sequence * (activation_s - activation_s.mean())
        + recovery.inner_s * inner
        + recovery.right_s * patches.on(Layer.RV_ENDO, Layer.RV_EPI)
        + place_cm @ recovery.gradient_s
        + place_cm**2 @ recovery.curve_s
    )
    slope = recovery.slope + recovery.slope_inner * inner + place_cm @ recovery.slope_gradient
    height = np.ones(len(inner))
    if scar is not None:
        border = np.exp(-((_from_scar_cm(patches, scar) / _BORDER_CM) ** 2))
        duration_s += scar.border_recovery_s * border
        height -= _dead(patches, scar) + scar.injury * border
    course = _action_potential(
        time_s - activation_s[:, None],
        duration_s[:, None],
        slope[:, None],
        (recovery.rise_s, recovery.fall_s, recovery.skew),
    )
    return height[:, None] * course


def atrial_potential(
    patches: Patches, activation_s: Array, recovery: Recovery, time_s: Array
) -> Array:
    """Compute the transmembrane potential of the atria; see `ventricular_potential`."""
    left = patches.on(Layer.LA).astype(np.float64)
    duration_s = recovery.atrial_s + recovery.left_atrial_s * left
    shape = (recovery.rise_s, 0.03, 1.2)
    since_s = time_s - activation_s[:, None]
    return _action_potential(since_s, duration_s[:, None], 0.1, shape)


def _action_potential(
    since_s: Array, duration_s: Array, slope: Array | float, shape: tuple[float, float, float]
) -> Array:
    """Upstroke, falling plateau and recovery at times since the upstroke."""
    rise_s, fall_s, skew = shape
    # Single precision is plenty, and twice as fast; the exponents stay far below its limit.
    since = since_s.astype(np.float32)
    upstroke = 1 + np.exp(since / -rise_s)
    recovered = 1 + np.exp((since - duration_s.astype(np.float32)) / fall_s)
    plateau = 1 - np.float32(slope) * np.minimum(np.maximum(since, 0) / 0.25, 1.6)
    course: Array = (plateau * recovered**-skew / upstroke).astype(np.float64)
    return course


def _from_scar_cm(patches: Patches, scar: Scar) -> Array:
    return np.linalg.norm(patches.centre_cm - scar.place_cm, axis=1) - scar.radius_cm


def _dead(patches: Patches, scar: Scar) -> Array:
    """Fraction of each patch that is dead."""
    return 1 / (1 + np.exp(_from_scar_cm(patches, scar) / 0.3))

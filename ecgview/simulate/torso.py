"""The torso: where heart and electrodes are, and how a lead sees each patch of the heart.

Body frame, in cm: ``x`` to the patient's left, ``y`` to the front, ``z`` to the head; the origin
lies in the middle of the chest at the height of the fourth intercostal space.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ecgview.simulate.heart import Array, Layer, Patches

ELECTRODES = ("RA", "LA", "LL", "V1", "V2", "V3", "V4", "V5", "V6")

_ELECTRODES_CM = (
    (-13.2, 0.0, 13.4),
    (13.2, 0.0, 13.4),
    (7.0, 0.0, -24.2),
    (-2.8, 11.2, 0.0),
    (2.8, 11.2, 0.0),
    (5.8, 10.6, -2.2),
    (8.6, 9.6, -4.4),
    (12.2, 6.6, -4.6),
    (15.0, 1.6, -4.6),
)
_GAINS = (0.97, 1.03, 1.06, 1.00, 1.30, 1.20, 1.36, 1.20, 1.13)
_MV_PER_UNIT = 0.35


def _leads_from_electrodes() -> Array:
    """Rows: I, II, V1..V6 against Wilson's central terminal; columns: `ELECTRODES`."""
    weights = np.zeros((8, 9))
    weights[0, [1, 0]] = 1, -1
    weights[1, [2, 0]] = 1, -1
    weights[2:, :3] = -1 / 3
    weights[2:, 3:] = np.eye(6)
    return weights


LEADS_FROM_ELECTRODES = _leads_from_electrodes()


def _rotation(angles_rad: Array) -> Array:
    """Turn about ``x``, then ``y``, then ``z``."""
    turn = np.eye(3)
    for axis, angle in enumerate(angles_rad):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        one = np.eye(3)
        one[i, i] = one[j, j] = np.cos(angle)
        one[j, i], one[i, j] = np.sin(angle), -np.sin(angle)
        turn = one @ turn
    return turn


@dataclass(frozen=True, eq=False)
class Torso:
    """Places of heart and electrodes in one person.

    Attributes
    ----------
    heart_cm : ndarray, shape (3,)
        Origin of the heart frame.
    turn_rad : ndarray, shape (3,)
        How the heart is turned from its usual position, about ``x``, ``y`` and ``z``.
    heart_scale : float
        Size of the heart relative to its shape.
    electrodes_cm : ndarray, shape (9, 3)
        Places of `ELECTRODES`. Those of the limbs are where the trunk ends electrically.
    electrode_gain : ndarray, shape (9,)
        What the tissue between heart and electrode makes of the potential.
    boundary_cm : float
        Distance over which the insulating skin turns the falling potential of an unbounded
        medium into the nearly constant one of the far trunk.
    """

    heart_cm: Array
    turn_rad: Array
    heart_scale: float
    electrodes_cm: Array
    electrode_gain: Array
    boundary_cm: float = 9.4

    def moved(self, shift_cm: Array) -> Torso:
        """Shift the heart, as breathing does."""
        return replace(self, heart_cm=self.heart_cm + shift_cm)

    @property
    def heart_axes(self) -> Array:
        """Rows: the directions ``u``, ``v``, ``w`` of the heart frame in the body frame."""
        apex, right = np.array([0.65, 0.5, -0.57]), np.array([-0.62, 0.78, 0.0])
        w = apex / np.linalg.norm(apex)
        u = right - (right @ w) * w
        u /= np.linalg.norm(u)
        return np.stack([u, np.cross(w, u), w]) @ _rotation(self.turn_rad).T


def usual_torso() -> Torso:
    """Give the torso of an average adult."""
    return Torso(
        heart_cm=np.array([3.6, 1.8, -2.7]),
        turn_rad=np.array([-0.04, -0.22, 0.44]),
        heart_scale=1.01,
        electrodes_cm=np.array(_ELECTRODES_CM),
        electrode_gain=np.array(_GAINS),
    )


def lead_field(torso: Torso, patches: Patches) -> Array:
    """Compute what each lead sees of each patch at full transmembrane potential.

    The potential of a dipole in an unbounded medium falls with the square of the distance. On
    the skin it is twice that, and as no current leaves the trunk it stops falling far away: the
    factor ``2 + (distance / boundary)^2`` stands for both.

    Parameters
    ----------
    torso : Torso
        The person.
    patches : Patches
        The ventricles or the atria.

    Returns
    -------
    ndarray, shape (8, patches)
        mV; rows: I, II, V1..V6.
    """
    axes = torso.heart_axes
    centre_cm = torso.heart_cm + torso.heart_scale * patches.centre_cm @ axes
    area_cm2 = torso.heart_scale**2 * patches.area_cm2 @ axes
    path_cm = torso.electrodes_cm[:, None] - centre_cm
    distance2 = (path_cm**2).sum(axis=-1)
    # Current flows from the excited side to the resting one: against the outward normal.
    seen = -np.einsum("epx,px->ep", path_cm, area_cm2) / distance2**1.5
    seen *= 2 + distance2 / torso.boundary_cm**2
    seen *= _MV_PER_UNIT * torso.electrode_gain[:, None]
    _close(seen, patches)
    return LEADS_FROM_ELECTRODES @ seen


def _close(seen: Array, patches: Patches) -> None:
    """Take out what is left of a wall excited all over: a closed surface is not seen at all."""
    size = np.linalg.norm(patches.area_cm2, axis=1)
    wall = np.maximum(patches.layer, Layer.RV_EPI)  # the ventricles are one wall, the atria two
    for each in np.unique(wall):
        of_wall = wall == each
        excess = seen[:, of_wall].sum(axis=1, keepdims=True) / size[of_wall].sum()
        seen[:, of_wall] -= excess * size[of_wall]

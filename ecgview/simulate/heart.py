"""The heart: closed muscle walls cut into patches, and the path a wave takes over them.

A uniformly polarised wall looks from outside like dipoles along the normals of its surface, each
as strong as the transmembrane potential there (the equivalent double layer). So a heart is a
few hundred dipole patches on the inner and outer faces of four chambers; while a wave crosses a
wall the two faces differ, and only then is anything seen outside.

Heart frame, in cm: ``u`` from the septum to the right ventricle, ``v`` towards the anterior
wall, ``w`` from base to apex; the origin lies in the left ventricle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NEIGHBOURS = 20
_SPACING_CM = 0.75
_BASE_CM = -2.1
_RV_HALF_AXES_CM = np.array([3.3, 3.9, 5.6])
_RV_CENTRE_CM = (2.3, 0.4, -0.2)
_UNREACHED_S = 9.0


class Layer(IntEnum):
    """Faces of the chambers' walls."""

    LV_ENDO = 0
    LV_EPI = 1
    SEPTUM_RIGHT = 2
    RV_ENDO = 3
    RV_EPI = 4
    RA = 5
    LA = 6


@dataclass(frozen=True)
class HeartShape:
    """Sizes of the chambers in cm.

    Attributes
    ----------
    lv_radius_cm, lv_length_cm : float
        Outer half axes of the left ventricle, across and along.
    lv_wall_cm, rv_wall_cm, atrial_wall_cm : float
        Wall thicknesses.
    """

    lv_radius_cm: float = 3.3
    lv_length_cm: float = 6.2
    lv_wall_cm: float = 1.0
    rv_wall_cm: float = 0.4
    atrial_wall_cm: float = 0.25


@dataclass(frozen=True, eq=False)
class Patches:
    """Pieces of the walls.

    Attributes
    ----------
    centre_cm : ndarray, shape (patches, 3)
        Places in the heart frame.
    area_cm2 : ndarray, shape (patches, 3)
        Area times the normal out of the muscle.
    layer : ndarray, shape (patches,)
        A `Layer` each.
    neighbour : ndarray, shape (patches, k)
        Indices of the patches a wave can pass to.
    distance_cm : ndarray, shape (patches, k)
        How far they are.
    """

    centre_cm: Array
    area_cm2: Array
    layer: NDArray[np.int_]
    neighbour: NDArray[np.intp]
    distance_cm: Array

    def on(self, *layers: Layer) -> Mask:
        """Tell which patches lie on some layers."""
        return np.isin(self.layer, layers)


class Face(NamedTuple):
    """Patches of one face: centres and areas times outward normals, both (patches, 3)."""

    centre_cm: Array
    area_cm2: Array

    @property
    def flipped(self) -> Face:
        """Turn the normals round."""
        return Face(self.centre_cm, -self.area_cm2)

    def part(self, keep: Mask) -> Face:
        """Keep some of the patches."""
        return Face(self.centre_cm[keep], self.area_cm2[keep])


def _ellipsoid(
    half_axes_cm: Array | Sequence[float],
    centre_cm: Sequence[float] = (0, 0, 0),
    base_cm: float = -np.inf,
) -> Face:
    """Cut the part of an ellipsoid beyond the plane ``w = base`` into rings of patches."""
    a, b, c = half_axes_cm
    first = np.arccos(np.clip((centre_cm[2] - base_cm) / c, -1, 1))
    rings = round((np.pi - first) * (a + b + c) / 3 / _SPACING_CM)
    step = (np.pi - first) / rings
    polar = first + step * (np.arange(rings) + 0.5)
    spokes = np.rint(np.pi * (a + b) * np.sin(polar) / _SPACING_CM).astype(int).clip(5)
    around = np.concatenate([2 * np.pi * (np.arange(n) + 0.5) / n for n in spokes])
    polar, width = np.repeat(polar, spokes), np.repeat(2 * np.pi / spokes, spokes)
    unit = np.stack(
        [np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), -np.cos(polar)], axis=1
    )
    area = unit * [b * c, a * c, a * b] * (np.sin(polar) * step * width)[:, None]
    return Face(unit * [a, b, c] + centre_cm, area)


def _rim(shape: HeartShape) -> Face:
    """Cut the ring that closes the left ventricular wall at its base into patches."""

    def radius(radius_cm: float, length_cm: float) -> float:
        return float(radius_cm * np.sqrt(1 - (_BASE_CM / length_cm) ** 2))

    wall, spokes = shape.lv_wall_cm, 24
    outer = radius(shape.lv_radius_cm, shape.lv_length_cm)
    inner = radius(shape.lv_radius_cm - wall, shape.lv_length_cm - wall)
    around = 2 * np.pi * (np.arange(spokes) + 0.5) / spokes
    middle = (outer + inner) / 2
    centre = np.stack(
        [middle * np.cos(around), middle * np.sin(around), np.full(spokes, _BASE_CM)], axis=1
    )
    return Face(centre, np.tile([0.0, 0.0, -np.pi * (outer**2 - inner**2) / spokes], (spokes, 1)))


@lru_cache(maxsize=32)
def ventricles(shape: HeartShape) -> Patches:
    """Cut the walls of the ventricles into patches: half an ellipsoid, and a pouch on its right."""
    outer = _ellipsoid(
        (shape.lv_radius_cm, shape.lv_radius_cm, shape.lv_length_cm), base_cm=_BASE_CM
    )
    inner_radius = shape.lv_radius_cm - shape.lv_wall_cm
    inner = _ellipsoid(
        (inner_radius, inner_radius, shape.lv_length_cm - shape.lv_wall_cm), base_cm=_BASE_CM
    )
    pouch = _ellipsoid(_RV_HALF_AXES_CM, _RV_CENTRE_CM, _BASE_CM)
    lining = _ellipsoid(_RV_HALF_AXES_CM - shape.rv_wall_cm, _RV_CENTRE_CM, _BASE_CM)
    septal = _within(outer.centre_cm, _RV_HALF_AXES_CM, _RV_CENTRE_CM)
    lv_axes = 1.03 * np.array([shape.lv_radius_cm, shape.lv_radius_cm, shape.lv_length_cm])
    return _join(
        [
            (inner.flipped, Layer.LV_ENDO),
            (outer.part(~septal), Layer.LV_EPI),
            (outer.part(septal), Layer.SEPTUM_RIGHT),
            (_rim(shape), Layer.LV_EPI),
            (pouch.part(~_within(pouch.centre_cm, lv_axes)), Layer.RV_EPI),
            (lining.part(~_within(lining.centre_cm, lv_axes)).flipped, Layer.RV_ENDO),
        ]
    )


@lru_cache(maxsize=4)
def atria(shape: HeartShape) -> Patches:
    """Cut the walls of the atria into patches: two thin bubbles above the valve plane."""
    faces = []
    for layer, centre, half_axes in (
        (Layer.RA, (2.3, -0.4, -4.4), np.array([1.9, 2.2, 2.1])),
        (Layer.LA, (-1.2, -0.2, -4.3), np.array([1.9, 2.2, 1.9])),
    ):
        faces.append((_ellipsoid(half_axes, centre), layer))
        faces.append((_ellipsoid(half_axes - shape.atrial_wall_cm, centre).flipped, layer))
    return _join(faces)


def _within(points_cm: Array, half_axes_cm: Array, centre_cm: Sequence[float] = (0, 0, 0)) -> Mask:
    return (((points_cm - centre_cm) / half_axes_cm) ** 2).sum(axis=1) < 1


def _join(faces: list[tuple[Face, Layer]]) -> Patches:
    centre = np.concatenate([face.centre_cm for face, _ in faces])
    area = np.concatenate([face.area_cm2 for face, _ in faces])
    layer = np.concatenate([np.full(len(face.centre_cm), int(layer)) for face, layer in faces])
    return Patches(centre, area, layer, *_links(centre))


def _links(centre_cm: Array) -> tuple[NDArray[np.intp], Array]:
    """Nearest neighbours of each patch and how far they are."""
    squared = (centre_cm**2).sum(axis=1)
    distance2 = squared[:, None] + squared - 2 * centre_cm @ centre_cm.T
    neighbour = np.argpartition(distance2, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    distance = np.sqrt(np.maximum(np.take_along_axis(distance2, neighbour, axis=1), 0))
    return neighbour, distance


def spread(patches: Patches, start_s: Array, speed_cm_s: Array) -> Array:
    """Let a wave run from where it starts to every patch.

    Parameters
    ----------
    patches : Patches
        The heart.
    start_s : ndarray, shape (patches,)
        When something other than a neighbour (the conduction system) sets a patch off; infinite
        where nothing does.
    speed_cm_s : ndarray, shape (patches,)
        Speed of the wave at each patch; a link takes the slower of its two ends.

    Returns
    -------
    ndarray, shape (patches,)
        Activation times: the first arrival over all paths.
    """
    slowness = 1 / speed_cm_s
    delay = patches.distance_cm * np.maximum(slowness[patches.neighbour], slowness[:, None])
    time = np.minimum(start_s, _UNREACHED_S)
    while True:
        earlier = np.minimum(time, (time[patches.neighbour] + delay).min(axis=1))
        if np.array_equal(earlier, time):
            return time
        time = earlier

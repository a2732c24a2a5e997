"""Where the names of points stand, so that they lie neither over points nor over each other."""

from __future__ import annotations

from collections.abc import Sequence

_WIDE_EM, _HIGH_EM = 0.6, 1.02
_GAP_EM = 0.17

Box = tuple[float, float, float, float]
Place = tuple[float, float]


def placed(
    points: Sequence[Place], names: Sequence[str], em: float, radius: float, room: Place
) -> list[Place | None]:
    """Place the names of points beside them.

    Parameters
    ----------
    points : sequence of tuple of float
        Where the points are, from the lower left corner, in any unit of length.
    names : sequence of str
        One for each.
    em : float
        Size of the type.
    radius : float
        Of a point.
    room : tuple of float
        Width and height of what the names must stay within.

    Returns
    -------
    list of tuple of float or None
        Lower left corner of each name; None where there is no room for it.
    """
    taken: list[Box] = [(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    places: list[Place | None] = []
    for (x, y), name in zip(points, names, strict=True):
        size = len(name) * em * _WIDE_EM, em * _HIGH_EM
        around = _around(x, y, size, radius, em * _GAP_EM)
        box = next((one for one in around if _is_free(one, taken, room)), None)
        places.append(None if box is None else box[:2])
        if box is not None:
            taken.append(box)
    return places


def _around(x: float, y: float, size: Place, radius: float, gap: float) -> list[Box]:
    """Give the eight places around a point, the best first, and then eight farther out."""
    wide, high = size
    boxes = []
    for away in (radius + gap, 2.2 * radius + gap):
        right, left, middle = x + away, x - away - wide, x - wide / 2
        over, under, level = y + away, y - away - high, y - high / 2
        corners = [
            (right, level), (left, level), (middle, over), (middle, under),
            (right, over), (left, over), (right, under), (left, under),
        ]  # fmt: skip
        boxes += [(a, b, a + wide, b + high) for a, b in corners]
    return boxes


def _is_free(box: Box, taken: Sequence[Box], room: Place) -> bool:
    inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in taken
    )

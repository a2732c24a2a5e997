"""Where the names of points stand, so that they lie neither over points nor over each other."""

from __future__ import annotations

from collections.abc import Sequence

_EM_MM_PER_PT = 0.21
_HIGH_MM_PER_PT = 0.36
_POINT_MM = 0.9
_GAP_MM = 0.35

Box = tuple[float, float, float, float]


def placed(
    points_mm: Sequence[tuple[float, float]],
    names: Sequence[str],
    size_pt: float,
    room_mm: tuple[float, float],
) -> list[tuple[float, float] | None]:
    """Place the names of points beside them.

    Parameters
    ----------
    points_mm : sequence of tuple of float
        Where the points are, from the lower left corner.
    names : sequence of str
        One for each.
    size_pt : float
        Of the type.
    room_mm : tuple of float
        Width and height of what the names must stay within.

    Returns
    -------
    list of tuple of float or None
        Lower left corner of each name; None where there is no room for it.
    """
    taken: list[Box] = [
        (x - _POINT_MM, y - _POINT_MM, x + _POINT_MM, y + _POINT_MM) for x, y in points_mm
    ]
    places: list[tuple[float, float] | None] = []
    for (x, y), name in zip(points_mm, names, strict=True):
        size = len(name) * size_pt * _EM_MM_PER_PT, size_pt * _HIGH_MM_PER_PT
        free = (box for box in _around(x, y, size) if _is_free(box, taken, room_mm))
        box = next(free, None)
        places.append(None if box is None else box[:2])
        if box is not None:
            taken.append(box)
    return places


def _around(x: float, y: float, size: tuple[float, float]) -> list[Box]:
    """Give the eight places around a point, the best first, and then eight farther out."""
    wide, high = size
    boxes = []
    for away in (_POINT_MM + _GAP_MM, 2.2 * _POINT_MM + _GAP_MM):
        right, left, middle = x + away, x - away - wide, x - wide / 2
        over, under, level = y + away, y - away - high, y - high / 2
        corners = [
            (right, level), (left, level), (middle, over), (middle, under),
            (right, over), (left, over), (right, under), (left, under),
        ]  # fmt: skip
        boxes += [(a, b, a + wide, b + high) for a, b in corners]
    return boxes


def _is_free(box: Box, taken: Sequence[Box], room_mm: tuple[float, float]) -> bool:
    inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room_mm[0] and box[3] <= room_mm[1]
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in taken
    )

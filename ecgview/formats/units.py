"""Units of voltage as they stand in files, and what they are in millivolts."""

from __future__ import annotations

import re
from functools import lru_cache

_MV_PER_UNIT = {
    "mv": 1.0,
    "uv": 1e-3,
    "µv": 1e-3,  # micro sign
    "μv": 1e-3,  # Greek mu
    "v": 1e3,
    "nv": 1e-6,
    "millivolt": 1.0,
    "microvolt": 1e-3,
    "volt": 1e3,
    "nanovolt": 1e-6,
}
_COUNTS_PER_UNIT = re.compile(r"(?P<counts>\d+\.?\d*|\.\d+)\s*/\s*(?P<unit>\S+)")


@lru_cache(maxsize=256)
def mv_per_unit(unit: str) -> float | None:
    """Give the size of a unit in millivolts.

    Parameters
    ----------
    unit : str
        ``mV``, ``uV``, ``µV``, ``V``, ``nV`` in any case, their names in full, or a gain such as
        ``200/mV`` for samples in converter steps.

    Returns
    -------
    float or None
        None where it is not a unit of voltage.
    """
    spelling = unit.strip().lower()
    if gain := _COUNTS_PER_UNIT.fullmatch(spelling):
        size, counts = mv_per_unit(gain["unit"]), float(gain["counts"])
        return size / counts if size is not None and counts > 0 else None
    return _MV_PER_UNIT.get(spelling, _MV_PER_UNIT.get(spelling.removesuffix("s")))

"""What validation chose: how much to shrink, how far the interval may narrow, when to wonder.

All of it comes from ``ecgview study personal`` on folds 1-8 of PTB-XL, with networks that had not
seen the patient.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecgview.personal import Situation

SHRINKAGES: Mapping[Situation, float] = {"earlier": 0.7, "same": 0.03}
"""See `ecgview.engine.personal.least_squares.shrunken`."""

INTERVAL_FACTORS: Mapping[Situation, float] = {"earlier": 1.0, "same": 1.0}
"""The interval of a calibrated reconstruction, as a share of that of the model."""

USUAL_DISTANCES: tuple[float, ...] = (0.29, 0.27, 0.19, 0.14)
"""By the number of independent available leads, the last for four and more: nine in ten pairs of
recordings of the same person have QRS complexes that are no further apart."""

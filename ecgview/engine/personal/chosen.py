"""What validation chose: how much to shrink, how far the interval may narrow, when to wonder.

From ``ecgview study personal`` on folds 1-8 of PTB-XL, with networks that had not seen the patient.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecgview.personal import Situation

SHRINKAGES: Mapping[Situation, float] = {"earlier": 0.35, "same": 0.01}
"""See `ecgview.engine.personal.least_squares.shrunken`. From the same recording 0 and 0.01 tie; the
larger one holds where the stretch is less like the rest."""

INTERVAL_FACTORS: Mapping[Situation, float] = {"earlier": 1.0, "same": 0.75}
"""The interval of a calibrated reconstruction, as a share of that of the model.

With which nine in ten samples still lie inside, in each of the eight presets, on folds 1-8. From
an earlier ECG the upper end over people is above 1: it stays. From the same recording upper ends go
up to 0.75, from first to second halves."""

NARROWED_S = 20.0
"""In longer recordings the interval stays as it was: a stretch was tried on the five seconds after
it, which says nothing of an hour later."""

USUAL_DISTANCES: tuple[float, ...] = (0.33, 0.24, 0.22, 0.20)
"""By the number of independent available leads, the last for four and more: about nine in ten pairs
of recordings of the same person have QRS complexes that are no further apart."""

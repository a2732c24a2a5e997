"""The electrocardiogram that every sample file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from beats import twelve_lead_array

from ecgview.leads import LEADS

FS_HZ = 500
STARTED = "2010-06-07T08:09:10"
IDENTIFIER, FIRST_NAME, LAST_NAME = "P-4711", "Ada", "Example"
BIRTH_DATE, AGE, SEX = "1950-02-03", 60, "female"
BEATS = (100, 500, 900)
"""Samples at which the annotated samples mark a beat."""


@dataclass(frozen=True, eq=False)
class Ecg:
    """Twelve leads in whole microvolts; each limb lead is what I and II say, rounded."""

    steps_uv: np.ndarray

    @property
    def n_samples(self) -> int:
        return self.steps_uv.shape[1]

    @property
    def signals_mv(self) -> np.ndarray:
        return self.steps_uv / 1000

    def rows_mv(self, leads: Sequence[str]) -> np.ndarray:
        return np.array([self.lead_uv(lead) for lead in leads]) / 1000

    def lead_uv(self, lead: str) -> np.ndarray:
        return self.steps_uv[LEADS.index(lead)]


def make_ecg(n_samples: int = 2000) -> Ecg:
    steps_uv = np.rint(1000 * twelve_lead_array(FS_HZ, n_samples / FS_HZ)).astype(np.int16)
    one, two = steps_uv[0].astype(int), steps_uv[1].astype(int)
    limb_uv = np.rint([two - one, -(one + two) / 2, one - two / 2, two - one / 2])
    steps_uv[2:6] = limb_uv
    return Ecg(steps_uv)

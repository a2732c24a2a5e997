"""The twelve leads put together from what is measured and what a model estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgview.leads import (
    INDEPENDENT_LEADS,
    LEAD_INDEX,
    LEADS,
    LIMB_FROM_I_II,
    LIMB_LEADS,
    Origin,
    complete_limb_leads,
)
from ecgview.recording import Recording

_I_II = [0, 1]


class Assembler:
    """Puts the twelve leads of stretches of a recording together.

    Parameters
    ----------
    recording : Recording
        What is measured.
    available : tuple of str
        Leads that the model was given: they come out bit for bit.
    origins : mapping of str to Origin
        Of each of the twelve leads.
    wanted : sequence of int
        Which of the independent leads are estimated, by their places among `INDEPENDENT_LEADS`.
    """

    def __init__(
        self,
        recording: Recording,
        available: tuple[str, ...],
        origins: Mapping[str, Origin],
        wanted: Sequence[int],
    ) -> None:
        self._recording, self._available = recording, available
        self._rows = [LEAD_INDEX[lead] for lead in available]
        self._targets = [LEAD_INDEX[INDEPENDENT_LEADS[row]] for row in wanted]
        self._measured_limb = [lead for lead in available if lead in LIMB_LEADS]
        self._estimated = np.array([origin is Origin.RECONSTRUCTED for origin in origins.values()])

    def twelve(self, start: int, stop: int, estimate: NDArray[np.float32]) -> NDArray[np.float32]:
        """Put samples ``[start, stop)`` together.

        Parameters
        ----------
        start, stop : int
            Samples of the recording.
        estimate : ndarray, shape (wanted, stop - start)
            The estimated independent leads at the recording's rate, in mV.

        Returns
        -------
        ndarray, shape (12, stop - start)
            In mV; estimates are NaN where an available lead has a gap.
        """
        twelve = np.zeros((len(LEADS), stop - start), dtype=np.float32)
        twelve[self._rows] = self._recording.read(self._available, start, stop)
        gap = np.isnan(twelve[self._rows]).any(axis=0)
        twelve = complete_limb_leads(twelve, self._available).astype(np.float32, copy=False)
        if self._targets:
            twelve[self._targets] = estimate
            self._finish_limb_leads(twelve)
            twelve[self._estimated[:, None] & gap] = np.nan
        return twelve

    def _finish_limb_leads(self, twelve: NDArray[np.float32]) -> None:
        """Make estimated limb leads obey the identities and the one measured limb lead, if any."""
        measured = self._measured_limb
        if len(measured) > 1:
            return
        for lead in measured:
            weights = LIMB_FROM_I_II[LEAD_INDEX[lead]].astype(np.float32)
            miss = twelve[LEAD_INDEX[lead]] - weights @ twelve[_I_II]
            twelve[_I_II] += np.outer(weights / (weights @ weights), miss)
        limb = LIMB_FROM_I_II.astype(np.float32) @ twelve[_I_II]
        for lead in LIMB_LEADS:
            if lead not in measured:
                twelve[LEAD_INDEX[lead]] = limb[LEAD_INDEX[lead]]

"""Faults made by us in a recording, and what signs say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.signs.find import SAMPLES, Network, fits_of
from ecgview.engine.signs.judging import Judgement, changed_by, judge
from ecgview.engine.signs.leave_one_out import LIMB_PAIR, LeadFits, basis
from ecgview.engine.signs.mistakes import Mistake, testable
from ecgview.engine.signs.sign import GAIN
from ecgview.engine.signs.standards import Standards
from ecgview.engine.signs.stretches import Stretch
from ecgview.engine.signs.words import judgement_signs
from ecgview.leads import LEAD_INDEX, LEADS, LIMB_FROM_I_II

FACTOR = 4.0
GAIN_FAULT = f"one lead {FACTOR:g} times as large"

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Made:
    """A fault, and the signs raised of it.

    Attributes
    ----------
    fault, kind : str
        The mistake and its kind; no kind for a wrong gain.
    codes : frozenset of str
        Signs raised.
    is_named : bool
        Whether one named the fault.
    """

    fault: str
    kind: str
    codes: frozenset[str]
    is_named: bool


class _Remembering:
    """Leaves leads out of one stretch, each change of it once."""

    def __init__(self, model: Network, stretch: Stretch, available: Sequence[str]) -> None:
        self._model, self._available = model, available
        self._signals_mv = stretch.clean_mv[None, :, :SAMPLES]
        self._leads = basis(available)
        self._known: dict[bytes, LeadFits] = {}

    def fits(self, changes: Sequence[Matrix]) -> list[LeadFits]:
        """Give the fits of each change; equal ones are computed once."""
        keys = [_key(change, self._leads) for change in changes]
        new = [place for place, key in enumerate(keys) if key not in self._known]
        if new:
            found = fits_of(
                self._model, self._signals_mv, self._available, [changes[one] for one in new]
            )
            self._known.update({keys[place]: fits for place, fits in zip(new, found, strict=True)})
        return [self._known[key] for key in keys]


def _key(change: Matrix, leads: Sequence[str]) -> bytes:
    """Name what a change does to leads that obey the identities."""
    rows = change[[LEAD_INDEX[lead] for lead in leads]]
    if set(LIMB_PAIR) <= set(leads):
        rows = np.concatenate([rows[:, :6] @ LIMB_FROM_I_II, rows[:, 6:]], axis=1)
    return (np.round(rows, 3) + 0.0).astype(np.float32).tobytes()


def _completed(change: Matrix, leads: Sequence[str]) -> Matrix:
    """Let the limb leads follow from I and II, where these are known."""
    if not set(LIMB_PAIR) <= set(leads):
        return change
    change = change.copy()
    change[:6] = LIMB_FROM_I_II.astype(np.float32) @ change[:2]
    return change


def make_faults(
    model: Network, stretch: Stretch, available: Sequence[str], standards: Standards
) -> Iterator[Made]:
    """Make each mistake that shows in some leads, and a wrong gain, and look for signs.

    Parameters
    ----------
    model : Network
        In evaluation mode.
    stretch : Stretch
        Without a fault, as far as is known.
    available : sequence of str
        What is known.
    standards : Standards
        The model's.

    Yields
    ------
    Made
        One a fault.
    """
    leads, remembering = basis(available), _Remembering(model, stretch, available)
    cut_mv = stretch.clean_mv[:, :SAMPLES].astype(np.float64)
    products = cut_mv @ cut_mv.T / cut_mv.shape[1]

    def judged(fault: Matrix) -> Judgement:
        def fit(changes: Sequence[Matrix]) -> list[LeadFits]:
            return remembering.fits([change @ fault for change in changes])

        return judge(fit, fault @ products @ fault.T, available, standards)

    every = testable(available)
    for mistake in every:
        undone = changed_by(mistake, leads)
        # Its inverse makes it; limb leads may follow from I and II, so that it need not have one.
        judgement = judged(_completed(np.linalg.pinv(undone).astype(np.float32), leads))
        signs = list(judgement_signs(judgement, standards, available))
        found = judgement.mistake
        yield Made(
            mistake.key,
            mistake.kind,
            frozenset(sign.code for sign in signs),
            found is not None and _is_the_same(found, mistake, leads),
        )
    larger = np.eye(len(LEADS), dtype=np.float32)
    lead = leads[int(1000 * stretch.clean_mv[LEAD_INDEX[leads[0]]].std()) % len(leads)]
    larger[LEAD_INDEX[lead], LEAD_INDEX[lead]] = FACTOR
    judgement = judged(_completed(larger, leads))
    signs = list(judgement_signs(judgement, standards, available))
    codes = frozenset(sign.code for sign in signs)
    is_named = GAIN in codes and lead in judgement.factors
    yield Made(GAIN_FAULT, "", codes, is_named)


def _is_the_same(one: Mistake, other: Mistake, leads: Sequence[str]) -> bool:
    """Tell whether two mistakes do the same to the leads looked at."""
    return _key(changed_by(one, leads), leads) == _key(changed_by(other, leads), leads)

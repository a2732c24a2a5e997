"""Signs of exchanged electrodes, which the identities of the limb leads do not show.

How steeply the eight independent leads rise and fall together is much alike in all people. The
table below is its mean over PTB-XL, folds 1 to 7; a recording that fits it far better after two
electrodes are exchanged may have been recorded so. `tests/benchmarks/bench_checks.py` measures how
often that is right, and how often it is said of recordings as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.checks.evidence import Evidence
from ecgview.formats.checks.suggestions import corrected
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS
from ecgview.recording import ImportWarning

STEP_S = 0.008
"""Samples looked at are this far apart; slopes are over twice that, a period of the mains."""
LIMB_GAIN, CHEST_GAIN = 0.2, 0.4
"""Logarithm of how much better the leads must fit without an exchange; chosen on folds 1 to 8."""
ABSURD_MV = 1e4
MOST_MISFIT = 2.68
"""Logarithm of how ill they may fit without it: 19 of 20 recordings of folds 1 to 8 fit better."""
NEARLY_FLAT = 0.01
"""Share of the power of slopes of another limb lead below which one is nearly flat."""

# Products of the slopes of I, II, V1 ... V6, in ten-thousandths of the sum of their squares.
_USUAL = (
    (611, 371, -423, -67, 357, 704, 752, 593),
    (371, 559, -346, -163, 345, 750, 772, 606),
    (-423, -346, 729, 742, 246, -323, -561, -528),
    (-67, -163, 742, 1631, 1214, 492, -21, -227),
    (357, 345, 246, 1214, 1752, 1478, 881, 440),
    (704, 750, -323, 492, 1478, 2085, 1656, 1063),
    (752, 772, -561, -21, 881, 1656, 1674, 1191),
    (593, 606, -528, -227, 440, 1063, 1191, 959),
)
_LEAST = 0.00125
"""Added to the squares: differences between people that the mean leaves out."""


@dataclass(frozen=True)
class Exchange:
    """Two electrodes that may be exchanged, or another order.

    Attributes
    ----------
    words : str
        ``left and right arm``.
    names, factors : mapping
        What undoes it, as in `suggestions.corrected`.
    is_told : bool
        False where it is too like what healthy people have; it only competes.
    """

    words: str
    names: Mapping[str, str]
    factors: Mapping[str, float]
    is_told: bool = True


_LIMB_EXCHANGES = (
    Exchange(
        "left and right arm",
        {"II": "III", "III": "II", "aVR": "aVL", "aVL": "aVR"},
        {"I": -1.0},
    ),
    Exchange(
        "right arm and left leg",
        {"I": "III", "III": "I", "aVR": "aVF", "aVF": "aVR"},
        {"I": -1.0, "II": -1.0, "III": -1.0},
    ),
    Exchange(
        "left arm and left leg",
        {"I": "II", "II": "I", "aVL": "aVF", "aVF": "aVL"},
        {"III": -1.0},
        is_told=False,
    ),
)
_TOO_ALIKE = {("V4", "V5"), ("V4", "V6"), ("V5", "V6")}


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Give all exchanges that are tried."""
    pairs = [(one, other) for one in CHEST_LEADS for other in CHEST_LEADS if one < other]
    chest = [
        Exchange(" and ".join(pair), dict([pair, pair[::-1]]), {}, pair not in _TOO_ALIKE)
        for pair in pairs
    ]
    backwards = dict(zip(CHEST_LEADS, CHEST_LEADS[::-1], strict=True))
    return (*_LIMB_EXCHANGES, *chest, Exchange("V1 to V6 backwards", backwards, {}))


def _undoing(exchange: Exchange) -> NDArray[np.float64]:
    """Give the matrix that makes I, II, V1 ... V6 of them as they would be without it."""
    index = {lead: row for row, lead in enumerate(INDEPENDENT_LEADS)}
    as_recorded = {lead: np.eye(len(index))[row] for lead, row in index.items()}
    as_recorded["III"] = as_recorded["II"] - as_recorded["I"]
    undone = {
        exchange.names.get(lead, lead): exchange.factors.get(lead, 1.0) * row
        for lead, row in as_recorded.items()
    }
    return np.stack([undone[lead] for lead in INDEPENDENT_LEADS])


@cache
def _misfits() -> NDArray[np.float64]:
    """Weights of the products of slopes: how ill they fit as recorded, and after each exchange."""
    usual = np.array(_USUAL) / 1e4 + _LEAST * np.eye(len(_USUAL))
    precision = np.linalg.inv(usual)
    undo = [np.eye(len(usual)), *map(_undoing, exchanges())]
    return np.stack([(matrix.T @ precision @ matrix).ravel() for matrix in undo])


@cache
def _rows(leads: tuple[str, ...]) -> list[int] | None:
    """Give the rows of I, II, V1 ... V6, None where one is not there."""
    if not set(INDEPENDENT_LEADS) <= set(leads):
        return None
    return [leads.index(lead) for lead in INDEPENDENT_LEADS]


def electrode_warnings(evidence: Evidence) -> Iterator[ImportWarning]:
    """Warn of electrodes that may be exchanged, in recordings with all eight independent leads."""
    rows = _rows(evidence.leads)
    if rows is None:
        return
    if not all(0 < spread < ABSURD_MV for spread in evidence.spreads_mv):
        return  # a flat lead fits nothing, nor does one beyond all numbers
    step = max(round(STEP_S * evidence.recording.fs_hz), 1)
    looked_at = evidence.signals_mv[rows, ::step]
    slopes = looked_at[:, 2:] - looked_at[:, :-2]
    if evidence.has_gaps:
        slopes[:, ~np.isfinite(slopes).all(axis=0)] = 0
    products = (slopes @ slopes.T).astype(np.float64)
    if not products.diagonal().all():
        return
    flat = _nearly_flat(products)
    if flat:
        yield flat
        return
    misfit = np.log(_misfits() @ products.ravel() / products.trace())
    best = int(misfit[1:].argmin())
    exchange = exchanges()[best]
    least_gain = LIMB_GAIN if exchange in _LIMB_EXCHANGES else CHEST_GAIN
    gain, left_over = misfit[0] - misfit[1 + best], misfit[1 + best]
    if exchange.is_told and gain > least_gain and left_over < MOST_MISFIT:
        yield _warning(evidence, exchange)


def _warning(evidence: Evidence, exchange: Exchange) -> ImportWarning:
    suggestion = corrected(evidence.recording, exchange.names, exchange.factors)
    if exchange in _LIMB_EXCHANGES:
        return ImportWarning(
            "limb-reversal",
            f"The electrodes of {exchange.words} may be exchanged.",
            "The limb leads would fit the chest leads better; in rare cases the heart itself lies "
            "the other way. Look at the signs of P, QRS and T in I and V6.",
            suggestion,
        )
    what = exchange.words if "to" in exchange.words.split() else f"{exchange.words} exchanged"
    return ImportWarning(
        "chest-order",
        f"The chest leads may be in another order: {what}.",
        "The R waves would then grow and shrink from lead to lead as they usually do.",
        suggestion,
    )


def _nearly_flat(products: NDArray[np.float64]) -> ImportWarning | None:
    """Tell an exchange with the right leg: between the legs there is hardly a voltage."""
    (one, both), (_, two) = products[:2, :2].tolist()
    powers = {"I": one, "II": two, "III": one + two - 2 * both}
    least = min(powers.values())
    if least >= NEARLY_FLAT * max(powers.values()):
        return None
    weakest = next(lead for lead, power in powers.items() if power == least)
    electrodes = {"I": "the arms and the legs", "II": "right arm and right leg"}.get(
        weakest, "left arm and right leg"
    )
    return ImportWarning(
        "limb-reversal",
        f"{weakest} is nearly flat beside the other limb leads: the electrodes of {electrodes} may "
        "be exchanged.",
        "The leads cannot be put right afterwards; record again if you can.",
    )

"""Expected errors of every set of leads, and how sure their differences are, beside a model's card.

The *error* of a set is the mean RMSE over all eight independent leads (I, II, V1 to V6), leads that
are known counting 0: sets that leave different leads to rebuild are compared over the same eight.
The mean PCC is over those of the eight that remain.

How sure the difference of any two sets is follows from where they lie: its standard error over
patients is the distance between two points, which principal coordinates keep (Gower 1966). What the
first coordinates leave out counts as each set's own; that is right within a few per cent.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgview.engine.cards import ModelCard, set_key
from ecgview.engine.input_sets import distinct_sets, known_leads
from ecgview.errors import ModelError
from ecgview.leads import INDEPENDENT_LEADS, LEADS
from ecgview.storing import store

Z95 = 1.96
"""Standard errors on either side of a difference that make its 95 % interval."""
_DIMENSIONS = 40
_SUFFIX = ".additions.json"
FORMAT = 1


@dataclass(frozen=True, eq=False)
class SetErrors:
    """Expected errors of sets of leads, by `set_key`.

    Attributes
    ----------
    rmse_uv, pcc : dict of str to dict of str to float
        Mean clean figures by set and by each of the eight independent leads that it leaves unknown.
    points_uv, own_uv : dict of str to tuple of float, dict of str to float
        Where each set lies, and how far off all others besides: distances are standard errors of
        differences in uV. Empty where nothing is known of that.
    recordings, patients : int
        Whom the figures are over; 0 where that is not known.
    provenance : dict
        Data, folds, networks, command.
    """

    rmse_uv: dict[str, dict[str, float]]
    pcc: dict[str, dict[str, float]]
    points_uv: dict[str, tuple[float, ...]] = field(default_factory=dict)
    own_uv: dict[str, float] = field(default_factory=dict)
    recordings: int = 0
    patients: int = 0
    provenance: dict[str, Any] = field(default_factory=dict)

    def has(self, available: Collection[str]) -> bool:
        """Tell whether there are figures for a set; there always are for all leads."""
        return _is_full(available) or set_key(available) in self.rmse_uv

    def error_uv(self, available: Collection[str]) -> float:
        """Mean RMSE over the eight independent leads, known ones counting 0, in uV."""
        if _is_full(available):
            return 0.0
        return sum(self.rmse_uv[set_key(available)].values()) / len(INDEPENDENT_LEADS)

    def mean_pcc(self, available: Collection[str]) -> float | None:
        """Mean PCC over those of the eight that are left to rebuild; None where none has one."""
        if _is_full(available):
            return None
        figures = self.pcc[set_key(available)]
        return sum(figures.values()) / len(figures) if figures else None

    def half_width_uv(self, one: Collection[str], other: Collection[str]) -> float | None:
        """Half the width of the 95 % interval of the difference of two errors, over patients.

        Parameters
        ----------
        one, other : collection of str
            Two sets.

        Returns
        -------
        float or None
            In uV; None where it is not known.
        """
        if not self.points_uv:
            return None
        if set_key(one) == set_key(other):
            return 0.0
        away = np.subtract(self._point(one), self._point(other))
        own = [self.own_uv.get(set_key(leads), 0.0) for leads in (one, other)]
        return float(Z95 * np.sqrt(np.square([*away, *own]).sum()))

    def _point(self, available: Collection[str]) -> NDArray[np.float64]:
        if _is_full(available):  # it has no error, and so no doubt about it
            return np.zeros(len(next(iter(self.points_uv.values()))))
        return np.array(self.points_uv[set_key(available)])


def _is_full(available: Collection[str]) -> bool:
    return len(known_leads(tuple(available))) == len(LEADS)


def summed_up(
    rmse_uv: NDArray[np.floating],
    pcc: NDArray[np.floating],
    patients: Sequence[str],
    provenance: dict[str, Any],
) -> SetErrors:
    """Sum up figures of recordings.

    Parameters
    ----------
    rmse_uv, pcc : ndarray, shape (recordings, 510, 8)
        Clean figures by set, in the order of `distinct_sets`, and independent lead; RMSE 0 and PCC
        NaN where the lead is known.
    patients : sequence of str
        Patient of each recording.
    provenance : dict
        Where they come from.

    Returns
    -------
    SetErrors
        Means over recordings; standard errors with patients as units.
    """
    points, own = _points(rmse_uv.mean(axis=2, dtype=np.float64), patients)
    mean_rmse, mean_pcc = rmse_uv.mean(axis=0, dtype=np.float64), _means(pcc.astype(np.float64))
    kept: dict[str, dict[str, dict[str, float]]] = {"rmse": {}, "pcc": {}}
    where = {}
    for at, available in enumerate(distinct_sets()):
        key, known = set_key(available), known_leads(available)
        unknown = [k for k, lead in enumerate(INDEPENDENT_LEADS) if lead not in known]
        for name, means, digits in (("rmse", mean_rmse, 2), ("pcc", mean_pcc, 4)):
            kept[name][key] = {
                INDEPENDENT_LEADS[k]: round(float(means[at, k]), digits) for k in unknown
            }
        where[key] = tuple(round(float(value), 3) for value in points[at])
    return SetErrors(
        kept["rmse"],
        kept["pcc"],
        where,
        {key: round(float(value), 3) for key, value in zip(where, own, strict=True)},
        len(rmse_uv),
        len(set(patients)),
        provenance,
    )


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    defined = np.isfinite(values)
    counts = np.maximum(defined.sum(axis=0), 1)
    return np.asarray(np.where(defined, values, 0).sum(axis=0) / counts)


def _points(
    errors_uv: NDArray[np.float64], patients: Sequence[str], dimensions: int = _DIMENSIONS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place sets so that distances are standard errors of differences of mean errors.

    Recordings of one patient are summed before they are squared: patients are the units. The
    second array is what the coordinates leave out of each set's own standard error.
    """
    _, of = np.unique(np.asarray(patients), return_inverse=True)
    sums = np.zeros((of.max() + 1, errors_uv.shape[1]))
    np.add.at(sums, of, errors_uv - errors_uv.mean(axis=0))
    _, sizes, axes = np.linalg.svd(sums / len(errors_uv), full_matrices=False)
    every = (axes * sizes[:, None]).T
    return every[:, :dimensions], np.sqrt(np.square(every[:, dimensions:]).sum(axis=1))


def errors_file(card: ModelCard) -> Path:
    """Name the file of a model's errors, beside its weights."""
    return card.path.with_name(card.path.stem + _SUFFIX)


def write_errors(errors: SetErrors, card: ModelCard) -> Path:
    """Write errors beside a model's card.

    Raises
    ------
    EcgviewError
        If the folder cannot be written to.
    """
    plain = {"format": FORMAT, "sha256": card.sha256, **vars(errors)}
    lines = [f" {json.dumps(key)}: {_plain(value)}" for key, value in plain.items()]
    path = errors_file(card)
    store(path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())
    return path


def _plain(value: object) -> str:
    if isinstance(value, dict):
        rows = (f"  {json.dumps(key)}: {json.dumps(its)}" for key, its in value.items())
        return "{\n" + ",\n".join(rows) + "\n }"
    return json.dumps(value)


def read_errors(card: ModelCard) -> SetErrors | None:
    """Read what is known of a model's errors: its own file, else the figures of its card.

    Parameters
    ----------
    card : ModelCard
        The model.

    Returns
    -------
    SetErrors or None
        Without points where there is only the card, or the file is of other weights; None where
        the card has no figures of more than one set.

    Raises
    ------
    ModelError
        If there is a file that cannot be read.
    """
    if card.path == Path():  # a published transform, which has no files
        return errors_of_card(card)
    path = errors_file(card)
    if not path.is_file():
        return errors_of_card(card)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ValueError("unknown format number")
        # Weights of another training have other errors, whatever they are called.
        is_of_these = content.pop("sha256") == card.sha256
        return SetErrors(**content) if is_of_these else errors_of_card(card)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} is not a table of errors ({error}).",
            "Make it anew with `ecgview study additions`.",
        ) from error


def errors_of_card(card: ModelCard) -> SetErrors | None:
    """Take the figures of a model's card, which are of recordings it had not seen."""
    if len(card.figures) < 2:
        return None
    kept: list[dict[str, dict[str, float]]] = [{}, {}]
    for key, figures in card.figures.items():
        known = known_leads(tuple(key.split(",")))
        for at, table in enumerate(kept):
            table[key] = {
                lead: float(figures[lead][at])
                for lead in INDEPENDENT_LEADS
                if lead in figures and lead not in known
            }
    recordings, patients = (int(card.metrics.get(name, 0)) for name in ("recordings", "patients"))
    provenance = {name: card.metrics.get(name) for name in ("data", "folds", "command")}
    return SetErrors(kept[1], kept[0], {}, {}, recordings, patients, provenance)

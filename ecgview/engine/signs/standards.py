"""What is usual in recordings that a model had not seen: the thresholds of signs, beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ecgview.engine.cards import ModelCard
from ecgview.engine.signs.sign import Rate
from ecgview.errors import ModelError
from ecgview.storing import store

FORMAT = 1
SUFFIX = ".signs.json"
ANY = "any"
"""Stands for every set of leads that has no entry of its own."""

Usual = tuple[float, float]
"""Median, and the distance to it of one standard deviation upwards."""


@dataclass(frozen=True)
class Standards:
    """The thresholds of a model's signs.

    Attributes
    ----------
    moments : tuple of tuple of float
        Mean products of the eight independent leads, relative to their power: what exchanges are
        looked at first.
    misfits : mapping of str to Usual
        Of the logarithmic odds of a misfit, by ``I,II|V2``: what is given, what is predicted.
    ratios : mapping of str to Usual
        Of the logarithm of recorded over predicted power, by the same names.
    gains : mapping of str to mapping of str to Usual
        By set of leads (or `ANY`) and mistake: how much better the leads fit without it, where it
        was not made.
    limits : mapping of str to mapping of str to float
        By set (or `ANY`): standard deviations beyond which ``misfit`` and ``ratio`` are told, and
        the evidence beyond which ``mistake`` is.
    signals : mapping of str to float
        Limits of single leads and of the rhythm: ``least_spread_mv``, ``noise_mv``, ``wander_mv``,
        ``largest_mv``, ``slowest_bpm``, ``fastest_bpm``, ``spikes_mv``.
    rates : mapping of str to Rate
        How often signs are right, by code, or where it differs by code, mistake and set
        (``mistake|V1 and V2|I,II,V1,V2``).
    made : mapping
        Commands, data, folds and numbers of recordings.
    """

    moments: tuple[tuple[float, ...], ...]
    misfits: Mapping[str, Usual]
    ratios: Mapping[str, Usual]
    gains: Mapping[str, Mapping[str, Usual]]
    limits: Mapping[str, Mapping[str, float]]
    signals: Mapping[str, float]
    rates: Mapping[str, Rate] = field(default_factory=dict)
    made: Mapping[str, Any] = field(default_factory=dict)

    def limit(self, key: str, what: str) -> float:
        """Give a limit of a set, or that of any."""
        return self.limits.get(key, self.limits[ANY])[what]

    def usual_gain(self, key: str, mistake: str) -> Usual | None:
        """Give what is usual of a mistake in a set, or in any; None where it was not measured."""
        return self.gains.get(key, {}).get(mistake) or self.gains[ANY].get(mistake)

    def rate_of(self, code: str, mistake: str = "", key: str = "") -> Rate | None:
        """Give how often a sign is right: with a mistake and a set, or at all; None if unknown."""
        return self.rates.get(f"{code}|{mistake}|{key}") or self.rates.get(code)


def standards_path(card: ModelCard) -> Path:
    """Where the standards of a model lie; published transforms have no file, and none."""
    return card.path.parent / f"{card.path.stem}{SUFFIX}"


def standards_of(card: ModelCard) -> Standards | None:
    """Read the standards of a model.

    Returns
    -------
    Standards or None
        None where it has none.

    Raises
    ------
    ModelError
        If the file is damaged.
    """
    path = standards_path(card)
    if not path.is_file():
        return None
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int) -> Standards:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ValueError("unknown format number")
        rates = {name: Rate(**rate) for name, rate in content.pop("rates").items()}
        moments = tuple(tuple(row) for row in content.pop("moments"))
        return Standards(moments, **content, rates=rates)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} does not hold the thresholds of signs ({error}).",
            "It may come from another version of ecgview; `ecgview study signs --learn` makes it.",
        ) from error


def write_standards(standards: Standards, path: Path) -> None:
    """Write standards beside their model, a line a field."""
    content = {"format": FORMAT, **asdict(standards)}
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in content.items()]
    store(path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())

"""What to expect of a model, from its card, before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ecgview.engine.folds import fold_phrase
from ecgview.errors import ModelError
from ecgview.leads import CHEST_LEADS, in_order

if TYPE_CHECKING:
    from ecgview.engine.cards import Expected, ModelCard

_CLEAN = "clean"


def expected_table(card: ModelCard, available: Sequence[str]) -> str:
    """Lay out the PCC and RMSE to expect of each reconstructed lead.

    Raises
    ------
    ModelError
        If the card has no figures for these leads.
    """
    figures = _figures(card, available)
    if not figures:
        known = "; ".join(list(card.figures)[:3])
        raise ModelError(
            f"The card of {card.name} has no figures for {', '.join(available)}.",
            f"It has some for {known}, and so on." if known else "It was never evaluated.",
        )
    heads = f"{'lead':<5}{f'PCC ({_CLEAN})':>12}{'RMSE uV':>10}"
    rows = [f"{lead:<5}{one.pcc:>12.3f}{one.rmse_uv:>10.0f}" for lead, one in figures.items()]
    pcc, rmse_uv, kind = _means(figures)
    title = f"{card.name} from {', '.join(in_order(available))}, expected{_source(card)}"
    return "\n".join([title, heads, *rows, f"mean over {kind} leads: {pcc:.3f}, {rmse_uv:.0f} uV"])


def expected_line(card: ModelCard, available: Sequence[str]) -> str:
    """Say the same in a line; empty where the card has no figures."""
    figures = _figures(card, available)
    if not figures:
        return ""
    leads = "  ".join(f"{lead} {one.pcc:.2f}/{one.rmse_uv:.0f}" for lead, one in figures.items())
    pcc, rmse_uv, kind = _means(figures)
    return (
        f"expected{_source(card)}, {_CLEAN}: PCC {pcc:.2f}, RMSE {rmse_uv:.0f} uV over {kind} "
        f"leads; PCC/RMSE uV: {leads}"
    )


def expected_json(card: ModelCard, available: Sequence[str]) -> dict[str, Any]:
    """Give the same for JSON; no lead where the card has no figures."""
    figures = _figures(card, available)
    return {lead: {"pcc": one.pcc, "rmse_uv": one.rmse_uv} for lead, one in figures.items()}


def _figures(card: ModelCard, available: Sequence[str]) -> dict[str, Expected]:
    return card.expected(available) or {}


def _means(figures: dict[str, Expected]) -> tuple[float, float, str]:
    chest = [one for lead, one in figures.items() if lead in CHEST_LEADS]
    means = np.mean([(one.pcc, one.rmse_uv) for one in chest or figures.values()], axis=0)
    return float(means[0]), float(means[1]), "chest" if chest else "limb"


def _source(card: ModelCard) -> str:
    """Say which recordings the figures are of."""
    data, folds = card.metrics.get("data", {}), card.metrics.get("folds", [])
    names = ", ".join(name.split(" (")[0] for name in data)
    return f" ({', '.join(filter(None, (names, fold_phrase(folds))))})" if names else ""

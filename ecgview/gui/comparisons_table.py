"""Estimates from elsewhere, and which of all estimates is shown: pure questions to the state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ecgview.gui.agreement_table import microvolts
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.overlays import LegendEntry, Overlay, Overlays, legend_of
from ecgview.leads import CHEST_LEADS

if TYPE_CHECKING:
    from ecgview.engine.comparison import Estimate
    from ecgview.engine.metrics import Agreement

MODEL = ""
"""The key of the model's own reconstruction among the estimates."""
NO_FIGURE = "\N{EN DASH}"


@dataclass(frozen=True, eq=False)
class ShownEstimate:
    """A file that is compared with the recording shown.

    Attributes
    ----------
    name : str
        Unique among the estimates; never empty.
    path : Path
        The file.
    style : int
        Colour and dashes, from 1 on; the model has 0.
    estimate : Estimate
        The reconstruction it has become.
    agreement : Agreement
        Its figures over the present stretch.
    """

    name: str
    path: Path
    style: int
    estimate: Estimate
    agreement: Agreement


@dataclass(frozen=True)
class EstimateRow:
    """One estimate as the list shows it.

    Attributes
    ----------
    key : str
        What to choose it by; empty for the model.
    name : str
        In words.
    style : int
        Colour and dashes.
    pcc, rmse_uv : str
        Means over the reconstructed chest leads, or over all where no chest lead is.
    is_chosen : bool
        Whether table and shading belong to it.
    tip : str
        Where it comes from and what was done to it.
    """

    key: str
    name: str
    style: int
    pcc: str
    rmse_uv: str
    is_chosen: bool
    tip: str

    @property
    def is_model(self) -> bool:
        """Whether it is the model's, which cannot be removed."""
        return self.key == MODEL


def chosen_estimate(state: SessionState) -> ShownEstimate | None:
    """Give the estimate that table and shading belong to; None for the model's."""
    return next((one for one in state.estimates if one.name == state.chosen), None)


def shown_state(state: SessionState) -> SessionState:
    """Put the chosen estimate where the model's reconstruction stands, for table and headline.

    Parameters
    ----------
    state : SessionState
        As it is.

    Returns
    -------
    SessionState
        The same where the model is chosen. A foreign estimate has no card, and so no expected
        figures.
    """
    chosen = chosen_estimate(state)
    if chosen is None:
        return state
    reconstruction = chosen.estimate.reconstruction
    return replace(
        state,
        reconstruction=reconstruction,
        agreement=chosen.agreement,
        available=reconstruction.available,
        models=(),
    )


def overlays_of(state: SessionState) -> Overlays:
    """Tell the viewer which estimates to draw as lines beside the chosen one."""
    drawn = [Overlay(one.name, one.style, one.estimate.reconstruction) for one in state.estimates]
    if state.reconstruction is not None:
        drawn.insert(0, Overlay(model_title(state), 0, state.reconstruction))
    chosen = chosen_estimate(state)
    style, name = (chosen.style, chosen.name) if chosen else (0, model_title(state))
    return Overlays(name, style, tuple(one for one in drawn if one.style != style))


def model_title(state: SessionState) -> str:
    """Name the model in a legend."""
    return state.card.title if state.card else state.model or "model"


def estimate_rows(state: SessionState) -> tuple[EstimateRow, ...]:
    """Make the rows of the list of estimates; none where there is only the model's.

    Parameters
    ----------
    state : SessionState
        With or without estimates.

    Returns
    -------
    tuple of EstimateRow
        The model's first, then the others in the order of asking.
    """
    if not state.estimates:
        return ()
    chosen = chosen_estimate(state)
    made = f" from {', '.join(state.available)}" if state.available else ""
    model = EstimateRow(
        MODEL, model_title(state), 0, *_figures(state.agreement), chosen is None,
        f"The model's reconstruction{made}",
    )  # fmt: skip
    others = (
        EstimateRow(
            one.name, one.name, one.style, *_figures(one.agreement), one is chosen, _tip(one)
        )
        for one in state.estimates
    )
    return (model, *others)


def _figures(agreement: Agreement | None) -> tuple[str, str]:
    """Mean PCC and RMSE over the reconstructed chest leads, else over all reconstructed ones."""
    rows = [row for row in agreement.rows if row.pcc is not None] if agreement else []
    rows = [row for row in rows if row.lead in CHEST_LEADS] or rows
    if not rows:
        return NO_FIGURE, NO_FIGURE
    pcc = f"{np.mean([row.pcc for row in rows]):.2f}".replace("-", "\N{MINUS SIGN}")
    return pcc, microvolts(float(np.mean([row.rmse_uv for row in rows])))


def _tip(one: ShownEstimate) -> str:
    estimate = one.estimate
    measured = ", ".join(estimate.reconstruction.available) or "none"
    lines = [
        str(one.path),
        f"Measured leads: {measured}" + (", it says" if estimate.stated else ""),
    ]
    lines += placing_of(one, None)
    lines += [f"{remark.message} {remark.hint}".strip() for remark in estimate.remarks]
    return "\n".join(lines)


def placing_of(one: ShownEstimate, whole_s: float | None) -> list[str]:
    """Say in a few words each what was done to lay an estimate over a recording.

    Parameters
    ----------
    one : ShownEstimate
        The estimate.
    whole_s : float or None
        Length of the recording; an estimate of all of it goes without saying.

    Returns
    -------
    list of str
        Maybe none.
    """
    estimate, said = one.estimate, []
    if estimate.lag_ms > 0:
        said.append(f"Moved back by {_duration(estimate.lag_ms)}")
    elif estimate.lag_ms < 0:
        said.append(f"Starts {_duration(-estimate.lag_ms)} into the recording")
    if estimate.resampled:
        said.append(f"Resampled from {estimate.from_hz:g} Hz")
    if whole_s is None or estimate.overlap_s < whole_s - 1e-6:
        said.append(f"{estimate.overlap_s:.4g} s in common")
    return said


def _duration(time_ms: float) -> str:
    return f"{time_ms:.0f} ms" if time_ms < 1000 else f"{time_ms / 1000:.4g} s"


def placing_text(state: SessionState) -> str:
    """Say what was done to the chosen estimate; nothing for the model's."""
    chosen = chosen_estimate(state)
    if chosen is None or state.recording is None:
        return ""
    return " · ".join(placing_of(chosen, state.recording.duration_s))


def legend_entries(state: SessionState) -> tuple[LegendEntry, ...]:
    """Name the estimates on the paper; none where the recording or the model stands alone."""
    if state.view.show == "original" or state.shows_loops:
        return ()
    return legend_of(overlays_of(state), shown_state(state).reconstruction is not None)


def estimates_tsv(state: SessionState) -> str:
    """Give the list of estimates as tab-separated text, for spreadsheets; empty without any."""
    rows = estimate_rows(state)
    if not rows:
        return ""
    lines = ["Estimate\tmean PCC\tmean RMSE µV"]
    lines += [f"{row.name}\t{row.pcc}\t{row.rmse_uv}" for row in rows]
    return "\n".join(lines) + "\n"

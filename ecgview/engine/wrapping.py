"""A job of windows as a reconstruction: with its origins, its interval, and what is absent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ecgview.engine.cards import ModelCard
from ecgview.engine.windows import GrowingSource, LeadWindows
from ecgview.interval import Interval
from ecgview.leads import Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource

if TYPE_CHECKING:
    from ecgview.engine.intervals.spread import Spread
    from ecgview.engine.reconstructor import Reconstructor


def finished(job: LeadWindows, reconstructor: Reconstructor, elapsed_s: float) -> Reconstruction:
    """Wrap the leads of a finished job."""
    whole = replace(under_way(job, reconstructor), elapsed_s=elapsed_s)
    if not job.is_materialised:
        return whole
    return replace(whole, source=ArraySource(job.signals_mv))


def under_way(job: LeadWindows, reconstructor: Reconstructor) -> Reconstruction:
    """Wrap the leads of a job that may be under way."""
    return Reconstruction(
        available=job.available,
        origins=job.origins,
        source=GrowingSource(job),
        model_name=reconstructor.card.name,
        bandwidth_hz=min(reconstructor.card.bandwidth_hz, job.recording.fs_hz / 2),
        device=reconstructor.device,
        elapsed_s=0.0,
        absent=_absent(job, reconstructor.card),
        others=job.others,
        interval=_interval(job, reconstructor.spread),
        personal=job.personal,
    )


def _interval(job: LeadWindows, spread: Spread | None) -> Interval | None:
    if spread is None or job.half_widths is None:
        return None
    interval = Interval(
        job.half_widths, spread.shares(job.available), spread.wander_mv(job.available)
    )
    return interval.scaled(job.personal.interval_factor) if job.personal else interval


def _absent(job: LeadWindows, card: ModelCard) -> tuple[str, ...]:
    """Leads that are neither given nor rebuilt by a model that gives some leads only."""
    return tuple(
        lead
        for lead, origin in job.origins.items()
        if origin is Origin.RECONSTRUCTED and card.rebuilds and lead not in card.rebuilds
    )

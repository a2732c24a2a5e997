"""Widths of intervals, and how much of recorded leads lies inside."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_interval import with_interval

from ecgview.engine.interval_fit import IntervalFit, has_wander
from ecgview.engine.metrics import Agreement, agreement
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.tally import AgreementTally, tally_of
from ecgview.filtered import filtered_recording
from ecgview.formats import open_recording
from ecgview.leads import LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array
from ecgview.signals.filtering import Filters

GIVEN = ("I", "II", "V2")
FS_HZ = 100.0


def recorded(duration_s: float = 10.0, leads: tuple[str, ...] = LEADS) -> Recording:
    rng = np.random.default_rng(5)
    n_samples = round(duration_s * FS_HZ)
    return recording_from_array(
        "made", {lead: rng.normal(0, 0.1, n_samples) for lead in leads}, FS_HZ
    )


def zero_estimate(recording: Recording) -> Reconstruction:
    """All estimates 0 mV: the error is the recorded lead."""
    nothing_mv = np.zeros((12, recording.n_samples), dtype=np.float32)
    source = ArraySource(nothing_mv)
    origins = lead_origins(GIVEN, recording.derived_leads)
    return Reconstruction(GIVEN, origins, source, "made", 62.5, "cpu", 0.0)


def fit_of(figures: Agreement, lead: str, level: float = 0.9) -> IntervalFit:
    found = figures.rows[LEADS.index(lead)].interval_at(level)
    assert found is not None
    return found


def test_the_share_inside_is_that_of_a_normal_distribution() -> None:
    recording = recorded(100.0)
    made = with_interval(zero_estimate(recording), 0.1 * 1.6449)
    figures = agreement(recording, made, clean=False)
    fit = fit_of(figures, "V4")
    assert fit.width_uv == pytest.approx(2 * 164.49, rel=1e-4)
    assert fit.coverage == pytest.approx(0.9, abs=0.01)
    # Half and 0.8 of the width hold 59 and 81 % of a normal distribution.
    assert fit_of(figures, "V4", 0.5).coverage == pytest.approx(0.589, abs=0.015)
    assert fit_of(figures, "V4", 0.8).coverage == pytest.approx(0.812, abs=0.015)
    assert fit_of(figures, "V4", 0.5).width_uv == pytest.approx(164.49, rel=1e-4)


def test_measured_leads_and_models_without_interval_have_none() -> None:
    recording = recorded()
    made = zero_estimate(recording)
    assert all(row.intervals == () for row in agreement(recording, made, clean=False).rows)
    rows = agreement(recording, with_interval(made), clean=False).rows
    assert {row.lead for row in rows if row.intervals} == {"V1", "V3", "V4", "V5", "V6"}


def test_a_lead_that_was_not_recorded_has_a_width_but_nothing_inside() -> None:
    recording = recorded(leads=("I", "II", "V2", "V4"))
    figures = agreement(recording, with_interval(zero_estimate(recording), 0.15), clean=False)
    assert fit_of(figures, "V4").coverage is not None
    assert fit_of(figures, "V5") == IntervalFit(0.9, pytest.approx(300.0, rel=1e-4), None)


def test_a_marked_stretch_and_gaps_count_what_is_there() -> None:
    recording = recorded()
    half_mv = np.where(np.arange(1000) < 500, 10.0, 1e-6)
    made = with_interval(zero_estimate(recording), half_mv)
    first = fit_of(agreement(recording, made, clean=False, start=0, stop=500), "V3")
    assert (first.width_uv, first.coverage) == (pytest.approx(20_000), 1.0)
    second = fit_of(agreement(recording, made, clean=False, start=500), "V3")
    assert second.coverage == pytest.approx(0.0, abs=0.01)
    assert isinstance(recording.source, ArraySource)
    recording.source.signals_mv[:, 500:] = np.nan
    assert fit_of(agreement(recording, made, clean=False), "V3").coverage == 1.0


def test_raw_counts_wander_and_clean_or_a_filter_does_not() -> None:
    recording = recorded()
    made = with_interval(zero_estimate(recording), 0.03, wander_mv=0.04)
    assert fit_of(agreement(recording, made, clean=False), "V3").width_uv == pytest.approx(100)
    assert fit_of(agreement(recording, made, clean=True), "V3").width_uv == pytest.approx(60)
    high_passed = filtered_recording(recording, Filters(high_pass_hz=0.5))
    low_passed = filtered_recording(recording, Filters(low_pass_hz=40.0))
    assert fit_of(agreement(high_passed, made, clean=False), "V3").width_uv == pytest.approx(60)
    assert fit_of(agreement(low_passed, made, clean=False), "V3").width_uv == pytest.approx(100)
    assert not has_wander(high_passed, clean=False)


@pytest.mark.parametrize("clean", [False, True])
def test_blocks_of_a_long_recording_add_up_to_the_whole(clean: bool) -> None:
    recording = recorded(180.0)
    made = with_interval(zero_estimate(recording), np.linspace(0.02, 0.3, 18_000))
    at_once = fit_of(agreement(recording, made, clean=clean), "V5")
    in_blocks = fit_of(tally_of(recording, made, clean=clean).agreement(), "V5")
    assert in_blocks.width_uv == pytest.approx(at_once.width_uv, rel=1e-6)
    assert in_blocks.coverage == pytest.approx(at_once.coverage, abs=2e-3)


def test_an_offset_and_hours_of_wander_are_levelled_window_by_window() -> None:
    recording = recorded(120.0)
    assert isinstance(recording.source, ArraySource)
    recording.source.signals_mv[:] += np.linspace(5, 8, 12_000, dtype=np.float32)
    made = with_interval(zero_estimate(recording), 0.6)
    assert fit_of(agreement(recording, made, clean=False), "V5").coverage > 0.99


class Known:
    """A source that is known up to some sample."""

    n_channels = 12

    def __init__(self, whole: ArraySource) -> None:
        self._whole, self.known, self.n_samples = whole, 0, whole.n_samples

    @property
    def done(self) -> tuple[tuple[int, int], ...]:
        return ((0, self.known),) if self.known else ()

    def read(self, start: int, stop: int, channels: list[int]) -> np.ndarray:
        signal_mv = self._whole.read(start, stop, channels).copy()
        signal_mv[:, max(0, self.known - start) :] = np.nan
        return signal_mv


def test_a_growing_reconstruction_counts_what_is_rebuilt() -> None:
    recording = recorded(180.0)
    half_mv = np.repeat([0.1, 0.2, 0.4], 6000)
    whole = with_interval(zero_estimate(recording), half_mv)
    assert isinstance(whole.source, ArraySource)
    assert whole.interval is not None and isinstance(whole.interval.source, ArraySource)
    line, half = Known(whole.source), Known(whole.interval.source)
    made = replace(whole, source=line, interval=replace(whole.interval, source=half))
    tally = AgreementTally(recording, made, clean=False)
    widths = []
    for known in (6000, 12_000, 18_000):
        line.known = half.known = known
        for _ in tally.catch_up():
            pass
        widths.append(fit_of(tally.agreement(), "V3").width_uv)
    assert widths == pytest.approx([200, 300, 1400 / 3], rel=1e-4)


@pytest.mark.real_data
def test_real_recordings_lie_inside_about_as_often_as_said(data_dir: Path) -> None:
    paths = sorted((data_dir / "ptb-xl" / "records500").glob("*/*.hea"))[:12]
    assert len(paths) == 12
    shares = []
    for path in paths:
        recording = open_recording(path)
        made = reconstruct(recording, GIVEN, "anylead", "cpu")
        for row in agreement(recording, made, clean=True).rows:
            shares += [fit.coverage for fit in row.intervals if fit.level == 0.9]
    assert len(shares) == 60
    # A few recordings say little: it is neither a handful of samples nor always all.
    assert 0.6 < np.mean(shares) < 1.0
    assert re.fullmatch(r"\d{5}_hr", paths[0].stem)


def test_of_a_flat_lead_the_share_inside_is_not_told() -> None:
    plain = recorded()
    signals_mv = {lead: plain.read([lead])[0] for lead in LEADS} | {"V4": np.zeros(1000)}
    recording = recording_from_array("flat", signals_mv, FS_HZ)
    figures = agreement(recording, with_interval(zero_estimate(recording), 0.2), clean=False)
    assert fit_of(figures, "V4").coverage is None
    assert fit_of(figures, "V4").width_uv == pytest.approx(400)
    assert fit_of(figures, "V3").coverage is not None

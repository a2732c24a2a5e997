from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import make_recording

from ecgview.engine import spans
from ecgview.engine.cards import ModelCard
from ecgview.engine.events import Finished, Progress
from ecgview.engine.input_sets import distinct_sets
from ecgview.engine.metrics import agreement
from ecgview.engine.reconstruct import reconstruct, reconstruction_events
from ecgview.engine.reconstructor import Reconstructor
from ecgview.engine.spans import plan_spans
from ecgview.errors import LeadError, ModelError
from ecgview.formats import open_recording, save_recording
from ecgview.leads import (
    CHEST_LEADS,
    INDEPENDENT_LEADS,
    LEAD_INDEX,
    LEADS,
    LIMB_FROM_I_II,
    LIMB_LEADS,
    Origin,
)
from ecgview.recording import ArraySource, Recording
from ecgview.signals.resampling import RateRatio


def rebuilt(tiny: Reconstructor, recording: Recording, available: tuple[str, ...]) -> np.ndarray:
    job = tiny.windows(recording, available)
    assert sum(1 for _ in tiny.run([job])) >= 1
    return job.signals_mv


def rows(leads: Sequence[str]) -> list[int]:
    return [LEAD_INDEX[lead] for lead in leads]


@pytest.mark.parametrize("fs_hz", [100.0, 125.0, 257.0, 360.0, 500.0, 977.5, 1000.0])
@pytest.mark.parametrize("available", [("I", "II", "V2"), ("aVR", "V3")])
def test_windows_leave_no_seam(
    tiny: Reconstructor,
    monkeypatch: pytest.MonkeyPatch,
    fs_hz: float,
    available: tuple[str, ...],
) -> None:
    recording = make_recording(fs_hz, duration_s=70.0)
    pieces = rebuilt(tiny, recording, available)
    monkeypatch.setattr(spans, "_CORE_SAMPLES", 10**7)
    assert len(tiny.windows(recording, available).spans) == 1
    np.testing.assert_allclose(pieces, rebuilt(tiny, recording, available), atol=2e-6)


@pytest.mark.parametrize("n_samples", [1, 60, 5000, 35_000, 900_000])
@pytest.mark.parametrize("fs_hz", [100.0, 257.0, 500.0])
def test_windows_keep_each_sample_once(n_samples: int, fs_hz: float) -> None:
    spans = plan_spans(n_samples, RateRatio.between(fs_hz, 125.0), stride=16, reach=128)
    assert spans[0].keep_start == 0
    assert spans[-1].keep_stop == n_samples
    assert [s.keep_stop for s in spans[:-1]] == [s.keep_start for s in spans[1:]]
    assert all(span.start % 16 == 0 for span in spans)


@pytest.mark.parametrize("available", [*distinct_sets()[::17], LEADS, LIMB_LEADS, ("III", "aVL")])
def test_measured_leads_are_bit_for_bit_and_identities_hold(
    tiny: Reconstructor, available: tuple[str, ...]
) -> None:
    recording = make_recording()
    result = reconstruct(recording, available, model=str(tiny.card.path))
    twelve = result.read()
    assert np.array_equal(twelve[rows(result.available)], recording.read(result.available))
    limb = LIMB_FROM_I_II @ twelve[:2].astype(np.float64)
    np.testing.assert_allclose(twelve[:6], limb, atol=1e-5)
    assert np.isfinite(twelve).all()
    derived = [lead for lead, origin in result.origins.items() if origin is Origin.DERIVED]
    np.testing.assert_allclose(twelve[rows(derived)], recording.read(derived), atol=1e-5)


def test_a_lone_limb_lead_is_untouched_and_offsets_do_not_break_identities(
    tiny: Reconstructor,
) -> None:
    recording = make_recording(leads=("aVF", "V2"))
    source = recording.source
    assert isinstance(source, ArraySource)
    recording = replace(recording, source=ArraySource(source.signals_mv + 3.0))
    twelve = rebuilt(tiny, recording, ("aVF", "V2"))
    np.testing.assert_allclose(twelve[:6], LIMB_FROM_I_II @ twelve[:2], atol=1e-5)


def test_offset_and_slow_drift_do_not_reach_the_estimate(tiny: Reconstructor) -> None:
    recording = make_recording(duration_s=60.0)
    source = recording.source
    assert isinstance(source, ArraySource)
    drift = np.linspace(-4.0, 4.0, recording.n_samples, dtype=np.float32)
    drifting = replace(recording, source=ArraySource(source.signals_mv + drift))
    chest = rows(["V1", "V3", "V4", "V5", "V6"])
    inner = slice(5000, -5000)
    still = rebuilt(tiny, recording, ("I", "II", "V2"))[chest, inner]
    moved = rebuilt(tiny, drifting, ("I", "II", "V2"))[chest, inner]
    # Of a drift of 8 mV, less than 0.4 % is left.
    assert np.sqrt(np.mean((moved - still) ** 2)) < 0.03


def test_gaps_stay_gaps_and_go_no_farther(tiny: Reconstructor) -> None:
    recording = make_recording()
    source = recording.source
    assert isinstance(source, ArraySource)
    signals_mv = source.signals_mv.copy()
    signals_mv[LEAD_INDEX["V2"], 2000:2300] = np.nan
    twelve = rebuilt(tiny, replace(recording, source=ArraySource(signals_mv)), ("I", "II", "V2"))
    for lead in CHEST_LEADS:
        assert np.flatnonzero(np.isnan(twelve[LEAD_INDEX[lead]])).tolist() == list(
            range(2000, 2300)
        )
    assert np.isfinite(twelve[rows(LIMB_LEADS)]).all()


@pytest.mark.parametrize("n_samples", [1, 7, 61])
def test_a_handful_of_samples(tiny: Reconstructor, n_samples: int) -> None:
    recording = make_recording(duration_s=n_samples / 500)
    assert np.isfinite(rebuilt(tiny, recording, ("I", "V2"))).all()


def test_recordings_in_a_batch_equal_recordings_alone(tiny: Reconstructor) -> None:
    recordings = [make_recording(seed=1), make_recording(seed=2), make_recording(360.0, seed=3)]
    jobs = [tiny.windows(recording, ("I", "II")) for recording in recordings]
    assert list(tiny.run(jobs))[-1] == 3
    for recording, job in zip(recordings, jobs, strict=True):
        np.testing.assert_allclose(job.signals_mv, rebuilt(tiny, recording, ("I", "II")), atol=2e-6)


class CountingSource:
    """A long source made on the fly that remembers how much was asked for at once."""

    n_channels, n_samples = 12, 900_000

    def __init__(self) -> None:
        self.largest = 0

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        self.largest = max(self.largest, stop - start)
        phase = np.arange(start, stop) / 100
        return np.stack([np.sin(phase + channel) for channel in channels]).astype(np.float32)


def test_thirty_minutes_are_read_a_window_at_a_time(tiny: Reconstructor) -> None:
    source = CountingSource()
    recording = replace(make_recording(), source=source)
    job = tiny.windows(recording, ("I", "II", "V2"))
    running = tiny.run([job])
    assert next(running) == 1  # the first window is shorter than the others and goes alone
    assert next(running) == 17
    running.close()
    assert source.largest <= 4 * (2048 + 2 * 144) + 200
    assert np.isfinite(job.signals_mv[:, :10_000]).all()


def test_events_come_in_order_and_closing_in_the_middle_is_safe(tiny_card: ModelCard) -> None:
    recording = make_recording(duration_s=120.0)
    events = list(reconstruction_events(recording, ("I",), model=str(tiny_card.path)))
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done == sorted(done)
    assert done[-1] == events[-2].total == 8
    assert isinstance(events[-1], Finished)
    running = reconstruction_events(recording, ("I",), model=str(tiny_card.path))
    next(running)
    running.close()


def test_leads_that_the_file_lacks_are_derived_and_not_compared(
    tiny_card: ModelCard, tmp_path: Path
) -> None:
    whole = make_recording()
    eight = tmp_path / "eight.csv"
    leads_mv = whole.read(INDEPENDENT_LEADS)
    save_recording("eight", leads_mv, 500.0, eight, format="csv", leads=INDEPENDENT_LEADS)
    recording = open_recording(eight)
    assert recording.derived_leads == LIMB_LEADS[2:]
    given = reconstruct(recording, ("I", "III", "V2"), model=str(tiny_card.path))
    assert given.origins["I"] is Origin.MEASURED
    assert {given.origins[lead] for lead in LIMB_LEADS[1:]} == {Origin.DERIVED}
    np.testing.assert_allclose(given.read(LIMB_LEADS), whole.read(LIMB_LEADS), atol=3e-3)
    compared = agreement(recording, given, clean=False)
    by_lead = {row.lead: row for row in compared.rows}
    # II is in the file and comes out of I and III again; aVR is algebra on both sides.
    assert by_lead["II"].rmse_uv == pytest.approx(0, abs=2)
    assert by_lead["aVR"].rmse_uv is None
    assert by_lead["V1"].pcc is not None


def test_choices_that_make_no_sense_are_refused(tiny_card: ModelCard) -> None:
    recording = make_recording(leads=("I", "II", "V2"))
    model = str(tiny_card.path)
    with pytest.raises(LeadError, match="no lead V5"):
        reconstruct(recording, ("I", "V5"), model=model)
    with pytest.raises(LeadError, match="No lead is available"):
        reconstruct(recording, (), model=model)
    with pytest.raises(ModelError, match="no device"):
        reconstruct(recording, ("I",), model=model, device="tpu")
    with pytest.raises(ModelError, match=r"nothing\.safetensors is missing"):
        reconstruct(recording, ("I",), model="nothing.safetensors")

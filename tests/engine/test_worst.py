"""Figures of long recordings in one pass, and the windows where a reconstruction fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import make_recording
from memory import peak_memory

from ecgview.engine import metrics, tally
from ecgview.engine.metrics import Agreement, agreement
from ecgview.engine.tally import AgreementTally, WindowFigures, tally_of
from ecgview.engine.worst import worst_runs
from ecgview.formats import open_recording
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import ArraySource, Recording, recording_from_array
from ecgview.signals.filters import clean as clean_filter

GIVEN = ("I", "II", "V2")


class Growing(ArraySource):
    """An array of which only a part is done."""

    done: tuple[tuple[int, int], ...] = ()


def estimate_of(
    recording: Recording, done: tuple[tuple[int, int], ...] | None = None
) -> Reconstruction:
    """An estimate with an error that grows with time, an offset and wander of its own."""
    twelve = recording.read_twelve()
    rng = np.random.default_rng(4)
    time_s = np.arange(recording.n_samples) / recording.fs_hz
    error = rng.normal(size=twelve.shape) * np.linspace(0.02, 0.4, recording.n_samples)
    wander = 0.2 * np.sin(2 * np.pi * 0.05 * time_s)
    chest = [LEAD_INDEX[lead] for lead in CHEST_LEADS if lead != "V2"]
    twelve[chest] += (error + wander + 0.3)[chest].astype(np.float32)
    if done is None:
        source: ArraySource = ArraySource(twelve)
    else:
        source = Growing(twelve)
        object.__setattr__(source, "done", done)
    return Reconstruction(GIVEN, lead_origins(GIVEN), source, "m", 62.5, "cpu", 0.0)


def with_holes(recording: Recording) -> Recording:
    signals_mv = recording.read_twelve()
    signals_mv[LEAD_INDEX["V4"], 10_000:14_000] = np.nan
    signals_mv[LEAD_INDEX["V5"], :] = 0.25
    signals_mv[LEAD_INDEX["V6"], 40_000:52_000] = 1.5
    return replace(recording, source=ArraySource(signals_mv))


def assert_close(one: Agreement, other: Agreement) -> None:
    assert len(one.rows) == 12
    for a, b in zip(one.rows, other.rows, strict=True):
        for name, within in (("pcc", 2e-5), ("rmse_uv", 0.6), ("max_uv", 3.0), ("r2", 1e-3)):
            found, expected = getattr(a, name), getattr(b, name)
            assert (found is None) == (expected is None), (a.lead, name)
            if expected is not None:
                assert found == pytest.approx(expected, rel=1e-3, abs=within), (a.lead, name)
    assert one.mean_pcc_chest == pytest.approx(other.mean_pcc_chest, abs=2e-5)
    assert (one.n_chest, one.n_all) == (other.n_chest, other.n_all)


@pytest.mark.parametrize("clean", [False, True])
@pytest.mark.parametrize(("start", "stop"), [(0, None), (1234, 98_765)])
@pytest.mark.parametrize("holes", [False, True])
def test_one_pass_gives_the_figures_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, clean: bool, start: int, stop: int | None, holes: bool
) -> None:
    recording = make_recording(duration_s=250.0)
    recording = with_holes(recording) if holes else recording
    estimate = estimate_of(recording)
    whole = agreement(recording, estimate, clean=clean, start=start, stop=stop)
    monkeypatch.setattr(metrics, "_AT_ONCE_SAMPLES", 1000)
    streamed = agreement(recording, estimate, clean=clean, start=start, stop=stop)
    assert streamed.covered == ()
    assert_close(streamed, whole)


def test_offsets_of_electrodes_do_not_count_however_large(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make_recording(duration_s=250.0)
    estimate = estimate_of(recording)
    offsets_mv = np.linspace(-250, 250, 12, dtype=np.float32)[:, None]
    signals_mv = recording.read_twelve() + offsets_mv
    signals_mv[LEAD_INDEX["V3"], :40_000] += 80  # a first minute that is not like the rest
    far_off = replace(recording, source=ArraySource(signals_mv))
    whole = agreement(far_off, estimate, clean=False)
    monkeypatch.setattr(metrics, "_AT_ONCE_SAMPLES", 1000)
    assert_close(agreement(far_off, estimate, clean=False), whole)


def test_what_is_done_is_counted_as_soon_as_it_can_be() -> None:
    recording = make_recording(duration_s=250.0)
    estimate = estimate_of(recording, ((60_000, 125_000),))
    raw = AgreementTally(recording, estimate, clean=False)
    clean = AgreementTally(recording, estimate, clean=True)
    # Blocks of 60 s: the third, the fourth, and the short fifth; clean ones want 10 s beside them.
    assert list(raw.catch_up()) == [4, 3, 2]
    assert list(clean.catch_up()) == [4, 3]
    assert raw.agreement().covered == ((60_000, 125_000),)
    assert clean.agreement().covered == ((90_000, 125_000),)
    expected = agreement(recording, estimate_of(recording), clean=False, start=60_000)
    assert_close(raw.agreement(), expected)
    assert list(raw.catch_up()) == []
    object.__setattr__(estimate.source, "done", ((0, 125_000),))
    assert list(raw.catch_up()) == [1, 0]
    assert raw.is_whole
    assert raw.agreement().covered == ()
    assert_close(raw.agreement(), agreement(recording, estimate_of(recording), clean=False))


def test_nothing_done_has_no_figures() -> None:
    recording = make_recording()
    found = agreement(recording, estimate_of(recording, ()), clean=False)
    assert found.mean_pcc_chest is None
    assert found.n_chest == 0
    assert worst_runs(tally_of(recording, estimate_of(recording, ()), clean=False).windows()) == ()


@pytest.mark.parametrize("clean", [False, True])
def test_windows_are_those_of_brute_force(clean: bool) -> None:
    recording = with_holes(make_recording(duration_s=250.4))
    estimate = estimate_of(recording)
    found = tally_of(recording, estimate, clean=clean).windows()
    assert found.leads == ("V1", "V3", "V4", "V5", "V6")
    # The last 0.4 s belong to the window before.
    assert found.edges.tolist() == [*range(0, 125_000, 5000), 125_200]
    truth_mv, rebuilt_mv = recording.read(found.leads), estimate.read(found.leads)
    if clean:
        truth_mv, rebuilt_mv = clean_filter(truth_mv, 500.0), clean_filter(rebuilt_mv, 500.0)
    compared = 0
    for column, (start, stop) in enumerate(zip(found.edges[:-1], found.edges[1:], strict=True)):
        for row, lead in enumerate(found.leads):
            a, b = truth_mv[row, start:stop], rebuilt_mv[row, start:stop]
            known = np.isfinite(a) & np.isfinite(b)
            if known.mean() < 0.5 or (lead == "V5" or (np.ptp(a[known]) == 0)):
                assert np.isnan(found.pcc[row, column])
            else:
                expected = np.corrcoef(a[known], b[known])[0, 1]
                # Beside a bridged gap blocks and the whole are filtered a little differently.
                assert found.pcc[row, column] == pytest.approx(expected, abs=2e-4)
                compared += 1
    assert compared > 90


def figures(pcc: list[list[float]]) -> WindowFigures:
    values = np.array(pcc)
    leads = ("V1", "V3", "V4")[: len(pcc)]
    return WindowFigures(leads, 500.0, np.arange(values.shape[1] + 1) * 5000, values, False)


def test_runs_are_joined_and_the_worst_comes_first() -> None:
    nan = np.nan
    runs = worst_runs(
        figures([[0.9, 0.7, 0.9, nan, 0.1, 0.95], [0.95, 0.75, 0.6, nan, 0.9, nan]]), 0.8
    )
    assert [(r.start_s, r.stop_s, r.at_s, r.lead, r.pcc, r.windows) for r in runs] == [
        (40.0, 50.0, 40.0, "V1", 0.1, 1),
        (10.0, 30.0, 20.0, "V3", 0.6, 2),
    ]
    assert worst_runs(figures([[0.9, 0.8]]), 0.8) == ()
    assert worst_runs(figures([[nan, nan]]), 0.8) == ()
    assert [run.pcc for run in worst_runs(figures([[-0.5, 0.9, -0.7]]), 0.0)] == [-0.7, -0.5]


def test_leads_of_other_systems_count_too() -> None:
    recording = make_recording(duration_s=30.0)
    frank = {name: recording.read([lead])[0] for name, lead in (("VX", "V5"), ("VY", "aVF"))}
    twelve = dict(zip(LEADS, recording.read_twelve(), strict=True))
    whole = recording_from_array("frank", {**twelve, **frank}, 500.0)
    channels = [
        replace(channel, lead=None) if channel.name in frank else channel
        for channel in whole.channels
    ]
    whole = replace(whole, channels=tuple(channels))
    noise = np.random.default_rng(0).normal(size=recording.n_samples) * 0.05
    others = {"VX": (frank["VX"] + noise).astype(np.float32)}
    estimate = replace(estimate_of(recording), others=others)
    direct = agreement(whole, estimate, clean=False)
    streamed = tally_of(whole, estimate, clean=False)
    assert streamed.windows().leads[-1] == "VX"
    assert streamed.agreement().others[0].pcc == pytest.approx(direct.others[0].pcc, abs=1e-6)


def test_memory_stays_bounded_over_an_hour() -> None:
    minute = make_recording(duration_s=60.0).read_twelve()

    class Hour:
        n_channels, n_samples = 12, 60 * minute.shape[1]

        def read(self, start: int, stop: int, channels: list[int]) -> np.ndarray:
            places = np.arange(start, stop) % minute.shape[1]
            return minute[np.ix_(list(channels), places)]

    recording = replace(make_recording(), source=Hour())
    estimate = replace(estimate_of(make_recording()), source=Hour())
    with peak_memory() as rise:
        found = agreement(recording, estimate, clean=True)
    assert found.mean_pcc_chest == pytest.approx(1.0)
    # The twelve leads of an hour are 86 MB, and both of them were held several times before.
    assert rise[0] < 80e6


@pytest.mark.real_data
def test_a_real_recording_fails_where_a_lead_was_exchanged(data_dir: Path) -> None:
    folder = data_dir / "ptb-xl" / "records500"
    files = sorted(folder.rglob("*.hea"))[:9]
    assert len(files) == 9
    pieces = [open_recording(path).read_twelve() for path in files]
    truth = np.concatenate(pieces, axis=1)
    wrong = truth.copy()
    wrong[LEAD_INDEX["V4"], 40_000 // 2 : 25_000] = -truth[LEAD_INDEX["V4"], 20_000:25_000]
    recording = recording_from_array("joined", dict(zip(LEADS, truth, strict=True)), 500.0)
    estimate = Reconstruction(GIVEN, lead_origins(GIVEN), ArraySource(wrong), "m", 62.5, "", 0.0)
    runs = worst_runs(tally_of(recording, estimate, clean=False).windows(), 0.5)
    assert [(run.start_s, run.stop_s, run.lead) for run in runs] == [(40.0, 50.0, "V4")]
    assert runs[0].pcc == pytest.approx(-1.0)


def test_blocks_are_as_long_as_they_say() -> None:
    assert tally_of(make_recording(), estimate_of(make_recording()), clean=False).blocks == 1
    assert tally.WINDOW_S == 10.0

from __future__ import annotations

from pathlib import Path

import pytest

from ecgview.engine.dataset import choose_entries
from ecgview.engine.events import Finished
from ecgview.engine.rate_loss import RateLoss, rate_loss_events


def losses(folder: Path, folds: tuple[int, ...], step: int = 1) -> dict[str, RateLoss]:
    entries = choose_entries([folder], folds, None)[::step]
    *_, last = rate_loss_events(entries, cache=False)
    assert isinstance(last, Finished)
    return {one.lead: one for one in last.result}


def test_a_sharp_wave_loses_what_the_filter_takes(small_data_set: Path) -> None:
    """QRS in these recordings is a Gaussian of 12 ms, whose spectrum reaches past 62.5 Hz."""
    lost = losses(small_data_set, (1, 3))
    assert {"I", "II"} & set(lost)
    for one in lost.values():
        assert one.recordings <= 6
        assert one.table_r_uv < one.r_uv
        assert 0.8 < one.kept_p05 <= one.kept < 1
        assert one.kept_ci95_low <= one.kept <= one.kept_ci95_high


@pytest.mark.real_data
def test_r_waves_lose_a_few_percent_at_125_hz(data_dir: Path) -> None:
    lost = losses(data_dir / "ptb-xl", (9,), 4)
    for lead in ("I", "II", "V4", "V5", "V6"):
        assert 0.92 < lost[lead].kept < 0.98

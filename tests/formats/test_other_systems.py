"""Files of Frank's or the EASI leads alone: the twelve leads follow from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ecgview.engine.reconstruct import reconstruct
from ecgview.errors import RecordingError
from ecgview.formats import open_recording, save_recording
from ecgview.leads import EASI_LEADS, FRANK_LEADS, INDEPENDENT_LEADS
from ecgview.signals.transforms import DOWER, EASI

SIGNALS_MV = np.cumsum(np.random.default_rng(4).normal(scale=0.02, size=(3, 1000)), axis=1)


@pytest.mark.parametrize("file_format", ["wfdb", "csv"])
@pytest.mark.parametrize(
    ("leads", "model", "weights"), [(FRANK_LEADS, "dower", DOWER), (EASI_LEADS, "easi", EASI)]
)
def test_they_open_and_give_the_twelve(
    tmp_path: Path, file_format: str, leads: tuple[str, ...], model: str, weights: np.ndarray
) -> None:
    file = save_recording("r", SIGNALS_MV, 250.0, tmp_path, format=file_format, leads=leads)
    recording = open_recording(file)
    assert (recording.leads, recording.other_leads) == ((), leads)
    assert recording.resolution_mv == pytest.approx(0.001)
    eight_mv = reconstruct(recording, (), model).read(INDEPENDENT_LEADS)
    expected = weights @ (SIGNALS_MV - np.median(SIGNALS_MV, axis=1, keepdims=True))
    np.testing.assert_allclose(eight_mv, expected, atol=0.003)


@pytest.mark.parametrize("leads", [("VX", "VY", "RESP"), ("ES", "AS", "VX")])
def test_part_of_a_system_does_not_serve(tmp_path: Path, leads: tuple[str, ...]) -> None:
    file = save_recording("r", SIGNALS_MV, 250.0, tmp_path, leads=leads)
    with pytest.raises(RecordingError, match="none of the twelve leads"):
        open_recording(file)


def test_a_lead_that_is_flat_is_told(tmp_path: Path) -> None:
    signals_mv = SIGNALS_MV.copy()
    signals_mv[1] = 0.2
    recording = open_recording(save_recording("r", signals_mv, 250.0, tmp_path, leads=FRANK_LEADS))
    flat = [warning.message for warning in recording.warnings if warning.code == "flat-lead"]
    assert len(flat) == 1
    assert "VY" in flat[0]

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from ecgview.engine.augmentation import (
    OVERSAMPLING,
    draw_windows,
    hide_leads,
    spoil_inputs,
    twelve_leads,
)
from ecgview.engine.parameters import TrainingParameters
from ecgview.leads import LIMB_FROM_I_II

SMALL = TrainingParameters(window=256)


def test_windows_without_chance_are_the_recording() -> None:
    still = replace(SMALL, time_stretch=0.0, gain_jitter=0.0)
    time_s = torch.arange(2500) / 250
    recording = torch.sin(2 * torch.pi * 8 * time_s).expand(1, 8, -1)
    window = draw_windows(recording, still, np.random.default_rng(0))
    assert window.shape == (1, 8, 256)
    # A window at the model's rate is the same tone, wherever it starts.
    spectrum = torch.fft.rfft(window[0, 0] * torch.hann_window(256)).abs()
    assert abs(float(spectrum.argmax()) * 125 / 256 - 8) < 0.5
    assert float(window.abs().max()) == pytest.approx(1, abs=0.01)
    assert OVERSAMPLING == 2


def test_spoiled_inputs_keep_limb_leads_and_add_little() -> None:
    truth = torch.randn(16, 8, 256)
    quiet = replace(SMALL, input_noise_uv=0.0, electrode_jitter=0.1)
    spoiled = spoil_inputs(truth, quiet, np.random.default_rng(0))
    assert torch.equal(spoiled[:, :2], truth[:, :2])
    change = (spoiled[:, 2:] - truth[:, 2:]).std() / truth.std()
    assert 0.05 < float(change) < 0.3


def test_hidden_leads_are_zero_and_known_limb_leads_complete() -> None:
    truth = torch.randn(64, 8, 32)
    signals, known = hide_leads(truth, (), np.random.default_rng(0))
    assert torch.equal(signals != 0, known[..., None].expand_as(signals))
    np.testing.assert_allclose(
        twelve_leads(truth)[:, :6], LIMB_FROM_I_II @ truth[:, :2].numpy(), atol=1e-5
    )


def test_chosen_leads_are_the_same_in_every_window() -> None:
    _, known = hide_leads(torch.randn(5, 8, 32), ("II", "V3"), np.random.default_rng(0))
    assert known.sum(dim=1).tolist() == [2] * 5
    assert known[:, [1, 8]].all()

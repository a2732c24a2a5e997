from __future__ import annotations

import numpy as np
import pytest
import torch

from ecgview.engine.losses import amplitude_scaled_error, high_pass
from ecgview.signals.filters import clean


def test_high_pass_of_the_loss_is_close_to_clean() -> None:
    generator = np.random.default_rng(0)
    signal = generator.normal(size=(1, 4096)).cumsum(axis=1) * np.hanning(4096)
    ours = high_pass(torch.from_numpy(signal), 125.0).numpy()
    assert np.std(ours - clean(signal, 125.0)) < 0.05 * np.std(ours)


def test_loss_counts_hidden_leads_alone_and_weighs_small_recordings_up() -> None:
    truth = (
        torch.sin(torch.arange(512) / 5).expand(2, 8, -1) * torch.tensor([1.0, 0.1])[:, None, None]
    )
    estimate = truth.clone()
    estimate[:, 3] += 5
    hidden = torch.ones(2, 8, dtype=torch.bool)
    hidden[:, 3] = False
    nothing = amplitude_scaled_error(truth, truth, hidden, 125.0, 0.7)
    assert amplitude_scaled_error(estimate, truth, hidden, 125.0, 0.7) == nothing
    error = torch.sin(torch.arange(512) / 3) * 0.2
    one = [
        amplitude_scaled_error(truth[k : k + 1] + error, truth[k : k + 1], hidden[:1], 125.0, 0.7)
        for k in (0, 1)
    ]
    assert float(one[1] / one[0]) == pytest.approx(10**0.5, rel=0.05)


def test_losses_stay_on_the_device_of_the_signals() -> None:
    # As on a GPU, tensors of this device cannot be mixed with those of the processor.
    signals = torch.empty(4, 8, 256, device="meta")
    assert high_pass(signals, 125.0).device.type == "meta"

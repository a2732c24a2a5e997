"""Which device runs models, why, and what happens where a GPU does not do what it says."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ecgview.cli import main
from ecgview.engine import gpu, reconstructor
from ecgview.engine.cards import list_models
from ecgview.engine.device import (
    choose_device,
    device_names,
    device_reason,
    gpu_failures_told,
)
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.errors import ModelError
from ecgview.simulate import simulate

needs_model = pytest.mark.skipif(not list_models(), reason="no model is bundled")
FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
Faking = Callable[..., None]


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look at the machine anew in each test, as on Linux, and forget what was found after it."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    gpu.cuda_fault.cache_clear()
    yield
    gpu.cuda_fault.cache_clear()
    gpu._given_up.clear()
    reconstructor._loaded.cache_clear()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Faking:
    """Make torch speak of a GPU that is not there."""

    def set_up(
        *, built: bool = True, present: bool = True, warns: str = "", fails: Exception | None = None
    ) -> None:
        def is_available() -> bool:
            if warns:
                warnings.warn(warns, UserWarning, stacklevel=2)
            return present

        def calculate(device: str) -> None:
            if fails is not None:
                raise fails

        monkeypatch.setattr(torch.version, "cuda", "12.8" if built else None)
        monkeypatch.setattr(torch.version, "hip", None)
        monkeypatch.setattr(torch.cuda, "is_available", is_available)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda place: "NVIDIA RTX 4090")
        properties = SimpleNamespace(total_memory=24 * 2**30)
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda place: properties)
        monkeypatch.setattr(gpu, "_calculate", calculate)

    return set_up


def test_a_gpu_is_named_with_its_memory(fake: Faking) -> None:
    fake()
    assert device_names() == ["cuda", "cpu"]
    assert choose_device() == "cuda"
    assert device_reason() == "CUDA: NVIDIA RTX 4090, 24 GB."
    assert device_reason("cpu") == "CPU, as chosen."


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        ({"built": False}, "CPU: this build of torch has no CUDA."),
        ({"present": False}, "CPU: no GPU was found."),
        (
            {"present": False, "warns": "Found no NVIDIA driver on your system."},
            "CPU: no GPU was found.",
        ),
        (
            {
                "present": False,
                "warns": "CUDA initialization: The NVIDIA driver on your system is too old (found "
                "version 11040). Please update your GPU driver.",
            },
            "CPU: the NVIDIA driver is too old for this build of torch.",
        ),
        (
            {"fails": RuntimeError("CUDA error: no kernel image is available for execution")},
            "CPU: NVIDIA RTX 4090 cannot be used: it is not one of those that this build of torch "
            "supports.",
        ),
        ({"fails": FULL}, "CPU: NVIDIA RTX 4090 cannot be used: its memory is full."),
    ],
)
def test_why_the_cpu_runs_models(fake: Faking, machine: dict[str, object], reason: str) -> None:
    fake(**machine)
    assert device_names() == ["cpu"]
    assert choose_device() == "cpu"
    assert device_reason() == reason


def test_the_installed_application_names_the_way_to_a_gpu(
    fake: Faking, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(built=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert device_reason().startswith("CPU: the installed application has no CUDA.")
    assert "pip" in device_reason()


def test_a_mac_has_its_own_gpu_or_says_that_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert device_reason() == "CPU: no GPU that torch can use was found."
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert device_reason() == "MPS: the GPU of this Mac."


def test_cuda_asked_for_where_there_is_none_is_refused_with_the_way(fake: Faking) -> None:
    fake(built=False)
    with pytest.raises(ModelError) as refused:
        choose_device("cuda")
    assert "this build of torch has no CUDA" in refused.value.message
    assert "PyTorch's own site" in refused.value.hint


def test_a_gpu_that_does_not_work_is_refused_by_name(fake: Faking) -> None:
    fake(fails=FULL)
    with pytest.raises(ModelError, match="memory is full"):
        choose_device("cuda")


def _half_broken(wish: str) -> reconstructor.Reconstructor:
    """Give a reconstructor that believes to be on a GPU, which fails once."""
    made = load_reconstructor(device="cpu")
    made.device, made.wish = "cuda", wish
    estimate, failures = made.estimate, [FULL]

    def fail_first(signals: torch.Tensor, known: torch.Tensor) -> np.ndarray:
        if failures:
            raise failures.pop()
        return estimate(signals, known)

    made.estimate = fail_first  # type: ignore[method-assign]
    return made


@needs_model
def test_a_gpu_that_runs_full_is_left_for_the_cpu(
    fake: Faking, caplog: pytest.LogCaptureFixture
) -> None:
    fake()
    recording = simulate("normal", seed=3)
    whole = load_reconstructor(device="cpu")
    expected = whole.windows(recording, ("I", "II"))
    assert list(whole.run([expected]))
    reconstructor._loaded.cache_clear()
    broken = _half_broken("auto")
    job = broken.windows(recording, ("I", "II"))
    with caplog.at_level(logging.WARNING, "ecgview"):
        assert list(broken.run([job]))
    assert broken.device == "cpu"
    np.testing.assert_array_equal(job.signals_mv, expected.signals_mv)
    assert "its memory is full" in caplog.text
    assert choose_device() == "cpu"
    assert device_reason() == "CPU: the GPU is not used any more: its memory is full."


@needs_model
def test_a_gpu_asked_for_by_name_is_not_left_in_silence(fake: Faking) -> None:
    fake()
    broken = _half_broken("cuda")
    job = broken.windows(simulate("normal"), ("I", "II"))
    with pytest.raises(ModelError, match="The GPU failed: its memory is full"):
        list(broken.run([job]))


@needs_model
def test_other_errors_are_not_taken_for_those_of_a_gpu(fake: Faking) -> None:
    fake()
    broken = _half_broken("auto")
    broken.estimate = lambda *_: (_ for _ in ()).throw(RuntimeError("shapes differ"))  # type: ignore
    job = broken.windows(simulate("normal"), ("I", "II"))
    with pytest.raises(RuntimeError, match="shapes differ"):
        list(broken.run([job]))
    assert not gpu.given_up()


def test_a_gpu_that_fails_at_training_is_told_in_a_sentence() -> None:
    with (
        pytest.raises(ModelError, match="The GPU failed: its memory is full") as told,
        gpu_failures_told("cuda", "Take less."),
    ):
        raise FULL
    assert told.value.hint == "Take less."
    with pytest.raises(RuntimeError, match="out of memory"), gpu_failures_told("cpu", ""):
        raise FULL
    with pytest.raises(RuntimeError, match="shapes"), gpu_failures_told("cuda", ""):
        raise RuntimeError("shapes differ")


def test_the_command_line_says_why(fake: Faking, capsys: pytest.CaptureFixture[str]) -> None:
    fake(present=False)
    assert main(["models", "--device"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "device: cpu (available: cpu)",
        "  CPU: no GPU was found.",
    ]

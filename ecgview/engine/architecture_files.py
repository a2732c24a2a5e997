"""Networks from the user's own Python files: run, built, tried; what goes wrong is told by line.

What such a file holds stands in `ecgview.engine.architectures`. Importing this loads no torch.
"""

from __future__ import annotations

import hashlib
import math
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from ecgview.errors import ModelError

if TYPE_CHECKING:
    from torch import nn

DEFAULT_STRIDE = 1
DEFAULT_REACH = 512
_DRY_RUN_SAMPLES = 256

T = TypeVar("T")


def read_file(path: Path) -> bytes:
    """Read a file whole.

    Raises
    ------
    ModelError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error


def build_from_file(path: Path, n_inputs: int, n_outputs: int, base_width: int) -> nn.Module:
    """Run a user's file and build its network.

    Parameters
    ----------
    path : Path
        A Python file, which is run.
    n_inputs, n_outputs : int
        Channels in and out.
    base_width : int
        What the file makes of it.

    Returns
    -------
    torch.nn.Module
        Tried on two empty windows; `STRIDE` and `REACH` are set.

    Raises
    ------
    ModelError
        If the file does not do what it should; the sentence names file and line.
    """
    from torch import nn

    module = _run_file(path)
    build = getattr(module, "build", None)
    if not callable(build):
        raise ModelError(
            f"{path} defines no function build().",
            "It must define build(n_inputs, n_outputs, base_width).",
        )
    stride = _whole_number(path, module, "STRIDE", DEFAULT_STRIDE, 1)
    reach = _whole_number(path, module, "REACH", DEFAULT_REACH, 0)
    network = _guarded(path, "build()", lambda: build(n_inputs, n_outputs, base_width))
    if not isinstance(network, nn.Module):
        raise ModelError(
            f"build() in {path} gave a {type(network).__name__}.",
            "It must return a torch.nn.Module.",
        )
    vars(network).update(STRIDE=stride, REACH=reach)
    _dry_run(path, network, n_inputs, n_outputs, stride)
    if not any(tensor.requires_grad for tensor in network.parameters()):
        raise ModelError(f"The network of {path} has no weights to train.")
    return network


def _run_file(path: Path) -> ModuleType:
    content = read_file(path)
    module = ModuleType(f"ecgview_architecture_{hashlib.sha256(content).hexdigest()[:16]}")
    module.__file__ = str(path)
    # Data classes and the like look their module up.
    sys.modules[module.__name__] = module

    def run() -> None:
        exec(compile(content, str(path), "exec"), vars(module))

    _guarded(path, "The file", run)
    return module


def _guarded(path: Path, what: str, run: Callable[[], T]) -> T:
    """Run code of the user's file; tell the line of what it raises."""
    try:
        return run()
    except Exception as error:
        where = f", line {line}" if (line := _line(error, str(path))) else ""
        raise ModelError(
            f"{what} failed in {path}{where}: {type(error).__name__}: {error}",
            "Mend the file and try again.",
        ) from error


def _line(error: Exception, file: str) -> int | None:
    if isinstance(error, SyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == file), None)


def _whole_number(path: Path, module: ModuleType, name: str, default: int, low: int) -> int:
    value: Any = getattr(module, name, default)
    if not isinstance(value, int) or value < low:
        raise ModelError(
            f"{name} in {path} is {value!r}.", f"It must be a whole number from {low} on."
        )
    return value


def _dry_run(path: Path, network: nn.Module, n_inputs: int, n_outputs: int, stride: int) -> None:
    """Check what comes out of two empty windows."""
    import torch

    n_samples = stride * math.ceil(_DRY_RUN_SAMPLES / stride)
    windows = torch.zeros(2, n_inputs, n_samples)
    training = network.training
    with torch.no_grad():
        outputs = _guarded(path, "A dry run", lambda: network.eval()(windows))
    network.train(training)
    shape = tuple(outputs.shape) if isinstance(outputs, torch.Tensor) else type(outputs).__name__
    if shape != (2, n_outputs, n_samples):
        raise ModelError(
            f"The network of {path} gave {shape} for an input of {tuple(windows.shape)}.",
            f"It must give (batch, n_outputs, samples), here (2, {n_outputs}, {n_samples}).",
        )

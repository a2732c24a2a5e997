"""Networks from elsewhere as ONNX files, run by onnxruntime, an optional dependency."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgview import paths
from ecgview.engine.cards import ModelCard, write_card
from ecgview.engine.input_sets import known_leads
from ecgview.errors import ModelError
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS, LEAD_INDEX, in_order

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

ONNX = "onnx"
"""Their architecture, as cards name it."""

Unit = Literal["mV", "uV"]
_UNITS_PER_MV = {"mV": 1.0, "uV": 1000.0}
_STRIDE, _REACH = 64, 512
_EXPECTED = "It must map (batch, leads, samples) to (batch, leads, samples), in 32-bit floats."


class OnnxModel(nn.Module):
    """A network in an ONNX file behind the interface of the other models.

    Parameters
    ----------
    content : bytes
        The file.
    inputs, outputs : sequence of str
        Leads of its input and output channels, in their order.
    unit : {"mV", "uV"}
        Unit of both.
    stride, reach : int
        Where the file takes any length: lengths are padded to multiples of `stride`, and windows
        overlap by `reach` samples.

    Raises
    ------
    ModelError
        If onnxruntime is not installed, or the network does not fit these leads.
    """

    def __init__(
        self,
        content: bytes,
        inputs: Sequence[str],
        outputs: Sequence[str],
        unit: Unit = "mV",
        stride: int = _STRIDE,
        reach: int = _REACH,
    ) -> None:
        super().__init__()
        self._session = _session(content)
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._units_per_mv = _UNITS_PER_MV[unit]
        length, self._one_by_one = _check_shape(self._session, len(self._inputs))
        # A network of fixed length sees half-overlapping windows; of each the inner half is kept,
        # at the ends all that no other window has.
        self._window = length
        self.STRIDE = length // 2 if length else stride
        self.REACH = length or reach
        self._dry_run()

    def forward(self, signals: Tensor, known: Tensor) -> Tensor:
        """Rebuild the leads that the network gives.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            Known leads in mV, zero elsewhere; limb leads completed.
        known : Tensor of bool, shape (batch, 12)
            Which are known.

        Returns
        -------
        Tensor, shape (batch, 8, samples)
            The independent leads in mV: known ones as they came, those the network gives, and NaN
            for the others.
        """
        independent = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]
        estimate = signals[:, independent].masked_fill(~known[:, independent, None], torch.nan)
        inputs = signals[:, [LEAD_INDEX[lead] for lead in self._inputs]].float().cpu().numpy()
        outputs = torch.from_numpy(self._any_length(inputs * np.float32(self._units_per_mv)))
        for row, lead in enumerate(INDEPENDENT_LEADS):
            if lead in self._outputs and lead not in self._inputs:
                estimate[:, row] = outputs[:, self._outputs.index(lead)] / self._units_per_mv
        return estimate

    def _any_length(self, signals: NDArray[np.float32]) -> NDArray[np.float32]:
        if not self._window:
            return self._run(signals)
        window, half, n_samples = self._window, self._window // 2, signals.shape[-1]
        signals = np.pad(signals, ((0, 0), (0, 0), (0, max(0, window - n_samples))))
        kept = []
        for start in range(0, n_samples, half):
            place = min(max(start - window // 4, 0), signals.shape[-1] - window)
            outputs = self._run(signals[..., place : place + window])
            kept.append(outputs[..., start - place : min(start + half, n_samples) - place])
        return np.concatenate(kept, axis=-1)

    def _run(self, signals: NDArray[np.float32]) -> NDArray[np.float32]:
        name = self._session.get_inputs()[0].name
        batches = np.split(signals, len(signals)) if self._one_by_one else [signals]
        try:
            done = [
                self._session.run(None, {name: np.ascontiguousarray(batch)})[0] for batch in batches
            ]
        except Exception as error:  # onnxruntime has kinds of its own that it does not export
            raise ModelError(f"The ONNX network failed: {error}", _EXPECTED) from error
        outputs = np.concatenate(done)
        expected = (len(signals), len(self._outputs), signals.shape[-1])
        if outputs.shape != expected:
            raise ModelError(
                f"The ONNX network gave {outputs.shape} for an input of {signals.shape}; "
                f"{expected} was expected.",
                f"Name its output leads in order. {_EXPECTED}",
            )
        return outputs.astype(np.float32, copy=False)

    def _dry_run(self) -> None:
        n_samples = self._window or self.STRIDE * -(-256 // self.STRIDE)
        self._run(np.zeros((1, len(self._inputs), n_samples), dtype=np.float32))


def load_onnx(card: ModelCard, content: bytes) -> OnnxModel:
    """Make the model of a card.

    Parameters
    ----------
    card : ModelCard
        Of architecture ``onnx``; its arguments are those of `OnnxModel`.
    content : bytes
        The ONNX file.

    Raises
    ------
    ModelError
        If the card's arguments make no sense, or as `OnnxModel`.
    """
    try:
        return OnnxModel(content, **card.arguments)
    except (TypeError, KeyError) as error:
        raise ModelError(
            f"The card of {card.name} does not describe an ONNX network ({error}).",
            "Make it with `ecgview models --add`.",
        ) from error


def add_onnx(
    file: Path,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rate_hz: float,
    unit: Unit = "mV",
    name: str | None = None,
) -> ModelCard:
    """Copy an ONNX network into the user's folder of models and write its card.

    Parameters
    ----------
    file : Path
        The network.
    inputs, outputs : sequence of str
        Leads of its channels, in their order.
    rate_hz : float
        Sampling rate it works at.
    unit : {"mV", "uV"}
        Unit of input and output.
    name : str, optional
        Name of the model; the file's stem if not given.

    Returns
    -------
    ModelCard
        As written.

    Raises
    ------
    ModelError
        If it cannot be read, does not run on these leads, or a model of that name is there.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror}.") from error
    arguments: dict[str, Any] = {"inputs": list(inputs), "outputs": list(outputs), "unit": unit}
    OnnxModel(content, **arguments)
    target = paths.user_models_dir() / f"{name or file.stem}.onnx"
    if target.with_suffix(".json").exists():
        raise ModelError(f"There is a model {target.stem} in {target.parent}.", "Use another name.")
    card = ModelCard(
        name=target.stem,
        title=target.stem,
        description=f"ONNX network from {', '.join(inputs)} to {', '.join(outputs)}.",
        architecture=ONNX,
        arguments=arguments,
        fs_hz=rate_hz,
        bandwidth_hz=rate_hz / 2,
        sha256=hashlib.sha256(content).hexdigest(),
        leads=in_order(inputs),
        rebuilds=_rebuilt(inputs, outputs),
        path=target,
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    write_card(card)
    return card


def _rebuilt(inputs: Sequence[str], outputs: Sequence[str]) -> tuple[str, ...]:
    """Leads that a network gives; empty where it gives all that is missing."""
    known = known_leads(in_order(inputs))
    if {*known, *outputs} >= set(INDEPENDENT_LEADS):
        return ()
    return tuple(lead for lead in CHEST_LEADS if lead in outputs and lead not in known)


def _session(content: bytes) -> InferenceSession:
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            "ONNX models need onnxruntime, which is not installed.",
            'Install it: python -m pip install "ecgview[onnx]".',
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise ModelError(
            f"The ONNX file cannot be loaded: {error}",
            "Its weights must lie in the file itself, not in one beside it.",
        ) from error


def _check_shape(session: InferenceSession, n_inputs: int) -> tuple[int, bool]:
    """Length of the network's window, 0 for any, and whether it takes one window at a time."""
    taken = session.get_inputs()
    if len(taken) != 1 or taken[0].type != "tensor(float)" or len(taken[0].shape) != 3:
        found = "; ".join(f"{one.name} {one.type} {one.shape}" for one in taken)
        raise ModelError(f"The ONNX network takes {found}.", _EXPECTED)
    batch, channels, length = taken[0].shape
    if isinstance(channels, int) and channels != n_inputs:
        raise ModelError(
            f"The ONNX network takes {channels} leads, not {n_inputs}.",
            "Name its input leads in the order of its channels.",
        )
    if isinstance(length, int) and length < 8:
        raise ModelError(f"The ONNX network takes windows of {length} samples.", _EXPECTED)
    return (length if isinstance(length, int) else 0), batch == 1

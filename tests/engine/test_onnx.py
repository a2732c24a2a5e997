"""Networks in ONNX files: the same figures as in torch, any length, and useful errors."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest
import torch
from beats import twelve_lead_array

from ecgview import paths
from ecgview.cli import main
from ecgview.engine.cards import find_model, list_models
from ecgview.engine.models import estimate
from ecgview.engine.models.onnx_model import OnnxModel, add_onnx
from ecgview.engine.reconstruct import reconstruct
from ecgview.errors import ModelError
from ecgview.leads import LEADS, Origin
from ecgview.recording import recording_from_array

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

INPUTS, OUTPUTS = ("V2", "I", "II"), ("V6", "V1", "V3", "V4", "V5")
RNG = np.random.default_rng(5)
KERNEL = RNG.normal(size=(5, 3, 5)).astype(np.float32) / 4


def network(kernel: np.ndarray, shape: list[str | int]) -> bytes:
    """A convolution over (batch, leads, samples) that keeps the length."""
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    node = helper.make_node("Conv", ["ecg", "kernel"], ["leads"], pads=[kernel.shape[2] // 2] * 2)
    graph = helper.make_graph(
        [node],
        "net",
        [helper.make_tensor_value_info("ecg", kind, shape)],
        [helper.make_tensor_value_info("leads", kind, [shape[0], len(kernel), shape[2]])],
        [onnx.numpy_helper.from_array(kernel, "kernel")],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


ANY_LENGTH = network(KERNEL, ["batch", 3, "samples"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, not there yet."""
    found = tmp_path / "models"
    monkeypatch.setattr(paths, "user_models_dir", lambda: found)
    return found


def written(tmp_path: Path, content: bytes = ANY_LENGTH) -> Path:
    file = tmp_path / "mine.onnx"
    file.write_bytes(content)
    return file


def inputs(n_samples: int) -> tuple[torch.Tensor, torch.Tensor]:
    signals = torch.from_numpy(twelve_lead_array(125.0, n_samples / 125).astype(np.float32))
    known = torch.tensor([lead in LEADS[:6] or lead == "V2" for lead in LEADS])
    return (signals * known[:, None])[None, :, :n_samples].repeat(2, 1, 1), known.expand(2, -1)


def in_torch(signals: torch.Tensor) -> np.ndarray:
    given = signals[:, [LEADS.index(lead) for lead in INPUTS]]
    return torch.nn.functional.conv1d(given, torch.from_numpy(KERNEL), padding=2).numpy()


@pytest.mark.parametrize(
    ("shape", "exact_to"),
    [(["batch", 3, "samples"], 0), ([1, 3, "samples"], 0), ([1, 3, 256], 0), (["b", 3, 101], 0)],
)
def test_outputs_are_the_network_s_on_any_length(shape: list[str | int], exact_to: int) -> None:
    model = OnnxModel(network(KERNEL, shape), INPUTS, OUTPUTS)
    signals, known = inputs(1000)
    eight_mv = estimate(model, signals, known).numpy()
    expected = in_torch(signals)
    rows = [["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"].index(lead) for lead in OUTPUTS]
    np.testing.assert_allclose(eight_mv[:, rows], expected, atol=1e-5)
    np.testing.assert_array_equal(eight_mv[:, :2], signals[:, :2].numpy())
    np.testing.assert_array_equal(eight_mv[:, 3], signals[:, LEADS.index("V2")].numpy())


def test_microvolts_are_converted_both_ways() -> None:
    """A network that squares its kernel's scale would not commute with the unit; this one adds."""
    in_mv = OnnxModel(ANY_LENGTH, INPUTS, OUTPUTS, "mV")
    in_uv = OnnxModel(ANY_LENGTH, INPUTS, OUTPUTS, "uV")
    seen: list[np.ndarray] = []
    run = in_uv._run
    in_uv._run = lambda signals: (seen.append(signals), run(signals))[1]  # type: ignore[method-assign]
    signals, known = inputs(320)
    np.testing.assert_allclose(
        estimate(in_uv, signals, known), estimate(in_mv, signals, known), atol=1e-4
    )
    assert seen[0].max() == pytest.approx(1000 * signals[:, [0, 1, 7]].max().item(), rel=1e-5)


def test_an_added_network_is_a_model_like_any_other(folder: Path, tmp_path: Path) -> None:
    card = add_onnx(written(tmp_path), INPUTS, OUTPUTS, 250.0, name="conv")
    assert [model.name for model in list_models()].count("conv") == 1
    assert card.leads == ("I", "II", "V2")
    assert find_model("conv").path == folder / "conv.onnx"
    twelve_mv = twelve_lead_array(250.0, 8.0)
    recording = recording_from_array("r", dict(zip(LEADS, twelve_mv, strict=True)), 250.0)
    result = reconstruct(recording, ("I", "II", "V2"), "conv")
    assert result.origins["V6"] is Origin.RECONSTRUCTED
    assert result.absent == ()
    levelled = twelve_mv - np.median(twelve_mv, axis=1, keepdims=True)
    expected = in_torch(torch.from_numpy(levelled.astype(np.float32))[None])[0]
    rebuilt = result.read(OUTPUTS)
    inside = slice(5, -5)
    np.testing.assert_allclose(rebuilt[:, inside], expected[:, inside], atol=1e-3)


def test_a_damaged_file_does_not_load(folder: Path, tmp_path: Path) -> None:
    card = add_onnx(written(tmp_path), INPUTS, OUTPUTS, 250.0)
    card.path.write_bytes(card.path.read_bytes()[:-1] + b"\0")
    recording = recording_from_array("r", dict(zip(LEADS, np.ones((12, 500)), strict=True)), 250.0)
    with pytest.raises(ModelError, match="do not match their card"):
        reconstruct(recording, ("I", "II", "V2"), "mine")


def test_a_network_that_leaves_leads_out_says_so_on_its_card(folder: Path, tmp_path: Path) -> None:
    one = network(KERNEL[:1, :1], ["batch", 1, "samples"])
    card = add_onnx(written(tmp_path, one), ("I",), ("V5",), 125.0)
    assert card.rebuilds == ("V5",)
    recording = recording_from_array(
        "r", dict(zip(LEADS, twelve_lead_array(125.0, 4.0), strict=True)), 125.0
    )
    result = reconstruct(recording, ("I",), "mine")
    assert result.reconstructed_leads == ("V5",)
    assert np.isnan(result.read(("II",))).all()


@pytest.mark.parametrize(
    ("content", "given", "message"),
    [
        (b"nothing", INPUTS, "cannot be loaded"),
        (ANY_LENGTH, ("I", "II"), "takes 3 leads, not 2"),
        (network(KERNEL[:4], ["batch", 3, "samples"]), INPUTS, r"gave \(1, 4, 256\)"),
    ],
)
def test_what_does_not_fit_is_refused_when_it_is_added(
    folder: Path, tmp_path: Path, content: bytes, given: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        add_onnx(written(tmp_path, content), given, OUTPUTS, 125.0)
    assert not folder.exists()


def test_without_onnxruntime_it_is_said_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = add_onnx(written(tmp_path), INPUTS, OUTPUTS, 125.0)
    import_module = builtins.__import__

    def without(name: str, *args: object, **how: object) -> object:
        if name == "onnxruntime":
            raise ImportError(name)
        return import_module(name, *args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    assert find_model("mine").sha256 == card.sha256
    recording = recording_from_array("r", dict(zip(LEADS, np.ones((12, 500)), strict=True)), 125.0)
    with pytest.raises(ModelError, match="pip install"):
        reconstruct(recording, ("I", "II", "V2"), "mine")


def test_the_command_adds_it_and_tells_what_it_must_know(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(written(tmp_path))
    assert main(["models", "--add", file, "--leads", "V2,I,II"]) == 1
    assert "--rebuilds, --rate-hz" in capsys.readouterr().err
    described = ["--leads", "V2,I,II", "--rebuilds", ",".join(OUTPUTS), "--rate-hz", "125"]
    assert main(["models", "--add", file, *described]) == 0
    assert "takes I, II, V2 only" in capsys.readouterr().out
    assert find_model("mine").arguments["inputs"] == list(INPUTS)
    assert main(["models", "--add", file, *described]) == 1
    assert "Use another name" in capsys.readouterr().err

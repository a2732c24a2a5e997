"""A user's own network in an ONNX file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from check.running import Bench, LeftOut, same_files

INPUTS, OUTPUTS = ("I", "II", "V2"), ("V1", "V3", "V4", "V5", "V6")
KERNEL_SAMPLES = 5


def write_network(file: Path) -> None:
    """Write a convolution over (batch, leads, samples) that keeps the length."""
    try:
        from onnx import TensorProto, helper, numpy_helper
    except ImportError:
        raise LeftOut("the library that writes ONNX files, onnx, is not installed") from None
    shape = (len(OUTPUTS), len(INPUTS), KERNEL_SAMPLES)
    kernel = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    pads = [KERNEL_SAMPLES // 2] * 2
    leads_in, leads_out = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", number, "samples"])
        for name, number in (("ecg", len(INPUTS)), ("leads", len(OUTPUTS)))
    )
    graph = helper.make_graph(
        [helper.make_node("Conv", ["ecg", "kernel"], ["leads"], pads=pads)],
        "net",
        [leads_in],
        [leads_out],
        [numpy_helper.from_array(kernel, "kernel")],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    file.write_bytes(model.SerializeToString())


def check_onnx(bench: Bench) -> None:
    file = bench.place("onnx") / "own network.onnx"
    write_network(file)
    leads = ("--leads", ",".join(INPUTS))
    bench.frozen(
        "models", "--add", file, *leads, "--rebuilds", ",".join(OUTPUTS), "--rate-hz", "125"
    )
    folders = {how: bench.place("onnx", how) for how in ("frozen", "unfrozen")}
    words = ("reconstruct", bench.record, *leads, "--model", "own network", "--output")
    bench.both(lambda how: (*words, folders[how]))
    same_files(folders["frozen"], folders["unfrozen"])


CHECKS = {"a network in an ONNX file is added and used": check_onnx}

"""Of onnxruntime, what runs a network on the processor: all of it is in one library."""

hiddenimports = ["onnxruntime.capi.onnxruntime_pybind11_state"]

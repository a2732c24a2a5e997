"""The trace area: ECG paper, traces, and moving over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecgview.gui.viewer.paint import paint_scene
    from ecgview.gui.viewer.scene import Scene, build_scene
    from ecgview.gui.viewer.state import ViewState
    from ecgview.gui.viewer.trace_area import TraceArea

_MODULE_OF_NAME = {
    "Scene": "scene",
    "TraceArea": "trace_area",
    "ViewState": "state",
    "build_scene": "scene",
    "paint_scene": "paint",
}

__all__ = ["Scene", "TraceArea", "ViewState", "build_scene", "paint_scene"]


def __getattr__(name: str) -> Any:
    # Fetched when first used: the scene knows no Qt, and importing it must not load Qt.
    if name not in _MODULE_OF_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULE_OF_NAME[name]}"), name)

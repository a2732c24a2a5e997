"""Draw the pictures of README.md from the demo: ``python docs/make_screenshots.py``."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from ecgview.gui.app import render_window
from ecgview.simulate import simulate

FOLDER = Path(__file__).parent
AVAILABLE = ("I", "II", "V2")


def main() -> None:
    """Write ``window-light.png`` and ``window-dark.png``."""
    normal, infarction = simulate("normal", seed=3), simulate("anterior-infarction", seed=1)
    render_window(normal, AVAILABLE, FOLDER / "window-light.png", theme="light")
    render_window(infarction, AVAILABLE, FOLDER / "window-dark.png", theme="dark")


if __name__ == "__main__":
    main()

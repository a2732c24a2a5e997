"""What the dialog about the program says, as text."""

from __future__ import annotations

import locale
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from ecgview import __version__
from ecgview.gui.model_panel import device_reason
from ecgview.gui.state import SessionState
from ecgview.paths import bundled_models_dir

NO_NETWORK = (
    "ecgview never contacts the network: it sends nothing and looks for no updates. Recordings "
    "stay on this computer."
)
ACKNOWLEDGEMENTS = (
    "The bundled models learnt from PTB-XL (P. Wagner et al., Scientific Data 7, 154, 2020; "
    "PhysioNet; CC BY 4.0) and from set A of the PhysioNet/Computing in Cardiology Challenge 2011 "
    "(I. Silva et al., Computing in Cardiology 38, 2011; ODC-By 1.0). PhysioNet: A. L. Goldberger "
    "et al., Circulation 101, e215, 2000.",
    "The networks follow Gradowski and Buchner (2025); how estimates are judged follows Presacan "
    "et al. (2025). The published transforms name their papers in their descriptions.",
)


def made_with() -> str:
    """Name the versions of what does most of the work."""
    return (
        f"Python {platform.python_version()}, Qt {qVersion()}, "
        f"PySide6 {_version_of('PySide6_Essentials')}, PyTorch {torch_version()}"
    )


def torch_version() -> str:
    """Give the version of torch without loading it; a build for CUDA names that."""
    loaded = sys.modules.get("torch")
    return str(loaded.__version__) if loaded is not None else _version_of("torch")


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of unknown version"


def how_installed() -> str:
    """Say whether this is an installed application or a Python package."""
    return "installed application" if getattr(sys, "frozen", False) else "Python package"


def model_lines(state: SessionState) -> list[str]:
    """Name each model that has weights, with its version, and count the published transforms."""
    with_weights = [card for card in state.models if card.path != Path()]
    lines = [f"{card.title} ({card.name}): {card.edition}" for card in with_weights]
    others = len(state.models) - len(with_weights)
    if others:
        lines.append(f"{others} published transforms, which have no weights")
    return lines or ["none installed"]


def report_text(state: SessionState) -> str:
    """Gather what a report of a fault needs: nothing of recordings, people or their folders."""
    bundled = [card for card in state.models if card.path.parent == bundled_models_dir()]
    own = sum(card.path != Path() for card in state.models) - len(bundled)
    names = "; ".join(f"{card.name}, {card.edition}" for card in bundled) or "none"
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    lines = (
        f"ecgview {__version__}, {how_installed()}",
        f"System: {platform.platform()}, {platform.machine()}",
        made_with(),
        f"Device: {device_reason(state)}",
        f"Models: {names}" + (f"; {own} of the user" if own else ""),
        f"Screen: {size.width()} x {size.height()} at {screen.devicePixelRatio():g}, "
        f"{QGuiApplication.platformName()}; theme {state.theme}, text {state.text_size} %",
        f"Language: {locale.getlocale()[0] or 'C'}",
    )
    return "\n".join(lines) + "\n"

"""What all installers say of ecgview: names, version, and the fixed wording."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# It is the checkout that is packaged, whatever else is installed.
sys.path.insert(0, str(ROOT))

from ecgview import DISCLAIMER, __version__  # noqa: E402

NAME = "ecgview"
VERSION = __version__
PUBLISHER = "The ecgview developers"
IDENTIFIER = "org.ecgview.ecgview"
"""For systems that want a name of the whole world; a fork that is released takes its own."""
SUMMARY = "View twelve-lead ECGs and rebuild missing leads"
DESCRIPTION = (
    "Opens twelve-lead electrocardiograms, lets you choose which leads are available, rebuilds "
    "the others with a neural network, and draws original against reconstruction."
)
WORDING = DISCLAIMER
LICENCE = "MIT"
ICON = ROOT / "resources" / "icons" / "ecgview.svg"

__all__ = [
    "DESCRIPTION",
    "ICON",
    "IDENTIFIER",
    "LICENCE",
    "NAME",
    "PUBLISHER",
    "ROOT",
    "SUMMARY",
    "VERSION",
    "WORDING",
]

"""What is said of the interval around a reconstruction."""

from __future__ import annotations

from ecgview.reconstruction import Reconstruction

NO_INTERVAL = "No interval: the model has no calibrated one"
NOT_A_GUARANTEE = (
    "Calibrated on recordings the model never saw: it holds so many of the\n"
    "recorded samples on average over patients, no guarantee for one.\n"
    "Without a high-pass of 0.5 Hz it includes the usual wander of the baseline."
)


def interval_title(level: float) -> str:
    """Name a level: ``90 % interval``, or ``No interval``."""
    return f"{100 * level:.0f} % interval" if level else "No interval"


def missing_words(reconstruction: Reconstruction | None) -> str:
    """Say why no interval is drawn; nothing where there is one, or nothing is rebuilt."""
    if reconstruction is None or not reconstruction.reconstructed_leads:
        return ""
    return NO_INTERVAL if reconstruction.interval is None else ""


def interval_tip(level: float) -> str:
    """Explain the band of a level."""
    if not level:
        return "Draw how far the recorded lead may lie from its reconstruction"
    tenths = f"{10 * level:.0f} of 10 samples"
    return f"A band that is to hold {tenths} of the recorded lead.\n{NOT_A_GUARANTEE}"

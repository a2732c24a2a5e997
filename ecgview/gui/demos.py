"""Simulated recordings as entries of the list of open files."""

from __future__ import annotations

from functools import partial

from ecgview.gui.state import OpenFile
from ecgview.recording import Recording


def demo_entry(case: str, seed: int = 0) -> OpenFile:
    """Make the list entry of a simulated recording.

    Parameters
    ----------
    case : str
        One of the simulator's cases.
    seed : int
        Which simulated person.
    """
    return OpenFile(case, partial(_simulated, case, seed), demo=(case, seed))


def _simulated(case: str, seed: int) -> Recording:
    from ecgview.simulate import simulate

    return simulate(case, seed=seed)

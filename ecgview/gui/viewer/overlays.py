"""Several estimates of one recording on the same paper: which, and how they are told apart."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.reconstruction import Reconstruction

DASHES_PX = ((4.0, 2.5), (9.0, 3.0), (2.0, 2.5), (14.0, 2.5), (6.0, 6.0))
"""Dash and gap of each style: that of the model first, then those of other estimates."""
STYLE_COLOURS = ("reconstruction", "estimate_1", "estimate_2", "estimate_3", "estimate_4")
"""The theme's token for the colour of each style."""
MOST_OTHERS = len(DASHES_PX) - 1


@dataclass(frozen=True)
class Overlay:
    """One estimate.

    Attributes
    ----------
    name : str
        For the legend.
    style : int
        Its dashes and colour; kept as long as it is there.
    reconstruction : Reconstruction
        What is drawn.
    """

    name: str
    style: int
    reconstruction: Reconstruction


@dataclass(frozen=True)
class Overlays:
    """What is drawn besides the reconstruction that labels and shading belong to.

    Attributes
    ----------
    name : str
        Of that reconstruction, for the legend.
    style : int
        Of that reconstruction.
    others : tuple of Overlay
        The others: lines only.
    """

    name: str = ""
    style: int = 0
    others: tuple[Overlay, ...] = ()


NO_OVERLAYS = Overlays()


@dataclass(frozen=True)
class LegendEntry:
    """A line of the legend; `is_shown` for the one that labels and shading belong to."""

    name: str
    style: int
    is_shown: bool


def legend_of(overlays: Overlays, has_shown: bool) -> tuple[LegendEntry, ...]:
    """Name every estimate drawn; nothing where there is only the model's.

    Parameters
    ----------
    overlays : Overlays
        What is drawn.
    has_shown : bool
        Whether there is a reconstruction that labels and shading belong to.

    Returns
    -------
    tuple of LegendEntry
        In the order of the styles.
    """
    entries = [LegendEntry(one.name, one.style, False) for one in overlays.others]
    if has_shown:
        entries.append(LegendEntry(overlays.name, overlays.style, True))
    if len(entries) == 1 and overlays.style == 0 and has_shown:
        return ()
    return tuple(sorted(entries, key=lambda entry: entry.style))

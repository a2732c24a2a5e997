"""Where the leads of the example lie on the paper. No Qt here."""

from __future__ import annotations

from math import ceil, floor

from ecgview.gui.viewer.layout import PULSE_S, Cell, Page
from ecgview.leads import CHEST_LEADS

_SPEED_MM_S = 25.0
_GAINS_MM_MV = (10.0, 5.0, 2.5)
_LEFT_MM = PULSE_S * _SPEED_MM_S + 6.0
_RIGHT_MM = 2.0
_LEAST_COLUMN_PX = 300.0
_WIDE = 1.6
# Room for the names of the first row.
_TOP_PX = 16.0
_BASELINE_IN_ROW = 0.6


def rebuilt_chest_leads(available: tuple[str, ...]) -> tuple[str, ...]:
    """Chest leads that are not available."""
    return tuple(lead for lead in CHEST_LEADS if lead not in available)


def example_page(
    leads: tuple[str, ...],
    duration_s: float,
    reach_mv: float,
    width: float,
    height: float,
    dpr: float = 1.0,
) -> Page:
    """Lay a few leads out in columns that share one time axis.

    Parameters
    ----------
    leads : tuple of str
        Down the first column, then down the next.
    duration_s : float
        Length of the recording.
    reach_mv : float
        From the lowest to the highest deflection of the lead where that is most.
    width, height, dpr : float
        The widget in logical pixels, and device pixels per logical pixel.

    Returns
    -------
    Page
        At 25 mm/s, and the largest gain that keeps the rows apart; the whole recording.
    """
    columns = 1 if len(leads) < 2 or width < 2 * _LEAST_COLUMN_PX else 2
    columns = 3 if len(leads) > 4 and width > _WIDE * height else columns
    rows = max(1, ceil(len(leads) / columns))
    pitch = (height - _TOP_PX) / rows
    px_per_mm = width / (_LEFT_MM + duration_s * _SPEED_MM_S + _RIGHT_MM)
    px_per_mm = max(floor(px_per_mm * 5 * dpr) / (5 * dpr), 1.0)
    gain = next((g for g in _GAINS_MM_MV if reach_mv * g * px_per_mm <= pitch), _GAINS_MM_MV[-1])
    left = _LEFT_MM * px_per_mm
    shown_s = min((width - left - _RIGHT_MM * px_per_mm) / (px_per_mm * _SPEED_MM_S), duration_s)
    each_s = shown_s / columns
    cells = tuple(
        Cell(
            lead, place % rows, place // rows, place // rows * each_s, (place // rows + 1) * each_s
        )
        for place, lead in enumerate(leads)
    )
    return Page(
        px_per_mm=px_per_mm,
        left=left,
        baselines=tuple(_TOP_PX + (row + _BASELINE_IN_ROW) * pitch for row in range(rows)),
        pitch=pitch,
        px_per_s=px_per_mm * _SPEED_MM_S,
        px_per_mv=px_per_mm * gain,
        start_s=0.0,
        cells=cells,
        width_mm=width / px_per_mm,
        height_mm=height / px_per_mm,
    )

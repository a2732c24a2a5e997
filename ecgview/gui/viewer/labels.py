"""The words on the page: where a lead comes from, its agreement, the scale."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isnan
from typing import TYPE_CHECKING

from ecgview.gui.interval_words import NOT_A_GUARANTEE, interval_title
from ecgview.gui.viewer.state import SPEEDS_MM_S, Shown, ViewState
from ecgview.leads import LEADS, Origin
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement

SIMULATED = "SIMULATED"
AWAITED = ("not reconstructed", "absent")
"""The words on a lead of the half for the reconstruction while there is none."""
HIDDEN = ("?",)
"""The word on a lead that is to be guessed."""


def lead_origin(
    lead: str, recording: Recording, reconstruction: Reconstruction | None, show: Shown
) -> Origin | None:
    """Tell where what is drawn for a lead comes from; None where nothing is drawn."""
    if show == "available" and is_hidden(lead, reconstruction):
        return None
    if reconstruction is None or show == "original":
        return _recorded_origin(lead, recording)
    if lead in reconstruction.absent:
        return _recorded_origin(lead, recording) if show == "overlay" else None
    return reconstruction.origins[lead]


def is_hidden(lead: str, reconstruction: Reconstruction | None) -> bool:
    """Tell whether a page of the available leads leaves this one to be guessed.

    All are hidden while nothing is known of them, so that none flashes up before it may be seen.
    """
    return reconstruction is None or reconstruction.origins[lead] is Origin.RECONSTRUCTED


def _recorded_origin(lead: str, recording: Recording) -> Origin | None:
    if lead in recording.derived_leads:
        return Origin.DERIVED
    return Origin.MEASURED if lead in recording.leads else None


def origin_texts(origin: Origin | None, figure: str) -> tuple[str, ...]:
    """Word the origin of a lead, from the full text to the shortest that still says it.

    Parameters
    ----------
    origin : Origin or None
        None for a lead that is not in the file.
    figure : str
        The correlation of a reconstructed lead: ``0.94``, ``n/a``, or empty.

    Returns
    -------
    tuple of str
        The first that fits is to be shown.
    """
    if origin is None:
        return ("not in file", "absent")
    if origin is Origin.MEASURED:
        return ("measured",)
    if origin is Origin.DERIVED:
        return ("= derived", "=")
    tail = f" · {figure}" if figure else ""
    return (f"≈ reconstructed{tail}", f"≈ {figure}".strip(), "≈")


def correlations(agreement: Agreement | None, references: Collection[str]) -> Mapping[str, str]:
    """Word each lead's correlation: two decimals, ``n/a``, or nothing without a reference."""
    if agreement is None:
        return {}
    return {
        row.lead: "n/a" if row.pcc is None or isnan(row.pcc) else f"{row.pcc:.2f}"
        for row in agreement.rows
        if row.lead in references
    }


def footer(view: ViewState, fs_hz: float | None, interval: str = "") -> str:
    """Word the scale: speed, gain, filters, rate and interval, and whether it is to scale."""
    parts = [speed_words(view), gain_words(view), view.filters.words]
    if fs_hz is not None:
        parts.append(f"{fs_hz:g} Hz")
    parts += [interval] if interval else []
    parts.append(scale_words(view))
    return " · ".join(parts)


def band_words(view: ViewState, reconstruction: Reconstruction | None) -> str:
    """Name the interval that is drawn as a band: ``90 % interval``; nothing where none is."""
    if reconstruction is None or reconstruction.interval is None or not view.interval:
        return ""
    if view.show in ("original", "available") or not reconstruction.reconstructed_leads:
        return ""
    return interval_title(view.interval)


def speed_words(view: ViewState) -> str:
    """Word the paper speed; by the time on a page where it is none that carts have."""
    if view.speed_mm_s in SPEEDS_MM_S:
        return f"{view.speed_mm_s:g} mm/s"
    return f"{duration_words(view.page_s)} a page"


def duration_words(duration_s: float) -> str:
    """Word a length of time in the unit that suits it: ``1 s``, ``10 min``, ``24 h``."""
    if duration_s < 0.9995:
        return f"{duration_s * 1000:.3g} ms"
    for unit, seconds in (("s", 60.0), ("min", 3600.0)):
        if duration_s < 2 * seconds * 0.9995:
            return f"{duration_s / (seconds / 60):.3g} {unit}"
    return f"{duration_s / 3600:.3g} h"


def gain_words(view: ViewState) -> str:
    """Word the gain, and that of the chest leads where it is another."""
    words = f"{view.gain_mm_mv:g} mm/mV"
    return f"{words}, chest leads {view.gain_mm_mv / 2:g}" if view.half_chest else words


def filter_notice(filters: Filters) -> str:
    """Word the filters on the paper itself; nothing where none is on."""
    return f"Filtered: {filters.words}" if filters else ""


def scale_words(view: ViewState) -> str:
    """Tell whether the page is to scale."""
    if view.scale == "fit":
        return "fitted, not to scale"
    if view.zoom != 1:
        return "zoomed, not to scale"
    return "to scale (calibrated)" if view.calibrated else "true size, screen not calibrated"


def stretch(view: ViewState, duration_s: float) -> str:
    """Word the time on the page, for recordings longer than one."""
    if duration_s <= view.page_s:
        return ""
    stop_s = min(view.start_s + view.page_s, duration_s)
    return f"{clock(view.start_s)} to {clock(stop_s)} of {clock(duration_s)}"


def clock(time_s: float) -> str:
    """Write a time as ``m:ss.s`` or ``h:mm:ss.s``."""
    tenths = round(time_s * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{tenths // 10:02d}.{tenths % 10}"


def lead_details(
    lead: str,
    recording: Recording,
    reconstruction: Reconstruction | None,
    agreement: Agreement | None,
) -> str:
    """Word what a label has no room for: model, bandwidth and agreement of a lead."""
    if lead in recording.derived_leads and (
        reconstruction is None or reconstruction.origins[lead] is Origin.DERIVED
    ):
        return f"{lead}: derived; not in the file, exact algebra from its limb leads"
    if reconstruction is None or reconstruction.origins[lead] is Origin.MEASURED:
        return f"{lead}: " + ("measured" if lead in recording.leads else "not in the file")
    if lead in reconstruction.absent:
        return f"{lead}: {reconstruction.model_name} has no such lead"
    given = f" from {', '.join(reconstruction.available)}" if reconstruction.available else ""
    if reconstruction.origins[lead] is Origin.DERIVED:
        return f"{lead}: derived, exact algebra from the measured limb leads"
    text = (
        f"{lead}: reconstructed{given} by {reconstruction.model_name}, a model estimate\n"
        f"It carries nothing above {reconstruction.bandwidth_hz:g} Hz"
    )
    if words := reconstruction.calibration_words:
        text += f"\nIt is {words}"
    if reconstruction.interval is not None:
        text += f"\nIts interval: {NOT_A_GUARANTEE[0].lower()}{NOT_A_GUARANTEE[1:]}"
    figure = correlations(agreement, recording.leads).get(lead)
    return f"{text}\nCorrelation with the recorded lead: {figure}" if figure else text


def description(
    recording: Recording, reconstruction: Reconstruction | None, agreement: Agreement | None
) -> str:
    """Word the whole page for screen readers: the recording, then each lead in a few words."""
    details = (lead_details(lead, recording, reconstruction, agreement) for lead in LEADS)
    return "; ".join([recording.name, *(text.split("\n")[0] for text in details)])

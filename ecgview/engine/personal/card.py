"""What exports say of a calibration: never whose it is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ecgview.engine.metrics import agreement
from ecgview.engine.personal.mismatch import mismatches
from ecgview.personal import PersonalCalibration
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording

VERIFIED_S = 2.0
"""Less than so many seconds beside what was learnt from verify nothing."""


def calibration_card(recording: Recording, reconstruction: Reconstruction) -> dict[str, Any] | None:
    """Say for a file beside an export what a reconstruction was calibrated from.

    Parameters
    ----------
    recording : Recording
        What was rebuilt.
    reconstruction : Reconstruction
        What was made of it.

    Returns
    -------
    dict or None
        For JSON, with day, seconds and leads but no name; None where nothing was calibrated.
    """
    personal = reconstruction.personal
    if personal is None:
        return None
    same = personal.situation == "same"
    return {
        "from": "a stretch of this recording" if same else "another ECG of the same person",
        "date": personal.date[:10],
        "seconds": personal.seconds,
        "start_s": personal.start_s,
        "available_leads": list(personal.available),
        "corrected_leads": list(personal.leads),
        "model": personal.model_name,
        "weights_sha256": personal.model_sha256,
        "shrinkage": personal.shrinkage,
        "interval_factor": personal.interval_factor,
        "calibration_ecg_by_halves": [asdict(one) for one in personal.checks],
        "verified": _verified(recording, reconstruction, personal),
        "signs_of_mismatch": [one.sentence for one in mismatches(recording, personal)],
    }


def _verified(
    recording: Recording, reconstruction: Reconstruction, personal: PersonalCalibration
) -> dict[str, Any] | str:
    """Compare with recorded leads where the calibration was not learnt."""
    start, stop = tried_on(recording, personal)
    if can_verify(recording, personal):
        figures = agreement(recording, reconstruction, clean=True, start=start, stop=stop)
        rows = {row.lead: (row.pcc, row.rmse_uv) for row in figures.rows if row.pcc is not None}
        if rows:
            return {
                "start_s": start / recording.fs_hz,
                "stop_s": stop / recording.fs_hz,
                "clean": True,
                "leads": {lead: {"pcc": pcc, "rmse_uv": uv} for lead, (pcc, uv) in rows.items()},
            }
    return "not verified: no recorded lead to compare with"


def tried_on(recording: Recording, personal: PersonalCalibration) -> tuple[int, int]:
    """Give the samples ``[start, stop)`` of a recording that a calibration was not learnt from.

    All of another recording; of the same one the longer part beside the stretch.
    """
    if personal.situation != "same":
        return 0, recording.n_samples
    first = min(round(personal.start_s * recording.fs_hz), recording.n_samples)
    last = round((personal.start_s + personal.seconds) * recording.fs_hz)
    last = min(last, recording.n_samples)
    return (0, first) if first > recording.n_samples - last else (last, recording.n_samples)


def can_verify(
    recording: Recording, personal: PersonalCalibration, over: tuple[int, int] | None = None
) -> bool:
    """Tell whether a recording holds a lead to compare with, where nothing was learnt.

    Parameters
    ----------
    recording : Recording
        What was rebuilt.
    personal : PersonalCalibration
        What was applied to it.
    over : tuple of int, optional
        Samples ``[start, stop)`` that are compared; those of `tried_on` by default.
    """
    if not set(recording.leads) & set(personal.leads):
        return False
    start, stop = over or tried_on(recording, personal)
    first = personal.start_s * recording.fs_hz
    last = first + personal.seconds * recording.fs_hz
    if personal.situation == "same" and start < last - 1 and stop > first + 1:
        return False
    return (stop - start) / recording.fs_hz >= VERIFIED_S

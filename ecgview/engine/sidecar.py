"""The JSON file beside an exported reconstruction: what made it, and nothing of the patient."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from ecgview import DISCLAIMER, __version__
from ecgview.engine.cards import ModelCard
from ecgview.engine.exported import ExportedLead
from ecgview.engine.personal.card import calibration_card
from ecgview.formats.corrections import describe_options
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.storing import check_absent, store

SIDECAR_FORMAT = 1


def sidecar_path(written: Path) -> Path:
    """Give the file beside an exported one: ``ecg.edf.json`` beside ``ecg.edf``."""
    return written.with_name(f"{written.name}.json")


def sidecar(
    recording: Recording,
    reconstruction: Reconstruction,
    card: ModelCard,
    leads: Sequence[ExportedLead],
    command: str,
    *,
    input_filters: str = "none",
    filters: str = "none",
    interval: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Say what an exported file is.

    Parameters
    ----------
    recording : Recording
        What it was made from; neither its name nor its folder is told.
    reconstruction : Reconstruction
        What was made.
    card : ModelCard
        Of the model.
    leads : sequence of ExportedLead
        What is written.
    command : str
        What repeats it; without names of files.
    input_filters, filters : str
        What the model's input, and what the samples in the file were filtered with.
    interval : dict, optional
        What `interval_facts` says of the interval in the file; None where it holds none.

    Returns
    -------
    dict
        For JSON.
    """
    return {
        "ecgview_sidecar": SIDECAR_FORMAT,
        "ecgview": __version__,
        "notice": DISCLAIMER,
        "simulated": recording.simulated,
        "recording": {
            "format": recording.format_name,
            "rate_hz": recording.fs_hz,
            "samples": recording.n_samples,
            "leads": [lead for lead in recording.leads if lead not in recording.derived_leads],
            "derived_leads": list(recording.derived_leads),
            "corrections": list(describe_options(recording.options, recording.channels)),
        },
        "model": {
            "name": card.name,
            "title": card.title,
            "weights_sha256": card.sha256 or None,
            "rate_hz": card.fs_hz or None,
            "bandwidth_hz": reconstruction.bandwidth_hz,
        },
        "available_leads": list(reconstruction.available),
        "channels": [{"name": one.name, "lead": one.lead, "origin": one.origin} for one in leads],
        "interval": interval,
        "calibration": calibration_card(recording, reconstruction),
        "filters": {"model_input": input_filters, "samples": filters},
        "command": command,
    }


def interval_facts(level: float, *, clean: bool) -> dict[str, Any] | None:
    """Say what the channels ``V3_rec_lo`` and ``V3_rec_hi`` of a file are; None for level 0."""
    if not level:
        return None
    return {
        "level": level,
        "signals": "clean" if clean else "raw",
        "channels": "reconstructed lead minus and plus the half width, in mV; medians are to be "
        "taken off both leads before the recorded lead is compared",
        "calibration": "conformal, on recordings that the networks had not seen: the share of "
        "samples inside is meant on average over patients, and guaranteed for no single one",
        "wander": "of no signal with a high-pass of 0.5 Hz"
        if clean
        else "the usual wander of the baseline is included",
    }


def reconstruct_command(
    reconstruction: Reconstruction,
    model: str,
    file_format: str,
    include: str,
    input_filters: str = "",
    interval: float = 0.0,
) -> str:
    """Write the command that repeats an export; names of files may be names of people."""
    leads = f" --leads {','.join(reconstruction.available)}" if reconstruction.available else ""
    filters = f" --filter-input {input_filters}" if input_filters else ""
    filters += calibration_options(reconstruction)
    shown = f"{100 * interval:.0f}" if interval else "none"
    # Twelve leads under their usual names never have an interval.
    is_choice = reconstruction.interval is not None and include != "twelve"
    band = f" --interval {shown}" if is_choice else ""
    return (
        f"ecgview reconstruct RECORDING{leads}{filters} --model {quote(model)} --include {include}"
        f"{band} --format {file_format} --output FOLDER"
    )


def calibration_options(reconstruction: Reconstruction) -> str:
    """Word the options that repeat a calibration, with a blank before them; empty for none."""
    personal = reconstruction.personal
    if personal is None:
        return ""
    stretch = f" --calibrate-stretch {personal.start_s:.10g} {personal.seconds:.10g}"
    return stretch if personal.situation == "same" else f" --calibrate-from EARLIER{stretch}"


def check_sidecar(written: Path, *, overwrite: bool) -> None:
    """Refuse before anything is written where the sidecar would replace a file.

    Raises
    ------
    RecordingError
        If it is there and may not be replaced.
    """
    check_absent(sidecar_path(written), overwrite=overwrite)


def write_sidecar(written: Path, content: dict[str, Any]) -> Path:
    """Write a sidecar beside an exported file, whole or not at all.

    Returns
    -------
    Path
        The sidecar.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    target = sidecar_path(written)
    text = json.dumps({"file": written.name, **content}, ensure_ascii=False, indent=1) + "\n"
    store(target, text.encode())
    return target

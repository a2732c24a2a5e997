"""What commands share that calibrate reconstructions to a person."""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.cli.coverage_text import interval_cells, interval_heads, told_level
from ecgview.cli.opening import opened
from ecgview.errors import RecordingError
from ecgview.leads import Origin

if TYPE_CHECKING:
    from ecgview.engine.batch import RecordDone
    from ecgview.engine.metrics import Agreement
    from ecgview.personal import PersonalCalibration
    from ecgview.reconstruction import Reconstruction
    from ecgview.recording import Recording


def add_calibration(parser: ArgumentParser) -> None:
    """Take what a reconstruction is calibrated from; see `calibrator`."""
    group = parser.add_argument_group("calibration to the person")
    group.add_argument(
        "--calibrate-from",
        type=Path,
        metavar="EARLIER",
        help="a full twelve-lead ECG of the same person, which the leads are corrected by",
    )
    group.add_argument(
        "--calibrate-stretch",
        type=float,
        nargs=2,
        metavar=("START", "DURATION"),
        help="so many seconds from there of EARLIER; without it, of the recording itself",
    )


def calibrator(
    options: argparse.Namespace, leads: Sequence[str]
) -> Callable[[Recording], PersonalCalibration] | None:
    """Give what calibrates to a recording's person, None where nothing is asked for.

    Another ECG is read and learnt from once.

    Raises
    ------
    EcgviewError
        If that cannot be learnt from.
    """
    if options.calibrate_from is not None:
        earlier = opened(options.calibrate_from, options)
        personal = _learnt(options, leads, earlier, "earlier")
        # What a recording taught is not to be verified on the same samples.
        return lambda recording: (
            _learnt(options, leads, recording, "same")
            if recording.is_of_file(earlier)
            else personal
        )
    if options.calibrate_stretch is not None:
        return lambda recording: _learnt(options, leads, recording, "same")
    return None


def _learnt(
    options: argparse.Namespace, leads: Sequence[str], recording: Recording, situation: str
) -> PersonalCalibration:
    from ecgview.engine.personal.calibrate import calibrate

    start, stop = 0, recording.n_samples
    if options.calibrate_stretch is not None:
        start, stop = _samples(recording, *options.calibrate_stretch)
    return calibrate(
        recording,
        leads,
        options.model,
        options.device,
        situation="same" if situation == "same" else "earlier",
        start=start,
        stop=stop,
    )


def _samples(recording: Recording, start_s: float, duration_s: float) -> tuple[int, int]:
    start, stop = (round(s * recording.fs_hz) for s in (start_s, start_s + duration_s))
    if not 0 <= start < min(stop, recording.n_samples):
        raise RecordingError(
            f"{recording.name} has no samples there; it lasts {recording.duration_s:g} s.",
            "Choose --calibrate-stretch within the recording.",
        )
    return start, stop


def calibration_lines(
    recording: Recording, personal: PersonalCalibration, *, over: tuple[int, int]
) -> list[str]:
    """Say what a reconstruction was calibrated from, how that did on itself, and what is odd.

    Parameters
    ----------
    recording : Recording
        What was rebuilt.
    personal : PersonalCalibration
        What was applied to it.
    over : tuple of int
        Samples ``[start, stop)`` that are compared.
    """
    from ecgview.engine.personal.card import can_verify
    from ecgview.engine.personal.mismatch import mismatches
    from ecgview.personal import mean_checks

    verified = can_verify(recording, personal, over)
    state = "verified below, on recorded leads" if verified else "not verified"
    lines = [f"Calibrated from {personal.source_words}; {state}"]
    mean = mean_checks(personal.checks)
    if mean is not None:
        lines.append(
            "Calibration ECG, each half rebuilt by the other, clean: PCC "
            f"{mean.pcc_before:.3f} -> {mean.pcc_after:.3f}, "
            f"RMSE {mean.rmse_before_uv:.0f} -> {mean.rmse_after_uv:.0f} uV"
        )
    return [*lines, *(one.sentence for one in mismatches(recording, personal))]


def warn_of_mismatch(recording: Recording, personal: PersonalCalibration) -> None:
    """Say on the side what speaks against a calibration."""
    from ecgview.engine.personal.mismatch import mismatches

    for one in mismatches(recording, personal):
        print(f"ecgview: {recording.name}: {one.sentence}", file=sys.stderr)


def calibration_line(done: RecordDone) -> str:
    """Say in a line what a reconstruction was calibrated from, and what it was without."""
    personal, after = done.reconstruction.personal, done.agreement
    assert personal is not None
    words = f"calibrated from {personal.source_words}"
    is_chest = after.mean_pcc_chest is not None
    kind, mean = ("chest", "mean_pcc_chest") if is_chest else ("limb", "mean_pcc_all")
    if getattr(after, mean) is None:
        return f"{words}; not verified: no recorded lead to compare with"
    before = f"{_cell(getattr(done.before, mean), 3)} -> " if done.before else ""
    return f"{words}: {kind} PCC {before}{_cell(getattr(after, mean), 3)}"


def calibration_json(
    recording: Recording, reconstruction: Reconstruction, before: Agreement | None
) -> dict[str, Any]:
    """Give the card of a calibration, and the figures without it; nothing where there is none."""
    from ecgview.engine.personal.card import calibration_card

    card = calibration_card(recording, reconstruction)
    if card is None:
        return {}
    rows = before.rows if before else ()
    figures = {row.lead: {"pcc": row.pcc, "rmse_uv": row.rmse_uv} for row in rows}
    return {"calibration": card, "before": figures}


def before_and_after(before: Agreement, after: Agreement, level: float = 0.0) -> str:
    """Lay out the agreement of the reconstructed leads before and after as a table.

    Parameters
    ----------
    before, after : Agreement
        Without the calibration, and with it.
    level : float
        Of the interval around calibrated leads that is told too; 0 for none.
    """
    kind = "clean" if after.clean else "raw"
    level = told_level(after, level)
    heads = f"{'lead':<6}{f'PCC ({kind})':>12}{'calibrated':>12}{'RMSE uV':>10}{'calibrated':>12}"
    lines = [heads + interval_heads(level)]
    for old, new in zip(before.rows, after.rows, strict=True):
        if new.origin is Origin.RECONSTRUCTED and new.rmse_uv is not None:
            lines.append(
                f"{new.lead:<6}{_cell(old.pcc, 3):>12}{_cell(new.pcc, 3):>12}"
                f"{_cell(old.rmse_uv, 0):>10}{_cell(new.rmse_uv, 0):>12}"
                f"{interval_cells(new, level)}"
            )
    old_mean, new_mean = _cell(before.mean_pcc_chest, 3), _cell(after.mean_pcc_chest, 3)
    lines.append(f"{'chest':<6}{old_mean:>12}{new_mean:>12}")
    return "\n".join(lines)


def _cell(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"

"""What a reconstruction is to be calibrated from, and what came of it: frozen, pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview.personal import PersonalCalibration, Situation
from ecgview.recording import Recording

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement
    from ecgview.reconstruction import Reconstruction


@dataclass(frozen=True, eq=False)
class PersonalSource:
    """An ECG of the person, as the user chose it.

    Attributes
    ----------
    recording : Recording
        Another ECG of the person, or the one shown.
    situation : {"earlier", "same"}
        Which of the two.
    start, stop : int
        Samples ``[start, stop)`` to learn from.
    """

    recording: Recording
    situation: Situation
    start: int
    stop: int

    @property
    def path(self) -> Path | None:
        """The file of another ECG; None for a stretch of the one shown."""
        return self.recording.path if self.situation == "earlier" else None

    @property
    def start_s(self) -> float:
        """Where the stretch begins."""
        return self.start / self.recording.fs_hz

    @property
    def duration_s(self) -> float:
        """How long it is."""
        return (self.stop - self.start) / self.recording.fs_hz


@dataclass(frozen=True, eq=False)
class PersonalResult:
    """What came of a wish to calibrate.

    Attributes
    ----------
    personal : PersonalCalibration or None
        What is in force; None where it was refused.
    refused : str
        Why nothing is in force.
    signs : tuple of str
        What speaks against it being the same person, in sentences.
    plain : Reconstruction or None
        The same without it; None while a long recording grows.
    before : Agreement or None
        Of `plain`, over what is compared.
    verified : bool
        Whether recorded leads were compared where nothing was learnt.
    """

    personal: PersonalCalibration | None = None
    refused: str = ""
    signs: tuple[str, ...] = ()
    plain: Reconstruction | None = None
    before: Agreement | None = None
    verified: bool = False


def source_of(recording: Recording) -> PersonalSource:
    """Take all of another ECG."""
    return PersonalSource(recording, "earlier", 0, recording.n_samples)


def line_text(
    source: PersonalSource | None, result: PersonalResult | None, *, is_busy: bool
) -> str:
    """Say calmly what is in force; empty where nothing was asked for."""
    if source is None:
        return ""
    if result is None:
        return "Calibrating" if is_busy else "Not calibrated: nothing is reconstructed."
    if result.personal is None:
        return f"Not calibrated. {result.refused}"
    state = "compared with recorded leads here" if result.verified else "not verified"
    words = f"Calibrated from {result.personal.source_words}; {state}."
    return f"{words} It may not fit: see the notice." if result.signs else words


def before_of(result: PersonalResult | None, lead: str) -> tuple[float, float] | None:
    """Give PCC and RMSE (uV) of a lead without the calibration; None where there is none."""
    if result is None or result.before is None:
        return None
    row = next(row for row in result.before.rows if row.lead == lead)
    return None if row.pcc is None or row.rmse_uv is None else (row.pcc, row.rmse_uv)

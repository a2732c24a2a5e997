"""Writer of EDF+: samples of 16 bits, comments and marks as annotations.

EDF has no missing samples. A lead that has some keeps -32768 for them, which its transducer field
says; other programs show -32.8 mV there, which nobody takes for a heart.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import RecordingError
from ecgview.formats.writers.contents import Contents
from ecgview.leads import normalise_lead_name
from ecgview.recording import Patient

if TYPE_CHECKING:
    from pathlib import Path

    import edfio

_LOWEST, _HIGHEST = -(2**15), 2**15 - 1
MISSING = f"missing sample: {_LOWEST}"
LARGEST_RECORD_BYTES = 1_000_000
SHORTEST_RECORD_S = 0.1
_SEX = {"male": "M", "female": "F"}


class RecordLayout(NamedTuple):
    """How samples are cut into data records."""

    samples: int
    duration_s: float
    n_records: int


def write_edf(path: Path, contents: Contents) -> None:
    """Write an EDF+C file; its leads are in uV and called ``ECG I`` ... ``ECG V6``.

    Parameters
    ----------
    path : Path
        The file.
    contents : Contents
        What to write. Where no data record of a sensible length divides the samples, missing ones
        follow them, and a comment says so.

    Raises
    ------
    RecordingError
        If a lead spreads over more than 16 bits hold at the resolution.
    """
    import edfio

    n_samples = contents.leads_mv.shape[1]
    layout = record_layout(n_samples, contents.fs_hz, len(contents.leads))
    n_missing = layout.n_records * layout.samples - n_samples
    # One lead at a time is widened and padded: a long recording fills the memory else.
    signals = [
        _signal(path, lead, _padded_uv(lead_mv, n_missing), contents, layout)
        for lead, lead_mv in zip(contents.leads, contents.leads_mv, strict=True)
    ]
    start = _start(contents.started)
    edfio.Edf(
        signals,
        patient=_patient(contents.patient),
        recording=edfio.Recording(
            startdate=start.date() if start else None, equipment_code="ecgview"
        ),
        starttime=start.time() if start else time(),
        data_record_duration=layout.duration_s,
        annotations=list(_annotations(contents, n_missing)),
    ).write(path)


def record_layout(n_samples: int, fs_hz: float, n_leads: int) -> RecordLayout:
    """Choose data records that divide the samples, keep the rate and last about a second.

    The duration of a record has eight characters, so that not every length keeps the rate.

    Parameters
    ----------
    n_samples : int
        Samples of each lead.
    fs_hz : float
        Sampling rate.
    n_leads : int
        Number of leads.

    Returns
    -------
    RecordLayout
        With room for all samples, or a few more where nothing sensible divides them.
    """
    most = LARGEST_RECORD_BYTES // (2 * n_leads)
    whole = [n for n in _divisors(n_samples) if SHORTEST_RECORD_S * fs_hz <= n <= most]
    if n_samples <= most:
        whole.append(n_samples)
    padded = [max(1, round(seconds * fs_hz)) for seconds in range(1, 101)]
    choices = (
        [n for n in whole if _rate_error(n, fs_hz) < 1e-9],
        [n for n in whole if _rate_error(n, fs_hz) < 1e-6],
        [n for n in padded if _rate_error(n, fs_hz) < 1e-9],
        padded,
    )
    sizes = next(sizes for sizes in choices if sizes)
    samples = min(sizes, key=lambda n: abs(math.log(n / fs_hz)))
    return RecordLayout(samples, _eight_characters(samples / fs_hz), -(-n_samples // samples))


def _divisors(number: int) -> list[int]:
    small = [n for n in range(1, math.isqrt(number) + 1) if number % n == 0]
    return sorted({*small, *(number // n for n in small)})


def _rate_error(samples: int, fs_hz: float) -> float:
    duration_s = _eight_characters(samples / fs_hz)
    return abs(samples / duration_s / fs_hz - 1) if duration_s > 0 else math.inf


def _eight_characters(value: float) -> float:
    """Round a number to what a field of eight characters holds."""
    texts = (f"{value:.{decimals}f}" for decimals in range(7, 0, -1))
    shorter = (text.rstrip("0").rstrip(".") for text in texts)
    return next((float(text) for text in shorter if len(text) <= 8), float(round(value)))


def _padded_uv(lead_mv: NDArray[np.floating], n_missing: int) -> NDArray[np.float64]:
    return np.pad(1000 * lead_mv.astype(np.float64), (0, n_missing), constant_values=np.nan)


def _signal(
    path: Path, lead: str, lead_uv: NDArray[np.float64], contents: Contents, layout: RecordLayout
) -> edfio.EdfSignal:
    import edfio

    step_uv = 1000 / contents.steps_per_mv
    finite_uv = lead_uv[np.isfinite(lead_uv)]
    if finite_uv.size and np.ptp(finite_uv) / 2 > (_HIGHEST - 2) * step_uv:
        step_uv = 1000 / contents.coarser.steps_per_mv
    low_uv, high_uv = _limits(path, lead, lead_uv, step_uv)
    step_uv = (high_uv - low_uv) / (_HIGHEST - _LOWEST)
    missing = np.isnan(lead_uv)
    steps = np.rint((lead_uv - low_uv) / step_uv) + _LOWEST
    steps[missing] = _LOWEST
    return edfio.EdfSignal.from_digital(
        steps.astype(np.int16),
        layout.samples / layout.duration_s,
        label=_label(lead),
        transducer_type=MISSING if missing.any() else "",
        physical_dimension="uV",
        physical_range=(low_uv, high_uv),
    )


def _limits(
    path: Path, lead: str, lead_uv: NDArray[np.float64], step_uv: float
) -> tuple[float, float]:
    """Give the voltages of the lowest and the highest step, around 0 if the lead lies there."""
    finite_uv = lead_uv[np.isfinite(lead_uv)]
    low_uv, high_uv = finite_uv.min(initial=0), finite_uv.max(initial=0)
    middle_uv = 0.0
    if max(-low_uv, high_uv) > (_HIGHEST - 1) * step_uv:
        low_uv, high_uv = finite_uv.min(), finite_uv.max()
        middle_uv = float(round((low_uv + high_uv) / 2))
    if (high_uv - low_uv) / 2 > (_HIGHEST - 2) * step_uv or abs(middle_uv) > 900_000:
        raise RecordingError(
            f"{lead} of {path.stem} reaches from {low_uv / 1000:.3g} to {high_uv / 1000:.3g} mV, "
            f"more than EDF can hold in steps of {step_uv:.3g} uV.",
            "Write WFDB instead, or check the unit of the samples.",
        )
    return (
        _eight_characters(middle_uv + _LOWEST * step_uv),
        _eight_characters(middle_uv + _HIGHEST * step_uv),
    )


def _start(started: str) -> datetime | None:
    """Read an ISO 8601 time; EDF holds the years 1985 to 2084."""
    try:
        start = datetime.fromisoformat(started).replace(microsecond=0, tzinfo=None)
    except ValueError:
        return None
    return start if 1985 <= start.year <= 2084 else None


def _patient(patient: Patient) -> edfio.Patient:
    import edfio

    try:
        birth_date = date.fromisoformat(patient.birth_date)
    except ValueError:
        birth_date = None
    return edfio.Patient(
        code=_subfield(patient.identifier)[:20],
        sex=_SEX.get(patient.sex, "X"),  # type: ignore[arg-type]
        birthdate=birth_date,
        name=_subfield(patient.name)[:30],
        additional=(f"Age={_subfield(patient.age)[:8]}",) if patient.age else (),
    )


def _subfield(text: str) -> str:
    return "_".join(_ascii(text).split()) or "X"


def _ascii(text: str) -> str:
    """Spell a text in ASCII: ``Müller`` as ``Muller``."""
    plain = unicodedata.normalize("NFKD", text).replace("µ", "u").replace("ß", "ss")
    return "".join(c for c in plain.encode("ascii", "ignore").decode() if c.isprintable())


def _annotations(contents: Contents, n_missing: int) -> Iterator[edfio.EdfAnnotation]:
    """Give the comments at the start, then the marks; ``@@`` names the signal of a mark."""
    from edfio import EdfAnnotation

    comments = list(contents.comments)
    if n_missing:
        comments.append(f"{n_missing} missing samples follow the last one, to fill a data record")
    for comment in comments:
        yield EdfAnnotation(0.0, None, f"# {_line(comment)}")
    for mark in contents.marks:
        of = f"@@{_label(mark.channel)}" if mark.channel else ""
        yield EdfAnnotation(mark.start_s, mark.duration_s or None, _line(mark.text) + of)


def _label(name: str) -> str:
    """Call a lead as the EDF+ standard texts do: ``ECG V1``."""
    lead = normalise_lead_name(name)
    return f"ECG {lead}" if lead else _ascii(name)[:16]


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)

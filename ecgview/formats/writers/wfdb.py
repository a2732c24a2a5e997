"""Writer of WFDB records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.writers.contents import Contents
from ecgview.leads import normalise_lead_name
from ecgview.recording import Mark

_SAMPLE_TYPES = (("16", np.int16), ("32", np.int32))


def write_wfdb(path: Path, contents: Contents) -> None:
    """Write a header, a signal file and annotations; NaN becomes the format's invalid sample.

    Marks go to the annotator ``atr``, those of a lead to one of the lead's name, as in LUDB. The
    format keeps no durations of marks.

    Parameters
    ----------
    path : Path
        The header (``.hea``).
    contents : Contents
        What to write.

    Raises
    ------
    RecordingError
        If the amplitudes are more than the format can hold.
    """
    import wfdb

    gain = contents.steps_per_mv
    largest = contents.largest_step
    fits = [(fmt, kind) for fmt, kind in _SAMPLE_TYPES if largest <= np.iinfo(kind).max]
    if not fits:
        raise RecordingError(
            f"{path.stem} reaches {largest / gain:.3g} mV, more than WFDB can hold.",
            "Check the unit of the samples.",
        )
    fmt, kind = fits[0]
    # The library's own writer of samples holds ten copies of them.
    samples = contents.stored(kind)
    little_endian = samples.astype(samples.dtype.newbyteorder("<"), order="C", copy=False)
    # Not with `tofile`, whose error on a full disk does not say what is wrong.
    path.with_suffix(".dat").write_bytes(little_endian.data)
    n_leads = len(contents.leads)
    day, clock = _start(contents.started)
    wfdb.Record(
        record_name=path.stem,
        n_sig=n_leads,
        fs=contents.fs_hz,
        sig_len=len(samples),
        file_name=[f"{path.stem}.dat"] * n_leads,
        fmt=[fmt] * n_leads,
        adc_gain=[gain] * n_leads,
        baseline=[0] * n_leads,
        units=["mV"] * n_leads,
        adc_res=[int(fmt)] * n_leads,
        adc_zero=[0] * n_leads,
        init_value=[int(step) for step in samples[0]],
        checksum=[int(column.sum(dtype=np.int64)) % 65536 for column in samples.T],
        block_size=[0] * n_leads,
        sig_name=list(contents.leads),
        comments=[*contents.comments, *_patient_lines(contents)],
        base_date=day,
        base_time=clock,
    ).wrheader(write_dir=str(path.parent))
    _write_marks(path, contents)


def _start(started: str) -> tuple[date | None, time | None]:
    try:
        start = datetime.fromisoformat(started)
    except ValueError:
        return None, None
    return start.date(), start.time().replace(microsecond=0, tzinfo=None)


def _patient_lines(contents: Contents) -> Iterator[str]:
    patient = contents.patient
    facts = {
        "Patient ID": patient.identifier,
        "Name": patient.name,
        "Date of birth": patient.birth_date,
        "Age": patient.age,
        "Sex": patient.sex,
    }
    for name, fact in facts.items():
        line = f"{name}: {' '.join(fact.split())}"
        if fact and line not in contents.comments:
            yield line


def _write_marks(path: Path, contents: Contents) -> None:
    annotators: dict[str, list[Mark]] = {}
    for mark in sorted(contents.marks, key=lambda mark: mark.start_s):
        lead = normalise_lead_name(mark.channel)
        annotators.setdefault(lead.lower() if lead else "atr", []).append(mark)
    for annotator, marks in annotators.items():
        _write_annotator(path, annotator, marks, contents.fs_hz)


def _write_annotator(path: Path, annotator: str, marks: Sequence[Mark], fs_hz: float) -> None:
    """Write one annotation file; a text that is no code of the format becomes a note."""
    import wfdb
    from wfdb.io.annotation import ann_label_table

    codes = {code for code in ann_label_table["symbol"] if len(code) == 1 and code != '"'}
    placed = [mark for mark in marks if mark.start_s >= 0 and mark.text]
    if not placed:
        return
    notes = ["" if mark.text in codes else _bytes_as_text(mark.text) for mark in placed]
    # The library takes only letters for an annotator, and leads have numbers.
    wfdb.wrann(
        path.stem,
        "marks",
        np.array([round(mark.start_s * fs_hz) for mark in placed]),
        symbol=['"' if note else mark.text for mark, note in zip(placed, notes, strict=True)],
        aux_note=notes,
        write_dir=str(path.parent),
    )
    path.with_suffix(".marks").replace(path.with_suffix(f".{annotator}"))


def _bytes_as_text(text: str) -> str:
    """Give UTF-8 as one character a byte: so the library writes it, at most 255 of them."""
    return text.encode()[:250].decode("utf-8", errors="ignore").encode().decode("latin-1")

"""Writer of text files: one row a sample, one column a lead."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ecgview.formats.writers.contents import Contents

_ROWS_AT_ONCE = 20_000


def write_csv(path: Path, contents: Contents) -> None:
    """Write comma separated text with times in seconds; NaN becomes an empty cell.

    Lines that begin with ``#`` go before: comments, patient and date where they are given, and
    the rate. Marks are not written.

    Parameters
    ----------
    path : Path
        The text file.
    contents : Contents
        What to write.
    """
    names = ",".join(["time_s", *(f"{lead}_mV" for lead in contents.leads)])
    said = {
        "patient id": contents.patient.identifier,
        "patient name": contents.patient.name,
        "birth date": contents.patient.birth_date,
        "age": contents.patient.age,
        "sex": contents.patient.sex,
        "started": contents.started,
    }
    head = [f"# {line}" for line in contents.comments]
    head += [f"# {key}: {' '.join(value.split())}" for key, value in said.items() if value]
    head += [f"# sampling rate: {contents.fs_hz:.10g} Hz", names]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(head) + "\n")
        file.writelines(_rows(contents))


def _rows(contents: Contents) -> Iterator[str]:
    decimals = math.ceil(math.log10(contents.steps_per_mv) - 1e-9)
    row = ",".join(["%.6f", *[f"%.{decimals}f"] * len(contents.leads)]) + "\n"
    n_samples = contents.leads_mv.shape[1]
    for start in range(0, n_samples, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, n_samples)
        times_s = np.arange(start, stop) / contents.fs_hz
        samples = contents.leads_mv[:, start:stop]
        table = np.vstack([times_s, samples]).T.tolist()
        yield "".join([row % tuple(values) for values in table]).replace("nan", "")

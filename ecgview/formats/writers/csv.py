"""Writer of text files: one row a sample, one column a lead."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ecgview.formats.writers.contents import Contents


def write_csv(path: Path, contents: Contents) -> None:
    """Write comma separated text with times in seconds; NaN becomes an empty cell.

    Parameters
    ----------
    path : Path
        The text file.
    contents : Contents
        What to write.
    """
    decimals = math.ceil(math.log10(contents.steps_per_mv) - 1e-9)
    times_s = np.arange(contents.leads_mv.shape[1]) / contents.fs_hz
    names = ",".join(["time_s", *(f"{lead}_mV" for lead in contents.leads)])
    head = [f"# {line}" for line in contents.comments]
    head += [f"# sampling rate: {contents.fs_hz:.10g} Hz", names]
    row = ",".join(["%.6f", *[f"%.{decimals}f"] * len(contents.leads)])
    rows = [
        row % (time, *sample) for time, sample in zip(times_s, contents.leads_mv.T, strict=True)
    ]
    body = "\n".join(rows).replace("nan", "")
    path.write_text("\n".join(head) + "\n" + body + "\n", encoding="utf-8", newline="\n")

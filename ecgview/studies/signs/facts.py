"""What PTB-XL's own table says of a recording: pacing, and remarks on its quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ecgview.engine.layouts import PTB_XL_TABLE, is_ptb_xl, read_rows

_REMARKS = ("baseline_drift", "static_noise", "burst_noise", "electrodes_problems")


@dataclass(frozen=True)
class Facts:
    """What is known of a recording.

    Attributes
    ----------
    paced : bool
        Whether it bears the statement PACE.
    remarked : bool
        Whether its table remarks on noise, drift or electrodes.
    """

    paced: bool = False
    remarked: bool = False


def read_facts(data_dirs: Sequence[Path]) -> dict[str, Facts]:
    """Read the facts of all recordings of PTB-XL, by name; none of other data sets.

    Raises
    ------
    DatasetError
        If a table cannot be read.
    """
    found = {}
    for folder in data_dirs:
        for row in read_rows(folder / PTB_XL_TABLE) if is_ptb_xl(folder) else ():
            remarked = any(row.get(column, "").strip() for column in _REMARKS)
            facts = Facts("'PACE'" in row.get("scp_codes", ""), remarked)
            for column in ("filename_hr", "filename_lr"):
                found[row.get(column, "")] = facts
    return found

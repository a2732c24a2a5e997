"""Tables of a study of agreement on disk: tidy CSV files and one JSON file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ecgview.engine.reports import told_of
from ecgview.leads import LEAD_INDEX
from ecgview.studies.agreement.results import (
    COLUMNS,
    MARKERS,
    AgreementReport,
    InterLead,
    plain,
)

_INTER_LEAD = (
    "model", "available", "subset", "marker", "patients", "lead", "other_lead", "real_r2",
    "reconstructed_r2",
)  # fmt: skip
_VALUES = (
    "model", "available", "recording", "start_s", "windows_from", "lead", "marker", "real_uv",
    "estimated_uv",
)  # fmt: skip
_Row = Sequence[object]


def write_agreement_tables(
    report: AgreementReport, folder: Path, *, values: bool = False
) -> list[Path]:
    """Write ``agreement.json``, ``markers.csv``, ``inter_lead.csv`` and maybe ``values.csv``.

    Parameters
    ----------
    report : AgreementReport
        The study.
    folder : Path
        Made where it does not exist; files of these names are replaced.
    values : bool
        Write the amplitudes of each recording too, by the names of recordings.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    EcgviewError
        If they cannot be written.
    """
    tables: dict[str, tuple[Sequence[str], Iterable[_Row]]] = {
        "markers.csv": (COLUMNS, (tuple(row.as_dict().values()) for row in report.rows)),
        "inter_lead.csv": (_INTER_LEAD, _inter_lead_rows(report.matrices)),
    }
    if values:
        tables["values.csv"] = _VALUES, _value_rows(report)
    text = json.dumps(report.as_dict(), indent=1, allow_nan=False, ensure_ascii=False)
    with told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "agreement.json").write_text(f"{text}\n", encoding="utf-8")
        for name, (heads, rows) in tables.items():
            write_table(folder / name, heads, rows)
    return [folder / name for name in ("agreement.json", *tables)]


def write_table(path: Path, heads: Sequence[str], rows: Iterable[_Row]) -> None:
    """Write a CSV file: lists with commas in a cell, numbers to six digits, nothing for None."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(heads)
        table.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    value = plain(value)
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return f"{value:.6g}" if isinstance(value, float) else value


def _inter_lead_rows(matrices: Sequence[InterLead]) -> Iterator[_Row]:
    """Give each pair of leads once."""
    for one in matrices:
        head = one.model, one.available, one.subset, one.marker, one.patients
        for row, column in zip(*np.triu_indices(len(one.leads), 1), strict=True):
            pair = float(one.real_r2[row, column]), float(one.reconstructed_r2[row, column])
            yield (*head, one.leads[row], one.leads[column], *pair)


def _value_rows(report: AgreementReport) -> Iterator[_Row]:
    for values in report.values:
        for place, (facts, lead_of_windows) in enumerate(
            zip(report.recordings, values.windows_from, strict=True)
        ):
            head = values.model, values.available, facts.name, facts.start_s, lead_of_windows
            for lead in values.leads if lead_of_windows else ():
                for column, marker in enumerate(MARKERS):
                    at = place, LEAD_INDEX[lead], column
                    pair = float(values.real_uv[at]), float(values.estimated_uv[at])
                    yield (*head, lead, marker, *pair)

"""Comparisons as text: side by side for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from ecgview.engine.comparison import Estimate
from ecgview.engine.comparison_batch import (
    Compared,
    LeadSummary,
    MeanFigures,
    RecordCompared,
    mean_figures,
)
from ecgview.engine.metrics import LeadAgreement
from ecgview.leads import CHEST_LEADS, LEADS, Origin
from ecgview.storing import store

_HEADS = ("PCC", "R2", "RMSE uV", "max uV")
_WIDTHS = (7, 8, 9, 8)
_GROUP = sum(_WIDTHS)
_CSV_COLUMNS = (
    "record", "estimate", "lead", "origin", "pcc", "r2", "rmse_uv", "max_uv", "lag_ms",
)  # fmt: skip


def record_table(event: RecordCompared) -> str:
    """Lay out one recording and its estimates, each estimate a group of columns."""
    kind = "clean" if event.compared[0].agreement.clean else "raw"
    lines = [f"{event.recording.name} ({kind}, {event.recording.duration_s:g} s)"]
    for one in event.compared:
        lines.append(f"  {estimate_line(one.estimate)}")
        lines += [f"  ! {remark.message} {remark.hint}" for remark in one.estimate.remarks]
    lines.append(_spread("", [one.estimate.name for one in event.compared], "^"))
    heads = "".join(f"{head:>{width}}" for head, width in zip(_HEADS, _WIDTHS, strict=True))
    lines.append(_spread("lead", [heads] * len(event.compared)))
    for lead in LEADS:
        if lead in event.recording.leads:
            lines.append(_spread(lead, [_cells(one, lead) for one in event.compared]))
    for lead in event.recording.other_leads:
        rows = [_other_row(one, lead) for one in event.compared]
        if any(rows):
            lines.append(_spread(lead, [_figures(row) if row else "" for row in rows]))
    for name, leads in (("chest", CHEST_LEADS), ("all", LEADS)):
        means = [mean_figures(one.agreement.rows, leads) for one in event.compared]
        lines.append(_spread(name, [_mean_cells(mean) for mean in means]))
    lines.append("chest, all: means over the reconstructed chest leads, and all reconstructed ones")
    return "\n".join(line.rstrip() for line in lines)


def record_lines(event: RecordCompared) -> str:
    """One recording among many, with a line for each estimate."""
    lines = [event.recording.name]
    for one in event.compared:
        mean = mean_figures(one.agreement.rows)
        figures = f"mean PCC {_cell(mean.pcc, 3)}, RMSE {_cell(mean.rmse_uv, 0)} uV"
        lines.append(f"  {estimate_line(one.estimate)}; {figures} over {mean.leads} leads")
        lines += [f"  ! {remark.message} {remark.hint}" for remark in one.estimate.remarks]
    return "\n".join(lines)


def estimate_line(estimate: Estimate) -> str:
    """Say in a line what was done to an estimate and where its leads come from."""
    parts = []
    if estimate.lag_ms > 0:
        parts.append(f"moved back, it was {estimate.lag_ms:.0f} ms late")
    elif estimate.lag_ms < 0:
        parts.append(f"starts {-estimate.lag_ms:.0f} ms into the recording")
    if estimate.resampled:
        parts.append(f"resampled from {estimate.from_hz:g} Hz")
    parts.append(f"{estimate.overlap_s:.4g} s in common")
    measured = ", ".join(estimate.reconstruction.available) or "none"
    parts.append(f"measured leads: {measured}" + (" (says the file)" if estimate.stated else ""))
    return f"{estimate.name}: {'; '.join(parts)}"


def _spread(first: str, groups: Sequence[str], align: str = "<") -> str:
    shown = (group if len(group) <= _GROUP else group[: _GROUP - 1] + "…" for group in groups)
    return f"{first:<8}" + "  ".join(f"{group:{align}{_GROUP}}" for group in shown)


def _cells(one: Compared, lead: str) -> str:
    reconstruction = one.estimate.reconstruction
    row = one.agreement.rows[LEADS.index(lead)]
    if lead in reconstruction.absent:
        return _words("not in it")
    if row.origin is Origin.MEASURED:
        return _words("measured")
    if row.origin is Origin.DERIVED:
        end = (_cell(row.rmse_uv, 0), _cell(row.max_uv, 0))
        return _words("derived") + _columns(end, _WIDTHS[2:])
    return _figures(row)


def _other_row(one: Compared, lead: str) -> LeadAgreement | None:
    return next((row for row in one.agreement.others if row.lead == lead), None)


def _figures(row: LeadAgreement) -> str:
    figures = (_cell(row.pcc, 3), _cell(row.r2, 3), _cell(row.rmse_uv, 0), _cell(row.max_uv, 0))
    return _columns(figures, _WIDTHS)


def _words(words: str) -> str:
    return f"{words:>{_WIDTHS[0] + _WIDTHS[1]}}"


def _mean_cells(mean: MeanFigures) -> str:
    if not mean.leads:
        return _columns(("n/a",), _WIDTHS[:1])
    return _columns((_cell(mean.pcc, 3), _cell(mean.r2, 3), _cell(mean.rmse_uv, 0)), _WIDTHS[:3])


def _columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _cell(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def summary_table(summaries: Mapping[str, Sequence[LeadSummary]], records: int) -> str:
    """Lay out mean and median of each lead over records, each estimate a group of columns."""
    lines = [f"over {records} recordings: mean (median)"]
    lines.append(_spread("", list(summaries), "^"))
    lines.append(_spread("lead", ["     PCC          RMSE uV     n"] * len(summaries)))
    of_lead = {name: {row.lead: row for row in rows} for name, rows in summaries.items()}
    for lead in (*LEADS, "chest", "all"):
        if any(lead in rows for rows in of_lead.values()):
            lines.append(
                _spread(lead, [_summary_cells(rows.get(lead)) for rows in of_lead.values()])
            )
    return "\n".join(line.rstrip() for line in lines)


def _summary_cells(row: LeadSummary | None) -> str:
    if row is None:
        return ""
    pcc = f"{_cell(row.mean.pcc, 3)} ({_cell(row.median.pcc, 3)})"
    rmse = f"{_cell(row.mean.rmse_uv, 0)} ({_cell(row.median.rmse_uv, 0)})"
    return f"{pcc:>14}{rmse:>12}{row.recordings:>6}"


def record_json(event: RecordCompared) -> str:
    """One recording and its estimates as a JSON object."""
    return _json(
        {
            "name": event.recording.name,
            "path": str(event.path),
            "clean": event.compared[0].agreement.clean,
            "estimates": [_estimate_facts(one) for one in event.compared],
        }
    )


def _estimate_facts(one: Compared) -> dict[str, object]:
    estimate, rows = one.estimate, one.agreement.rows
    every = (*rows, *one.agreement.others)
    return {
        "name": estimate.name,
        "path": str(one.path),
        "lag_ms": estimate.lag_ms,
        "correlation": estimate.correlation,
        "fs_hz": estimate.from_hz,
        "resampled": estimate.resampled,
        "overlap_s": estimate.overlap_s,
        "gain": estimate.gain,
        "origins_stated": estimate.stated,
        "compared": estimate.compared,
        "absent": estimate.reconstruction.absent,
        "remarks": [asdict(remark) for remark in estimate.remarks],
        "mean_chest": asdict(mean_figures(rows, CHEST_LEADS)),
        "mean_all": asdict(mean_figures(rows)),
        "leads": {row.lead: {**asdict(row), "origin": row.origin.value} for row in every},
    }


def summary_json(summaries: Mapping[str, Sequence[LeadSummary]]) -> str:
    """Give the figures over all recordings as a JSON object."""
    return _json(
        {"summary": {name: [asdict(row) for row in rows] for name, rows in summaries.items()}}
    )


def _json(value: object) -> str:
    """Write JSON on one line; JSON knows no NaN."""
    return json.dumps(_without_nan(value), ensure_ascii=False, allow_nan=False)


def _without_nan(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def csv_rows(event: RecordCompared) -> list[tuple[object, ...]]:
    """Give a row for each lead of each estimate."""
    return [
        (
            event.path, one.estimate.name, row.lead, row.origin.value,
            row.pcc, row.r2, row.rmse_uv, row.max_uv, one.estimate.lag_ms,
        )
        for one in event.compared
        for row in (*one.agreement.rows, *one.agreement.others)
        if row.lead not in one.estimate.reconstruction.absent
    ]  # fmt: skip


def write_csv(path: Path, rows: Sequence[tuple[object, ...]]) -> None:
    """Write the rows of `csv_rows` with a heading; what is not defined stays empty.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([_CSV_COLUMNS, *rows])
    store(path, table.getvalue().encode())
